"""What is asked of a license: the use, and who asks, as an address keeps them.

`?use=commercial&mau=1000000&dau=…&revenue=…&country=KR&competitor-of=org/naver&name=…`, as the options of
`gyebo license`. Countries go by their names in either language as well. What cannot be understood is an error by field; the
rest is asked all the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

import msgspec
from werkzeug.datastructures import MultiDict

from kg.errors import InputError
from kg.language.countries import read_countries
from kg.language.numbers import number
from kg.licenses import wording as license_words
from kg.licenses.profile import NOBODY, Profile
from kg.licenses.rules import USES
from kg.licenses.terms import Use
from kg.messages.message import Message, counted
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot
from web.app.context import lang
from web.app.i18n import gettext, mark, render_message
from web.license._values import ValueItem, territory
from web.ui.operations import Parameter, one_of, whole
from web.ui.verdicts import USE_WORDS

FIELDS: Mapping[str, str] = {
    "mau": mark("Monthly active users"),
    "dau": mark("Daily active users"),
    "revenue": mark("Revenue a year, in US dollars"),
    "country": mark("Country"),
    "competitor-of": mark("You compete with"),
    "name": mark("Name of the model you release"),
}
BOXED = ("model", "family", "dataset")  # kinds whose pages have a verdict box
TERMS = "/terms"  # after their addresses: the page of the terms that reach them
ORIGIN = "from"  # its parameter: what the terms come from whose ways are lit
NOBODY_ELSE = "nobody"  # of competitor-of: with none of them
MOST_COUNTRIES = 4
_MOST = 10**15
_NAME = 200  # characters
QUESTION = (  # as parameters of the API
    Parameter("use", mark("what one wants to do"), one_of(Use, USES[0])),
    Parameter("mau", mark("monthly active users"), whole(0, _MOST)),
    Parameter("dau", mark("daily active users"), whole(0, _MOST)),
    Parameter(
        "revenue",
        mark("revenue a year in US dollars"),
        {"type": "number", "minimum": 0, "maximum": _MOST},
    ),
    Parameter(
        "country",
        mark("country by its name in English or Korean, or as ISO 3166-1 alpha-2; EU is one"),
    ),
    Parameter(
        "competitor-of", mark("ids of organizations one competes with, with commas, or nobody")
    ),
    Parameter(
        "name", mark("name of the model one releases"), {"type": "string", "maxLength": _NAME}
    ),
)


class LicenseQuestion(NamedTuple):
    """A question, as far as it could be understood."""

    use: Use
    profile: Profile
    given: Mapping[str, str]  # by field, as typed
    errors: Mapping[str, str]  # by field
    countries: tuple[str, ...] = ()  # codes, where several may be asked about

    def who(self, language: str) -> Mapping[str, Profile]:
        """Who asks, by the name of the country in a language; one of no country where none is said."""
        if not self.countries:
            return {"": self.profile}
        return {
            license_words.territory(code, language): msgspec.structs.replace(
                self.profile, country=code
            )
            for code in self.countries
        }

    def query(self, **changed: str) -> str:
        """The part of an address that asks this again, with some fields changed."""
        fields = {"use": self.use, **self.given} | changed
        return urlencode({k: v for k, v in fields.items() if v and (k, v) != ("use", USES[0])})


def read_question(
    snapshot: Snapshot, args: MultiDict[str, str], several: bool = False
) -> LicenseQuestion:
    """The question in the parameters of an address.

    Args:
        snapshot: knows the organizations one may compete with.
        args: the parameters; others than those of a question are left alone.
        several: whether it may be asked from several countries.
    """
    told = {f: [text.strip() for text in args.getlist(f)] for f in FIELDS}
    given = {f: text for f in FIELDS if (text := ",".join(filter(None, told[f])))}
    errors: dict[str, str] = {}
    values: dict[str, Any] = {}
    countries: tuple[str, ...] = ()
    alone = dict(given)
    try:
        countries = _countries(alone.pop("country", "")) if several else ()
    except InputError as error:
        errors["country"] = render_message(error.message)
    for field, text in alone.items():
        try:
            values[field.replace("-", "_")] = _READERS[field](snapshot, text)
        except InputError as error:
            errors[field] = render_message(error.message)
    use = args.get("use") or USES[0]
    if use not in USES:
        errors["use"] = gettext("The use cannot be %(text)s; it is one of: %(known)s") % {
            "text": _quoted(use),
            "known": ", ".join(USES),
        }
        use = USES[0]
    profile = Profile(**values) if values else NOBODY
    return LicenseQuestion(use, profile, given, errors, countries)


def required(asked: LicenseQuestion) -> LicenseQuestion:
    """A question without errors.

    Raises:
        InputError: it has some.
    """
    if asked.errors:
        told = "; ".join(f"{k}: {v}" for k, v in asked.errors.items())
        raise InputError(Message("%(mistakes)s", mistakes=told))
    return asked


def _quoted(text: str) -> str:
    return f"“{text[:40]}”"


def _users(snapshot: Snapshot, text: str) -> int:
    return int(_amount(text, r"\d+"))


def _revenue(snapshot: Snapshot, text: str) -> float:
    return float(_amount(text, r"\d+(\.\d+)?"))


def _amount(text: str, pattern: str) -> str:
    """A number as people type it, its thousands set apart or not."""
    plain = re.sub(r"[,_\s]", "", text)
    if not plain.isascii() or not re.fullmatch(pattern, plain) or float(plain[:20]) > _MOST:
        raise InputError(
            Message("give a number, such as 5,000,000, not %(text)s", text=_quoted(text))
        )
    return plain


def _country(snapshot: Snapshot, text: str) -> str:
    countries = read_countries(text)
    if len(countries) != 1:
        raise InputError(
            Message("one country is asked about here; a memo or a check sets several side by side")
        )
    return countries[0]


def _countries(text: str) -> tuple[str, ...]:
    found = read_countries(text)
    if len(found) > MOST_COUNTRIES:
        raise InputError(Message("give at most %(num)s countries", num=MOST_COUNTRIES))
    return found


def _competitors(snapshot: Snapshot, text: str) -> tuple[str, ...]:
    names = [t.strip() for t in text.split(",") if t.strip()]
    ids = [n if "/" in n else f"org/{n}" for n in names if n != NOBODY_ELSE]
    if wrong := next((id for id in ids if snapshot.lines.find(id) is None), None):
        raise InputError(
            Message("no organization goes by %(text)s; give its id, or nobody", text=_quoted(wrong))
        )
    return tuple(ids)


def _name(snapshot: Snapshot, text: str) -> str:
    if len(text) > _NAME:
        raise InputError(
            counted("give at most %(num)s character", "give at most %(num)s characters", _NAME)
        )
    return text


_READERS: Mapping[str, Callable[[Snapshot, str], Any]] = {
    "mau": _users,
    "dau": _users,
    "revenue": _revenue,
    "country": _country,
    "competitor-of": _competitors,
    "name": _name,
}


@memo()
def named_places(snapshot: Snapshot) -> tuple[str, ...]:
    """The codes of the places that licenses leave out, and Korea: those that a form offers."""
    engine = snapshot.states.engine
    found = {
        str(place)
        for one in engine.terms.licenses.values()
        for clause in one.clauses
        if (asks := engine.terms.kinds[clause.kind].asks) and asks.field == "country"
        for place in (clause.value or ())
    }
    return tuple(sorted(found | {"KR"}, key=lambda code: (code != "KR", code != "EU", code)))


@memo()
def competitors(snapshot: Snapshot) -> tuple[str, ...]:
    """The organizations whose competitors some license excludes."""
    engine = snapshot.states.engine
    found: set[str] = set()
    for one in engine.terms.licenses.values():
        for clause in one.clauses:
            asks = engine.terms.kinds[clause.kind].asks
            if asks and asks.field == "competitor-of":
                listed = isinstance(clause.value, list)
                found |= {*clause.value} if listed else {one.licensor} - {""}
    return tuple(sorted(found))


def spoken(snapshot: Snapshot, profile: Profile) -> list[tuple[str, str]]:
    """What is said of who asks: label and value of each fact."""
    told: list[tuple[str, str]] = []
    for field, word in FIELDS.items():
        value = getattr(profile, field.replace("-", "_"))
        if value is not None:
            told.append((gettext(word), _said(snapshot, field, value)))
    return told


def _said(snapshot: Snapshot, field: str, value: Any) -> str:
    match field:
        case "mau" | "dau" | "revenue":
            return number(value, lang())
        case "country":
            return territory(value) or str(value)
        case "competitor-of":
            labels = [snapshot.label(id, lang()) for id in value]
            return ", ".join(labels) or gettext("none of them")
    return str(value)


def use_word(use: Use) -> str:
    """A use, as a heading."""
    return gettext(USE_WORDS[use])


def form_words(snapshot: Snapshot) -> dict[str, object]:
    """What the form of a question needs: its words, and what there is to choose from."""
    return {
        "uses": {use: gettext(word) for use, word in USE_WORDS.items()},
        "fields": {field: gettext(word) for field, word in FIELDS.items()},
        "places": {code: territory(code) for code in named_places(snapshot)},
        "orgs": [ValueItem(snapshot.label(org, lang()), id=org) for org in competitors(snapshot)],
    }
