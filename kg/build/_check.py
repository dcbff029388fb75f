"""What must hold before publishing.

Every entity meets the rules below as it streams by; what also passes through pySHACL stands in kg/build/_shapes.py.
Cycles and dangling parents are warnings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kg.claims.linking import Dropped
from kg.lineage.graph import Lineage
from kg.model.claim import Entity, Fact, Said, kind_of
from kg.model.issues import Issue
from kg.model.values import find_check
from kg.model.vocabulary import Vocabulary


class EntityCheck:
    """What every entity must meet.

    Args:
        vocabulary: kinds and properties.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._checked = {
            name: (prop.domain, find_check(prop)) for name, prop in vocabulary.properties.items()
        }

    def issues(self, entity: Entity) -> Iterator[Issue]:
        """The rules one entity breaks."""
        if not entity.labels:
            yield Issue(severity="error", rule="label", subject=entity.id, message="has no label")
        kind = kind_of(entity.id)
        for fact in entity.facts:
            domain, check = self._checked[fact.property]
            if domain and kind not in domain:
                message = f"{fact.property} is not for {kind}"
                yield _issue("domain", entity, fact, message, fact.claims[0])
            for said in fact.claims:
                wrong = None if said.value is None else check(said.value)
                if wrong:
                    yield _issue("value", entity, fact, f"{fact.property}: {wrong}", said)
                if said.rank != "normal" and not said.reason:
                    yield _issue(
                        "reason", entity, fact, f"{fact.property}: rank without reason", said
                    )


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
