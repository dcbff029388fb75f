"""Forms: each names only what the ontology has, in both languages, and is read strictly."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kg.documents.form import FOLDER, find_form, forms, read_form
from kg.errors import DataError, InputError
from kg.licenses.rules import LicenseRules
from kg.model.vocabulary import load_vocabulary
from kg.snapshot.snapshot import Snapshot

FORM = """
title: {en: A form, ko: 서식}
basis:
  name: {en: A law, ko: 법}
  place: {en: Article 1, ko: 제1조}
  url: https://example.org/law
  date: "2026-01-01"
  read: {en: in full, ko: 전문}
who: {en: somebody, ko: 누군가}
sections:
  - title: {en: One, ko: 하나}
    lines:
      - {point: "1", asked: {en: When, ko: 언제}, fill: [FILL]}
"""
HANGUL = re.compile("[가-힣]")


def written(folder: Path, fill: str, form: str = FORM) -> Path:
    path = folder / "form.yaml"
    path.write_text(form.replace("FILL", fill), encoding="utf-8")
    return path


def test_the_forms_are_those_of_the_folder() -> None:
    assert [*forms()] == sorted(path.stem for path in FOLDER.iterdir())
    assert {"eu-annex-xi", "eu-annex-xii", "eu-training-summary", "kr-ai-basic-act"} <= {*forms()}
    assert "openchain-ai-sbom" in forms()


@pytest.mark.parametrize("name", forms())
def test_a_form_speaks_both_languages_and_names_its_law(name: str) -> None:
    form = forms()[name]
    said = [form.title, form.basis.name, form.basis.place, form.basis.read, form.who]
    for section in form.sections:
        said.append(section.title)
        for line in section.lines:
            said += [line.asked, *([line.hint] if line.hint else [])]
    assert all(HANGUL.search(one.ko) for one in said)
    assert not any(HANGUL.search(one.en) for one in said)
    assert form.basis.url.startswith("https://") and re.match(r"20\d\d-\d\d", form.basis.date)
    assert "2026" in form.basis.read.en and form.lines > 10


@pytest.mark.parametrize("name", forms())
def test_a_form_asks_what_a_model_can_have(name: str, snapshot: Snapshot) -> None:
    """A property of another kind of thing would never fill a line."""
    known, engine = load_vocabulary().properties, snapshot.states.engine
    for fill in (f for s in forms()[name].sections for line in s.lines for f in line.fill):
        if fill.property:
            domain = known[fill.property].domain
            assert not domain or "model" in domain, fill.property
        for detail in (*fill.details, *fill.has, *fill.lacks):
            domain = known[detail].domain
            assert not domain or "dataset" in domain, detail
        assert {*fill.duties} <= duties_of(engine)


def duties_of(engine: LicenseRules) -> set[str]:
    return {name for name, kind in engine.terms.kinds.items() if kind.duty}


@pytest.mark.parametrize(
    ("fill", "message"),
    [
        ("{property: releasDate}", "the ontology has no property releasDate"),
        ("{answer: data, has: [hub]}", "the ontology has no property hub"),
        ("{}", "line 1: fill with a property or an answer"),
        ("{property: license, answer: data}", "line 1: fill with a property or an answer"),
        ("{answer: horoscope}", "Invalid enum value 'horoscope'"),
        ("{property: license, base: true}", "unknown field `base`"),
    ],
)
def test_a_form_is_read_strictly(tmp_path: Path, fill: str, message: str) -> None:
    with pytest.raises(DataError, match=re.escape(message)) as error:
        read_form(written(tmp_path, fill))
    assert str(error.value).startswith("documents/form.yaml")


def test_a_form_in_one_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="missing required field `ko`"):
        read_form(
            written(tmp_path, "", FORM.replace("{en: somebody, ko: 누군가}", "{en: somebody}"))
        )
    assert read_form(written(tmp_path, "")).lines == 1


def test_an_unknown_form_is_told_with_those_there_are() -> None:
    with pytest.raises(InputError, match=r"unknown form 'annex'; known are: eu-annex-xi, "):
        find_form("annex")
