"""What the text of a model card tells of parents: configurations in fenced blocks, as mergekit and axolotl write them,
and the sentence that trainers write, “is a fine-tuned version of …”.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kg.errors import DataError
from kg.files.yaml import Yaml, parse_documents
from kg.ingest.kit.kit import Found, Kit, unreadable
from kg.ingest.sources import _mergekit as mergekit
from kg.ingest.sources.heads._training import training_base, training_claims
from kg.messages.message import mark

_OPENS = re.compile(r" {0,3}(?P<fence>`{3,}|~{3,})[ \t]*(?P<language>[\w+-]*)[^`]*")
_LANGUAGES = frozenset({"", "yaml", "yml"})
_BLOCK = 1 << 18  # characters of a block that is read
_MOST = 100  # blocks that are read
_NAMED = r"(?P<base>\[[^\]\n]*\]\([^)\s]*\)|`[^`\n]+`|[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]*[A-Za-z0-9_])"
_SENTENCES = {
    "fineTunedFrom": re.compile(
        rf"\bfine-?\s?tuned (?:version|variant|checkpoint) of (?:the )?{_NAMED}", re.IGNORECASE
    ),
    "quantizedFrom": re.compile(
        rf"\bquanti[sz]ed (?:version|variant) of (?:the )?{_NAMED}", re.IGNORECASE
    ),
    "derivedFrom": re.compile(
        rf"{_NAMED}\s?(?:을|를|에|으로|로)?\s?(?:기반으로\s|바탕으로\s)?(?:파인\s?튜닝|미세\s?조정)"
    ),
}
_MERGE = re.compile(r"^\s*merge_method\s*:", re.MULTILINE)


class CardBlocks(NamedTuple):
    """What the text of a card holds."""

    merges: tuple[Yaml, ...] = ()
    trainings: tuple[Yaml, ...] = ()
    # Parents that sentences name: how, as written, and where
    parents: tuple[tuple[str, str, str], ...] = ()
    unread: tuple[DataError, ...] = ()  # of blocks that should be a merge's configuration


def card_blocks(whole: str, name: str) -> CardBlocks:
    """The configurations in the fenced blocks of a card.

    Args:
        whole: the card.
        name: of its file, for messages and locators.

    >>> card_blocks("# A\\n```yaml\\nmerge_method: slerp\\n```\\n", "README.md").merges[0].lines[()]
    3
    """
    merges: list[Yaml] = []
    trainings: list[Yaml] = []
    unread: list[DataError] = []
    for line, block in list(_blocks(whole))[:_MOST]:
        if ":" not in block or len(block) > _BLOCK:
            continue
        try:
            documents = parse_documents("\n" * line + block, name)
        except DataError as error:
            if _MERGE.search(block):
                unread.append(error)
            continue
        merges += [one for one in documents if mergekit.is_merge(one.data)]
        trainings += [
            one for one in documents if training_base(one.data) and not mergekit.is_merge(one.data)
        ]
    return CardBlocks(tuple(merges), tuple(trainings), tuple(_told(whole, name)), tuple(unread))


def _told(whole: str, name: str) -> Iterator[tuple[str, str, str]]:
    """The parents that sentences of a card name, the first of each relation."""
    for relation, pattern in _SENTENCES.items():
        if found := pattern.search(whole[:_BLOCK]):
            line = whole.count("\n", 0, found.start()) + 1
            yield relation, found["base"], f"{name}:{line}"


def _blocks(whole: str) -> Iterator[tuple[int, str]]:
    """The fenced blocks that may be YAML, each with the number of lines before it."""
    fence, start, reads = "", 0, False
    lines = whole.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines):
        line = line.rstrip()
        if fence:
            bare = line.strip()
            if bare and set(bare) == {fence[0]} and len(bare) >= len(fence):
                if reads:
                    yield start, "\n".join(lines[start:number])
                fence = ""
        elif opened := _OPENS.fullmatch(line):
            fence, start = opened["fence"], number + 1
            reads = opened["language"].casefold() in _LANGUAGES
    if fence and reads:  # never closed: it ends with the text
        yield start, "\n".join(lines[start:])


def body_claims(blocks: CardBlocks, subject: str, own: str, kit: Kit) -> Iterator[Found]:
    """The merges that the text of a card tells.

    Args:
        blocks: of the card.
        subject: id of the model.
        own: its Hub id, if it has one.
        kit: the source's.
    """
    yield from mergekit.claims(blocks.merges, subject, own, kit)
    for error in blocks.unread:
        at = f"{error.file}:{error.line}"
        yield unreadable(str(error.what), at, kit.source)
        yield from kit.unresolved(
            subject,
            "mergedFrom",
            at,
            rule="parent-unread",
            message=mark("the configuration that names its parents cannot be read"),
            written="a configuration that cannot be read",
        )


def body_trainings(blocks: CardBlocks, subject: str, own: str, kit: Kit) -> Iterator[Found]:
    """From what the trainings began that the text of a card tells, in a configuration or else in a sentence.

    Args:
        blocks: of the card.
        subject: id of the model.
        own: its Hub id, if it has one.
        kit: the source's.
    """
    for one in blocks.trainings:
        at = f"{one.name}:{one.line(())}#"
        yield from training_claims(one.data, subject, own, at, kit)
    for relation, text, place in () if blocks.trainings else blocks.parents:
        note = "a sentence of the card says so"
        yield from kit.derive(subject, relation, text, place, own=own, note=note)
