"""The page that sets models side by side, and its twin."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from kg.answers.compare import compare
from kg.snapshot.snapshot import Snapshot

PAIR = "/compare?id=model/alpaca-7b&id=model/vicuna-13b"
HTML = {"Accept": "text/html"}


def data(client: FlaskClient, *ids: str) -> Any:
    found = client.get("/compare.json?" + "&".join(f"id={id}" for id in ids))
    assert found.status_code == 200, found.text
    return json.loads(found.data)


def test_facts_stand_side_by_side_with_their_sources(client: FlaskClient) -> None:
    page = client.get(PAIR + "&lang=en", headers=HTML).text
    assert page.count('<th scope="col"') == 3
    row = page[page.index("#fineTunedFrom") :].partition("</tr>")[0]
    assert "≠ differs" in row and "LLaMA 7B" in row and "LLaMA 13B" in row
    assert 'class="src" href="#s' in row
    for number in set(row.split('href="#s')[1:]):
        assert f'id="s{number.partition(chr(34))[0]}"' in page


def test_the_twin_is_what_the_library_answers(client: FlaskClient, snapshot: Snapshot) -> None:
    found = data(client, "alpaca-7b", "vicuna-13b")
    assert [m["id"] for m in found["models"]] == ["model/alpaca-7b", "model/vicuna-13b"]
    results = {fact["property"]: fact["result"] for fact in found["facts"]}
    answer = compare(snapshot, ["model/alpaca-7b", "model/vicuna-13b"])
    assert results == {fact.property: fact.result for fact in answer.facts}
    assert (results["fineTunedFrom"], results["parameterCount"]) == ("differs", "differs")
    assert found == json.loads(client.get(PAIR, headers={"Accept": "application/json"}).data)


def test_one_missing_value_is_no_difference(client: FlaskClient) -> None:
    facts = {f["property"]: f for f in data(client, "alpaca-7b", "alpaca-13b")["facts"]}
    assert facts["trainedOn"]["facts"][1] is None
    assert facts["trainedOn"]["result"] == "unknown"


def test_what_a_family_says_counts_for_a_member_that_says_nothing(client: FlaskClient) -> None:
    facts = {f["property"]: f for f in data(client, "alpaca-7b", "alpaca-13b")["facts"]}
    assert facts["license"]["facts"][1] is None
    assert facts["license"]["from_family"][1]["family"]["id"] == "family/alpaca"
    assert facts["license"]["result"] == "same"


def test_two_sizes_meet_in_their_family(client: FlaskClient) -> None:
    (common,) = data(client, "alpaca-7b", "vicuna-13b")["common"]
    assert (common["id"], common["steps"]) == ("family/llama", [2, 2])
    (way,) = common["paths"][1]
    assert [(e["relation"], e["parent"]) for e in way] == [
        ("fineTunedFrom", "model/llama-13b"),
        ("inFamily", "family/llama"),
    ]


def test_a_model_and_its_base_meet_in_the_base(client: FlaskClient) -> None:
    (common,) = data(client, "llama-7b", "alpaca-7b")["common"]
    assert (common["id"], common["steps"], common["paths"][0]) == ("model/llama-7b", [0, 1], [])
    page = client.get("/compare?id=model/llama-7b&id=model/alpaca-7b&lang=en", headers=HTML).text
    assert "This is the common ancestor itself." in page


def test_where_all_do_not_meet_the_pairs_do(client: FlaskClient) -> None:
    found = data(client, "alpaca-7b", "vicuna-13b", "koalpaca-polyglot-12.8b")
    assert [(c["id"], c["models"]) for c in found["common"]] == [
        ("family/llama", ["model/alpaca-7b", "model/vicuna-13b"])
    ]


def test_what_they_learned_from_joins_too(client: FlaskClient) -> None:
    found = data(client, "alpaca-7b", "koalpaca-polyglot-12.8b")
    assert found["common"] == []
    assert "dataset/alpaca-52k" in {c["id"] for c in found["common_data"]}


def test_other_names_lead_to_the_canonical_address(client: FlaskClient) -> None:
    found = client.get("/compare?id=alpaca-7b&id=vicuna-13b&id=alpaca-7b", headers=HTML)
    assert found.status_code == 308
    assert found.location == PAIR


def test_one_model_asks_for_another_and_offers_relatives(client: FlaskClient) -> None:
    page = client.get("/compare?id=model/alpaca-7b&lang=ko", headers=HTML)
    assert page.status_code == 200
    assert "비교할 모델을 하나 이상 더 고르세요." in page.text
    assert "id=model/alpaca-7b&amp;id=model/llama-7b" in page.text
    assert client.get("/compare", headers=HTML).status_code == 200


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("id=alpaca-7bb&id=model/vicuna-7b", "id=model/vicuna-7b&amp;id=model/alpaca-7b"),
        ("id=org/openai&id=model/vicuna-7b", "This is no model or family."),
        (
            "&".join(
                f"id=model/{m}"
                for m in (
                    "alpaca-7b",
                    "alpaca-13b",
                    "alpaca-30b",
                    "alpaca-65b",
                    "vicuna-7b",
                    "vicuna-13b",
                    "vicuna-33b",
                )
            ),
            "At most 6 models",
        ),
        ("id=%3Cscript%3Ealert(1)%3C/script%3E&id=model/vicuna-7b", "&lt;script&gt;"),
    ],
)
def test_bad_input_says_what_to_do(client: FlaskClient, query: str, says: str) -> None:
    page = client.get(f"/compare?{query}&lang=en", headers=HTML)
    assert page.status_code == 400 and says in page.text
    assert "<script>" not in page.text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("id=alpaca-7b", 400),
        ("", 400),
        ("id=nonsuch-model&id=alpaca-7b", 404),
        ("id=org/openai&id=alpaca-7b", 400),
    ],
)
def test_the_twin_fails_as_a_problem(client: FlaskClient, query: str, status: int) -> None:
    found = client.get(f"/compare.json?{query}")
    assert (found.status_code, found.content_type) == (status, "application/problem+json")


def test_only_what_differs(client: FlaskClient) -> None:
    page = client.get(PAIR + "&only=differences&lang=en", headers=HTML).text
    assert "≠ differs" in page and "= same" not in page and "? not known" not in page


def test_pages_of_models_lead_here(client: FlaskClient) -> None:
    assert "/compare?id=model/alpaca-7b" in client.get("/model/alpaca-7b", headers=HTML).text
    assert "/compare?" not in client.get("/org/openai", headers=HTML).text
