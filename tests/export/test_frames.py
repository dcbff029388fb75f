"""Tables for a program: columns as they are documented, and rows that do not lie."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest
import rdflib

from kg.errors import InputError, NotInstalled, UnknownId
from kg.export import frames, table_files
from kg.export.columns import TABLES, columns_of
from kg.licenses.doubts import DOUBTS
from kg.licenses.profile import Profile
from kg.licenses.rules import SEVERITY, USES
from kg.licenses.verdicts import verdict_of
from kg.model.purl import id_of_purl
from kg.model.vocabulary import load_vocabulary
from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner

TYPES = {
    "string": pa.string(),
    "integer": pa.int64(),
    "decimal": pa.float64(),
    "boolean": pa.bool_(),
}
CORNER = """
org/oak: {label: {en: Oak}}
source/survey: {label: {en: Survey}, claims: {sourceType: [{value: survey, from: gyebo}]}}
benchmark/nut: {label: {en: Nut}}
model/acorn:
  label: {en: Acorn, ko: 도토리}
  claims:
    developer: [{value: org/oak, from: gyebo}]
    parameterCount:
      - {value: 7000000000, from: gyebo}
      - {value: 8000000000, from: survey, rank: rejected, reason: a typo}
    hubId: [{value: oak/Acorn-7B, from: gyebo}]
    apiName: [{value: acorn-7b-chat, from: gyebo}, {value: ollama/acorn, from: survey}]
evaluation/acorn-nut:
  label: {en: Acorn on Nut}
  claims:
    evaluatedModel: [{value: model/acorn, from: survey}]
    onBenchmark: [{value: benchmark/nut, from: survey}]
    score: [{value: 0, from: survey}]
    scoreUnit: [{value: percent, from: survey}]
evaluation/acorn-lost:
  label: {en: Acorn lost}
  claims:
    evaluatedModel: [{value: model/acorn, from: survey}]
    onBenchmark: [{value: benchmark/nut, from: survey}]
"""


def rows_of(table: Any, **wanted: object) -> list[dict[str, Any]]:
    return [row for row in table.to_pylist() if wanted.items() <= row.items()]


@pytest.mark.parametrize("name", ["models", "edges", "claims", "verdicts", "scores", "identities"])
def test_columns_are_those_that_are_documented(snapshot: Snapshot, name: str) -> None:
    table = getattr(frames, name)(snapshot)
    known = columns_of(name, load_vocabulary())
    assert table.schema == pa.schema([(c.name, TYPES.get(c.type, pa.string())) for c in known])
    assert table.num_rows > 0 and list(table.to_pandas()) == [c.name for c in known]


@pytest.mark.parametrize("name", TABLES)
def test_every_column_says_what_it_means(name: str) -> None:
    known = columns_of(name, load_vocabulary())
    assert len({c.name for c in known}) == len(known)
    assert all(c.meaning and c.name.isidentifier() for c in known)


def test_verdicts_keep_every_answer_apart(snapshot: Snapshot) -> None:
    rows = frames.verdicts(snapshot).to_pylist()
    assert {row["verdict"] for row in rows} == set(SEVERITY)
    assert {word for row in rows for word in (row["doubt"] or "").split()} <= set(DOUBTS)
    assert all(row["doubt"] != "" for row in rows)  # null where nothing is doubtful
    kept = {(row["id"], row["use"]): row["verdict"] for row in rows}
    assert len(kept) == len(rows)
    for id in ("model/alpaca-7b", "family/llama-2", "dataset/alpaca-52k"):
        codes = snapshot.verdicts[snapshot.number(id)]
        assert [kept[id, use] for use in USES] == [verdict_of(int(code)) for code in codes]


def test_a_profile_and_a_choice(snapshot: Snapshot) -> None:
    asked = frames.verdicts(
        snapshot, ["Llama 2 7B", "pkg:huggingface/meta-llama/Llama-2-7b-hf"], ["commercial"]
    )
    assert [row["verdict"] for row in asked.to_pylist()] == ["conditional", "conditional"]
    giant = Profile(mau=1_000_000_000)
    (row,) = frames.verdicts(snapshot, ["llama-2-7b"], ["commercial"], giant).to_pylist()
    assert row["verdict"] == "prohibited" and row["license"] == "license/llama-2-license"
    assert frames.verdicts(snapshot, []).num_rows == 0
    with pytest.raises(UnknownId):
        frames.verdicts(snapshot, ["no such model"])
    with pytest.raises(InputError):
        frames.verdicts(snapshot, ["org/meta"])


def test_claims_say_whether_they_hold(corner: Corner) -> None:
    corner.write(CORNER)
    with_claims = frames.claims(corner.build())
    sizes = rows_of(with_claims, subject="model/acorn", property="parameterCount")
    assert {(row["value"], row["rank"], row["holds"]) for row in sizes} == {
        ("7000000000", "normal", True),
        ("8000000000", "rejected", False),
    }
    assert {row["source"] for row in sizes} == {"source/gyebo", "source/survey"}


def test_a_score_of_nothing_is_no_missing_score(corner: Corner) -> None:
    corner.write(CORNER)
    (zero, lost) = sorted(
        frames.scores(corner.build()).to_pylist(), key=lambda row: row["score"] is None
    )
    assert (zero["score"], zero["unit"], zero["source"]) == (0.0, "percent", "source/survey")
    assert (zero["model"], zero["benchmark"]) == ("model/acorn", "benchmark/nut")
    assert lost["score"] is None and lost["source"] is None


def test_identities_lead_back(corner: Corner) -> None:
    corner.write(CORNER)
    built = corner.build()
    found = {
        (row["scheme"], row["identifier"]): row["id"]
        for row in frames.identities(built).to_pylist()
    }
    assert found == dict.fromkeys(
        [
            ("huggingface", "oak/Acorn-7B"),
            ("purl", "pkg:huggingface/oak/Acorn-7B"),
            ("api", "acorn-7b-chat"),
            ("ollama", "acorn"),
        ],
        "model/acorn",
    )
    assert built.find("pkg:huggingface/oak/Acorn-7B@main") == "model/acorn"


def test_package_urls_of_the_data_lead_back(snapshot: Snapshot) -> None:
    rows = rows_of(frames.identities(snapshot), scheme="purl")
    assert len(rows) > 20
    for row in rows[:: max(1, len(rows) // 50)]:
        assert snapshot.spelled(id_of_purl(row["identifier"])) == row["id"]
        assert snapshot.find(row["identifier"]) == row["id"]


def test_facts_as_an_rdflib_graph(snapshot: Snapshot) -> None:
    graph = frames.rdf_graph(snapshot, "koalpaca")
    base = snapshot.manifest.base
    labels = graph.objects(rdflib.URIRef(f"{base}family/koalpaca"), rdflib.RDFS.label)
    assert rdflib.Literal("KoAlpaca", lang="en") in set(labels)
    with pytest.raises(InputError):
        frames.rdf_graph(snapshot, "org/meta")


def test_without_pyarrow(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_files, "HAS_PARQUET", False)
    ask: Callable[[Snapshot], object]
    for ask in (frames.models, frames.verdicts, frames.identities):
        with pytest.raises(NotInstalled, match=r"gyebo\[parquet\]"):
            ask(snapshot)
