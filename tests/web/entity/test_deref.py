"""Every IRI answers in the form asked for, a part at a time, and says where its other forms stand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import quote

import pyoxigraph as ox
import pytest
import rdflib
from flask import Flask
from flask.testing import FlaskClient

from kg.model.vocabulary import KG, load_vocabulary
from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner, serving
from web.entity import _incoming as incoming

BASE = "http://127.0.0.1:8000/"
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
FORMATS = {
    "ttl": ("text/turtle", ox.RdfFormat.TURTLE),
    "nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    "jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD),
    "rdf": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
}


def one_of_each(snapshot: Snapshot) -> dict[str, str]:
    return {kind: next(snapshot.entities(kind)).id for kind in snapshot.vocabulary.kinds}


@pytest.mark.parametrize("kind", sorted(load_vocabulary().kinds))
def test_every_kind_in_every_form(client: FlaskClient, snapshot: Snapshot, kind: str) -> None:
    id = one_of_each(snapshot)[kind]
    node, cls = ox.NamedNode(BASE + id), ox.NamedNode(snapshot.vocabulary.kinds[kind].term.iri)
    for suffix, (media_type, format) in FORMATS.items():
        asked = client.get(f"/{id}", headers={"Accept": media_type})
        assert asked.status_code == 200 and asked.mimetype == media_type
        assert asked.headers["Content-Location"] == f"/{id}.{suffix}"
        twin = client.get(f"/{id}.{suffix}", headers=HTML)  # the suffix wins
        assert twin.data == asked.data
        quads = {(q.subject, q.predicate, q.object) for q in ox.parse(twin.data, format)}
        assert (node, ox.NamedNode(str(rdflib.RDF.type)), cls) in quads
    assert client.get(f"/{id}", headers=HTML).mimetype == "text/html"
    assert client.get(f"/{id}").mimetype == "text/html"  # no Accept at all
    assert client.get(f"/{id}.json").get_json()["id"] == id


def test_the_forms_say_the_same(client: FlaskClient) -> None:
    graphs = {
        s: {
            (q.subject, q.predicate, q.object)
            for q in ox.parse(client.get(f"/family/koalpaca.{s}").data, f)
            if q.graph_name == ox.DefaultGraph()
        }
        for s, (_, f) in FORMATS.items()
    }
    assert len(set(map(frozenset, graphs.values()))) == 1


def test_links_between_forms(client: FlaskClient) -> None:
    answer = client.get("/model/llama-7b", headers=HTML)
    links = dict(re.findall(r'<([^>]+)>; rel="(\w+)"', ", ".join(answer.headers.getlist("Link"))))
    assert links.pop(f"{BASE}model/llama-7b") == "canonical"
    described = {a for a, relation in links.items() if relation == "describedby"}
    assert described == {
        f"/model/llama-7b/{f}" for f in ("bom.cdx.json", "bom.spdx.json", "card.md")
    }
    forms = {f"/model/llama-7b.{s}": "alternate" for s in (*FORMATS, "json")}
    feed = {"/model/llama-7b/changes.atom": "alternate"}
    assert links == forms | feed | dict.fromkeys(described, "describedby")
    assert {"accept", "accept-language"} <= set(answer.vary.as_set())
    twin = client.get("/model/llama-7b.ttl")
    assert not any("llama-7b.ttl>" in link for link in twin.headers.getlist("Link"))


def test_head_is_get_without_a_body(client: FlaskClient) -> None:
    for path in ("/model/llama-7b", "/model/llama-7b.ttl", "/.well-known/void", "/ontology"):
        got, head = client.get(path), client.head(path)
        assert head.status_code == 200 and not head.data
        assert head.headers["Content-Length"] == str(len(got.data))
        assert head.headers["ETag"] == got.headers["ETag"]


def test_incoming_links_are_there(client: FlaskClient) -> None:
    quads = list(ox.parse(client.get("/family/koalpaca.nt").data, ox.RdfFormat.N_TRIPLES))
    pointing = {
        q.subject.value for q in quads if q.object == ox.NamedNode(f"{BASE}family/koalpaca")
    }
    assert f"{BASE}model/koalpaca-polyglot-12.8b" in pointing


# ---- hubs ----

CHILDREN = 1300


@pytest.fixture
def hub(corner: Corner) -> Iterator[Flask]:
    """A family with many members."""
    lines = [
        "source/s: {label: {en: S}, claims: {sourceType: [{value: news, from: s}]}}",
        "family/hub: {label: {en: Hub}}",
    ]
    lines += [
        f"model/child-{n}: {{label: {{en: Child {n}}}, claims: {{inFamily: "
        f"[{{value: family/hub, from: s}}]}}}}"
        for n in range(CHILDREN)
    ]
    corner.write("\n".join(lines) + "\n")
    corner.build()
    with serving(corner.config) as app:
        yield app


def test_a_hub_comes_page_by_page(hub: Flask) -> None:
    client = hub.test_client()
    path, pages, members = "/family/hub.nt", 0, []
    while path:
        answer = client.get(path)
        assert answer.status_code == 200
        quads = list(ox.parse(answer.data, ox.RdfFormat.N_TRIPLES))
        assert len(quads) < incoming.MOST + 50
        members += [q.subject.value for q in quads if q.predicate.value == f"{KG}inFamily"]
        links = {
            rel: to
            for to, rel in re.findall(
                r'<([^>]+)>; rel="(\w+)"', ", ".join(answer.headers.getlist("Link"))
            )
        }
        named = {q.object.value for q in quads if q.predicate.value == f"{incoming.HYDRA}next"}
        assert named == ({f"{BASE}family/hub?page={pages + 2}"} if "next" in links else set())
        path, pages = links.get("next", ""), pages + 1
    assert len(members) == len(set(members)) == CHILDREN and pages == 3
    assert client.get("/family/hub.ttl?page=9").status_code == 404
    assert client.get("/family/hub.ttl?page=x").status_code == 400
    page = client.get("/family/hub", headers=HTML)
    assert len(page.data) < 400_000 and "/sparql?query=" in page.text


# ---- names that lead elsewhere, or nowhere ----


@pytest.mark.parametrize(
    ("suffix", "accept", "expected"),
    [
        ("", "text/html", "text/html"),
        ("", "*/*", "text/html"),
        ("", "application/json", "application/problem+json"),
        (".json", "*/*", "application/problem+json"),
        ("", "text/turtle", "text/turtle"),
        (".ttl", "*/*", "text/turtle"),
        (".rdf", "*/*", "application/rdf+xml"),
        ("", "application/ld+json", "application/ld+json"),
        (".nt", "text/html", "text/html"),
    ],
)
def test_unknown_in_the_form_asked_for(
    client: FlaskClient, suffix: str, accept: str, expected: str
) -> None:
    answer = client.get(f"/model/lama-7b{suffix}", headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (
        404,
        expected if accept != "*/*" or suffix else "application/problem+json",
    )
    assert "model/llama-7b" in answer.text
    for media_type, format in FORMATS.values():
        if answer.mimetype == media_type:
            said = {q.object.value for q in ox.parse(answer.data, format)}
            assert {"404", "Not Found", f"{BASE}model/llama-7b"} <= said


def test_old_names_redirect_for_every_form(client: FlaskClient) -> None:
    for suffix in ("", ".ttl", ".rdf", ".json"):
        answer = client.get(f"/model/hf/EleutherAI/polyglot-ko-5.8b{suffix}")
        assert (answer.status_code, answer.location) == (308, f"/model/polyglot-ko-5.8b{suffix}")


# ---- schema.org ----


def schema_of(text: str) -> dict[str, object]:
    [found] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    return dict(json.loads(found))


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("kind", sorted(load_vocabulary().kinds))
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph")
def test_schema_org_in_pages(client: FlaskClient, snapshot: Snapshot, kind: str, lang: str) -> None:
    id = one_of_each(snapshot)[kind]
    text = client.get(f"/{id}?lang={lang}", headers=HTML).text
    found = schema_of(text)
    assert found["@context"] == "https://schema.org" and found["@id"] == BASE + quote(id, safe="/")
    assert found["name"] == snapshot.label(id, lang)
    local = json.dumps(found | {"@context": {"@vocab": "https://schema.org/"}})
    graph = rdflib.Graph().parse(data=local, format="json-ld")
    schema = rdflib.Namespace("https://schema.org/")
    node = rdflib.URIRef(BASE + id)
    assert (node, schema.name, rdflib.Literal(snapshot.label(id, lang))) in graph
    assert str(graph.value(node, rdflib.RDF.type)).startswith("https://schema.org/")


def test_schema_org_of_a_model(client: FlaskClient) -> None:
    found = schema_of(client.get("/model/alpaca-7b", headers=HTML).text)
    assert found["@type"] == "CreativeWork"
    assert "llama-7b" in json.dumps(found["isBasedOn"]) and "stanford" in json.dumps(
        found["creator"]
    )
    assert schema_of(client.get("/org/meta", headers=HTML).text)["@type"] == "Organization"
    assert schema_of(client.get("/dataset/alpaca-52k", headers=HTML).text)["@type"] == "Dataset"
    release = schema_of(client.get("/data", headers=HTML).text)
    assert release["@type"] == "Dataset" and len(release["distribution"]) > 5  # type: ignore[arg-type]


def test_a_name_cannot_end_the_script(corner: Corner) -> None:
    name = "</script><script>alert(1)</script><!-- & \u2028 '"
    corner.write(f"model/evil: {{label: {{en: {json.dumps(name)}}}}}\n")
    corner.build()
    with serving(corner.config) as app:
        text = app.test_client().get("/model/evil", headers=HTML).text
    assert "<script>alert" not in text
    assert schema_of(text)["name"] == name
