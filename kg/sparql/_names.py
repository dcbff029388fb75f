"""How a query names things: IRIs as they stand, and names with a prefix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.model.vocabulary import PREFIXES
from kg.sparql._tokens import SparqlToken


class QueryNames:
    """How names are read at one place of a query; Oxigraph lets a prefix be declared anew."""

    def __init__(self) -> None:
        self.prefixes = dict(PREFIXES)

    def declare(self, prefix: SparqlToken, start: SparqlToken) -> None:
        """Read on after PREFIX name: <start>."""
        self.prefixes[prefix.text.rstrip(":")] = start.text[1:-1]

    def full(self, token: SparqlToken) -> str:
        """The IRI a token stands for, "" if none is known."""
        if token.kind == "iri":
            return token.text[1:-1]
        prefix, colon, local = token.text.partition(":")
        known = token.kind == "name" and colon and prefix in self.prefixes
        return self.prefixes[prefix] + local if known else ""


def named(found: Sequence[SparqlToken]) -> Iterator[tuple[SparqlToken, str]]:
    """The tokens of a query that name something, each with its IRI; not those of declarations."""
    names, number = QueryNames(), 0
    while number < len(found):
        if found[number].upper == "PREFIX" and number + 2 < len(found):
            names.declare(*found[number + 1 : number + 3])
            number += 2
        elif full := names.full(found[number]):
            yield found[number], full
        number += 1
