"""`/check`, `/what-if` with what is otherwise, and memos: what a reader sees, and what a hostile one sends."""

from __future__ import annotations

import html
import json
import re
from urllib.parse import urlencode

import html5rdf
import pytest
from flask.testing import FlaskClient

from kg.answers.license import license_answer
from kg.language.countries import find_country
from kg.licenses.profile import Profile
from kg.pasted.check import MOST_TEXT
from kg.snapshot.snapshot import Snapshot
from tests.web.app.test_web import browse
from tests.web.license.test_web_licenses import plain
from web.ui.verdicts import LOOKS

PAGE = {"Accept": "text/html"}
NASTY = "</textarea><script>alert(1)</script>\"'<img src=x onerror=alert(1)>"


def post(client: FlaskClient, lang: str = "en", **fields: object):  # type: ignore[no-untyped-def]
    body = urlencode(fields, doseq=True)
    return client.post(
        f"/check?lang={lang}",
        data=body,
        content_type="application/x-www-form-urlencoded",
        headers=PAGE,
    )


def rows(page: str) -> list[list[str]]:
    table = re.search(r'<table class="cards-s".*?</table>', page, re.DOTALL)
    assert table
    found = re.findall(r"<tr role=\"row\">(.*?)</tr>", table[0], re.DOTALL)[1:]
    return [
        [plain(c).strip() for c in re.findall(r"<t[hd].*?</t[hd]>", one, re.S)] for one in found
    ]


def sound(page: str) -> None:
    parser = html5rdf.HTMLParser(strict=False)
    parser.parse(page)
    assert parser.errors == [] and "style=" not in page
    ids = re.findall(r'(?<![-\w])id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


# ---- /check


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_verdicts_stand_side_by_side(client: FlaskClient, snapshot: Snapshot, lang: str) -> None:
    asked = {"country": ["KR", "프랑스"], "use": "commercial", "name": "MyBot"}
    answer = post(client, lang, what="llama-4-scout-instruct\nnobody/nothing\nbert-base", **asked)
    assert answer.status_code == 200
    sound(answer.text)
    head, *_ = re.findall(r"<thead.*?</thead>", answer.text, re.DOTALL)
    places = ("South Korea", "France") if lang == "en" else ("대한민국", "프랑스")
    assert all(place in head for place in places)
    found = rows(answer.text)
    for row, id in zip(found, ("llama-4-scout-instruct", "", "bert-base"), strict=True):
        for place, cell in zip(places, row[1:3], strict=True):
            profile = Profile(country=find_country(place), name="MyBot")
            verdict = license_answer(snapshot, id, profile=profile).verdict if id else "unknown"
            word = LOOKS[verdict].brief
            assert cell.endswith(word) or lang == "ko", (row, place)
    assert (
        plain(answer.text).count("not legal advice" if lang == "en" else "법률 자문이 아닙니다")
        == 1
    )


def test_what_is_posted_is_kept_nowhere(client: FlaskClient) -> None:
    answer = post(client, what="alpaca-7b")
    assert answer.headers["Cache-Control"] == "no-store" and "ETag" not in answer.headers
    assert answer.headers.get("Set-Cookie", "").count("alpaca") == 0


@pytest.mark.parametrize("name", ["what", "file", "name", "country", "mau", "use"])
def test_hostile_markup_stays_text(client: FlaskClient, name: str) -> None:
    answer = post(client, **{"what": "bert-base", name: NASTY})
    assert answer.status_code == (200 if name in ("what", "file", "name") else 400)
    assert "<script>alert" not in answer.text and "<img src=x" not in answer.text
    sound(answer.text)


def test_a_get_can_be_passed_on(client: FlaskClient) -> None:
    first = post(client, what="alpaca-7b\nbert-base", country="KR")
    link = html.unescape(re.search(r'href="(/check\?[^"]*what=[^"]*)" rel', first.text)[1])  # type: ignore[index]
    again = client.get(link, headers=PAGE)
    assert again.status_code == 200 and rows(again.text) == rows(first.text)
    assert "alpaca-7b" in again.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"what": ""}, ""),
        ({"what": "x", "country": "Narnia"}, "Narnia"),
        ({"what": "x", "country": "KR,FR,US,JP,BR"}, "at most 4"),
        ({"what": "x", "use": "sell"}, "sell"),
        ({"what": "x", "mau": "many"}, "many"),
        ({"what": "x" * (MOST_TEXT + 1)}, "at most"),
        ({"what": '{"bomFormat": "CycloneDX", "specVersion": "9"}'}, "is not read"),
    ],
)
def test_bad_input_is_one_clear_line(
    client: FlaskClient, fields: dict[str, str], said: str
) -> None:
    answer = post(client, **fields)
    if not said:
        assert answer.status_code == 200 and 'role="alert"' not in answer.text
        return
    assert answer.status_code == 400
    problem = re.search(r'<div class="problem" role="alert">(.*?)</div>', answer.text, re.DOTALL)
    assert problem and said in plain(problem[1])
    sound(answer.text)
    sent = {key: value for key, value in fields.items() if key != "lang"}
    twin = client.post("/check.json", data=sent)
    assert twin.status_code == 400 and said in twin.get_json()["detail"]


def test_the_twin_takes_a_form_a_text_and_an_address(client: FlaskClient) -> None:
    asked = {"what": "alpaca-7b\nnobody/nothing", "country": ["Korea", "EU"]}
    by_get = client.get("/check.json", query_string=asked).get_json()
    by_form = client.post("/check.json", data=asked).get_json()
    bare = client.post(
        "/check.json?country=KR&country=EU",
        data=asked["what"],
        content_type="text/plain; charset=utf-8",
    ).get_json()
    assert by_get == by_form == bare
    assert [thing["id"] for thing in by_get["things"]] == ["model/alpaca-7b", None]
    assert [one["who"] for one in by_get["columns"]] == ["South Korea", "European Union"]


@pytest.mark.parametrize(
    ("status", "asked"),
    [
        (400, {"data": b"\xff\xfe", "content_type": "text/plain"}),
        (400, {"data": b"what=%ff", "content_type": "application/x-www-form-urlencoded"}),
        (400, {"data": b"", "content_type": "text/plain"}),
        (413, {"data": b"x" * 2_100_000, "content_type": "text/plain"}),
        (
            415,
            {
                "data": {"what": (__import__("io").BytesIO(b"x"), "a.txt")},
                "content_type": "multipart/form-data",
            },
        ),
    ],
)
def test_bodies_that_are_no_text(
    client: FlaskClient, status: int, asked: dict[str, object]
) -> None:
    assert client.post("/check.json", **asked).status_code == status  # type: ignore[arg-type]


def test_a_name_leads_to_its_answer_or_to_the_form(client: FlaskClient) -> None:
    bare = client.get("/license-check", headers=PAGE)
    assert (bare.status_code, bare.headers["Location"]) == (308, "/check")
    one = client.get("/license-check?id=alpaca-7b&country=한국", headers=PAGE)
    assert one.headers["Location"].startswith("/model/alpaca-7b?")
    two = client.get("/license-check?id=alpaca-7b&country=한국,EU", headers=PAGE)
    assert two.headers["Location"].startswith("/model/alpaca-7b/memo?")


# ---- what if, and what is otherwise


def test_only_the_difference_is_told(client: FlaskClient) -> None:
    before = urlencode({"base": "llama-2-7b", "license": "mit"})
    page = browse(client, f"/what-if?base=bert-base&license=mit&{urlencode({'was': before})}").text
    part = re.search(r'<section class="card difference".*?</section>', page, re.DOTALL)
    assert part
    told = plain(part[0])
    assert "llama-2-7b" in told and "bert-base" in told and "Llama 2" in told
    assert "License it is to carry" not in told  # that did not change
    assert "<del>" in part[0] and "allowed with conditions" in told
    kept = html.unescape(re.search(r'name="was" value="([^"]*)"', page)[1])  # type: ignore[index]
    assert kept == "base=bert-base&license=mit"


def test_without_a_change_nothing_is_otherwise(client: FlaskClient) -> None:
    same = urlencode({"base": "bert-base"})
    page = browse(client, f"/what-if?{same}&{urlencode({'was': same})}").text
    assert "The answer stays the same." in page


def test_a_model_of_the_data_can_be_changed(client: FlaskClient) -> None:
    answer = client.get("/what-if?of=alpaca-7b&country=KR", headers=PAGE)
    address = answer.headers["Location"]
    assert (
        answer.status_code == 302 and "base=model%2Fllama-7b" in address and "country=KR" in address
    )
    assert client.get(address, headers=PAGE).status_code == 200
    assert browse(client, "/what-if?of=org/meta").status_code == 400


def test_the_difference_as_data(client: FlaskClient) -> None:
    was = urlencode({"base": "llama-2-7b"})
    found = client.get("/what-if/difference.json", query_string={"base": "bert-base", "was": was})
    told = found.get_json()
    assert told["verdicts"][0]["use"] == "commercial"
    assert (told["verdicts"][0]["before"], told["verdicts"][0]["after"]) == (
        "conditional",
        "allowed",
    )
    assert told["terms"]["gone"] and not told["terms"]["new"]
    assert client.get("/what-if/difference.json?base=bert-base").status_code == 400
    assert client.get("/what-if.json?card=base_model:%20[a").status_code == 400


# ---- memos


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_memo_has_what_is_filed(client: FlaskClient, snapshot: Snapshot, lang: str) -> None:
    path = "/model/llama-4-scout-instruct/memo?country=한국,프랑스&name=MyBot"
    page = browse(client, path, lang)
    assert page.status_code == 200
    sound(page.text)
    sheet = re.search(r'<article class="sheet">.*?</article>', page.text, re.DOTALL)
    assert sheet
    told = plain(sheet[0])
    for part in ("MyBot", snapshot.manifest.version, "model/llama-4-scout-instruct"):
        assert part in told
    assert f"/release/{snapshot.manifest.version}/model/llama-4-scout-instruct/memo?" in told
    found = client.get(
        "/model/llama-4-scout-instruct/memo.json?country=KR,FR&lang=" + lang
    ).get_json()
    assert [one["verdict"] for one in found["verdicts"]] == ["conditional", "prohibited"]
    assert all(one["who"] in told for one in found["verdicts"])
    differing = [one for one in found["clauses"] if len(set(one["effects"])) == 2]
    assert differing and all(one["citation"]["quote"][:40] in told for one in differing)
    assert told.count({"en": "not legal advice", "ko": "법률 자문이 아닙니다"}[lang]) == 1


def test_a_memo_opens_again_under_its_release(client: FlaskClient, snapshot: Snapshot) -> None:
    kept = f"/release/{snapshot.manifest.version}/model/alpaca-7b/memo"
    page = client.get(f"{kept}?country=KR,EU", headers=PAGE)
    assert page.status_code == 200 and "Memento-Datetime" in page.headers
    data = client.get(f"{kept}.json?country=KR,EU").get_json()
    assert data == client.get("/model/alpaca-7b/memo.json?country=KR,EU").get_json()


def test_memos_are_of_what_has_a_license(client: FlaskClient) -> None:
    assert client.get("/org/meta/memo").status_code == 404
    assert client.get("/family/llama-2/memo").status_code == 200
    assert client.get("/model/alpaca-7b/memo.json?country=Narnia").status_code == 400
    assert browse(client, "/model/alpaca-7b/memo?country=Narnia").status_code == 400


def test_the_page_of_a_model_leads_to_its_memo(client: FlaskClient) -> None:
    page = browse(client, "/model/alpaca-7b?mau=5").text
    link = html.unescape(re.search(r'href="([^"]*/memo\?[^"]*)"', page)[1])  # type: ignore[index]
    assert "mau=5" in link and "country=KR" in link and client.get(link).status_code == 200


def test_the_api_names_both_ways(client: FlaskClient) -> None:
    described = json.loads(client.get("/openapi.json").data)["paths"]
    assert {*described["/check.json"]} == {"get", "post"}
    posted = described["/check.json"]["post"]["requestBody"]["content"]
    assert {*posted} == {"application/x-www-form-urlencoded", "text/plain"}
