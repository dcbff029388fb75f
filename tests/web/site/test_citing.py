"""How to cite a page: every form, the day of access, and what is no page of this site."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from flask.testing import FlaskClient

from kg.export.references import Reference, bibtex

TODAY = dt.datetime.now(dt.UTC).date


def test_every_form_says_year_version_address_and_access(client: FlaskClient) -> None:
    day = TODAY().isoformat()
    bib = client.get("/cite.bib?of=/model/alpaca-7b").get_data(as_text=True)
    assert all(word in bib for word in ("year ", "version ", "urldate ", "/release/", day))
    [item] = json.loads(client.get("/cite.json?of=/model/alpaca-7b").get_data(as_text=True))
    assert (item["title"], item["URL"].rpartition("/release/")[2][12:]) == (
        "Alpaca 7B",
        "/model/alpaca-7b",
    )
    assert item["accessed"]["date-parts"] == [[int(part) for part in day.split("-")]]
    assert day in client.get("/cite.txt").get_data(as_text=True)


def test_the_day_of_access_is_never_kept(client: FlaskClient) -> None:
    for path in ("/cite", "/cite.bib", "/about/cite"):
        assert "ETag" not in client.get(path).headers


def test_every_page_leads_to_its_reference(client: FlaskClient) -> None:
    for path in ("/", "/model/alpaca-7b", "/trends", "/disagreements?kind=model"):
        page = client.get(path, headers={"Accept": "text/html"}).get_data(as_text=True)
        assert "Cite this page" in page and "/cite.bib?of=/" in page


@pytest.mark.parametrize(
    "of",
    [
        "//evil.example",
        "https://evil.example",
        "/a\nb",
        "/" + "x" * 2000,
        "/zzz",
        "/model/zzz/memo",
    ],
)
def test_what_is_no_page_of_this_site(client: FlaskClient, of: str) -> None:
    assert client.get("/cite", query_string={"of": of}).status_code == 400


@pytest.mark.parametrize(
    ("of", "title"),
    [("/model/alpaca-7b/memo?country=KR", "model: alpaca 7b: memo"), ("/models?q=a", "models")],
)
def test_pages_that_are_no_entity_have_a_reference(
    client: FlaskClient, of: str, title: str
) -> None:
    assert title in client.get("/cite.txt", query_string={"of": of}).get_data(as_text=True)


def test_tex_reads_a_title() -> None:
    told = Reference(
        title="R&D_1 50% {x}\x00 ~a",
        url="http://a/{",
        version="v1",
        published="2026-11-29",
        accessed="2026-12-01",
    )
    assert r"{{R\&D\_1 50\% \{x\} \textasciitilde{}a}}" in bibtex(told)
    assert "url          = {http://a/%7B}" in bibtex(told)
