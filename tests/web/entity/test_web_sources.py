"""The page of a source: what it says, in the order of the document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

import kg.answers.source
import web.entity.claims
from kg.answers.source import WHICH, claims_of_source
from kg.model.claim import INFERRED
from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner, serving
from tests.web.app.test_web import browse

SURVEY = "/source/survey-004"
BOOK = """
source/book: {label: {en: Book}}
model/b:
  label: {en: B}
  claims:
    developer: [{value: org/o, from: "book:9"}]
    parameterCount: [{value: 7, from: book}]
model/a:
  label: {en: A}
  claims:
    developer:
      - {value: org/o, from: gyebo}
      - {value: org/p, from: "book:10-12", rank: rejected, reason: only sold it, note: as printed}
    releaseDate: [{value: null, from: "book:2", inferred: true}]
org/o: {label: {en: O}}
org/p: {label: {en: P}}
"""


@pytest.fixture
def book(corner: Corner) -> Iterator[FlaskClient]:
    corner.write(BOOK)
    corner.build()
    with serving(corner.config) as app:
        yield app.test_client()


def section(text: str) -> str:
    return text.partition('aria-labelledby="said"')[2].partition("</main>")[0]


def claims(client: FlaskClient, path: str = SURVEY) -> list[dict[str, Any]]:
    return list(client.get(f"{path}/claims.json").get_json()["claims"])


def test_a_rejected_claim_keeps_its_line_and_reason(client: FlaskClient) -> None:
    text = section(browse(client, f"{SURVEY}?show=rejected").text)
    row = next(r for r in re.findall(r"<li>(.*?)</li>", text, re.DOTALL) if "line 202" in r)
    assert "<s><a href" in row and ">EleutherAI</a></s>" in row and "rejected" in row
    assert "EleutherAI made the base, Pythia; Databricks made Dolly" in row
    assert "Gyebo shows:" in row and "Databricks</a>" in row
    assert re.search(r"data/curated/dolly\.yaml:\d+", row)
    korean = section(browse(client, f"{SURVEY}?show=rejected", "ko").text)
    assert "202행" in korean and "기각" in korean and "계보의 값:" in korean


def test_claims_read_like_the_document(client: FlaskClient) -> None:
    lines = [
        int(c["claim"]["locator"].partition("-")[0])
        for c in claims(client)
        if c["claim"]["locator"]
    ]
    assert lines == sorted(lines) and lines[0] < 10 < 400 < lines[-1]
    shown = re.findall(r'<span class="at">lines? (\d+)', section(browse(client, SURVEY).text))
    assert [int(n) for n in shown] == lines[:100]


def test_pages_hold_a_hundred_claims_and_together_all(client: FlaskClient) -> None:
    total = len(claims(client))
    counts = [
        section(browse(client, f"{SURVEY}?page={n}").text).count('<span class="at">')
        for n in range(1, -(-total // 100) + 1)
    ]
    assert sum(counts) == total and set(counts[:-1]) == {100}
    first = browse(client, SURVEY).text
    assert f'href="{SURVEY}?page=2#said" rel="next"' in first
    last = browse(client, f"{SURVEY}?page=9999").text
    assert 'rel="next"' not in last and section(last).count('<span class="at">') == counts[-1]


def test_filters_are_links_with_counts(client: FlaskClient) -> None:
    text = section(browse(client, f"{SURVEY}?show=disputed").text)
    disputed = sum(c["disputed"] for c in claims(client))
    assert f'href="{SURVEY}?show=rejected#said"' in text
    assert f'aria-current="true">Sources disagree <span>{disputed}</span>' in text
    assert text.count('class="badge b-mixed"') == min(disputed, 100)
    assert browse(client, f"{SURVEY}?show=nonsense").status_code == 400
    assert browse(client, f"{SURVEY}?page=x").status_code == 400


def test_json_has_all_claims_and_show_is_unchanged(client: FlaskClient) -> None:
    answer = client.get(f"{SURVEY}/claims.json").get_json()
    assert answer["id"] == "source/survey-004" and answer["complete"]
    assert answer["total"] == len(answer["claims"])
    assert answer["rejected"] == sum(c["claim"]["rank"] == "rejected" for c in answer["claims"])
    assert {c["claim"]["source"] for c in answer["claims"]} == {"source/survey-004"}
    shown = client.get(f"{SURVEY}.json").get_json()
    assert {"id", "kind", "labels", "facts"} <= shown.keys() and "claims" not in shown
    assert client.get("/survey-004/claims.json").location == f"{SURVEY}/claims.json"
    assert client.get("/model/llama-7b/claims.json").status_code == 404


def test_no_claim_is_missing(client: FlaskClient, snapshot: Snapshot) -> None:
    """Every claim the entities hold, also of unknown values and those that Gyebo infers."""
    entities = list(snapshot.entities())
    for source in ("source/survey-004", "source/survey-001", "source/gyebo", INFERRED):
        held = sum(
            s.source == source for e in entities for f in (*e.facts, *e.inferred) for s in f.claims
        )
        answer = claims_of_source(snapshot, source, most=0)
        assert answer.total == held > 0
        assert answer.rejected == sum(
            s.source == source and s.rank == "rejected"
            for e in entities
            for f in e.facts
            for s in f.claims
        )
    assert claims_of_source(snapshot, "source/no-such").total == 0


def test_order_by_line_then_what_has_none(book: FlaskClient) -> None:
    found = [(c["subject"]["id"], c["claim"]["locator"]) for c in claims(book, "/source/book")]
    assert found == [("model/a", "2"), ("model/b", "9"), ("model/a", "10-12"), ("model/b", "")]
    text = section(browse(book, "/source/book").text)
    assert "4 claims on 2 entities." in text and "1 of them is rejected." in text
    assert "unknown" in text and "inferred from the source" in text and "as printed" in text
    assert "No claim of this source" in browse(book, "/source/gyebo?show=rejected").text
    assert "No claims were read" in browse(book, "/source/inferred").text


def test_very_long_sources_are_read_page_by_page(
    client: FlaskClient, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By entity, a page at a time, and together all claims: also of those that a filter leaves."""
    source = SURVEY[1:]
    figures = {"": claims_of_source(snapshot, source)} | {
        w: claims_of_source(snapshot, source, which=w) for w in WHICH
    }
    monkeypatch.setattr(kg.answers.source, "WHOLE", 10)
    for which, whole in figures.items():
        found = [
            c
            for first in range(0, len(whole.claims) + 50, 50)
            for c in claims_of_source(snapshot, source, which=which, first=first, most=50).claims
        ]
        assert len(found) == len(whole.claims) > 0
        assert set(map(str, found)) == set(map(str, whole.claims))
        assert [c.subject.id for c in found] == sorted(c.subject.id for c in found)


def test_the_pages_of_a_very_long_source(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    total = len(claims(client))
    monkeypatch.setattr(kg.answers.source, "WHOLE", 10)
    monkeypatch.setattr(web.entity.claims, "WHOLE", 10)
    monkeypatch.setattr(web.entity.claims, "JSON_PAGE", total - 1)
    text = section(browse(client, SURVEY).text)
    assert "entity by entity" in text and text.count('<span class="at">') == 100
    first = client.get(f"{SURVEY}/claims.json")
    assert first.get_json()["total"] == total and not first.get_json()["complete"]
    assert 'page=2>; rel="next"' in first.headers["Link"]
    second = client.get(f"{SURVEY}/claims.json?page=2")
    assert len(second.get_json()["claims"]) == 1 and 'rel="next"' not in second.headers["Link"]
