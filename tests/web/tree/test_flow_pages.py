"""Drawings and pages of who learned from what."""

from __future__ import annotations

import gzip
import itertools
import re
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from kg.answers.tree.flow import find_flow
from kg.snapshot.snapshot import Snapshot
from tests.web.app.test_web import browse
from web.tree._flow import FlowScene, flow_svg
from web.tree._flow_layout import boxes

SVG = "{http://www.w3.org/2000/svg}"
PAGES = ["/org/openai/lineage", "/dataset/alpaca-52k/lineage", "/product/chatgpt/lineage"]


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("id", ["org/openai", "dataset/alpaca-52k", "org/deepseek", "family/gpt-4"])
def test_boxes_keep_apart_and_inside(snapshot: Snapshot, id: str, lang: str) -> None:
    flow = find_flow(snapshot, id, lang)
    found, starts, end = boxes(flow, 1100, 40)
    for one, two in itertools.combinations(found.values(), 2):
        apart_x = one.x + one.width <= two.x or two.x + two.width <= one.x
        assert apart_x or one.y + one.height <= two.y or two.y + two.height <= one.y
    assert all(b.x >= 0 and b.x + b.width <= 1100 and b.y + b.height <= end for b in found.values())
    assert all(later - sooner > 34 for sooner, later in itertools.pairwise(starts))
    for edge in flow.edges:
        if not edge.weights:  # text goes from left to right
            assert found[edge.source].x <= found[edge.target].x


def test_every_column_begins_where_a_reader_looks_first(snapshot: Snapshot) -> None:
    found, starts, _ = boxes(find_flow(snapshot, "org/openai"), 1100, 40)
    for x in starts:
        assert min(box.y for box in found.values() if box.x == x) <= 40 + 66


def test_a_name_cut_short_is_not_read_aloud(snapshot: Snapshot) -> None:
    scene = FlowScene(lang="en", gettext=str, href=lambda id: f"/{id}")
    svg = ET.fromstring(flow_svg(find_flow(snapshot, "org/openai"), scene))
    for a in svg.iter(f"{SVG}a"):
        text = a.find(f"{SVG}text")
        assert text is not None and text.text
        assert (text.get("aria-hidden") == "true") == (text.text not in a.get("aria-label", ""))


def test_names_cut_short_keep_their_sizes(snapshot: Snapshot) -> None:
    found, _, _ = boxes(find_flow(snapshot, "org/openai"), 900, 40)
    texts = [found[f"model/koalpaca-polyglot-{size}b"].text for size in ("12.8", "5.8")]
    assert all("…" in text for text in texts) and texts[0] != texts[1]


def test_ribbons_are_text_and_lines_are_weights(snapshot: Snapshot) -> None:
    flow = find_flow(snapshot, "org/openai")
    scene = FlowScene(lang="en", gettext=str, href=lambda id: f"/{id}")
    svg = ET.fromstring(flow_svg(flow, scene))
    paths = [p for p in svg.iter(f"{SVG}path") if p.get("data-from")]
    ribbons = [p for p in paths if p.get("class", "").startswith("ribbon")]
    assert len(ribbons) == sum(not edge.weights for edge in flow.edges)
    assert len(paths) - len(ribbons) == sum(edge.weights for edge in flow.edges)
    told = {a.get("data-id"): a.get("aria-label", "") for a in svg.iter(f"{SVG}a")}
    assert told.keys() == flow.by_id.keys()
    assert "trained on" in told["model/vicuna-13b"] and "ShareGPT" in told["model/vicuna-13b"]
    hue = {p.get("class") for p in ribbons if p.get("data-from") == "dataset/sharegpt-70k"}
    assert hue == {p.get("class") for p in ribbons if p.get("data-from") == "product/chatgpt"}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("lang", "word"), [("en", "Vicuna 13B"), ("ko", "알파카 7B")])
def test_makers_data_and_products_have_a_page(
    client: FlaskClient, path: str, lang: str, word: str
) -> None:
    answer = browse(client, f"{path}?lang={lang}")
    assert answer.status_code == 200 and ' style="' not in answer.text
    assert len(gzip.compress(answer.data)) < 50_000
    if path.startswith("/org"):
        assert word in answer.text
    rows = re.findall(r'<tr><th scope="row"><a href="/([^"]+)"', answer.text)
    assert rows and len(rows) == len(set(rows))
    assert not re.search(r"<td[^>]*>\d{4}-\d\d-\d\d<", answer.text)
    svg = client.get(f"{path}.svg?lang={lang}&theme=dark")
    assert svg.status_code == 200 and svg.content_type.startswith("image/svg+xml")
    assert ET.fromstring(svg.data).tag == f"{SVG}svg"
    assert "style-src 'sha256-" in svg.headers["Content-Security-Policy"]
    assert client.get(f"{path}.svg?theme=pink").status_code == 400
    assert client.get(f"{path}.png").status_code == 404
    assert client.get(f"{path}.json?edges=data&direction=down").status_code == 200


def test_pages_of_makers_and_models_say_who_learned(client: FlaskClient) -> None:
    for path in (
        "/org/openai",
        "/model/text-davinci-003",
        "/product/chatgpt",
        "/dataset/alpaca-52k",
    ):
        text = browse(client, f"{path}?lang=en").text
        assert 'id="outputs"' in text and "<svg" in text
    assert 'id="outputs"' not in browse(client, "/model/kovicuna-7b?lang=en").text
    page = browse(client, "/org/kakao/lineage?lang=en").text
    assert "No source says that a model learned from it." in page or 'scope="row"' in page
