"""Who asks: users, revenue, country, competitors and the name of the model, as clauses ask for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from kg.errors import InputError
from kg.language.countries import read_countries
from kg.licenses.terms import Ask, Verdict
from kg.messages.message import Message

# Member states of the European Union, as ISO 3166-1 alpha-2 codes.
_EU = frozenset(
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE".split()
)


class Profile(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"
):
    """What a user says of the use; None = not said, so that clauses on it stay conditions."""

    mau: int | None = None  # monthly active users
    dau: int | None = None  # daily active users, of whom there are at most as many as monthly ones
    revenue: float | None = None  # US dollars a year
    country: str | None = None  # ISO 3166-1 alpha-2 code, or EU
    competitor_of: tuple[str, ...] | None = None  # org ids; empty = of nobody
    name: str | None = None  # of the model to be released


NOBODY = Profile()
_GAPS = frozenset(" -_")

# A name can still be changed; a limit on some businesses only leaves open whether this is one.
_NEVER_BARS = ("begins-with", "spared-up-to")


def checked(profile: Profile) -> Profile:
    """A profile with its country as a code, however it was named.

    Raises:
        InputError: a number is below 0, or there is no such country, or several are named.
    """
    for field in ("mau", "dau", "revenue"):
        if (getattr(profile, field) or 0) < 0:
            raise InputError(Message("%(field)s must not be below 0", field=field))
    if profile.country is None:
        return profile
    countries = read_countries(profile.country)
    if len(countries) != 1:
        raise InputError(
            Message("give one country, as KR or Korea, not %(text)r", text=profile.country[:40])
        )
    return msgspec.structs.replace(profile, country=countries[0])


def answers(
    ask: Ask, value: Any, profile: Profile, names: tuple[str, ...], base: Verdict
) -> Verdict:
    """What a profile makes of a clause that asks for something.

    Args:
        ask: the field and the test.
        value: the clause's value.
        profile: what is known of the use.
        names: names the model goes by, unless the profile gives one.
        base: the effect where the profile does not answer.
    """
    fits = _fits(ask, value, profile, names)
    if fits is None:  # a model without a name yet can be given one that fits
        return "conditional" if ask.test == "begins-with" and base == "prohibited" else base
    if fits:
        return "allowed"
    return base if ask.test in _NEVER_BARS else "prohibited"


def _fits(ask: Ask, value: Any, profile: Profile, names: tuple[str, ...]) -> bool | None:
    given = getattr(profile, ask.field.replace("-", "_"))
    match ask.test:
        case "at-most" | "spared-up-to":
            return _at_most(ask.field, given, value, profile)
        case "outside":
            return None if given is None else not within(given, value or ())
        case "none-of":
            return None if given is None else not set(given) & set(value or ())
    known = (given,) if given is not None else names
    return begins(str(value), known) if known else None


def _at_most(field: str, given: float | None, value: Any, profile: Profile) -> bool | None:
    """Whether a number keeps a limit; who comes in a day comes in the month."""
    limit = amount(value)
    if given is not None:
        if isinstance(value, dict) and value.get("per") == "month":
            return _in_each_month(given, limit)
        return given <= limit
    if field == "dau" and profile.mau is not None and profile.mau <= limit:
        return True
    if field == "mau" and profile.dau is not None and profile.dau > limit:
        return False
    return None


def _in_each_month(year: float, limit: float) -> bool | None:
    """Whether the sum of a year keeps a limit on a month, however it falls on the months."""
    if year <= limit:
        return True
    return False if year > 12 * limit else None


def amount(value: Any) -> float:
    """The number in a limit."""
    return float(value["over"] if isinstance(value, dict) else value)


def within(country: str, places: Any) -> bool:
    """Whether a country is among places, of which EU is one.

    >>> within("DE", ["EU", "GB", "KR"]), within("US", ["EU"])
    (True, False)
    """
    return country in places or ("EU" in places and (country in _EU or country == "EU"))


def begins(prefix: str, names: tuple[str, ...]) -> bool:
    """Whether a name begins with a prefix as a name: its last word or number ends there.

    Case, spaces and hyphens do not matter.

    >>> begins("Llama 3", ("Llama-3-Ko",)), begins("Llama 3", ("Llama-30B",))
    (True, False)
    >>> begins("Llama", ("LlamaGuard", "x")), begins("Llama", ("Llamafile-7B", "Foo-7B"))
    (True, False)
    >>> begins("Llama 3", ("Llama-3.1-8B",)), begins("Llama", ("llama3-ko",))
    (False, True)
    """
    wanted = [c for c in prefix.casefold() if c not in _GAPS]
    return any(_begins(wanted, name) for name in names)


def _begins(wanted: Sequence[str], name: str) -> bool:
    places = [i for i, c in enumerate(name) if c not in _GAPS]
    if len(places) < len(wanted):
        return False
    if any(name[i].casefold() != c for i, c in zip(places, wanted, strict=False)):
        return False
    return not wanted or _ends_word(name, places[len(wanted) - 1])


def _ends_word(name: str, at: int) -> bool:
    """Whether a word or number of a name ends with a character."""
    last, rest = name[at], name[at + 1 :]
    if not rest:
        return True
    if last.isdigit():
        return not rest[0].isdigit() and not (rest[0] == "." and rest[1:2].isdigit())
    if not (rest[0].isascii() and rest[0].isalpha()):
        return True
    return rest[0].isupper() and (last.islower() or rest[1:2].islower())  # LlamaGuard
