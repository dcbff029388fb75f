"""What GGUF files say of a model, in the keys that the format's documentation names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from kg.ingest.kit._privacy import redact
from kg.ingest.kit._sizes import parse_size
from kg.ingest.kit.kit import Found, Kit, unreadable
from kg.ingest.sources._card_fields import datasets, language
from kg.ingest.sources._card_parents import CardPlace
from kg.ingest.sources.heads._gguf_file import (
    GgufFile,
    encoding_of,
    is_adapter,
    numbered,
    text_of,
    texts_of,
)
from kg.ingest.sources.heads._gguf_head import GgufValue
from kg.ingest.sources.heads._gguf_names import parse_gguf_name
from kg.ingest.sources.heads._gguf_parents import GgufModel, gguf_parents
from kg.model.claim import ALIAS, Claim
from kg.model.vocabulary import UNRESOLVED_PARENT

_LONGEST = 200  # characters of a name
# Keys that follow the name of the architecture
_SIZES = {
    "context_length": "contextLength",
    "embedding_length": "hiddenDimension",
    "block_count": "layerCount",
    "attention.head_count": "attentionHeadCount",
}


def gguf_claims(files: Sequence[GgufFile], model: GgufModel, kit: Kit) -> Iterator[Found]:
    """What the heads of the files of one model say, each thing once.

    Args:
        files: of one model, in several encodings or parts.
        model: whose they are.
        kit: the source's.
    """
    told: set[tuple[object, ...]] = set()
    for file in files:
        for one in _said(file, model, kit):
            if (key := _what(one)) not in told:
                told.add(key)
                yield one
    if not model.whole:
        yield from _counted(files, model.subject, kit)


def _what(one: Found) -> tuple[object, ...]:
    """What is the same where several files say it."""
    if not isinstance(one, Claim):
        return one.rule, one.value or one.origin
    written = one.said.note if one.property == UNRESOLVED_PARENT else ""
    return one.property, one.said.value, written


def _said(file: GgufFile, model: GgufModel, kit: Kit) -> Iterator[Found]:
    if file.head.fault:
        yield unreadable(file.head.fault, file.name, kit.source)
    about = CardPlace(model.subject, model.hub_id, kit.source, file.name)
    fields = file.head.fields
    if name := text_of(fields, "general.name"):
        at = f"{file.name}#general.name"
        yield kit.say(model.subject, ALIAS, redact(name)[:_LONGEST], at, lang="en")
    yield from gguf_parents(file, model, kit)
    yield from _license(fields, about, kit)
    for text in texts_of(fields.get("general.languages")):
        yield from language(text, about, "general.languages", kit)
    yield from _datasets(fields, about, kit)
    yield from _numbers(file, model, kit)


def _license(fields: Mapping[str, GgufValue], about: CardPlace, kit: Kit) -> Iterator[Found]:
    link = text_of(fields, "general.license.link")
    for text in texts_of(fields.get("general.license")):
        yield from kit.license(
            about.subject,
            text,
            f"{about.at}#general.license",
            name=text_of(fields, "general.license.name"),
            link=link if link.startswith(("https://", "http://")) and " " not in link else "",
            hub=about.hub_id,
            bases=[
                text_of(fields, f"general.base_model.{n}.repo_url")
                for n in numbered(fields, "general.base_model")
            ],
        )


def _datasets(fields: Mapping[str, GgufValue], about: CardPlace, kit: Kit) -> Iterator[Found]:
    for number in numbered(fields, "general.dataset"):
        for part in ("repo_url", "url", "name"):
            key = f"general.dataset.{number}.{part}"
            if text := text_of(fields, key):
                yield from datasets(text, about, key, kit)
                break
    yield from datasets(
        list(texts_of(fields.get("general.datasets"))), about, "general.datasets", kit
    )


def _numbers(file: GgufFile, model: GgufModel, kit: Kit) -> Iterator[Found]:
    fields = file.head.fields
    architecture = text_of(fields, "general.architecture")
    subject, at = model.subject, f"{file.name}#"
    if architecture and not is_adapter(file.head):
        key = "general.architecture"
        yield kit.say(subject, "architectureName", redact(architecture)[:_LONGEST], at + key)
        for name, property in _SIZES.items():
            key = f"{architecture}.{name}"
            value = fields.get(key)
            if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**40:
                yield kit.say(subject, property, value, at + key)
        if tokens := file.head.lengths.get("tokenizer.ggml.tokens"):
            tokenizer = text_of(fields, "tokenizer.ggml.model")
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
        label = text_of(file.head.fields, "general.size_label")
        if not is_adapter(file.head) and (count := parse_size(label).parameters):
            at = f"{file.name}#general.size_label"
            yield kit.say(subject, "parameterCount", count, at, note=f"as written: {label}")
            return
