"""Names and values that attack: planted in every kind of field, built by the real build, and looked
for on every page and in every file made from it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as ET

import html5rdf
import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from kg.claims.claim_files import encode
from kg.model.claim import Claim, Said, Value
from kg.model.vocabulary import Property, load_vocabulary
from tests.conftest import Corner, serving
from tests.web.app.test_web import browse

LONG = "very-long-name" * 714  # 10,000 characters without a place to break
ATTACKS = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>'`",
    "</title></textarea></svg><svg onload=alert(1)>",
    "\u202eright to left\u2066 and \u200f\u200b\ufeff back",
    "]]> --> <!-- <![CDATA[ &amp; &#60;script&#62; %3Cscript%3E",
    "{{ 7 * 7 }} {% raw %} %(name)s {0} ${x}",
    "\x00\x01\x0b\x1b[31m\x7f\x85\ud7ff\ufffe\U0001f999",
    "javascript:alert(1)",
    '\\u003cscript\\u003e \\" \n\r\n\tX-Injected: yes',
    LONG,
)
FULL = 2  # entities of a kind that have every property; the others have relations and texts
VOCABULARY = load_vocabulary()
SOURCE = "source/hub"
# Properties whose values are held to a form
SKIPPED = {"sourceType", "clauseKind", "clauseValue", "spdxId", "arxivId", "doi", "country"}
PATHS = ("(a)", "a&b='c';d", "a+b,c%2F..", "라마:[1]", "a.json.ttl")  # ids may hold these


def ids(kind: str) -> list[str]:
    return [f"{kind}/h{n}-{PATHS[n % len(PATHS)]}" for n in range(len(ATTACKS))]


def value_of(prop: Property, n: int) -> Value:
    if prop.codes:  # another value is an error in data/, and an issue in a source
        return sorted(prop.codes)[n % len(prop.codes)]
    text = ATTACKS[n % len(ATTACKS)]
    match prop.type:
        case "entity":
            kind = sorted(prop.range)[-1] if prop.range else "org"
            return ids(kind)[(n + 1) % len(ATTACKS)]
        case "integer":
            return 10**17 + n
        case "decimal" | "double":
            return 1e-9 * (n + 1)
        case "boolean":
            return n % 2 == 0
        case "date":
            return f"20{10 + n}-03"
        case "url":
            return "https://example.org/'onload=alert(1)//&amp;" + "a" * 9_000
    return text


def planted() -> Iterator[Claim]:
    """Every property of every kind, with an attack for a value, a place, a reason and a note."""
    turn = cycle(range(len(ATTACKS)))
    for kind in VOCABULARY.kinds:
        if kind == "clause":
            continue
        for n, id in enumerate(ids(kind)):
            yield Claim(id, "label", Said(value=ATTACKS[n], source=SOURCE, lang="en"))
            yield Claim(id, "label", Said(value=ATTACKS[-n - 1] + "가", source=SOURCE, lang="ko"))
            yield Claim(id, "alias", Said(value=ATTACKS[next(turn)], source=SOURCE, lang="en"))
            for prop in VOCABULARY.properties.values():
                fits = kind in (prop.domain or {kind}) and prop.name not in SKIPPED
                if fits and (n < FULL or prop.type in ("entity", "text")):
                    m = next(turn)
                    detail = {
                        "locator": ATTACKS[m],
                        "note": ATTACKS[-m - 1],
                        "reason": ATTACKS[m],
                        "url": ATTACKS[7],
                        "retrieved": "2026-01-01",
                    }
                    lang = "en" if prop.type == "text" else ""
                    yield Claim(
                        id,
                        prop.name,
                        Said(value=value_of(prop, n), source=SOURCE, lang=lang, **detail),
                    )
                    yield Claim(
                        id,
                        prop.name,
                        Said(
                            value=value_of(prop, n + 1),
                            source=SOURCE,
                            lang=lang,
                            rank="rejected",
                            **detail,
                        ),
                    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Two releases, so that all of it is also what changed."""
    corner = Corner(tmp_path_factory.mktemp("hostile"))
    corner.build()
    folder = corner.config.home / "runs" / "hub"
    folder.mkdir(parents=True)
    about = [
        Claim(SOURCE, "sourceType", Said(value="hub-card", source=SOURCE)),
        Claim(SOURCE, "label", Said(value=ATTACKS[0], source=SOURCE, lang="en")),
    ]
    (folder / "sources.jsonl").write_bytes(b"".join(map(encode, about)))
    (folder / "claims.jsonl").write_bytes(b"".join(map(encode, planted())))
    corner.build()
    with serving(corner.config) as app:
        app.testing = True
        yield app.test_client()
    for snapshot in corner.opened:
        snapshot.close()


def everything() -> list[str]:
    return [id for kind in VOCABULARY.kinds if kind != "clause" for id in ids(kind)]


PAGES = (
    "/",
    "/changes",
    "/search",
    "/search?q=%3Cscript%3E",
    "/search?kind=model&sort=date",
    "/sparql",
    "/data",
    "/ontology",
    "/about",
    "/check?name=%3Cscript%3E",
)
ALLOWED = {"application/ld+json", "module", "application/json"}


def harmless(text: str) -> None:
    """No element, attribute or address in a page that its templates did not put there."""
    parser = html5rdf.HTMLParser(strict=False, namespaceHTMLElements=False)
    tree = parser.parse(text)
    assert [e for e in parser.errors if "invalid-codepoint" not in str(e)] == []
    for node in tree.iter():
        if not isinstance(node.tag, str):
            continue
        name = node.tag.rpartition("}")[2]
        assert name not in ("iframe", "object", "embed"), name
        if name == "img":
            assert node.get("class") == "shield" and node.get("src", "").startswith("/model/")
        if name == "script":
            assert node.get("src", "").startswith("/static/") or node.get("type") in ALLOWED
        for attribute, value in node.attrib.items():
            assert not str(attribute).startswith("on"), (name, attribute)
            if str(attribute).rpartition("}")[2] in ("href", "src", "action"):
                assert re.match(r"(https?://|/(?!/)|#|\?|$)", value), value[:80]


@pytest.mark.parametrize(
    ("lang", "part"),
    [
        ("en", slice(FULL)),
        pytest.param("en", slice(FULL, None), marks=pytest.mark.slow),
        pytest.param("ko", slice(FULL), marks=pytest.mark.slow),
    ],
    ids=["en", "en-more", "ko"],
)
@pytest.mark.parametrize("kind", [k for k in VOCABULARY.kinds if k != "clause"])
def test_pages_of_entities(site: FlaskClient, kind: str, lang: str, part: slice) -> None:
    for id in ids(kind)[part]:
        answer = browse(site, f"/{quote(id)}", lang)
        assert answer.status_code == 200, id
        harmless(answer.text)
        assert len(answer.data) < 1_500_000


@pytest.mark.parametrize("path", PAGES)
def test_other_pages(site: FlaskClient, path: str) -> None:
    for lang in ("en", "ko"):
        answer = browse(site, path, lang)
        assert answer.status_code == 200
        harmless(answer.text)


@pytest.mark.parametrize(
    "part", [slice(1), pytest.param(slice(1, 4), marks=pytest.mark.slow)], ids=["one", "more"]
)
def test_compare_trees_and_licenses(site: FlaskClient, part: slice) -> None:
    models = [quote(id, safe="") for id in ids("model")]
    harmless(browse(site, f"/compare?id={models[0]}&id={models[1]}&id={models[2]}").text)
    for id in ids("model")[part] + ids("family")[part]:
        path = quote(id)
        for query in ("?view=outline", "?view=timeline&data=1&color=license", "?find=script"):
            harmless(browse(site, f"/{path}{query}").text)
        assert site.get(f"/{path}/license.json").status_code == 200
        harmless(browse(site, f"/{path}/lineage").text)


def test_pictures_and_graphs_are_well_formed(site: FlaskClient) -> None:
    for id in ids("model") + ids("family"):
        for ending in ("lineage.svg", "lineage.graphml", "lineage.gexf"):
            answer = site.get(f"/{quote(id)}/{ending}")
            assert answer.status_code == 200, (id, ending)
            root = ET.fromstring(answer.data)
            for node in root.iter():
                assert not str(node.tag).endswith("}script")
                assert not any(str(a).startswith("on") for a in node.attrib)
                assert not any(
                    "javascript:" in v for a, v in node.attrib.items() if str(a).endswith("href")
                )
        for ending in ("lineage.dot", "lineage.csv", "lineage.json", "lineage.json?scope=family"):
            assert site.get(f"/{quote(id)}/{ending}").status_code == 200, (id, ending)


def test_json_says_it_unchanged(site: FlaskClient) -> None:
    for kind in VOCABULARY.kinds:
        for n, id in enumerate(ids(kind) if kind != "clause" else []):
            answer = site.get(f"/{quote(id)}.json")
            assert answer.mimetype == "application/json"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert json.loads(answer.data)["labels"]["en"][0] == ATTACKS[n]


@pytest.mark.parametrize(
    ("suffix", "format"),
    [
        ("ttl", ox.RdfFormat.TURTLE),
        ("nt", ox.RdfFormat.N_TRIPLES),
        ("rdf", ox.RdfFormat.RDF_XML),
        ("jsonld", ox.RdfFormat.JSON_LD),
    ],
)
def test_rdf_can_be_read(site: FlaskClient, suffix: str, format: ox.RdfFormat) -> None:
    for id in everything():
        answer = site.get(f"/{quote(id)}.{suffix}")
        assert answer.status_code == 200
        assert list(ox.parse(answer.data, format)), id


def test_lists_and_machines(site: FlaskClient) -> None:
    for path in (
        "/changes.json",
        "/search.json?q=script",
        "/suggest?q=very",
        "/data.json",
        f"/{SOURCE}/claims.json",
        "/suggest?q=very&format=opensearch",
    ):
        assert json.loads(site.get(path).data) is not None
    for path in (
        "/changes.atom",
        "/changes.atom?lang=ko",
        "/sitemap.xml",
        "/sitemap-1.xml",
        "/opensearch.xml",
    ):
        ET.fromstring(site.get(path).data)


def test_unknown_names_are_told_safely(site: FlaskClient) -> None:
    for text in ATTACKS:
        path = f"/model/{quote(text.encode('utf-8', 'surrogatepass'))}"
        answer = browse(site, path)
        assert answer.status_code in (404, 414) and "X-Injected" not in answer.headers
        harmless(answer.text)
        assert len(answer.data) < 120_000
        problem = site.get(path, headers={"Accept": "application/json"})
        assert problem.mimetype == "application/problem+json"
        assert json.loads(problem.data)["status"] == answer.status_code


ACCEPTS = (
    "",
    "*",
    "*/*;q=0",
    "text/html;q=abc",
    "a" * 5_000,
    ",,,;;;q=",
    "text/html;level=1;q=0.5",
    "application/json;q=0.001, text/html;q=0",
    "text/*",
    "*/json",
    "\x7f",
    "é/é",
    "image/*, */*;q=0.1",
    ",".join(f"a/b{n};q=0.{n}" for n in range(500)),
)


@pytest.mark.parametrize("accept", ACCEPTS)
def test_odd_accept_headers(client: FlaskClient, accept: str) -> None:
    for path in (
        "/",
        "/model/llama-7b",
        "/search?q=a",
        "/changes",
        "/data",
        "/no/such",
        "/ontology",
        "/about",
    ):
        answer = client.get(path, headers={"Accept": accept, "Accept-Language": accept})
        assert answer.status_code in (200, 303, 404, 406), (path, answer.status_code)


@pytest.mark.parametrize(
    "page", ["999999999999", "-1", "0", "abc", "1e9", "1.5", "%00", "９", "9" * 5_000, "--1", "+1"]
)
@pytest.mark.parametrize(
    "path",
    [
        "/search?q=a&",
        "/search.json?q=a&",
        "/source/survey-004?",
        "/changes?",
        "/changes.json?",
        "/source/survey-004/claims.json?",
        "/model/llama-7b.ttl?",
    ],
)
def test_absurd_page_numbers(client: FlaskClient, path: str, page: str) -> None:
    answer = client.get(f"{path}page={page}")
    assert answer.status_code in (200, 400, 404)
    if page in ("abc", "1e9", "1.5", "--1") and "claims.json" not in path:
        assert answer.status_code == 400 and "whole number" in answer.text


def test_the_exports_can_be_read(site: FlaskClient, tmp_path: Path) -> None:
    listed = json.loads(site.get("/data.json").data)["files"]
    assert {"exports/gyebo.ttl.gz", "exports/gyebo.graphml.gz", "exports/gyebo.csv.gz"} <= set(
        listed
    )
    for name in listed:
        with site.get(f"/data/{name}") as answer:
            assert answer.status_code == 200
            assert answer.headers["Content-Disposition"].startswith("attachment")
