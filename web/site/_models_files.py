"""The rows of a choice as CSV and as a Markdown table, all of them and in their order."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence

from kg.answers.choosing.rows import ModelRowAnswer
from kg.export.table_files import write_csv
from kg.export.tables import Row, StreamedTable
from web.site._models_cells import cell_text
from web.site._models_request import ModelsPage
from web.site._models_view import column_word

_COLUMNS = (
    ("id", "string"),
    ("label", "string"),
    ("makers", "string"),
    ("released", "string"),
    ("parameters", "integer"),
    ("active_parameters", "integer"),
    ("context", "integer"),
    ("languages", "string"),
    ("access", "string"),
    ("licenses", "string"),
    ("use", "string"),
    ("verdict", "string"),
    ("score_percent", "decimal"),
    ("score_benchmark", "string"),
    ("score_measured", "string"),
    ("descendants", "integer"),
    ("downloads", "integer"),
    ("from_family", "string"),
)
_SPECIAL = str.maketrans({c: f"\\{c}" for c in "\\|`*_[]<>"})


def rows_as_csv(page: ModelsPage, rows: Iterable[ModelRowAnswer]) -> bytes:
    """All columns of some rows; several ids in one cell stand beside each other with a space."""
    out = io.BytesIO()
    write_csv(StreamedTable(_COLUMNS, _lines(page, rows)), out)
    return out.getvalue()


def _lines(page: ModelsPage, rows: Iterable[ModelRowAnswer]) -> Iterator[Row]:
    for row in rows:
        score = row.score
        yield (
            *(row.id, row.label, " ".join(ref.id for ref in row.makers), row.released),
            *(row.parameters, row.active_parameters, row.context),
            *(" ".join(ref.id for ref in row.languages), row.access),
            *(" ".join(ref.id for ref in row.licenses), page.asked.use, row.verdict),
            score.percent if score else None,
            *((score.benchmark.id, score.measured) if score else (None, None)),
            *(row.descendants, row.downloads, " ".join(row.from_family)),
        )


def rows_as_markdown(page: ModelsPage, rows: Iterable[ModelRowAnswer], base: str) -> str:
    """The columns that are shown, in the language of the request; models lead to their pages.

    Args:
        page: what is shown.
        rows: in order.
        base: start of the addresses of models.
    """
    lines: list[Sequence[str]] = [
        [column_word(column, page).translate(_SPECIAL) for column in page.columns],
        ["---"] * len(page.columns),
    ]
    for row in rows:
        cells = [cell_text(row, column).translate(_SPECIAL) for column in page.columns]
        lines.append([f"[{cells[0]}](<{base}{row.id}>)", *cells[1:]])
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
