"""A run beside the one it is to replace: whether it says the same, and whether it lost too much.

A source that changes its format, or gives half of its file, gives claims all the same, only fewer. Where
nobody looks on, such a run does not replace a good one.
"""

from __future__ import annotations

import filecmp
from collections import Counter
from pathlib import Path

from kg.claims.claim_files import read_claims
from kg.errors import DataError
from kg.messages.message import Message
from kg.model.vocabulary import RETRIEVED

FEW = 50  # claims, of all or of one property, whose loss may be the source's own doing
LEAST = 0.5  # of the claims before


def says_the_same(before: Path, after: Path) -> bool:
    """Whether two runs say the same, whenever they were read.

    Args:
        before: the folder of a run.
        after: that of another.
    """
    named = ("claims.jsonl", "links.jsonl", "issues.jsonl")
    return all(_equal(before / name, after / name) for name in named) and (
        _sources(before) == _sources(after)
    )


def _equal(one: Path, other: Path) -> bool:
    return one.exists() and filecmp.cmp(one, other, shallow=False)


def _sources(folder: Path) -> list[object]:
    """What a run says of its sources, but for the day."""
    return [c for c in read_claims(folder / "sources.jsonl") if c.property != RETRIEVED]


def refuse_loss(old: Counter[str], new: Counter[str]) -> None:
    """Refuse a run that says much less than was said before.

    Args:
        old: how many claims there were of each property.
        new: how many there are in the run.

    Raises:
        DataError: less than half of the claims are left, or none of a property that many had.
    """
    if old.total() >= FEW and new.total() < old.total() * LEAST:
        lost = Message(
            "it says %(now)s things, and said %(then)s before", now=new.total(), then=old.total()
        )
    elif gone := [name for name, count in old.items() if count >= FEW and not new[name]]:
        lost = Message("it says nothing of %(properties)s any more", properties=sorted(gone))
    else:
        return
    raise DataError(
        Message(
            "%(lost)s: the source may have a new format; `gyebo ingest` takes it all the same",
            lost=lost,
        )
    )
