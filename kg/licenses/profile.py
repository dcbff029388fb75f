"""Who asks: users, revenue, country, competitors and the name of the model, as clauses ask for them."""

from __future__ import annotations

from typing import Any

import msgspec

from kg.errors import InputError
from kg.licenses.terms import Ask, Verdict
from kg.messages.message import Message

# Member states of the European Union, as ISO 3166-1 alpha-2 codes.
_EU = frozenset(
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE".split()
)


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What a user says of the use; None = not said, so that clauses on it stay conditions."""

    mau: int | None = None  # monthly active users
    revenue: float | None = None  # US dollars a year
    country: str | None = None  # ISO 3166-1 alpha-2 code, or EU
    competitor_of: tuple[str, ...] | None = None  # org ids; empty = of nobody
    name: str | None = None  # of the model to be released


NOBODY = Profile()

# A name can still be changed; a limit on some businesses only leaves open whether this is one.
_NEVER_BARS = ("begins-with", "spared-up-to")


def checked(profile: Profile) -> Profile:
    """A profile with its country in capitals.

    Raises:
        InputError: a number is below 0, or the country is not a two-letter code.
    """
    for field in ("mau", "revenue"):
        if (getattr(profile, field) or 0) < 0:
            raise InputError(Message("%(field)s must not be below 0", field=field))
    if profile.country is None:
        return profile
    country = profile.country.strip().upper()
    if len(country) != 2 or not country.isascii() or not country.isalpha():
        raise InputError(
            Message(
                "%(country)r is not a country; give two letters, such as KR",
                country=profile.country,
            )
        )
    return msgspec.structs.replace(profile, country="GB" if country == "UK" else country)


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
    if fits is None:
        return base
    if fits:
        return "allowed"
    return base if ask.test in _NEVER_BARS else "prohibited"


def _fits(ask: Ask, value: Any, profile: Profile, names: tuple[str, ...]) -> bool | None:
    given = getattr(profile, ask.field.replace("-", "_"))
    match ask.test:
        case "at-most" | "spared-up-to":
            return None if given is None else given <= amount(value)
        case "outside":
            return None if given is None else not within(given, value or ())
        case "none-of":
            return None if given is None else not set(given) & set(value or ())
    return begins(str(value), (given,) if given is not None else names)


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
    """Whether a name begins with a prefix; case, spaces and hyphens do not matter.

    >>> begins("Llama 3", ("Llama-3-Ko",)), begins("Llama", ("Foo-7B",))
    (True, False)
    """
    return any(_plain(name).startswith(_plain(prefix)) for name in names)


def _plain(name: str) -> str:
    return "".join(c for c in name.casefold() if c not in " -_")
