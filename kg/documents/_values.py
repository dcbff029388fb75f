"""Values of facts as a document writes them: numbers with their unit, codes and dates in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kg.answers.show import Labels
from kg.language.dates import date
from kg.language.numbers import both_ways, large, number
from kg.messages.message import Message, counted
from kg.model.claim import Fact, Said, Value
from kg.model.vocabulary import Property

_UNITS: Mapping[str, Callable[[int, str], Message]] = {
    "tokens": lambda n, t: counted("%(number)s token", "%(number)s tokens", n, number=t),
    "languages": lambda n, t: counted("%(number)s language", "%(number)s languages", n, number=t),
    "hours": lambda n, t: counted("%(number)s hour", "%(number)s hours", n, number=t),
    "GPU-hours": lambda n, t: counted("%(number)s GPU-hour", "%(number)s GPU-hours", n, number=t),
    "people": lambda n, t: counted("%(number)s person", "%(number)s people", n, number=t),
    "chips": lambda n, t: counted("%(number)s chip", "%(number)s chips", n, number=t),
    "hosts": lambda n, t: counted("%(number)s host", "%(number)s hosts", n, number=t),
    "USD": lambda n, t: counted("$%(number)s", "$%(number)s", n, number=t),
    "bytes": lambda n, t: Message("%(number)s bytes", number=t),
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
        return (Message("yes") if value else Message("no")).text(lang)
    if isinstance(value, int | float):
        return _quantity(value, known.unit, lang)
    if known.type == "date":
        return date(value, lang)
    return known.code_word(value, lang) or value


def _quantity(value: float, unit: str, lang: str) -> str:
    written = large(value, lang) if isinstance(value, int) else number(value, lang)
    if isinstance(value, int) and unit in ("parameters", "tokens"):
        written = both_ways(value, written, lang)
    if unit == "percent":
        return f"{written}%"
    if unit in _UNITS:
        return _UNITS[unit](int(value), written).text(lang)
    # The label counts them
    return written if unit == "parameters" else f"{written} {unit}".rstrip()


def values_in(fact: Fact, lang: str) -> list[Value]:
    """The values that hold; of texts those in a language, where there are any."""
    spoken = [value for value in fact.values if any(s.lang == lang for s in behind(fact, value))]
    return spoken or list(fact.values)


def behind(fact: Fact, value: Value) -> list[Said]:
    """The claims that say a value, without those that people rejected."""
    return [said for said in fact.claims if said.value == value and said.rank != "rejected"]
