"""Terms of our own vocabulary that a query names and that do not exist: it is valid, and finds nothing."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from kg.messages.message import Message
from kg.model.vocabulary import KG, Vocabulary, load_vocabulary
from kg.sparql._names import named
from kg.sparql._tokens import tokens
from kg.sparql.fulltext import SEARCH_TERMS
from kg.sparql.pasted import plain_query

_MOST = 5  # that are told
_LONGEST = 100_000  # characters of a query that is looked through
# Without the prefix or the namespace a query names no term of ours, and need not be taken apart.
_OURS = re.compile(rf"kg:|{re.escape(KG)}")
_ALIKE = 0.6  # of difflib's ratio; by it licence is near license, and model not near label


class UnknownTerm(NamedTuple):
    """A name that the vocabulary does not have, and the one that may have been meant."""

    name: str  # with the prefix kg:
    near: str = ""  # likewise; "" = nothing is like it

    @property
    def told(self) -> Message:
        """What is said of it."""
        if not self.near:
            return Message("%(term)s is no term of the ontology", term=self.name)
        return Message(
            "%(term)s is no term of the ontology; did you mean %(near)s?",
            term=self.name,
            near=self.near,
        )


def unknown_terms(query: str) -> list[UnknownTerm]:
    """The terms of our namespace that a query names and the vocabulary does not have.

    Args:
        query: any text; a longer one than 100,000 characters is not looked through.
    """
    if len(query) > _LONGEST or not _OURS.search(query):
        return []
    query, known = plain_query(query), _known_names()
    names = dict.fromkeys(
        full.removeprefix(KG)
        for _, full in named([*tokens(query)])
        if full.startswith(KG) and full != KG
    )
    missing = [name for name in names if name not in known and name not in SEARCH_TERMS]
    return [UnknownTerm(f"kg:{name}", _near(name, known)) for name in missing[:_MOST]]


@cache
def _known_names() -> frozenset[str]:
    return frozenset(iri.removeprefix(KG) for iri in _terms(load_vocabulary()))


def _terms(vocabulary: Vocabulary) -> Iterator[str]:
    yield from (kind.term.iri for kind in vocabulary.kinds.values())
    for known in vocabulary.properties.values():
        yield known.term.iri
        yield from (code.iri for code in known.codes.values())
    yield from (term.iri for term in vocabulary.others)


def _near(name: str, known: frozenset[str]) -> str:
    """The most similar name, whatever its case."""
    lower = {other.lower(): other for other in sorted(known)}
    found = difflib.get_close_matches(name.lower(), lower, 1, _ALIKE)
    return f"kg:{lower[found[0]]}" if found else ""
