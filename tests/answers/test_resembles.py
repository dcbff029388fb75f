"""A model that looks like one that it does not name, from its folder to every answer: a green answer turns doubtful."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from kg.answers.license import NO_PARENT, license_answer, license_verdict
from kg.answers.lineage import lineage
from kg.answers.local import local_answers
from kg.answers.show import show
from kg.answers.tree.tree import kind_without_parent
from kg.build.build import build
from kg.cli.main import main
from kg.config import load_config
from kg.export.bom._bom import bom
from kg.export.bom._card import card
from kg.export.bom._cyclonedx import cyclonedx
from kg.ingest.fingerprints._published import PublishedModel
from kg.ingest.ingest import IngestRequest, ingest
from kg.licenses.rules import USES
from kg.licenses.verdicts import verdict_of
from kg.paths import DATA
from kg.snapshot.snapshot import Snapshot
from tests.ingest.test_fingerprints import CONFIG, PUBLISHED, TOKENIZER

LOCAL = "model/local/mine"
MIT = {"license": "mit"}
RECORDS = [
    {"id": "maker/base", "cardData": MIT},
    {"id": "o/child", "cardData": {**MIT, "base_model": "o/like"}},
    {"id": "o/other", "cardData": MIT},
]
BASE = "model/hf/maker/base"
LIKE = "model/hf/o/like"
FOUND = "its files look like those of maker/base, which it does not name as its parent"


def model_folder(path: Path, card: str = "license: mit") -> Path:
    """A folder whose files look like maker/base."""
    path.mkdir(parents=True)
    (path / "README.md").write_text(f"---\n{card}\n---\n", encoding="utf-8")
    (path / "config.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    (path / "tokenizer.json").write_text(json.dumps(TOKENIZER), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one license and one fingerprint, and claims as of folders on the Hub."""
    data = tmp_path_factory.mktemp("resembles") / "data"
    (data / "curated").mkdir(parents=True)
    schemas = ("curated.schema.json", "licenses.schema.json")
    for name in (*schemas, "trust.yaml", "curated/gyebo.yaml"):
        shutil.copy(DATA / name, data / name)
    shutil.copytree(DATA / "ingest", data / "ingest")
    kept = ("mit", "apache-2.0")  # the second is that of the fingerprints
    terms = [one.name for one in (DATA / "licenses" / "terms").iterdir() if one.stem not in kept]
    terms.append("names.yaml")  # of licenses that are not here
    shutil.copytree(DATA / "licenses", data / "licenses", ignore=lambda *_: terms)
    labels = [f"license/{id}:\n  label: {{en: {id}, ko: {id}}}\n" for id in kept]
    (data / "curated" / "kept.yaml").write_text("".join(labels), encoding="utf-8")
    prints = data / "fingerprints"
    prints.mkdir()
    models = [PublishedModel("maker/base", PUBLISHED)]
    (prints / "models.jsonl").write_bytes(b"\n".join(map(msgspec.json.encode, models)))
    (prints / "lines.yaml").write_text("{}", encoding="utf-8")
    shutil.copy(DATA / "fingerprints" / "rule.yaml", prints)
    return data


@pytest.fixture(scope="module")
def home(data: Path) -> Path:
    """A home with a snapshot of a folder and what the Hub says."""
    config = load_config(home=data.parent / "home", page_cache_mb=0)
    hub = data.parent / "hub.json"
    hub.write_text(json.dumps(RECORDS), encoding="utf-8")
    ingest(config.home, IngestRequest("hub", str(hub)), data)
    ingest(config.home, IngestRequest("folder", str(model_folder(data.parent / "mine"))), data)
    (run,) = (config.home / "runs").glob("folder-*")
    for name in ("like", "named"):  # the same of two models of the Hub
        shutil.copytree(run, run.with_name(f"folder-{name}"))
        path = run.with_name(f"folder-{name}") / "claims.jsonl"
        path.write_text(path.read_text("utf-8").replace(LOCAL, f"model/hf/o/{name}"), "utf-8")
    named = [{"id": "o/named", "cardData": {**MIT, "base_model": "maker/base"}}]
    hub.write_text(json.dumps(named), encoding="utf-8")
    ingest(config.home, IngestRequest("hub", str(hub), "hub-later"), data)
    build(config, data)
    return config.home


@pytest.fixture(scope="module")
def built(home: Path) -> Iterator[Snapshot]:
    with closing(Snapshot.current(home)) as opened:
        yield opened


@pytest.mark.parametrize("id", [LOCAL, LIKE, "model/hf/o/child"])
def test_it_is_never_permitted(built: Snapshot, id: str) -> None:
    kept = [verdict_of(int(code)) for code in built.verdicts[built.number(id)]]
    assert kept == [license_verdict(built, id, use) for use in USES] == ["unknown"] * len(USES)
    answer = license_answer(built, id)
    assert answer.consistency == "cannot-tell" and not answer.would_satisfy
    assert NO_PARENT.text("en") not in answer.unknowns
    (finding,) = (f for f in answer.findings if f.clause == "unresolved-parent")
    assert any(FOUND in note for note in finding.notes)
    assert finding.path[-1] == (LIKE if id.endswith("child") else id)


@pytest.mark.parametrize("name", ["named", "other"])
def test_what_names_it_or_looks_like_none_is_judged_as_it_is(built: Snapshot, name: str) -> None:
    assert license_answer(built, f"model/hf/o/{name}").verdict == "allowed"
    assert not lineage(built, f"model/hf/o/{name}").unresolved


def test_a_source_that_names_it_answers_it(built: Snapshot) -> None:
    facts = {fact.property: fact for fact in show(built, "model/hf/o/named", "ko").facts}
    (claim,) = facts["resembles"].claims
    assert (claim.rank, claim.reason) == ("rejected", "다른 출처가 상위 모델을 밝힘")
    assert kind_without_parent(built.entity(LIKE)) == "derivedFrom"


def test_show_tells_it_as_a_guess_with_its_signals(built: Snapshot) -> None:
    (fact,) = (fact for fact in show(built, LIKE).facts if fact.property == "resembles")
    assert fact.doubtful and fact.rule and fact.rule.id == "source/model-fingerprints"
    assert "98 of 100 points; same: shape, rows" in str(fact.claims[0].note)
    (fact,) = (fact for fact in show(built, LIKE, "ko").facts if fact.property == "resembles")
    assert "상위 모델을 밝히지 않음; 100점 가운데 98점" in str(fact.claims[0].note)


def test_it_is_no_edge_and_stands_where_parents_that_are_not_known_stand(
    built: Snapshot, home: Path
) -> None:
    assert not lineage(built, LIKE, "up").edges
    (one,) = lineage(built, "model/hf/o/child").unresolved
    assert (one.child, one.relation, one.looks_like) == (LIKE, "resembles", BASE)
    told = CliRunner().invoke(main, ["--home", str(home), "lineage", "o/child"]).output
    assert FOUND in told
    told = CliRunner().invoke(main, ["--home", str(home), "lineage", LIKE, "--lang", "ko"]).output
    assert "maker/base" in told and "상위 모델" in told


def test_boms_and_cards_say_so(built: Snapshot) -> None:
    found = bom(built, LIKE)
    document = cyclonedx(found)
    assert {"aggregate": "incomplete", "dependencies": [LIKE]} in document["compositions"]
    properties = {p["name"]: p["value"] for p in document["metadata"]["component"]["properties"]}
    assert properties["gyebo:resembles"].startswith(f"{BASE}; it names no parent; 98 of 100")
    assert FOUND in card(found, {}, "en").replace("\\", "")


def test_a_folder_is_answered_at_once(built: Snapshot, data: Path, tmp_path: Path) -> None:
    def asked(name: str, card: str) -> tuple[str, list[str | None]]:
        path = model_folder(tmp_path / name, card)
        run = ingest(tmp_path, IngestRequest("folder", str(path)), data)
        (answer,) = local_answers(built, tmp_path / "runs" / run.name / "claims.jsonl")
        return answer.licenses[0].verdict, [one.looks_like for one in answer.lineage.unresolved]

    assert asked("bare", "license: mit") == ("unknown", [BASE])
    assert asked("told", "license: mit\nbase_model: maker/base") == ("allowed", [])
