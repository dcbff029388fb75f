"""What pySHACL checks before publishing: the ontology, the curated graph and a sample of fixed size.

ontology/shapes.ttl states the same rules as kg/build/_check.py (tests/build/test_check.py holds both to the same cases).
A module of its own, as pySHACL and rdflib take half a second to load, which a build that has nothing to do need not pay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from pyshacl import validate
from rdflib import Graph
from rdflib.namespace import SH, XSD
from rdflib.term import BNode, Literal, Node, URIRef

from kg.model.issues import Issue
from kg.model.vocabulary import KG


def check_lines(lines: Iterable[str], shapes: Path) -> Iterator[Issue]:
    """What pySHACL finds in N-Triples; see `check_graph`."""
    return check_graph(_read_graph("".join(lines)), shapes)


def _read_graph(triples: str) -> Graph:
    """N-Triples as rdflib's own reader reads them, in half the time, as most terms come again and again."""
    graph, known = Graph(), cache(_term)
    for triple in ox.parse(triples, ox.RdfFormat.N_TRIPLES, lenient=True):
        graph.add((known(triple.subject), known(triple.predicate), known(triple.object)))
    return graph


def _term(term: Any) -> Node:
    """A term of Oxigraph as one of rdflib, which tells a plain text from one whose datatype is said."""
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    plain = term.language or term.datatype.value == str(XSD.string)
    datatype = None if plain else URIRef(term.datatype.value)
    return Literal(term.value, lang=term.language, datatype=datatype)


def check_graph(data: Graph, shapes: Path) -> Iterator[Issue]:
    """What pySHACL finds in a graph.

    Args:
        data: resolved facts of the entities to check, or an ontology.
        shapes: a Turtle file of SHACL shapes.
    """
    _, report, _ = validate(data, shacl_graph=Graph().parse(shapes), allow_warnings=True)
    assert isinstance(report, Graph)
    for result in report.subjects(SH.resultSeverity):
        yield _shacl_issue(report, result, str(report.value(result, SH.focusNode)))


@cache
def check_ontology(folder: Path) -> tuple[Issue, ...]:
    """What pySHACL finds in kg.ttl; once per process, as kg.ttl is read once (kg/model/vocabulary.py).

    Args:
        folder: the folder of kg.ttl and the shapes.
    """
    return tuple(check_graph(Graph().parse(folder / "kg.ttl"), folder / "ontology-shapes.ttl"))


def _shacl_issue(report: Graph, result: Node, node: str) -> Issue:
    warning = report.value(result, SH.resultSeverity) != SH.Violation
    message = next(iter(_messages(report, result)), "breaks a shape")
    along = report.value(result, SH.resultPath)
    path = str(along).removeprefix(KG) if isinstance(along, URIRef) else ""
    value = str(report.value(result, SH.value) or "")[:200]
    return Issue(
        severity="warning" if warning else "error",
        rule="shacl",
        subject=node,
        message=f"{path}: {message}" if path else message,
        property=path,
        value=value,
    )


def _messages(report: Graph, result: Node) -> Iterable[str]:
    literals = list(report.objects(result, SH.resultMessage))
    english = [str(m) for m in literals if getattr(m, "language", None) in (None, "en")]
    return sorted(english) or sorted(map(str, literals))
