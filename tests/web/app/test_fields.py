"""Fields of an address that nothing reads are said on every page and refused to programs; what pages read is stated."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, Request, request
from flask.testing import FlaskClient
from werkzeug.datastructures import ImmutableMultiDict

from kg.config import Config
from tests.conftest import serving
from tests.pages import PAGES
from web.app.fields import near_fields, stated_fields

ADDED = "utm_source=chatgpt.com&fbclid=1&gclid=2&ref=x&_ga=3&NaPm=4&msclkid=5&n_media=6&nocache=7&pretty=1"
_READ: set[tuple[str, str]] = set()  # endpoint, field


class _Noting(ImmutableMultiDict[str, str]):
    """Parameters that note by whom they are read, one by one."""

    def _note(self, name: object) -> None:
        if request and request.endpoint:
            _READ.add((request.endpoint, str(name)))

    def get(self, key: str, *rest: Any, **named: Any) -> Any:
        self._note(key)
        return super().get(key, *rest, **named)

    def getlist(self, key: str, *rest: Any) -> Any:
        self._note(key)
        return super().getlist(key, *rest)


class _NotingRequest(Request):
    parameter_storage_class = _Noting  # type: ignore[assignment]


@pytest.fixture(scope="module")
def noting(config: Config) -> Iterator[Flask]:
    with serving(config) as app:
        app.request_class = _NotingRequest
        yield app


@pytest.mark.parametrize("path", [path for name, path in PAGES.items() if name != "not-found"])
def test_every_page_says_what_it_does_not_know(client: FlaskClient, path: str) -> None:
    if path.startswith("/embed/") or path.partition("?")[0] == "/sparql":
        return  # charts on other sites, and a standard whose clients send more
    mark = "&" if "?" in path else "?"
    page = client.get(f"{path}{mark}zzz=1", headers={"Accept": "text/html"}, follow_redirects=True)
    assert "does not know “zzz”" in page.text
    quiet = client.get(f"{path}{mark}{ADDED}", headers={"Accept": "text/html"})
    assert quiet.status_code == 200 and "does not know" not in quiet.text


def test_every_page_reads_what_it_states(noting: Flask) -> None:
    """Else a field that a page reads would be called unknown there."""
    client, stated = noting.test_client(), stated_fields(noting)
    for path in PAGES.values():
        with client.get(path, headers={"Accept": "text/html"}):
            pass
    known = {"lang", "v", "bom"}
    drawn = {"theme", "width", "size"}  # of pictures, which are drawn whatever is asked beside
    unstated = {
        (endpoint, name)
        for endpoint, name in _READ
        if (fields := stated.get(endpoint, frozenset())) is not None
        and endpoint != "embeds.page"
        and name not in {*fields, *known, *drawn}
    }
    assert len(_READ) > 150 and not unstated


def test_no_link_of_ours_asks_for_what_is_not_read(app: Flask, client: FlaskClient) -> None:
    adapter, stated, wrong, seen = app.url_map.bind("localhost"), stated_fields(app), set(), 0
    for path in PAGES.values():
        page = client.get(path, headers={"Accept": "text/html"}).text
        for address in re.findall(r'(?:href|src)="(/[^"#?]*\?[^"#]*)', page):
            there, _, query = html.unescape(address).partition("?")
            with app.test_request_context(f"/?{query}"):
                names = {*request.args}
            fields = stated.get(adapter.match(there)[0], frozenset())
            seen += 1
            if fields is not None:
                wrong |= {(there, name) for name in names - fields - {"lang", "v", "bom"}}
    shown_anyway = {
        (there, name) for there, name in wrong if re.search(r"\.(svg|png|atom)$|^/embed/", there)
    }
    assert seen > 1000 and wrong == shown_anyway


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/models.json?params=7b", "'params' here; did you mean params-from, params-to?"),
        ("/models.csv?licence=mit", "'licence' here; did you mean license?"),
        ("/models.md?zzz=1", "'zzz' here; known are: access, "),
        ("/model/alpaca-7b/license.json?users=900000000", "'users' here; known are: "),
        (
            "/model/alpaca-7b/lineage.json?directions=up",
            "'directions' here; did you mean direction?",
        ),
        ("/model/alpaca-7b.json?zzz=1", "'zzz' here; known are: "),
        ("/release/current/model/alpaca-7b/license.json?users=9", "'users' here; known are: "),
        ("/license-check.json?id=alpaca-7b&users=9", "'users' here; known are: "),
        ("/compare.json?id=alpaca-7b&id=llama-7b&ids=x", "'ids' here; did you mean id?"),
        ("/trends.json?from=2020", "'from' here; known are: lang"),
    ],
)
def test_a_program_gets_no_answer_to_another_question(
    client: FlaskClient, path: str, said: str
) -> None:
    answer = client.get(path, headers={"Accept": "application/json"}, follow_redirects=True)
    assert answer.status_code == 400 and answer.mimetype == "application/problem+json"
    assert said in answer.json["detail"]
    assert "ETag" not in answer.headers


def test_json_by_its_header_is_refused_as_well(client: FlaskClient) -> None:
    answer = client.get("/models?params=7b", headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert client.get(f"/models.json?limit=1&{ADDED}").status_code == 200


def test_a_form_that_is_posted_is_read_as_strictly(client: FlaskClient) -> None:
    sent = {"what": "alpaca-7b", "users": "900000000"}
    assert "does not know “users”" in client.post("/check", data=sent).text
    answer = client.post("/check.json", data=sent, headers={"Accept": "application/json"})
    assert answer.status_code == 400 and "'users'" in answer.json["detail"]


def test_where_an_address_leads_it_is_still_told(client: FlaskClient) -> None:
    for path in ("/models?q=&params=7b", "/timeline?by=org&params=7b", "/alpaca-7b?params=7b"):
        page = client.get(path, headers={"Accept": "text/html"}, follow_redirects=True)
        assert page.request.args["params"] == "7b" and "does not know “params”" in page.text
    assert "utm" not in client.get("/models?q=&utm_source=x").location


@pytest.mark.parametrize(
    "path",
    [
        "/timeline.svg?zzz=1",
        "/model/alpaca-7b/badge.svg?zzz=1",
        "/model/alpaca-7b.ttl?zzz=1",
        "/changes.atom?zzz=1",
        "/suggest?q=al&zzz=1",
        "/oembed?url=/trends&zzz=1",
        "/sparql?query=ASK%7B%7D&format=json&zzz=1",
        "/-/health?zzz=1",
        "/data/graph.nq?zzz=1",
        "/models?params=",
    ],
)
def test_what_is_asked_by_others_in_their_way_is_answered(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        assert answer.status_code == 200
    if path.startswith("/models"):
        assert "does not know" not in answer.text


def test_what_is_not_known_is_told_in_few_words(client: FlaskClient) -> None:
    hostile = "&".join(f"{'<b>' * 40}%E2%80%AE{number}=1" for number in range(200))
    page = client.get(f"/models?{hostile}", headers={"Accept": "text/html"}).text
    assert page.count("does not know") == 5 and "<b><b>" not in page and "\u202e" not in page
    korean = client.get("/models?params=1&lang=ko", headers={"Accept": "text/html"}).text
    assert "params-from" in korean and "does not know" not in korean


def test_which_field_is_meant() -> None:
    known = ("params-from", "params-to", "license", "language", "q")
    assert near_fields("params", known) == ["params-from", "params-to"]
    assert near_fields("PARAMS_TO", known)[0] == "params-to"
    assert near_fields("licence", known) == ["license"]
    assert not near_fields("", known) and not near_fields("x" * 10_000, known)
