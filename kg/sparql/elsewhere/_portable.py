"""A query as any SPARQL 1.1 server takes it: with the prefixes and the base that are known here alone."""

from __future__ import annotations

import re
from itertools import pairwise

from kg.model.vocabulary import PREFIXES
from kg.sparql._tokens import tokens

_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")


def portable(query: str, base: str) -> str:
    """A query that says itself what its names mean; what it declares goes for itself.

    Args:
        query: a query that is known to be right.
        base: what its relative IRIs start with; "" = nothing.

    >>> portable("PREFIX kg: <urn:a:> ASK { <b> kg:c rdf:type }", "http://x/").splitlines()[0][:30]
    'BASE <http://x/> PREFIX rdf: <'
    """
    found = [*tokens(query)]
    pairs = [*pairwise(found)]
    declared = {name.text.removesuffix(":") for word, name in pairs if word.upper == "PREFIX"}
    bases = [start.text for word, start in pairs if word.upper == "BASE" and start.kind == "iri"]
    # Virtuoso 7.2.5 takes one BASE; that of the query is relative to ours only if it has no scheme.
    own = bases and _ABSOLUTE.match(bases[0])
    head = [f"BASE <{base}>"] if base and not own else []
    head += [f"PREFIX {name}: <{iri}>" for name, iri in PREFIXES.items() if name not in declared]
    return " ".join(head) + "\n" + query
