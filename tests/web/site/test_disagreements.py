"""The pages of disagreements, as data and for people."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.snapshot.snapshot import Snapshot
from web.ui.highlights import disputes, families

FACT = "/disagreements/model/deepseek-r1/releaseDate"


def rows(client: FlaskClient, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(path).get_data(as_text=True))))


def test_the_list_as_a_page_json_and_csv(client: FlaskClient) -> None:
    told = client.get("/disagreements.json?limit=5").get_json()
    table = rows(client, "/disagreements.csv?limit=5")
    assert [row["id"] for row in table] == [row["id"] for row in told["disputes"]]
    page = client.get("/disagreements").get_data(as_text=True)
    for row in told["disputes"]:
        assert f'href="/disagreements/{row["id"]}/{row["property"]}"' in page
    second = client.get("/disagreements.json?limit=5&page=2")
    assert second.get_json()["disputes"][0] not in told["disputes"]
    assert 'rel="next"' in second.headers["Link"]


@pytest.mark.parametrize(("lang", "words"), [("en", "does not hold"), ("ko", "따르지 않는 값")])
def test_one_fact_in_both_languages(client: FlaskClient, lang: str, words: str) -> None:
    told = client.get(f"{FACT}.json").get_json()
    assert told["sides"][0]["value"] == "2025-01-20"
    page = client.get(f"{FACT}?lang={lang}").get_data(as_text=True)
    assert words in page or all(side["holds"] for side in told["sides"])
    assert len(rows(client, f"{FACT}.csv")) == sum(len(s["voices"]) for s in told["sides"])


def test_a_fact_of_which_no_value_holds_says_so(client: FlaskClient) -> None:
    path = "/disagreements/model/mbert/derivedFrom"
    assert not any(side["holds"] for side in client.get(f"{path}.json").get_json()["sides"])
    page = client.get(f"{path}?lang=ko").get_data(as_text=True)
    assert "따르는 값이 없습니다." in page and "따르는 값이 먼저" not in page
    assert "계산하지 않습니다." in page and "License reasoning" not in page


def test_the_home_page_shows_what_has_two_values_and_families_that_are_described(
    snapshot: Snapshot, app: Flask
) -> None:
    with app.test_request_context("/"):
        assert all(len(dispute.said) > 1 for dispute in disputes(snapshot, "en"))
        assert all(card.about for card in families(snapshot, "en"))


def test_a_model_leads_to_its_disagreements(client: FlaskClient) -> None:
    row = client.get("/disagreements.json?kind=model&limit=1").get_json()["disputes"][0]
    page = client.get(f"/{row['id']}").get_data(as_text=True)
    address = f'href="/disagreements/{row["id"]}/{row["property"]}"'
    license_box = row["property"] in ("license",)
    assert address in page or license_box


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/disagreements?weight=heavy", 400),
        ("/disagreements?page=x", 400),
        ("/disagreements/model/deepseek-r1/color", 404),
        ("/disagreements/model/no-such-model/license", 404),
        ("/disagreements/license", 404),
        ("/disagreements/deepseek-r1/releaseDate.csv", 308),
    ],
)
def test_what_is_not_there(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status
