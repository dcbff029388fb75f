"""Countries as sources write them, as codes of ISO 3166-1: data/ingest/countries.yaml, else Unicode CLDR."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from babel import Locale

from kg.files.yaml import catalog
from kg.paths import DATA


def country_code(written: str) -> str:
    """The code of a country by its name; "" where the name is none.

    >>> country_code("Korea (Republic of)"), country_code("france"), country_code("Multinational")
    ('KR', 'FR', '')
    """
    return _codes().get(" ".join(written.split()).casefold(), "")


@cache
def _codes() -> Mapping[str, str]:
    known = {
        name.casefold(): code
        for code, name in Locale("en").territories.items()
        if len(code) == 2 and code.isalpha() and code not in ("EU", "EZ", "UN", "ZZ", "XA", "XB")
    }
    stated = catalog(DATA / "ingest" / "countries.yaml")
    return known | {name.casefold(): code for code, names in stated.items() for name in names}
