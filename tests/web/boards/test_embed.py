"""Charts on other sites: only they may stand in a frame, and what is no chart does not."""

from __future__ import annotations

from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

HTML = {"Accept": "text/html"}
CHARTS = (
    "trends/parameters",
    "trends/licenses",
    "timeline?country=KR&lang=ko",
    "board/kr?lang=en",
    "family/llama/lineage",
    "family/llama/license-mix",
    "benchmark/mmlu/scores?ranking=1",
    "org/openai/lineage",
)


@pytest.mark.parametrize("chart", CHARTS)
def test_a_chart_stands_alone_in_a_frame(client: FlaskClient, chart: str) -> None:
    answer = client.get(f"/embed/{chart}", headers=HTML)
    policy = answer.headers["Content-Security-Policy"]
    assert answer.status_code == 200 and "frame-ancestors *" in policy
    assert "script-src" not in policy and "default-src 'none'" in policy and "sha256-" in policy
    assert "<svg" in answer.text and "<script" not in answer.text
    assert "CC0" in answer.text and "<h1" in answer.text


def test_no_other_page_may_stand_in_a_frame(client: FlaskClient) -> None:
    for path in ("/", "/timeline", "/trends", "/family/llama", "/trends/parameters.svg", "/oembed"):
        policy = client.get(path, headers=HTML).headers["Content-Security-Policy"]
        assert "frame-ancestors *" not in policy


@pytest.mark.parametrize(
    "path",
    [
        "static/app/favicon",
        "embed/trends/parameters",
        "family/llama",
        "family/nothing-such/lineage",
        "../trends/parameters",
        "models",
        "style-x",
        "%00",
    ],
)
def test_what_is_no_chart_is_not_found(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/embed/{path}", headers=HTML)
    assert answer.status_code in (404, 308, 400)
    assert "frame-ancestors *" not in answer.headers.get("Content-Security-Policy", "")


def test_a_page_says_where_its_oembed_is_and_that_leads_to_the_chart(client: FlaskClient) -> None:
    for page in ("/timeline", "/trends", "/board/kr", "/family/llama", "/model/alpaca-7b"):
        text = client.get(page, headers=HTML).text
        link = text.split('type="application/json+oembed" href="')[1].split('"')[0]
        found = client.get(unescape(link)).get_json()
        assert found["version"] == "1.0" and found["type"] == "rich"
        frame = unescape(found["html"]).split('src="')[1].split('"')[0]
        below = "/" + frame.split("/", 3)[3]
        assert client.get(below, headers=HTML).status_code == 200


def test_oembed_keeps_to_the_room_it_is_given(client: FlaskClient) -> None:
    found = client.get("/oembed?url=/timeline?country=KR&maxwidth=300&maxheight=200").get_json()
    assert (found["width"], found["height"]) == (300, 200)
    assert "/embed/timeline?country=KR" in unescape(found["html"])


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("url=/trends&format=xml", 501),
        ("url=https://elsewhere.example/trends", 404),
        ("url=javascript:alert(1)", 404),
        ("url=/models", 404),
        ("url=", 404),
        ("", 404),
        ("url=/trends&maxwidth=wide", 400),
        ("url=http://[", 404),
        ("url=/family/nothing", 404),
    ],
)
def test_what_oembed_cannot_answer_is_said(client: FlaskClient, query: str, status: int) -> None:
    answer = client.get(f"/oembed?{query}")
    assert answer.status_code == status and answer.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    ("url", "title"),
    [
        ("/timeline?lang=ko", "출시 연표"),
        ("/trends", "Parameter counts over time"),
        ("/family/llama", "LLaMA"),
        ("/family/llama/license-mix.svg?lang=ko", "라마"),
        ("/board/kr", "Boards by country: South Korea"),
    ],
)
def test_a_frame_is_called_what_it_shows(client: FlaskClient, url: str, title: str) -> None:
    found = client.get("/oembed", query_string={"url": url}).get_json()
    assert found["title"] == f"Gyebo (계보): {title}"


def test_what_is_asked_cannot_leave_its_place(client: FlaskClient) -> None:
    found = client.get('/oembed?url=/timeline?org="><script>alert(1)</script>').get_json()
    assert "<script" not in found["html"]


def test_embeds_stand_under_a_prefix(mounted: Flask) -> None:
    client = mounted.test_client()
    text = client.get("/gyebo/timeline", headers=HTML).text
    assert "/gyebo/oembed?url=" in text
    assert client.get("/gyebo/embed/timeline", headers=HTML).status_code == 200
