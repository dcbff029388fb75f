"""How the words of a search were understood: chips for those that are filters, each with the way back to the word."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from kg.answers.contract import SearchAnswer, UnderstoodAnswer
from kg.search.clauses import FACETS
from web.app.context import snapshot
from web.app.i18n import gettext, mark
from web.search._facets import TITLES, label
from web.search._request import SearchRequest, address, canonical

_TITLES: Mapping[str, str] = {
    **TITLES,
    "params": mark("Parameters"),
    "released": mark("Release date"),
    "name": mark("Name"),
}
_MEASURED = ("params", "released", "name")  # said best by the words themselves


class WordChip(msgspec.Struct, frozen=True, kw_only=True):
    """Words that are a filter."""

    words: str
    title: str  # of the filter
    label: str  # its value, "" where the words say it
    negated: bool
    applied: bool
    url: str  # of the search with the words as words


def understood(asked: SearchRequest, found: SearchAnswer) -> list[WordChip]:
    """The words that were understood as filters.

    Args:
        asked: what was searched for.
        found: what came of it.
    """
    return [_chip(asked, meant) for meant in found.understood]


def as_words(asked: SearchRequest) -> list[tuple[str, str]]:
    """The words that are searched as words on request, each with the search that reads them again."""
    every = asked.as_words
    without = [tuple(other for other in every if other != word) for word in every]
    searches = (msgspec.structs.replace(asked.first(), as_words=rest) for rest in without)
    return [(word, address(search)) for word, search in zip(every, searches, strict=True)]


def _chip(asked: SearchRequest, meant: UnderstoodAnswer) -> WordChip:
    return WordChip(
        words=meant.words,
        title=gettext(_TITLES[meant.field]),
        label=_label(meant),
        negated=meant.negated,
        applied=meant.applied,
        url=address(asked.as_word(meant.words)),
    )


def _label(meant: UnderstoodAnswer) -> str:
    """The value as people call it."""
    if meant.field in _MEASURED:
        return ""
    values = meant.value.split(",")
    return ", ".join(_named(meant.field, value) for value in values)


def _named(field: str, value: str) -> str:
    """A value with the name that facets have for it, as far as it is one of theirs."""
    return label(field, canonical(snapshot(), field, value)) if field in FACETS else value
