"""What may be done with a model that does not exist yet: from the parents, data and license it would have.

The same rules answer as for a model of the snapshot (kg/licenses/ancestry.py). A parent that nothing here goes
by is one that cannot be resolved, so that the answer is doubtful. Without a license of its own the model is the
asker's: only what comes down to it binds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from kg.answers.advice.proposal import Proposal
from kg.answers.contract import LicenseAnswer
from kg.answers.license import answer_ancestry
from kg.answers.license_parents import LicenseAncestry, read_ancestors
from kg.claims.resolve import resolve_entity
from kg.errors import DataError, InputError, UnknownId
from kg.ingest.kit.kit import Found, Kit
from kg.ingest.kit.parents import classify, hub_dataset
from kg.ingest.pasted import pasted_kit, read_pasted
from kg.language.writing import slug
from kg.licenses.ancestry import AncestryNode
from kg.licenses.naming.names import LicenseNames
from kg.licenses.profile import NOBODY, Profile
from kg.licenses.states import WEIGHTS, LicenseClaims, read_license_claims
from kg.licenses.terms import Use
from kg.messages.message import Message
from kg.model.claim import LABEL, Claim, Entity, kind_of
from kg.model.vocabulary import LICENSE, hub_relations
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot

ID = "model/what-if"
MOST_PARENTS = 20  # of each sort
MOST_CARD = 100_000  # characters of a card
_UNNAMED = "local-path"  # what only a local path names, which may hold a user's name
_SOURCE = "source/what-if"
_ASKER = "asker"  # the maker of the model and of the data made for it
_ONE_PARENT = ("adapterOf", "quantizedFrom", "convertedFrom", "mirrorOf")


class _Parent(NamedTuple):
    id: str
    relation: str


def relations(snapshot: Snapshot) -> dict[str, str]:
    """The words for how a model derives from another, and the property that each stands for."""
    carriers = snapshot.states.engine.carriers
    classes = snapshot.states.engine.class_of
    named = {name: name for name in sorted(carriers) if classes[name] in {*WEIGHTS, "distill"}}
    words = {"distill": "distilledFrom", "fine-tune": "fineTunedFrom", "quantize": "quantizedFrom"}
    return {**hub_relations(), **{w: p for w, p in words.items() if p in named}, **named}


def what_if(
    snapshot: Snapshot,
    proposal: Proposal,
    use: Use = "commercial",
    profile: Profile = NOBODY,
    lang: str = "en",
) -> LicenseAnswer:
    """What one might do with a model that does not exist yet.

    Args:
        snapshot: an open snapshot.
        proposal: what it is to be made from.
        use: what it is to be used for.
        profile: what is known of who asks.
        lang: language of the sentences.

    Raises:
        InputError: nothing is named, options contradict each other, a relation is not known, or what is
            named is of the wrong kind.
    """
    ancestry = planned_ancestry(snapshot, proposal, profile.name, lang)
    return answer_ancestry(snapshot, ancestry, use, profile, lang)


def planned_ancestry(
    snapshot: Snapshot, proposal: Proposal, name: str | None, lang: str = "en"
) -> LicenseAncestry:
    """A planned model with its ancestors, to be asked about more than once.

    Args:
        snapshot: an open snapshot.
        proposal: what it is to be made from.
        name: what it is to be called; None if that is not said.
        lang: language of what it is called then.

    Raises:
        InputError: as `what_if`.
    """
    _check(proposal)
    label = name or Message("the planned model").text(lang)
    entity, parents = _described(snapshot, proposal, label)
    return _ancestry(snapshot, entity, parents)._replace(unnamed=not name)


def planned_parents(snapshot: Snapshot, ancestry: LicenseAncestry) -> list[str]:
    """The ids of what a planned model would be made from, those that nothing here goes by among them."""
    numbers = dict.fromkeys(number for number, _ in ancestry.nodes[ancestry.root].parents)
    return [ancestry.names.get(number) or snapshot.id_at(number) for number in numbers]


def describe_model(snapshot: Snapshot, id: str) -> Proposal:
    """What a model of the snapshot was made from, as a proposal to change.

    Args:
        snapshot: an open snapshot.
        id: as a user names it.

    Raises:
        UnknownId: there is no such entity.
        InputError: it is no model.
    """
    id = snapshot.find(id)
    if kind_of(id) != "model":
        raise InputError(Message("%(id)s is no model: only of models a change is planned", id=id))
    engine, at = snapshot.states.engine, snapshot.number(id)
    edges = list(snapshot.lineage.parents(at, engine.carriers))
    weights = [edge for edge in edges if engine.class_of[edge.relation] in WEIGHTS]
    words = {property: word for word, property in reversed(relations(snapshot).items())}
    stated = [str(value) for value in snapshot.entity_at(at).values(LICENSE) if value]
    return Proposal(
        bases=tuple(dict.fromkeys(snapshot.id_at(edge.parent) for edge in weights)),
        relation=words[weights[0].relation] if weights else "",
        data=tuple(
            dict.fromkeys(
                snapshot.id_at(e.parent) for e in edges if engine.class_of[e.relation] == "train"
            )
        )[:MOST_PARENTS],
        license=next(iter(stated), ""),
    )


def _check(proposal: Proposal) -> None:
    named = proposal.bases or proposal.data or proposal.outputs_of
    if proposal.card:
        if named or proposal.relation or proposal.license:
            raise InputError(
                Message("a card names parents, data and license itself: give it alone")
            )
        if len(proposal.card) > MOST_CARD:
            raise InputError(Message("a card has at most %(num)s characters", num=MOST_CARD))
        return
    if not named:
        raise InputError(Message("name a base, a dataset, or a model whose outputs train it"))
    if proposal.relation and not proposal.bases:
        raise InputError(Message("a relation needs a base: what does the model derive from?"))
    if max(map(len, (proposal.bases, proposal.data, proposal.outputs_of))) > MOST_PARENTS:
        raise InputError(Message("name at most %(num)s of each sort", num=MOST_PARENTS))


# ---- what the model is


def _described(snapshot: Snapshot, proposal: Proposal, label: str) -> tuple[Entity, list[_Parent]]:
    """The model as an entity, with its parents by id."""
    kit = pasted_kit(_SOURCE, _license_names(snapshot))
    claims = sorted(
        (c for c in _claims(proposal, kit, label) if isinstance(c, Claim) and c.subject == ID),
        key=lambda c: c.property,
    )
    entity = resolve_entity(ID, claims, snapshot.vocabulary, {})
    parents = [*_named_parents(snapshot, proposal), *_card_parents(snapshot, entity)]
    return entity, list(dict.fromkeys(parents))


def _claims(proposal: Proposal, kit: Kit, label: str) -> Iterator[Found]:
    yield kit.say(ID, LABEL, label, "name", lang="en")
    if proposal.card:
        try:
            yield from read_pasted(proposal.card, ID, kit)
        except DataError as error:  # the card is the asker's
            raise InputError(error.message) from error
    elif proposal.license.startswith("license/"):
        yield kit.say(ID, LICENSE, proposal.license, "license")
    elif proposal.license:
        yield from kit.license(ID, proposal.license, "license")


@memo()
def _license_names(snapshot: Snapshot) -> LicenseNames:
    return LicenseNames(snapshot.states.engine.terms)


def _named_parents(snapshot: Snapshot, proposal: Proposal) -> Iterator[_Parent]:
    relation = _relation(snapshot, proposal)
    for text in proposal.bases:
        yield _Parent(_find(snapshot, text, "model"), relation)
    for text in proposal.data:
        yield _Parent(_find(snapshot, text, "dataset"), "trainedOn")
    for text in proposal.outputs_of:
        yield _Parent(_find(snapshot, text, "model"), "generatedWith")


def _relation(snapshot: Snapshot, proposal: Proposal) -> str:
    """The property that the relation's word stands for.

    Raises:
        InputError: there is no such relation, or it takes one base and several are named.
    """
    known = relations(snapshot)
    several = len(proposal.bases) > 1
    word = proposal.relation or ("merge" if several else "finetune")
    if word not in known:
        raise InputError(
            Message("unknown relation %(word)r; known: %(known)s", word=word, known=sorted(known))
        )
    if several and known[word] in _ONE_PARENT:
        raise InputError(Message("%(word)r takes one base; several make a merge", word=word))
    return known[word]


def _find(snapshot: Snapshot, text: str, kind: str) -> str:
    """The id that a text names; one that nothing here has, if nothing goes by it.

    Raises:
        InputError: it names several things, or one of another kind.
    """
    parent = classify(text)
    address = parent.value if parent.sort in ("hub", "modelscope") and "/" in parent.value else ""
    try:
        id = snapshot.find(hub_dataset(text) or address or text)
    except UnknownId:
        return _unknown(text, kind)
    fits = kind_of(id) == "dataset" if kind == "dataset" else kind_of(id) in ("model", "family")
    if not fits:
        raise InputError(
            Message(
                "%(text)r is a %(kind)s and cannot stand here; a %(wanted)s is asked for",
                text=text,
                kind=kind_of(id),
                wanted=kind,
            )
        )
    return id


def _unknown(text: str, kind: str) -> str:
    parent = classify(text)
    if parent.sort == "modelscope":
        return f"{kind}/ms/{parent.value}"
    hub = hub_dataset(text) or (parent.value if parent.sort == "hub" else "")
    if hub:
        return f"{kind}/hf/{hub}"
    named = "" if parent.sort == "path" else slug(text)
    return f"{kind}/{named or _UNNAMED}"


def _card_parents(snapshot: Snapshot, entity: Entity) -> Iterator[_Parent]:
    """The parents of a card's fields; those that nobody can find are claims on the model itself."""
    carriers = snapshot.states.engine.carriers
    for fact in entity.facts:
        if fact.property in carriers:
            for value in fact.values:
                yield _Parent(snapshot.spelled(str(value)), fact.property)


# ---- its ancestry


def _ancestry(snapshot: Snapshot, entity: Entity, parents: Iterable[_Parent]) -> LicenseAncestry:
    """The model as the node -1; parents that nobody describes, and data made for it, as those before it."""
    nodes: dict[int, AncestryNode] = {}
    names = {-1: entity.id}

    def node_of(id: str) -> int:
        number = snapshot.lines.find(id)
        if number is not None:
            nodes.update(read_ancestors(snapshot, number))
            return number
        way = "material" if kind_of(id) == "dataset" else "held"
        return add(
            id, AncestryNode(LicenseClaims(claims=(), way=way, maker=""), (), (), (), known=False)
        )

    def add(id: str, node: AncestryNode) -> int:
        number = -1 - len(names)
        names[number], nodes[number] = id, node
        return number

    edges: list[tuple[int, str]] = []
    for id, relation in parents:
        number = node_of(id)
        if relation == "generatedWith":
            said = LicenseClaims(claims=(), way="material", maker=_ASKER, owned=True)
            data = AncestryNode(said, ((number, relation),), (), ())
            number, relation = add("dataset/what-if", data), "trainedOn"
        edges.append((number, relation))
    said = msgspec.structs.replace(read_license_claims(entity), maker=_ASKER, owned=True)
    nodes[-1] = AncestryNode(said, tuple(edges), (), ())
    return LicenseAncestry(entity, -1, nodes, names)
