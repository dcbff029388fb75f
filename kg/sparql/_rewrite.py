"""Where Oxigraph answers otherwise than the standard, and another text makes it answer as it should.

Columns: Oxigraph sorts those of SELECT * by name; they are named in the order of the text.

GRAPH ?g { … }: Oxigraph puts ?g into every pattern of the group. That is right but for three things: a sub-SELECT
counts or sorts over all graphs, MINUS sees ?g as shared, and OPTIONAL or VALUES inside can bind ?g
itself. Such a group becomes a UNION over the named graphs, each with its name as a constant, which
is how the standard defines it. A FILTER on ?g alone is left: there ?g has the graph's name, where
the standard has it unbound (tests/conformance/deviations.yaml).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from kg.sparql._tokens import Edit, Edited, SparqlToken, tokens

MAX_GRAPHS = 500  # more are left as they are
MAX_TEXT = 4_000_000  # characters of the longer query


def expand_graphs(query: str, graphs: Sequence[str]) -> str:
    """A query whose groups `GRAPH ?g { … }` mean what the standard says.

    Args:
        query: a screened query.
        graphs: IRIs of the named graphs of the dataset.

    >>> expand_graphs("SELECT * { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } }", ["a:b"])
    'SELECT * { { { GRAPH <a:b> { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } VALUES ?g { <a:b> } } } }'
    """
    if len(graphs) > MAX_GRAPHS:
        return query
    found = list(tokens(query))
    if any(token.upper == "FROM" for token in found):
        return query  # the engine knows which graphs are meant
    edits, number = [], 0
    while number < len(found) - 2:
        word, variable, opening = found[number : number + 3]
        if word.upper == "GRAPH" and variable.kind == "variable" and opening.text == "{":
            end = _closing(found, number + 2)
            group = found[number + 2 : end + 1]
            if end < len(found) and _differs(group, variable.text):
                edits.append(
                    Edit(word.start, found[end].end, _union(query, group, variable.text, graphs))
                )
                number = end
        number += 1
    longer = Edited(query, edits).text if edits else query
    return longer if len(longer) <= MAX_TEXT else query


def _closing(found: Sequence[SparqlToken], opening: int) -> int:
    """The number of the token that closes a group; past the end if none does."""
    depth = 0
    for number in range(opening, len(found)):
        text = found[number].text if found[number].kind == "mark" else ""
        depth += (text == "{") - (text == "}")
        if not depth:
            return number
    return len(found)


def _differs(group: Sequence[SparqlToken], variable: str) -> bool:
    """Whether a group holds one of the three things."""
    for number, token in enumerate(group):
        if token.upper in ("SELECT", "MINUS"):
            return True
        if token.upper in ("OPTIONAL", "VALUES"):
            start = next((n for n in range(number, len(group)) if group[n].text == "{"), number)
            inside = group[number : _closing(group, start)]
            if any(t.kind == "variable" and t.text[1:] == variable[1:] for t in inside):
                return True
    return False


def _union(query: str, group: Sequence[SparqlToken], variable: str, graphs: Sequence[str]) -> str:
    start, end = group[0].start, group[-1].end
    labels = [t for t in group if t.kind == "name" and t.text.startswith("_:")]
    copies = []
    for number, graph in enumerate(graphs):
        # a blank node label stands in one group only
        renamed = [Edit(t.start - start, t.end - start, f"{t.text}_{number}") for t in labels]
        inner = Edited(query[start:end], renamed).text
        copies.append(f"{{ GRAPH <{graph}> {inner} VALUES {variable} {{ <{graph}> }} }}")
    return "{ " + (" UNION ".join(copies) or f"VALUES {variable} {{}}") + " }"


def name_columns(query: str, shown: Collection[str]) -> str:
    """A query whose SELECT * names its columns, in the order in which the text first names them.

    Args:
        query: a query that is known to be right.
        shown: the variables it shows.

    >>> name_columns("SELECT * { ?s ?p ?o FILTER(?x) }", {"o", "p", "s"})
    'SELECT ?s ?p ?o { ?s ?p ?o FILTER(?x) }'
    """
    found = list(tokens(query))
    star = next((token for token in found if token.text == "*"), None)
    names = dict.fromkeys(t.text[1:] for t in found if t.kind == "variable")
    columns = " ".join(f"?{name}" for name in names if name in shown)
    if not star or not columns:
        return query
    return Edited(query, [Edit(star.start, star.end, columns)]).text
