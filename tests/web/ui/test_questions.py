"""The questions of the home page are asked of the data: what a card says is what the pages behind it say."""

from __future__ import annotations

import html
import re

import pytest
from flask.testing import FlaskClient

from kg.answers.gaps.audit import audit
from kg.answers.lineage import lineage
from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner, serving
from tests.pages import in_language
from web.ui.questions import CHOICE, ask_choice, ask_gap, ask_origin


def test_the_choice_is_that_of_the_table(client: FlaskClient, snapshot: Snapshot) -> None:
    found = ask_choice(snapshot, "en")
    assert found and found.total > 0
    rows = client.get("/models.json", query_string={**CHOICE, "limit": "3"}).get_json()
    assert (rows["total"], [row["id"] for row in rows["rows"]]) == (
        found.total,
        [one.id for one in found.first],
    )
    for row in rows["rows"]:
        assert 7e9 <= row["parameters"] <= 13e9 and row["context"] >= 8000
        assert row["verdict"] in ("allowed", "conditional")


def test_the_gap_is_one_of_the_audit_and_sure(snapshot: Snapshot) -> None:
    found = ask_gap(snapshot, "ko")
    assert found and not found.assumed and found.gap == "drops-substance"
    assert found.id in {row.id for row in audit(snapshot).rows}
    assert found.stated and found.governs and found.missing[0].group == "substance"


def test_a_closed_model_comes_from_open_weights_of_another_maker(snapshot: Snapshot) -> None:
    found = ask_origin(snapshot, "en")
    assert found and (found.here.id, found.parent.id) == ("model/composer-2.5", "model/kimi-k2.5")
    assert found.maker == "Moonshot AI" and found.sources >= 1
    assert [one.id for one in found.path][-2:] == [found.parent.id, found.here.id]
    above = {node.id for node in lineage(snapshot, found.here.id, "up").nodes}
    assert {one.id for one in found.path} <= above


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_home_page_shows_the_answers(
    client: FlaskClient, snapshot: Snapshot, lang: str
) -> None:
    page = html.unescape(client.get(in_language("/", lang), headers={"Accept": "text/html"}).text)
    asked = page.partition('aria-labelledby="asked"')[2].partition("</section>")[0]
    gap, origin = ask_gap(snapshot, lang), ask_origin(snapshot, lang)
    assert gap and origin
    assert gap.label in asked and gap.governs[0].label in asked
    assert f'href="/{origin.parent.id}"' in asked and origin.maker in asked
    table = re.search(r'href="(/models\?[^"]+)"', asked)
    assert table and client.get(table[1]).status_code == 200


def test_a_question_without_an_answer_is_not_asked(corner: Corner) -> None:
    corner.write("model/oak: {label: {en: Oak}}")
    corner.build()
    with serving(corner.config) as app:
        page = app.test_client().get("/", headers={"Accept": "text/html"}).text
    assert 'id="asked"' not in page and "<svg xmlns" not in page
