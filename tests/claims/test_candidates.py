"""Candidates: what must hold of any pair, and how well the score tells the judged ones apart."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kg.answers.judging import make_thing
from kg.claims.candidates import BEST, ComparedThing, Index, candidates, compare_things
from kg.language.names import read_name
from kg.model.claim import kind_of
from tests.linking.evaluate import HALVES, judged, rate

words = st.sampled_from(
    "Llama Alpaca 알파카 KoAlpaca Polyglot-Ko 2 3.1 7B 13B 8x7B chat v0.1 (주)퀀텀".split()
)
names = st.lists(words, min_size=1, max_size=4).map(" ".join)
ids = st.builds(
    "{}/{}/{}".format,
    st.sampled_from(["model", "org", "family"]),
    st.sampled_from(["a", "b", "hf"]),
    st.integers(0, 99),
)
things = st.builds(
    make_thing,
    ids,
    st.lists(names, min_size=1, max_size=2),
    st.lists(names, max_size=1),
    parameters=st.sampled_from([0, 7 * 10**9, 6_738_415_616]),
    date=st.sampled_from(["", "2023", "2023-03", "2023-03-13"]),
)


@given(things, things)
def test_a_pair_scores_alike_both_ways(left: ComparedThing, right: ComparedThing) -> None:
    assume(kind_of(left.id) == kind_of(right.id))
    found = compare_things(left, right)
    assert found.score == pytest.approx(compare_things(right, left).score)
    assert 0 <= found.score <= 1 and found.reasons


@given(st.lists(things, max_size=8, unique_by=lambda t: t.id), st.lists(things, max_size=8))
def test_never_across_kinds_nor_within_one_source(
    held: list[ComparedThing], stream: list[ComparedThing]
) -> None:
    index = Index(thing for thing in held if thing.space != "hf")
    hub = [thing for thing in stream if thing.space == "hf"]
    for found in candidates(index, hub, 0.0):
        assert kind_of(found.left) == kind_of(found.right)
        assert found.left.split("/")[1] != found.right.split("/")[1]


def test_the_hub_streams_past_in_bounded_memory() -> None:
    index = Index([make_thing("model/a/llama-7b", ["Llama 7B"])])
    hub = (make_thing(f"model/hf/org{n}/Llama-7B", ["Llama-7B"]) for n in range(500))
    assert len(candidates(index, hub)) == BEST


def test_a_family_is_not_its_model() -> None:
    model = make_thing("model/alpaca-7b", ["Alpaca 7B"], ["Stanford"])
    family = make_thing("model/x/alpaca", ["Alpaca"], ["Stanford"])
    sized = make_thing("model/x/alpaca", ["Alpaca"], ["Stanford"], parameters=7 * 10**9)
    assert compare_things(model, family).score < 0.65 < compare_things(model, sized).score
    assert "may be the family" in str(compare_things(model, family).reasons)


@pytest.mark.parametrize(
    "text", ["Alpaca", "알파카 7B", "", "()", "💥", "v", "7B", "GPT-4o (2024-05-13)", "a" * 10_000]
)
def test_any_name_is_taken_apart(text: str) -> None:
    assert isinstance(read_name(text).joined, str)


@pytest.mark.parametrize("half", HALVES)
def test_judged_pairs_are_told_apart(half: str) -> None:
    """Bounds a little below what is measured; make eval-linking prints the table."""
    pairs = judged(half)
    assert len(pairs) > 100
    assert rate(pairs, 0.6).precision > 0.85 and rate(pairs, 0.6).recall > 0.75
    assert rate(pairs, 0.8).precision > 0.95
    assert rate(pairs, 0.3).recall > 0.85
