"""JSON-LD as people write it: short keys, names by language, typed values.

A context gives a key to each term and says what its values are. What does not fit its key (another
datatype, a name without a language) is written out in full, so that reading the JSON back gives the
same triples. The context travels in every file, since a reader may have no way to fetch one; where all
of a document is at hand, only the terms it uses. The site serves the context at /ontology/context.jsonld.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any, NamedTuple

import msgspec
import pyoxigraph as ox

from kg.model.vocabulary import DCT, DISPUTED, KG, PREFIXES, RDF, RDFS, SKOS, XSD, Vocabulary

Node = dict[str, Any]

ID, VOCAB, LANGUAGE = "@id", "@vocab", "@language"
CONTEXT = "ontology/context.jsonld"  # where the site serves it, below the base
_HELD = 2_000  # nodes of a document up to which its context holds only what is used
_SAFE = 2**53  # beyond it a JSON number may lose digits
_TYPE, _STRING = RDF + "type", XSD + "string"
_TYPES = {
    "integer": "integer",
    "decimal": "decimal",
    "boolean": "boolean",
    "date": "date",
    "url": "anyURI",
}


class ContextTerm(NamedTuple):
    """A key of a context: the IRI it stands for, and what its values are.

    `values` is "" (texts), @id (IRIs), @vocab (IRIs that are terms), @language (texts by language) or
    the IRI of a datatype.
    """

    name: str
    iri: str
    values: str = ""


class Context:
    """Terms and prefixes, both ways.

    Args:
        terms: keys, classes among them.
        prefixes: short names of namespaces; the namespaces of terms too.
    """

    def __init__(self, terms: Iterable[ContextTerm], prefixes: Mapping[str, str]) -> None:
        self.prefixes = dict(prefixes)
        self._terms = {term.iri: term for term in terms}

    def term(self, iri: str) -> ContextTerm | None:
        """The key of an IRI, if it has one."""
        return self._terms.get(iri)

    def short(self, iri: str) -> str:
        """An IRI as a prefix and a name, or as it is.

        >>> Context([], {"ex": "http://example.org/"}).short("http://example.org/a")
        'ex:a'
        """
        for prefix, start in self.prefixes.items():
            if iri.startswith(start) and not iri.startswith("//", len(start)):
                return f"{prefix}:{iri[len(start) :]}"
        return iri

    def json(self, used: frozenset[str] | None = None) -> Node:
        """The context itself; with `used`, of the keys only those, and the prefixes they need."""
        terms = [t for t in self._terms.values() if used is None or t.name in used]
        made = {term.name: self._definition(term) for term in terms}
        words = None if used is None else _prefixes({*used, *_words(made)})
        kept = {p: iri for p, iri in self.prefixes.items() if words is None or p in words}
        return {"@version": 1.1, "id": "@id", "type": "@type", **kept, **made}

    def _definition(self, term: ContextTerm) -> object:
        iri = self.short(term.iri)
        if not term.values:
            return iri
        if term.values == LANGUAGE:
            return {"@id": iri, "@container": LANGUAGE}
        return {"@id": iri, "@type": self.short(term.values)}


def _words(made: Node) -> Iterator[str]:
    for definition in made.values():
        yield from definition.values() if isinstance(definition, dict) else [definition]


def _prefixes(words: Iterable[str]) -> set[str]:
    return {word.partition(":")[0] for word in words if ":" in word}


def kg_context(vocabulary: Vocabulary) -> Context:
    """The context of our own vocabulary: a key for each property, by its name in kg.ttl."""
    terms = [
        ContextTerm("label", RDFS + "label", LANGUAGE),
        ContextTerm("altLabel", SKOS + "altLabel", LANGUAGE),
        ContextTerm("source", DCT + "source", ID),
    ]
    terms += [
        ContextTerm(kind.term.iri.removeprefix(KG), kind.term.iri)
        for kind in vocabulary.kinds.values()
    ]
    for prop in vocabulary.properties.values():
        terms.append(ContextTerm(prop.name, prop.term.iri, _values(prop.name, prop.type)))
    return Context(terms, PREFIXES)


def _values(name: str, type: str) -> str:
    if type == "entity":
        return VOCAB if name == DISPUTED else ID
    return LANGUAGE if type == "text" else XSD + _TYPES[type] if type in _TYPES else ""


def write_jsonld(quads: Iterable[ox.Quad], out: IO[bytes], context: Context) -> None:
    """Write quads as they stream by, those of a subject together.

    Args:
        quads: what to write; a subject whose quads do not stand together becomes several nodes.
        out: where to write.
        context: the keys.
    """
    compact = _Compact(context)
    nodes = compact.nodes(quads)
    first = list(itertools.islice(nodes, _HELD))
    following = next(nodes, None)
    used = frozenset(compact.used) if following is None else None
    rest = [] if following is None else itertools.chain([following], nodes)
    out.write(b'{"@context": ' + msgspec.json.encode(context.json(used)) + b',\n"@graph": [')
    for number, node in enumerate(itertools.chain(first, rest)):
        out.write((b",\n" if number else b"\n") + msgspec.json.encode(node))
    out.write(b"\n]}\n")


class _Compact:
    """Quads to nodes; `used` gathers the keys and the short names that were written."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.used: set[str] = set()

    def nodes(self, quads: Iterable[ox.Quad]) -> Iterator[Node]:
        """Nodes of the default graph as they are, those of other graphs within their graph."""
        for subject, run in itertools.groupby(quads, lambda quad: quad.subject):
            graphs: dict[Any, Node] = {}
            for quad in run:
                graph = quad.graph_name
                node = graphs.get(graph)
                if node is None:
                    node = graphs[graph] = {"id": _name(subject)}
                self._add(node, quad.predicate.value, quad.object)
            for graph, node in graphs.items():
                named = not isinstance(graph, ox.DefaultGraph)
                yield {"id": _name(graph), "@graph": [node]} if named else node

    def _add(self, node: Node, predicate: str, value: Any) -> None:
        if predicate == _TYPE and not isinstance(value, ox.Literal):
            _append(node, "type", self._type(value))
            return
        term = self._context.term(predicate)
        if term and term.values == LANGUAGE:
            if isinstance(value, ox.Literal) and value.language:
                _append(node.setdefault(self._use(term.name), {}), value.language, value.value)
                return
            term = None  # a language map holds nothing else: by its IRI then
        key = term.name if term else self._context.short(predicate)
        _append(node, self._use(key), self._value(term.values if term else "", value))

    def _type(self, value: Any) -> str:
        if isinstance(value, ox.BlankNode):
            return _name(value)
        term = self._context.term(value.value)
        return self._use(term.name if term else self._context.short(value.value))

    def _value(self, values: str, value: Any) -> Any:
        if not isinstance(value, ox.Literal):
            return self._link(values, value)
        if value.language:
            return {"@value": value.value, "@language": value.language}
        type = value.datatype.value
        if type == (values or _STRING):
            return value.value if type == _STRING else _native(type, value.value)
        if type == _STRING:
            return {"@value": value.value}
        return {"@value": value.value, "@type": self._use(self._context.short(type))}

    def _link(self, values: str, value: Any) -> Any:
        if values == VOCAB and isinstance(value, ox.NamedNode):
            term = self._context.term(value.value)
            return self._use(term.name) if term else value.value
        return _name(value) if values == ID else {"id": _name(value)}

    def _use(self, name: str) -> str:
        self.used.add(name)
        return name


def _name(node: Any) -> str:
    return f"_:{node.value}" if isinstance(node, ox.BlankNode) else str(node.value)


def _native(type: str, text: str) -> Any:
    """A number or truth value as JSON has it, where that gives the same text back."""
    if type == XSD + "boolean" and text in ("true", "false"):
        return text == "true"
    if type == XSD + "integer" and text.lstrip("-").isdecimal() and len(text) < 17:
        number = int(text)
        return number if str(number) == text and abs(number) < _SAFE else text
    return text


def _append(node: Node, key: str, value: Any) -> None:
    if key not in node:
        node[key] = value
    elif isinstance(node[key], list):
        node[key].append(value)
    else:
        node[key] = [node[key], value]
