"""Parents that a source declares and that nothing can find, or that a model only looks like, as answers and in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from kg.language.remarks import remark
from kg.lineage.unresolved import unresolved_parents
from kg.messages.message import Message
from kg.model.claim import Entity, main_label, slug_of
from kg.model.vocabulary import RESEMBLES, UNRESOLVED_PARENT, VocabularyTerm, load_vocabulary
from kg.snapshot.snapshot import Snapshot


class UnresolvedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A parent that a source declares and that nothing can find by what it wrote, or that a model only looks like."""

    child: str
    child_label: str
    relation: str  # how the child derives from it; `resembles` where it only looks like one
    relation_label: str  # what the parent is to the child, in words
    note: str | None  # what stands there, where that may be told
    source: str
    locator: str
    looks_like: str | None = None  # id of the model that the child looks like and no source names


def unresolved_among(snapshot: Snapshot, nodes: Iterable[int], lang: str) -> list[UnresolvedAnswer]:
    """The parents of some nodes that are declared and that nothing can find.

    Args:
        snapshot: an open snapshot.
        nodes: such as a model and its ancestors; nobody describes those after the last entity.
        lang: language of labels and notes.
    """
    described = (snapshot.entity_at(node) for node in nodes if node < len(snapshot.lines))
    return [one for entity in described for one in unresolved_of(entity, lang)]


def unresolved_of(entity: Entity, lang: str) -> Iterator[UnresolvedAnswer]:
    """The parents of an entity that are declared and that nothing can find, each told once."""
    told = set()
    for relation, said in unresolved_parents(entity):
        looks_like = str(said.value) if relation == RESEMBLES else None
        key = relation, said.note, said.source, looks_like
        if key not in told:
            told.add(key)
            term = _word(relation)
            yield UnresolvedAnswer(
                child=entity.id,
                child_label=main_label(entity, lang),
                relation=relation,
                relation_label=term.labels.get(lang, relation) if term else relation,
                note=remark(said.note, lang) or None,
                source=said.source,
                locator=said.locator,
                looks_like=looks_like,
            )


def unresolved_line(one: UnresolvedAnswer) -> Message:
    """A parent that nothing can find, or that a model only looks like, in words."""
    if one.looks_like:
        return Message(
            "%(child)s: its files look like those of %(parent)s, which it does not name as its parent (%(signals)s)",
            child=one.child_label,
            parent=one.locator or slug_of(one.looks_like).removeprefix("hf/"),
            signals=one.note or one.source,
        )
    if one.note:
        return Message(
            "%(child)s: the %(parent)s cannot be found (%(written)s)",
            child=one.child_label,
            parent=one.relation_label,
            written=one.note,
        )
    return Message(
        "%(child)s: the %(parent)s cannot be found",
        child=one.child_label,
        parent=one.relation_label,
    )


def _word(relation: str) -> VocabularyTerm | None:
    known = load_vocabulary().properties
    if relation == RESEMBLES:
        return known[RESEMBLES].term
    return known[UNRESOLVED_PARENT].codes.get(relation)
