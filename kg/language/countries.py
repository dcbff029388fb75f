"""Which country is named, by a person or a source: by its two letters, or in English or Korean.

Names are those of the Unicode CLDR, and what else people write stands in data/countries.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from kg.errors import InputError
from kg.language.folding import fold
from kg.messages.message import LANGUAGES, Message
from kg.paths import DATA

OTHER_NAMES = DATA / "countries.yaml"
EUROPE = "EU"  # the one union that goes as a country where laws are asked for
_NO_COUNTRY = frozenset({"EZ", "QO", "UN", "XA", "XB", "ZZ"})  # regions of the CLDR besides EU
_BETWEEN = re.compile(r"[,;/·、，\n]")


def find_country(text: str) -> str:
    """The ISO 3166-1 alpha-2 code of what a text names, EU for the European Union; "" if it names no country.

    >>> [find_country(text) for text in ("kr", "한국", "South Korea", "UK", "유럽 연합", "Narnia")]
    ['KR', 'KR', 'KR', 'GB', 'EU', '']
    """
    return _codes().get(fold(text), "")


def read_countries(text: str) -> tuple[str, ...]:
    """The codes of the countries that a text names, with commas between, each once.

    Raises:
        InputError: one of them is none.

    >>> read_countries("Korea, EU, 대한민국")
    ('KR', 'EU')
    """
    found: dict[str, None] = {}
    for part in filter(None, (part.strip() for part in _BETWEEN.split(text))):
        code = find_country(part)
        if not code:
            raise InputError(
                Message(
                    "%(country)r is not a country; give its name or its two letters, such as KR",
                    country=part[:40],
                )
            )
        found[code] = None
    return tuple(found)


@cache
def _codes() -> Mapping[str, str]:
    return dict(_names())


def _names() -> Iterator[tuple[str, str]]:
    """Folded names and their codes; what is said last counts."""
    # Both take long to load, and few commands are told a country.
    from babel import Locale

    from kg.files.yaml import catalog

    for lang in LANGUAGES:
        for code, name in Locale.parse(lang).territories.items():
            if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY:
                yield fold(name), code
                yield fold(code), code
    for code, names in catalog(OTHER_NAMES).items():
        yield from ((fold(name), code) for name in names)
