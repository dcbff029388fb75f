"""What clients in use get: by the Accept headers that they really send, written down from their sources."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.request import Request, urlopen

import pyoxigraph as ox
import pytest
import rdflib
from flask.testing import FlaskClient

from kg.snapshot.snapshot import Snapshot
from tests.web.server.test_serve import served

HTML, JSON, TTL, NT = "text/html", "application/json", "text/turtle", "application/n-triples"
NQ, TRIG, XML, LD = (
    "application/n-quads",
    "application/trig",
    "application/rdf+xml",
    "application/ld+json",
)
SRJ, SRX = "application/sparql-results+json", "application/sparql-results+xml"
CSV, TSV = "text/csv", "text/tab-separated-values"
NONE = ""  # 406, in words of a problem
BAD = "400"  # a query is wanted

ASKED = {
    "entity": "/model/alpaca-7b",
    "ontology": "/ontology",
    "void": "/.well-known/void",
    "select": "/sparql?query=SELECT+%2A+%7B+%3Fs+a+kg%3AModel+%7D+LIMIT+1",
    "construct": "/sparql?query=CONSTRUCT+WHERE+%7B+%3Fs+a+kg%3AModel+%7D+LIMIT+1",
    "none": "/sparql",
}
# client -> its header, and what it gets of each of ASKED, in that order
CLIENTS: dict[str, tuple[str | None, tuple[str, ...]]] = {
    "curl, requests, wget, pandas.read_csv": ("*/*", (HTML, HTML, TTL, SRJ, TTL, TTL)),
    "no header at all": (None, (HTML, HTML, TTL, SRJ, TTL, TTL)),
    "Chrome 130": (
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
        "application/signed-exchange;v=b3;q=0.7",
        (HTML, HTML, XML, HTML, HTML, HTML),
    ),
    "Firefox 132": (
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        (HTML, HTML, XML, HTML, HTML, HTML),
    ),
    "Excel's web query": (
        "text/html, application/xhtml+xml, image/jxr, */*",
        (HTML, HTML, TTL, HTML, HTML, HTML),
    ),
    "fetch of a script, axios": (
        "application/json, text/plain, */*",
        (JSON, LD, LD, SRJ, LD, NT),
    ),
    "jQuery": ("application/json, text/javascript, */*; q=0.01", (JSON, LD, LD, SRJ, LD, TTL)),
    "rdflib 7, any format": (
        "application/rdf+xml, text/n3, text/turtle, application/n-triples, application/ld+json, "
        "application/n-quads, application/trix, application/trig",
        (XML, XML, XML, NONE, XML, XML),
    ),
    "rdflib, nt": ("text/plain, */*;q=0.1", (NT, NT, NT, SRJ, NT, NT)),
    "rdflib, n3": ("text/n3, */*;q=0.1", (TTL, TTL, TTL, SRJ, TTL, TTL)),
    "rdflib, turtle": (
        "text/turtle, application/x-turtle, */*;q=0.1",
        (TTL, TTL, TTL, SRJ, TTL, TTL),
    ),
    "rdflib, xml": ("application/rdf+xml, */*;q=0.1", (XML, XML, XML, SRJ, XML, XML)),
    "rdflib, trig": ("application/trig, */*;q=0.1", (TRIG, TRIG, TRIG, SRJ, TRIG, TRIG)),
    "rdflib, json-ld": (
        "application/ld+json, application/json;q=0.9, */*;q=0.1",
        (LD, LD, LD, SRJ, LD, LD),
    ),
    "Jena, a graph": (
        "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.5",
        (TTL, TTL, TTL, SRJ, TTL, TTL),
    ),
    "Jena, a graph or dataset": (
        "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,"
        "application/trig,application/n-quads;q=0.9,text/x-nquads;q=0.8,application/x-trig;q=0.7,"
        "application/ld+json;q=0.5,*/*;q=0.5",
        (TTL, TTL, TTL, SRJ, TTL, TTL),
    ),
    "Jena, SELECT": (
        "application/sparql-results+json, application/sparql-results+xml;q=0.9, "
        "text/tab-separated-values;q=0.7, text/csv;q=0.5, application/json;q=0.2, application/xml;q=0.2, */*;q=0.1",
        (JSON, LD, LD, SRJ, LD, XML),
    ),
    "SPARQLWrapper, JSON": (
        "application/sparql-results+json,application/json,text/javascript,application/javascript",
        (JSON, LD, LD, SRJ, LD, BAD),
    ),
    "SPARQLWrapper, XML": ("application/sparql-results+xml", (NONE, NONE, NONE, SRX, NONE, BAD)),
    "SPARQLWrapper, N3": (
        "application/turtle,text/turtle,text/rdf+n3,application/n-triples,application/n3,text/n3",
        (TTL, TTL, TTL, NONE, TTL, TTL),
    ),
    "Comunica 5": (
        "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8,"
        "text/turtle;q=0.6,application/rdf+xml;q=0.5,application/json;q=0.45,text/n3;q=0.35,text/html;q=0.2,"
        "application/xhtml+xml;q=0.18",
        (NQ, NQ, NQ, SRJ, NQ, NQ),
    ),
    "jsonld.js, PyLD": ("application/ld+json, application/json", (LD, LD, LD, SRJ, LD, LD)),
    "N3.js over rdf-dereference": (
        "text/turtle;q=1.0,application/trig;q=0.9,text/n3;q=0.4",
        (TTL, TTL, TTL, NONE, TTL, TTL),
    ),
    "rdflib.js, Solid": (
        "image/*;q=0.9, */*;q=0.1, application/rdf+xml;q=0.9, application/xhtml+xml, text/xml;q=0.5, "
        "application/xml;q=0.5, text/html;q=0.9, text/plain;q=0.5, text/n3;q=1.0, text/turtle;q=1",
        (TTL, TTL, TTL, SRX, TTL, TTL),
    ),
    "Protégé, OWL API 5": (
        "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, text/plain; q=0.1, */*; q=0.09",
        (XML, XML, XML, SRX, XML, XML),
    ),
    "Java's URLConnection": (
        "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
        (HTML, HTML, TTL, HTML, HTML, HTML),
    ),
    "RDF4J, a graph": (
        "application/rdf+xml;q=0.8, application/xml;q=0.8, text/xml;q=0.8, text/turtle, application/x-turtle, "
        "application/trig;q=0.9, application/n-quads;q=0.9, application/n-triples;q=0.8, text/plain;q=0.8",
        (TTL, TTL, TTL, SRX, TTL, TTL),
    ),
    "RDF4J, rows": (
        "application/x-binary-rdf-results-table, application/sparql-results+json;q=0.8, application/json;q=0.8, "
        "application/sparql-results+xml;q=0.8, application/xml;q=0.8, text/csv;q=0.8, text/tab-separated-values;q=0.8",
        (JSON, LD, LD, SRJ, LD, XML),
    ),
    "sparql-dataframe": ("text/csv", (NONE, NONE, NONE, CSV, NONE, BAD)),
    "any text": ("text/*", (HTML, HTML, TTL, CSV, TTL, TTL)),
    "capitals": ("TEXT/TURTLE;Q=0.9, Application/RDF+XML;q=0.5", (TTL, TTL, TTL, NONE, TTL, TTL)),
    "a page last": (
        "text/html;q=0.1, application/sparql-results+json",
        (HTML, HTML, NONE, SRJ, HTML, HTML),
    ),
    "a page after Turtle": ("text/turtle, text/html;q=0.3", (TTL, TTL, TTL, HTML, TTL, TTL)),
    "RDF beside JSON": ("application/json, text/turtle", (TTL, TTL, TTL, SRJ, TTL, TTL)),
    "XML that is refused": ("application/rdf+xml;q=0, */*", (HTML, HTML, TTL, SRJ, TTL, TTL)),
}
TABLE = [
    (client, asked, header, expected)
    for client, (header, row) in CLIENTS.items()
    for asked, expected in zip(ASKED, row, strict=True)
]


@pytest.mark.parametrize(("client_", "asked", "header", "expected"), TABLE)
def test_accept_headers_of_clients(
    client: FlaskClient, client_: str, asked: str, header: str | None, expected: str
) -> None:
    answer = client.get(ASKED[asked], headers={"Accept": header} if header else {})
    if expected in (NONE, BAD):
        assert answer.status_code == (406 if expected == NONE else 400)
    else:
        assert (answer.status_code, answer.mimetype) == (200, expected)


def test_a_header_sent_in_several_lines(client: FlaskClient) -> None:
    headers = [
        ("Accept", "text/html;q=0.2"),
        ("Accept", "application/trig;q=0.9"),
        ("Accept", "text/turtle"),
    ]
    assert client.get("/model/alpaca-7b", headers=headers).mimetype == TTL


def test_json_ld_has_no_alternates_and_others_one_of_each_type(client: FlaskClient) -> None:
    for path in ("/model/alpaca-7b", "/ontology", "/.well-known/void", "/family/llama"):
        for suffix in ("", ".ttl", ".rdf", ".nt", ".jsonld"):
            links = client.get(path + suffix, headers={"Accept": "*/*"}).headers.getlist("Link")
            types = [x.partition("type=")[2] for x in links if 'rel="alternate"' in x]
            assert len(types) == len({*types}) and (not types) == (suffix == ".jsonld")


# ---- compressed exports ----

PACKED = "/data/exports/gyebo.ttl.gz"


def test_an_export_is_stored_as_it_is(client: FlaskClient, snapshot: Snapshot) -> None:
    known = snapshot.manifest.files["exports/gyebo.ttl.gz"]
    for headers in (
        {},
        {"Accept": "*/*", "Accept-Encoding": "identity"},
        {"Accept": "text/html,*/*;q=0.8", "Accept-Encoding": "gzip"},
    ):
        with client.get(PACKED, headers=headers) as answer:
            assert (
                answer.mimetype == "application/gzip" and "Content-Encoding" not in answer.headers
            )
            assert len(answer.data) == known.bytes and answer.get_etag()[0] == known.sha256


@pytest.mark.parametrize("suffix", ["ttl", "nt", "rdf", "jsonld", "nq", "trig"])
def test_an_export_is_parsed_where_it_stands(client: FlaskClient, suffix: str) -> None:
    """By whoever names a format of RDF: rdflib does not unpack, browsers and Jena do."""
    path, accept = f"/data/exports/gyebo.{suffix}.gz", CLIENTS["rdflib 7, any format"][0]
    with client.get(path, headers={"Accept": accept, "Accept-Encoding": "identity"}) as plain:
        count = sum(1 for _ in ox.parse(plain.data, ox.RdfFormat.from_media_type(plain.mimetype)))
    assert count > 1000 and {"accept", "accept-encoding"} <= plain.vary.as_set()
    with client.get(path, headers={"Accept": accept, "Accept-Encoding": "gzip"}) as coded:
        assert coded.headers["Content-Encoding"] == "gzip" and coded.mimetype == plain.mimetype
        assert gzip.decompress(coded.data) == plain.data
    assert coded.headers["ETag"] != plain.headers["ETag"]


@pytest.mark.parametrize(
    ("name", "type"),
    [
        ("graph.nq", NQ),
        ("entities.jsonl", "application/jsonl"),
        ("entities.jsonl.zst", "application/octet-stream"),
        ("exports/edges.parquet", "application/vnd.apache.parquet"),
        ("exports/gyebo.graphml.gz", "application/gzip"),
        ("terms.json", JSON),
        ("verdicts.npy", "application/octet-stream"),
    ],
)
def test_files_have_the_types_of_their_formats(client: FlaskClient, name: str, type: str) -> None:
    with client.get(f"/data/{name}") as answer:
        assert answer.status_code == 200 and answer.mimetype == type


# ---- tables for Excel ----


@pytest.mark.parametrize(
    "path",
    [
        "/family/llama/lineage.csv",
        "/trends/parameters.csv",
        "/family/llama/license-mix.csv",
        "/sparql?format=csv&query=SELECT+%3Fl+%7B%3Fm+rdfs%3Alabel+%3Fl%7D",
        "/license-audit.csv?family=llama-2",
    ],
)
def test_a_table_has_a_mark_where_it_is_wanted(client: FlaskClient, path: str) -> None:
    plain, with_mark = client.get(path), client.get(f"{path}{'&' if '?' in path else '?'}bom=1")
    assert (
        plain.status_code == 200
        and plain.mimetype == CSV
        and not plain.data.startswith(b"\xef\xbb\xbf")
    )
    assert with_mark.data == b"\xef\xbb\xbf" + plain.data
    assert with_mark.headers.get("Content-Length") in (None, str(len(with_mark.data)))
    zipped = client.get(
        f"{path}{'&' if '?' in path else '?'}bom=1", headers={"Accept-Encoding": "gzip"}
    )
    if zipped.headers.get("Content-Encoding"):
        assert gzip.decompress(zipped.data) == with_mark.data


# ---- many at once ----


@pytest.fixture(scope="module")
def url(snapshot_home: Path) -> Iterator[str]:
    with served(snapshot_home) as url:
        yield url


@pytest.mark.parametrize("accept", [TTL, LD, HTML])
def test_32_connections_are_all_answered(url: str, snapshot: Snapshot, accept: str) -> None:
    paths = [f"{url}/{e.id}" for _, e in zip(range(96), snapshot.entities("model"), strict=False)]

    def status(address: str) -> int:
        with urlopen(Request(address, headers={"Accept": accept}), timeout=60) as answer:
            return int(answer.status)

    with ThreadPoolExecutor(32) as threads:
        assert {*threads.map(status, paths)} == {200}


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_rdflib_reads_every_address(url: str) -> None:
    for path in ("/model/alpaca-7b", "/ontology", "/.well-known/void", "/sparql", PACKED):
        for format in (None, "turtle", "xml", "nt", "n3", "json-ld"):
            if path == PACKED and format not in (None, "turtle", "n3"):
                continue
            assert len(rdflib.Graph().parse(url + path, format=format)) > 10, (path, format)
