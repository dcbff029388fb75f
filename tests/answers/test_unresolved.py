"""A parent that cannot be found, from the Hub's record to every answer: never a permission by ignorance."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.answers.license import NO_PARENT, license_answer, license_verdict
from kg.answers.lineage import lineage
from kg.answers.show import show
from kg.build.build import build
from kg.cli.main import main
from kg.config import load_config
from kg.export.bom._bom import bom
from kg.export.bom._card import card
from kg.export.bom._cyclonedx import cyclonedx
from kg.export.bom._spdx import spdx
from kg.ingest.ingest import IngestRequest, ingest
from kg.licenses.rules import USES
from kg.licenses.verdicts import verdict_of
from kg.messages.message import Message
from kg.paths import DATA
from kg.snapshot.snapshot import Snapshot

MIT = {"license": "mit"}
PATH = "/root/kim/llama"
RECORDS = [
    {"id": "maker/base", "cardData": MIT},
    {"id": "o/path", "cardData": {**MIT, "base_model": PATH}},
    {"id": "o/child", "cardData": {**MIT, "base_model": "o/path"}},
    {"id": "o/merge", "cardData": {**MIT, "base_model": ["maker/base", PATH]}, "tags": ["merge"]},
    {"id": "o/peft", "cardData": MIT, "library_name": "peft"},
    {"id": "o/plain", "cardData": {**MIT, "base_model": "maker/base"}},
    {"id": "o/none", "cardData": MIT},
    {
        "id": "o/told",  # the card names a path, the Hub the model
        "cardData": {**MIT, "base_model": PATH},
        "baseModels": {"relation": "finetune", "models": [{"id": "maker/base"}]},
    },
    {
        "id": "o/told-merge",  # of a merge the Hub names one part
        "cardData": {**MIT, "base_model": PATH, "base_model_relation": "merge"},
        "baseModels": {"relation": "merge", "models": [{"id": "maker/base"}]},
    },
    {"id": "Qwen/Qwen3-8B", "cardData": MIT},
    {"id": "o/Qwen3-8B-GGUF", "cardData": MIT},
    {"id": "p/Qwen3-8B-GGUF", "cardData": {**MIT, "base_model": PATH}},
]
LOST = ("path", "child", "merge", "peft", "told-merge")
FREE = ("plain", "none", "told")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a snapshot of these records."""
    folder = tmp_path_factory.mktemp("unresolved")
    data = folder / "data"
    (data / "curated").mkdir(parents=True)
    schemas = ("curated.schema.json", "licenses.schema.json")
    for name in (*schemas, "trust.yaml", "curated/gyebo.yaml"):
        shutil.copy(DATA / name, data / name)
    shutil.copytree(DATA / "ingest", data / "ingest")
    terms = [one.name for one in (DATA / "licenses" / "terms").iterdir() if one.stem != "mit"]
    terms.append("names.yaml")  # of licenses that are not here
    shutil.copytree(DATA / "licenses", data / "licenses", ignore=lambda *_: terms)
    label = "license/mit:\n  label: {en: MIT License, ko: MIT 라이선스}\n"
    (data / "curated" / "mit.yaml").write_text(label, encoding="utf-8")
    (folder / "hub.json").write_text(json.dumps(RECORDS), encoding="utf-8")
    config = load_config(home=folder / "home", page_cache_mb=0)
    ingest(config.home, IngestRequest("hub", str(folder / "hub.json")), data)
    build(config, data)
    return config.home


@pytest.fixture(scope="module")
def built(home: Path) -> Iterator[Snapshot]:
    with closing(Snapshot.current(home)) as opened:
        yield opened


@pytest.mark.parametrize("name", LOST)
def test_it_is_never_permitted(built: Snapshot, name: str) -> None:
    id = f"model/hf/o/{name}"
    kept = [verdict_of(int(code)) for code in built.verdicts[built.number(id)]]
    assert kept == [license_verdict(built, id, use) for use in USES] == ["unknown"] * len(USES)
    answer = license_answer(built, id)
    assert answer.consistency == "cannot-tell" and not answer.would_satisfy
    assert NO_PARENT.text("en") not in answer.unknowns
    (finding,) = (f for f in answer.findings if f.clause == "unresolved-parent")
    assert finding.path[-1] == ("model/hf/o/path" if name == "child" else id)
    assert any("cannot be found" in note for note in finding.notes)


@pytest.mark.parametrize("name", FREE)
def test_what_is_told_elsewhere_or_has_no_parent_is_judged_as_it_is(
    built: Snapshot, name: str
) -> None:
    answer = license_answer(built, f"model/hf/o/{name}")
    assert answer.verdict == "allowed"
    assert (NO_PARENT.text("en") in answer.unknowns) == (name == "none")
    assert not lineage(built, answer.id).unresolved


def test_show_tells_it(built: Snapshot) -> None:
    facts = {fact.property: fact for fact in show(built, "model/hf/o/path").facts}
    assert facts["unresolvedParent"].value == "derivedFrom"
    assert facts["unresolvedParent"].claims[0].note == "a path on a disk"
    (claim,) = next(
        fact
        for fact in show(built, "model/hf/o/told", "ko").facts
        if fact.property == "unresolvedParent"
    ).claims
    assert (claim.rank, claim.reason) == ("rejected", "다른 출처가 상위 모델을 밝힘")


def test_lineage_tells_it_of_all_above(built: Snapshot, home: Path) -> None:
    (one,) = lineage(built, "model/hf/o/child").unresolved
    assert (one.child, one.relation, one.note) == (
        "model/hf/o/path",
        "derivedFrom",
        "a path on a disk",
    )
    assert not lineage(built, "model/hf/o/child", edges="data").unresolved
    told = CliRunner().invoke(main, ["--home", str(home), "lineage", "o/child"]).output
    assert "path: the model it derives from cannot be found (a path on a disk)" in told
    told = (
        CliRunner().invoke(main, ["--home", str(home), "lineage", "o/peft", "--lang", "ko"]).output
    )
    assert "peft: 어댑터의 기반 모델을 찾을 수 없습니다" in told


def test_boms_say_that_they_are_incomplete(built: Snapshot) -> None:
    found = bom(built, "model/hf/o/merge")
    document = cyclonedx(found)
    kinds = {c["aggregate"]: c["dependencies"] for c in document["compositions"]}
    assert kinds == {"incomplete": ["model/hf/o/merge"], "unknown": ["model/hf/maker/base"]}
    properties = {p["name"]: p["value"] for p in document["metadata"]["component"]["properties"]}
    assert properties["gyebo:unresolved-parent:derivedFrom"] == "a path on a disk; parent 2 of 2"
    assert properties["gyebo:license:concluded"] == "NOASSERTION"
    assert properties["gyebo:verdict:commercial"] == "unknown"
    above = [e for e in spdx(found)["@graph"] if e.get("relationshipType") == "descendantOf"]
    of_root = [e for e in above if e["from"].endswith("#model/hf/o/merge")]
    assert [e["completeness"] for e in of_root] == ["incomplete", "incomplete"]
    assert ["NoAssertionElement"] in [e["to"] for e in of_root]
    complete = spdx(bom(built, "model/hf/o/plain"))["@graph"]
    assert {e["completeness"] for e in complete if "completeness" in e} == {"noAssertion"}


def test_the_written_card_tells_it(built: Snapshot) -> None:
    written = card(bom(built, "model/hf/o/peft"), {}, "en")
    assert "peft: the base of the adapter cannot be found" in written
    assert "Derived from: No source names one" not in written


def test_no_parent_is_guessed_beside_it(built: Snapshot) -> None:
    """The name says Qwen3-8B; whoever made it says a path."""
    assert built.entity("model/hf/o/Qwen3-8B-GGUF").values("quantizedFrom")
    beside = built.entity("model/hf/p/Qwen3-8B-GGUF")
    assert not beside.values("quantizedFrom") and beside.values("unresolvedParent")
    assert license_verdict(built, beside.id) == "unknown"


def test_ingest_says_that_a_parent_is_declared(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine"
    path.mkdir()
    (path / "README.md").write_text(f"---\nlicense: mit\nbase_model: {PATH}\n---", encoding="utf-8")
    asked = ["--home", str(home), "ingest", "card", str(path)]
    told = CliRunner().invoke(main, asked).output
    assert Message("no parent is declared").text("en") not in told
    assert "mine: the model it derives from cannot be found (a path on a disk)" in told
    assert "mine: commercial use is not known" in told and "kim" not in told
