"""Cards and badges of models, the command that writes them, and where they stand on the site."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import frontmatter
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from kg.answers.license import license_answer
from kg.export.bom.badge import FILLS, Badge, badge_svg
from kg.export.bom.formats import MODEL_FORMATS, model_file
from kg.language.markdown import escape_markdown
from kg.language.width import text_width
from kg.licenses.wording import verdict_word
from kg.snapshot.snapshot import Snapshot
from tests.cli.test_cli import gyebo
from tests.conftest import Corner

SVG = "{http://www.w3.org/2000/svg}"


def card(snapshot: Snapshot, model: str, lang: str = "en") -> Any:
    return frontmatter.loads(model_file(snapshot, snapshot.find(model), "card", lang))


# ---- cards


def test_a_card_is_front_matter_as_the_hub_reads_it(snapshot: Snapshot) -> None:
    assert card(snapshot, "koalpaca-polyglot-12.8b").metadata == {
        "language": ["ko"],
        "license": "apache-2.0",
        "base_model": "EleutherAI/polyglot-ko-12.8b",
        "base_model_relation": "finetune",
        "tags": ["koalpaca"],
    }
    assert card(snapshot, "alpaca-7b").metadata["datasets"] == ["tatsu-lab/alpaca"]


def test_a_license_without_a_tag_is_named_and_linked(snapshot: Snapshot) -> None:
    known = card(snapshot, "llama-7b").metadata
    assert (known["license"], known["license_name"]) == ("other", "llama-1")
    assert known["license_link"].startswith("https://")


def test_what_is_not_known_is_left_out_and_said(snapshot: Snapshot) -> None:
    made = card(snapshot, "text-davinci-003")
    assert not {"base_model", "datasets"} & made.metadata.keys()
    assert "Derived from: No source names one" in made.content


def test_a_card_tells_genealogy_verdict_dispute_and_sources(snapshot: Snapshot) -> None:
    english, korean = (card(snapshot, "koalpaca-llama", lang).content for lang in ("en", "ko"))
    base = snapshot.manifest.base
    assert f"- Family: [LLaMA → KoAlpaca](<{base}family/koalpaca>)" in english
    assert "commercial use: **prohibited**" in english and "1. [Beomi/KoAlpaca" in english
    assert "## 계보" in korean and "상업적 이용: **금지**" in korean
    disputed = card(snapshot, "kogpt2", "en").content
    assert "Sources disagree on: license" in disputed


def test_relations_and_yaml_of_a_merge(corner: Corner) -> None:
    corner.write("""
model/a: {label: {en: A}, claims: {hubId: [{value: o/a, from: gyebo}]}}
model/b: {label: {en: B}, claims: {hubId: [{value: o/b, from: gyebo}]}}
language/norwegian: {label: {en: Norwegian}}
model/m:
  label: {en: "no: [x](y) <b>"}
  claims:
    mergedFrom: [{value: model/a, from: gyebo}, {value: model/b, from: gyebo}]
    language: [{value: language/norwegian, from: gyebo}]
model/n:
  label: {en: N}
  claims: {mergedFrom: [{value: model/a, from: gyebo}], adapterOf: [{value: model/b, from: gyebo}]}
""")
    held = corner.build()
    made = card(held, "model/m")
    assert made.metadata["base_model"] == ["o/a", "o/b"]
    assert made.metadata["base_model_relation"] == "merge"
    assert made.metadata["language"] == ["no"]  # not False
    assert r"# no: \[x\](y) \<b\>" in made.content
    assert "base_model_relation" not in card(held, "model/n").metadata


@given(st.text(max_size=40))
def test_no_text_is_read_as_markup(text: str) -> None:
    shown = escape_markdown(text)
    assert not re.search(r"(?<!\\)(?:\\\\)*[\[<`*]", shown) and "\n" not in shown


# ---- badges


def badge(snapshot: Snapshot, model: str, lang: str = "en") -> ElementTree.Element:
    return ElementTree.fromstring(model_file(snapshot, snapshot.find(model), "badge", lang))


def test_a_badge_says_family_and_verdict_in_words(snapshot: Snapshot) -> None:
    for model in ("alpaca-7b", "koalpaca-llama", "gpt-2", "polyglot-ko-5.8b"):
        known = license_answer(snapshot, snapshot.find(model)).verdict
        for lang in ("en", "ko"):
            drawn = badge(snapshot, model, lang)
            left, right = (text.text or "" for text in drawn.iter(f"{SVG}text"))
            assert right == f"{verdict_word('commercial', lang)}: {verdict_word(known, lang)}"
            title = drawn.findtext(f"{SVG}title") or ""
            assert left in title and right in title
            assert drawn.get("role") == "img" and drawn.get("lang") == lang
    assert "라마 → 알파카" in "".join(badge(snapshot, "alpaca-7b", "ko").itertext())


def test_texts_have_the_width_their_boxes_were_made_for(snapshot: Snapshot) -> None:
    drawn = badge(snapshot, "koalpaca-polyglot-12.8b", "ko")
    first, second = drawn.iter(f"{SVG}text")
    for text in (first, second):
        assert float(text.get("textLength", 0)) == pytest.approx(
            text_width(text.text or "", 11), abs=0.1
        )
    end = float(second.get("x", 0)) + float(second.get("textLength", 0))
    assert end < float(drawn.get("width", 0))
    assert float(first.get("x", 0)) + float(first.get("textLength", 0)) < float(second.get("x", 0))


def luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("color", [*FILLS.values(), "#2b312e"])
def test_white_on_every_fill_can_be_read(color: str) -> None:
    assert 1.05 / (luminance(color) + 0.05) >= 4.5


@given(st.text(max_size=300), st.text(max_size=60))
def test_any_name_makes_a_badge(left: str, right: str) -> None:
    drawn = ElementTree.fromstring(badge_svg(Badge("x", left, right, "unknown")))
    assert float(drawn.get("width", 0)) <= 2 * (44 * 11 + 16) + 22
    assert {node.tag.removeprefix(SVG) for node in drawn.iter()} == {
        "svg",
        "title",
        "clipPath",
        "rect",
        "g",
        "text",
    }


# ---- the command


@pytest.mark.parametrize("format", MODEL_FORMATS)
def test_the_command_writes_each_format(
    snapshot: Snapshot, snapshot_home: Path, tmp_path: Path, format: str
) -> None:
    path = tmp_path / "out"
    gyebo(snapshot_home, "export", format, "--model", "tatsu-lab/alpaca-7b-wdiff", "-o", str(path))
    assert path.read_text("utf-8") == model_file(snapshot, "model/alpaca-7b", format)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["cyclonedx"], "name it with --model ID"),
        (["spdx", "--family", "llama"], "name it with --model ID"),
        (["badge", "--model", "family/llama"], "is not a model"),
        (["card", "--model", "alpaca-7"], "The closest is Alpaca 7B"),
    ],
)
def test_the_command_says_what_is_missing(
    snapshot_home: Path, arguments: list[str], message: str
) -> None:
    done = gyebo(snapshot_home, "export", *arguments, "-o", "-", code=2)
    assert message in done.stderr and not done.stdout


# ---- the site


@pytest.mark.parametrize(
    ("file", "type"),
    [
        ("bom.cdx.json", "application/vnd.cyclonedx+json; version=1.6"),
        ("bom.spdx.json", "application/spdx+json"),
        ("card.md", "text/markdown; charset=utf-8"),
        ("badge.svg", "image/svg+xml; charset=utf-8"),
    ],
)
def test_each_file_stands_beside_its_model(
    client: FlaskClient, snapshot: Snapshot, file: str, type: str
) -> None:
    address = f"/model/alpaca-7b/{file}"
    answer = client.get(address)
    format = next(name for name, known in MODEL_FORMATS.items() if known.suffix == file)
    assert answer.text == model_file(snapshot, "model/alpaca-7b", format)
    assert answer.headers["Content-Type"] == type
    assert "public" in answer.headers["Cache-Control"] and {*answer.vary} == {"Accept-Encoding"}
    again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    moved = client.get(f"/model/hf/tatsu-lab/alpaca-7b-wdiff/{file}?lang=ko")
    assert (moved.status_code, moved.headers["Location"]) == (308, f"{address}?lang=ko")


def test_a_badge_speaks_the_language_of_its_address_only(client: FlaskClient) -> None:
    client.set_cookie("lang", "ko")
    english = client.get("/model/alpaca-7b/badge.svg", headers={"Accept-Language": "ko"}).text
    assert (
        "prohibited" in english and "금지" in client.get("/model/alpaca-7b/badge.svg?lang=ko").text
    )
    assert client.get("/model/alpaca-7b/badge.svg?lang=xx").status_code == 400


def test_other_kinds_have_none(client: FlaskClient) -> None:
    for address in ("/family/llama/badge.svg", "/dataset/alpaca-52k/bom.cdx.json"):
        answer = client.get(address)
        assert answer.status_code == 404 and "only models have" in json.loads(answer.text)["detail"]


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_page_of_a_model_links_its_files(client: FlaskClient, lang: str) -> None:
    page = client.get(f"/model/alpaca-7b?lang={lang}", headers={"Accept": "text/html"})
    for file in ("bom.cdx.json", "bom.spdx.json", "card.md"):
        assert f'href="/model/alpaca-7b/{file}"' in page.text
    shown = re.search(
        r'<img class="shield" src="([^"]+)" width="\d+" height="\d+" alt="([^"]+)"', page.text
    )
    assert shown and client.get(shown[1]).status_code == 200 and shown[2]
    assert "/model/alpaca-7b/badge.svg" in page.text.partition('<pre class="embed">')[2]
    assert any("bom.cdx.json" in value for value in page.headers.getlist("Link"))
    family = client.get(f"/family/llama?lang={lang}", headers={"Accept": "text/html"}).text
    assert "bom.cdx.json" not in family and "shield" not in family
