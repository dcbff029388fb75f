"""The words of a choice: which models they find, and what of them is a filter.

What they say of verdicts is not asked of the index, which knows them for nobody in particular: it is a filter on the
column, for the profile that is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from kg.answers.choosing._measures import SaidRange, read_measures
from kg.answers.contract import MissingAnswer
from kg.answers.missing import find_missing
from kg.columns.table import read_table
from kg.messages.message import Message
from kg.search.query import Filter, Is, Meant, OneOf, Query, parse
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot

LONGEST = 500  # characters that are read
_KEPT = 64  # answers that are remembered, four bytes a model
_VERDICT = "verdict"
_MODEL = "모델"  # the word for what is looked for, which no model bears as its name


class VerdictTest(NamedTuple):
    """Verdicts that a row must have, or must not."""

    verdicts: frozenset[str]
    negated: bool
    words: str  # that say so; "" if a filter was typed


class FoundByWords(msgspec.Struct, frozen=True, kw_only=True):
    """What words find among the models."""

    rows: NDArray[np.int32]  # the best first
    meant: Sequence[Meant]  # words that were understood as filters
    tests: Sequence[VerdictTest]
    ranges: Sequence[SaidRange]  # words that say a range of a column
    left_out: Sequence[str]
    suggestion: str
    notes: Sequence[Message]
    missing: MissingAnswer | None
    hidden: int  # copies that stand behind their originals


@memo(most=_KEPT)
def find_by_words(
    snapshot: Snapshot,
    text: str,
    as_words: tuple[str, ...] = (),
    copies: bool = False,
    without: str = "",
    lang: str = "en",
) -> FoundByWords:
    """The models that words find.

    Args:
        snapshot: an open snapshot.
        text: in Korean or English, with the filters of kg/search/query.py.
        as_words: words that are searched as words, though they may mean a filter.
        copies: whether copies are found beside what they are copies of.
        without: words that were understood as a filter, which is left out.
        lang: language of labels.
    """
    rest, ranges = read_measures(text[:LONGEST], as_words)
    asked = _settle(snapshot, rest, as_words)
    missing = find_missing(snapshot, asked.text, lang)
    if missing:
        asked = msgspec.structs.replace(asked, text=missing.rest)
    meant = [one for one in asked.meant if one.field != "kind"]
    tests = list(_tests(asked))
    asked = _without_verdicts(asked, without)
    table = read_table(snapshot)
    page = snapshot.index.search(
        asked, len(table), 0, {"kind": ["model"]}, facets=(), group=not copies
    )
    numbers = (snapshot.lines.find(hit.id) for hit in page.hits)
    rows = np.array([n - table.first for n in numbers if n is not None], np.int32)
    return FoundByWords(
        rows=rows,
        meant=meant,
        tests=tests,
        ranges=ranges,
        left_out=asked.left_out,
        suggestion=page.suggestion or "",
        notes=page.notes,
        missing=missing.answer if missing else None,
        hidden=page.hidden,
    )


def _settle(snapshot: Snapshot, text: str, as_words: tuple[str, ...]) -> Query:
    """A query with the filters that its words mean, as of models: that is what one chooses among, said or not."""
    asked = parse(text)
    if asked.text:
        said = snapshot.index.settle(parse(f"{text} {_MODEL}"), as_words)
        if any(one.field == "kind" and one.applied for one in said.meant):
            return said
    return snapshot.index.settle(asked, as_words)


def _without_verdicts(asked: Query, without: str) -> Query:
    """A query without what it says of verdicts and kinds, and without one filter that words mean."""
    left = tuple(
        one
        for one in asked.meant
        if one.field not in (_VERDICT, "kind") and (not without or one.words != without)
    )
    filters = tuple(one for one in asked.filters if not _is_on_verdicts(one))
    return msgspec.structs.replace(asked, meant=left, filters=filters)


def _is_on_verdicts(filter: Filter) -> bool:
    return isinstance(filter, Is | OneOf) and filter.field == _VERDICT


def _tests(asked: Query) -> list[VerdictTest]:
    """What a query says of verdicts."""
    typed = [(filter, "") for filter in asked.filters]
    # One that was given up, as for nobody in particular nothing passes it, is asked of the column all the same.
    said = [(filter, one.words) for one in asked.meant for filter in one.filters]
    return [
        VerdictTest(
            frozenset(filter.values if isinstance(filter, OneOf) else (filter.value.lower(),)),
            filter.negated,
            words,
        )
        for filter, words in (*typed, *said)
        if isinstance(filter, Is | OneOf) and filter.field == _VERDICT
    ]
