"""Spellings of licenses, as sources write them, to ids."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.ingest.kit._words import fold, read_words
from kg.licenses.naming.names import LicenseNames, Reading
from kg.licenses.naming.shared_names import LicenseBearer
from kg.model.claim import is_id
from kg.paths import DATA
from tests.reading import license_terms

NAMES = LicenseNames(license_terms())
WORDS = read_words(DATA)


def group(text: object) -> str:
    return "nothing" if text is None else WORDS.get(fold(str(text)), "")


def read(text: object, name: str = "", link: str = "") -> Reading:
    return NAMES.read(text, name, link, group)


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("Apache 2.0", "license/apache-2.0"),
        ("Apache-2.0", "license/apache-2.0"),
        ("apache license, version 2.0", "license/apache-2.0"),
        ("MIT", "license/mit"),
        ("The MIT License", "license/mit"),
        ("CC BY-NC 4.0", "license/cc-by-nc-4.0"),
        ("cc-by-nc-4.0", "license/cc-by-nc-4.0"),
        ("CC-BY-NC-4.0", "license/cc-by-nc-4.0"),
        ("llama2", "license/llama-2-license"),
        ("MIT OR Apache-2.0", "license/MIT%20OR%20Apache-2.0"),
    ],
)
def test_known_spellings(text: str, id: str) -> None:
    assert read(text).id == id


@pytest.mark.parametrize("text", [None, "", "-", "n/a", "N/A", "null", "❓"])
def test_nothing_said(text: object) -> None:
    assert read(text).nothing


@pytest.mark.parametrize("text", ["unknown", "Unclear", "unkown", "unlicensed"])
def test_said_not_to_be_known(text: str) -> None:
    found = read(text)
    assert found.id is None and not found.name and not found.nothing
    assert text in found.note


def test_a_license_of_its_own() -> None:
    assert read("other").id == "license/other"
    assert read("other", name="idksmuttyigbro").name == "idksmuttyigbro"
    assert read("other", name="llama2").id == "license/llama-2-license"
    assert read("license").id == "license/other"  # the template of a tool, never filled in


def test_a_name_nobody_has_read_stays_a_name() -> None:
    assert read("Arsonai Public License").name == "Arsonai Public License"


def test_the_words_of_the_source_are_kept() -> None:
    assert read("The MIT License").note == "as written: The MIT License"
    assert read("mit").note == ""  # adds nothing to license/mit


@given(
    st.one_of(st.none(), st.booleans(), st.floats(), st.text(), st.text("MITAND ORWH()-2.0")),
    st.text(max_size=20),
    st.text(max_size=20),
)
def test_anything_is_read(text: object, name: str, link: str) -> None:
    found = read(text, name, link)
    assert found.id is None or is_id(found.id)


@pytest.mark.parametrize("name", [*license_terms().names, "Apache-2.0", " MIT ", "apache  2.0"])
def test_a_name_read_alone_says_the_same(name: str) -> None:
    """Whoever bears it; one that several licenses share, or that is none, is not told so."""
    alone = NAMES.read_alone(name, group)
    bearer = LicenseBearer(own=("moonshotai/Kimi-K2",), bases=("moonshotai/Kimi-K2",))
    assert alone in (None, NAMES.read(name, "", "", group, bearer))


@pytest.mark.parametrize(
    "text", ["modified-mit", "other", "unknown", "", None, 3, "my own", "MIT?"]
)
def test_what_is_no_name_of_one_license_is_not_read_alone(text: object) -> None:
    assert NAMES.read_alone(text, group) is None
    assert NAMES.read_alone("apache-2.0", group) == Reading("license/apache-2.0")
