"""Disagreements as tables in CSV: a line a fact of the list, a line a claim of one fact."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from kg.answers.contract import Ref, Shown
from kg.answers.disputes.answer import DisputeAnswer
from kg.answers.disputes.listing import DisputesAnswer

_COLUMNS = (
    *("id", "label", "property", "weight", "descendants"),
    *("holds", "against", "why", "sources"),
)
_VOICE_COLUMNS = (
    *("id", "property", "value", "holds", "why", "source", "type", "level"),
    *("published", "retrieved", "rank", "reason", "locator", "url"),
)


def table_of_rows(found: DisputesAnswer) -> str:
    """A list of disagreements, a line each."""
    rows = (
        (
            *(row.id, row.label, row.property, row.weight, row.reach),
            *(_joined(row.holds), _joined(row.against), row.why or "", row.sources),
        )
        for row in found.disputes
    )
    return _csv(_COLUMNS, rows)


def table_of_voices(found: DisputeAnswer) -> str:
    """All that is said of one fact, a line each claim."""
    return _csv(_VOICE_COLUMNS, _voices(found))


def _voices(found: DisputeAnswer) -> Iterable[Sequence[object]]:
    for side in found.sides:
        for one in side.voices:
            yield (
                *(found.id, found.property, _plain(side.value)),
                *("yes" if side.holds else "no", side.why or ""),
                *(one.source.id, one.type, one.level or "", one.published or ""),
                *(one.retrieved or "", one.rank, one.reason or "", one.locator, one.url or ""),
            )


def _plain(value: Shown) -> str:
    return value.id if isinstance(value, Ref) else "" if value is None else str(value)


def _joined(values: Iterable[Shown]) -> str:
    return "; ".join(map(_plain, values))


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()
