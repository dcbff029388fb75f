"""Three generations of a model: which parents, children and data are shown, and how many more there are."""

from __future__ import annotations

import numpy as np
import pytest

from kg.answers.tree.from_base import facts_of_base
from kg.answers.tree.kin import find_kin
from kg.answers.tree.members import member_spans
from kg.answers.tree.neighbors import Graph
from kg.errors import UnknownId
from kg.model.claim import kind_of
from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner, serving
from tests.web.app.test_web import browse

CORNER = """
org/o: {label: {en: O}}
language/korean: {label: {en: Korean, ko: 한국어}}
family/f:
  label: {en: F}
family/taught:
  label: {en: Taught}
  claims:
    contextLength: [{value: 512, from: gyebo}]
model/base:
  label: {en: Base}
  claims:
    contextLength: [{value: 2048, from: gyebo}]
    parameterCount: [{value: 12800000000, from: gyebo}]
    language: [{value: language/korean, from: gyebo}]
model/tuned:
  label: {en: Tuned}
  claims:
    inFamily: [{value: family/f, from: gyebo}]
    fineTunedFrom: [{value: model/base, from: gyebo}]
    releaseDate: [{value: 2023-04, from: gyebo}]
model/copy:
  label: {en: Copy}
  claims:
    inFamily: [{value: family/f, from: gyebo}]
    quantizedFrom: [{value: model/tuned, from: gyebo}]
    parameterCount: [{value: 100, from: gyebo}]
    releaseDate: [{value: 2024, from: gyebo}]
model/adapter:
  label: {en: Adapter}
  claims:
    adapterOf: [{value: model/tuned, from: gyebo}]
model/merged:
  label: {en: Merged}
  claims:
    mergedFrom: [{value: model/tuned, from: gyebo}, {value: model/copy, from: gyebo}]
model/grown:
  label: {en: Grown}
  claims:
    continuedFrom: [{value: model/base, from: gyebo}]
model/member:
  label: {en: Member}
  claims:
    inFamily: [{value: family/taught, from: gyebo}]
    fineTunedFrom: [{value: model/base, from: gyebo}]
model/of-member:
  label: {en: Of member}
  claims:
    quantizedFrom: [{value: model/member, from: gyebo}]
"""


def test_parents_children_and_data_of_a_model(snapshot: Snapshot) -> None:
    kin = find_kin(snapshot, "model/alpaca-7b")
    assert [one.id for one in kin.parents] == [
        "model/llama-7b"
    ] and kin.here.kind == "fineTunedFrom"
    assert "dataset/alpaca-52k" in {one.data.id for one in kin.data}
    korean = find_kin(snapshot, "model/koalpaca-polyglot-12.8b", "ko")
    assert korean.here.label == "KoAlpaca-Polyglot 12.8B"
    assert {by.id for one in korean.data for by in one.writers} == {"product/chatgpt"}


def test_what_is_not_shown_is_counted_and_the_most_descended_come_first(snapshot: Snapshot) -> None:
    start = snapshot.number("model/llama-7b")
    children = Graph(snapshot).children(np.array([start]))
    kin = find_kin(snapshot, "model/llama-7b", most=(1, 2, 1))
    assert len(kin.children) == 2 and kin.more_children == len(children) - 2 > 0
    below = [snapshot.lineage.descendant_count(snapshot.number(one.id)) for one in kin.children]
    every = sorted((snapshot.lineage.descendant_count(n) for n in children.tolist()), reverse=True)
    assert below == every[:2]
    with pytest.raises(UnknownId):
        find_kin(snapshot, "model/nobody")


def test_counts_of_many_are_those_of_each(snapshot: Snapshot) -> None:
    nodes = np.arange(snapshot.lineage.size)
    counts = snapshot.lineage.descendant_counts(nodes)
    assert counts.tolist() == [snapshot.lineage.descendant_count(n) for n in nodes.tolist()]


def test_every_model_has_kin_that_are_its_own(snapshot: Snapshot) -> None:
    graph = Graph(snapshot)
    for entity in [*snapshot.entities("model")][::7]:
        kin = find_kin(snapshot, entity.id)
        parents = {snapshot.id_at(e.parent) for e in graph.parents(snapshot.number(entity.id))}
        assert {one.id for one in kin.parents} <= parents
        assert len(kin.parents) + kin.more_parents == len(parents)
        assert all(kind_of(one.id) in ("model", "family") for one in kin.children)
        assert all(one.id != entity.id for one in (*kin.parents, *kin.children))


def test_what_is_said_of_the_base_and_of_members(corner: Corner) -> None:
    corner.write(CORNER)
    snapshot = corner.build()

    def of_base(id: str) -> dict[str, tuple[object, str]]:
        wanted = {"contextLength", "parameterCount", "language"}
        found = facts_of_base(snapshot, snapshot.number(id), wanted)
        return {name: (one.fact.values[0], one.base) for name, one in found.items()}

    size = {"parameterCount": (12_800_000_000, "model/base")}
    context = {"contextLength": (2048, "model/base")}
    assert of_base("model/tuned") == size | context  # what it speaks may have changed
    assert of_base("model/copy") == {"parameterCount": size["parameterCount"]} | context
    assert of_base("model/adapter") == context  # an adapter is smaller than its base
    assert of_base("model/merged") == {}  # of two parents neither decides
    assert of_base("model/grown") == {}  # what continued training may have changed it
    # The nearest that says anything decides, here the family of the base.
    assert of_base("model/of-member")["contextLength"] == (512, "family/taught")
    assert of_base("model/base") == {}

    spans = member_spans(snapshot, snapshot.number("family/f"))
    assert spans == {"parameterCount": (100, 100), "releaseDate": ("2023-04", "2024")}

    with serving(corner.config) as app:
        client = app.test_client()
        strip = browse(client, "/model/tuned").text.partition('<dl class="strip">')[2]
        strip = strip.partition("</dl>")[0]
        assert "12.8B" in strip and '<a class="tag" href="/model/base#contextLength">' in strip
        assert "of its members" in browse(client, "/family/f").text
        assert "12800000000" not in client.get("/model/tuned.json").text  # no claim on the model
