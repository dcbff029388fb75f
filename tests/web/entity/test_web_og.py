"""What those see who share a page: title, words, a picture of 1200 by 630."""

from __future__ import annotations

import html
import re
import struct
import xml.etree.ElementTree as ET

import pytest
from flask.testing import FlaskClient

from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner, serving
from web.charts import pictures
from web.entity import card as cards

HTML = {"Accept": "text/html"}
PAGES = (
    "/",
    "/search?q=alpaca",
    "/model/llama-7b",
    "/family/llama",
    "/org/meta",
    "/license/llama-2-license",
    "/about",
    "/trends",
    "/no/such/thing",
)


def tags(client: FlaskClient, path: str, lang: str = "en") -> dict[str, str]:
    text = client.get(path, headers={**HTML, "Accept-Language": lang}).text
    found = re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)">', text)
    assert len(found) == len(dict(found))
    return {name: html.unescape(value) for name, value in found}


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_what_it_is(
    client: FlaskClient, path: str, lang: str, snapshot: Snapshot
) -> None:
    found = tags(client, path, lang)
    base = snapshot.manifest.base
    assert found["og:title"] and found["og:description"]
    assert found["og:url"].startswith(base) and found["og:image"].startswith(base)
    assert found["og:locale"] == ("ko_KR" if lang == "ko" else "en_US")
    assert found["twitter:card"] == "summary_large_image"


def test_the_picture_of_an_entity_is_its_own(client: FlaskClient, snapshot: Snapshot) -> None:
    pytest.importorskip("resvg_py")
    address = tags(client, "/family/llama", "ko")["og:image"]
    assert address.endswith("/family/llama/card.png?lang=ko")
    answer = client.get("/" + address.removeprefix(snapshot.manifest.base))
    assert answer.content_type == "image/png" and answer.data[:4] == b"\x89PNG"
    assert struct.unpack(">II", answer.data[16:24]) == (cards.WIDTH, cards.HEIGHT)
    assert len(answer.data) < 200_000 and "max-age" in answer.headers["Cache-Control"]
    again = client.get(
        "/family/llama/card.png?lang=ko", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        "/card.svg",
        "/card.svg?lang=ko",
        "/family/llama/card.svg",
        "/model/koalpaca-polyglot-12.8b/card.svg?lang=ko",
        "/license/llama-2-license/card.svg",
        "/org/meta/card.svg",
    ],
)
def test_a_card_is_drawn_within_its_frame(client: FlaskClient, path: str) -> None:
    svg = ET.fromstring(client.get(path).text)
    assert (svg.get("width"), svg.get("height")) == ("1200", "630")
    for nested in svg.iter("{http://www.w3.org/2000/svg}svg"):
        if nested is not svg:
            assert float(nested.get("y", "")) + float(nested.get("height", "")) <= cards.HEIGHT
            assert float(nested.get("x", "")) + float(nested.get("width", "")) <= cards.WIDTH


def test_every_model_and_family_has_a_card(client: FlaskClient, snapshot: Snapshot) -> None:
    for kind in ("model", "family"):
        for entity in snapshot.entities(kind):
            answer = client.get(f"/{entity.id}/card.svg?lang=ko")
            assert answer.status_code == 200, entity.id
            ET.fromstring(answer.text)


def test_a_long_way_up_is_cut(corner: Corner) -> None:
    chain = "".join(
        f"model/m{i}: {{label: {{en: M{i}}}, "
        f"claims: {{fineTunedFrom: [{{value: model/m{i - 1}, from: s}}]}}}}\n"
        for i in range(1, 30)
    )
    corner.write("source/s: {label: {en: S}}\nmodel/m0: {label: {en: M0}}\n" + chain)
    corner.build()
    with serving(corner.config) as app:
        text = app.test_client().get("/model/m29/card.svg").text
    shown = re.findall(r'<a class="node[^"]*"[^>]* data-id="([^"]+)"', text)
    assert len(shown) == cards.MOST and "model/m29" in shown and "model/m28" in shown


@pytest.mark.parametrize("path", ["/card.png?lang=xx", "/model/llama-7b/card.png?lang=xx"])
def test_an_unknown_language_is_said(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 400


def test_without_the_extra_a_picture_made_ahead_stands_in(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "resvg_py", None)
    assert tags(client, "/model/llama-7b")["og:image"].endswith("/static/app/site.png")
    assert client.get("/model/llama-7b/card.png").status_code == 501
    with client.get("/static/app/site.png") as answer:
        assert answer.status_code == 200


def test_long_names_and_markup_fit() -> None:
    svg = cards.card("<b>", "아주 긴 이름 " * 30, "a & b " * 200, "", "ko")
    root = ET.fromstring(svg)
    assert len(list(root.iter("{http://www.w3.org/2000/svg}text"))) <= 9
