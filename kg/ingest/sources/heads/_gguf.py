"""What GGUF files say of a model, in the keys that the format's documentation names.

Converters write the card of the model they convert into `general.base_model`, so a base that a card
beside the file does not name is told as an ancestor and not as what was quantized.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from kg.ingest.kit._sizes import parse_size
from kg.ingest.kit._unresolved import UNNAMED
from kg.ingest.kit._words import fold
from kg.ingest.kit.kit import Found, Kit, unreadable
from kg.ingest.sources._card_parents import CardPlace
from kg.ingest.sources.card import datasets, language
from kg.ingest.sources.heads._gguf_head import GgufHead, GgufValue
from kg.ingest.sources.heads._gguf_names import parse_gguf_name
from kg.model.claim import ALIAS, Claim

_MOST = 50  # base models, or datasets, of one file
_SIZES = {
    "context_length": "contextLength",
    "embedding_length": "hiddenDimension",
    "block_count": "layerCount",
    "attention.head_count": "attentionHeadCount",
}  # after the name of the architecture
_PLAIN = frozenset({0, 1, 24, 25, 26, 27, 28, 30})  # ggml types of plain numbers, as F16
_GUESSED = 1024  # added to general.file_type where a program guessed it
# llama.cpp's llama_ftype, the values of general.file_type; 33 to 35 are no longer written.
_ENCODINGS = {
    0: "F32",
    1: "F16",
    2: "Q4_0",
    3: "Q4_1",
    7: "Q8_0",
    8: "Q5_0",
    9: "Q5_1",
    10: "Q2_K",
    11: "Q3_K_S",
    12: "Q3_K_M",
    13: "Q3_K_L",
    14: "Q4_K_S",
    15: "Q4_K_M",
    16: "Q5_K_S",
    17: "Q5_K_M",
    18: "Q6_K",
    19: "IQ2_XXS",
    20: "IQ2_XS",
    21: "Q2_K_S",
    22: "IQ3_XS",
    23: "IQ3_XXS",
    24: "IQ1_S",
    25: "IQ4_NL",
    26: "IQ3_S",
    27: "IQ3_M",
    28: "IQ2_S",
    29: "IQ2_M",
    30: "IQ4_XS",
    31: "IQ1_M",
    32: "BF16",
    33: "Q4_0_4_4",
    34: "Q4_0_4_8",
    35: "Q4_0_8_8",
    36: "TQ1_0",
    37: "TQ2_0",
    38: "MXFP4_MOE",
    39: "NVFP4",
}
_UNQUANTIZED = frozenset({"", "F32", "F16", "BF16"})


class GgufFile(NamedTuple):
    """A GGUF file whose head was read, as far as it can be."""

    name: str  # without folders
    head: GgufHead


class GgufModel(NamedTuple):
    """Whose files they are, and what the folder says beside them."""

    subject: str  # id
    hub_id: str  # "" if it is not of the Hub
    named: Collection[str]  # Hub ids of the parents that its card names
    whole: bool  # whether the folder holds the weights in another format as well


def gguf_claims(files: Sequence[GgufFile], model: GgufModel, kit: Kit) -> Iterator[Found]:
    """What the heads of the files of one model say, each thing once.

    Args:
        files: of one model, in several encodings or parts.
        model: whose they are.
        kit: the source's.
    """
    told: set[tuple[str, object]] = set()
    for file in files:
        for one in _said(file, model, kit):
            key = (
                (one.property, one.said.value) if isinstance(one, Claim) else (one.rule, one.value)
            )
            if key not in told:
                told.add(key)
                yield one
    if not model.whole:
        yield from _counted(files, model.subject, kit)


def is_quantized(file: GgufFile) -> bool:
    """Whether a file holds weights that were made smaller, by its tensors, else by what it is called."""
    if file.head.types:
        return not file.head.types <= _PLAIN
    return encoding_of(file) not in _UNQUANTIZED or "general.quantized_by" in file.head.fields


def is_adapter(head: GgufHead) -> bool:
    """Whether a file holds an adapter."""
    return head.fields.get("general.type") == "adapter" or "adapter.type" in head.fields


def encoding_of(file: GgufFile) -> str:
    """How a file encodes its weights, such as Q4_K_M; "" if neither head nor name says it."""
    code = file.head.fields.get("general.file_type")
    known = _ENCODINGS.get(code & ~_GUESSED, "") if isinstance(code, int) else ""
    return known or parse_gguf_name(file.name).encoding


def unnamed_original(files: Sequence[GgufFile], subject: str, kit: Kit) -> Iterator[Found]:
    """That files are an adapter or a quantization, or could not be read whole, and no parent is named."""
    for file in files:
        if is_adapter(file.head):
            relation, message = (
                "adapterOf",
                "these are the weights of an adapter, and no parent is named",
            )
        elif is_quantized(file):
            relation, message = (
                "quantizedFrom",
                "these weights are quantized, and what they were made from is not named",
            )
        elif file.head.fault:
            relation, message = "derivedFrom", "the file that may name its parent cannot be read"
        else:
            continue
        written = "a file that cannot be read" if file.head.fault else UNNAMED
        rule = "parent-unread" if file.head.fault else "parent-unnamed"
        yield from kit.unresolved(
            subject, relation, file.name, rule=rule, message=message, written=written
        )
        return


def _said(file: GgufFile, model: GgufModel, kit: Kit) -> Iterator[Found]:
    if file.head.fault:
        yield unreadable(file.head.fault, file.name, kit.source)
    about = CardPlace(model.subject, model.hub_id, kit.source, file.name)
    fields = file.head.fields
    if name := _text(fields, "general.name"):
        yield kit.say(model.subject, ALIAS, name, f"{file.name}#general.name", lang="en")
    yield from _parents(file, model, kit)
    yield from _license(fields, about, kit)
    for text in _texts(fields.get("general.languages")):
        yield from language(text, about, "general.languages", kit)
    yield from _datasets(fields, about, kit)
    yield from _numbers(file, model, kit)


# ---- parents


def _parents(file: GgufFile, model: GgufModel, kit: Kit) -> Iterator[Found]:
    """What was converted, and the base models of it."""
    fields = file.head.fields
    numbers = _numbered(fields, "general.base_model")
    source = next(
        (
            key
            for key in ("general.source.repo_url", "general.source.huggingface.repository")
            if _text(fields, key)
        ),
        "",
    )
    if source:
        relation = "quantizedFrom" if is_quantized(file) else "convertedFrom"
        yield from kit.derive(
            model.subject,
            "adapterOf" if is_adapter(file.head) else relation,
            _text(fields, source),
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
    part = next((p for p in ("repo_url", "url") if _text(fields, f"{key}.{p}")), "name")
    text, at = _text(fields, f"{key}.{part}"), f"{file.name}#{key}.{part}"
    version = _text(fields, f"{key}.version")
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
    maker = _text(fields, f"{key}.organization")
    named = f"{text} ({maker})" if text and maker else text
    yield from kit.unresolved(
        model.subject,
        property,
        at,
        rule="parent-prose" if named else "parent-unnamed",
        message="its parent is told in words" if named else "a parent is counted and not named",
        value=named,
        written=f"as written: {named[:200]}" if named else UNNAMED,
    )


def _relation(file: GgufFile, count: int, has_source: bool, kit: Kit) -> str:
    """How a model derives from the base models of a file."""
    if is_adapter(file.head):
        return "adapterOf"
    if count > 1:
        tags = _texts(file.head.fields.get("general.tags"))
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
    by = _text(file.head.fields, "general.quantized_by")
    return "; ".join(filter(None, (encoding_of(file), f"quantized by {by}" if by else "")))


# ---- other facts


def _license(fields: Mapping[str, GgufValue], about: CardPlace, kit: Kit) -> Iterator[Found]:
    link = _text(fields, "general.license.link")
    for text in _texts(fields.get("general.license")):
        yield from kit.license(
            about.subject,
            text,
            f"{about.at}#general.license",
            name=_text(fields, "general.license.name"),
            link=link if link.startswith(("https://", "http://")) and " " not in link else "",
            hub=about.hub_id,
            bases=[
                _text(fields, f"general.base_model.{n}.repo_url")
                for n in _numbered(fields, "general.base_model")
            ],
        )


def _datasets(fields: Mapping[str, GgufValue], about: CardPlace, kit: Kit) -> Iterator[Found]:
    for number in _numbered(fields, "general.dataset"):
        for part in ("repo_url", "url", "name"):
            key = f"general.dataset.{number}.{part}"
            if text := _text(fields, key):
                yield from datasets(text, about, key, kit)
                break
    yield from datasets(
        list(_texts(fields.get("general.datasets"))), about, "general.datasets", kit
    )


def _numbers(file: GgufFile, model: GgufModel, kit: Kit) -> Iterator[Found]:
    fields = file.head.fields
    architecture = _text(fields, "general.architecture")
    subject, at = model.subject, f"{file.name}#"
    if architecture and not is_adapter(file.head):
        key = "general.architecture"
        yield kit.say(subject, "architectureName", architecture, at + key)
        for name, property in _SIZES.items():
            key = f"{architecture}.{name}"
            value = fields.get(key)
            if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**40:
                yield kit.say(subject, property, value, at + key)
        if tokens := file.head.lengths.get("tokenizer.ggml.tokens"):
            tokenizer = _text(fields, "tokenizer.ggml.model")
            note = f"tokenizer {tokenizer}" if tokenizer else ""
            key = "tokenizer.ggml.tokens"
            yield kit.say(subject, "vocabularySize", tokens, at + key, note=note)
    if encoding := encoding_of(file):
        key = "general.file_type" if "general.file_type" in fields else ""
        yield kit.say(subject, "weightType", encoding, (at + key).rstrip("#"))


def _counted(files: Sequence[GgufFile], subject: str, kit: Kit) -> Iterator[Found]:
    """The parameters: of a file that is whole, or of all parts of a split one; else as its size label."""
    split: dict[tuple[str, str], list[GgufFile]] = defaultdict(list)
    for file in files:
        name = parse_gguf_name(file.name)
        split[name.base.casefold(), name.encoding].append(file)
    for parts in split.values():
        whole = len(parts) == parse_gguf_name(parts[0].name).parts
        total = sum(part.head.numbers for part in parts)
        ok = not any(part.head.fault or is_adapter(part.head) for part in parts)
        if whole and ok and total:
            at = parts[0].name if len(parts) == 1 else "*.gguf"
            yield kit.say(subject, "parameterCount", total, f"{at}#tensors")
            return
    for file in files:
        label = _text(file.head.fields, "general.size_label")
        if not is_adapter(file.head) and (count := parse_size(label).parameters):
            at = f"{file.name}#general.size_label"
            yield kit.say(subject, "parameterCount", count, at, note=f"as written: {label}")
            return


# ---- fields


def _text(fields: Mapping[str, GgufValue], key: str) -> str:
    value = fields.get(key)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _texts(value: GgufValue | None) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return tuple(text for text in value[:_MOST] if text)
    return (value,) if isinstance(value, str) and value else ()


def _numbered(fields: Mapping[str, GgufValue], key: str) -> list[int]:
    """The numbers of the things of a kind: those that are counted, and those that are described."""
    count = fields.get(f"{key}.count")
    counted = range(min(count, _MOST)) if isinstance(count, int) else range(0)
    described = {
        int(number)
        for name in fields
        if name.startswith(f"{key}.")
        and (number := name[len(key) + 1 :].partition(".")[0]).isascii()
        and number.isdigit()
        and len(number) < 6
    }
    return sorted({*counted, *described})[:_MOST]
