"""The query language: filters narrow exactly, and nothing a person can type is an error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.answers import lineage as lineage_answer
from kg.answers import search as search_answer
from kg.model.claim import kind_of
from kg.search.query import FIELDS, Is, Query, Range, parse
from kg.snapshot.snapshot import Snapshot


def ids(snapshot: Snapshot, text: str) -> set[str]:
    """All that is found, copies as well."""
    return {hit.id for hit in search_answer.search(snapshot, text, limit=20_000, group=False).hits}


def test_ranges() -> None:
    assert parse("params:7b..13b").filters == (Range("params", 7e9, 13e9),)
    assert parse("params:13B..7B").filters == parse("params:7b..13b").filters  # ends swapped
    assert parse("params:..1.3b").filters == (Range("params", 0, 1.3e9),)
    assert parse("released:2023-03").filters == (Range("released", 20230301, 20230331),)
    assert parse("released:2023-03..2023").filters == (Range("released", 20230301, 20231231),)
    assert parse("-released:2023-03-13..").filters[0].negated


def test_words_phrases_alternatives_and_exclusions() -> None:
    asked = parse('한국어 "instruction data" llama OR 라마 -quantized kind:model')
    assert asked.text == "한국어"
    assert asked.phrases == (('"instruction data"',), ("llama", "라마"))
    assert (asked.without, asked.filters) == (("quantized",), (Is("kind", "model"),))


@pytest.mark.parametrize(
    "text", ["params:big", "released:soon", "released:2023-13", "params:..", "x:y"]
)
def test_what_is_not_understood_becomes_words_and_a_note(text: str) -> None:
    asked = parse(text)
    assert (len(asked.notes), bool(asked.text), asked.filters) == (1, True, ())


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    assert isinstance(parse(text), Query)


fields = st.sampled_from([*FIELDS, "colour", "", "-kind"])
values = st.sampled_from(
    ["meta", "7b..", "..", "2023", "13b..7b", '"', "((((", "-", "모델", "\ud800", "OR"]
)


@given(st.lists(st.builds("{}:{}".format, fields, values), max_size=5))
def test_any_mixture_gets_an_answer(snapshot: Snapshot, parts: list[str]) -> None:
    answer = search_answer.search(snapshot, " ".join(parts))
    assert answer.total >= len(answer.hits)


def test_filters_equal_the_facts(snapshot: Snapshot) -> None:
    """Each filter against the plain reading of every entity, with what reaches it from its family."""
    everything = [*map(snapshot.inheritance.widened, snapshot.entities())]
    models = [e for e in everything if kind_of(e.id) == "model"]
    meta = {e.id for e in models if "org/meta" in e.values("developer")}
    assert ids(snapshot, "kind:model org:meta") == meta == ids(snapshot, "kind:model org:메타")
    sized = {
        e.id for e in models if any(7e9 <= int(v or 0) <= 13e9 for v in e.values("parameterCount"))
    }
    assert ids(snapshot, "kind:model params:7b..13b") == sized
    adapters = {e.id for e in models if e.values("adapterOf")}
    assert ids(snapshot, "relation:adapter") == adapters
    apache = {e.id for e in everything if "license/apache-2.0" in e.values("license")}
    assert ids(snapshot, "license:apache-2.0") == apache
    open_weights = {e.id for e in everything if "open-weights" in e.values("access")}
    assert open_weights and ids(snapshot, "access:open-weights") == open_weights
    others = {e.id for e in models} - apache
    assert ids(snapshot, "kind:model -license:apache-2.0") == others


def test_descendants_equal_the_lineage(snapshot: Snapshot) -> None:
    below = lineage_answer.lineage(snapshot, "family/llama", "down").nodes
    models = {n.id for n in below if n.role == "descendant" and n.kind == "model"}
    assert ids(snapshot, "kind:model descendants-of:family/llama") == models
    adapters = ids(snapshot, "kind:model relation:adapter")
    assert (
        ids(snapshot, "kind:model descendants-of:family/llama -relation:adapter")
        == models - adapters
    )


def test_exclusion_phrase_and_alternatives(snapshot: Snapshot) -> None:
    assert "model/koalpaca-llama" not in ids(snapshot, "lang:korean -llama kind:model")
    assert "dataset/alpaca-52k" in ids(snapshot, '"instruction data"')
    both = ids(snapshot, "알파카 OR 비쿠나 kind:family")
    assert {"family/alpaca", "family/vicuna"} <= both


def test_facets_count_all_hits(snapshot: Snapshot) -> None:
    answer = search_answer.search(snapshot, "kind:model org:meta")
    assert answer.facets["org"]["org/meta"] == answer.total
    assert answer.facets["kind"] == {"model": answer.total}


def test_an_unknown_field_does_not_empty_the_hits(snapshot: Snapshot) -> None:
    answer = search_answer.search(snapshot, "llama org:meta colour:red")
    assert answer.hits[0].id == "family/llama"
    assert "there is no field 'colour'" in answer.notes[0]


def test_an_unknown_value_is_told(snapshot: Snapshot) -> None:
    answer = search_answer.search(snapshot, "llama org:nobody")
    assert answer.notes == ["nothing has the org 'nobody'"]
    assert answer.total


def test_a_name_within_a_longer_one_that_ends_in_a_number_is_answered(snapshot: Snapshot) -> None:
    name = "OpenAI 서비스 계약(2026년 1월): 사용 제한"
    ids = [hit.id for hit in snapshot.index.search(parse(name), 20).hits]
    assert ids[0] == "license/openai-services-agreement-2026-01-01"
