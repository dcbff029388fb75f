"""Algebra of the license rules on random families, and the two ways of working them out agreeing."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.licenses.agreement import judge_ancestry
from kg.licenses.ancestry import Ancestry, AncestryNode
from kg.licenses.propagation import State
from kg.licenses.rules import SEVERITY, USES, Facts, LicenseRules
from kg.licenses.states import LicenseClaims, Register, States
from kg.licenses.terms import Verdict
from kg.licenses.whole_graph import propagate_terms
from kg.lineage.graph import Collector, Lineage, build_lineage
from kg.model.claim import Entity, Fact
from kg.model.claim import Said as Claim
from kg.model.vocabulary import IN_FAMILY
from tests.reading import license_terms

ENGINE = LicenseRules(license_terms())
LICENSES = sorted(ENGINE.terms.licenses)
WEIGHTS = [
    "fineTunedFrom",
    "quantizedFrom",
    "convertedFrom",
    "mirrorOf",
    "mergedFrom",
    "adapterOf",
    "distilledFrom",
]
PERMISSIVE = [
    f"license/{name}"
    for name in ("mit", "apache-2.0", "bsd-3-clause", "cc0-1.0", "isc", "unlicense")
]

NO_DOUBT: Mapping[int, frozenset[str]] = {}
Edge = tuple[int, int, str]
Family = tuple[list[tuple[str, ...]], list[Edge]]  # license claims of each model; edges


@st.composite
def families(draw: st.DrawFn, licenses: list[str] = LICENSES, cyclic: bool = False) -> Family:
    """Models, the later ones made from earlier ones; with `cyclic` from any."""
    size = draw(st.integers(1, 7))
    claims = st.lists(
        st.sampled_from(licenses), max_size=1 if licenses is PERMISSIVE else 2, unique=True
    )
    said = [
        tuple(draw(claims)) or (licenses[:1] if licenses is PERMISSIVE else ()) for _ in range(size)
    ]
    pairs = [(c, p) for c in range(size) for p in range(size) if (c != p if cyclic else p < c)]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=10)) if pairs else []
    return [tuple(s) for s in said], [(c, p, draw(st.sampled_from(WEIGHTS))) for c, p in chosen]


def ancestry(
    family: Family, root: int = -1, doubtful: Mapping[int, frozenset[str]] = NO_DOUBT
) -> Ancestry:
    claims, edges = family
    parents: dict[int, list[tuple[int, str]]] = {node: [] for node in range(len(claims))}
    for child, parent, relation in edges:
        parents[child].append((parent, relation))
    nodes = {
        n: AncestryNode(
            LicenseClaims(claims=said, doubtful=doubtful.get(n, frozenset())),
            tuple(parents[n]),
            (),
            (),
        )
        for n, said in enumerate(claims)
    }
    root = root % len(claims)
    reached, ahead = {}, [root]
    while ahead:
        if (at := ahead.pop()) not in reached:
            reached[at] = nodes[at]
            ahead += [parent for parent, _ in nodes[at].parents]
    return Ancestry(reached, root, States(ENGINE))


def verdicts(family: Family, doubtful: Mapping[int, frozenset[str]] = NO_DOUBT) -> list[int]:
    terms = ancestry(family, doubtful=doubtful).terms
    return [SEVERITY.index(ENGINE.verdict(terms, use, Facts(("Some model",)))) for use in USES]


@given(
    families(),
    st.sampled_from(LICENSES),
    st.sampled_from([w for w in WEIGHTS if w != "distilledFrom"]),
)
def test_another_ancestor_never_makes_a_verdict_freer(
    family: Family, license: str, relation: str
) -> None:
    claims, edges = family
    more: Family = ([(license,), *claims], [(c + 1, p + 1, r) for c, p, r in edges])
    more[1].append((len(claims), 0, relation))
    before, after = verdicts(family), verdicts(more)
    # One exemption is lawful: a model may learn from a family whose weights it comes to hold.
    own = {ENGINE.license(c[0]).family for c in claims if c}
    if ENGINE.license(license).family not in own:
        assert all(b <= a for b, a in zip(before, after, strict=True))


@given(
    families(),
    st.sampled_from(LICENSES),
    st.sampled_from([w for w in WEIGHTS if w != "distilledFrom"]),
)
def test_a_guessed_ancestor_decides_nothing_alone(
    family: Family, license: str, relation: str
) -> None:
    claims, edges = family
    edges = [(c + 1, p + 1, r) for c, p, r in edges]
    last = len(claims)
    edges = [(c, p, r) for c, p, r in edges if (c, r) != (last, relation)]
    without: Family = ([(license,), *claims], edges)
    guessed: Family = ([(license,), *claims], [*edges, (last, 0, relation)])
    before = verdicts(without)
    after = verdicts(guessed, {last: frozenset({relation})})
    doubt = {SEVERITY.index("unknown"), SEVERITY.index("contested")}
    assert all(a == b or (a > b and a in doubt) for b, a in zip(before, after, strict=True))


@given(families(PERMISSIVE))
def test_permissive_ancestry_is_never_prohibited(family: Family) -> None:
    assert max(verdicts(family)) <= SEVERITY.index("conditional")


@given(families(), st.randoms(use_true_random=False))
def test_the_order_of_edges_does_not_matter(family: Family, random: object) -> None:
    claims, edges = family
    shuffled = list(edges)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert ancestry((claims, shuffled)).terms == ancestry(family).terms


@given(families(cyclic=True))
def test_every_term_has_a_path_along_edges(family: Family) -> None:
    edges = {(c, p): {r for a, b, r in family[1] if (a, b) == (c, p)} for c, p, _ in family[1]}
    found = ancestry(family)
    for term in found.terms:
        paths = found.paths(term)
        assert paths
        for nodes, relations in paths:
            assert nodes[0] == found.root
            steps = zip(nodes, nodes[1:], relations, strict=False)
            assert all(relation in edges[child, parent] for child, parent, relation in steps)
            if term.license:
                assert term.license in family[0][nodes[-1]]


def lineage_of(family: Family, folder: Path) -> tuple[Lineage, Register]:
    """The family as the build sees it."""
    collector, register = Collector(set(WEIGHTS)), Register()
    claims, edges = family
    for node, said in enumerate(claims):
        facts = (
            [Fact("license", said[:1], tuple(Claim(value=v, source="source/s") for v in said))]
            if said
            else []
        )
        collector.entity(f"model/{node}")
        register.add(Entity(f"model/{node}", {}, tuple(facts)))
        for child, parent, relation in edges:
            if child == node:
                collector.edge(node, f"model/{parent}", relation)
    return build_lineage(collector, set(WEIGHTS), folder), register


@settings(max_examples=60)
@given(families(cyclic=True))
def test_the_pass_over_the_graph_agrees_with_each_ancestry(family: Family) -> None:
    with tempfile.TemporaryDirectory() as folder:
        numbers, states = propagate_terms(*lineage_of(family, Path(folder)), ENGINE)
    for node in range(len(family[0])):
        assert states.all[int(numbers[node])] == ancestry(family, node).terms


def chain_below_a_cycle(length: int) -> Family:
    """Two models made from each other, and a long row below them whose last model has number 0."""
    last = length + 1
    edges = [(n, n + 1, "fineTunedFrom") for n in range(length)]
    edges += [(length, last, "fineTunedFrom"), (last, length, "fineTunedFrom")]
    return [(LICENSES[n % 2],) if n == last else () for n in range(length + 2)], edges


def test_what_stands_far_below_a_cycle_gets_its_terms(tmp_path: Path) -> None:
    family = chain_below_a_cycle(150)
    claims, _ = family
    order = sorted(range(len(claims)), key=lambda node: f"model/{node}")
    assert order[0] == 0
    numbers, states = propagate_terms(*lineage_of(family, tmp_path), ENGINE)
    terms = ancestry(family, 0).terms
    assert states.all[int(numbers[0])] == terms and any(term.license for term in terms)


class World(NamedTuple):
    """Families and models: first the families, as their ids come first."""

    claims: list[tuple[str, ...]]
    families: int  # how many of the entities are families
    edges: list[Edge]
    member_of: list[tuple[int, int]]  # member and family
    guessed: frozenset[tuple[int, str]]  # entity and relation
    told: tuple[tuple[str, bool], ...]  # of each: its modality, and whether it is only a service

    def doubtful(self, node: int) -> frozenset[str]:
        return frozenset(relation for one, relation in self.guessed if one == node)

    def id(self, node: int) -> str:
        return f"family/{node}" if node < self.families else f"model/{node}"


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Families with and without licenses, some within each other; cycles of all kinds."""
    families, models = draw(st.integers(1, 3)), draw(st.integers(1, 5))
    size = families + models
    claims = draw(
        st.lists(
            st.lists(st.sampled_from(LICENSES), max_size=2, unique=True).map(tuple),
            min_size=size,
            max_size=size,
        )
    )
    pairs = [(a, b) for a in range(size) for b in range(size) if a != b]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=8))
    edges = [(c, p, draw(st.sampled_from(WEIGHTS))) for c, p in chosen]
    belongs = [(m, f) for m, f in pairs if f < families and (m >= families or m > f)]
    member_of = draw(st.lists(st.sampled_from(belongs), unique=True, max_size=6))
    sides = sorted({(child, relation) for child, _, relation in edges})
    guessed = draw(st.sets(st.sampled_from(sides))) if sides else set()
    told = st.tuples(st.sampled_from(["", "text; text", "text, image; text"]), st.booleans())
    all_told = tuple(draw(st.lists(told, min_size=size, max_size=size)))
    return World(claims, families, edges, member_of, frozenset(guessed), all_told)


def whole_graph(world: World, folder: Path) -> list[State]:
    """The terms of each entity, worked out by the pass over the graph."""
    relations = {*WEIGHTS, IN_FAMILY}
    collector, register = Collector(relations), Register()
    for node, said in enumerate(world.claims):
        claims = tuple(Claim(value=v, source="source/s") for v in said)
        facts = (Fact("license", said[:1], claims),) if said else ()
        facts += tuple(Fact(r, ("model/x",), (), doubtful=True) for r in world.doubtful(node))
        modality, closed = world.told[node]
        facts += (Fact("modality", (modality,), ()),) if modality else ()
        facts += (Fact("access", ("api-only",), ()),) if closed else ()
        collector.entity(world.id(node))
        register.add(Entity(world.id(node), {}, facts))
        links = [(p, r) for c, p, r in world.edges if c == node]
        links += [(f, IN_FAMILY) for m, f in world.member_of if m == node]
        for parent, relation in links:
            collector.edge(node, world.id(parent), relation)
    numbers, states = propagate_terms(
        build_lineage(collector, set(WEIGHTS), folder), register, ENGINE
    )
    return [states.all[number] for number in numbers.tolist()]


def nodes_of(world: World) -> dict[int, AncestryNode]:
    """All entities of a world, as an answer reads them."""
    return {
        node: AncestryNode(
            LicenseClaims(
                claims=said,
                way="family" if node < world.families else "held",
                doubtful=world.doubtful(node),
                content=tuple(filter(None, world.told[node][:1])),
                closed=world.told[node][1],
            ),
            tuple((p, r) for c, p, r in world.edges if c == node),
            tuple(f for m, f in world.member_of if m == node),
            tuple(m for m, f in world.member_of if f == node),
        )
        for node, said in enumerate(world.claims)
    }


def one_by_one(world: World, root: int) -> State:
    """The terms of an entity, worked out from all it comes from."""
    return Ancestry(nodes_of(world), root, States(ENGINE)).terms


def judged(nodes: Mapping[int, AncestryNode], root: int) -> list[Verdict]:
    """The verdicts on an entity, a family by its members."""
    found = Ancestry(nodes, root, states := States(ENGINE))
    return [judge_ancestry(found, states, use, Facts(), lambda _: ())[0] for use in USES]


@settings(max_examples=150)
@given(worlds(), st.data())
def test_the_same_ancestry_is_judged_alike_in_any_order(world: World, data: st.DataObject) -> None:
    size = len(world.claims)
    number = data.draw(st.permutations(range(size)))
    nodes = {}
    for node in data.draw(st.permutations(range(size))):
        here = nodes_of(world)[node]
        parents = data.draw(st.permutations(here.parents))
        said = msgspec.structs.replace(
            here.said, claims=tuple(data.draw(st.permutations(here.said.claims)))
        )
        nodes[number[node]] = AncestryNode(
            said,
            tuple((number[parent], relation) for parent, relation in parents),
            tuple(number[family] for family in data.draw(st.permutations(here.families))),
            tuple(number[member] for member in data.draw(st.permutations(here.members))),
        )
    for node in range(size):
        assert judged(nodes, number[node]) == judged(nodes_of(world), node)


def test_names_are_asked_for_only_where_a_term_does() -> None:
    asked: list[int] = []

    def names(node: int) -> tuple[str, ...]:
        asked.append(node)
        return ("Llama-Foo",)

    for license, wanted in (("license/mit", []), ("license/llama-3.1-license", [0])):
        states = States(ENGINE)
        node = AncestryNode(LicenseClaims(claims=(license,)), (), (), ())
        alone = Ancestry({0: node}, 0, states)
        found = judge_ancestry(alone, states, "redistribute", Facts(), names)
        assert found[1] == 0
        assert asked == wanted


@settings(max_examples=150)
@given(worlds())
def test_both_engines_agree_on_families(world: World) -> None:
    with tempfile.TemporaryDirectory() as folder:
        states = whole_graph(world, Path(folder))
    for node, terms in enumerate(states):
        assert one_by_one(world, node) == terms


@given(families(), st.data())
def test_a_varied_ancestry_is_that_of_the_changed_family(
    family: Family, data: st.DataObject
) -> None:
    """What is worked out again is all that the change reaches, and nothing is left from before."""
    said, edges = family
    node = data.draw(st.integers(0, len(said) - 1))
    value = (data.draw(st.sampled_from(LICENSES)),)
    whole = ancestry(family)
    if node in whole.nodes:
        changed = [*said[:node], value, *said[node + 1 :]]
        assert whole.varied(claims={node: value}).terms == ancestry((changed, edges)).terms
    for edge in edges:
        if edge[0] in whole.nodes:
            without = [one for one in edges if one != edge]
            assert whole.varied(without=[edge]).terms == ancestry((said, without)).terms
    assert whole.varied().terms == whole.terms == ancestry(family).terms
