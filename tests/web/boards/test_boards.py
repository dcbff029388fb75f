"""The pages of boards: what they show is what their files hold, and what they cannot understand is said."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET

import pytest
from flask.testing import FlaskClient

from kg.answers.boards.releases import ReleasesRequest, answer_releases
from kg.snapshot.snapshot import Snapshot
from web.boards._poster import SIZES

HTML = {"Accept": "text/html"}
SVG = "{http://www.w3.org/2000/svg}"


def test_the_timeline_lists_what_its_files_hold(client: FlaskClient, snapshot: Snapshot) -> None:
    asked = "/timeline{}?country=KR&from=2023"
    rows = list(csv.DictReader(io.StringIO(client.get(asked.format(".csv")).text)))
    found = client.get(asked.format(".json")).get_json()
    expected = answer_releases(snapshot, ReleasesRequest(countries=("KR",), start=20230000))
    assert [r["id"] for r in rows] == [r.id for r in expected.rows] and len(rows) > 5
    assert found["total"] == len(rows)
    text = client.get(asked.format(""), headers=HTML).text
    assert all(f'href="/{r["id"]}"' in text for r in rows[:20])


def test_lanes_are_drawn_with_names_that_lead_to_pages(client: FlaskClient) -> None:
    svg = ET.fromstring(client.get("/timeline.svg?by=country&lang=ko").text)
    links = [a.get("href", "") for a in svg.iter(f"{SVG}a")]
    assert len(links) > 30 and all("/model/" in link for link in links)
    assert svg.find(f"{SVG}title") is not None and svg.find(f"{SVG}desc") is not None
    assert "CC0" in (svg.findtext(f"{SVG}desc") or "")
    assert "대한민국" in "".join(svg.itertext())


@pytest.mark.parametrize(
    "address",
    [
        "/timeline?by=color",
        "/timeline?org=nobody-at-all",
        "/timeline?country=Atlantis",
        "/timeline?from=soon",
        "/timeline?from=2025&to=2020",
        "/timeline?open=maybe",
        "/benchmarks?benchmark=none-of-these",
    ],
)
def test_what_is_not_understood_is_said_with_the_form(client: FlaskClient, address: str) -> None:
    answer = client.get(address, headers=HTML)
    assert answer.status_code == 400 and 'role="alert"' in answer.text and "<form" in answer.text
    plain = client.get(address.replace("?", ".json?"))
    assert plain.status_code == 400 and plain.mimetype == "application/problem+json"


def test_a_form_that_sends_nothing_is_led_to_the_bare_address(client: FlaskClient) -> None:
    answer = client.get("/timeline?by=org&org=&country=&from=&to=", headers=HTML)
    assert answer.status_code == 302 and answer.headers["Location"] == "/timeline"


def test_the_board_names_every_model_of_the_country(client: FlaskClient) -> None:
    rows = client.get("/board/kr.json").get_json()["rows"]
    assert {"KR"} <= set(rows[0]["countries"])
    dated = [row["id"] for row in rows if row["date"]]
    links = client.get("/board/kr.svg?size=a1").text
    missing = [id for id in dated if f'/{id}"' not in links]
    assert missing == [] and len(dated) > 20


@pytest.mark.parametrize("size", SIZES)
def test_a_poster_is_a_sheet_of_paper(client: FlaskClient, size: str) -> None:
    answer = client.get(f"/board/kr.svg?size={size}")
    svg = ET.fromstring(answer.text)
    assert (svg.get("width"), svg.get("height")) == tuple(f"{mm}mm" for mm in SIZES[size])
    assert svg.get("lang") == "ko"  # of the country, unless the address says otherwise
    _, _, width, height = map(float, (svg.get("viewBox") or "").split())
    inner = svg.find(f"{SVG}g/{SVG}svg")
    assert inner is not None and float(inner.get("height", "")) + 100 < height < width
    assert ET.fromstring(client.get(f"/board/kr.svg?size={size}&lang=en").text).get("lang") == "en"


def test_countries_go_by_names_as_well(client: FlaskClient) -> None:
    for name in ("korea", "KR", "south-korea", "한국"):
        answer = client.get(f"/board/{name}", headers=HTML)
        assert answer.status_code == 308 and answer.headers["Location"] == "/board/kr"
    for name in ("atlantis", "zz", "a" * 300):
        assert client.get(f"/board/{name}", headers=HTML).status_code == 404
    assert client.get("/board/kr.svg?size=a9").status_code == 400


def test_benchmarks_say_setting_source_and_date(client: FlaskClient) -> None:
    text = client.get("/benchmarks?benchmark=kobest-copa", headers=HTML).text
    assert "0-shot" in text and 'class="heat"' in text and 'id="s1"' in text
    rows = list(csv.DictReader(io.StringIO(client.get("/benchmarks.csv").text)))
    assert rows and all(row["source"] for row in rows)
    assert all(row["published"] or row["retrieved"] for row in rows)


def test_a_family_shows_the_scores_of_its_members(client: FlaskClient) -> None:
    text = client.get("/family/claude-3", headers=HTML).text
    assert 'id="scores"' in text and "/model/claude-3-opus" in text.split('id="scores"')[1]
    assert "/benchmarks?family=family/claude-3" in text.replace("%2F", "/")


def test_mixes_of_trends_have_their_files(client: FlaskClient) -> None:
    text = client.get("/trends", headers=HTML).text
    for name in ("licenses", "data"):
        assert f'id="{name}"' in text
        rows = list(csv.DictReader(io.StringIO(client.get(f"/trends/{name}.csv").text)))
        assert rows and rows[0]["period"]
        assert client.get(f"/trends/{name}.svg").mimetype == "image/svg+xml"
