"""The license cases of RULES.md 4.4, 4.5 and 4.7, each asked as a user would ask it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from kg.answers.contract import LicenseAnswer
from kg.answers.license import license_answer
from kg.cli._license.text import license_text
from kg.files.yaml import read_yaml
from kg.licenses.profile import Profile
from kg.licenses.rules import USES
from kg.licenses.verdicts import verdict_of
from kg.snapshot.snapshot import Snapshot

CASES: list[dict[str, Any]] = read_yaml(Path(__file__).with_name("cases.yaml")).data


def asked(case: dict[str, Any], snapshot: Snapshot) -> LicenseAnswer:
    profile = msgspec.convert(case.get("profile", {}), Profile)
    return license_answer(snapshot, case["ask"], case.get("use", "commercial"), profile)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["id"])
def test_case(case: dict[str, Any], corners: Snapshot) -> None:
    answer = asked(case, corners)
    for name in ("verdict", "parts", "consistency", "declared", "file-alone"):
        if name in case:
            assert getattr(answer, name.replace("-", "_")) == case[name], name
    for wanted in case.get("findings", ()):
        found = [msgspec.to_builtins(f) for f in answer.findings if f.clause == wanted["clause"]]
        assert any(f.items() >= wanted.items() for f in found), (wanted, found)
    assert not {f.clause for f in answer.findings if f.weighs} & set(case.get("without", ()))
    assert not {f.clause for f in answer.findings} & set(case.get("absent", ()))
    assert set(case.get("changes", ())) <= set(answer.changes)
    assert set(case.get("dropped", ())) <= set(answer.dropped)
    sets = {s.value or "without": s.verdict for s in answer.claim_sets}
    assert sets.items() >= case.get("claim-sets", {}).items()
    if "overruled" in case:
        assert [s.value for s in answer.claim_sets if s.overruled] == case["overruled"]
    if "conflicts" in case:
        assert [c.conflict for c in answer.conflicts] == case["conflicts"]
    if case.get("would-satisfy") == []:
        assert answer.would_satisfy == []
    assert set(case.get("would-satisfy", ())) <= set(answer.would_satisfy)


def test_every_finding_has_a_path_in_the_graph(corners: Snapshot) -> None:
    for case in CASES:
        for finding in asked(case, corners).findings:
            assert finding.path[0] == case["ask"]
            assert len(finding.edges) == len(finding.path) - 1
            for child, relation, parent in zip(
                finding.path, finding.edges, finding.path[1:], strict=False
            ):
                ends = (
                    {(child, parent), (parent, child)}
                    if relation == "inFamily"
                    else {(child, parent)}
                )
                assert any(p in map(str, corners.entity(c).values(relation)) for c, p in ends)


def test_the_array_says_what_the_answers_say(corners: Snapshot) -> None:
    snapshot = corners
    for kind in ("model", "family", "dataset"):
        for number in range(*snapshot.kind_range(kind)):
            id = snapshot.id_at(number)
            said = [verdict_of(code) for code in snapshot.verdicts[number].tolist()]
            assert said == [license_answer(snapshot, id, use).verdict for use in USES], id


def test_terms_in_force_are_facts_with_their_premises(corners: Snapshot) -> None:
    entity = corners.entity("model/case-vicuna")
    facts = {fact.property: fact for fact in entity.inferred}
    assert facts["commercialVerdict"].values == ("prohibited",)
    said = {s.value: s.note for s in facts["effectiveTerm"].claims}
    assert said["clause/llama-1/research-only"] == "fineTunedFrom model/case-llama-1"
    assert "clause/llama-1/license-copy" not in said
    assert corners.entity("clause/llama-1/research-only").values("clauseKind") == ("research-only",)


def test_what_is_not_asked_of_other_kinds(corners: Snapshot) -> None:
    assert verdict_of(int(corners.verdicts[corners.number("org/case-a")][0])) is None


@pytest.mark.parametrize(
    ("lang", "edge", "doubt", "without"),
    [
        (
            "en",
            "no source states it",
            "only a rule infers",
            "without the parent that a rule infers",
        ),
        (
            "ko",
            "그렇게 밝힌 출처는 없습니다",
            "규칙으로만 추론한 상위 모델",
            "규칙으로 추론한 상위 모델을 빼면",
        ),
    ],
)
def test_a_doubt_names_the_guessed_edge(
    lang: str, edge: str, doubt: str, without: str, corners: Snapshot
) -> None:
    answer = license_answer(corners, "model/case-guessed-exaone", lang=lang)
    guessed = [f for f in answer.findings if f.doubtful]
    assert guessed and all(any(edge in note for note in f.notes) for f in guessed)
    assert [(one.property, one.doubtful) for one in answer.claim_sets] == [("quantizedFrom", True)]
    text = license_text(answer, lang, all=True)
    assert doubt in text and without in text


def test_no_use_of_a_guessed_parent_without_a_license_is_allowed(corners: Snapshot) -> None:
    kept = corners.verdicts[corners.number("model/case-guessed-bare")].tolist()
    for use, code in zip(USES, kept, strict=True):
        answer = license_answer(corners, "model/case-guessed-bare", use)
        assert answer.verdict in ("unknown", "contested") and answer.verdict == verdict_of(code)
