"""The page of the terms that reach an entity, beside the drawing of their ways."""

from __future__ import annotations

import html
import re

import pytest
from flask.testing import FlaskClient

from kg.answers.license import license_answer
from kg.snapshot.snapshot import Snapshot
from tests.web.app.test_web import browse

KOALPACA = "model/koalpaca-polyglot-12.8b"
IDS = [
    KOALPACA,
    "model/vicuna-13b",
    "model/deepseek-r1-distill-llama-8b",
    "family/llama",
    "dataset/alpaca-52k",
]


def written(text: str) -> list[str]:
    return [html.unescape(one) for one in re.findall(r'<li id="t\d+" data-ways="([^"]*)"', text)]


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("id", IDS)
def test_every_way_of_every_term_is_drawn(
    client: FlaskClient, snapshot: Snapshot, id: str, lang: str
) -> None:
    text = browse(client, f"/{id}/terms", lang).text
    ways = {" ".join(f.path) for f in license_answer(snapshot, id, "commercial").findings}
    assert {way for ways in written(text) for way in ways.split("|")} == ways
    drawn = set(re.findall(r'data-from="([^"]*)" data-to="([^"]*)"', text))
    steps = {(b, a) for way in ways for a, b in zip(way.split(), way.split()[1:], strict=False)}
    assert drawn == steps
    assert {*re.findall(r'data-id="([^"]*)"', text)} == {one for way in ways for one in way.split()}


@pytest.mark.parametrize("id", IDS)
def test_the_page_of_the_entity_has_the_same_terms_each_with_its_link(
    client: FlaskClient, id: str
) -> None:
    page, terms = browse(client, f"/{id}").text, browse(client, f"/{id}/terms").text
    assert written(page) == written(terms) != []
    links = [html.unescape(one) for one in re.findall(r'class="to-way" href="([^"]+)"', page)]
    assert len(links) == len(written(page))
    for link, ways in zip(links, written(page), strict=True):
        lit = browse(client, link).text
        origins = {way.split()[-1] for way in ways.split("|")}
        lit_ids = set(re.findall(r'data-id="([^"]*)" class="[^"]*\blit"', lit))
        assert origins <= lit_ids
        number = link.rpartition("#")[2]
        assert f'<li id="{number}" data-ways="{ways}" class="lit"' in html.unescape(lit)


def test_a_duty_lights_the_ways_of_the_terms_that_ask_for_it(client: FlaskClient) -> None:
    text = browse(client, "/model/deepseek-r1-distill-llama-8b").text
    duties = text.partition('<ul class="duties">')[2].partition("</ul>")[0]
    assert "data-ways=" in duties
    for ways in re.findall(r'data-ways="([^"]*)"', duties):
        assert all(
            way.split()[0] == "model/deepseek-r1-distill-llama-8b" for way in ways.split("|")
        )


@pytest.mark.parametrize(
    ("query", "told"),
    [("from=nobody", "nobody"), ("from=%3Cb%3E", "&lt;b&gt;"), ("country=Atlantis", "Atlantis")],
)
def test_what_makes_no_sense_is_told(client: FlaskClient, query: str, told: str) -> None:
    answer = browse(client, f"/{KOALPACA}/terms?{query}")
    assert answer.status_code == 400 and told in answer.text


def test_the_question_is_kept(client: FlaskClient) -> None:
    text = browse(client, f"/{KOALPACA}/terms?use=redistribute").text
    assert all(
        "use=redistribute" in link for link in re.findall(r'class="to-way" href="([^"]+)"', text)
    )


def test_what_no_license_binds_has_no_such_page(client: FlaskClient) -> None:
    assert browse(client, "/org/openai/terms").status_code == 404
    assert browse(client, "/model/no-such-model/terms").status_code == 404


def test_a_planned_model_has_no_page_to_lead_to(client: FlaskClient) -> None:
    text = browse(client, "/what-if?base=llama-2-7b").text
    assert 'class="told"' in text and "to-way" not in text and "/terms" not in text
