"""LLaMA-Factory: which models it can train, each with its ids on the Hub and on ModelScope.

The table is Python, src/llamafactory/extras/constants.py: display name -> where to download it from, in calls of
`register_model_group`. It is parsed and never run. A JSON list of rows [name, [Hub id, ModelScope id, …]], drawn
from it, says the same.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kg.claims.runs import IdentityLink
from kg.files.intake import IntakeFile
from kg.ingest.kit.kit import Found, Kit, Place, Record
from kg.ingest.kit.source_record import SourceRecord
from kg.ingest.sources._python import calls, keyword, literal, parse_python, read_tables
from kg.ingest.sources._repositories import TwinPair, hub_model, is_repository, modelscope_ties
from kg.model.issues import Issue

SOURCE = SourceRecord(
    id="llamafactory",
    label={"en": "LLaMA-Factory's models", "ko": "LLaMA-Factory 지원 모델"},
    description={
        "en": "Models that LLaMA-Factory can train, with their ids on the Hub and on ModelScope.",
        "ko": "LLaMA-Factory로 학습할 수 있는 모델의 허브 ID와 ModelScope ID를 정리한 표입니다.",
    },
    source_type="database",
    license="license/apache-2.0",
    homepage="https://github.com/hiyouga/LLaMA-Factory",
    fetch="https://raw.githubusercontent.com/hiyouga/LLaMA-Factory/main/src/llamafactory/extras/constants.py",
)


class _Row(NamedTuple):
    hub: str
    modelscope: str  # "" if none is given
    at: str


def fetch(place: Place) -> Iterator[Record | Issue]:
    """The rows of the table."""
    return read_tables(place, "source/llamafactory", "constants.py", _table)


def _table(file: IntakeFile) -> Iterator[Record]:
    for call in calls(parse_python(file, "register_model_group"), "register_model_group"):
        models = keyword(call, "models")
        if isinstance(models, ast.Dict):
            for name, places in zip(models.keys, models.values, strict=True):
                row = [literal(name), _places(places)]
                yield Record(f"{file.name}:{places.lineno}", row)


def _places(node: ast.expr) -> list[object]:
    """The ids on the Hub and on ModelScope, by the members of `DownloadSource`."""
    found = {}
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Attribute):
                found[key.attr] = literal(value)
    return [found[place] for place in ("DEFAULT", "MODELSCOPE") if place in found]


def claims(records: Iterable[Record], kit: Kit) -> Iterator[Found | IdentityLink]:
    """What the rows say; they are few, and one may contradict another."""
    rows = []
    for record in records:
        if row := _row(record):
            rows.append(row)
        else:
            yield kit.issue("shape", "", "no id of the Hub", record.data, record.locator)
    told: set[str] = set()
    for row in rows:
        if row.hub not in told:
            told.add(row.hub)
            yield from hub_model(kit, row.hub, row.at)
    yield from modelscope_ties(
        (TwinPair(r.modelscope, r.hub, r.at) for r in rows if r.modelscope), kit
    )


def _row(record: Record) -> _Row | None:
    match record.data:
        case [str(), [hub, *others]] if is_repository(hub) and all(map(is_repository, others)):
            return _Row(hub, others[0] if others else "", record.locator)
    return None
