"""Models that do not exist yet: the same rules, and doubt where a parent is not known."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kg.answers.advice.proposal import Proposal
from kg.answers.advice.what_if import ID, relations, what_if
from kg.answers.license import license_answer
from kg.cli.main import main
from kg.errors import InputError
from kg.licenses.profile import Profile
from kg.licenses.rules import SEVERITY, USES
from kg.licenses.terms import Use
from kg.snapshot.snapshot import Snapshot


def verdict(snapshot: Snapshot, use: Use = "commercial", **described: object) -> str:
    return what_if(snapshot, Proposal(**described), use).verdict  # type: ignore[arg-type]


def test_it_answers_as_for_a_model_that_is_here(snapshot: Snapshot) -> None:
    """KoVicuna is a fine-tune of Vicuna 7B without training data of unknown license of its own."""
    there = license_answer(snapshot, "kovicuna-7b")
    planned = what_if(
        snapshot,
        Proposal(bases=("model/vicuna-7b",), license=there.declared[0] if there.declared else ""),
    )
    clauses = {(f.license, f.clause, f.effect) for f in planned.findings if len(f.path) > 1}
    assert {
        (f.license, f.clause, f.effect)
        for f in there.findings
        if f.path[1:2] == ["model/vicuna-7b"]
    } == clauses
    assert planned.verdict == there.verdict == "prohibited"


def test_a_merge_of_families_that_may_not_improve_each_other(snapshot: Snapshot) -> None:
    found = what_if(snapshot, Proposal(bases=("llama-2-7b", "gpt-neox-20b"), license="apache-2.0"))
    assert "no-improve-outsider" in {f.clause for f in found.findings}
    assert found.consistency == "drops-substance" and found.dropped
    assert {e for f in found.findings for e in f.edges[:1]} == {"mergedFrom"}


def test_without_a_license_only_what_comes_down_binds(snapshot: Snapshot) -> None:
    found = what_if(snapshot, Proposal(bases=("bert-base",)))
    assert (found.verdict, found.consistency) == ("allowed", "undeclared")
    assert "no-license" not in {f.clause for f in found.findings if f.weighs}
    assert "license/apache-2.0" in found.would_satisfy


@pytest.mark.parametrize(
    "text",
    [
        "nobody/nothing",
        "https://huggingface.co/nobody/nothing",
        "https://a.example/x",
        "/home/kim/x",
        "no such thing",
    ],
)
@pytest.mark.parametrize("use", USES)
def test_a_base_that_is_not_known_is_doubt(snapshot: Snapshot, text: str, use: Use) -> None:
    found = what_if(snapshot, Proposal(bases=("bert-base", text), license="mit"), use)
    assert SEVERITY.index(found.verdict) >= SEVERITY.index("unknown")
    assert "unresolved-parent" in {f.clause for f in found.findings}
    assert "kim" not in str(found)


def test_a_dataset_that_is_not_known_shows_in_the_data(snapshot: Snapshot) -> None:
    found = what_if(snapshot, Proposal(bases=("bert-base",), data=("nobody/nothing",)))
    assert found.parts["data"] == "unknown"
    assert "dataset/hf/nobody/nothing" in {id for gap in found.gaps for id in gap.ids}


def test_addresses_of_the_hub_are_read(snapshot: Snapshot) -> None:
    (hub,) = [str(v) for v in snapshot.entity(snapshot.find("llama-2-7b")).values("hubId")][:1]
    named = what_if(snapshot, Proposal(bases=(f"https://huggingface.co/{hub}/tree/main",)))
    assert named.findings == what_if(snapshot, Proposal(bases=("llama-2-7b",))).findings


def test_outputs_of_a_service_bind_who_made_them(snapshot: Snapshot) -> None:
    found = what_if(snapshot, Proposal(bases=("bert-base",), outputs_of=("gpt-3.5-turbo",)))
    (term,) = {f.clause for f in found.findings if f.way == "learned"}
    assert term == "service-contract" and found.verdict == "conditional"


def test_a_name_decides_where_a_name_is_asked_for(snapshot: Snapshot) -> None:
    asked = Proposal(bases=("llama-3-8b",), license="license/llama-3-license")
    free = what_if(snapshot, asked, "redistribute")
    assert free.verdict == "conditional"  # it can still be named so
    named = what_if(snapshot, asked, "redistribute", Profile(name="Kim 8B"))
    assert named.verdict == "prohibited" and named.label == "Kim 8B"
    fits = what_if(snapshot, asked, "redistribute", Profile(name="Llama 3 Kim"))
    assert "name-prefix" not in {f.clause for f in fits.findings if f.effect != "allowed"}


CARD = """---
base_model: {base}
license: {license}
datasets: [tatsu-lab/alpaca]
---
# My model
"""


def test_a_card_is_read_as_an_ingest_would(snapshot: Snapshot) -> None:
    (hub,) = [str(v) for v in snapshot.entity(snapshot.find("llama-2-7b")).values("hubId")][:1]
    whole = what_if(snapshot, Proposal(card=CARD.format(base=hub, license="mit")))
    assert whole.declared == ["license/mit"]
    assert "license/llama-2-license" in {f.license for f in whole.findings}
    bare = CARD.format(base=hub, license="mit").strip("-\n").partition("\n---")[0]
    assert what_if(snapshot, Proposal(card=bare)).findings == whole.findings


@pytest.mark.parametrize("base", ["/root/models/x", "a model that I made", "https://a.example/m"])
def test_a_card_whose_parent_nobody_can_find_is_doubt(snapshot: Snapshot, base: str) -> None:
    found = what_if(snapshot, Proposal(card=CARD.format(base=base, license="mit")))
    assert found.verdict in ("unknown", "contested") and "/root" not in str(found)


@pytest.mark.parametrize("card", ["# only prose", "- a\n- list", "---\nx: [\n---\n"])
def test_a_card_without_fields(snapshot: Snapshot, card: str) -> None:
    try:
        assert what_if(snapshot, Proposal(card=card)).verdict != "prohibited"
    except InputError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("proposal", "told"),
    [
        (Proposal(), "name a base"),
        (Proposal(license="mit"), "name a base"),
        (Proposal(data=("dataset/c4",), relation="merge"), "needs a base"),
        (Proposal(bases=("bert-base",), relation="cooked"), "known: "),
        (Proposal(bases=("bert-base", "gpt-2"), relation="adapter"), "one base"),
        (Proposal(bases=("dataset/c4",)), "is a dataset"),
        (Proposal(data=("bert-base",)), "is a model"),
        (Proposal(card="license: mit", license="mit"), "alone"),
        (Proposal(card="x" * 200_000), "at most"),
        (Proposal(bases=("bert-base",) * 30), "at most"),
    ],
)
def test_what_makes_no_sense_is_told(snapshot: Snapshot, proposal: Proposal, told: str) -> None:
    with pytest.raises(InputError, match=told):
        what_if(snapshot, proposal)


def test_a_license_that_nobody_here_has_read_is_not_known(snapshot: Snapshot) -> None:
    assert verdict(snapshot, bases=("bert-base",), license="Kim's own license 7") == "unknown"


def test_every_relation_answers(snapshot: Snapshot) -> None:
    for word in relations(snapshot):
        found = what_if(snapshot, Proposal(bases=("llama-7b",), relation=word, license="mit"))
        assert found.verdict != "allowed", word


@given(data=st.data())
def test_another_parent_never_makes_it_milder(snapshot: Snapshot, data: st.DataObject) -> None:
    models = [m.id for m in snapshot.entities("model")]
    pick = st.lists(st.sampled_from(models), min_size=1, max_size=3, unique=True)
    bases, use = data.draw(pick), data.draw(st.sampled_from(USES))
    few = what_if(snapshot, Proposal(bases=tuple(bases), relation="merge"), use).verdict
    more = what_if(
        snapshot, Proposal(bases=(*bases, "nobody/nothing"), relation="merge"), use
    ).verdict
    assert SEVERITY.index(more) >= max(SEVERITY.index("unknown"), SEVERITY.index(few)) or (
        few == "contested" and more == "unknown"
    )


def test_the_command_reads_cards_from_standard_input(snapshot_home: Path) -> None:
    arguments = ["--home", str(snapshot_home), "license", "--card", "-", "--json"]
    result = CliRunner().invoke(main, arguments, input="license: mit\nbase_model: /x/y\n")
    assert result.exit_code == 4 and f'"id": "{ID}"' in result.output
