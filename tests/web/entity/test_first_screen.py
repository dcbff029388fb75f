"""The first screen of models and families: the strip, the verdict beside the tree, what stands in menus and folds."""

from __future__ import annotations

import html
import re

import pytest
from flask.testing import FlaskClient

from kg.snapshot.snapshot import Snapshot
from tests.web.app.test_web import browse

MODELS = ("model/koalpaca-polyglot-12.8b", "model/llama-3.1-8b", "model/gpt-4o", "model/chinchilla")
FAMILIES = ("family/llama", "family/koalpaca", "family/llama-3.1")


def strip(text: str) -> dict[str, str]:
    """The items of the strip, by the name of their property, as words."""
    found = text.partition('<dl class="strip">')[2].partition("</dl>")[0]
    items = re.findall(r'<div class="s-(\w+)[^>]*>(.*?)</div>', found, re.DOTALL)
    return {name: " ".join(re.sub(r"<[^>]+>", " ", body).split()) for name, body in items}


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("id", [*MODELS, *FAMILIES])
def test_the_strip_says_what_it_is(client: FlaskClient, id: str, lang: str) -> None:
    text = browse(client, f"/{id}", lang).text
    items = strip(text)
    assert {"developer", "releaseDate", "parameterCount", "license", "base"} <= items.keys()
    assert all(words for words in items.values())
    # It stands before everything else, and the verdict in it is that of the box.
    assert text.index('class="strip"') < text.index('class="duo')
    verdict = re.search(r'<h2 id="verdict">[^:]+: ([^<]+)</h2>', text)
    assert verdict and html.unescape(verdict[1]).replace("\u00a0", " ") in html.unescape(
        items["license"]
    )


def test_the_strip_follows_the_question_of_the_address(client: FlaskClient) -> None:
    asked = browse(client, "/model/alpaca-7b?use=relicense&country=KR").text
    assert "Relicensing" in strip(asked)["license"]


def test_numbers_are_short_in_the_strip_and_exact_in_the_table(client: FlaskClient) -> None:
    text = browse(client, "/model/llama-3.1-8b").text
    assert strip(text)["parameterCount"] == "Size 8.03B"
    assert "8.03B (8,030," in text
    korean = strip(browse(client, "/model/llama-3.1-8b", "ko").text)
    assert korean["parameterCount"] == "크기 80억(8.03B)"


def test_a_base_is_linked_and_its_lack_is_said(client: FlaskClient) -> None:
    text = browse(client, "/model/koalpaca-polyglot-12.8b").text
    assert strip(text)["base"] == "Base Polyglot-Ko 12.8B"
    assert strip(browse(client, "/model/llama-7b").text)["base"] == "Base none is named"


def test_the_tree_of_a_family_leads_and_that_of_a_model_is_small(client: FlaskClient) -> None:
    family = browse(client, "/family/llama").text
    assert family.index("data-tree") < family.index('id="may-i"') < family.index('id="facts"')
    model = browse(client, "/model/llama-7b").text
    assert "data-tree" not in model and 'class="draw"' in model
    assert model.index('class="draw"') < model.index('id="may-i"')
    # Whoever asks for something of the whole tree gets it, and the anchor once.
    whole = browse(client, "/model/llama-7b?view=outline").text
    assert "data-tree" in whole and whole.count('id="family-tree"') == 1


def test_no_file_is_named_outside_menus_and_folds(client: FlaskClient) -> None:
    for id in (*MODELS, *FAMILIES):
        text = browse(client, f"/{id}").text
        while "<details" in text:  # the innermost first
            text = re.sub(
                r"<details(?:(?!<details|</details>).)*</details>", "", text, flags=re.DOTALL
            )
        assert not re.search(r"data/curated|\.yaml:\d|Wrong\?|CONTRIBUTING", text), id


def test_each_fact_has_a_menu_with_its_sources_and_a_way_to_mend_it(client: FlaskClient) -> None:
    text = browse(client, "/model/llama-65b").text
    rows = re.findall(r'<div class="fact[^>]*id="(\w+)">(.*?)</details></dd>', text, re.DOTALL)
    assert len(rows) > 8
    for name, row in rows:
        assert row.count("<summary>") == 1 and 'href="#correct"' in row, name
        assert re.search(r'class="src" href="#s\d+"', row), name
    assert 'id="correct"' in text


def test_a_page_is_cited_with_year_version_and_day(client: FlaskClient, snapshot: Snapshot) -> None:
    text = html.unescape(browse(client, "/model/llama-7b", "ko").text)
    assert 'href="/cite?of=/model/llama-7b"' in text
    manifest, built = snapshot.manifest, snapshot.history.summary.built
    entry = client.get("/cite.bib?of=/model/llama-7b").text
    assert manifest.version in entry and f"year         = {{{built[:4]}}}" in entry
    assert f"{manifest.base}release/{manifest.version}/model/llama-7b}}" in entry


def test_the_address_to_share_can_be_selected(client: FlaskClient, snapshot: Snapshot) -> None:
    text = browse(client, "/family/llama").text
    assert f"<code data-text>{snapshot.manifest.base}family/llama</code>" in text


def test_the_checklist_can_be_copied(client: FlaskClient) -> None:
    text = html.unescape(browse(client, "/model/llama-3.1-8b").text)
    copied = re.search(r"<code data-text>(- \[ \] .*?)</code>", text, re.DOTALL)
    assert copied and copied[1].count("- [ ] ") >= 4
    assert "Llama 3.1 Community License" in copied[1]


@pytest.mark.parametrize("use", ["commercial", "redistribute", "train-on-outputs", "relicense"])
def test_a_name_that_does_not_fit_is_said_first(client: FlaskClient, use: str) -> None:
    text = html.unescape(browse(client, f"/model/llama-3.1-8b?use={use}&name=MyBot").text)
    first = re.search(r'<ul class="duties">\s*<li class="broken"[^>]*>(.*?)<', text)
    assert first and "“Llama”: “MyBot” does not" in first[1]
    fits = browse(client, f"/model/llama-3.1-8b?use={use}&name=Llama-MyBot").text
    assert 'class="broken"' not in fits
