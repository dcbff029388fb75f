"""The elements of an SPDX 3 document, however its JSON-LD is written.

Objects may stand where a reference could; terms may be compact, prefixed or whole addresses; values may be
wrapped as `@id` and `@value`. All become the form that SPDX's own serialization writes: one list of elements, with
references. No context is fetched: the names of SPDX's terms say which they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kg.errors import DataError
from kg.ingest.sources.bom_formats._json import Json, text_at
from kg.ingest.sources.bom_formats._parts import DEEPEST
from kg.messages.message import Message

_TERM = re.compile(r"https?://spdx\.org/rdf/[\w.-]+/terms/(\w+)/(\w+)(?:/(\w+))?")
_CONTEXT = re.compile(r"spdx\.org/rdf/(?:v)?(\d+\.\d+(?:\.\d+)?)")
_PROFILES = ("software_", "ai_", "dataset_", "simplelicensing_", "expandedlicensing_", "build_")
_CORE: tuple[str, ...] = (
    "Relationship",
    "LifecycleScopedRelationship",
    "Agent",
    "Person",
    "Organization",
)
_CORE += ("SoftwareAgent", "Tool", "SpdxDocument", "Bundle", "Bom")
_TAGS = ("@id", "@value")
_SINGLE = ("type", "from", "relationshipType", "completeness", "suppliedBy")


def elements_of(document: Json, name: str) -> list[Json]:
    """The elements of a document, each with an id of its own; what an element holds has none.

    Args:
        document: the parsed document.
        name: how messages call it.

    Raises:
        DataError: objects nest too deeply.
    """
    found: list[Json] = []
    for one in top_elements(document):
        _plain(one, found, name, 0)
    return found


def top_elements(document: Json) -> list[Any]:
    """What stands at the top of a document: its graph, or the document itself."""
    found = document.get("@graph", [document])
    return found if isinstance(found, list) else [found]


def spec_version(document: Json) -> str:
    """The version of SPDX that a document says it is of, "" if it does not."""
    told = (text for one in top_elements(document) for text in _spec_versions(one, 0))
    context = _CONTEXT.search(str(document.get("@context")))
    return next(told, context[1] if context else "")


def _spec_versions(thing: Any, depth: int) -> Iterator[str]:
    if depth > DEEPEST:
        return
    for key, value in thing.items() if isinstance(thing, dict) else ():
        if term(key) == "specVersion":
            yield from _texts(value)
        else:
            yield from _spec_versions(value, depth + 1)
    for one in thing if isinstance(thing, list) else ():
        yield from _spec_versions(one, depth + 1)


def _texts(value: Any) -> Iterator[str]:
    """A text, alone or in the wrappers of JSON-LD."""
    for one in value if isinstance(value, list) else [value]:
        text = one.get("@value") if isinstance(one, dict) else one
        if isinstance(text, str):
            yield text


def term(text: str) -> str:
    """A term as SPDX's serialization writes it.

    >>> term("https://spdx.org/rdf/3.0.1/terms/AI/AIPackage"), term("spdx:Core/Relationship")
    ('ai_AIPackage', 'Relationship')
    >>> term("https://spdx.org/rdf/3.0.1/terms/Core/RelationshipType/trainedOn"), term("from")
    ('trainedOn', 'from')
    """
    found = _TERM.fullmatch(text) or re.fullmatch(r"spdx:(\w+)/(\w+)(?:/(\w+))?", text)
    if not found:
        return text
    if found[3]:
        return found[3]
    profile = found[1].casefold()
    return found[2] if profile == "core" else f"{profile}_{found[2]}"


def _plain(thing: Any, found: list[Json], name: str, depth: int) -> Any:
    """A value without wrappers; an element in it is put into `found`, and its id stands in its place."""
    if depth > DEEPEST:
        raise DataError(Message("objects nest deeper than %(most)s", most=DEEPEST), name)
    if isinstance(thing, list):
        values = [_plain(one, found, name, depth + 1) for one in thing]
        boxed = len(thing) == 1 and isinstance(thing[0], dict) and "@value" in thing[0]
        return values[0] if boxed else values
    if not isinstance(thing, dict):
        return term(thing) if isinstance(thing, str) else thing
    if len(thing) == 1 and (wrapped := next((thing[t] for t in _TAGS if t in thing), None)):
        return term(wrapped) if isinstance(wrapped, str) else wrapped
    place = len(found)
    found.append(thing)  # so that elements stand in the order of the document
    fields = {term(key): _plain(value, found, name, depth + 1) for key, value in thing.items()}
    fields = _single(fields)
    id = text_at(fields, "spdxId")
    if depth and not id and not _is_element(text_at(fields, "type")):
        found[place] = {}
        return fields
    found[place] = fields if id else fields | {"spdxId": f"_:inline-{place}"}
    return found[place]["spdxId"] if depth else found[place]


def _single(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields with type and id under their short names, and texts out of lists of one."""
    made = dict(fields)
    for short, long in (("spdxId", "@id"), ("type", "@type")):
        if not isinstance(made.get(short), str) and (value := made.get(long)) is not None:
            made[short] = value
    for key in _SINGLE:
        value = made.get(key)
        if isinstance(value, list) and len(value) == 1:
            made[key] = value[0]
    return made


def _is_element(type: str) -> bool:
    return type in _CORE or type.startswith(_PROFILES)
