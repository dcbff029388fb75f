"""The SPARQL endpoint and its saved queries, described for programs.

The SPARQL 1.1 Service Description, the endpoint as a DCAT data service, the prefixes it knows
(sh:declare) and the saved queries as SHACL executables, after the conventions of SIB
(https://github.com/sib-swiss/sparql-examples), which editors and language models read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from kg.export.describing._description import DescriptionNames, describe_in_both, typed, w3c_names
from kg.export.describing.dataset import CC0, DCAT, SD, SH
from kg.messages.message import mark, translate_all
from kg.model.iri import iri
from kg.model.media import RDF_FORMATS, RESULT_FORMATS
from kg.model.vocabulary import DCT, KG, PREFIXES, RDFS, SCHEMA, XSD
from kg.sparql.examples import Example

_TITLE = translate_all(mark("Gyebo SPARQL endpoint"))
_SPARQL = "https://www.w3.org/TR/sparql11-protocol/"
# By SPARQL 1.1 a language has its version in its name; by the draft of SPARQL 1.2 Service Description it stands
# apart. What of SPARQL 1.2 does not hold is named in docs/sparql.md; the data have no triple terms: basic.
_LANGUAGES = ("SPARQL11Query", "SPARQLQuery")
_VERSION, _VERSIONS = "http://www.w3.org/ns/sparql#version-", ("1.1", "1.2-basic")
_EXECUTABLE = {
    "select": "SPARQLSelectExecutable",
    "construct": "SPARQLConstructExecutable",
    "ask": "SPARQLAskExecutable",
    "describe": "SPARQLDescribeExecutable",
}


def service(base: str, graphs: Iterable[str]) -> Iterator[ox.Triple]:
    """The endpoint.

    Args:
        base: start of every entity IRI.
        graphs: the ids of the sources that name graphs.
    """
    names = DescriptionNames(base)
    yield from describe_in_both(
        names.service,
        typed(SD + "Service", DCAT + "DataService"),
        (DCT + "title", _TITLE),
        (DCT + "license", ox.NamedNode(CC0)),
        (DCT + "publisher", names.publisher),
        (DCT + "conformsTo", ox.NamedNode(_SPARQL)),
        (SD + "endpoint", names.service),
        (DCAT + "endpointURL", names.service),
        (DCAT + "endpointDescription", names.service),
        (DCAT + "servesDataset", names.dataset),
        (SD + "supportedLanguage", [ox.NamedNode(SD + name) for name in _LANGUAGES]),
        (SD + "supportedVersion", [ox.NamedNode(_VERSION + number) for number in _VERSIONS]),
        (SD + "feature", ox.NamedNode(KG + "search")),
        (SD + "languageExtension", ox.NamedNode(KG + "search")),
        (SD + "resultFormat", w3c_names((*RESULT_FORMATS.values(), *RDF_FORMATS.values()))),
        (SD + "defaultDataset", names.dataset),
        (SH + "prefixes", names.prefixes),
    )
    yield from describe_in_both(ox.NamedNode(KG + "search"), typed(SD + "Feature"))
    yield from describe_in_both(
        names.dataset, typed(SD + "Dataset"), (SD + "defaultGraph", names.default)
    )
    yield from describe_in_both(names.default, typed(SD + "Graph"))
    for id in graphs:
        named = names.part(f"named/{id}")
        yield from describe_in_both(names.dataset, (SD + "namedGraph", named))
        yield from describe_in_both(
            named,
            typed(SD + "NamedGraph"),
            (SD + "name", ox.NamedNode(iri(base, id))),
            (SD + "graph", names.graph(id)),
        )


def prefixes(base: str) -> Iterator[ox.Triple]:
    """The prefixes that queries may use without declaring them."""
    names = DescriptionNames(base)
    for prefix, start in PREFIXES.items():
        declared = names.part(f"prefixes/{prefix}")
        yield from describe_in_both(names.prefixes, (SH + "declare", declared))
        yield from describe_in_both(
            declared,
            typed(SH + "PrefixDeclaration"),
            (SH + "prefix", prefix),
            (SH + "namespace", ox.Literal(start, datatype=ox.NamedNode(XSD + "anyURI"))),
        )


def saved(base: str, known: Iterable[Example]) -> Iterator[ox.Triple]:
    """The saved queries, each with the address of its page."""
    names = DescriptionNames(base)
    for example in known:
        node = ox.NamedNode(f"{base}.well-known/sparql-examples#{example.name}")
        yield from describe_in_both(
            node,
            typed(SH + "SPARQLExecutable", SH + _EXECUTABLE[example.form]),
            (RDFS + "label", example.name),
            (RDFS + "comment", example.titles),
            (SH + example.form, example.portable(base)),
            (SH + "prefixes", names.prefixes),
            (SCHEMA + "target", names.service),
            (SCHEMA + "keywords", list(example.keywords)),
            (SCHEMA + "url", ox.NamedNode(f"{base}sparql?example={example.name}")),
        )
