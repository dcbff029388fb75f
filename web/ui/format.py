"""Values as people read them, in the language of the request or the one given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from flask import Flask
from markupsafe import Markup

from kg.language.dates import date
from kg.language.numbers import both_ways, brief, large, number, short
from kg.language.writing import language_of
from web.app.context import lang
from web.app.i18n import gettext, mark, mark_plural, ngettext
from web.charts.svg import Pattern

_BYTES = ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB"))

UNITS: Mapping[str, tuple[str, str]] = {
    "tokens": mark_plural("%(number)s token", "%(number)s tokens"),
    "languages": mark_plural("%(number)s language", "%(number)s languages"),
    "hours": mark_plural("%(number)s hour", "%(number)s hours"),
    "GPU-hours": mark_plural("%(number)s GPU-hour", "%(number)s GPU-hours"),
    "people": mark_plural("%(number)s person", "%(number)s people"),
    "chips": mark_plural("%(number)s chip", "%(number)s chips"),
    "hosts": mark_plural("%(number)s host", "%(number)s hosts"),
    "USD": mark_plural("$%(number)s", "$%(number)s"),
}

# Units that people search by as names of models have them: 8B, 1.4T.
SEARCHED = ("parameters", "tokens")

# Units of benchmark scores; others stand behind the number as they were written.
SCORES: Mapping[str, str] = {
    "percent": mark("%(number)s%%"),
    "points": mark("%(number)s points"),
    "step": mark("step %(number)s"),
    "of 3 steps": mark("%(number)s of 3 steps"),
    "percent of BERT-base": mark("%(number)s%% of BERT-base"),
    "percent of ChatGPT quality": mark("%(number)s%% of the quality of ChatGPT"),
}

# Values that are words of ours; what else stands in a text is shown as it was written.
CODES: Mapping[str, str] = {
    "allowed": mark("allowed"),
    "not allowed": mark("not allowed"),
    "allowed with condition": mark("allowed with conditions"),
    "allowed for non-commercial research": mark("allowed for non-commercial research"),
    "fine-tuning allowed": mark("fine-tuning allowed"),
    "conditional": mark("allowed with conditions"),
    "unknown": mark("not known"),
    "contested": mark("contested"),
    "prohibited": mark("prohibited"),
    "required": mark("required"),
    "not required": mark("not required"),
    "official": mark("official page of the maker"),
    "paper": mark("paper or report"),
    "license-text": mark("text of a license"),
    "repository": mark("code repository"),
    "hub-card": mark("model or dataset card"),
    "files": mark("files of the model"),
    "bom": mark("bill of materials"),
    "handed-in": mark("file of any form that somebody handed in"),
    "database": mark("database"),
    "leaderboard": mark("leaderboard"),
    "list": mark("list of models"),
    "news": mark("news or encyclopedia"),
    "editors": mark("editors of Gyebo"),
    "program": mark("derived by Gyebo"),
    "rule": mark("inferred by a rule"),
    "survey": mark("survey by others"),
    "accuracy": mark("accuracy"),
    "average accuracy": mark("average accuracy"),
    "pass rate": mark("pass rate"),
}


def quantity(value: float, unit: str) -> str:
    """A number with its unit, in the language of the request."""
    if unit == "bytes":
        return _size(int(value))
    if unit == "percent":
        return f"{number(value, lang())}%"
    written = large(value, lang()) if isinstance(value, int) else number(value, lang())
    if isinstance(value, int) and unit in SEARCHED:
        written = both_ways(value, written, lang())
    if unit not in UNITS:
        return written  # parameters, or none: the label says what is counted
    singular, plural = UNITS[unit]
    return ngettext(singular, plural, int(value)) % {"number": written}


def score(value: float, unit: str) -> str:
    """A benchmark score with its unit, in the language of the request."""
    written = number(value, lang())
    if unit in SCORES:
        return gettext(SCORES[unit]) % {"number": written}
    return f"{written} {unit}".strip()


def _brief_size(value: int) -> str:
    full = number(value, lang())
    return short(value, _BYTES, " ") or gettext("%(number)s bytes") % {"number": full}


def _size(value: int) -> str:
    held, full = _brief_size(value), number(value, lang())
    if value < _BYTES[-1][0]:
        return held
    return gettext("%(size)s (%(number)s bytes)") % {"size": held, "number": full}


def locator(text: str) -> str:
    """Where in a source a claim stands; numbers are lines."""
    if text.isdecimal():
        return gettext("line %(line)s") % {"line": text}
    if re.fullmatch(r"\d+-\d+", text):
        return gettext("lines %(lines)s") % {"lines": text.replace("-", "–")}
    return text


def locators(texts: Iterable[str]) -> list[str]:
    """Several places in one source, the lines together."""
    lines = [t for t in texts if re.fullmatch(r"\d+(-\d+)?", t)]
    ordered = sorted(lines, key=lambda t: int(t.partition("-")[0]))
    joined = ", ".join(ordered).replace("-", "–")
    together = [gettext("lines %(lines)s") % {"lines": joined}] if len(lines) > 1 else []
    return [*together, *(locator(t) for t in texts if t not in lines or not together)]


def foreign(text: str, known: str = "") -> Markup:
    """A `lang` attribute for a text that is not in the language of the page, else nothing."""
    language = known or language_of(text)
    return _language(language) if language and language != lang() else Markup()


@lru_cache(256)
def _language(code: str) -> Markup:
    return Pattern(' lang="{}"').format(code)


def shorten(text: str, most: int = 280) -> str:
    """A text cut between words."""
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " …"


def register(app: Flask) -> None:
    """Give the templates of an application these helpers."""
    helpers: dict[str, Any] = {
        "number": lambda value: number(value, lang()),
        "brief": lambda value: brief(value, lang()),
        "date": lambda text: date(text, lang()),
        "size": _size,
        "brief_size": _brief_size,
        "locator": locator,
        "foreign": foreign,
        "shorten": shorten,
    }
    app.jinja_env.globals.update(helpers)
    app.jinja_env.filters["locators"] = locators
