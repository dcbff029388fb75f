"""What an agent may read besides: the schema, queries to start from, the release, the card of a model.

    gyebo://schema           kinds and properties, one a line
    gyebo://ontology.ttl     the same in full, as Turtle
    gyebo://queries          the saved queries
    gyebo://query/NAME       one of them, ready to be sent
    gyebo://releases         which data this is, and the release before
    gyebo://card/ID          a model's card with its ancestry, as Markdown

`?lang=ko` gives each in Korean where it has words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import parse_qs, unquote

import msgspec

from kg.agents._desk import Asking
from kg.errors import InputError
from kg.export.bom.formats import model_file
from kg.messages.message import LANGUAGES, Message, mark
from kg.model.vocabulary import PREFIXES, Property
from kg.paths import ONTOLOGY
from kg.sparql.examples import examples

SCHEME = "gyebo://"
MARKDOWN, PLAIN, TURTLE, JSON, SPARQL = (
    "text/markdown",
    "text/plain",
    "text/turtle",
    "application/json",
    "application/sparql-query",
)
_LONGEST = 1_000  # characters of an address


class AgentResource(NamedTuple):
    """A text at a fixed address, or at one that ends in a name."""

    address: str  # after gyebo://; with / at its end, a name follows
    title: str
    description: str  # for a model
    media_type: str
    read: Callable[[Asking, str], str]
    parameter: str = ""  # what follows the address


class ReleaseTold(msgspec.Struct, frozen=True, kw_only=True):
    """Which data the answers are from."""

    version: str
    data_of: str  # the last day on which a source was read
    program: str
    base: str  # what an id is put behind to make its IRI
    before: str | None  # the release it was compared with
    built: str
    counts: dict[str, int]
    changed: dict[str, int]  # since the release before, by what it is


def _schema(asking: Asking, _: str) -> str:
    return "\n".join(_schema_lines(asking))


def _schema_lines(asking: Asking) -> Iterator[str]:
    vocabulary, lang, base = asking.snapshot.vocabulary, asking.lang, asking.snapshot.manifest.base
    yield f"BASE <{base}>  # model/alpaca-7b is <{base}model/alpaca-7b>, or <model/alpaca-7b> in a query"
    yield "Prefixes known: " + " ".join(f"{name}:" for name in PREFIXES)
    yield "Default graph: what holds. One graph per source (GRAPH <source/…>): what that source says. kg:disputed names properties on which sources disagree."
    yield "\nKinds (?x a kg:…)"
    for kind in vocabulary.kinds.values():
        name = kind.term.iri.rpartition("#")[2]
        yield f"kg:{name} ({kind.name}) {kind.term.comments.get(lang, '')}"
    yield "\nProperties: kg:name (value) meaning"
    for known in vocabulary.properties.values():
        yield f"kg:{known.name} ({_value(known)}) {known.term.comments.get(lang, '')}"


def _value(known: Property) -> str:
    value = "|".join([*known.codes] or sorted(known.range)) or known.type
    return ", ".join(filter(None, [value, known.unit, f"{known.edge} edge" if known.edge else ""]))


def _ontology(_asking: Asking, _: str) -> str:
    return (ONTOLOGY / "kg.ttl").read_text(encoding="utf-8")


def _queries(asking: Asking, _: str) -> str:
    return "\n".join(f"{SCHEME}query/{one.name}  {one.titles[asking.lang]}" for one in examples())


def _query(asking: Asking, name: str) -> str:
    for one in examples():
        if one.name == name:
            return one.titled(asking.lang)
    known = [one.name for one in examples()]
    raise InputError(
        Message("no saved query is called %(name)r; known: %(known)s", name=name[:60], known=known)
    )


def _release(asking: Asking, _: str) -> str:
    manifest, summary = asking.snapshot.manifest, asking.snapshot.history.summary
    told = ReleaseTold(
        version=manifest.version,
        data_of=manifest.as_of,
        program=manifest.gyebo,
        base=manifest.base,
        before=summary.before,
        built=summary.built,
        counts=manifest.counts,
        changed=summary.whats,
    )
    return msgspec.json.format(msgspec.json.encode(told), indent=2).decode()


def _card(asking: Asking, id: str) -> str:
    return model_file(asking.snapshot, asking.snapshot.find(id), "card", asking.lang)


_RESOURCES = (
    AgentResource(
        "schema",
        mark("Kinds and properties"),
        "The vocabulary for `query` and for `properties` of `show`, one line each.",
        PLAIN,
        _schema,
    ),
    AgentResource(
        "ontology.ttl",
        mark("The ontology"),
        "The same in full, as OWL in Turtle, with mappings to other vocabularies; long.",
        TURTLE,
        _ontology,
    ),
    AgentResource(
        "queries", mark("Saved queries"), "SPARQL queries to start from, by name.", PLAIN, _queries
    ),
    AgentResource(
        "releases",
        mark("The releases"),
        "Version, date and size of the data, the release before, and how much changed since.",
        JSON,
        _release,
    ),
    AgentResource(
        "query/",
        mark("A saved query"),
        "The text of a query of gyebo://queries, ready for the tool `query`.",
        SPARQL,
        _query,
        "name",
    ),
    AgentResource(
        "card/",
        mark("The card of a model"),
        "A model card with facts, ancestry and license answers, as Markdown; id as the tools give it.",
        MARKDOWN,
        _card,
        "id",
    ),
)
RESOURCES: Mapping[str, AgentResource] = {one.address: one for one in _RESOURCES}


class Address(NamedTuple):
    """An address taken apart."""

    resource: AgentResource
    name: str
    lang: str  # "" where it names none


def read_address(text: str) -> Address:
    """The resource that an address names.

    Raises:
        InputError: there is none, or the address is no address of ours.
    """
    path, _, query = text.removeprefix(SCHEME).partition("?")
    lang = parse_qs(query[:_LONGEST]).get("lang", [""])[0]
    name = unquote(path)
    for one in _RESOURCES:
        inner = name.removeprefix(one.address)
        fits = name.startswith(one.address) and inner if one.parameter else name == one.address
        if fits and text.startswith(SCHEME) and len(text) <= _LONGEST and name.isprintable():
            return Address(one, inner if one.parameter else "", lang if lang in LANGUAGES else "")
    raise InputError(
        Message(
            "there is no resource %(address)r; known: %(known)s",
            address=text[:80],
            known=[f"{SCHEME}{address}" for address in RESOURCES],
        )
    )
