"""How other vocabularies say what ours says: ontology/mappings/NAME.yaml, read strictly."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from urllib.parse import quote

import msgspec

from kg.errors import DataError, UnknownFormat
from kg.files.yaml import read_yaml
from kg.messages.message import Message
from kg.paths import ONTOLOGY

OURS = "kg"
MAPPED = ("schema", "fair4ml", "mldcat", "dcat")
VOCABULARIES = (OURS, *MAPPED)
SAFE = "/:#?&=%~@!$'()*+,;[]"  # left as they are in an IRI


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a property of ours is said; a rule takes the place of what kg.ttl says of its property."""

    property: str
    to: str = ""  # empty: it is not said
    kinds: tuple[str, ...] = ()  # of the subject; none = any
    objects: tuple[str, ...] = ()  # kinds of the object, likewise
    inverse: bool = False  # the object is what it is said of
    one: bool = False  # said only where there is one value
    iri: str = ""  # the value as an IRI: a text with {property} in it
    text: str = ""  # the value as a text, likewise
    datatype: str = ""  # instead of our own
    type: str = ""  # class of an IRI made so
    name: str = ""  # property that gives such an IRI our value as its name


class Spec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A file of ontology/mappings."""

    title: str
    specification: str
    prefixes: dict[str, str]
    terms: tuple[str, ...]  # prefixes in kg.ttl whose terms hold here
    names: dict[str, str]  # property of the main label, by kind; "*" of any other kind
    alias: str = ""  # property of further labels
    identifier: str = ""  # property of our id
    renamed: dict[str, str] = {}  # namespaces that are spelled otherwise here
    kinds: dict[str, tuple[str, ...]] = {}  # classes, instead of those in kg.ttl
    catalog: dict[str, str] = {}  # property that leads from data#catalog to an entity, by kind
    head: tuple[str, ...] = ()  # Turtle files that stand at the head of an export
    # Node of the head whose properties stand for missing ones, by kind
    unstated: dict[str, str] = {}
    rules: tuple[Rule, ...] = ()


@cache
def read_spec(name: str, folder: Path = ONTOLOGY / "mappings") -> Spec:
    """Read a mapping.

    Raises:
        UnknownFormat: there is none of this name; carries those there are.
        DataError: the file is not what it should be.
    """
    if name not in MAPPED:
        raise UnknownFormat(name, VOCABULARIES)
    file = read_yaml(folder / f"{name}.yaml")
    try:
        return msgspec.convert(file.data, Spec)
    except msgspec.ValidationError as error:
        raise DataError(Message("no mapping: %(error)s", error=error), file.name) from error


@cache
def _pages() -> dict[tuple[str, str], str]:
    """The addresses that schema.org's mapping makes of identifiers, by property and kind; "" is any kind."""
    found = (rule for rule in read_spec("schema").rules if rule.to == "schema:sameAs" and rule.iri)
    return {(rule.property, kind): rule.iri for rule in found for kind in rule.kinds or ("",)}


def page_address(kind: str, property: str, value: str) -> str:
    """Where an identifier leads on the web, as a model's id on the Hub does; "" if it leads nowhere.

    >>> page_address("dataset", "hubId", "allenai/c4"), page_address("model", "title", "x")
    ('https://huggingface.co/datasets/allenai/c4', '')
    """
    pages = _pages()
    iri = pages.get((property, kind)) or pages.get((property, ""), "")
    return quote(iri.replace(f"{{{property}}}", value), safe=SAFE)
