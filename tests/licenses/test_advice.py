"""The answer people need: the sentence, the checklist, what is not known, the NOTICE."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.answers.advice.notice import notice_answer
from kg.answers.contract import DutyAnswer, LicenseAnswer
from kg.answers.license import license_answer
from kg.cli._license.markdown import license_markdown
from kg.cli._license.text import license_text
from kg.cli.main import main
from kg.licenses.profile import Profile
from kg.licenses.rules import USES
from kg.licenses.terms import Use
from kg.snapshot.snapshot import Snapshot

LICENSED = ("model", "family", "dataset")


def duties(answer: LicenseAnswer) -> dict[str, DutyAnswer]:
    return {one.duty: one for one in answer.checklist if one.sure}


@pytest.mark.parametrize("use", USES)
def test_the_decisive_clause_has_the_effect_of_the_verdict(snapshot: Snapshot, use: Use) -> None:
    for kind in LICENSED:
        for entity in snapshot.entities(kind):
            answer = license_answer(snapshot, entity.id, use)
            made = answer.decisive
            assert answer.label in answer.sentence
            if answer.verdict == "allowed":
                assert made is None
                continue
            if made is None and answer.agreeing:  # the members' clauses are many, and theirs
                assert str(answer.agreeing) in answer.sentence or answer.agreeing == 1
                continue
            assert made is not None, entity.id
            assert made.why in answer.sentence
            effects = {f.effect for f in answer.findings if f.clause == made.clause and f.weighs}
            effects |= {c.effect for c in answer.conflicts if c.conflict == made.clause}
            assert answer.verdict in effects, entity.id


def test_the_checklist_of_a_changed_llama(snapshot: Snapshot) -> None:
    found = duties(license_answer(snapshot, "koalpaca-llama", "redistribute"))
    assert found["license-copy"].when == "redistribute"
    licenses = {ref.id for ref in found["license-copy"].licenses}
    assert licenses == {"license/apache-2.0", "license/llama-1"}
    prescribed = "LLaMA is licensed under the LLaMA License, Copyright (c) Meta Platforms, Inc. All Rights Reserved."
    assert prescribed in found["notice"].lines
    assert any("Beomi" in line and "Apache" in line for line in found["notice"].lines)


def test_what_may_not_bind_stands_apart(snapshot: Snapshot) -> None:
    answer = license_answer(snapshot, "koalpaca-llama")
    sure = [one.sure for one in answer.checklist]
    assert sure == sorted(sure, reverse=True) and False in sure
    for one in answer.checklist:
        if not one.sure:
            assert "license/llama-1" not in {ref.id for ref in one.licenses}


def test_a_name_that_fits_is_no_duty(snapshot: Snapshot) -> None:
    (model,) = [
        m.id
        for m in snapshot.entities("model")
        if any(
            one.duty == "name-prefix" and one.licenses[0].id == "license/llama-3-license"
            for one in license_answer(snapshot, m.id, "redistribute").checklist
        )
        and m.id != "model/llama-3-8b"
    ][:1]
    asked = duties(license_answer(snapshot, model, "redistribute", Profile(name="Kim-7B")))
    named = duties(license_answer(snapshot, model, "redistribute", Profile(name="Llama 3 Kim")))
    prefixed = [
        ref.id
        for one in (asked, named)
        if "name-prefix" in one
        for ref in one["name-prefix"].licenses
    ]
    assert prefixed


def test_every_finding_that_asks_for_something_is_on_the_checklist(snapshot: Snapshot) -> None:
    kinds = snapshot.states.engine.terms.kinds
    for entity in snapshot.entities("model"):
        answer = license_answer(snapshot, entity.id)
        listed = {(one.duty, ref.id) for one in answer.checklist for ref in one.licenses}
        asked = {
            (f.clause, f.license)
            for f in answer.findings
            if f.license and f.weighs and kinds[f.clause].duty and kinds[f.clause].asks is None
        }
        assert asked == {pair for pair in listed if kinds[pair[0]].asks is None}, entity.id


def test_what_is_not_known_is_grouped(snapshot: Snapshot) -> None:
    for entity in snapshot.entities("model"):
        answer = license_answer(snapshot, entity.id)
        told = {(gap.clause, id, gap.weighs) for gap in answer.gaps for id in gap.ids}
        found = {(f.clause, f.path[-1], f.weighs) for f in answer.findings if f.group == "unknown"}
        assert told == found, entity.id
        for gap in answer.gaps:
            assert len(gap.ids) < 3 or str(len(gap.ids)) in gap.text


# ---- NOTICE


def run(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), "notice", *arguments])


def test_a_notice_names_the_whole_ancestry(snapshot: Snapshot) -> None:
    for id in ("koalpaca-llama", "kovicuna-7b", "alpaca-lora", "dataset/alpaca-52k"):
        answer = license_answer(snapshot, id, "redistribute")
        notice = notice_answer(snapshot, id)
        kinds = snapshot.states.engine.terms.kinds
        owed = {f.license for f in answer.findings if f.license and kinds[f.clause].flows}
        assert {part.license.id for part in notice.parts} == owed
        for part in notice.parts:
            assert part.url is None or part.url in notice.text
            assert all(line in notice.text for line in part.lines)
        for finding in answer.findings:
            if finding.clause in ("notice", "badge"):
                assert all(line in notice.text for line in finding.lines), (id, finding.clause)
        assert all(gap.text in notice.text for gap in answer.gaps)


@pytest.mark.parametrize(
    ("lang", "anew", "carries"),
    [
        ("en", "licensed anew by its maker, who wrote DeepSeek", "carries all that was inherited"),
        ("ko", "작성자인 개발사가 새로 이용허락함", "모두 담고 있음"),
    ],
)
def test_who_wrote_a_license_licensed_anew(
    corners: Snapshot, lang: str, anew: str, carries: str
) -> None:
    answer = license_answer(corners, "model/case-written-anew", lang=lang)
    assert [one.id for one in answer.anew] == ["license/deepseek-license-1.0"]
    for text in (license_text(answer, lang, all=True), license_markdown(answer, lang)):
        assert anew in text and carries not in text
    assert "DeepSeek License" not in notice_answer(corners, "model/case-written-anew").text
    for others in ("model/case-written-distilled", "model/case-written-by-others"):
        assert not license_answer(corners, others, lang=lang).anew


def test_a_notice_is_not_written_over_by_accident(snapshot_home: Path, tmp_path: Path) -> None:
    path = tmp_path / "NOTICE"
    assert run(snapshot_home, "koalpaca-llama", "-o", str(path)).exit_code == 0
    first = path.read_bytes()
    assert b"LLaMA is licensed under the LLaMA License" in first
    path.write_text("mine", encoding="utf-8")
    refused = run(snapshot_home, "koalpaca-llama", "-o", str(path))
    assert refused.exit_code == 2 and "--force" in refused.output
    assert path.read_text(encoding="utf-8") == "mine"
    assert run(snapshot_home, "koalpaca-llama", "-o", str(path), "--force").exit_code == 0
    assert path.read_bytes() == first


def test_a_notice_says_whether_it_may_be_passed_on(snapshot_home: Path) -> None:
    result = run(snapshot_home, "koalpaca-llama", "--json")
    answer = json.loads(result.stdout)
    assert answer["verdict"] in ("conditional", "prohibited") and answer["parts"]
    assert answer["sentence"] in result.stderr and "not legal advice" in result.stderr
    korean = run(snapshot_home, "koalpaca-llama", "--lang", "ko", "--name", "코알라")
    assert "코알라" in korean.stdout and "대상:" in korean.stdout
    assert run(snapshot_home, "org/meta").exit_code == 2
