"""A query as any SPARQL 1.1 server takes it: with the prefixes and the base that are known here alone."""

from __future__ import annotations

from kg.model.vocabulary import PREFIXES
from kg.sparql._tokens import tokens


def portable(query: str, base: str) -> str:
    """A query that says itself what its names mean; what it declares goes for itself.

    Args:
        query: a query that is known to be right.
        base: what its relative IRIs start with; "" = nothing.

    >>> portable("PREFIX kg: <urn:a:> ASK { <b> kg:c rdf:type }", "http://x/").splitlines()[0][:30]
    'BASE <http://x/> PREFIX rdf: <'
    """
    found = [*tokens(query)]
    declared = {
        found[number + 1].text.removesuffix(":")
        for number, token in enumerate(found[:-1])
        if token.upper == "PREFIX"
    }
    head = [f"BASE <{base}>"] if base else []
    head += [f"PREFIX {name}: <{iri}>" for name, iri in PREFIXES.items() if name not in declared]
    return " ".join(head) + "\n" + query
