"""What changed between two releases: each kind of change, renames, and an oracle over any two."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kg.answers.changes import GROUPS, changes
from kg.build.build import build
from kg.cli.main import main
from kg.model.claim import Entity, Fact, Said
from kg.model.vocabulary import load_vocabulary
from kg.snapshot.layout import ENTITIES
from kg.snapshot.releases.changes import WHATS, Change, Changed, compare_entities
from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner

VOCABULARY = load_vocabulary()


def lines(entities: Iterable[Entity]) -> dict[str, bytes]:
    ordered = sorted(entities, key=lambda e: e.id.encode())
    return {e.id: msgspec.json.encode(e) + b"\n" for e in ordered}


def between(
    old: Iterable[Entity], new: Iterable[Entity], moved: Mapping[str, str] = {}
) -> dict[str, tuple[Change, ...]]:
    olds, news = lines(old), lines(new)
    found = compare_entities(olds.values(), news.values(), moved, VOCABULARY, olds.get)
    return {changed.id: changed.changes for changed in found}


def model(id: str, *facts: Fact, **more: Any) -> Entity:
    return Entity(f"model/{id}", {"en": (id.upper(),)}, facts, **more)


def fact(name: str, *claims: Said, disputed: bool = False) -> Fact:
    best = [s for s in claims if s.rank == "preferred"] or [s for s in claims if s.rank == "normal"]
    prop = VOCABULARY.properties[name]
    values = tuple(dict.fromkeys(s.value for s in best if s.value is not None))
    return Fact(name, values[:1] if prop.single else values, claims, disputed)


A, B = "source/a", "source/b"


def test_new_gone_and_the_same() -> None:
    size = fact("parameterCount", Said(value=7, source=A))
    found = between([model("a"), model("b", size)], [model("b", size), model("c", size)])
    assert found == {
        "model/a": (Change(what="entity-removed"),),
        "model/c": (Change(what="entity-added", facts=1),),
    }


def one(was: Fact, now: Fact) -> tuple[Change, ...]:
    found = between([model("a", was)], [model("a", now)])
    return found.get("model/a", ())


def test_a_preferred_claim_changes_the_value_and_says_why() -> None:
    was = fact("parameterCount", Said(value=7, source=A))
    now = fact(
        "parameterCount",
        Said(value=8, source=B, rank="preferred", reason="the card was mended"),
        Said(value=7, source=A),
        disputed=True,
    )
    changed, dispute = one(was, now)
    assert changed == Change(
        what="value-changed",
        property="parameterCount",
        before=(7,),
        after=(8,),
        why="preferred",
        reason="the card was mended",
        sources=(B,),
    )
    assert dispute == Change(what="dispute-began", property="parameterCount", after=(8, 7))
    assert [c.what for c in one(now, was)] == ["value-changed", "dispute-ended"]


def test_why_a_value_no_longer_holds() -> None:
    was = fact("parameterCount", Said(value=7, source=A))
    rejected = fact(
        "parameterCount",
        Said(value=8, source=B),
        Said(value=7, source=A, rank="rejected", reason="a slip"),
    )
    assert (one(was, rejected)[0].why, one(was, rejected)[0].reason) == ("rejected", "a slip")
    assert one(was, fact("parameterCount", Said(value=8, source=A)))[0].why == "withdrawn"
    assert (
        one(was, fact("parameterCount", Said(value=8, source=B), Said(value=7, source=A)))[0].why
        == "outranked"
    )
    both = (Said(value=7, source=A), Said(value=8, source=B))
    turned = one(fact("parameterCount", *both), fact("parameterCount", *reversed(both)))
    assert [(c.why, c.sources) for c in turned] == [("reranked", (B,))]


def test_values_come_and_go_one_by_one() -> None:
    was = fact("language", Said(value="language/ko", source=A), Said(value="language/en", source=A))
    now = fact("language", Said(value="language/en", source=A))
    assert one(was, now) == (
        Change(what="value-removed", property="language", before=("language/ko",), why="withdrawn"),
    )
    assert one(now, was) == (
        Change(what="value-added", property="language", after=("language/ko",), sources=(A,)),
    )


def test_a_claim_more_for_the_same_value_is_no_change() -> None:
    assert not one(
        fact("parameterCount", Said(value=7, source=A)),
        fact("parameterCount", Said(value=7, source=B), Said(value=7, source=A)),
    )


def test_a_rename_is_told_once_with_what_changed_beside_it() -> None:
    child = fact("fineTunedFrom", Said(value="model/old", source=A))
    moved_child = fact("fineTunedFrom", Said(value="model/new", source=A))
    found = between(
        [model("child", child), model("old", fact("parameterCount", Said(value=7, source=A)))],
        [
            model("child", moved_child),
            model("new", fact("parameterCount", Said(value=8, source=A))),
        ],
        {"model/old": "model/new"},
    )
    assert set(found) == {"model/new"}  # the child's parent is the same thing as before
    assert [c.what for c in found["model/new"]] == [
        "entity-renamed",
        "value-changed",
        "value-changed",
    ]
    assert (found["model/new"][0].before, found["model/new"][0].after) == (
        ("model/old",),
        ("model/new",),
    )
    assert found["model/new"][1].property == "label"


def test_what_became_part_of_another() -> None:
    found = between([model("a"), model("b")], [model("b")], {"model/a": "model/b"})
    assert found == {
        "model/a": (Change(what="entity-renamed", before=("model/a",), after=("model/b",)),)
    }


def test_names_and_verdicts() -> None:
    was = Entity(
        "model/a", {"en": ("A", "Alpha")}, inferred=(Fact("commercialVerdict", ("allowed",), ()),)
    )
    now = Entity(
        "model/a",
        {"en": ("A", "Alfa"), "ko": ("에이",)},
        inferred=(
            Fact("commercialVerdict", ("prohibited",), ()),
            Fact("descendantCount", (9,), ()),
        ),
    )
    assert between([was], [now])["model/a"] == (
        Change(what="value-added", property="label", after=("에이",)),
        Change(what="value-changed", property="alias", before=("Alpha",), after=("Alfa",)),
        Change(
            what="verdict-changed",
            property="commercialVerdict",
            before=("allowed",),
            after=("prohibited",),
        ),
    )


sources = st.sampled_from([A, B])
claims = st.builds(
    Said, value=st.integers(1, 3), source=sources, rank=st.sampled_from(["normal", "rejected"])
)
entities = st.builds(
    lambda id, size, context: model(id, *size, *context),
    st.sampled_from("abcdefgh"),
    st.lists(
        st.builds(lambda c: fact("parameterCount", *c), st.lists(claims, min_size=1, max_size=3)),
        max_size=1,
    ),
    st.lists(
        st.builds(lambda c: fact("contextLength", *c), st.lists(claims, min_size=1, max_size=2)),
        max_size=1,
    ),
)
releases = st.lists(entities, unique_by=lambda e: e.id, max_size=8)


def held(entity: Entity) -> object:
    return {f.property: (set(f.values), f.disputed) for f in entity.facts if f.values or f.disputed}


@given(releases, releases)
def test_any_two_releases(old: list[Entity], new: list[Entity]) -> None:
    """Exactly those entities are told whose values are not the same, and in the order of ids."""
    found = between(old, new)
    olds, news = ({e.id: e for e in those} for those in (old, new))
    expected = {
        id
        for id in olds.keys() | news.keys()
        if id not in olds or id not in news or held(olds[id]) != held(news[id])
    }
    assert set(found) == expected and list(found) == sorted(found)
    assert not between(new, new)


# ---- through the build ----

ONE = """
model/a: {label: {en: A}, claims: {parameterCount: [{value: 7, from: gyebo}]}}
model/b: {label: {en: B}, claims: {fineTunedFrom: [{value: model/a, from: gyebo}]}}
org/o: {label: {en: O}}
"""
TWO = """
model/a:
  label: {en: A}
  claims:
    parameterCount:
      - {value: 8, from: gyebo, rank: preferred, reason: counted anew}
      - {value: 7, from: gyebo}
model/b: {label: {en: B}, claims: {fineTunedFrom: [{value: model/a, from: gyebo}]}}
model/c: {label: {en: C}}
"""


def told(snapshot: Snapshot, **asked: Any) -> list[tuple[str, list[str]]]:
    answer = changes(snapshot, **asked)
    return [(c.id, [change.what for change in c.changes]) for c in answer.entities]


def test_the_build_writes_what_changed(corner: Corner) -> None:
    corner.write(ONE)
    first = changes(corner.build())
    assert (first.before, first.total, first.entities) == (None, 0, [])
    corner.write(TWO)
    second = corner.build()
    answer = changes(second)
    assert (answer.before, answer.version) == (first.version, second.manifest.version)
    assert told(second) == [
        ("model/a", ["value-changed", "dispute-began"]),
        ("model/c", ["entity-added"]),
        ("org/o", ["entity-removed"]),
    ]
    assert answer.kinds == {"model": 2, "org": 1} and sum(answer.whats.values()) == 4
    assert not answer.entities[2].exists and answer.entities[2].label == "O"
    assert answer.entities[0].changes[0].reason == "counted anew"


def test_chosen_by_group_kind_and_page(corner: Corner) -> None:
    corner.write(ONE)
    corner.build()
    corner.write(TWO)
    snapshot = corner.build()
    assert told(snapshot, group="ranking") == [("model/a", ["value-changed"])]
    assert [id for id, _ in told(snapshot, kind="model")] == ["model/a", "model/c"]
    assert [id for id, _ in told(snapshot, first=1, most=1)] == ["model/c"]
    assert told(snapshot, group="verdicts") == told(snapshot, kind="dataset") == []


def test_every_change_stands_in_one_group() -> None:
    assert sorted(what for group in GROUPS.values() for what in group) == sorted(WHATS)


def test_the_same_release_again_keeps_its_changes(corner: Corner) -> None:
    for text in (ONE, TWO):
        corner.write(text)
        corner.build()
    again = corner.build()  # forced
    assert len(told(again)) == 3 and changes(again).before


def test_a_damaged_release_before_is_none(corner: Corner) -> None:
    corner.write(ONE)
    folder = corner.build().folder
    (folder / "release" / ENTITIES).write_bytes(b"{")
    corner.write(TWO)
    assert changes(corner.build()).before is None


def test_the_command(corner: Corner) -> None:
    def run(*args: str) -> str:
        done = CliRunner().invoke(main, ["--home", str(corner.config.home), "changes", *args])
        assert done.exit_code == 0, done.output
        return done.output

    corner.write(ONE)
    build(corner.config, corner.data)
    assert "is the first release here" in run()
    corner.write(TWO)
    build(corner.config, corner.data)
    text = run()
    assert "model/a  A" in text and "another value holds: parameters 7 → 8" in text.lower()
    assert "(A claim was preferred; counted anew)" in text
    assert "and 2 more" in run("--limit", "1")
    data = json.loads(run("--json", "--only", "disputes"))
    assert data["total"] == 1 and data["entities"][0]["changes"][0]["after"] == [8, 7]
    korean = run("--lang", "ko", "--only", "ranking")
    assert "값 변경: 파라미터 수" in korean
    bad = CliRunner().invoke(main, ["--home", str(corner.config.home), "changes", "--kind", "x"])
    assert bad.exit_code == 2 and "unknown kind" in bad.output


def test_changed_reads_back() -> None:
    changed = Changed(
        "model/a", {"en": "A"}, (Change(what="value-added", property="license", after=("x",)),)
    )
    assert msgspec.json.decode(msgspec.json.encode(changed), type=Changed) == changed
