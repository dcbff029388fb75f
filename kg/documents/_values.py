"""Values of facts as a document writes them: numbers with their unit, codes and dates in words."""

from __future__ import annotations

from kg.answers.show import Labels
from kg.language.dates import date
from kg.language.numbers import large, number
from kg.messages.message import Message, mark
from kg.model.claim import Fact, Said, Value
from kg.model.vocabulary import Property

_UNITS = {
    "tokens": (mark("%(number)s token"), mark("%(number)s tokens")),
    "languages": (mark("%(number)s language"), mark("%(number)s languages")),
    "hours": (mark("%(number)s hour"), mark("%(number)s hours")),
    "GPU-hours": (mark("%(number)s GPU-hour"), mark("%(number)s GPU-hours")),
    "people": (mark("%(number)s person"), mark("%(number)s people")),
    "chips": (mark("%(number)s chip"), mark("%(number)s chips")),
    "hosts": (mark("%(number)s host"), mark("%(number)s hosts")),
    "USD": (mark("$%(number)s"), mark("$%(number)s")),
    "bytes": (mark("%(number)s bytes"), mark("%(number)s bytes")),
}


def value_words(value: Value, known: Property, labels: Labels, lang: str) -> str:
    """A value in words.

    Args:
        value: what a source says; None = that it is not known.
        known: the property it is of.
        labels: names of entities in the language of the document.
        lang: that language.
    """
    if value is None:
        return Message("not known").text(lang)
    if known.type == "entity":
        return f"{labels.name(str(value))} ({value})"
    if isinstance(value, bool):
        return Message("yes" if value else "no").text(lang)
    if isinstance(value, int | float):
        return _quantity(value, known.unit, lang)
    if known.type == "date":
        return date(value, lang)
    return known.code_word(value, lang) or value


def _quantity(value: float, unit: str, lang: str) -> str:
    written = large(value, lang) if isinstance(value, int) else number(value, lang)
    if unit == "percent":
        return f"{written}%"
    if unit in _UNITS:
        one, many = _UNITS[unit]
        return Message(one, plural=many, num=int(value), number=written).text(lang)
    return f"{written} {unit}".rstrip()


def values_in(fact: Fact, lang: str) -> list[Value]:
    """The values that hold; of texts those in a language, where there are any."""
    spoken = [value for value in fact.values if any(s.lang == lang for s in behind(fact, value))]
    return spoken or list(fact.values)


def behind(fact: Fact, value: Value) -> list[Said]:
    """The claims that say a value, without those that people rejected."""
    return [said for said in fact.claims if said.value == value and said.rank != "rejected"]
