"""NomaDamas/awesome-korean-llm: a table of open Korean models (README.md).

Sizes, bases and commercial use of one row are parallel lists parted by ` / `, as in
`7B, 13B / 5.8B` beside `llama / Polyglot-Ko`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from kg.files.parsing import text
from kg.ingest.kit._markdown import MarkdownRow, links, plain, rows
from kg.ingest.kit._sizes import parse_size
from kg.ingest.kit.kit import Found, Kit, Place, Record
from kg.ingest.kit.parents import classify
from kg.ingest.kit.source_record import SourceRecord

SOURCE = SourceRecord(
    id="awesome-korean-llm",
    label={"en": "Awesome Korean LLM", "ko": "Awesome Korean LLM 목록"},
    description={
        "en": "List of open Korean language models with sizes, makers and base models.",
        "ko": "한국어 공개 언어모델의 크기, 제작자, 베이스 모델을 정리한 목록입니다.",
    },
    source_type="list",
    license="license/cc0-1.0",
    homepage="https://github.com/NomaDamas/awesome-korean-llm",
    fetch="https://raw.githubusercontent.com/NomaDamas/awesome-korean-llm/main/README.md",
)

NAME, SIZES, MAKER, BASES, COMMERCIAL, WEIGHTS = (
    "이름",
    "사이즈",
    "제작자",
    "베이스 모델",
    "상업적 사용 여부",
    "가중치",
)
_ALLOWED = {"✅": "allowed", "❌": "not allowed", "❓": None}


def fetch(place: Place) -> Iterator[Record]:
    """The rows of the table."""
    for file in place.files("*.md"):
        for row in rows(text(file)):
            if NAME in row.head:
                yield Record(f"{file.name}:{row.line}", row)


def claims(records: Iterable[Record], kit: Kit) -> Iterator[Found]:
    """What each row says."""
    for record in records:
        row: MarkdownRow = record.data
        if row.extra:
            yield kit.issue(
                "cells",
                row.cell(NAME),
                "more cells than the head has",
                " | ".join(row.extra),
                record.locator,
            )
        yield from _row(row, record.locator, kit)


def _row(row: MarkdownRow, at: str, kit: Kit) -> Iterator[Found]:
    name = plain(row.cell(NAME))
    groups = list(
        zip_longest(_split(row.cell(SIZES)), _split(row.cell(BASES)), _split(row.cell(COMMERCIAL)))
    )
    sizes = [
        (size, base, use)
        for group, base, use in groups
        for size in map(str.strip, (group or "").split(","))
    ]
    several = len(sizes) > 1
    family = kit.id("family", name) if several else ""
    if several:
        yield kit.name(family, name, at)
        yield from _made(family, row, at, kit)
    for size, base, use in sizes:
        full = f"{name} {size}" if several else name
        model = kit.id("model", full)
        yield kit.name(model, full, at)
        if family:
            yield kit.say(model, "inFamily", family, at)
        yield from _made(model, row, at, kit)
        yield from _size(model, size, at, kit)
        yield from _base(model, base or groups[0][1] or "", at, kit)
        yield from _weights(model, size if several else "", row, at, kit)
        if use in _ALLOWED:
            yield kit.say(model, "commercialUse", _ALLOWED[use], at, note=f"as written: {use}")


def _split(cell: str) -> list[str]:
    return [part.strip() for part in re.split(r"\s+/\s+", plain(cell))]


def _made(subject: str, row: MarkdownRow, at: str, kit: Kit) -> Iterator[Found]:
    maker = plain(row.cell(MAKER))
    if not kit.group(maker):
        org = kit.id("org", maker)
        yield kit.name(org, maker, at)
        yield kit.say(subject, "developer", org, at)
    for _, address in links(row.cell(NAME)):
        yield kit.say(subject, "url", address, at)


def _size(model: str, size: str, at: str, kit: Kit) -> Iterator[Found]:
    count = parse_size(size).parameters
    if count:
        yield kit.say(model, "parameterCount", count, at, note=f"as written: {size}")
    elif size:
        yield kit.issue("size", model, "not a size", size, at, "parameterCount")


def _base(model: str, base: str, at: str, kit: Kit) -> Iterator[Found]:
    if kit.group(base):
        return
    id = kit.id("model" if parse_size(base).parameters else "family", base)
    yield kit.name(id, base, at)
    yield kit.say(model, "derivedFrom", id, at)


def _weights(model: str, size: str, row: MarkdownRow, at: str, kit: Kit) -> Iterator[Found]:
    for _, address in links(row.cell(WEIGHTS)):
        parent = classify(address)
        if parent.sort == "hub" and size.casefold() in parent.value.casefold():
            yield kit.say(model, "hubId", parent.value, at)
        elif not size:
            yield kit.issue("hub-id", model, "not an address of the Hub", address, at, "hubId")
