"""The site as a browser and as a program see it, on a snapshot of the repository's data."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from urllib.parse import quote

import html5rdf
import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import kg.errors
import web.app.errors
import web.ui.format
from kg.config import Config
from kg.snapshot.current import Holder
from kg.snapshot.layout import Layout
from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner, serving

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
MODEL = "/model/llama-7b"
PAGES = (
    "/",
    "/search",
    "/search?q=alpaca",
    "/search?kind=family",
    MODEL,
    "/family/llama",
    "/family/koalpaca",
    "/org/meta",
    "/dataset/alpaca-52k",
    "/license/apache-2.0",
    "/source/survey-004",
    "/sparql",
    "/data",
    "/ontology",
    "/about",
    "/no/such/thing",
)


def spaced(page: str) -> str:
    """A page with the no-break spaces of its Korean as plain ones."""
    return page.replace("\xa0", " ")


def browse(client: FlaskClient, path: str, lang: str = "en") -> TestResponse:
    return client.get(path, headers={**HTML, "Accept-Language": lang})


# ---- pages ----


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_html_in_its_language(client: FlaskClient, path: str, lang: str) -> None:
    answer = browse(client, path, lang)
    assert answer.status_code == (404 if path == "/no/such/thing" else 200)
    assert answer.content_type == "text/html; charset=utf-8"
    assert f'<html lang="{lang}">' in answer.text
    parser = html5rdf.HTMLParser(strict=False)
    parser.parse(answer.text)
    assert parser.errors == []


@pytest.mark.parametrize("path", PAGES)
def test_pages_load_nothing_from_elsewhere(client: FlaskClient, path: str) -> None:
    text = browse(client, path).text
    loaded = re.findall(
        r'(?:src|srcset|action)="([^"]*)"|<(?:link|script)[^>]*href="([^"]*)"', text
    )
    for address in (a or b for a, b in loaded):
        assert address.startswith(("/", "http://127.0.0.1:8000/")), address
    scripts = re.findall(r"<script ([^>]*)>", text)
    assert all(
        re.fullmatch(r'type="application/ld\+json"|(type="module" )?src="/static/[^"]+"', s)
        for s in scripts
    )
    assert not re.search(r"<[^>]*\sstyle=", text) and "<style" not in text
    for link in re.findall(r'<a [^>]*href="https?://[^>]*>', text):
        assert 'rel="nofollow noopener"' in link


def test_ids_in_a_page_are_unique(client: FlaskClient) -> None:
    for path in PAGES:
        ids = re.findall(r'(?<![-\w])id="([^"]+)"', browse(client, path).text)
        assert len(ids) == len(set(ids)), path


@pytest.mark.parametrize("stride", [40, pytest.param(1, marks=pytest.mark.slow)])
def test_every_entity_has_a_page_in_both_languages(
    client: FlaskClient, snapshot: Snapshot, stride: int
) -> None:
    for entity in islice(snapshot.entities(), 0, None, stride):
        for lang in ("en", "ko"):
            answer = browse(client, f"/{quote(entity.id)}", lang)
            assert answer.status_code == 200, entity.id


def test_home_counts_and_families(client: FlaskClient, snapshot: Snapshot) -> None:
    text = browse(client, "/").text
    assert f"<dd>{snapshot.manifest.counts['model']}</dd>" in text
    assert 'href="/family/llama"' in text and 'class="lineage today"' in text


def test_facts_with_units_dates_and_sources(client: FlaskClient) -> None:
    text = browse(client, MODEL).text
    assert "6.7B (6,700,000,000)" in text and "Feb 24, 2023" in text
    assert 'aria-label="source 1"' in text and 'id="s1"' in text
    assert re.search(r"data/curated/llama\.yaml:\d+", text)
    korean = browse(client, MODEL, "ko").text
    assert "67억(6.7B)" in korean and "2023년 2월 24일" in korean and "파라미터 수" in korean


def test_disputes_are_shown_in_place(client: FlaskClient) -> None:
    text = browse(client, "/model/llama-65b").text
    assert "Sources disagree" in text and "preferred" in text
    assert re.search(r"<s>66B \(66,000,000,000\)</s>", text) and "rejected" in text
    assert "출처 간 불일치" in browse(client, "/model/llama-65b", "ko").text


def test_description_falls_back_visibly(corner: Corner) -> None:
    corner.write("model/acorn: {label: {en: Acorn}, description: {en: A model of no size.}}")
    corner.build()
    with serving(corner.config) as app:
        text = browse(app.test_client(), "/model/acorn", "ko").text
    assert "영어 설명만" in text and re.search(r'<p class="sub"><span lang="en">', text)


@pytest.mark.parametrize(
    ("path", "listed"),
    [
        ("/family/koalpaca", "/model/koalpaca-polyglot-12.8b"),
        ("/org/meta", "/model/llama-2-7b"),
        ("/dataset/alpaca-52k", "/model/alpaca-7b"),
        ("/license/apache-2.0", "/model/koalpaca-polyglot-12.8b"),
    ],
)
def test_lists_of_what_points_here(client: FlaskClient, path: str, listed: str) -> None:
    lists = browse(client, path).text.partition('class="related"')[2]
    assert f'href="{listed}"' in lists


@pytest.mark.parametrize(
    ("view", "shown", "hidden"),
    [("timeline", "<svg xmlns", 'class="outline"'), ("outline", 'class="outline"', "<svg xmlns")],
)
def test_family_tree_views(client: FlaskClient, view: str, shown: str, hidden: str) -> None:
    both = browse(client, "/family/llama/lineage").text
    assert shown in both and hidden in both
    one = browse(client, f"/family/llama/lineage?view={view}").text
    assert shown in one and hidden not in one


# ---- search ----


def test_search_marks_words_and_counts_kinds(client: FlaskClient) -> None:
    text = browse(client, "/search?q=알파카", "ko").text
    assert (
        "<mark>알파카</mark>" in text
        and 'href="/search?q=%EC%95%8C%ED%8C%8C%EC%B9%B4&amp;kind=model"' in text
    )
    only = client.get("/search.json?q=alpaca&kind=family").get_json()
    assert {hit["kind"] for hit in only["hits"]} == {"family"} and only["facets"]["kind"][
        "model"
    ] > 0


def test_search_pages_through_all_results(client: FlaskClient) -> None:
    first = client.get("/search.json?kind=model").get_json()
    second = client.get("/search.json?kind=model&page=2").get_json()
    assert first["total"] > 20 and len(first["hits"]) == 20
    assert not {h["id"] for h in first["hits"]} & {h["id"] for h in second["hits"]}
    assert 'rel="next"' in browse(client, "/search?kind=model").text


def test_search_without_results_helps(client: FlaskClient) -> None:
    assert "Nothing was found" in browse(client, "/search?q=qqqqzzzz").text
    assert "These are the results for" in browse(client, "/search?q=vicunna").text


@pytest.mark.parametrize(
    "q",
    [
        "x" * 10_000,
        "((((",
        "%ED%A0%80",
        "%00%01%1F",
        "%FF",
        "*" * 50,
        '"',
        "<script>",
        "AND OR NOT",
        "가" * 3000,
        "%F0%9F%A6%99",
        "a:b^2~[1 TO 2]",
    ],
)
def test_any_text_can_be_searched(client: FlaskClient, q: str) -> None:
    for path in (f"/search?q={q}", f"/search.json?q={q}"):
        answer = browse(client, path)
        assert answer.status_code == 200
        assert "<script>" not in answer.text or answer.is_json


@pytest.mark.parametrize("query", ["page=x", "page=" + "9" * 5000, "limit=-x", "sort=price"])
def test_bad_parameters_are_the_visitors_fault(client: FlaskClient, query: str) -> None:
    assert client.get(f"/search?q=a&{query}").status_code == 400


# ---- formats ----


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "text/html"),
        ("*/*", "text/html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("application/json", "application/json"),
        ("application/json, text/plain, */*", "application/json"),
        ("text/turtle", "text/turtle"),
        ("text/html;q=0.4, text/turtle;q=0.9", "text/turtle"),
        ("text/turtle;q=0, */*;q=0.1", "text/html"),
        ("application/ld+json", "application/ld+json"),
        ("application/n-triples", "application/n-triples"),
        ("application/rdf+xml, text/turtle;q=0.5", "application/rdf+xml"),
        ("image/png", None),
    ],
)
def test_negotiation(client: FlaskClient, accept: str | None, expected: str | None) -> None:
    answer = client.get(MODEL, headers={"Accept": accept} if accept else {})
    assert answer.status_code == (200 if expected else 406)
    assert answer.mimetype == (expected or "application/problem+json")
    assert {"accept", "accept-language", "cookie"} <= set(answer.vary.as_set())


@pytest.mark.parametrize(
    ("suffix", "format"),
    [
        ("ttl", ox.RdfFormat.TURTLE),
        ("nt", ox.RdfFormat.N_TRIPLES),
        ("rdf", ox.RdfFormat.RDF_XML),
        ("jsonld", ox.RdfFormat.JSON_LD),
    ],
)
def test_rdf_twins(client: FlaskClient, suffix: str, format: ox.RdfFormat) -> None:
    answer = client.get(f"{MODEL}.{suffix}")
    node = ox.NamedNode("http://127.0.0.1:8000/model/llama-7b")
    quads = list(ox.parse(answer.data, format))
    assert all(node in (quad.subject, quad.object) for quad in quads)
    # What it says and what points at it
    assert {quad.subject == node for quad in quads} == {True, False}


def test_json_twin_and_lineage(client: FlaskClient) -> None:
    shown = client.get(f"{MODEL}.json").get_json()
    assert shown["id"] == "model/llama-7b" and shown["kind"] == "model"
    tree = client.get(f"{MODEL}/lineage.json?direction=down&limit=2").get_json()
    assert tree["root"] == "model/llama-7b" and tree["total"] >= 5 and len(tree["nodes"]) == 3
    assert client.get(f"{MODEL}/lineage.json?direction=sideways").status_code == 400


def test_other_names_redirect(client: FlaskClient) -> None:
    for name, target in [
        ("llama-7b", MODEL),
        ("EleutherAI/polyglot-ko-5.8b", "/model/polyglot-ko-5.8b"),
        ("model/hf/EleutherAI/polyglot-ko-5.8b.ttl", "/model/polyglot-ko-5.8b.ttl"),
        ("model/llama-7b/", MODEL),
    ]:
        answer = client.get(f"/{name}?lang=ko")
        assert (answer.status_code, answer.location) == (308, f"{target}?lang=ko")
    assert client.get("/family").location == "/search?kind=family"


def test_unknown_name_suggests_near_ones(client: FlaskClient) -> None:
    page = browse(client, "/model/lama-7b")
    assert page.status_code == 404 and 'href="/model/llama-7b"' in page.text
    problem = client.get("/model/lama-7b")
    assert (
        problem.mimetype == "application/problem+json"
        and "model/llama-7b" in problem.get_json()["near"]
    )


def test_a_slug_of_several_things_lists_them(corner: Corner) -> None:
    corner.write("model/twin: {label: {en: Twin}}\nfamily/twin: {label: {en: Twins}}\n")
    corner.build()
    with serving(corner.config) as app:
        answer = app.test_client().get("/twin")
    assert answer.status_code == 404 and answer.get_json()["near"] == ["model/twin", "family/twin"]


@pytest.mark.parametrize(
    "path",
    [
        "/model/%ED%A0%80",
        "/model/%00",
        "/%FF%FE",
        "//example.org/x",
        "/model/" + "a" * 5000,
        "/model/..%2f..%2fetc",
        "/model/<b>.json",
        "/.json",
        "/a/lineage.json",
        "/%0d%0aX:y",
    ],
)
def test_any_path_gets_an_answer(client: FlaskClient, path: str) -> None:
    answer = browse(client, path)
    assert answer.status_code == 404 and "<b>" not in answer.text and 'href="//' not in answer.text


# ---- SPARQL ----

SELECT = "SELECT ?l { <http://127.0.0.1:8000/model/llama-7b> rdfs:label ?l } ORDER BY ?l"
GRAPH = "CONSTRUCT WHERE { <http://127.0.0.1:8000/model/llama-7b> rdfs:label ?l }"


@pytest.mark.parametrize(
    ("query", "accept", "expected"),
    [
        (SELECT, "*/*", "application/sparql-results+json"),
        (SELECT, "application/json", "application/sparql-results+json"),
        (SELECT, "application/sparql-results+xml", "application/sparql-results+xml"),
        (SELECT, "text/csv;q=0.9, text/tab-separated-values", "text/tab-separated-values"),
        (SELECT, "text/csv", "text/csv"),
        (GRAPH, "*/*", "text/turtle"),
        (GRAPH, "application/ld+json", "application/ld+json"),
        (SELECT, "text/turtle", None),
        (SELECT, "image/png", None),
    ],
)
def test_sparql_for_programs(
    client: FlaskClient, query: str, accept: str, expected: str | None
) -> None:
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
    assert answer.status_code == (200 if expected else 406)
    assert answer.mimetype == (expected or "application/problem+json")


def test_sparql_for_people(client: FlaskClient) -> None:
    query = "SELECT ?m { ?m kg:inFamily <http://127.0.0.1:8000/family/koalpaca> }"
    page = client.get("/sparql", query_string={"query": query}, headers=HTML).text
    assert 'href="/model/koalpaca-polyglot-12.8b"' in page and "KoAlpaca-Polyglot" in page
    assert (
        "&#34;" not in page.partition("<textarea")[0]
        and query.replace("<", "&lt;").replace(">", "&gt;") in page
    )


def test_sparql_errors(client: FlaskClient) -> None:
    problem = client.get("/sparql?query=SELECT+*+{+?s+?p").get_json()
    assert problem["status"] == 400 and problem["line"] == 1 and problem["column"] > 10
    page = browse(client, "/sparql?query=SELECT+*+{+?s+?p", "ko")
    assert page.status_code == 400 and "1행" in page.text
    assert client.get("/sparql?query=ASK{}&format=nonsense").status_code == 400
    assert client.get("/sparql", headers={"Accept": "application/json"}).status_code == 400
    assert browse(client, "/sparql?query=").status_code == 400
    put = client.put("/sparql", data={"query": "ASK{}"})
    assert put.status_code == 405 and "GET" in put.headers["Allow"]


def test_query_limits(snapshot_home: Path) -> None:
    cross = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?a = ?j && ?b = ?l) }"
    with serving(Config(home=snapshot_home, sparql_timeout=0.7)) as app:
        answer = app.test_client().get("/sparql", query_string={"query": cross})
        assert answer.status_code == 504 and "0.7 seconds" in answer.get_json()["detail"]
    with serving(Config(home=snapshot_home, sparql_max_bytes=1000)) as app:
        answer = app.test_client().get("/sparql", query_string={"query": "SELECT * { ?s ?p ?o }"})
        assert answer.status_code == 413


# ---- files, vocabulary, machines ----


def test_downloads_are_those_of_the_manifest(client: FlaskClient, snapshot: Snapshot) -> None:
    page = browse(client, "/data").text
    for name, file in snapshot.manifest.files.items():
        assert file.sha256 in page
        with client.get(f"/data/{name}") as got:
            assert got.status_code == 200 and len(got.data) == file.bytes
    for name in (
        "../manifest.json",
        "..%2fmanifest.json",
        "%2e%2e/manifest.json",
        "/etc/passwd",
        "nothing",
    ):
        assert client.get(f"/data/{name}").status_code == 404
    assert client.get("/data.json").get_json()["counts"] == snapshot.manifest.counts


def test_ontology_explains_every_term(client: FlaskClient, snapshot: Snapshot) -> None:
    page = browse(client, "/ontology").text
    for name, known in snapshot.vocabulary.properties.items():
        assert f'<div id="{name}">' in page and known.term.labels["ko"] in page
    assert client.get("/ontology", headers={"Accept": "text/turtle"}).mimetype == "text/turtle"
    assert b"kg:Model a owl:Class" in client.get("/ontology.ttl").data


def test_health_and_robots(client: FlaskClient, snapshot: Snapshot) -> None:
    health = client.get("/-/health").get_json()
    assert (health["status"], health["version"]) == ("ok", snapshot.manifest.version)
    assert health["as_of"] == snapshot.manifest.as_of
    assert "Disallow: /sparql" in client.get("/robots.txt").text


def figures(corner: Corner, lang: str) -> str:
    """The numbers on the home page."""
    corner.build()
    with serving(corner.config) as app:
        page = browse(app.test_client(), "/", lang).text
    return page.partition('"figures"')[2].partition("</dl>")[0]


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "data as of Nov 21, 2026"), ("ko", "2026년 11월 21일 기준")]
)
def test_the_home_page_says_the_date_of_the_data(corner: Corner, lang: str, words: str) -> None:
    """The last day on which a source was read; where none says so, nothing is said."""
    assert "as-of" not in figures(corner, lang)
    corner.write("""
source/early: {label: {en: E}, claims: {retrieved: [{value: 2025-01-02, from: gyebo}]}}
source/late: {label: {en: L}, claims: {retrieved: [{value: 2026-11-21, from: gyebo}]}}
source/old: {label: {en: O}, claims: {retrieved: [{value: 2024-12, from: gyebo}]}}
""")
    assert words in figures(corner, lang)
    assert corner.opened[-1].manifest.as_of == "2026-11-21"


# ---- headers and languages ----


@pytest.mark.parametrize(
    "path", [*PAGES, f"{MODEL}.json", "/static/app/site.css", "/-/health", "/data/graph.nq"]
)
def test_security_headers(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        headers = answer.headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self';")
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"]
    assert "Set-Cookie" not in headers


def test_unchanged_pages_are_not_sent_again(client: FlaskClient) -> None:
    tag = browse(client, MODEL).headers["ETag"]
    again = client.get(MODEL, headers={**HTML, "Accept-Language": "en", "If-None-Match": tag})
    assert again.status_code == 304 and not again.data and again.headers["ETag"] == tag
    korean = client.get(MODEL, headers={**HTML, "Accept-Language": "ko", "If-None-Match": tag})
    assert korean.status_code == 200
    assert "ETag" not in browse(client, "/no/such/thing").headers
    assert client.get("/no/such/thing", headers={"If-None-Match": "*"}).status_code == 404


@pytest.mark.parametrize(
    ("query", "cookie", "header", "expected"),
    [
        ("", None, None, "en"),
        ("", None, "ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("", None, "fr", "en"),
        ("", "ko", "en", "ko"),
        ("?lang=en", "ko", "ko", "en"),
        ("?lang=xx", None, "ko", "ko"),
    ],
)
def test_language(
    app: Flask, query: str, cookie: str | None, header: str | None, expected: str
) -> None:
    client = app.test_client()
    if cookie:
        client.set_cookie("lang", cookie)
    answer = client.get(
        "/about" + query, headers=HTML | ({"Accept-Language": header} if header else {})
    )
    assert f'<html lang="{expected}">' in answer.text
    assert ("lang=en" in answer.headers.get("Set-Cookie", "")) == (query == "?lang=en")
    assert 'hreflang="ko" href="http://127.0.0.1:8000/about?lang=ko"' in answer.text


# ---- errors and snapshots ----


def test_every_error_has_a_status() -> None:
    classes = {
        c
        for c in vars(kg.errors).values()
        if isinstance(c, type) and issubclass(c, kg.errors.KGError)
    }
    assert classes == web.app.errors.STATUS.keys()


def test_unknown_errors_tell_nothing(config: Config) -> None:
    with serving(config) as app:
        app.add_url_rule("/-/broken", view_func=lambda: 1 / 0)
        answer = app.test_client().get("/-/broken")
    assert answer.status_code == 500 and "ZeroDivision" not in answer.text


def test_without_a_snapshot_the_site_says_so(tmp_path: Path) -> None:
    with serving(Config(home=tmp_path)) as app:
        client = app.test_client()
        assert browse(client, "/").status_code == 503
        assert str(tmp_path) not in browse(client, "/").text
        assert client.get("/-/health").status_code == 503


@pytest.fixture
def two_homes(snapshot_home: Path, tmp_path: Path) -> Iterator[Layout]:
    layout = Layout(tmp_path)
    for name in ("0001", "0002"):
        shutil.copytree(Layout(snapshot_home).current_folder(), layout.snapshots / name)
    layout.publish(layout.snapshots / "0001")
    yield layout


def test_a_newer_snapshot_is_swapped_in(two_homes: Layout) -> None:
    holder = Holder(two_homes.home)
    older = holder.acquire()
    two_homes.publish(two_homes.snapshots / "0002")
    holder.look()
    newer = holder.acquire()
    assert (older.folder.name, newer.folder.name) == ("0001", "0002")
    assert older.label("model/llama-7b") and not older._lease.closed  # still in use
    holder.release(older)
    assert older._lease.closed and not newer._lease.closed
    holder.release(newer)
    holder.close()
    assert newer._lease.closed


def test_current_is_looked_at_once_a_second(two_homes: Layout) -> None:
    now = [0.0]
    holder = Holder(two_homes.home, lambda: now[0])
    names = []
    for moment in (0.0, 0.9, 1.0, 1.1):
        now[0] = moment
        snapshot = holder.acquire()
        names.append((snapshot.folder.name, holder.release_number()))
        holder.release(snapshot)
        two_homes.publish(two_homes.snapshots / "0002")
    holder.close()
    assert names == [("0001", 1), ("0001", 1), ("0002", 2), ("0002", 2)]


def test_a_snapshot_that_cannot_be_read_changes_nothing(
    two_homes: Layout, caplog: pytest.LogCaptureFixture
) -> None:
    manifest = two_homes.snapshots / "0002" / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"format": 999}))
    with serving(Config(home=two_homes.home)) as app:
        client = app.test_client()
        assert client.get("/-/health").get_json()["snapshot"] == "0001"
        two_homes.publish(two_homes.snapshots / "0002")
        for _ in range(3):
            app.extensions["gyebo"].holder.look()
            assert client.get("/-/health").get_json()["snapshot"] == "0001"
    assert sum("still serving" in record.message for record in caplog.records) == 1
