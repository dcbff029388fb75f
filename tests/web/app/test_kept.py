"""Answers kept in memory: the same again, only where question, data and program are the same."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.config import Config
from kg.messages.message import TRANSLATIONS
from tests.conftest import Corner, serving
from tests.pages import LANGS, PAGES, STATUS, in_language
from web.app import context

HTML = {"Accept": "text/html"}


@pytest.fixture
def config(snapshot_home: Path) -> Config:
    return Config(home=snapshot_home)


def kept(app: Flask) -> int:
    return len(app.extensions["gyebo"].pages)


def told(client: FlaskClient, path: str, **options: Any) -> tuple[int, bytes, list[Any]]:
    answer = client.get(path, headers=HTML, **options)
    headers = [h for h in answer.headers if h[0] not in ("X-Request-ID", "Date")]
    undated = [(name, re.sub("Expires=[^;]+", "Expires=", value)) for name, value in headers]
    return answer.status_code, answer.data, sorted(undated)


@pytest.mark.parametrize("lang", LANGS)
def test_a_page_is_the_same_the_second_time(config: Config, lang: str) -> None:
    with serving(config) as app:
        for name, path in PAGES.items():
            client = app.test_client(use_cookies=False)
            first, before = told(client, in_language(path, lang)), kept(app)
            again = told(client, in_language(path, lang))
            if name != "sparql-answer":  # it says how long it took
                assert again == first, name
            assert kept(app) == before
            assert (before > 0) >= (STATUS.get(path, 200) == 200)


def test_what_a_page_follows_from_tells_pages_apart(config: Config) -> None:
    with serving(config) as app:
        client = app.test_client(use_cookies=False)
        english, korean = (
            told(client, "/about", environ_overrides={"HTTP_ACCEPT_LANGUAGE": lang})
            for lang in LANGS
        )
        assert english[1] != korean[1] and kept(app) == 2
        here = told(client, "/about/api")
        there = told(client, "/about/api", base_url="http://there.example")
        assert b"http://there.example/" in there[1] and there[1] != here[1] and kept(app) == 4
        assert app.test_client().get("/about?lang=ko", headers=HTML).headers.get("Set-Cookie")


def test_what_follows_from_more_than_the_question_is_not_kept(config: Config) -> None:
    now = "/sparql?format=json&query=SELECT%20(NOW()%20AS%20%3Ft)%20%7B%7D"
    paths = ("/sparql?query=ASK%7B%7D", "/model/no-such-thing", "/-/health", now, "/data/graph.nq")
    with serving(config) as app:
        client = app.test_client()
        for path in paths:
            client.get(path, headers=HTML if "format" not in path else {}).close()
        asked = {"query": "ASK {}", "format": "json"}
        assert client.post("/sparql", data=asked).get_json() == {"head": {}, "boolean": True}
        assert kept(app) == 0
        assert client.head("/about", headers=HTML).data == b"" and kept(app) == 0


def test_none_are_kept_where_there_is_no_room(config: Config) -> None:
    with serving(replace(config, page_cache_mb=0)) as app:
        assert told(app.test_client(use_cookies=False), "/about")[0] == 200 and kept(app) == 0


def test_a_new_snapshot_has_pages_of_its_own(corner: Corner) -> None:
    text = "model/m:\n  label: {{en: {}}}\n"
    corner.write(text.format("Before"))
    corner.build()
    with serving(replace(corner.config, page_cache_mb=1)) as app:
        client = app.test_client()
        for name in ("Before", "After"):
            corner.write(text.format(name))
            corner.build()
            app.extensions["gyebo"].holder.look()
            for _ in range(2):
                assert name in client.get("/model/m", headers=HTML).text
        assert kept(app) == 2


def test_without_a_snapshot_nothing_breaks(tmp_path: Path) -> None:
    with serving(Config(home=tmp_path)) as app:
        client = app.test_client()
        for _ in range(2):
            assert client.get("/about", headers=HTML).status_code == 503 and kept(app) == 0


PROGRAMS = {
    "json": "/model/llama-65b.json",
    "lineage": "/model/llama-65b/lineage.json",
    "turtle": "/model/llama-65b.ttl",
    "search": "/search.json?q=llama",
    "drawing": "/family/llama/lineage.svg?lang=ko",
    "picture": "/family/llama/lineage.png",
    "sparql": "/sparql?format=json&query=SELECT%20*%20%7B%3Fs%20a%20kg%3AFamily%7D",
    "csv": "/sparql?format=csv&bom=1&query=SELECT%20*%20%7B%3Fs%20a%20kg%3AFamily%7D",
}


@pytest.mark.parametrize("path", PROGRAMS.values(), ids=PROGRAMS)
def test_what_programs_get_is_kept_as_it_was_sent(
    config: Config, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    with serving(config) as app, serving(replace(config, page_cache_mb=0)) as plain:
        client, other = app.test_client(), plain.test_client()
        for zips in ("", "gzip", "gzip;q=0", "br, gzip"):
            asked = {"Accept": "*/*", "Accept-Encoding": zips}
            first, before = client.get(path, headers=asked), kept(app)
            assert before == 1
            monkeypatch.setattr(app, "full_dispatch_request", None)  # nothing asks the application
            again = client.get(path, headers=asked)
            known = {**asked, "If-None-Match": first.headers["ETag"]}
            unchanged = client.get(path, headers=known)
            head = client.head(path, headers=asked)
            monkeypatch.undo()
            made = other.get(path, headers=asked)
            assert plain_headers(again) == plain_headers(first) == plain_headers(made)
            assert again.data == first.data and unzipped(again) == unzipped(made)
            assert plain_headers(head) == plain_headers(first) and head.data == b""
            assert unchanged.status_code == 304 and not unchanged.data
            assert other.get(path, headers=known).status_code == 304
            assert {*plain_headers(unchanged)} < {*plain_headers(first)}
            assert unchanged.headers["ETag"] == first.headers["ETag"]
            assert not {name for name, _ in unchanged.headers if name.startswith("Content-T")}


def plain_headers(answer: Any) -> list[tuple[str, str]]:
    passing = ("X-Request-ID", "Date", "Content-Length")
    return sorted(h for h in answer.headers if h[0] not in passing)


def unzipped(answer: Any) -> bytes:
    zipped = answer.headers.get("Content-Encoding") == "gzip"
    return gzip.decompress(answer.data) if zipped else answer.data


def test_each_part_of_a_question_tells_answers_apart(config: Config) -> None:
    """Whether the second of two that differ in one part is the kept first, or one of its own."""
    start: dict[str, Any] = {"path": "/model/llama-65b", "headers": HTML}
    korean = {**HTML, "Accept-Language": "ko-KR, en;q=0.5"}
    others: list[dict[str, Any]] = [
        {"path": "/model/llama-7b"},
        {"query_string": "show=claims"},
        {"headers": {"Accept": "application/json"}},
        {"headers": korean},
        {"headers": {**HTML, "Cookie": "lang=ko"}},
        {"headers": {**HTML, "Host": "other.example"}},
        {"base_url": "https://127.0.0.1:8000"},
        {"environ_overrides": {"SCRIPT_NAME": "/under"}},
    ]
    same = [
        {"headers": {**HTML, "Accept-Language": "en-US,en;q=0.5"}},
        {"headers": {**HTML, "Cookie": "theme=dark"}},
        {"headers": {**HTML, "Accept-Encoding": "gzip"}},
        {"headers": {**HTML, "If-None-Match": '"other"'}},
    ]
    with serving(config) as app:
        client = app.test_client(use_cookies=False)
        client.get(**start)
        for other in others:
            before = kept(app)
            answer = client.get(**(start | other))
            assert answer.status_code == 200 and kept(app) == before + 1, other
        for one in same:
            assert unzipped(client.get(**(start | one))) == client.get(**start).data
            assert kept(app) == len(others) + 1


def test_a_choice_of_language_is_remembered_from_a_kept_page_too(config: Config) -> None:
    with serving(config) as app:
        client = app.test_client(use_cookies=False)
        for _ in range(2):
            cookie = client.get("/about?lang=ko", headers=HTML).headers["Set-Cookie"]
            assert cookie.startswith("lang=ko; Expires=") and "Path=/" in cookie
            assert "HttpOnly" in cookie and "Secure" not in cookie
        secure = client.get("/about?lang=ko", headers=HTML, base_url="https://there.example")
        assert "Secure" in secure.headers["Set-Cookie"] and kept(app) == 2
        chosen = {**HTML, "Cookie": "lang=ko"}
        for _ in range(2):
            assert "Set-Cookie" not in client.get("/about?lang=ko", headers=chosen).headers


@pytest.mark.parametrize("name", ["a.py", "a.html", "a.po", "a.css", "a.js"])
def test_whatever_a_page_is_made_with_is_in_its_tag(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Else a page that somebody keeps would outlive a change of the program, such as of its Korean."""
    monkeypatch.setattr(context, "KG", tmp_path / "kg")
    monkeypatch.setattr(context, "WEB", tmp_path / "web")
    for top in ("kg", "web"):
        path = tmp_path / top / "deep" / name
        path.parent.mkdir(parents=True)
        path.write_text("before", encoding="utf-8")
        before = context._digest()
        path.write_text("after", encoding="utf-8")
        assert context._digest() != before


def test_the_catalog_is_where_the_tag_looks() -> None:
    assert TRANSLATIONS.is_relative_to(context.KG) and [*TRANSLATIONS.glob("*.po")]
