"""Search as people and programs use it: facets, orders, pages, help, and anything a person can type."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, quote, urlsplit

import html5rdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from kg.answers import search as search_answer
from kg.search.clauses import FACETS
from kg.search.query import FIELDS, parse
from kg.snapshot.snapshot import Snapshot
from tests.web.app.test_web import browse
from web.search._highlight import highlight
from web.search._request import LAST_PAGE, ORDERS, PARAMETERS


def found(client: FlaskClient, path: str) -> dict:  # type: ignore[type-arg]
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def links(text: str, css: str) -> list[str]:
    """Addresses in the first element of a class."""
    part = re.search(rf'class="{css}".*?</(?:nav|ul|ol)>', text, re.DOTALL)
    return [unescape(a) for a in re.findall(r'href="([^"]*)"', part[0])] if part else []


# ---- facets ----


def test_every_facet_has_a_parameter_and_a_title(client: FlaskClient) -> None:
    assert set(PARAMETERS) == set(FACETS)
    text = browse(client, "/search").text
    for facet, values in found(client, "/search.json")["facets"].items():
        assert (f'id="f-{facet}"' in text) == bool(values), facet


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_number_beside_a_value_is_what_choosing_it_finds(
    client: FlaskClient, lang: str
) -> None:
    text = browse(client, "/search?q=llama", lang).text
    values = re.findall(r'<li><a href="(/search[^"]*)"[^>]*>[^<]*</a> <span>(\d+)</span>', text)
    assert len(values) > 20
    for url, total in values[::5]:
        twin = unescape(url).replace("/search?", "/search.json?")
        assert found(client, twin)["total"] == int(total), url


def test_values_of_one_facet_widen_and_facets_narrow(client: FlaskClient) -> None:
    def total(query: str) -> int:
        return int(found(client, f"/search.json?q=llama&{query}")["total"])

    either = total("kind=model&kind=family")
    assert either == total("kind=model") + total("kind=family")
    assert 0 < total("kind=model&org=meta") < total("org=meta")


@pytest.mark.parametrize(
    ("facet", "names"),
    [
        ("org", ["org/meta", "meta", "META", "메타"]),
        (
            "license",
            ["license/apache-2.0", "apache-2.0", "Apache License 2.0", "아파치 라이선스 2.0"],
        ),
        ("language", ["language/korean", "korean", "한국어"]),
        ("relation", ["adapterOf", "adapter"]),
    ],
)
def test_a_value_goes_by_any_of_its_names(
    client: FlaskClient, facet: str, names: list[str]
) -> None:
    pages = [browse(client, f"/search?{facet}={quote(name)}").text for name in names]
    totals = {re.search(r"<h1>(\d+) result", page)[1] for page in pages}  # type: ignore[index]
    marked = {tuple(re.findall(r'aria-current="true"[^>]*>([^<]*)</a> <span>', p)) for p in pages}
    assert len(totals) == 1 and len(marked) == 1 and len(next(iter(marked))) == 1


def test_chips_take_away_what_was_chosen(client: FlaskClient) -> None:
    text = browse(client, "/search?q=llama&org=meta&kind=model&kind=family&sort=date").text
    *single, clear = links(text, "chips")
    assert len(single) == 3
    assert all("sort=date" in url and "q=llama" in url for url in [*single, clear])
    assert {len(re.findall("kind=|org=", url)) for url in single} == {2}
    assert "kind=" not in clear and "org=" not in clear


def test_a_chosen_value_is_never_folded_away(client: FlaskClient) -> None:
    rare = list(found(client, "/search.json")["facets"]["org"])[-1]
    text = browse(client, f"/search?org={rare}").text
    first = text[text.index('id="f-org"') :].partition("<details>")[0]
    assert 'aria-current="true"' in first


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_labels_are_in_the_language_of_the_page(client: FlaskClient, lang: str) -> None:
    text = browse(client, "/search?kind=model", lang).text
    for word in {
        "en": ["4B–9B", "under 1B", "100B and more", "fine-tuned", "Korean", "Release year"],
        "ko": ["40억~90억", "10억 미만", "1000억 이상", "미세조정", "한국어", "출시 연도"],
    }[lang]:
        assert word in text.replace("1,000억", "1000억"), word


def test_an_unknown_value_finds_nothing_and_says_so(client: FlaskClient) -> None:
    for parameter in PARAMETERS.values():
        answer = found(client, f"/search.json?q=llama&{parameter}=nonsense")
        assert answer["total"] == 0 and any("'nonsense'" in said for said in answer["notes"])
        page = browse(client, f"/search?q=llama&{parameter}=nonsense", "ko")
        assert page.status_code == 200 and "검색 결과가 없습니다" in page.text


# ---- orders and pages ----


def test_orders_are_those_that_something_can_be_sorted_by(
    client: FlaskClient, snapshot: Snapshot
) -> None:
    offered = links(browse(client, "/search?q=llama").text, "sort")
    orders = [parse_qs(urlsplit(url).query).get("sort", ["relevance"])[0] for url in offered]
    has = {
        order: search_answer.search(snapshot, f"{field}:1..", 0).total
        for order, field in (
            ("downloads", "downloads"),
            ("descendants", "descendants"),
            ("size", "params"),
        )
    }
    assert orders == ["relevance", "date", *(order for order, n in has.items() if n)]


@pytest.mark.parametrize(("order", "field"), [("size", "params"), ("date", "released")])
def test_an_order_puts_the_greatest_first(client: FlaskClient, order: str, field: str) -> None:
    hits = found(client, f"/search.json?kind=model&sort={order}&limit=100")["hits"]
    scores = [hit["score"] for hit in hits if hit["score"]]
    assert len(scores) > 10 and scores == sorted(scores, reverse=True)


def test_unknown_orders_and_bad_cursors_are_the_visitors_fault(client: FlaskClient) -> None:
    problem = client.get("/search.json?q=llama&sort=price")
    assert problem.status_code == 400 and "relevance, date" in problem.get_json()["detail"]
    for cursor in ("x", "%ED%A0%80", "A" * 3000, "bm90aGluZw"):
        assert client.get(f"/search.json?q=llama&cursor={cursor}").status_code == 400


def test_following_the_cursor_reads_every_hit_once(client: FlaskClient) -> None:
    url, ids = "/search.json?q=llama&kind=model&limit=7&lang=ko", []
    while url:
        answer = client.get(url)
        ids += [hit["id"] for hit in answer.get_json()["hits"]]
        following = re.fullmatch('<(.*)>; rel="next"', answer.headers.get("Link", "<>"))
        assert bool(following) == bool(answer.get_json()["next"])
        url = following[1] if following else ""
    assert len(ids) == len(set(ids)) == found(client, "/search.json?q=llama&kind=model")["total"]


def test_a_cursor_leads_on_from_a_page_too(client: FlaskClient) -> None:
    cursor = found(client, "/search.json?q=llama&kind=model&limit=7")["next"]
    text = browse(client, f"/search?q=llama&kind=model&limit=7&cursor={cursor}").text
    assert 'rel="next"' in text and "First page" in text and text.count('class="hit"') == 7


def test_pages_end_where_the_hits_end(client: FlaskClient) -> None:
    first = browse(client, "/search?kind=model").text
    last = max(int(n) for n in re.findall(r"page=(\d+)", first))
    text = browse(client, f"/search?kind=model&page={last}").text
    assert 'class="hit"' in text and 'rel="next"' not in text
    assert "nothing more on this page" in browse(client, f"/search?q=llama&page={LAST_PAGE}").text


def test_what_is_not_searched_can_be_browsed(client: FlaskClient, snapshot: Snapshot) -> None:
    for kind in snapshot.vocabulary.kinds:
        first, end = snapshot.kind_range(kind)
        if end > first:
            answer = found(client, f"/search.json?kind={kind}")
            assert answer["total"] == end - first == answer["facets"]["kind"][kind]


# ---- words ----


def test_better_spelled_words_are_named(client: FlaskClient) -> None:
    text = browse(client, "/search?q=alpacca&sort=date").text
    assert "Nothing was found for “alpacca” as it is written." in text
    assert 'href="/search?q=alpaca&amp;sort=date"' in text and "<mark>Alpaca</mark>" in text
    assert "다음 검색어로 찾았습니다" in browse(client, "/search?q=alpacca", "ko").text


def test_without_hits_each_part_can_be_dropped(client: FlaskClient) -> None:
    query = 'q=llama+"no+such+phrase+at+all"&org=meta&kind=model'
    text = browse(client, f"/search?{query}").text
    wider = links(text, "wider")
    assert wider == ["/search?q=llama&kind=model&org=org/meta"]
    total = found(client, wider[0].replace("/search?", "/search.json?"))["total"]
    assert f"{total} results" in text
    both = links(browse(client, "/search?q=alpaca&year=1999&license=nonsense").text, "wider")
    assert both == ["/search?q=alpaca"]


def test_without_hits_there_is_a_way_on(client: FlaskClient) -> None:
    text = browse(client, "/search?q=%E3%85%87", "ko").text  # ㅇ, which begins too much to be read
    begun = client.get("/suggest?q=%E3%85%87").json["suggestions"][0]["id"]
    assert f'href="/{begun}"' in text and 'href="/search?kind=model"' in text
    assert '<details class="tips" open>' in text


def test_every_search_tip_finds_something(client: FlaskClient) -> None:
    text = browse(client, "/search").text
    tips = re.findall(r'<dt><a href="([^"]*)"', text)
    assert len(tips) >= 8
    for tip in tips:
        answer = found(client, unescape(tip).replace("/search?", "/search.json?"))
        assert answer["total"] and answer["notes"] == [], tip


@pytest.mark.parametrize("query", ["colour:red", "params:big", "released:soon", "org:nobody"])
def test_every_note_has_korean(snapshot: Snapshot, query: str) -> None:
    [english] = search_answer.search(snapshot, query).notes
    [korean] = search_answer.search(snapshot, query, lang="ko").notes
    assert re.search("[가-힣]", korean) and not re.search("[가-힣]", english)
    assert query.partition(":")[0] in korean and query.partition(":")[0] in english


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("비쿠나를 학습", "비쿠나가", "<mark>비쿠나</mark>를 학습"),
        ("코알파카", "알파카는", "코<mark>알파카</mark>"),
        ("언어모델은", "모델", "언어<mark>모델</mark>은"),
        ("파인애플", "파인튜닝", "파인애플"),
        ("KoAlpaca", "alpaca", "Ko<mark>Alpaca</mark>"),
        ("Llama 2 7B", "llama2", "<mark>Llama 2</mark> 7B"),
        ("LLaMA & <b>", "llama -b org:b", "<mark>LLaMA</mark> &amp; &lt;b&gt;"),
        ("meta", "org:meta", "meta"),
        ("a phrase here", '"a phrase"', "<mark>a</mark> <mark>phrase</mark> here"),
    ],
)
def test_words_are_marked_without_particles(text: str, query: str, expected: str) -> None:
    assert highlight(text, query) == Markup(expected)


@given(st.text(max_size=60), st.text(max_size=60), st.booleans())
def test_marking_changes_no_character(text: str, query: str, is_name: bool) -> None:
    marked = highlight(text, query, is_name)
    assert unescape(re.sub("</?mark>", "", marked)) == unescape(str(Markup.escape(text)))


# ---- anything ----

_WORDS = st.sampled_from(
    [
        "llama",
        "알파카",
        "((((",
        '"',
        "OR",
        "-",
        "\x00\x1f",
        "\u202e",
        "\ufeff",
        "%",
        "..",
        "\U0001f999",
        "params:13b..7b",
        "released:2024..2023",
        "nofield:1",
        "kind:",
        "x" * 10_000,
        "가" * 3000,
        *(f"{field}:-1..x" for field in FIELDS),
    ]
)
_TEXT = st.one_of(st.text(max_size=80), st.lists(_WORDS, max_size=6).map(" ".join))
_BYTES = st.one_of(
    _TEXT.map(lambda t: t.encode("utf-8", "surrogatepass")),
    st.binary(max_size=40),
    st.sampled_from([b"\xed\xa0\x80", b"\xff\xfe", b"\xc0\xaf"]),
)
_NAMES = st.sampled_from([*PARAMETERS.values(), "q", "sort", "page", "limit", "cursor", "lang"])


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(_NAMES, _BYTES), max_size=4), _BYTES, st.sampled_from(["en", "ko"]))
def test_any_address_gets_a_well_formed_answer(
    app: Flask, given: list[tuple[str, bytes]], q: bytes, lang: str
) -> None:
    query = "&".join(f"{name}={quote(value)}" for name, value in [("q", q), *given])
    client = app.test_client()
    page = browse(client, f"/search?{query}", lang)
    assert page.status_code in (200, 400)
    parser = html5rdf.HTMLParser(strict=False)
    parser.parse(page.text)
    assert parser.errors == []
    for path in ("/search.json", "/suggest"):
        answer = client.get(f"{path}?{query}")
        assert answer.status_code in (200, 400) and answer.get_json()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(sorted(PARAMETERS.values())),
    st.lists(_TEXT, max_size=30),
    st.sampled_from(ORDERS),
)
def test_any_value_of_a_facet_gets_an_answer(
    app: Flask, facet: str, values: list[str], order: str
) -> None:
    asked = {facet: values, "sort": order}
    answer = app.test_client().get("/search.json", query_string=asked)
    assert answer.status_code in (200, 400) and answer.get_json()


def test_a_long_query_is_cut_and_says_so(client: FlaskClient) -> None:
    answer = found(client, "/search.json?q=" + "llama+" * 1000)
    assert answer["total"] and "only the first 500 characters were read" in answer["notes"]
    assert len(browse(client, "/search?q=" + quote("라마 " * 1000)).data) < 1_000_000
    assert parse("llama " * 10).text
