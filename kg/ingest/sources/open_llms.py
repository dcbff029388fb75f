"""eugeneyan/open-llms: three kinds of tables, of models, of models for code and of datasets (README.md).

A row is a release. With one size it is a model if its name says the size or it has one checkpoint,
else a family; each checkpoint on the Hub is a model of it. A range of sizes names no models.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from kg.files.parsing import text
from kg.ingest.kit._markdown import MarkdownRow, links, plain, rows
from kg.ingest.kit._sizes import parse_size
from kg.ingest.kit.kit import Found, Kit, Place, Record
from kg.ingest.kit.parents import classify
from kg.ingest.kit.source_record import SourceRecord
from kg.language.writing import slug

SOURCE = SourceRecord(
    id="open-llms",
    label={"en": "Open LLMs", "ko": "Open LLMs 목록"},
    description={
        "en": "List of language models that their licenses allow to be used commercially, with sizes and context lengths.",
        "ko": "상업적으로 쓸 수 있는 언어모델의 라이선스, 크기, 컨텍스트 길이를 정리한 목록입니다.",
    },
    source_type="list",
    license="license/apache-2.0",
    homepage="https://github.com/eugeneyan/open-llms",
    fetch="https://raw.githubusercontent.com/eugeneyan/open-llms/main/README.md",
)

MODEL, DATASET = "Language Model", "Dataset"
SIZES, CONTEXT = "Params (B)", "Context Length"
_DATE = re.compile(r"(\d{4})/(\d{2})(?:/(\d{2}))?")
_LIST = re.compile(r"\d+(?:\.\d+)?(?:\s*,\s*\d+(?:\.\d+)?)*")
_RANGE = re.compile(r"[\d.]+\s*[-–]\s*[\d.]+")
_TOKENS = re.compile(r"(\d+)\s*([kKM]?)\s*(?:\([^)]*\))?")
_COUNTS = {"Tokens (T)": 0, "Samples (K)": 10**3}  # 0: tokens are no items


class ReleasedModel(NamedTuple):
    """What a row is about, with the sizes it names, in parameters."""

    id: str
    name: str
    sizes: tuple[int, ...]


def fetch(place: Place) -> Iterator[Record]:
    """The rows of the tables."""
    for file in place.files("*.md"):
        for row in rows(text(file)):
            if MODEL in row.head or DATASET in row.head:
                yield Record(f"{file.name}:{row.line}", row)


def claims(records: Iterable[Record], kit: Kit) -> Iterator[Found]:
    """What each row says."""
    for record in records:
        row: MarkdownRow = record.data
        if row.extra:
            yield kit.issue(
                "cells",
                row.cells[0],
                "more cells than the head has",
                " | ".join(row.extra),
                record.locator,
            )
        read = _models if MODEL in row.head else _dataset
        yield from read(row, record.locator, kit)


def _models(row: MarkdownRow, at: str, kit: Kit) -> Iterator[Found]:
    name = plain(row.cell(MODEL))
    release = _release(row, name, kit)
    yield kit.name(release.id, name, at)
    hub, other = _checkpoints(row)
    own = _own(release, hub, other)
    yield from _about(release.id, row, at, kit, own)
    yield from _sizes(release, row, at, kit)
    members = {} if release.id.startswith("model/") else dict(_members(release, hub, kit))
    for address in other:
        yield kit.say(release.id, "url", address, at)
    if own:
        yield kit.say(release.id, "hubId", own, at)
    for member, (full, size, checkpoint) in members.items():
        yield kit.name(member, full, at)
        yield from _member(member, release, size, row, at, kit, checkpoint)
        if checkpoint:
            yield kit.say(member, "hubId", checkpoint, at)
    named = {own, *(checkpoint for _, _, checkpoint in members.values())}
    for checkpoint in (c for c in hub if c not in named):
        model = f"model/hf/{checkpoint}"
        yield kit.name(model, checkpoint.rpartition("/")[2], at)
        yield from _member(model, release, _stated(checkpoint, release.sizes), row, at, kit)


def _release(row: MarkdownRow, name: str, kit: Kit) -> ReleasedModel:
    cell = plain(row.cell(SIZES))
    numbers = re.findall(r"[\d.]+", cell) if _LIST.fullmatch(cell) else []
    sizes = tuple(int(Decimal(n) * 10**9) for n in numbers)
    said = parse_size(name)
    lone = bool(said.parameters or said.mixture) or len(links(row.cell("Checkpoints"))) == 1
    return ReleasedModel(
        kit.id("model" if len(sizes) == 1 and lone else "family", name), name, sizes
    )


def _checkpoints(row: MarkdownRow) -> tuple[list[str], list[str]]:
    """The Hub ids, and the other addresses, of the cell of checkpoints."""
    sorted_out = [classify(address) for _, address in links(row.cell("Checkpoints"))]
    hub = [p.value for p in sorted_out if p.sort == "hub" and "/" in p.value]
    return list(dict.fromkeys(hub)), [p.value for p in sorted_out if p.sort == "url"]


def _own(release: ReleasedModel, hub: list[str], other: list[str]) -> str:
    """The checkpoint that a model's row is about: the only one, or the one of that name."""
    if not release.id.startswith("model/"):
        return ""
    if len(hub) == 1 and not other:
        return hub[0]
    return next((h for h in hub if slug(h.rpartition("/")[2]) == slug(release.name)), "")


def _members(
    release: ReleasedModel, hub: list[str], kit: Kit
) -> Iterator[tuple[str, tuple[str, int, str]]]:
    """A model for each size of a list: its name, its size, the only checkpoint of that size."""
    if len(release.sizes) < 2:
        return
    for size in release.sizes:
        full = f"{release.name} {Decimal(size) / 10**9:f}B"
        fitting = [h for h in hub if _stated(h, release.sizes) == size]
        yield kit.id("model", full), (full, size, fitting[0] if len(fitting) == 1 else "")


def _stated(checkpoint: str, sizes: tuple[int, ...]) -> int:
    """Which of a row's sizes a checkpoint has: the only one, or the one in its name; 0 if none."""
    name = checkpoint.rpartition("/")[2].replace("_", "-").replace("-", " ")
    size = sizes[0] if len(sizes) == 1 else parse_size(name).parameters or 0
    return size if size in sizes else 0


def _member(
    model: str,
    release: ReleasedModel,
    size: int,
    row: MarkdownRow,
    at: str,
    kit: Kit,
    hub: str = "",
) -> Iterator[Found]:
    if release.id.startswith("family/"):
        yield kit.say(model, "inFamily", release.id, at)
    if size:
        yield kit.say(model, "parameterCount", size, at, note=f"as written: {row.cell(SIZES)} (B)")
    yield from _licensed(model, row, at, kit, hub)


def _about(subject: str, row: MarkdownRow, at: str, kit: Kit, hub: str = "") -> Iterator[Found]:
    """What every row says: date, papers, context length, license."""
    date = plain(row.cell("Release Date"))
    if match := _DATE.fullmatch(date):
        yield kit.say(subject, "releaseDate", "-".join(p for p in match.groups() if p), at)
    elif date:
        yield kit.issue("date", subject, "not a date", date, at, "releaseDate")
    for title, address in links(row.cell("Paper/Blog")):
        yield from _paper(subject, title, address, at, kit)
    yield from _context(subject, row, at, kit)
    yield from _licensed(subject, row, at, kit, hub)


def _paper(subject: str, title: str, address: str, at: str, kit: Kit) -> Iterator[Found]:
    if kit.group(title) or slug(title) in ("github", "paper", "technical-report"):
        yield kit.say(subject, "url", address, at)
        return
    paper = kit.id("publication", title)
    yield kit.name(paper, title, at)
    yield kit.say(paper, "url", address, at)
    yield kit.say(subject, "paper", paper, at)
    if number := re.search(r"arxiv\.org/(?:abs|pdf)/(\d{4}\.\d{4,5})", address):
        yield kit.say(paper, "arxivId", number[1], at)


def _context(subject: str, row: MarkdownRow, at: str, kit: Kit) -> Iterator[Found]:
    cell = plain(row.cell(CONTEXT))
    if match := _TOKENS.fullmatch(cell):
        count = int(match[1]) * {"": 1, "k": 10**3, "m": 10**6}[match[2].casefold()]
        yield kit.say(subject, "contextLength", count, at, note=f"as written: {cell}")
    elif not kit.group(cell):
        yield kit.issue("context", subject, "not one context length", cell, at, "contextLength")


def _licensed(subject: str, row: MarkdownRow, at: str, kit: Kit, hub: str = "") -> Iterator[Found]:
    cell = row.cell("Licence") or row.cell("License")
    linked = links(cell)
    said, link = linked[0] if linked else (plain(cell), "")
    if "," in said:
        yield kit.issue(
            "license", subject, "several licenses, and not which is for what", said, at, "license"
        )
        return
    rest = plain(cell).removeprefix(said).strip() if linked else ""
    yield from kit.license(subject, said, at, link=link, note=rest, hub=hub)


def _sizes(release: ReleasedModel, row: MarkdownRow, at: str, kit: Kit) -> Iterator[Found]:
    cell = plain(row.cell(SIZES))
    if release.id.startswith("model/"):
        yield kit.say(
            release.id, "parameterCount", release.sizes[0], at, note=f"as written: {cell} (B)"
        )
    elif _RANGE.fullmatch(cell):
        yield kit.say(release.id, "feature", f"{cell} billion parameters", at)
    elif not release.sizes and not kit.group(cell):
        yield kit.issue("size", release.id, "not a list of sizes", cell, at, "parameterCount")


def _dataset(row: MarkdownRow, at: str, kit: Kit) -> Iterator[Found]:
    name = plain(row.cell("Name"))
    dataset = kit.id("dataset", name)
    yield kit.name(dataset, name, at)
    yield from _about(dataset, row, at, kit)
    for _, address in links(row.cell(DATASET)):
        hub = re.fullmatch(r"https?://huggingface\.co/datasets/([\w.-]+/[\w.-]+)/?", address)
        yield kit.say(dataset, "hubId" if hub else "url", hub[1] if hub else address, at)
    for column, scale in _COUNTS.items():
        amount = plain(row.cell(column)).replace(",", "")
        if re.fullmatch(r"\d+(\.\d+)?", amount):
            yield _amount(dataset, Decimal(amount), scale, column, at, kit)


def _amount(dataset: str, amount: Decimal, scale: int, column: str, at: str, kit: Kit) -> Found:
    if not scale:
        return kit.say(dataset, "feature", f"{amount} trillion tokens", at)
    return kit.say(dataset, "itemCount", int(amount * scale), at, note=f"as written: {column}")
