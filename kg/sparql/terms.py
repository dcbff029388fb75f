"""Terms of our own vocabulary that a query names and that do not exist: it is valid, and finds nothing."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from kg.messages.message import Message
from kg.model.vocabulary import KG, PREFIXES, Vocabulary, load_vocabulary
from kg.sparql._tokens import named, prologue_end, tokens
from kg.sparql.fulltext import SEARCH_TERMS
from kg.sparql.pasted import plain_query

_MOST = 5  # that are told
_LONGEST = 100_000  # characters of a query that is looked through
# Without the prefix or the namespace a query names no term of ours, and need not be taken apart.
_OURS = re.compile(rf"kg:|{re.escape(KG)}")
# A name that certainly ends where it seems to; with an escape, a dot or a colon it may go on.
_PLAIN_NAME = re.compile(r"kg:(\w*)(?=[\s;,(){}|/*+?^]|$)", re.ASCII)
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
    known = _known_names()
    if _names_known(query, known):
        return []
    query = plain_query(query)
    names = dict.fromkeys(
        full.removeprefix(KG)
        for _, full in named([*tokens(query)])
        if full.startswith(KG) and full != KG
    )
    missing = [name for name in names if name not in known and name not in SEARCH_TERMS]
    return [UnknownTerm(f"kg:{name}", _near(name, known)) for name in missing[:_MOST]]


def _names_known(query: str, known: frozenset[str]) -> bool:
    """Whether a query certainly names known terms only, told without taking it apart, which costs many times more.

    So it is where only the prefixes that everybody has are declared, and each `kg:` stands before a known name.
    """
    end = prologue_end(query)
    rest = query[end:]
    if not _is_usual(query[:end]) or KG in rest or "prefix" in rest.lower():
        return False
    named_here = _PLAIN_NAME.findall(rest)
    return len(named_here) == rest.count("kg:") and all(
        name in known or name in SEARCH_TERMS for name in named_here if name
    )


@lru_cache(64)  # a program begins each of its queries alike
def _is_usual(prologue: str) -> bool:
    """Whether plain declarations are of prefixes that everybody has."""
    declared = prologue.split()
    return not len(declared) % 3 and all(
        PREFIXES.get(name.rstrip(":")) == start.strip("<>")
        for name, start in zip(declared[1::3], declared[2::3], strict=True)
    )


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
