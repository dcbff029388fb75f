"""A Turtle file as a table: what is said of each subject, by predicate."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pyoxigraph as ox

from kg.errors import DataError
from kg.messages.message import Message

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

Index = dict[str, dict[str, list[ox.Literal | ox.NamedNode]]]


def read_turtle(path: Path) -> tuple[Index, dict[str, str]]:
    """Read a file: its triples by subject and predicate, without blank nodes, and its prefixes.

    Raises:
        DataError: the file is missing or is not Turtle.
    """
    index: Index = defaultdict(lambda: defaultdict(list))
    try:
        parser = ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
        for triple in parser:
            if isinstance(triple.subject, ox.NamedNode) and not isinstance(
                triple.object, ox.BlankNode | ox.Triple
            ):
                index[triple.subject.value][triple.predicate.value].append(triple.object)
    except (OSError, SyntaxError) as error:
        raise DataError(Message("not Turtle: %(error)s", error=error), str(path)) from error
    return index, dict(parser.prefixes)


def instances(index: Index, cls: str) -> list[str]:
    """The subjects of a class."""
    node = ox.NamedNode(cls)
    return [iri for iri, about in index.items() if node in about.get(_TYPE, ())]


def objects(index: Index, iri: str, predicate: str) -> list[str]:
    """What a predicate says of a subject, as texts."""
    return [o.value for o in index[iri].get(predicate, ())]


def one(index: Index, iri: str, predicate: str, default: str = "") -> str:
    """The first thing that a predicate says of a subject."""
    return next(iter(objects(index, iri, predicate)), default)


def by_lang(index: Index, iri: str, predicate: str) -> dict[str, str]:
    """The texts that a predicate gives a subject, by language."""
    literals = index[iri].get(predicate, ())
    return {o.language or "en": o.value for o in literals if isinstance(o, ox.Literal)}
