"""No permission by ignorance: generated models whose parents are unreadable, missing, contradictory or cyclic.

What sources write is generated, and goes the whole way: the reading of texts, the resolving of claims, and both ways
of working out the terms. When no permission may be given is said here by what was written, without a word of the
engines (`_Oracle`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kg.claims.resolve import resolve_entity
from kg.licenses.ancestry import Ancestry, AncestryNode
from kg.licenses.propagation import State
from kg.licenses.rules import USES, Facts, LicenseRules
from kg.licenses.states import Register, States, read_license_claims
from kg.licenses.terms import Use
from kg.licenses.whole_graph import propagate_terms
from kg.lineage.graph import Collector, build_lineage
from kg.model.claim import Claim, Entity, Said
from kg.model.vocabulary import load_vocabulary
from tests.reading import kit_of, license_terms

ENGINE = LicenseRules(license_terms())
VOCABULARY = load_vocabulary()
KIT = kit_of("hub")

MODELS = 10  # of one generated world
FREE = ("license/mit", "license/apache-2.0")
NOT_FREE = "license/cc-by-nc-4.0"
UNREAD = "license/made-up/nobody-has-read-it"
WEIGHTS = tuple(sorted(VOCABULARY.edges("weights")))
SOURCES = ("source/one", "source/two", "source/three")
# What stands where a parent should, besides ids of models.
UNREADABLE: tuple[object, ...] = (
    "/root/autodl-tmp/Meta-Llama-3-8B-Instruct",
    r"D:\models\llama",
    "Llama 2 7B chat (Meta)",
    "https://www.kaggle.com/models/metaresearch/llama-3",
    "models/Meta-Llama-3-8B-Instruct",
    "unknown",
    "undisclosed",
    7,
    "{'name': 'my own mix'}",
)
# What names a model that nobody describes.
MISSING = ("no/where", "https://modelscope.cn/models/LLM-Research/Meta-Llama-3-8B-Instruct")
NOTHING: tuple[object, ...] = ("", "none", None, "N/A")

Kind = Literal["model", "missing", "self", "unreadable", "nothing"]


class Parent(NamedTuple):
    """One parent as a source writes it."""

    kind: Kind
    text: object
    number: int = -1  # of a model of the world


class Statement(NamedTuple):
    """One field of a source: how a model derives, and from what."""

    source: str
    relation: str
    parents: tuple[Parent, ...]


class Model(NamedTuple):
    """What sources write of one model."""

    licenses: tuple[str, ...]  # one a source
    statements: tuple[Statement, ...]
    taught_by: tuple[int, ...]  # models it was distilled from
    data: tuple[str, ...]  # data sets it was trained on


World = tuple[Model, ...]
DATA = {"dataset/hf/d/free": FREE[0], "dataset/hf/d/unread": UNREAD, "dataset/hf/d/silent": ""}


def hub_id(number: int) -> str:
    return f"o/m{number:03}"


def id_of(number: int) -> str:
    return f"model/hf/{hub_id(number)}"


@st.composite
def parents(draw: st.DrawFn, own: int) -> Parent:
    kind: Kind = draw(
        st.sampled_from(["model", "model", "model", "missing", "self", "unreadable", "nothing"])
    )
    if kind == "unreadable":
        return Parent(kind, draw(st.sampled_from(UNREADABLE)))
    if kind == "nothing":
        return Parent(kind, draw(st.sampled_from(NOTHING)))
    if kind == "missing":
        return Parent(kind, draw(st.sampled_from(MISSING)))
    number = own if kind == "self" else draw(st.integers(0, MODELS - 1))
    return Parent("self" if number == own else "model", hub_id(number), number)


@st.composite
def models(draw: st.DrawFn, own: int) -> Model:
    free = draw(st.integers(0, 9)) < 8
    other = draw(
        st.sampled_from([(), (NOT_FREE,), (UNREAD,), (FREE[0], UNREAD), (NOT_FREE, FREE[0])])
    )
    statement = st.builds(
        Statement,
        st.sampled_from(SOURCES),
        st.sampled_from(WEIGHTS),
        st.lists(parents(own), min_size=1, max_size=3).map(tuple),
    )
    count = draw(st.sampled_from([0, 0, 0, 1, 1, 2, 3]))
    return Model(
        tuple(draw(st.lists(st.sampled_from(FREE), min_size=1, max_size=2))) if free else other,
        tuple(draw(st.lists(statement, min_size=count, max_size=count))),
        tuple(draw(st.lists(st.integers(0, MODELS - 1).filter(lambda n: n != own), max_size=1))),
        tuple(draw(st.lists(st.sampled_from(sorted(DATA)), max_size=2, unique=True))),
    )


worlds = st.tuples(*map(models, range(MODELS)))


# ---- when no permission may be given


class _Oracle:
    """When no permission may be given, by what the sources wrote.

    Never for a model that comes, by whatever way weights take, from one
    - whose license nobody states or nobody has read (`ignorant`), or is not free,
    - that names a parent which nobody describes,
    - that has a parent which cannot be told from what stands there.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    def ignorant(self, number: int) -> bool:
        """Whether anything of what a model comes from is not known."""
        return any(self._not_known(self._world[n]) for n in self._ancestry(number))

    def forbidden(self, number: int) -> bool:
        """Whether a license forbids commercial use of anything a model comes from."""
        return any(NOT_FREE in self._world[n].licenses for n in self._ancestry(number))

    def is_taught(self, number: int) -> bool:
        """Whether anything a model comes from was distilled: then its answer has reasons of its own."""
        return any(self._world[n].taught_by for n in self._ancestry(number))

    def _ancestry(self, number: int) -> set[int]:
        found, ahead = set(), [number]
        while ahead:
            if (at := ahead.pop()) not in found:
                found.add(at)
                ahead += [
                    parent.number
                    for statement in self._world[at].statements
                    for parent in statement.parents
                    if parent.kind == "model"
                ]
        return found

    def _not_known(self, model: Model) -> bool:
        written = [(s, p) for s in model.statements for p in s.parents]
        if not model.licenses or UNREAD in model.licenses:
            return True
        if any(parent.kind == "missing" for _, parent in written):
            return True
        lost = [(s, p) for s, p in written if self._cannot_be_told(s, p)]
        return any(not self._is_told_elsewhere(s, p, written, lost) for s, p in lost)

    def _cannot_be_told(self, statement: Statement, parent: Parent) -> bool:
        if parent.kind in ("self", "nothing"):  # an adapter of nothing has a base all the same
            return statement.relation != "derivedFrom"
        return parent.kind == "unreadable"

    def _is_told_elsewhere(
        self,
        statement: Statement,
        parent: Parent,
        written: Sequence[tuple[Statement, Parent]],
        lost: Sequence[tuple[Statement, Parent]],
    ) -> bool:
        """Whether it is the one parent of its source, of no merge, and another source names one."""
        named = [s for s, p in written if p.kind in ("model", "missing")]
        of_source = [s for s in named if s.source == statement.source]
        of_source += [s for s, _ in lost if s.source == statement.source]
        merges = "mergedFrom" in (statement.relation, *(s.relation for s in named))
        elsewhere = any(s.source != statement.source for s in named)
        return elsewhere and len(of_source) == 1 and not merges


# ---- the same through the program


def claims_of(number: int, model: Model) -> Iterator[Claim]:
    id = id_of(number)
    yield Claim(id, "label", Said(value=f"m{number}", source=SOURCES[0], lang="en"))
    for source, license in zip(SOURCES, model.licenses, strict=False):
        yield Claim(id, "license", Said(value=license, source=source))
    for field, (source, relation, written) in enumerate(model.statements):
        for place, parent in enumerate(written, 1):
            found = KIT.derive(
                id,
                relation,
                parent.text,
                f"field {field}",
                own=hub_id(number),
                source=source,
                place=(place, len(written)),
            )
            yield from (one for one in found if isinstance(one, Claim))
    for teacher in model.taught_by:
        yield Claim(id, "distilledFrom", Said(value=id_of(teacher), source=SOURCES[0]))
    for data in model.data:
        yield Claim(id, "trainedOn", Said(value=data, source=SOURCES[0]))


def entities_of(world: World) -> list[Entity]:
    """What the claims come to, sorted by id."""
    said = [
        (id, [Claim(id, "license", Said(value=license, source=SOURCES[0]))] if license else [])
        for id, license in sorted(DATA.items())
    ]
    said += [(id_of(number), [*claims_of(number, model)]) for number, model in enumerate(world)]
    return [resolve_entity(id, claims, VOCABULARY, {}) for id, claims in said]


def edges_of(entity: Entity) -> list[tuple[str, str]]:
    return [
        (str(value), fact.property)
        for fact in entity.facts
        if fact.property in ENGINE.carriers
        for value in fact.values
    ]


def whole_graph(entities: Sequence[Entity]) -> list[State]:
    collector, register = Collector(VOCABULARY.edges("weights", "distillation", "data")), Register()
    for entity in entities:
        node = collector.entity(entity.id)
        register.add(entity)
        for parent, relation in edges_of(entity):
            collector.edge(node, parent, relation)
    with tempfile.TemporaryDirectory() as folder:
        lineage = build_lineage(collector, VOCABULARY.edges("weights"), Path(folder))
        numbers, states = propagate_terms(lineage, register, ENGINE)
    return [states.all[number] for number in numbers.tolist()[: len(entities)]]


def one_by_one(entities: Sequence[Entity]) -> list[State]:
    places = {entity.id: node for node, entity in enumerate(entities)}
    missing = {parent for entity in entities for parent, _ in edges_of(entity)} - places.keys()
    places |= {id: len(entities) + n for n, id in enumerate(sorted(missing))}
    nodes = {
        places[entity.id]: AncestryNode(
            read_license_claims(entity),
            tuple((places[parent], relation) for parent, relation in edges_of(entity)),
            (),
            (),
        )
        for entity in entities
    }
    blank = read_license_claims(Entity("model/x", {}))
    nodes |= {places[id]: AncestryNode(blank, (), (), (), known=False) for id in missing}
    states = States(ENGINE)
    return [Ancestry(nodes, node, states).terms for node in range(len(entities))]


def permitted(state: State, use: Use) -> bool:
    return ENGINE.verdict(state, use, Facts(("Some model",))) in ("allowed", "conditional")


def check(world: World) -> None:
    """Both engines agree, nothing is permitted by ignorance, and what is known to be free is permitted."""
    entities, oracle = entities_of(world), _Oracle(world)
    states, alone = whole_graph(entities), one_by_one(entities)
    assert states == alone
    for number, state in enumerate(states[len(DATA) :]):
        if oracle.ignorant(number):
            assert not [use for use in USES if permitted(state, use)]
        assert not (oracle.forbidden(number) and permitted(state, "commercial"))
        if not (oracle.ignorant(number) or oracle.forbidden(number) or oracle.is_taught(number)):
            assert permitted(state, "commercial")


FOUND = settings(
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # no shrinking: worlds are large
)


@settings(FOUND, max_examples=20)
@given(worlds)
def test_nothing_is_permitted_by_ignorance(world: World) -> None:
    check(world)


@pytest.mark.slow
@settings(FOUND, max_examples=200)
@given(worlds)
def test_nothing_is_permitted_by_ignorance_in_2000_models(world: World) -> None:
    check(world)
