"""Pages kept in memory: the same answer, only where question, data and program are the same."""

from __future__ import annotations

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


def test_answers_of_queries_and_errors_are_not_kept(config: Config) -> None:
    with serving(config) as app:
        client = app.test_client()
        for path in ("/sparql?query=ASK%7B%7D", "/model/no-such-thing", "/model/llama-65b.json"):
            client.get(path, headers=HTML if "json" not in path else {})
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
            for _ in range(2):
                assert name in client.get("/model/m", headers=HTML).text
        assert kept(app) == 2


def test_without_a_snapshot_nothing_breaks(tmp_path: Path) -> None:
    with serving(Config(home=tmp_path)) as app:
        client = app.test_client()
        for _ in range(2):
            assert client.get("/about", headers=HTML).status_code == 503 and kept(app) == 0


def test_programs_that_ask_for_anything_fill_no_room(config: Config) -> None:
    with serving(config) as app:
        client = app.test_client()
        assert client.get("/about").mimetype == "text/html" and kept(app) == 0


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
