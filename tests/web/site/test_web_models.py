"""The table of models: its address is its state, its files hold its rows, its verdicts are those of the license page."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from kg.answers.compare import MOST

ROW = re.compile(r'<input type="checkbox" name="id" value="([^"]+)"')
HEAD = re.compile(r'<th scope="col"[^>]*class="c-(\w+)"( aria-sort="(\w+)")?><a href="([^"]+)"')
CHIP = re.compile(r'<a class="chip" href="([^"]+)"><span class="vh">Remove the filter')


def _ids(client: FlaskClient, address: str) -> list[str]:
    return ROW.findall(client.get(address).text)


def test_the_files_hold_all_rows_of_the_pages_in_their_order(client: FlaskClient) -> None:
    query = "language=korean&sort=params&order=asc"
    first = _ids(client, f"/models?{query}")
    every = first + _ids(client, f"/models?{query}&page=2")
    data = client.get(f"/models.json?{query}").json
    assert data and data["total"] == len(data["rows"]) > len(first) == 50
    ids = [row["id"] for row in data["rows"]]
    assert ids[: len(every)] == every
    table = list(csv.DictReader(io.StringIO(client.get(f"/models.csv?{query}").text)))
    assert [row["id"] for row in table] == ids
    assert [row["parameters"] for row in table] == [
        str(row["parameters"] or "") for row in data["rows"]
    ]
    lines = client.get(f"/models.md?{query}").text.splitlines()
    assert len(lines) == len(ids) + 2 and all(
        f"/{id}>)" in line for id, line in zip(ids, lines[2:], strict=True)
    )


def test_a_limit_leads_to_the_rows_that_follow(client: FlaskClient) -> None:
    answer = client.get("/models.json?org=meta&limit=2")
    following = re.search(r'<([^>]+)>; rel="next"', answer.headers["Link"])
    assert answer.json and following
    more = client.get(following[1]).json
    every = client.get("/models.json?org=meta").json
    assert more and every
    assert every["rows"][:4] == answer.json["rows"] + more["rows"]


def test_heads_sort_both_ways_and_say_how(client: FlaskClient) -> None:
    page = client.get("/models?sort=params").text
    heads = {name: (way, unescape(url)) for name, _, way, url in HEAD.findall(page)}
    assert {name for name, (way, _) in heads.items() if way} == {"params"}
    assert heads["params"][0] == "descending"
    turned = client.get(heads["params"][1]).text
    assert 'aria-sort="ascending"' in turned
    assert heads["name"][1] == "/models?sort=name"


def test_the_order_of_the_first_page_is_marked(client: FlaskClient) -> None:
    heads = {name: (way, url) for name, _, way, url in HEAD.findall(client.get("/models").text)}
    assert {name: way for name, (way, _) in heads.items() if way} == {"descendants": "descending"}
    assert "order=asc" in heads["descendants"][1]
    found = HEAD.findall(client.get("/models?q=llama").text)
    assert not any(way for _, _, way, _ in found)  # by relevance, which is no column


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("profile", ["", "&mau=1000000000", "&country=KR&competitor-of=nobody"])
def test_a_verdict_is_that_of_the_license_page(
    client: FlaskClient, profile: str, lang: str
) -> None:
    rows = client.get(f"/models.json?q=llama&limit=12{profile}&lang={lang}").json
    assert rows and rows["rows"]
    for row in rows["rows"]:
        answer = client.get(f"/{row['id']}/license.json?{profile[1:]}").json
        assert answer and answer["verdict"] == row["verdict"]


def test_verdicts_are_chosen_for_who_asks(client: FlaskClient) -> None:
    found = client.get("/models.json?org=meta&mau=1000000000&verdict=allowed").json
    assert found and all(row["verdict"] == "allowed" for row in found["rows"])
    assert not any(row["id"] == "model/llama-3.1-8b" for row in found["rows"])


def test_chips_take_conditions_away(client: FlaskClient) -> None:
    address = "/models?q=한국어 7B 이하&org=eleutherai&params-from=1b&country=KR"
    urls = [unescape(url) for url in CHIP.findall(client.get(address).text)]
    assert len(urls) == 5
    assert len(set(urls)) == 5
    left = [client.get(url).text for url in urls]
    assert all(len(CHIP.findall(page)) == 4 for page in left)


def test_a_form_with_empty_fields_leads_to_a_short_address(client: FlaskClient) -> None:
    answer = client.get("/models?q=&org=&org=meta&params-from=7b&params-to=&use=commercial&lang=ko")
    assert answer.status_code == 302
    assert answer.location == "/models?org=meta&params-from=7b&lang=ko"


def test_nothing_of_who_asks_is_stored(client: FlaskClient) -> None:
    answer = client.get("/models?mau=5000&country=KR")
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("params-from=abc", "Size"),
        ("params-from=13b&params-to=7b", "above"),
        ("released-from=2024-13", "Released"),
        ("sort=size", "sort"),
        ("order=up", "order"),
        ("column=nope", "column"),
        ("verdict=green", "verdict"),
        ("benchmark=nope", "benchmark"),
        ("country=Narnia", "country"),
        ("mau=-1", "mau"),
        ("page=x", "page"),
    ],
)
def test_what_cannot_be_read_is_one_line(client: FlaskClient, query: str, says: str) -> None:
    page = client.get(f"/models?{query}&lang=en")
    (line,) = re.findall(r'role="alert"><p>(.*?)</p>', page.text)
    assert page.status_code == 400 and says in line and not ROW.findall(page.text)
    for end in ("json", "csv", "md"):
        if says != "page" or end == "json":
            answer = client.get(f"/models.{end}?{query}&lang=en")
            assert answer.status_code == 400
    korean = client.get(f"/models?{query}&lang=ko").text
    (told,) = re.findall(r'role="alert"><p>(.*?)</p>', korean)
    assert re.search("[가-힣]", told)


def test_what_is_hostile_is_text(client: FlaskClient) -> None:
    for query in (
        "q=<script>alert(1)</script>",
        "org=<script>alert(1)</script>",
        "q=%00%ef%bf%bf" + "가" * 2000,
        "page=99999",
        "limit=9&word=" + "x" * 900,
    ):
        page = client.get(f"/models?{query}")
        assert page.status_code == 200 and "<script>alert" not in page.text


def test_names_cannot_break_a_markdown_table(client: FlaskClient) -> None:
    for line in client.get("/models.md?column=org&column=license").text.splitlines():
        assert len(re.findall(r"(?<!\\)\|", line)) == 4


def test_the_columns_that_are_chosen_are_shown(client: FlaskClient) -> None:
    page = client.get("/models?column=active&column=license&lang=en").text
    assert [name for name, *_ in HEAD.findall(page)] == ["name", "active", "license"]


def test_few_rows_come_with_those_that_just_miss(client: FlaskClient) -> None:
    page = client.get("/models?language=korean&params-from=12b&params-to=13b&lang=en").text
    missed = page.partition("Just missed, and why")[2]
    assert "Languages: " in missed and "Size: " in missed


def test_the_boxes_lead_to_the_comparison(client: FlaskClient) -> None:
    ids = _ids(client, "/models?q=alpaca")[:3]
    answer = client.get("/compare", query_string={"id": ids})
    assert answer.status_code == 200
    assert f'data-most="{MOST}"' in client.get("/models?q=alpaca").text


def test_home_menu_and_search_lead_there(client: FlaskClient) -> None:
    home = client.get("/").text
    assert home.count('href="/models"') == 2
    search = client.get("/search?q=alpaca&kind=model&size=4b..9b").text
    assert "/models?q=alpaca&amp;params-from=4b&amp;params-to=9b" in search
    assert "/models?q" not in client.get("/search?q=alpaca").text


def test_an_address_with_a_prefix(mounted: object) -> None:
    client = mounted.test_client()  # type: ignore[attr-defined]
    page = client.get("/models?sort=params", base_url="http://localhost/gyebo").text
    assert all(url.startswith("/gyebo/models") for *_, url in HEAD.findall(page))
