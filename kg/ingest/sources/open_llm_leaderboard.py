"""The Open LLM Leaderboard of Hugging Face: its table of submissions, version 2 (2024–2025) and 1 (2023).

Version 2 names a base model, which is mostly the model itself; `X (Merge)` says that it is a merge.
Version 1's column Parameters holds shares and no counts. Scores are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation

from kg.errors import DataError
from kg.files.parsing import csv_rows
from kg.ingest.kit.kit import Found, Kit, Place, Record, unreadable
from kg.ingest.kit.parents import classify, is_hub_id
from kg.ingest.kit.source_record import SourceRecord
from kg.model.claim import Said
from kg.model.issues import Issue

SOURCE = SourceRecord(
    id="open-llm-leaderboard",
    label={"en": "Open LLM Leaderboard", "ko": "Open LLM 리더보드"},
    description={
        "en": "Table of the models submitted to the Open LLM Leaderboard of Hugging Face, with base models, licenses and sizes.",
        "ko": "허깅페이스 Open LLM 리더보드에 제출된 모델의 베이스 모델, 라이선스, 크기를 담은 표입니다.",
    },
    source_type="leaderboard",
    homepage="https://huggingface.co/datasets/open-llm-leaderboard/contents",
)

_HREF = re.compile(r'href="([^"]+)"')
_MERGE = "(Merge)"
_MERGES = "merges"  # of a type such as "🤝 base merges and moerges"

Row = Mapping[str, str]


def fetch(place: Place) -> Iterator[Record | Issue]:
    """The rows of the tables."""
    for file in place.files("*.csv"):
        try:
            for line, row in csv_rows(file):
                yield Record(f"{file.name}:{line}", row)
        except DataError as error:
            yield unreadable(str(error), file.name, "source/open-llm-leaderboard")


def claims(records: Iterable[Record], kit: Kit) -> Iterator[Found]:
    """What each row says; a model that was submitted in two precisions stands in two rows."""
    told: set[Found] = set()
    for record in records:
        for found in _row(record.data, record.locator, kit):
            if isinstance(found, Issue):
                yield found
            elif (key := _without_place(found)) not in told:
                told.add(key)
                yield found


def _without_place(claim: Found) -> Found:
    return (
        claim
        if isinstance(claim, Issue)
        else claim.__class__(
            claim.subject, claim.property, Said(value=claim.said.value, source=claim.said.source)
        )
    )


def _row(row: Row, at: str, kit: Kit) -> Iterator[Found]:
    name = hub_name(row)
    if not is_hub_id(name):
        yield kit.issue("hub-id", "", "not an id of the Hub", row.get("Model", ""), at, "hubId")
        return
    subject = f"model/hf/{name}"
    owner, _, tail = name.rpartition("/")
    yield kit.name(subject, tail, at, lang="en")
    yield kit.say(subject, "hubId", name, at)
    if owner:
        yield kit.name(f"org/hf/{owner}", owner, at, lang="en")
        yield kit.say(subject, "publisher", f"org/hf/{owner}", at)
    if uploaded := row.get("Upload To Hub Date"):
        yield kit.say(subject, "repositoryCreated", uploaded[:10], at)
    yield from kit.license(subject, row.get("Hub License"), at)
    yield from _size(row, subject, at, kit)
    if base := row.get("Base Model", ""):
        yield from _base(base, row, name, at, kit)


def hub_name(row: Row) -> str:
    """The Hub id of a row, which some copies hold only as a link.

    >>> hub_name({"Model": '<a target="_blank" href="https://huggingface.co/a/b">a/b</a>  <a href="…">📑</a>'})
    'a/b'
    """
    if row.get("fullname"):
        return row["fullname"].strip()
    model = row.get("Model", "").strip()
    found = _HREF.search(model)
    parent = classify(found[1]) if found else None
    return parent.value if parent and parent.sort == "hub" else model


def _size(row: Row, subject: str, at: str, kit: Kit) -> Iterator[Found]:
    """The count in billions, rounded to millions; -1 and 0 stand for unknown."""
    text = row.get("#Params (B)", "")
    if not text:
        return
    try:
        count = int(Decimal(text) * 10**9)
    except (InvalidOperation, OverflowError, ValueError):
        count = 0
    if count > 0:
        yield kit.say(subject, "parameterCount", count, at, note=f"as written: {text} B")
    else:
        yield kit.issue("size", subject, "not a size", text, at, "parameterCount")


def _base(base: str, row: Row, name: str, at: str, kit: Kit) -> Iterator[Found]:
    """The base model of a row; for merges, one of those that were merged."""
    is_merge = base.endswith(_MERGE)
    merged = is_merge or (_MERGES in row.get("Type", "") and row.get("Merged") == "True")
    text = base.removesuffix(_MERGE).strip()
    note = f"as written: {base}" if is_merge else ""
    yield from kit.derive(
        f"model/hf/{name}", "mergedFrom" if merged else "derivedFrom", text, at, own=name, note=note
    )
