"""Curated files: what is wrong is named with file, line and field."""

import pytest

from kg.errors import DataError
from kg.ingest.curated.curated import read_curated
from kg.ingest.curated.licenses import named_here, read_terms
from kg.model.vocabulary import load_vocabulary
from kg.paths import DATA
from tests.conftest import Corner

GOOD = """
model/a:
  label: {en: A}
  claims:
    parameterCount:
      - {value: 7_000_000_000, from: gyebo}
    releaseDate:
      - {value: 2023, from: "gyebo: section 2"}
    language:
      - {value: language/norwegian, from: gyebo}
    access:
      - {value: api-only, from: gyebo}
language/norwegian:
  label: {en: no}
"""


def read(corner: Corner, text: str) -> list[object]:
    corner.write(text)
    return [c for c in read_curated(corner.data, load_vocabulary()) if "gyebo" not in c.subject]


def test_good_file(corner: Corner) -> None:
    said = {c.property: c.said for c in read(corner, GOOD) if c.subject == "model/a"}
    assert said["parameterCount"].value == 7_000_000_000
    assert (said["releaseDate"].value, said["releaseDate"].locator) == ("2023", "section 2")
    assert said["parameterCount"].origin == "data/curated/corner.yaml:6"
    assert said["label"].rank == "preferred"


def test_yaml_no_is_a_word(corner: Corner) -> None:
    labels = [c.said.value for c in read(corner, GOOD) if c.property == "label"]
    assert {"A", "no"} <= set(labels)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("model/a:", "model/a: {", 4, "expected"),
        ("model/a:", "modell/a:", 2, "'modell/a' is not an id"),
        ("model/a:", "model/a b:", 2, "'model/a b' is not an id"),
        ("label: {en: A}", "label: {ko: 가}", 3, "'en' is a required property"),
        ("label: {en: A}", "lable: {en: A}", 2, "'lable' was unexpected"),
        ("label: {en: A}", "label: {en: A, fr: A}", 3, "'fr'"),
        ("parameterCount", "parametercount", 5, "did you mean parameterCount?"),
        ("from: gyebo}\n    rel", "frm: gyebo}\n    rel", 6, "'frm' was unexpected"),
        ("from: gyebo}\n    rel", "from: gyebö}\n    rel", 6, "did you mean source/gyebo?"),
        ("7_000_000_000", "7B", 6, "'7B' is not a whole number"),
        ("7_000_000_000", "-7", 6, "-7 is out of range"),
        ("7_000_000_000", "true", 6, "True is not a whole number"),
        ("2023", "2023-02-30", 8, "'2023-02-30' is not a date"),
        ("language/norwegian, ", "norwegian, ", 10, "'norwegian' is not an id"),
        ("language/norwegian, ", "language/norsk, ", 10, "is defined in no file"),
        ("language/norwegian, ", "model/a, ", 10, "should be of kind language"),
        ("from: gyebo}\n    rel", "from: gyebo, rank: rejected}\n    rel", 6, "'reason'"),
        ("language/norwegian:\n", "model/a:\n", 13, "stands twice"),
        ("api-only", "api", 12, "'api' is none of open-weights, on-request, api-only, unreleased"),
        ("    language:", "    samplingProportion:", 9, "is for dataset, not for model"),
    ],
)
def test_bad_file(corner: Corner, old: str, new: str, line: int, message: str) -> None:
    assert old in GOOD
    with pytest.raises(DataError) as caught:
        read(corner, GOOD.replace(old, new, 1))
    assert str(caught.value).startswith(f"data/curated/corner.yaml:{line}: ")
    assert message in str(caught.value)


def test_two_files_define_one_id(corner: Corner) -> None:
    corner.write("model/a:\n  label: {en: A}\n", "other.yaml")
    with pytest.raises(DataError, match=r"other.yaml:1: model/a is already defined in .*:2"):
        read(corner, GOOD)


def test_not_text_at_all(corner: Corner) -> None:
    (corner.data / "curated" / "x.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match=r"x\.yaml: cannot be read"):
        read_curated(corner.data, load_vocabulary())


def test_the_real_data_keeps_survey_and_line() -> None:
    claims = read_curated(DATA, load_vocabulary(), named_here(read_terms(DATA)))
    surveys = [c for c in claims if c.said.source.startswith("source/survey-")]
    assert len(surveys) > 800
    assert all(c.said.locator for c in surveys if not c.subject.startswith("source/"))


def test_only_the_surveys_are_cited_by_line() -> None:
    """A bare number is a line; papers and licenses are cited by section, table or page."""
    claims = read_curated(DATA, load_vocabulary(), named_here(read_terms(DATA)))
    bare = [
        c.said.origin
        for c in claims
        if c.said.locator.replace("-", "").isdecimal()
        and not c.said.source.startswith("source/survey-")
    ]
    assert bare == []
