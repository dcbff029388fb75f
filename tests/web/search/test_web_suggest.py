"""Suggestions while typing, in both shapes, and the OpenSearch description."""

from __future__ import annotations

from urllib.parse import quote
from xml.etree import ElementTree

import msgspec
import pytest
from flask.testing import FlaskClient

import web.search.suggest
from kg.answers.contract import SuggestAnswer
from kg.snapshot.snapshot import Snapshot
from tests.web.app.test_web import PAGES, browse
from web.paths import STATIC

ATOM = {"o": "http://a9.com/-/spec/opensearch/1.1/"}


def suggested(client: FlaskClient, typed: str, more: str = "") -> SuggestAnswer:
    answer = client.get(f"/suggest?q={quote(typed)}{more}")
    assert answer.status_code == 200
    return msgspec.json.decode(answer.data, type=SuggestAnswer)


@pytest.mark.parametrize("typed", ["알파카", "알파", "알ㅍ", "alpac", "ALP", "alpaca "])
def test_a_half_typed_name_is_enough(client: FlaskClient, typed: str) -> None:
    ids = [s.id for s in suggested(client, typed).suggestions]
    assert "family/alpaca" in ids[:3]


def test_suggestions_are_in_the_language_asked_for(client: FlaskClient) -> None:
    english, korean = (suggested(client, "alpaca", f"&lang={lang}") for lang in ("en", "ko"))
    first = english.suggestions[0]
    assert (first.label, korean.suggestions[0].label) == ("Alpaca", "알파카")
    assert first.name == korean.suggestions[0].name == "Alpaca"


def test_as_many_as_asked_for(client: FlaskClient) -> None:
    assert len(suggested(client, "l", "&limit=3").suggestions) == 3
    assert suggested(client, "").suggestions == [] == suggested(client, "qqqqzzzz").suggestions


@pytest.mark.parametrize("how", ["format", "accept"])
def test_the_array_of_opensearch(client: FlaskClient, how: str, snapshot: Snapshot) -> None:
    more, headers = (
        ("&format=opensearch", {})
        if how == "format"
        else ("", {"Accept": web.search.suggest.SUGGESTIONS})
    )
    answer = client.get(f"/suggest?q={quote('알ㅍ')}&lang=en{more}", headers=headers)
    typed, names, descriptions, urls = msgspec.json.decode(answer.data)
    assert answer.content_type == "application/x-suggestions+json" and typed == "알ㅍ"
    assert len(names) == len(descriptions) == len(urls) > 1
    assert (names[0], descriptions[0]) == ("알파카", "Model family · Alpaca")
    assert urls[0] == "http://localhost/family/alpaca"
    assert all(
        browse(client, url.removeprefix("http://localhost")).status_code == 200 for url in urls
    )


def test_unknown_formats_are_refused(client: FlaskClient) -> None:
    assert client.get("/suggest?q=a&format=xml").status_code == 400
    assert client.get("/suggest?q=a", headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("path", ["/suggest?q=al", "/opensearch.xml?lang=ko"])
def test_answers_may_be_kept_for_a_while(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert "max-age" in answer.headers["Cache-Control"] and "Set-Cookie" not in answer.headers
    again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_description_document(client: FlaskClient, lang: str) -> None:
    page = browse(client, "/", lang).text
    assert (
        f'type="application/opensearchdescription+xml" title="{ {"en": "Gyebo", "ko": "계보"}[lang] }"'
        in page
    )
    answer = client.get(f"/opensearch.xml?lang={lang}")
    assert answer.mimetype == "application/opensearchdescription+xml"
    document = ElementTree.fromstring(answer.data)
    assert len(document.findtext("o:ShortName", "", ATOM)) in range(1, 17)
    assert document.findtext("o:Language", "", ATOM) == lang
    templates = {
        url.get("type"): url.get("template", "") for url in document.findall("o:Url", ATOM)
    }
    for type, template in templates.items():
        url = (
            template.replace("{searchTerms}", "llama")
            .replace("{startPage?}", "2")
            .replace("{count?}", "")
        )
        found = client.get(url.removeprefix("http://localhost"), headers={"Accept": type or ""})
        assert (found.status_code, found.mimetype) == (200, type)
    assert len(templates) == 4


def test_hostile_hosts_stay_text(client: FlaskClient) -> None:
    answer = client.get("/opensearch.xml", headers={"Host": '"/><script>'})
    assert b"<script>" not in answer.data


def test_the_script_is_small_and_every_box_has_it(client: FlaskClient) -> None:
    script = STATIC / "search" / "suggest.js"
    assert script.stat().st_size < 10_000
    for path in PAGES:
        text = browse(client, path).text
        assert text.count("data-suggest=") == 1 and "/static/search/suggest.js" in text
    policy = browse(client, "/").headers["Content-Security-Policy"]
    assert "script-src 'self'; connect-src 'self'" in policy and "unsafe" not in policy
