"""Judgements and Hub ids become one mapping."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kg.claims.judgements import append, in_force, line_of, linker, read_judgements
from kg.claims.linking import CURATED, FOUND, JUDGED, Linker, Tie, link
from kg.claims.run_writing import RunWriter
from kg.errors import DataError
from kg.model.claim import Claim, Judgement, Said, slug_of
from kg.model.vocabulary import load_vocabulary
from kg.paths import DATA
from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner

NAMES = [f"model/{s}" for s in ("a", "b", "hf/o/a", "hf/o/b", "x/a", "local/a")]
ids = st.sampled_from(NAMES)
pairs = st.tuples(ids, ids)
ties = st.lists(st.builds(Tie, ids, ids, st.integers(JUDGED, FOUND)), max_size=10)


@given(ties, st.lists(pairs, max_size=4), st.randoms())
def test_order_of_links_does_not_matter(
    given: list[Tie], apart: list[tuple[str, str]], random: object
) -> None:
    turned = [t._replace(left=t.right, right=t.left) for t in given]
    random.shuffle(turned)  # type: ignore[attr-defined]
    first, second = Linker(given, apart), Linker(turned, [(b, a) for a, b in apart[::-1]])
    assert first.redirects == second.redirects
    assert {d.tie for d in first.dropped} == {d.tie for d in second.dropped}


@given(ties, st.lists(pairs, max_size=6))
def test_what_is_apart_never_merges(given: list[Tie], apart: list[tuple[str, str]]) -> None:
    linker = Linker(given, apart)
    for left, right in apart:
        assert left == right or linker.canonical(left) != linker.canonical(right)


@given(ties, st.lists(pairs, max_size=6))
def test_a_dropped_tie_is_the_weakest_of_its_chain(
    given: list[Tie], apart: list[tuple[str, str]]
) -> None:
    for dropped in Linker(given, apart).dropped:
        assert dropped.apart in apart or dropped.apart[::-1] in apart
        assert dropped.tie in dropped.chain
        assert dropped.tie.strength == max(tie.strength for tie in dropped.chain)
        ends = [end for tie in dropped.chain for end in tie[:2]]
        odd = {id for id in ends if ends.count(id) % 2}
        assert odd == set(dropped.apart)  # a path from one to the other


@given(ties)
def test_without_judgements_all_ties_hold(given: list[Tie]) -> None:
    linker = Linker(given)
    assert not linker.dropped
    assert all(linker.canonical(t.left) == linker.canonical(t.right) for t in given)


def judgement(left: str, right: str, same: bool, line: int = 0) -> Judgement:
    return Judgement(
        left=left,
        right=right,
        same=same,
        author="t",
        date="2026-11-21",
        reason="r",
        origin=f"judgements.yaml:{line}",
    )


@given(
    st.lists(st.builds(judgement, ids, ids, st.booleans(), st.integers(1, 99)), max_size=8), ties
)
def test_judged_apart_holds_or_the_build_fails(
    judgements: list[Judgement], given: list[Tie]
) -> None:
    assume(all(j.left != j.right for j in judgements))
    found = [tie._replace(strength=FOUND) for tie in given]
    try:
        made = linker(judgements, found)
    except DataError as error:
        assert "delete one of these lines" in str(error)
        return
    for judged in in_force(judgements):
        same = made.canonical(judged.left) == made.canonical(judged.right)
        assert same == judged.same or (same and judged.same)


def test_the_weakest_link_of_a_chain_is_left_out() -> None:
    given = [Tie("model/a", "model/hf/o/a", CURATED), Tie("model/x/a", "model/hf/o/a", FOUND)]
    made = Linker(given, [("model/x/a", "model/a")])
    (dropped,) = made.dropped
    assert dropped.tie == Tie("model/hf/o/a", "model/x/a", FOUND)
    assert str(dropped) in (
        "model/a = model/hf/o/a = model/x/a",
        "model/x/a = model/hf/o/a = model/a",
    )
    assert made.redirects == {"model/hf/o/a": "model/a"}


def test_judgements_that_contradict_each_other_name_their_lines() -> None:
    chain = [judgement("model/a", "model/b", True, 3), judgement("model/b", "model/x/a", True, 4)]
    with pytest.raises(
        DataError, match=r"yaml:3, judgements.yaml:4 say that .* but judgements.yaml:9"
    ):
        linker([*chain, judgement("model/x/a", "model/a", False, 9)], ())


def test_the_later_of_two_lines_holds() -> None:
    lines = [judgement("model/a", "model/b", True), judgement("model/b", "model/a", False)]
    assert not linker(lines, ()).redirects
    assert linker(lines[::-1], ()).redirects


def test_curated_before_hub_before_local() -> None:
    linker = Linker([Tie("model/hf/o/a", "model/local/a"), Tie("model/hf/o/a", "model/zz")])
    assert linker.redirects == {"model/hf/o/a": "model/zz", "model/local/a": "model/zz"}


def test_subjects_and_values_are_linked() -> None:
    claim = Claim("model/hf/o/b", "fineTunedFrom", Said(value="model/hf/o/a", source="source/s"))
    text = Claim("model/hf/o/b", "feature", Said(value="model/hf/o/a", source="source/s"))
    linker = Linker([Tie("model/hf/o/a", "model/a"), Tie("model/hf/o/b", "model/b")])
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
        (
            "- {left: model/a, right: model/a, same: true, author: x, date: 2026, reason: r}",
            "as itself",
        ),
        (
            "- {left: model/a, right: org/a, same: true, author: x, date: 2026, reason: r}",
            "never the same",
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


def test_a_chain_over_hub_ids_is_cut_and_named(corner: Corner) -> None:
    corner.write(
        "model/a:\n  label: {en: A}\n  claims:\n    hubId: [{value: o/a, from: gyebo}]\n"
        "model/b:\n  label: {en: B}\n  claims:\n    hubId: [{value: o/a, from: gyebo}]\n"
    )
    (corner.data / "judgements.yaml").write_text(
        "- {left: model/b, right: model/a, same: false, author: t, date: 2026-11-21, reason: r}"
    )
    snapshot = corner.build()
    assert snapshot.redirects == {"model/hf/o/a": "model/a"}
    issues = (snapshot.folder / "release" / "issues.jsonl").read_text()
    assert "the weakest link of model/b = model/hf/o/a = model/a was left out" in issues


def test_names_that_leave_no_doubt_are_joined_until_one_line_parts_them(corner: Corner) -> None:
    corner.write(
        "org/oak:\n  label: {en: Oak}\n"
        "model/a-7b:\n  label: {en: A 7B}\n  claims:\n    developer: [{value: org/oak, from: gyebo}]\n"
    )
    writer = RunWriter(corner.config.home / "runs", "list", load_vocabulary())
    for subject, property, value in (
        ("org/list/oak", "label", "Oak"),
        ("model/list/oak-a-7b", "label", "a-7b"),
        ("model/list/oak-a-7b", "developer", "org/list/oak"),
    ):
        writer.add(Claim(subject, property, Said(value=value, source="source/list")))
    writer.finish((), "source/list", "here", "2026-11-29")
    joined = {"model/list/oak-a-7b": "model/a-7b", "org/list/oak": "org/oak"}
    assert corner.build().redirects == joined
    (corner.data / "judgements.yaml").write_text(
        "- {left: model/a-7b, right: model/list/oak-a-7b, same: false, author: t, date: 2026-11-29, reason: r}"
    )
    snapshot = corner.build()
    assert snapshot.redirects == {"org/list/oak": "org/oak"}
    assert not snapshot.manifest.counts["warnings"]


def test_no_redirect_leads_nowhere(corner: Corner) -> None:
    corner.write("model/a:\n  label: {en: A}\n")
    line = "- {left: %s, right: %s, same: true, author: t, date: 2026-11-21, reason: r}\n"
    (corner.data / "judgements.yaml").write_text(
        line % ("model/x/a", "model/a") + line % ("model/x/b", "model/y/b")
    )
    snapshot = corner.build()
    assert snapshot.redirects == {"model/x/a": "model/a"}
    assert not snapshot.manifest.counts["warnings"]


texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1)


@given(st.lists(st.tuples(pairs, st.booleans(), texts, texts), min_size=1, max_size=3))
def test_what_is_appended_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, given: list[tuple[tuple[str, str], bool, str, str]]
) -> None:
    path = tmp_path_factory.mktemp("data") / "judgements.yaml"
    new = [
        Judgement(left=p[0], right=p[1], same=same, author=a, date="2026-11-21", reason=r)
        for p, same, a, r in given
        if p[0] != p[1]
    ]
    head = "# a comment\n- {left: org/p, right: org/q, same: true, author: x, date: 2026-01-01, reason: r}"
    path.write_text(head, encoding="utf-8")
    try:
        append(path, new)
    except DataError:
        assert path.read_text(encoding="utf-8") == head
        return
    text = path.read_text(encoding="utf-8")
    assert text.startswith(head) and len(text.splitlines()) == 2 + len(new)
    for judged, wanted in zip(read_judgements(path)[1:], new, strict=True):
        assert (judged.left, judged.right, judged.same) == (wanted.left, wanted.right, wanted.same)
        assert judged.reason == " ".join(wanted.reason.split())


def test_the_judgements_of_this_repository(snapshot: Snapshot) -> None:
    judgements = read_judgements(DATA / "judgements.yaml")
    linker(judgements, ())  # no contradiction
    assert all(snapshot.lines.find(id) is not None for id in snapshot.redirects.values())
    ours = {id for j in judgements for id in (j.left, j.right) if "/" not in slug_of(id)}
    assert ours and all(snapshot.lines.find(id) is not None for id in ours)
    assert len(judgements) == len(in_force(judgements))


def test_each_judgement_stands_on_one_line() -> None:
    text = (DATA / "judgements.yaml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert lines == [line_of(j) for j in read_judgements(DATA / "judgements.yaml")]


def test_a_current_name_before_an_old_one() -> None:
    ties = [Tie("model/hf/gpt2", "model/hf/openai-community/gpt2")]
    linked = Linker(ties, outdated={"model/hf/gpt2"})
    assert linked.redirects == {"model/hf/gpt2": "model/hf/openai-community/gpt2"}
    curated = Linker([*ties, Tie("model/gpt-2", "model/hf/gpt2")], outdated={"model/hf/gpt2"})
    assert curated.canonical("model/hf/openai-community/gpt2") == "model/gpt-2"
