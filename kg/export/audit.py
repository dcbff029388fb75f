"""The list of declared beside inherited licenses as a table, a row for each clause that is missing."""

from __future__ import annotations

from collections.abc import Iterator

from kg.answers.gaps.answer import AuditAnswer
from kg.export.tables import Row, StreamedTable

_COLUMNS = (
    ("id", "string"),
    ("label", "string"),
    ("stated", "string"),
    ("gap", "string"),
    ("assumed", "boolean"),
    ("clause", "string"),
    ("clause_license", "string"),
    ("section", "string"),
    ("path", "string"),
    ("relations", "string"),
)


def audit_table(answer: AuditAnswer) -> StreamedTable:
    """The rows of an answer; several ids in one cell stand beside each other with a space."""
    return StreamedTable(_COLUMNS, _rows(answer))


def _rows(answer: AuditAnswer) -> Iterator[Row]:
    for row in answer.rows:
        stated = " ".join(one.id for one in row.stated)
        about = row.id, row.label, stated, row.gap, row.assumed
        if not row.missing:  # a merge that no license satisfies may lack nothing else
            yield *about, "", "", "", "", ""
        for lost in row.missing:
            yield (
                *about,
                lost.clause,
                lost.license,
                lost.citation.section,
                " ".join(lost.path),
                " ".join(lost.edges),
            )
