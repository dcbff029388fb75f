"""A query as any SPARQL 1.1 server takes it: with the prefixes and the base that are known here alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from urllib.parse import urljoin

from kg.model.vocabulary import PREFIXES
from kg.sparql._tokens import Edit, Edited, SparqlToken, tokens

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
    prefixes = [f"PREFIX {n}: <{iri}>" for n, iri in PREFIXES.items() if n not in declared]
    bases = [start.text for word, start in pairs if word.upper == "BASE" and start.kind == "iri"]
    if bases and _ABSOLUTE.match(bases[0]):  # of its own: Virtuoso 7.2.5 takes one, and that first
        first = found[1].end if found[0].upper == "BASE" else 0
        return " ".join([query[:first], *prefixes, query[first:]])
    head = [f"BASE <{base}>"] if base else []
    return " ".join([*head, *prefixes]) + "\n" + _whole_graphs(query, pairs, base)


def _whole_graphs(query: str, pairs: Sequence[tuple[SparqlToken, SparqlToken]], base: str) -> str:
    """The same with the graphs of FROM in full: Virtuoso 7.2.5 does not put them below BASE."""
    if not base:
        return query
    edits = [
        Edit(graph.start, graph.end, f"<{urljoin(base, graph.text[1:-1])}>")
        for word, graph in pairs
        if word.upper in ("FROM", "NAMED") and graph.kind == "iri"
    ]
    return Edited(query, edits).text
