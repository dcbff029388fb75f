"""`/license-audit`: the page in both languages, its filters, JSON and CSV."""

from __future__ import annotations

import csv
import io

import pytest
from flask.testing import FlaskClient

from kg.answers.gaps.answer import AuditRequest
from kg.answers.gaps.audit import audit
from kg.licenses.verdicts import GAPS
from kg.snapshot.snapshot import Snapshot
from tests.pages import in_language
from tests.web.app.test_web import spaced
from web.license import audit as pages

HTML = {"Accept": "text/html"}
R1 = "/model/deepseek-r1-distill-llama-70b"


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "by its ancestry the terms of"),
        ("ko", "상위 모델에서"),
    ],
)
def test_a_row_says_tag_and_ancestry(client: FlaskClient, lang: str, sentence: str) -> None:
    page = client.get(in_language("/license-audit", lang), headers=HTML).text
    assert f'href="{R1}#may-i"' in page and sentence in spaced(page)
    assert 'href="/license/llama-3.3-license"' in page


def test_filters_narrow_and_stay_in_the_addresses(client: FlaskClient) -> None:
    page = client.get("/license-audit?family=llama-3.3&assumed=1", headers=HTML).text
    assert R1 in page and "/model/koalpaca-llama" not in page
    assert 'name="family" value="llama-3.3"' in page and "selected" in page
    assert "/license-audit?gap=unsatisfiable&amp;family=llama-3.3&amp;assumed=1" in page


def test_a_name_that_leads_nowhere_is_said(client: FlaskClient) -> None:
    answer = client.get("/license-audit?maker=nobody-at-all", headers=HTML)
    assert answer.status_code == 400 and 'role="alert"' in answer.text
    assert client.get("/license-audit?gap=all", headers=HTML).status_code == 400


def test_pages_hold_all_rows(
    client: FlaskClient, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PAGE_SIZE", 5)
    whole = audit(snapshot)
    last = -(-whole.total // 5)
    texts = [client.get(f"/license-audit?page={n}", headers=HTML).text for n in range(1, last + 1)]
    for place, row in enumerate(whole.rows):
        assert f'href="/{row.id}#may-i"' in texts[place // 5], row.id


def test_json_and_csv(client: FlaskClient, snapshot: Snapshot) -> None:
    whole = audit(snapshot, AuditRequest(gaps=GAPS))
    told = client.get("/license-audit.json?limit=2")
    assert told.get_json()["total"] == audit(snapshot).total and len(told.get_json()["rows"]) == 2
    assert '</license-audit.json?limit=2&page=2>; rel="next"' in told.headers["Link"]
    lines = [*csv.DictReader(io.StringIO(client.get("/license-audit.csv").text))]
    assert {line["id"] for line in lines} == {row.id for row in audit(snapshot).rows}
    assert told.get_json()["counts"] == dict(whole.counts)


def test_what_leads_to_it(client: FlaskClient) -> None:
    for path in ("/", "/check", "/about/licenses"):
        assert 'href="/license-audit"' in client.get(path, headers=HTML).text, path
    assert "/license-audit</loc>" in client.get("/sitemap-0.xml").text
