"""The files of data/licenses: what is wrong is told with file and line; expressions are parsed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kg.errors import DataError
from kg.ingest.curated.licenses import read_terms, read_terms_unchecked
from kg.licenses.terms import Terms
from kg.paths import DATA

LICENSE = """\
license: license/test
label: {en: Test}
family: test
url: https://example.org/
read: {date: 2026-11-21, how: text}
relicense: own-terms
derivative: {weights: silent, distill: none, outputs: none}
clauses:
  - {kind: mau-cap, value: 5, tier: 1, cite: {section: "1"}}
"""


@pytest.fixture(scope="module")
def terms() -> Terms:
    return read_terms(DATA)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "licenses" / "terms").mkdir(parents=True)
    shutil.copy(DATA / "licenses.schema.json", folder)
    for name in ("kinds.yaml", "edges.yaml"):
        shutil.copy(DATA / "licenses" / name, folder / "licenses")
    (folder / "licenses" / "terms" / "test.yaml").write_text(LICENSE, encoding="utf-8")
    return folder


def test_a_good_file_is_read(data: Path) -> None:
    assert read_terms(data).licenses["license/test"].clauses[0].value == 5


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("kind: mau-cap", "kind: mau-limit", 9),
        ("value: 5", "value: many", 9),
        ("tier: 1", "tier: 4", 9),
        ("family: test", "family: test\nfamly: x", 1),
        ("how: text", "how: heard", 5),
        ("derivative: {weights: silent, distill: none, outputs: none}\n", "", 1),
    ],
)
def test_what_is_wrong_is_told_with_its_line(data: Path, old: str, new: str, line: int) -> None:
    path = data / "licenses" / "terms" / "test.yaml"
    path.write_text(LICENSE.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_terms(data)
    assert str(caught.value).startswith(f"data/licenses/terms/test.yaml:{line}: ")


def test_without_the_schema_the_terms_are_the_same(terms: Terms, tmp_path: Path) -> None:
    assert read_terms_unchecked(DATA) == terms
    assert read_terms_unchecked(tmp_path) == read_terms(tmp_path)


def test_a_form_that_cannot_be_read_is_told_with_its_line_also_without_the_schema(
    data: Path,
) -> None:
    path = data / "licenses" / "terms" / "test.yaml"
    path.write_text(LICENSE.replace("how: text", "how: [heard]"), encoding="utf-8")
    with pytest.raises(DataError, match=r"terms/test\.yaml:5: "):
        read_terms_unchecked(data)


def test_one_license_stands_in_one_file(data: Path) -> None:
    (data / "licenses" / "terms" / "again.yaml").write_text(LICENSE, encoding="utf-8")
    with pytest.raises(DataError, match="already stands in"):
        read_terms(data)


def test_every_clause_of_the_real_data_cites_something(terms: Terms) -> None:
    assert len(terms.licenses) > 100
    for license in terms.licenses.values():
        for clause in license.clauses:
            assert clause.cite.section, (license.id, clause.kind)
            assert clause.cite.url or license.url, (license.id, clause.kind)


@pytest.mark.parametrize(
    ("expression", "alternatives"),
    [
        ("Apache-2.0", [["license/apache-2.0"]]),
        ("MIT OR Apache-2.0", [["license/mit"], ["license/apache-2.0"]]),
        ("MIT AND CC-BY-NC-4.0", [["license/mit", "license/cc-by-nc-4.0"]]),
        ("LicenseRef-scancode-llama-2-license-2023", [["license/llama-2-license"]]),
        ("llama3.1", [["license/llama-3.1-license"]]),
    ],
)
def test_expressions(terms: Terms, expression: str, alternatives: list[list[str]]) -> None:
    found = [sorted(one.id for one in all) for all in terms.parse(expression)]
    assert sorted(found) == sorted(sorted(ids) for ids in alternatives)


@pytest.mark.parametrize("text", ["MIT OR", "no-such-license", "MIT Apache-2.0"])
def test_what_is_no_expression_is_told(terms: Terms, text: str) -> None:
    with pytest.raises(DataError):
        terms.parse(text)


def test_an_id_that_is_an_expression(terms: Terms) -> None:
    both = terms.license("license/MIT%20AND%20CC-BY-NC-4.0")
    assert "non-commercial" in {clause.kind for clause in both.clauses}
    either = terms.license("license/MIT%20OR%20CC-BY-NC-4.0")
    assert "non-commercial" not in {clause.kind for clause in either.clauses}
    assert terms.license("license/never-heard-of").unknown
