"""Light, dark, or as the system says; one stylesheet for all pages; what pages weigh."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.weigh import MOST, PAGES, parts
from web.app.styles import SHEETS, stylesheet
from web.paths import STATIC

HTML = {"Accept": "text/html"}


def home(client: FlaskClient) -> str:
    return client.get("/", headers=HTML).text


def test_one_stylesheet_and_every_sheet_is_in_it(client: FlaskClient) -> None:
    for path in PAGES.values():
        text = client.get(path, headers=HTML).text
        assert len(re.findall(r'rel="stylesheet"', text)) == 1, path
    assert (SHEETS[0], SHEETS[-1]) == ("app/site.css", "app/print.css")
    for sheet in STATIC.rglob("*.css"):
        rules = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL).split()
        assert "".join(rules) in "".join(stylesheet().split()), sheet


def test_the_stylesheet_is_kept_for_ever_under_its_address(client: FlaskClient) -> None:
    address = re.search(r'href="(/style-[^"]+)"', home(client))
    assert address
    answer = client.get(address[1])
    assert answer.text == stylesheet() and answer.content_type.startswith("text/css")
    assert "immutable" in answer.headers["Cache-Control"] and {*answer.vary} == {"Accept-Encoding"}
    again = client.get(address[1], headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    old = client.get("/style-0123.css")
    assert old.status_code == 200 and "immutable" not in old.headers.get("Cache-Control", "")


def test_braces_of_the_stylesheet_are_balanced() -> None:
    text = stylesheet()
    assert text.count("{") == text.count("}") and "/*" not in text


def test_the_theme_is_set_before_the_first_paint(client: FlaskClient) -> None:
    head = home(client).partition("</head>")[0]
    script = re.search(r'<script src="(/static/app/theme\.js\?v=[^"]+)"></script>', head)
    assert script and head.index("app/theme.js") < head.index('type="module"')
    with client.get(script[1]) as answer:
        assert len(answer.data) < 1000 and "immutable" in answer.headers["Cache-Control"]
        assert b"cookie" not in answer.data and b"fetch" not in answer.data


def test_the_switch_is_shown_by_the_script_only(client: FlaskClient) -> None:
    assert '<select id="theme"' in home(client)
    assert re.search(r"\.theme \{\s*display: none", stylesheet()) and ".js .theme {" in stylesheet()
    assert "data-theme" not in re.findall(r"<html[^>]*>", home(client))[0]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_choice_outweighs_the_system(theme: str) -> None:
    assert f':root[data-theme="{theme}"] {{ color-scheme: {theme}; }}' in stylesheet()


def test_every_color_has_a_dark_twin() -> None:
    """A color outside of light-dark() would stay as it is in the other theme."""
    text = stylesheet().partition("@media print")[0]
    bare = re.sub(r"light-dark\([^()]*\)|rgb\([^()]*\)", "", text)
    assert re.findall(r"(?<=[:\s])#[0-9a-f]{3,8}\b(?=[;\s])", bare) == []


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_weighs_little(client: FlaskClient, path: str, lang: str) -> None:
    weighed = parts(client, path, lang)
    assert sum(weighed.values()) <= MOST, weighed
    bare = path.startswith("/embed")  # a chart for other sites has no frame of ours
    assert len(weighed) > (1 if bare else 3)  # the page, the stylesheet, two scripts at least


def test_pictures_in_pages_have_a_size(client: FlaskClient) -> None:
    for path in PAGES.values():
        text = client.get(path, headers=HTML).text
        for image in re.findall(r"<(?:img|svg class=\"(?:plot|lineage|chart)\")[^>]*>", text):
            assert " width=" in image and " height=" in image, path


def test_modules_are_small() -> None:
    for path in Path(STATIC).rglob("*.js"):
        assert path.stat().st_size < 10_000, path.name
