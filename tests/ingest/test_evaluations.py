"""Tables of scores: a score is keyed by table, benchmark, setting and model."""

import shutil

import pytest

from kg.errors import DataError
from kg.ingest.curated.curated import read_curated
from kg.ingest.curated.evaluations import read_evaluations
from kg.model.claim import Claim
from kg.model.vocabulary import load_vocabulary
from kg.paths import DATA
from tests.conftest import Corner

ENTITIES = """
model/a: {label: {en: A, ko: 에이}}
benchmark/b: {label: {en: B}}
benchmark/b2: {label: {en: B2}}
"""
TABLE = """label: {en: A table}
from: gyebo
rows:
  - benchmark: benchmark/b
    setting: 5-shot
    unit: percent
    at: 206
    scores: {model/a: 86.4}
  - benchmark: benchmark/b
    setting: 0-shot, CoT
    unit: percent
    at: 207
    scores:
      model/a: {value: null, note: not reported}
    claims:
      onBenchmark: [{value: benchmark/b2, from: gyebo, rank: preferred, reason: r}]
"""


def read(corner: Corner, text: str = TABLE) -> list[Claim]:
    corner.write(ENTITIES)
    shutil.copy(DATA / "evaluations.schema.json", corner.data)
    (corner.data / "evaluations").mkdir(exist_ok=True)
    (corner.data / "evaluations" / "t.yaml").write_text(text, encoding="utf-8")
    known = load_vocabulary()
    return list(read_evaluations(corner.data, known, read_curated(corner.data, known)))


def test_settings_stay_apart(corner: Corner) -> None:
    claims = read(corner)
    scores = {c.subject: c.said.value for c in claims if c.property == "score"}
    assert scores == {"evaluation/t/b-5-shot/a": 86.4, "evaluation/t/b-0-shot-cot/a": None}
    assert all(
        c.said.locator == "206" for c in claims if "5-shot" in c.subject and c.property != "label"
    )
    korean = [c.said.value for c in claims if c.said.lang == "ko"]
    assert korean[0] == "에이 · B · 5-shot"


def test_another_source_corrects_a_row(corner: Corner) -> None:
    read(corner)
    entity = corner.build().entity("evaluation/t/b-0-shot-cot/a")
    fact = entity.fact("onBenchmark")
    assert fact
    assert (fact.values, fact.disputed) == (("benchmark/b2",), True)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("{model/a: 86.4}", "{model/a: high}", 8, "is not valid"),
        ("{model/a: 86.4}", "{model/z: 86.4}", 8, "did you mean model/a?"),
        (
            "benchmark: benchmark/b\n    setting: 5",
            "benchmark: benchmark/x\n    setting: 5",
            4,
            "defined in no",
        ),
        ("setting: 0-shot, CoT", "setting: 5-shot", 14, "holds this score twice"),
        ("from: gyebo\nrows", "from: nobody\nrows", 2, "source/nobody is defined in no"),
        ("unit: percent\n    at: 206", "units: percent\n    at: 206", 4, "'units' was unexpected"),
        ("onBenchmark:", "onBench:", 16, "did you mean onBenchmark?"),
    ],
)
def test_bad_tables(corner: Corner, old: str, new: str, line: int, message: str) -> None:
    assert old in TABLE
    with pytest.raises(DataError) as caught:
        read(corner, TABLE.replace(old, new, 1))
    assert str(caught.value).startswith(f"data/evaluations/t.yaml:{line}: ")
    assert message in str(caught.value)
