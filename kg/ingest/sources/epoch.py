"""Epoch AI's database of models, one table (CSV) of all systems of any domain.

Read by the names of its columns; cells with several values part them by commas, with quotes around a value that
holds one. `Confidence` is how sure Epoch is of its figures, and goes into their notes. `Model accessibility` is
access and no license. `Base model` does not say the kind of derivation. A base model that has no row of its own becomes an entity by its name, since the
column leaves no doubt of its kind. The date is that of publication, announcement or release, whichever came first.

Not read: prose and notes except those on parameters, citations, countries, dataset sizes (in units that differ).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from kg.files.parsing import csv_rows
from kg.ingest.kit._names import NamedThing, SourceNames, ids, makers, repeated
from kg.ingest.kit.kit import Found, Kit, Place, Record
from kg.ingest.kit.parents import is_hub_id
from kg.ingest.kit.source_record import SourceRecord

SOURCE = SourceRecord(
    id="epoch",
    label={"en": "Epoch AI model database", "ko": "Epoch AI 모델 데이터베이스"},
    description={
        "en": "AI models since 1950 with parameters, training compute, hardware, access and base models.",
        "ko": "1950년 이후 AI 모델의 파라미터 수, 학습 연산량, 하드웨어, 공개 방식, 원본 모델을 모은 데이터베이스입니다.",
    },
    source_type="database",
    license="license/cc-by-4.0",
    homepage="https://epoch.ai/data/ai-models",
    fetch="https://epoch.ai/data/all_ai_models.csv",
)

NUMBERS = {
    "Parameters": ("parameterCount", True),
    "Training compute (FLOP)": ("trainingFlop", False),
    "Training time (hours)": ("trainingTime", False),
    "Training chip-hours": ("trainingCompute", False),
    "Training compute cost (2023 USD)": ("trainingCost", False),
    "Hardware quantity": ("trainingChipCount", True),
    "Epochs": ("trainingEpochs", False),
}  # column -> property, whether whole
NOTES = {
    "Training chip-hours": "chip-hours",
    "Training compute cost (2023 USD)": "in US dollars of 2023",
}
LISTS = {
    "Training dataset": ("trainedOn", "dataset"),
    "Training hardware": ("trainingHardware", "hardware"),
}  # column -> property, kind
UNRELEASED, NON_COMMERCIAL = "Unreleased", "Open weights (non-commercial)"
ACCESS = {
    "Open weights (unrestricted)": "open-weights",
    "Open weights (restricted use)": "open-weights",
    NON_COMMERCIAL: "open-weights",
    "API access": "api-only",
    UNRELEASED: "unreleased",
}  # as written -> code; what is hosted without an API has none


class _System(NamedTuple):
    id: str
    cells: Mapping[str, str]
    at: str

    def cell(self, name: str) -> str:
        return " ".join(self.cells.get(name, "").split())

    def values(self, name: str) -> list[str]:
        return values(self.cells.get(name, ""))


def values(cell: str) -> list[str]:
    """The values of a cell.

    >>> values('NVIDIA,"SambaNova Systems, Inc",')
    ['NVIDIA', 'SambaNova Systems, Inc']
    """
    parts = next(csv.reader([cell.replace("\n", " ").replace("\r", " ")]), [])
    return [" ".join(part.split()) for part in parts if part.strip()]


def fetch(place: Place) -> Iterator[Record]:
    """The rows of the table."""
    for file in place.files("*.csv"):
        for line, row in csv_rows(file):
            if "Model" in row:
                yield Record(f"{file.name}:{line}", row)


def claims(records: Iterable[Record], kit: Kit) -> Iterator[Found]:
    """What each row says; rows name each other as base models."""
    good = []
    for record in records:
        if record.data["Model"].strip():
            good.append(record)
        else:
            yield kit.issue(
                "empty", record.locator, "a row without a name", record.data, record.locator
            )
    found = ids(
        [NamedThing("model", r.data["Model"], r.data.get("Organization", "")) for r in good], kit.id
    )
    yield from repeated(found, kit, [record.locator for record in good])
    names = SourceNames((record.data["Model"], id) for record, id in zip(good, found, strict=True))
    for record, id in zip(good, found, strict=True):
        system = _System(id, record.data, record.locator)
        yield kit.name(id, system.cell("Model"), system.at)
        yield from makers(kit, id, system.values("Organization"), system.at)
        yield from _facts(system, kit)
        yield from _numbers(system, kit)
        yield from _lists(system, kit)
        yield from _access(system, kit)
        yield from _bases(system, names, kit)


def _facts(system: _System, kit: Kit) -> Iterator[Found]:
    unreleased = system.cell("Model accessibility") == UNRELEASED
    date = "announcedDate" if unreleased else "releaseDate"
    yield from kit.value(
        system.id,
        date,
        system.cell("Publication date"),
        system.at,
        note="publication, announcement or release, whichever came first",
    )
    for address in re.findall(r"https?://\S+", system.cell("Link")):
        yield kit.say(system.id, "url", address, system.at)
    domain = system.cell("Domain")
    for task in system.values("Task"):
        yield kit.say(
            system.id, "task", task, system.at, note=f"domain: {domain}" if domain else ""
        )
    if system.cell("Foundation model") == "checked":
        yield kit.say(system.id, "describedAs", "foundation model", system.at)
    owner = system.cell("Hugging Face developer id")
    if owner and is_hub_id(owner) and "/" not in owner:
        yield kit.name(f"org/hf/{owner}", owner, system.at)
        yield kit.say(system.id, "publisher", f"org/hf/{owner}", system.at)


def _numbers(system: _System, kit: Kit) -> Iterator[Found]:
    for column, (property, whole) in NUMBERS.items():
        if not (text := system.cell(column)):
            continue
        number = _number(text)
        if number is None:
            yield kit.issue("number", system.id, "not a number", text, system.at, property)
        else:
            value = round(number) if whole else float(number)
            yield kit.say(system.id, property, value, system.at, note=_note(system, column, number))


def _number(text: str) -> Decimal | None:
    """
    >>> _number("24000000000.0"), _number("$9,551.59"), _number("many")
    (Decimal('24000000000.0'), Decimal('9551.59'), None)
    """
    try:
        number = Decimal(text.removeprefix("$").replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < Decimal("1e100") else None


def _note(system: _System, column: str, number: Decimal) -> str:
    parts = [NOTES.get(column, ""), f"confidence: {system.cell('Confidence') or 'not stated'}"]
    if column == "Parameters":
        if number % 1:
            parts.append(f"as written: {number}")
        parts.append(system.cell("Parameters notes")[:120])
    return "; ".join(part for part in parts if part)


def _lists(system: _System, kit: Kit) -> Iterator[Found]:
    for column, (property, kind) in LISTS.items():
        for name in system.values(column):
            if kit.group(name):
                yield from kit.value(system.id, property, name, system.at)
                continue
            id = kit.id(kind, name)
            yield kit.name(id, name, system.at)
            yield kit.say(system.id, property, id, system.at)


def _access(system: _System, kit: Kit) -> Iterator[Found]:
    access, code = system.cell("Model accessibility"), system.cell("Training code accessibility")
    if access:
        yield kit.say(system.id, "openness", f"model: {access}", system.at)
    if code:
        yield kit.say(system.id, "openness", f"training code: {code}", system.at)
    if access in ACCESS:
        yield kit.say(system.id, "access", ACCESS[access], system.at)
    if access == NON_COMMERCIAL:
        yield kit.say(
            system.id, "commercialUse", "not allowed", system.at, note=f"as written: {access}"
        )


def _bases(system: _System, names: SourceNames, kit: Kit) -> Iterator[Found]:
    for name in system.values("Base model"):
        found = names.find(name)
        if system.id in found:
            yield kit.issue("self", system.id, "is named as its own base", name, system.at)
            continue
        base = found[0] if len(found) == 1 else kit.id("model", name)
        if not found:
            yield kit.name(base, name, system.at)
            yield kit.issue(
                "dangling",
                system.id,
                "the table has no row of this name",
                name,
                system.at,
                "derivedFrom",
            )
        yield kit.say(system.id, "derivedFrom", base, system.at)
