"""What must hold before publishing.

Every entity meets the rules below as it streams by; ontology, curated graph and a sample of fixed
size also pass through pySHACL with ontology/shapes.ttl, which states the same rules
(tests/build/test_check.py holds both to the same cases). Cycles and dangling parents are warnings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from pyshacl import validate
from rdflib import Graph
from rdflib.namespace import SH
from rdflib.term import Node, URIRef

from kg.claims.linking import Dropped
from kg.lineage.graph import Lineage
from kg.model.claim import Entity, Fact, Said, kind_of
from kg.model.issues import Issue
from kg.model.values import mistake
from kg.model.vocabulary import KG, Vocabulary


def check_entity(entity: Entity, vocabulary: Vocabulary) -> Iterator[Issue]:
    """The rules one entity breaks."""
    if not entity.labels:
        yield Issue(severity="error", rule="label", subject=entity.id, message="has no label")
    for fact in entity.facts:
        prop = vocabulary.properties[fact.property]
        if prop.domain and kind_of(entity.id) not in prop.domain:
            message = f"{fact.property} is not for {kind_of(entity.id)}"
            yield _issue("domain", entity, fact, message, fact.claims[0])
        for said in fact.claims:
            wrong = None if said.value is None else mistake(prop, said.value)
            if wrong:
                yield _issue("value", entity, fact, f"{fact.property}: {wrong}", said)
            if said.rank != "normal" and not said.reason:
                yield _issue("reason", entity, fact, f"{fact.property}: rank without reason", said)


def _issue(rule: str, entity: Entity, fact: Fact, message: str, said: Said) -> Issue:
    return Issue(
        severity="error",
        rule=rule,
        subject=entity.id,
        message=message,
        property=fact.property,
        value=str(said.value)[:200],
        source=said.source,
        origin=said.origin or said.locator,
    )


def check_lineage(lineage: Lineage, name: Mapping[int, str]) -> Iterator[Issue]:
    """Warnings on the derivation graph: parents nobody describes, models above themselves.

    Args:
        lineage: the whole graph.
        name: ids of the nodes on cycles.
    """
    for id in lineage.dangling:
        yield Issue(
            severity="warning",
            rule="dangling",
            subject=id,
            message="is named as a parent but described by no source",
        )
    for node in lineage.cycles:
        yield Issue(
            severity="warning", rule="cycle", subject=name[node], message="is its own ancestor"
        )


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


def check_links(dropped: Iterable[Dropped]) -> Iterator[Issue]:
    """Name the ties that were left out because, over others, they would merge what was judged apart.

    A tie that was judged itself is no issue: the judgement is the answer to it.
    """
    for one in dropped:
        if len(one.chain) > 1:
            yield Issue(
                severity="warning",
                rule="link",
                subject=one.apart[0],
                message=f"judged not to be {one.apart[1]}, so the weakest link of {one} was left out: "
                f"{one.tie.left} = {one.tie.right} ({one.tie.why})",
            )
