"""The facets of a search as its page shows them: what can be chosen, and what is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kg.answers.contract import SearchAnswer
from kg.language.numbers import brief
from kg.model.claim import is_id
from kg.model.vocabulary import ACCESS
from web.app.context import lang, snapshot
from web.app.i18n import gettext, mark
from web.search._request import OF_ENTITIES, SearchRequest, address
from web.ui.relations import kind_word
from web.ui.verdicts import WORDS

SHOWN = 8  # values of a facet before the rest is folded

TITLES: Mapping[str, str] = {
    "kind": mark("Kind"),
    "org": mark("Developer"),
    "license": mark("License"),
    "access": mark("Access"),
    "verdict": mark("License verdict"),
    "relation": mark("Derivation"),
    "lang": mark("Language"),
    "size": mark("Parameters"),
    "year": mark("Release year"),
}


class FacetChoice(NamedTuple):
    """A value that can be chosen, or that is."""

    label: str
    total: int
    url: str  # of the search with it chosen, or no longer
    chosen: bool


class Facet(NamedTuple):
    """A facet and its values."""

    name: str
    title: str
    first: list[FacetChoice]
    rest: list[FacetChoice]


class Chip(NamedTuple):
    """A chosen value, and the search without it."""

    title: str
    label: str
    url: str


def facets(asked: SearchRequest, found: SearchAnswer) -> list[Facet]:
    """The facets that have a value, the chosen values among the first of each."""
    shown = []
    for name in TITLES:
        chosen = asked.chosen.get(name, ())
        totals = found.facets.get(name, {})
        totals = _ordered(name, {**totals, **{v: totals.get(v, 0) for v in chosen}})
        if totals:
            choices = {v: _choice(asked, name, v, n) for v, n in totals.items()}
            first = [v for i, v in enumerate(totals) if i < SHOWN or v in chosen]
            rest = [choices[v] for v in totals if v not in first]
            shown.append(Facet(name, title(name), [choices[v] for v in first], rest))
    return shown


def chips(asked: SearchRequest) -> list[Chip]:
    """What is chosen."""
    return [
        Chip(title(facet), label(facet, value), address(asked.toggled(facet, value)))
        for facet, values in asked.chosen.items()
        for value in values
    ]


def title(facet: str) -> str:
    """A facet as people call it."""
    return gettext(TITLES[facet])


def label(facet: str, value: str) -> str:
    """A value as people call it, in the language of the request."""
    if facet in OF_ENTITIES:
        return snapshot().label(value, lang()) if is_id(value) else value
    if facet == "kind":
        kind = snapshot().vocabulary.kinds.get(value)
        return kind.term.labels.get(lang(), value) if kind else value
    if facet == "access":
        return snapshot().vocabulary.properties[ACCESS].code_word(value, lang()) or value
    if facet == "size":
        return band(value)
    if facet == "relation":
        return kind_word(value, lang())
    return gettext(WORDS[value]) if facet == "verdict" and value in WORDS else value


def band(value: str) -> str:
    """A size band such as 4b..9b, ..1b or 100b.. in words; another text as it is."""
    low, dots, high = value.partition("..")
    try:
        ends = [
            brief(int(end.removesuffix("b")) * 10**9, lang()) if end else "" for end in (low, high)
        ]
    except ValueError:
        return value
    if not dots or not any(ends):
        return value
    if not ends[0]:
        return gettext("under %(size)s") % {"size": ends[1]}
    if not ends[1]:
        return gettext("%(size)s and more") % {"size": ends[0]}
    return gettext("%(low)s–%(high)s") % {"low": ends[0], "high": ends[1]}


def _choice(asked: SearchRequest, facet: str, value: str, total: int) -> FacetChoice:
    is_chosen = value in asked.chosen.get(facet, ())
    return FacetChoice(label(facet, value), total, address(asked.toggled(facet, value)), is_chosen)


def _ordered(facet: str, totals: Mapping[str, int]) -> dict[str, int]:
    """Sizes from small to large, years from the last; others as they come, most hits first."""
    if facet == "size":
        return dict(sorted(totals.items(), key=lambda item: _start(item[0])))
    return dict(sorted(totals.items(), reverse=True)) if facet == "year" else dict(totals)


def _start(band: str) -> float:
    digits = band.partition("b")[0]
    return float(digits) if digits.isdecimal() else 0.0
