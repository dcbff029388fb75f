"""The query page: works without JavaScript, shows answers as they are, and its scripts are small."""

from __future__ import annotations

import re
import shutil
import subprocess
from urllib.parse import parse_qs, urlsplit

import html5rdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import example, given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from kg.model.media import RDF_FORMATS, RESULT_FORMATS
from kg.snapshot.snapshot import Snapshot
from kg.sparql.examples import examples
from tests.web.app.test_web import spaced
from web.data._bars import MOST, chart_of
from web.data._network import network_of
from web.data._table import MAX_ROWS, AnswerTable, TermCell, cell, triples_of
from web.paths import WEB

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
STATIC = WEB / "static" / "data"
MODELS = "SELECT ?model { ?model a kg:Model } ORDER BY ?model LIMIT 3"


def ask(client: FlaskClient, query: str, lang: str = "en", **more: str) -> TestResponse:
    given = {"query": query, "format": "html", "lang": lang, **more}
    return client.get("/sparql", query_string=given, headers=HTML)


def answer_of(text: str) -> str:
    return text.partition('<div id="answer">')[2].partition("<aside>")[0]


# ---- the form ----


def test_the_form_works_without_scripts(client: FlaskClient) -> None:
    text = client.get("/sparql", headers=HTML).text
    assert '<form action="/sparql"' in text and '<label for="query">' in text
    assert re.search(r'<button[^>]* name="format" value="html">Run</button>', text)
    hidden = re.findall(r"<button[^>]*>", text.partition("<form action")[2])
    assert all("hidden" in b for b in hidden if 'type="button"' in b)  # need scripts to do anything


def test_the_query_is_in_the_form_and_the_address(client: FlaskClient) -> None:
    page = ask(client, 'SELECT ?x { ?x rdfs:label "</textarea><b>&"@en }')
    area = page.text.partition("<textarea")[2].partition("</textarea>")[0]
    assert "&lt;/textarea&gt;&lt;b&gt;&amp;" in area and page.status_code == 200


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_saved_queries_by_name(client: FlaskClient, lang: str) -> None:
    text = spaced(client.get(f"/sparql?lang={lang}", headers=HTML).text)
    for saved in examples():
        assert f'href="/sparql?example={saved.name}"' in text
        assert saved.titles[lang].replace("&", "&amp;") in text
    page = client.get(f"/sparql?example=licenses&lang={lang}", headers=HTML)
    assert page.status_code == 200 and "?license (COUNT(DISTINCT ?what)" in page.text
    assert "# keywords" not in page.text and 'aria-current="page"' in page.text
    assert "<tbody>" in page.text


def test_an_unknown_saved_query_shows_the_form(client: FlaskClient) -> None:
    page = client.get("/sparql?example=nothing", headers=HTML)
    assert page.status_code == 200 and "<tbody>" not in page.text


# ---- answers ----


def test_rows_have_labels_and_links(client: FlaskClient, snapshot: Snapshot) -> None:
    text = answer_of(
        ask(client, "SELECT * { ?m kg:inFamily <family/koalpaca> ; ?p ?o }", "ko").text
    )
    head = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', text)
    assert head == ["?m", "?p", "?o"]  # as the query names them, not by the alphabet
    assert 'href="/model/koalpaca-polyglot-12.8b"' in text
    assert snapshot.label("model/koalpaca-polyglot-12.8b", "ko") in text
    assert 'href="/ontology#inFamily"' in text and "<sup>ko</sup>" in text


def test_downloads_in_every_format(client: FlaskClient) -> None:
    for query, formats in (
        (MODELS, RESULT_FORMATS),
        ("CONSTRUCT WHERE { <family/llama> ?p ?o }", RDF_FORMATS),
    ):
        text = answer_of(
            ask(
                client, query, **{"default-graph-uri": "http://127.0.0.1:8000/source/survey-001"}
            ).text
        )
        links = [m.replace("&amp;", "&") for m in re.findall(r'href="([^"]+)" download', text)]
        assert [parse_qs(urlsplit(link).query)["format"][0] for link in links] == list(formats)
        for link in links:
            assert "default-graph-uri=" in link
            with client.get(link) as got:
                assert got.status_code == 200


def test_a_long_query_is_downloaded_by_form(client: FlaskClient) -> None:
    text = answer_of(ask(client, MODELS + " #" + "x" * 9000).text)
    assert 'formmethod="post"' in text and " download" not in text


def test_ask_and_nothing_found(client: FlaskClient) -> None:
    assert "<td>true</td>" in ask(client, "ASK {}").text
    page = ask(client, "SELECT ?s { ?s a <http://example.org/Nothing> }", "ko")
    assert "찾은 결과가 없습니다" in page.text and "0행" in page.text


def test_long_answers_are_cut_and_said_to_be(client: FlaskClient) -> None:
    page = ask(client, "SELECT ?s ?p { ?s ?p ?o } LIMIT 2000")
    assert page.text.count("<tr>") == MAX_ROWS + 1 and "Only the first 500 rows" in page.text


def test_hostile_values_stay_text(client: FlaskClient) -> None:
    query = """SELECT ("<script>alert(1)</script>" AS ?a) (<javascript:alert(1)> AS ?b)
    (STRLANG("<b>", "en") AS ?c) (1e999 AS ?d) {}"""
    text = answer_of(ask(client, query).text)
    assert "<script>" not in text and "<b>" not in text and 'href="javascript' not in text
    graph = 'CONSTRUCT { <x:"> <y:z> <x:w> . <x:s> <x:p> "</svg><script>" } {}'.replace(
        '<x:">', "<x:q>"
    )
    assert "<script>" not in answer_of(ask(client, graph).text)


def test_answers_that_no_page_can_show_are_offered_as_files(client: FlaskClient) -> None:
    wide = "SELECT " + " ".join(f"(1 AS ?c{n})" for n in range(200)) + " {}"
    deep = f"SELECT ({'TRIPLE(<x:s>, <x:p>, ' * 400}1{')' * 400} AS ?t) {{}}"
    for query in (wide, deep, f"CONSTRUCT {{ <x:a> <x:b> ?t }} {{ BIND('{'a' * 6_000}' AS ?t) }}"):
        page = client.post("/sparql", data={"query": query, "format": "html"}, headers=HTML)
        assert page.status_code in (200, 400, 503) and 'id="answer"' in page.text
    assert (
        "too large to show"
        in client.post("/sparql", data={"query": wide, "format": "html"}, headers=HTML).text
    )


# ---- errors ----


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_an_error_has_its_line(client: FlaskClient, lang: str) -> None:
    page = ask(client, "SELECT ?m WHERE {\n  ?m a kg:Model\n  <b> ?x ?y\n}", lang)
    text = answer_of(page.text)
    assert page.status_code == 400
    assert 'data-line="3" data-column="3"' in text and 'role="alert"' in text
    assert "<pre>  <mark>&lt;b&gt; ?x ?y</mark></pre>" in text
    assert 'aria-invalid="true"' in page.text
    assert ("3행 3열" if lang == "ko" else "Line 3, column 3") in text


def test_every_failure_is_a_page(client: FlaskClient) -> None:
    for query in (
        "SELECT",
        "}" * 100,
        "SELECT * { SERVICE <http://127.0.0.1:1/> {} }",
        "INSERT DATA { <a:b> <a:b> 1 }",
        "ASK " + "{" * 3000,
    ):
        page = ask(client, query)
        assert 400 <= page.status_code < 600 and 'class="problem"' in page.text
        parser = html5rdf.HTMLParser(strict=False)
        parser.parse(page.text)
        assert parser.errors == []


# ---- charts ----


def table(*rows: tuple[str, float | None]) -> AnswerTable:
    cells = [[TermCell(text=name), TermCell(text=str(n), number=n)] for name, n in rows]
    return AnswerTable(["name", "count"], cells, len(rows))


@pytest.mark.parametrize(
    "found",
    [
        AnswerTable(["a"], [[TermCell(text="x")]], 1),
        table(("a", 1)),
        table(("a", 1), ("a", 2)),
        table(("a", 1), ("b", None)),
        AnswerTable(
            ["n", "name"],
            [
                [TermCell(text="1", number=1), TermCell(text="a")],
                [TermCell(text="2", number=2), TermCell(text="b")],
            ],
            2,
        ),
        AnswerTable(
            ["n", "m"],
            [
                [TermCell(text="1", number=1), TermCell(text="1", number=1)],
                [TermCell(text="2", number=2), TermCell(text="2", number=2)],
            ],
            2,
        ),
    ],
)
def test_tables_that_are_no_chart(found: AnswerTable) -> None:
    assert chart_of(found) is None


@given(st.lists(st.floats(-1e12, 1e12), min_size=2, max_size=40))
@example([0.0, 5e-324])
def test_bars_are_as_long_as_their_values(values: list[float]) -> None:
    app = Flask("test")
    with app.test_request_context():
        chart = chart_of(table(*((f"n{i}", value) for i, value in enumerate(values))))
    assert chart and chart.shown == min(len(values), MOST)
    widths = [float(w) for w in re.findall(r'width="([\d.]+)" height="16"', chart.svg)]
    assert len(widths) == chart.shown
    longest = max(map(abs, values[:MOST]))
    span = (max(0, *values[:MOST]) - min(0, *values[:MOST])) or 1
    for width, value in zip(widths, values, strict=False):
        assert width == pytest.approx(max(1, abs(value) / span * 174), abs=0.06)
    assert max(widths) == pytest.approx(max(1, longest / span * 174), abs=0.06)


def test_aggregates_are_drawn_beside_their_table(client: FlaskClient) -> None:
    text = answer_of(client.get("/sparql?example=licenses", headers=HTML).text)
    assert 'class="chart" role="img" aria-label="?count / ?license"' in text
    assert "<tbody>" in text and text.count("<rect") >= 5


# ---- drawings ----


def test_a_graph_is_drawn(client: FlaskClient) -> None:
    text = answer_of(client.get("/sparql?example=family-tree", headers=HTML).text)
    assert text.count('class="edge"') >= 3 and "kg:derivedFrom" in text
    assert '<a class="box" href="/model/koalpaca-polyglot-12.8b">' in text
    large = answer_of(ask(client, "CONSTRUCT { ?m a kg:Model } { ?m a kg:Model }").text)
    assert "too many to draw" in large and "<svg" not in large
    flat = answer_of(ask(client, 'CONSTRUCT { <x:a> <x:b> "c" } {}').text)
    assert "<svg" not in flat and "<tbody>" in flat


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=30))
def test_every_node_and_line_is_there_once(
    app: Flask, snapshot: Snapshot, pairs: list[tuple[int, int]]
) -> None:
    triples = [
        (
            {"type": "uri", "value": f"x:{a}"},
            {"type": "uri", "value": "x:p"},
            {"type": "bnode", "value": str(b)},
        )
        for a, b in pairs
    ]
    with app.test_request_context():
        drawn = network_of(snapshot, triples)
    assert drawn and drawn.svg.count('class="edge"') == len(set(pairs))
    nodes = {f"x:{a}" for a, _ in pairs} | {f"_:{b}" for _, b in pairs}
    assert drawn.nodes == drawn.svg.count('class="box"') == len(nodes)
    spots = re.findall(r'<rect x="([\d.]+)" y="([\d.]+)"', drawn.svg)
    assert len(set(spots)) == len(nodes)


def test_cycles_are_drawn(app: Flask, snapshot: Snapshot) -> None:
    terms = [{"type": "uri", "value": f"x:{n}"} for n in range(3)]
    predicate = {"type": "uri", "value": "x:p"}
    triples = [(terms[a], predicate, terms[b]) for a, b in ((0, 1), (1, 2), (2, 0), (0, 0))]
    with app.test_request_context():
        drawn = network_of(snapshot, triples)
    assert drawn and drawn.svg.count('class="edge"') == 4


def test_answers_in_ntriples_are_read_line_by_line(snapshot: Snapshot, app: Flask) -> None:
    body = (
        '<a:b> <c:d> "x \\"y\\" \\u0041\\n"@en--ltr .\n_:b0 <c:d> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
        "<a:b> <c:d> <<( <a:b> <c:d> <e:f> )>> .\n"
    )
    first, second = triples_of(body.encode())  # the triple term is left out
    assert first[2]["value"] == 'x "y" A\n' and first[2]["xml:lang"] == "en--ltr"
    with app.test_request_context():
        assert cell(snapshot, second[0]).text == "_:b0" and cell(snapshot, second[2]).number == 1


# ---- what the editor asks for ----


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_terms_for_completion(client: FlaskClient, snapshot: Snapshot, lang: str) -> None:
    found = client.get(f"/ontology/terms.json?lang={lang}").get_json()
    terms = {t["term"]: t for t in found["terms"]}
    for property in snapshot.vocabulary.properties.values():
        assert terms[f"kg:{property.name}"]["labels"][0] == property.term.labels[lang]
    assert terms["kg:Model"]["class"] and "class" not in terms["kg:license"]
    assert "rdfs:label" in terms and "dct:source" in terms and found["prefixes"]["kg"]


# ---- scripts ----


def test_scripts_are_small_and_our_own(client: FlaskClient) -> None:
    scripts = sorted(STATIC.glob("*.js"))
    assert {p.name for p in scripts} >= {"main.js", "highlight.js", "complete.js", "editor.js"}
    for path in scripts:
        text = path.read_text(encoding="utf-8")
        assert len(text.encode()) < 10_000, path.name
        assert re.findall(r'from "([^"]+)"', text) == re.findall(r'from "(\./\w+\.js)"', text)
        assert not re.search(
            r"https?://|innerHTML|\beval\b|document\.write|setAttribute\(\"style", text
        )
        with client.get(f"/static/data/{path.name}") as got:
            assert got.mimetype in ("text/javascript", "application/javascript")


def test_policy_allows_our_scripts_only(client: FlaskClient) -> None:
    page = client.get("/sparql", headers=HTML)
    policy = page.headers["Content-Security-Policy"]
    assert (
        "script-src 'self';" in policy
        and "connect-src 'self';" in policy
        and "unsafe" not in policy
    )
    assert re.findall(r"<script(?!(?: type=\"module\")? src=\"/static/)", page.text) == []
    assert " style=" not in page.text and not re.search(r" on\w+=", page.text)


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
def test_scripts_parse_and_color() -> None:
    program = f"""
import {{ tokens, place }} from "{(STATIC / "highlight.js").as_uri()}";
const text = `SELECT ?모델 {{ ?모델 kg:label "a # b"@ko ; <x:#y> 1.5e3 }} # end`;
console.log([...tokens(text)].map(([s, e, c]) => c + text.slice(s, e)).join("|"));
console.log(JSON.stringify(place("ab\\ncd ef\\n", 2, 4)), JSON.stringify(place("ab", 9, 9)));
"""
    done = subprocess.run(
        ["node", "--input-type=module", "-e", program], capture_output=True, text=True, check=True
    )
    colored, places = done.stdout.splitlines()
    assert colored == 'kSELECT|v?모델|v?모델|ukg:label|s"a # b"|u<x:#y>|n1.5e3|c# end'
    assert places == '{"line":[3,8],"word":[6,8]} {"line":[3,2],"word":[3,2]}' or places.startswith(
        '{"line":[3,8],"word":[6,8]}'
    )
