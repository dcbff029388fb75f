"""From names in a run to marked edges: what a build infers, what it leaves, how answers show it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.answers.lineage import lineage
from kg.answers.show import show
from kg.answers.tree.answer import family_tree
from kg.claims.run_writing import RunWriter
from kg.cli._text import entity as entity_text
from kg.cli.main import main
from kg.model.claim import Claim, Said
from kg.model.vocabulary import load_vocabulary
from kg.paths import DATA
from kg.snapshot.layout import ENTITIES, GRAPH
from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner, serving
from tests.released import released

BASE, CHAT = "model/hf/Qwen/Acorn-7B", "model/hf/Qwen/Acorn-7B-Chat"
GGUF, AWQ, LOST = (f"model/hf/someone/Acorn-7B-{end}" for end in ("Chat-GGUF", "AWQ", "GGUF"))
QUANTIZATION, INSTRUCT = "source/rule-quantization", "source/rule-instruct"


def claim(id: str, property: str, value: str, lang: str = "") -> Claim:
    return Claim(id, property, Said(value=value, source="source/oak", locator=id, lang=lang))


def said() -> list[Claim]:
    named = [
        claim(id, "label", id.rpartition("/")[2], "en") for id in (BASE, CHAT, GGUF, AWQ, LOST)
    ]
    stated = claim(AWQ, "fineTunedFrom", "model/hf/oak/Oak-7B")
    unfound = claim(LOST, "unresolvedParent", "quantizedFrom")
    return [*named, stated, claim("model/hf/oak/Oak-7B", "label", "Oak", "en"), unfound]


def store(corner: Corner, found: Iterable[Claim]) -> None:
    (corner.data / "ingest").mkdir(exist_ok=True)
    for name in ("accounts.yaml", "name_rules.yaml"):
        shutil.copy(DATA / "ingest" / name, corner.data / "ingest" / name)
    writer = RunWriter(corner.config.home / "runs", "oak", load_vocabulary())
    for one in found:
        writer.add(one)
    about = [
        Claim("source/oak", "label", Said(value="Oak's list", source="source/gyebo", lang="en")),
        Claim("source/oak", "sourceType", Said(value="list", source="source/gyebo")),
    ]
    writer.finish(about, "source/oak", "here", "2026-11-29")


@pytest.fixture
def built(corner: Corner) -> Snapshot:
    store(corner, said())
    return corner.build()


def parents(snapshot: Snapshot, id: str) -> dict[str, tuple[object, ...]]:
    edges = snapshot.vocabulary.edges("weights")
    return {f.property: f.values for f in snapshot.entity(id).facts if f.property in edges}


def test_only_what_nobody_states_is_inferred(built: Snapshot) -> None:
    assert parents(built, CHAT) == {"fineTunedFrom": (BASE,)}
    assert parents(built, GGUF) == {"quantizedFrom": (CHAT,)}
    assert parents(built, AWQ) == {"fineTunedFrom": ("model/hf/oak/Oak-7B",)}
    assert parents(built, LOST) == {} and parents(built, BASE) == {}


def test_the_order_of_what_is_read_does_not_matter(built: Snapshot, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Corner(tmp_path / "other")
    store(other, reversed(said()))
    snapshot = other.build()
    for name in ("entities.jsonl", "graph.nq"):
        assert released(built.folder, name) == released(snapshot.folder, name), name
    for name in (ENTITIES, GRAPH, "verdicts.npy"):
        paths = [one.folder / "release" / name for one in (built, snapshot)]
        assert paths[0].read_bytes() == paths[1].read_bytes(), name
    snapshot.close()


def test_a_guess_is_marked_wherever_it_is_shown(built: Snapshot) -> None:
    answer = show(built, GGUF)
    fact = next(f for f in answer.facts if f.property == "quantizedFrom")
    assert fact.rule is not None and fact.rule.id == QUANTIZATION and fact.doubtful
    assert fact.claims[0].inferred and "quantization suffix" in str(fact.claims[0].note)
    korean = show(built, GGUF, "ko")
    note = next(f for f in korean.facts if f.property == "quantizedFrom").claims[0].note
    assert note and "추론" in note
    for lang, words in (
        ("en", "inferred by a rule: Quantizations"),
        ("ko", "규칙으로 추론함: 이름"),
    ):
        text = entity_text(show(built, GGUF, lang), built.vocabulary, lang)
        assert words in text
    stated = next(f for f in show(built, AWQ).facts if f.property == "fineTunedFrom")
    assert stated.rule is None and not stated.doubtful


def test_edges_of_trees_name_the_rule(built: Snapshot) -> None:
    edges = {e.child: e.rule for e in lineage(built, GGUF).edges}
    assert edges == {GGUF: QUANTIZATION, CHAT: INSTRUCT}
    assert {e.rule for e in lineage(built, AWQ, "up").edges} == {None}
    tree = family_tree(built, BASE)
    assert {e.rule for e in tree.edges if e.child == GGUF} == {"Quantizations by name (rule)"}


def test_the_command_line_and_the_page_name_the_rule(built: Snapshot, corner: Corner) -> None:
    home = ["--home", str(corner.config.home)]
    lines = CliRunner().invoke(main, [*home, "lineage", GGUF]).output
    assert "inferred by a rule: Quantizations by name" in lines
    told = json.loads(CliRunner().invoke(main, [*home, "show", GGUF, "--json"]).output)
    (fact,) = (f for f in told["facts"] if f["property"] == "quantizedFrom")
    assert fact["rule"]["id"] == QUANTIZATION and fact["doubtful"]
    with serving(corner.config) as app:
        page = app.test_client().get(f"/{GGUF}").get_data(as_text=True)
        korean = app.test_client().get(f"/{GGUF}?lang=ko").get_data(as_text=True)
    assert "inferred by a rule" in page and "inferred from the source" not in page
    assert "규칙으로 추론함" in korean


def test_a_guess_stands_in_the_graph_of_its_rule(built: Snapshot) -> None:
    lines = released(built.folder, "graph.nq").splitlines()
    edge = [line for line in lines if "quantizedFrom>" in line and "Acorn-7B-Chat-GGUF>" in line]
    assert any(line.endswith("rule-quantization> .") for line in edge)
    assert any("dc/terms/source> " in line and "rule-quantization>" in line for line in lines)


def test_without_rules_nothing_is_inferred(corner: Corner) -> None:
    store(corner, said())
    (corner.data / "ingest" / "name_rules.yaml").unlink()
    snapshot = corner.build()
    assert parents(snapshot, CHAT) == {} and parents(snapshot, GGUF) == {}
