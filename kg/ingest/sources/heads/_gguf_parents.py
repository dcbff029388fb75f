"""The parents that GGUF files name: what was converted, and the base models of it.

Converters write the card of the model they convert into `general.base_model`, so a base that a card
beside the file does not name is told as an ancestor and not as what was quantized.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from kg.ingest.kit._unresolved import UNNAMED
from kg.ingest.kit._words import fold
from kg.ingest.kit.kit import Found, Kit
from kg.ingest.sources.heads._gguf_file import (
    GgufFile,
    encoding_of,
    is_adapter,
    is_quantized,
    numbered,
    text_of,
    texts_of,
)
from kg.messages.message import mark

_SOURCES = ("general.source.repo_url", "general.source.huggingface.repository")
_PAGE = "general.source.url"  # a repository, or any page that tells of the model


class GgufModel(NamedTuple):
    """Whose files they are, and what the folder says beside them."""

    subject: str  # id
    hub_id: str  # "" if it is not of the Hub
    named: Collection[str]  # Hub ids of the parents that its card names
    whole: bool  # whether the folder holds the weights in another format as well


def gguf_parents(file: GgufFile, model: GgufModel, kit: Kit) -> Iterator[Found]:
    """What was converted, and the base models of it."""
    fields = file.head.fields
    numbers = numbered(fields, "general.base_model")
    source = next((key for key in _SOURCES if text_of(fields, key)), "")
    if not source and kit.parent(text_of(fields, _PAGE)).sort in ("hub", "modelscope"):
        source = _PAGE
    if source:
        relation = "quantizedFrom" if is_quantized(file) else "convertedFrom"
        yield from kit.derive(
            model.subject,
            "adapterOf" if is_adapter(file.head) else relation,
            text_of(fields, source),
            f"{file.name}#{source}",
            own=model.hub_id,
            note=_note(file),
        )
    for place, number in enumerate(numbers, 1):
        yield from _base(file, number, bool(source), (place, len(numbers)), model, kit)


def _base(
    file: GgufFile,
    number: int,
    has_source: bool,
    place: tuple[int, int],
    model: GgufModel,
    kit: Kit,
) -> Iterator[Found]:
    """One base model of a file."""
    fields, key = file.head.fields, f"general.base_model.{number}"
    part = next((p for p in ("repo_url", "url") if text_of(fields, f"{key}.{p}")), "name")
    text, at = text_of(fields, f"{key}.{part}"), f"{file.name}#{key}.{part}"
    version = text_of(fields, f"{key}.version")
    note = "; ".join(filter(None, (_note(file), f"version {version}" if version else "")))
    property = _relation(file, place[1], has_source, kit)
    parent = kit.parent(text, model.hub_id)
    if parent.sort == "hub" and (part != "name" or "/" in parent.value):
        property = _beside_card(property, parent.value, model)
        yield from kit.derive(model.subject, property, text, at, own=model.hub_id, note=note)
        return
    if part != "name":
        yield from kit.derive(
            model.subject, property, text, at, own=model.hub_id, note=note, place=place
        )
        return
    maker = text_of(fields, f"{key}.organization")
    named = f"{text} ({maker})" if text and maker else text
    yield from kit.unresolved(
        model.subject,
        property,
        at,
        rule="parent-prose" if named else "parent-unnamed",
        message=mark("its parent is told in words")
        if named
        else mark("a parent is counted and not named"),
        value=named,
        written=f"as written: {named[:200]}" if named else UNNAMED,
    )


def _relation(file: GgufFile, count: int, has_source: bool, kit: Kit) -> str:
    """How a model derives from the base models of a file."""
    if is_adapter(file.head):
        return "adapterOf"
    if count > 1:
        tags = texts_of(file.head.fields.get("general.tags"))
        return (
            "mergedFrom" if any(kit.words.get(fold(t)) == "merge" for t in tags) else "derivedFrom"
        )
    return "quantizedFrom" if is_quantized(file) and not has_source else "derivedFrom"


def _beside_card(property: str, parent: str, model: GgufModel) -> str:
    """The relation; where card or other weights tell what was quantized, the file tells its ancestor."""
    named = {name.casefold() for name in model.named}
    ancestor = model.whole or (named and parent.casefold() not in named)
    return "derivedFrom" if ancestor and property == "quantizedFrom" else property


def _note(file: GgufFile) -> str:
    by = text_of(file.head.fields, "general.quantized_by")
    return "; ".join(filter(None, (encoding_of(file), f"quantized by {by}" if by else "")))


def unnamed_original(files: Sequence[GgufFile], subject: str, kit: Kit) -> Iterator[Found]:
    """That files are an adapter or a quantization, or could not be read whole, and no parent is named."""
    for file in files:
        if is_adapter(file.head):
            relation, message = (
                "adapterOf",
                mark("these are the weights of an adapter, and no parent is named"),
            )
        elif is_quantized(file):
            relation, message = (
                "quantizedFrom",
                mark("these weights are quantized, and what they were made from is not named"),
            )
        elif file.head.fault:
            relation, message = (
                "derivedFrom",
                mark("the file that may name its parent cannot be read"),
            )
        else:
            continue
        written = "a file that cannot be read" if file.head.fault else UNNAMED
        rule = "parent-unread" if file.head.fault else "parent-unnamed"
        yield from kit.unresolved(
            subject, relation, file.name, rule=rule, message=message, written=written
        )
        return
