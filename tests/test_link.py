"""Judgements and Hub ids become one mapping."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import DataError
from kg.link import Linker, link, read_judgements
from kg.model import Claim, Said
from kg.vocab import load_vocabulary
from tests.conftest import Corner

ids = st.sampled_from([f"model/{s}" for s in ("a", "b", "hf/o/a", "hf/o/b", "local/a")])


@given(st.lists(st.tuples(ids, ids), max_size=8), st.randoms())
def test_order_of_links_does_not_matter(pairs: list[tuple[str, str]], random: object) -> None:
    shuffled = pairs[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert Linker(pairs).redirects == Linker((b, a) for a, b in shuffled).redirects


def test_curated_before_hub_before_local() -> None:
    linker = Linker([("model/hf/o/a", "model/local/a"), ("model/hf/o/a", "model/zz")])
    assert linker.redirects == {"model/hf/o/a": "model/zz", "model/local/a": "model/zz"}


def test_subjects_and_values_are_linked() -> None:
    claim = Claim("model/hf/o/b", "fineTunedFrom", Said("model/hf/o/a", "source/s"))
    text = Claim("model/hf/o/b", "feature", Said("model/hf/o/a", "source/s"))
    linker = Linker([("model/hf/o/a", "model/a"), ("model/hf/o/b", "model/b")])
    linked, kept = link([claim, text], linker, load_vocabulary())
    assert (linked.subject, linked.said.value) == ("model/b", "model/a")
    assert kept.said.value == "model/hf/o/a"  # not an entity property: words stay as said


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {left: model/a}", "a judgement has the fields"),
        ("a: b", "must be a list"),
        ("- {left: model/a, right: b, same: true, author: x, date: 2026, reason: r}", "right must"),
        (
            "- {left: model/a, right: model/b, same: 1, author: x, date: 2026, reason: r}",
            "same must",
        ),
    ],
)
def test_bad_judgements(corner: Corner, text: str, message: str) -> None:
    path = corner.data / "judgements.yaml"
    path.write_text(text)
    with pytest.raises(DataError, match=message) as caught:
        read_judgements(path)
    assert caught.value.line == 1


def test_a_hub_id_links_unless_judged_apart(corner: Corner) -> None:
    corner.write(
        "model/a:\n  label: {en: A}\n  claims:\n    hubId: [{value: o/a, from: gyebo}]\n"
        "model/b:\n  label: {en: B}\n  claims:\n    hubId: [{value: o/b, from: gyebo}]\n"
    )
    (corner.data / "judgements.yaml").write_text(
        "- {left: model/b, right: model/hf/o/b, same: false, author: t, date: 2026-11-21, reason: r}"
    )
    snapshot = corner.build()
    assert snapshot.redirects == {"model/hf/o/a": "model/a"}
    assert snapshot.find("o/a") == "model/a"


def test_a_current_name_before_an_old_one() -> None:
    pairs = [("model/hf/gpt2", "model/hf/openai-community/gpt2")]
    linker = Linker(pairs, {"model/hf/gpt2"})
    assert linker.redirects == {"model/hf/gpt2": "model/hf/openai-community/gpt2"}
    curated = Linker([*pairs, ("model/gpt-2", "model/hf/gpt2")], {"model/hf/gpt2"})
    assert curated.canonical("model/hf/openai-community/gpt2") == "model/gpt-2"
