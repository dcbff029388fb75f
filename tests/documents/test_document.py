"""Documents: each line with what it rests on, nothing of others told as the model's own, nothing invented."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from kg.documents.contract import DocumentAnswer, DraftLine
from kg.documents.document import draft_document, state_of
from kg.documents.form import forms
from kg.documents.markdown import MARK, document_markdown
from kg.errors import InputError
from kg.snapshot.snapshot import Snapshot
from kg.version import __version__

GOLDEN = Path(__file__).parent / "golden"


def draft(snapshot: Snapshot, form: str, model: str, lang: str = "en") -> DocumentAnswer:
    return draft_document(snapshot, form, model, lang)


def line(document: DocumentAnswer, asked: str) -> DraftLine:
    """The line that asks what begins so."""
    lines = (one for section in document.sections for one in section.lines)
    return next(one for one in lines if one.asked.startswith(asked))


def told(document: DocumentAnswer, asked: str) -> list[str]:
    return [one.text for one in line(document, asked).statements]


# ---- the whole, as people read it


@pytest.mark.parametrize(
    ("form", "lang"),
    [("eu-annex-xii", "en"), ("openchain-ai-sbom", "ko"), ("kr-ai-basic-act", "ko")],
)
def test_a_document_is_as_it_was_read_over(
    small: Snapshot, request: pytest.FixtureRequest, form: str, lang: str
) -> None:
    text = document_markdown(draft(small, form, "model/chat", lang), lang)
    text = text.replace(small.manifest.version, "RELEASE").replace(__version__, "VERSION")
    path = GOLDEN / f"{form}.{lang}.md"
    if request.config.getoption("--update-golden"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("form", forms())
@pytest.mark.parametrize("model", ["chat", "guessed", "lonely"])
def test_what_the_head_counts_is_what_can_be_counted(
    small: Snapshot, form: str, model: str
) -> None:
    for lang in ("en", "ko"):
        document = draft(small, form, f"model/{model}", lang)
        text = document_markdown(document, lang)
        states = Counter(one.state for section in document.sections for one in section.lines)
        assert text.count(MARK) == document.unknown == states["unknown"]
        counted = document.filled + document.inherited + document.doubtful + document.unknown
        assert counted == document.total == forms()[form].lines
        assert text.count(document.advice) == 1


@pytest.mark.parametrize("form", forms())
@pytest.mark.parametrize("model", ["chat", "guessed", "closed"])
def test_whatever_fills_a_line_names_its_source(small: Snapshot, form: str, model: str) -> None:
    document = draft(small, form, f"model/{model}")
    numbers = {source.number for source in document.sources}
    cited = set()
    for one in (
        one for section in document.sections for line in section.lines for one in line.statements
    ):
        assert one.cited or one.missing, one.text
        cited |= {place.source for part in (one, *one.details) for place in part.cited}
    assert cited == numbers == {*range(1, len(numbers) + 1)}
    assert all(source.url.startswith("http") for source in document.sources)


def test_both_languages_say_the_same(small: Snapshot) -> None:
    for form in forms():
        english, korean = (draft(small, form, "model/chat", lang) for lang in ("en", "ko"))
        assert [s.url for s in english.sources] == [s.url for s in korean.sources]
        for one, other in zip(english.sections, korean.sections, strict=True):
            assert [line.state for line in one.lines] == [line.state for line in other.lines]


# ---- whose fact it is


def test_what_is_said_of_a_base_model_is_not_the_models_own(small: Snapshot) -> None:
    document = draft(small, "eu-annex-xii", "model/chat")
    architecture = line(document, "Architecture")
    assert architecture.state == "inherited"
    assert [(one.way, one.about.id) for one in architecture.statements] == [("base", "model/base")]
    context = line(document, "Maximum size")
    assert (context.state, context.statements[0].way) == ("inherited", "family")
    own = line(draft(small, "eu-annex-xii", "model/base"), "Architecture")
    assert (own.state, own.statements[0].way) == ("filled", "own")


def test_what_comes_by_a_guess_is_in_doubt(small: Snapshot) -> None:
    document = draft(small, "openchain-ai-sbom", "model/guessed")
    for asked in ("Model tree", "Architecture", "Data sets of the models", "Obligations"):
        found = line(document, asked)
        assert found.state == "doubtful", asked
        assert all(one.doubts or one.missing for one in found.statements)
    assert "inferred by a rule: Rule of names" in line(document, "Model tree").statements[0].doubts


def test_disputed_facts_show_both_sides(small: Snapshot) -> None:
    document = draft(small, "eu-annex-xii", "model/chat")
    license = line(document, "License")
    assert license.state == "doubtful"
    assert [(one.text, one.against) for one in license.statements] == [
        ("license: MIT License (license/mit)", False),
        ("license: CC BY-NC 4.0 (license/cc-by-nc-4.0)", True),
    ]
    released = line(document, "Date of release").statements
    assert [one.text for one in released] == ["release date: Jan 2026", "release date: Dec 2025"]
    rejected = released[1].cited[0]
    assert (rejected.rank, rejected.reason) == ("rejected", "of another model")


def test_that_a_source_knows_nothing_fills_nothing(small: Snapshot) -> None:
    data = line(draft(small, "eu-annex-xi", "model/chat"), "Number of data points")
    assert data.state == "unknown"
    assert [(one.text, one.missing) for one in data.statements] == [
        ("training tokens: not known", True)
    ]


def test_data_stands_under_the_heading_that_its_facts_allow(small: Snapshot) -> None:
    document = draft(small, "eu-training-summary", "model/chat")
    (public,) = line(document, "Publicly available").statements
    assert public.text == "Talks (dataset/talks)"
    assert [part.text for part in public.details][:2] == [
        "its license is not known",
        "languages: Korean (language/korean)",
    ]
    assert line(document, "Publicly available").state == "doubtful"
    assert told(document, "Models whose outputs") == ["generated with: Base 7B (model/base)"]
    assert line(document, "Other sources").state == "unknown"


def test_the_data_of_a_family_is_told_of_the_family_and_only_where_a_member_has_none(
    small: Snapshot,
) -> None:
    own = line(draft(small, "eu-annex-xi", "model/chat"), "Training data of the model with")
    assert {one.way for one in own.statements} == {"data"}
    base = line(draft(small, "eu-annex-xi", "model/chat"), "Training data of the models")
    assert [(one.about.id, one.way) for one in base.statements] == [("model/base", "base")]


def test_duties_of_the_ancestry_are_told_with_where_they_come_from(small: Snapshot) -> None:
    document = draft(small, "eu-annex-xii", "model/chat")
    duties = line(document, "What a downstream provider must do")
    assert duties.state == "doubtful"  # a license is disputed, and one is not known
    assert any("from Base 7B" in one.text for one in duties.statements)
    assert any(one.missing and "Talks" in one.text for one in duties.statements)


def test_nothing_allows_what_the_license_answer_does_not(small: Snapshot) -> None:
    for model in ("chat", "guessed", "lonely"):
        verdicts = line(draft(small, "openchain-ai-sbom", f"model/{model}"), "Rights and")
        assert verdicts.state in ("doubtful", "unknown")
        assert not any("is allowed under" in one.text for one in verdicts.statements)


def test_a_verdict_without_a_license_rests_on_the_claim_that_decides(small: Snapshot) -> None:
    verdicts = line(draft(small, "openchain-ai-sbom", "model/closed"), "Rights and")
    closed = next(one for one in verdicts.statements if "redistribution is prohibited" in one.text)
    assert [place.locator for place in closed.cited] == ["Access"] and not closed.missing


def test_a_line_is_filled_only_by_what_is_not_doubted(small: Snapshot) -> None:
    statement = line(draft(small, "eu-annex-xii", "model/base"), "Architecture").statements[0]
    assert state_of([]) == "unknown" and state_of([statement]) == "filled"


# ---- texts of strangers


@pytest.mark.parametrize("form", forms())
def test_no_name_or_text_becomes_markup(small: Snapshot, form: str) -> None:
    text = document_markdown(draft(small, form, "model/lonely"))
    tokens = MarkdownIt("commonmark").parse(text)
    inline = [one for token in tokens for one in token.children or ()]
    assert not {"html_block"} & {token.type for token in tokens}
    assert not {"html_inline", "image", "code_inline"} & {one.type for one in inline}
    links = [one for one in inline if one.type == "link_open"]
    assert all(one.markup == "autolink" for one in links)
    assert not any("evil" in str(one.attrs["href"]) for one in links)
    headings = sum(token.type == "heading_open" for token in tokens)
    sources = bool(draft(small, form, "model/lonely").sources)
    assert headings == 1 + len(forms()[form].sections) + sources
    assert "\u202e" not in text and "U+202E" in text
    assert not re.search(r"(?<![<\w])https?://(?!example|eur-lex|digital|www.law|openchain)", text)


# ---- what is no model


@pytest.mark.parametrize("id", ["family/acorn", "dataset/talks", "org/acme"])
def test_only_models_have_documents(small: Snapshot, id: str) -> None:
    with pytest.raises(InputError, match="is not a model, and this document is of one model"):
        draft(small, "eu-annex-xi", id)


@pytest.mark.parametrize("form", forms())
def test_real_models_are_drafted_and_the_same_each_time(snapshot: Snapshot, form: str) -> None:
    for model in ("alpaca-7b", "kovicuna-13b", "gpt-4o"):
        one, other = (draft(snapshot, form, model) for _ in range(2))
        assert one == other and one.unknown > 0
