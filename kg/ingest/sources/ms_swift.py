"""ms-swift: which models it can train, each with its ids on ModelScope and on the Hub.

The table is Python, swift/model/models/*.py: `Model('<ModelScope id>', '<Hub id>')` in a `ModelMeta`, which names
the architectures. It is parsed and never run. A JSON list of rows {ms, hf, arch}, drawn from it, says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kg.claims.runs import IdentityLink
from kg.files.intake import IntakeFile
from kg.files.parsing import listed
from kg.ingest.kit.kit import Found, Kit, Place, Record
from kg.ingest.kit.source_record import SourceRecord
from kg.ingest.sources._python import calls, keyword, literal, parse_python, read_tables
from kg.ingest.sources._repositories import TwinPair, hub_model, is_repository, modelscope_ties
from kg.model.issues import Issue

SOURCE = SourceRecord(
    id="ms-swift",
    label={"en": "ms-swift's models", "ko": "ms-swift 지원 모델"},
    description={
        "en": "Models that ms-swift can train, with their ids on ModelScope and on the Hub and their architectures.",
        "ko": "ms-swift로 학습할 수 있는 모델의 ModelScope ID와 허브 ID, 아키텍처를 정리한 표입니다.",
    },
    source_type="database",
    license="license/apache-2.0",
    homepage="https://github.com/modelscope/ms-swift",
    fetch="https://github.com/modelscope/ms-swift/archive/refs/heads/main.tar.gz",
)


class _Row(NamedTuple):
    modelscope: str  # "" if it stands only on the Hub
    hub: str  # "" if it stands only on ModelScope
    architectures: list[str]
    at: str


def fetch(place: Place) -> Iterator[Record | Issue]:
    """The rows of the tables."""
    return read_tables(place, "source/ms-swift", ".py", _table, _is_row)


def _is_row(row: object) -> bool:
    return isinstance(row, dict) and "ms" in row


def _table(file: IntakeFile) -> Iterator[Record]:
    for meta in calls(parse_python(file, "ModelMeta("), "ModelMeta"):
        architectures = literal(keyword(meta, "architectures"))
        for model in calls(meta, "Model"):
            given = [literal(argument) for argument in model.args[:2]]
            ms, hf = [*given, None, None][:2]
            row = {"ms": ms, "hf": hf, "arch": architectures}
            yield Record(f"{file.name}:{model.lineno}", row)


def claims(records: Iterable[Record], kit: Kit) -> Iterator[Found | IdentityLink]:
    """What the rows say; they are few, and one may contradict another."""
    rows = []
    for record in records:
        if row := _row(record):
            rows.append(row)
        else:
            yield kit.issue("shape", "", "no pair of ids", record.data, record.locator)
    told: set[str] = set()
    for row in rows:
        subject = f"model/hf/{row.hub}" if row.hub else f"model/ms/{row.modelscope}"
        if subject not in told:
            told.add(subject)
            yield from _model(subject, row, kit)
    pairs = (
        TwinPair(row.modelscope, row.hub, row.at) for row in rows if row.modelscope and row.hub
    )
    yield from modelscope_ties(pairs, kit)


def _row(record: Record) -> _Row | None:
    ms, hf = record.data["ms"], record.data.get("hf")
    named = [id for id in (ms, hf) if id is not None]
    if not named or not all(map(is_repository, named)):
        return None
    architectures = [str(one) for one in listed(record.data.get("arch"))]
    return _Row(ms or "", hf or "", architectures, record.locator)


def _model(subject: str, row: _Row, kit: Kit) -> Iterator[Found]:
    if row.hub:
        yield from hub_model(kit, row.hub, row.at)
    else:
        yield kit.name(subject, row.modelscope.rpartition("/")[2], row.at, lang="en")
        yield kit.say(subject, "modelScopeId", row.modelscope, row.at)
    if len(row.architectures) == 1:
        architecture = kit.id("architecture", row.architectures[0])
        yield kit.name(architecture, row.architectures[0], row.at, lang="en")
        yield kit.say(subject, "usesArchitectureOf", architecture, row.at)
    elif row.architectures:
        message = "several architectures, of which the model has one"
        named = ", ".join(row.architectures)
        yield kit.issue("architecture", subject, message, named, row.at, "usesArchitectureOf")
