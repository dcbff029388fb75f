"""What a node of a family tree is called, in words, by the relation it derives by; and ways along relations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from kg.answers.tree.tree import BASE, FAMILY
from kg.model.vocabulary import IN_FAMILY, load_vocabulary
from web.app.i18n import mark, translator

# In the order of the legend. The words of relations stand in ontology/kg.ttl.
KINDS = (FAMILY, BASE, *load_vocabulary().tree_relations, IN_FAMILY)


_OTHERS: Mapping[str, str] = {
    FAMILY: mark("family"),
    BASE: mark("base model"),
    IN_FAMILY: mark("member of a family"),
}


def kind_word(kind: str, lang: str) -> str:
    """What a node of a kind is called; a kind is that of a node without a parent, or a relation."""
    if kind in _OTHERS:
        return translator(lang)(_OTHERS[kind])
    known = load_vocabulary().properties.get(kind)
    return known.subject_word(lang) if known else kind


def parent_phrase(relation: str, parent: str, lang: str) -> str:
    """What a node is, with the name of the parent that it has by a relation."""
    return load_vocabulary().properties[relation].subject_phrase(parent, lang)


class TermsWay(NamedTuple):
    """How something came to an entity: that entity, what it comes from, and so on to where it began."""

    ids: tuple[str, ...]
    relations: tuple[str, ...]  # between them, one fewer

    @property
    def origin(self) -> str:
        """Where it began."""
        return self.ids[-1]

    def links(self) -> Iterator[tuple[tuple[str, str], str]]:
        """Each step, as parent and child, with its relation."""
        for place, relation in enumerate(self.relations):
            yield (self.ids[place + 1], self.ids[place]), relation


def write_ways(ways: Iterable[TermsWay]) -> str:
    """Ways as static/tree/ways.js reads them in the attribute `data-ways`: ids with spaces, ways with bars between.

    >>> write_ways([TermsWay(("model/b", "model/a"), ("fineTunedFrom",)), TermsWay(("model/b",), ())])
    'model/b model/a|model/b'
    """
    return "|".join(" ".join(way.ids) for way in ways)
