"""Countries by their names in both languages."""

from __future__ import annotations

import pytest
from babel import Locale

from kg.errors import InputError
from kg.files.yaml import catalog
from kg.language.countries import OTHER_NAMES, find_country, read_countries
from kg.licenses.profile import Profile, checked, within


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *((text, "KR") for text in ("KR", "kr", "Korea", "한국", "대한민국", "South Korea")),
        *((text, "EU") for text in ("EU", "eu", "European Union", "유럽연합", "유럽 연합")),
        *((text, "US") for text in ("USA", "U.S.", "United States", "미국")),
        *((text, "GB") for text in ("UK", "영국", "United Kingdom", "Great Britain")),
        *((text, "") for text in ("", "XX", "ZZ", "Narnia", "Middle Earth", "K", "유로존", "EZ")),
    ],
)
def test_names_of_countries(text: str, code: str) -> None:
    assert find_country(text) == code


def test_every_name_of_the_cldr_leads_back() -> None:
    for lang in ("en", "ko"):
        names = Locale.parse(lang).territories
        for code in ("KR", "KP", "FR", "CN", "TW", "JP", "BR", "CI", "ST"):
            assert find_country(names[code]) == code


def test_other_names_are_of_codes_that_there_are() -> None:
    known = Locale.parse("en").territories
    assert all(code in known for code in catalog(OTHER_NAMES))


def test_several_at_once() -> None:
    assert read_countries("한국, EU、 Brazil ,KR,") == ("KR", "EU", "BR")
    with pytest.raises(InputError, match="'Narnia' is not a country"):
        read_countries("KR, Narnia")


@pytest.mark.parametrize("text", ["XX", "", "KR, EU", "Narnia"])
def test_a_profile_takes_one_country_that_there_is(text: str) -> None:
    with pytest.raises(InputError):
        checked(Profile(country=text))


def test_a_profile_takes_a_name() -> None:
    assert checked(Profile(country="프랑스")).country == "FR" and within("FR", ["EU"])
