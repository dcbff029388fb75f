"""The key of parents, and what a build of the repository's data says beside it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from kg.build.inputs import read_inputs
from kg.claims.name_rules import read_name_rules
from kg.ingest.kit.parents import is_hub_id
from kg.model.vocabulary import load_vocabulary
from kg.paths import DATA
from tests.bases.evaluate import (
    OTHER,
    RULES,
    SAME,
    STAGE,
    Edge,
    Measured,
    precision,
    read_key,
    write_rates,
)


@pytest.fixture(scope="module")
def measured() -> Measured:
    return Measured(read_inputs(DATA, Path("/nonexistent"), load_vocabulary()))


def test_the_key_is_large_and_spread() -> None:
    key = read_key()
    assert len({(one.child, one.parent) for one in key}) == len(key) >= 400
    relations = load_vocabulary().edges("weights", "distillation")
    for one in key:
        assert is_hub_id(one.child) and is_hub_id(one.parent) and one.child != one.parent
        assert one.relation in relations and one.address.startswith("https://")
        assert one.how in ("maker", "tags", "card")
    owners = Counter(one.child.partition("/")[0] for one in key)
    parents = Counter(one.parent.partition("/")[0] for one in key)
    assert len(owners) > 50 and len(parents) > 50
    assert owners.most_common(1)[0][1] < len(key) / 6


def test_no_edge_that_holds_without_doubt_contradicts_the_key(measured: Measured) -> None:
    assert measured.contradictions() == []


def test_rules_are_as_right_as_they_are_said_to_be(measured: Measured) -> None:
    rules, rates = read_name_rules(DATA), measured.rates()
    assert rules is not None
    for slug in ("rule-quantization", "rule-instruct"):
        found, said = rates[f"source/{slug}"], rules.rules[slug].measured
        assert said.checked >= 30 and found.total() > 100
        assert precision(found) >= said.precision - 0.03, slug
        assert precision(found) >= 0.9


def test_rules_find_parents_that_nobody_states(measured: Measured) -> None:
    known = measured.known()
    assert known["guessed"] > 50 and known["sure"] > 100


def test_how_an_edge_stands_to_the_key(measured: Measured) -> None:
    copy = next(one for one in read_key() if one.how == "tags" and one.relation == "quantizedFrom")
    canonical = read_inputs(DATA, Path("/nonexistent"), load_vocabulary()).linker.canonical
    child, parent = (canonical(f"model/hf/{id}") for id in (copy.child, copy.parent))
    assert measured.compare(Edge(child, parent, "quantizedFrom")) == SAME
    assert measured.compare(Edge(child, "model/hf/nobody/nothing", "quantizedFrom")) == OTHER
    assert measured.compare(Edge("model/hf/nobody/nothing", parent, "quantizedFrom")) == ""
    assert measured.compare(Edge(child, "family/llama-2", "quantizedFrom")) == ""
    r1, base = canonical("model/deepseek-r1"), canonical("model/deepseek-v3-base")
    assert measured.compare(Edge(r1, base, "derivedFrom")) == SAME
    # V3 comes from V3 Base as R1 does, but the maker says that R1 does not come from V3.
    assert measured.compare(Edge(r1, "model/deepseek-v3", "derivedFrom")) == OTHER
    distilled = "model/deepseek-r1-distill-qwen-7b"
    if distilled in measured.key:
        assert measured.compare(Edge(distilled, base, "derivedFrom")) == STAGE


def test_the_precision_is_written_beside_the_rules(measured: Measured, tmp_path: Path) -> None:
    path = tmp_path / "ingest" / "name_rules.yaml"
    path.parent.mkdir()
    path.write_text(RULES.read_text(encoding="utf-8"), encoding="utf-8")
    write_rates(measured, path)
    rules = read_name_rules(tmp_path)
    counts = measured.rates()["source/rule-instruct"]
    assert rules is not None
    told = rules.rules["rule-instruct"].measured
    assert told.checked == counts.total() - counts[""]
    assert told.right == counts[SAME] + counts[STAGE]
