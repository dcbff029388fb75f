"""The ontology page explains every term where its IRI leads, and the file comes in every form."""

from __future__ import annotations

import re
from html import unescape

import pytest
import rdflib
from flask.testing import FlaskClient
from rdflib.compare import isomorphic
from rdflib.namespace import OWL, RDF, RDFS

from kg.model.vocabulary import KG, load_vocabulary
from kg.paths import ONTOLOGY
from kg.snapshot.snapshot import Snapshot
from tests.web.app.test_web import spaced

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
PARSERS = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "rdf": "xml"}
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph")  # of rdflib itself


@pytest.fixture(scope="module")
def file() -> rdflib.Graph:
    return rdflib.Graph().parse(ONTOLOGY / "kg.ttl")


@pytest.mark.parametrize("suffix", PARSERS)
def test_every_form_is_the_file(client: FlaskClient, file: rdflib.Graph, suffix: str) -> None:
    answer = client.get(f"/ontology.{suffix}")
    graph = rdflib.Graph().parse(data=answer.data, format=PARSERS[suffix])
    assert isomorphic(graph, file)
    asked = client.get("/ontology", headers={"Accept": answer.mimetype})
    assert asked.data == answer.data and asked.mimetype == answer.mimetype


def test_negotiation_and_links(client: FlaskClient) -> None:
    assert client.get("/ontology", headers={"Accept": "image/png"}).status_code == 406
    assert client.get("/ontology.xyz").status_code == 404
    assert (
        client.get("/ontology", headers={"Accept": "text/html;q=0.1, application/rdf+xml"}).mimetype
        == "application/rdf+xml"
    )
    page = client.get("/ontology", headers=HTML)
    links = ", ".join(page.headers.getlist("Link"))
    assert '<https://w3id.org/gyebo/ns>; rel="canonical"' in links
    assert all(f'</ontology.{s}>; rel="alternate"' in links for s in PARSERS)


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_every_term_has_its_anchor_and_mappings(
    client: FlaskClient, file: rdflib.Graph, lang: str
) -> None:
    page = client.get(f"/ontology?lang={lang}", headers=HTML).text
    blocks = dict(re.findall(r'<div id="(\w+)">(.*?)</dd></div>', page, re.DOTALL))
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    terms = {str(t).removeprefix(KG): t for kind in kinds for t in file.subjects(RDF.type, kind)}
    assert blocks.keys() == terms.keys() and len(terms) > 150
    for name, term in terms.items():
        for text in (*file.objects(term, RDFS.label), *file.objects(term, RDFS.comment)):
            assert str(text) in spaced(unescape(blocks[name])), name
        broader = {*file.objects(term, RDFS.subClassOf), *file.objects(term, RDFS.subPropertyOf)}
        for other in broader:
            shown = (
                f'href="#{str(other).removeprefix(KG)}"'
                if other.startswith(KG)
                else f'href="{other}"'
            )
            assert shown in blocks[name], name


def test_counts_and_examples_are_those_of_the_data(client: FlaskClient, snapshot: Snapshot) -> None:
    page = client.get("/ontology?lang=en", headers=HTML).text
    block = page.partition('<div id="Model">')[2].partition("</dd>")[0]
    assert f"{snapshot.manifest.counts['model']} entities" in block
    first = next(snapshot.entities("model")).id
    assert f'href="/{first}"' in block and 'href="/sparql?example=korean-models"' in block
    assert 'href="#license"' not in block  # said of any kind, so listed under none


def test_the_table_knows_the_rest_of_the_file(file: rdflib.Graph) -> None:
    known = load_vocabulary()
    assert known.version == str(file.value(rdflib.URIRef(KG[:-1]), OWL.versionInfo))
    assert f"{KG}Claim" in {term.iri for term in known.others}
    assert "https://w3id.org/fair4ml#fineTunedFrom" in known.maps("fineTunedFrom")
    # By the property derivedFrom
    assert "http://www.w3.org/ns/prov#wasDerivedFrom" in known.maps("fineTunedFrom")
    assert known.prefixes["it6"] == "http://data.europa.eu/it6/"
