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

from kg.agents._desk import ToolCall
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


class AgentResource(msgspec.Struct, frozen=True, kw_only=True):
    """A text at a fixed address, or at one that ends in a name."""

    address: str  # after gyebo://; with / at its end, a name follows
    title: str
    description: str  # for a model
    media_type: str
    read: Callable[[ToolCall, str], str]
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


def _schema(call: ToolCall, _: str) -> str:
    return "\n".join(_schema_lines(call))


def _schema_lines(call: ToolCall) -> Iterator[str]:
    vocabulary, lang, base = call.snapshot.vocabulary, call.lang, call.snapshot.manifest.base
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


def _ontology(_asking: ToolCall, _: str) -> str:
    return (ONTOLOGY / "kg.ttl").read_text(encoding="utf-8")


def _queries(call: ToolCall, _: str) -> str:
    return "\n".join(f"{SCHEME}query/{one.name}  {one.titles[call.lang]}" for one in examples())


def _query(call: ToolCall, name: str) -> str:
    for one in examples():
        if one.name == name:
            return one.titled(call.lang)
    known = [one.name for one in examples()]
    raise InputError(
        Message("no saved query is called %(name)r; known: %(known)s", name=name[:60], known=known)
    )


def _release(call: ToolCall, _: str) -> str:
    manifest, summary = call.snapshot.manifest, call.snapshot.history.summary
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


def _card(call: ToolCall, id: str) -> str:
    return model_file(call.snapshot, call.snapshot.find(id), "card", call.lang)


_RESOURCES = (
    AgentResource(
        address="schema",
        title=mark("Kinds and properties"),
        description="The vocabulary for `query` and for `properties` of `show`, one line each.",
        media_type=PLAIN,
        read=_schema,
    ),
    AgentResource(
        address="ontology.ttl",
        title=mark("The ontology"),
        description="The same in full, as OWL in Turtle, with mappings to other vocabularies; long.",
        media_type=TURTLE,
        read=_ontology,
    ),
    AgentResource(
        address="queries",
        title=mark("Saved queries"),
        description="SPARQL queries to start from, by name.",
        media_type=PLAIN,
        read=_queries,
    ),
    AgentResource(
        address="releases",
        title=mark("The releases"),
        description="Version, date and size of the data, the release before, and how much changed since.",
        media_type=JSON,
        read=_release,
    ),
    AgentResource(
        address="query/",
        title=mark("A saved query"),
        description="The text of a query of gyebo://queries, ready for the tool `query`.",
        media_type=SPARQL,
        read=_query,
        parameter="name",
    ),
    AgentResource(
        address="card/",
        title=mark("The card of a model"),
        description="A model card with facts, ancestry and license answers, as Markdown; id as the tools give it.",
        media_type=MARKDOWN,
        read=_card,
        parameter="id",
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
