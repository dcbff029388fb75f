"""Epoch AI's database of models: tables (CSV) that overlap, of notable, large, benchmarked or all systems.

The same name with the same organization is one model in all of them: what two tables say alike is one claim with a place
in each, what they say differently stands as two. A table of benchmarked versions (`id_model_version`) has a row for each
version and setting; it is read for the model of the row, and where none is named, for the version itself. Its ids of
versions are Epoch's own, and not always what an API calls them.

Read by the names of its columns; cells with several values part them by commas, with quotes around a value that
holds one. `Confidence` is how sure Epoch is of its figures, and goes into their notes. `Model accessibility` is
access and no license. `Base model` does not say the kind of derivation. A base model that has no row of its own becomes
an entity by its name, since the column leaves no doubt of its kind. The date is that of publication, announcement or
release, whichever came first. A repository of the Hub among the links is the model only if it has its name.

The country of an organization is that of a row of its own, or of a row that names a country for each organization; of
one that names fewer nothing is told.

Not read: prose and notes except those on parameters, citations, dataset sizes (in units that differ).
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from kg.files.parsing import csv_rows
from kg.ingest.kit._names import NamedThing, SourceNames, ids, makers, repeated
from kg.ingest.kit._tables import agreeing, table_of
from kg.ingest.kit.kit import Found, Kit, Place, Record, unreadable
from kg.ingest.kit.parents import classify, is_hub_id
from kg.ingest.kit.source_record import SourceRecord
from kg.ingest.sources._epoch_countries import read_countries
from kg.ingest.sources._epoch_units import figure, too_small_for, unit_slip
from kg.language.writing import slug
from kg.model.issues import Issue

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
    fetch="https://epoch.ai/data/ai_models.zip",
)

# Column -> property, whether whole
NUMBERS = {
    "Parameters": ("parameterCount", True),
    "Training compute (FLOP)": ("trainingFlop", False),
    "Training time (hours)": ("trainingTime", False),
    "Training chip-hours": ("trainingCompute", False),
    "Training compute cost (2023 USD)": ("trainingCost", False),
    "Hardware quantity": ("trainingChipCount", True),
    "Epochs": ("trainingEpochs", False),
}
NOTES = {
    "Training chip-hours": "chip-hours",
    "Training compute cost (2023 USD)": "in US dollars of 2023",
}
# Column -> property, kind
LISTS = {
    "Training dataset": ("trainedOn", "dataset"),
    "Training hardware": ("trainingHardware", "hardware"),
}
COLUMNS = frozenset(
    (
        "Organization",
        "Publication date",
        "Parameters",
        "Training compute (FLOP)",
        "Link",
        "Base model",
    )
) | {"Model accessibility"}  # each is in some table; one that is in none was renamed
UNRELEASED, NON_COMMERCIAL = "Unreleased", "Open weights (non-commercial)"
# As written -> code; what is hosted without an API has none
ACCESS = {
    "Open weights (unrestricted)": "open-weights",
    "Open weights (restricted use)": "open-weights",
    NON_COMMERCIAL: "open-weights",
    "API access": "api-only",
    UNRELEASED: "unreleased",
}
WHICHEVER = "publication, announcement or release, whichever came first"
VERSION = "id_model_version"  # column of the table of benchmarked versions
# The setting with which a version was tried, at the end of its id
_SETTING = re.compile(
    r"_(?:none|minimal|low|medium|x?high|(?:pro)?max|(?:pro)?unknown|thinking|\d+k)$", re.IGNORECASE
)


class _System(NamedTuple):
    id: str
    name: str
    cells: Mapping[str, str]
    at: str

    def cell(self, name: str) -> str:
        return _cell(self.cells, name)

    def values(self, name: str) -> list[str]:
        return values(self.cells.get(name, ""))


def _cell(cells: Mapping[str, str], name: str) -> str:
    return " ".join(cells.get(name, "").split())


def values(cell: str) -> list[str]:
    """The values of a cell.

    >>> values('NVIDIA,"SambaNova Systems, Inc",')
    ['NVIDIA', 'SambaNova Systems, Inc']
    """
    parts = next(csv.reader([cell.replace("\n", " ").replace("\r", " ")]), [])
    return [" ".join(part.split()) for part in parts if part.strip()]


def fetch(place: Place) -> Iterator[Record | Issue]:
    """The rows of the tables."""
    for file in place.files("*.csv"):
        for line, row in csv_rows(file):
            if "Model" not in row and VERSION not in row:
                yield unreadable("a table without a column Model", file.name, f"source/{SOURCE.id}")
                break
            yield Record(f"{file.name}:{line}", row)


def claims(records: Iterable[Record], kit: Kit) -> Iterator[Found]:
    """What each row says; rows name each other as base models."""
    good = []
    for record in records:
        if _name(record.data):
            good.append(record)
        else:
            yield kit.issue(
                "empty", record.locator, "a row without a name", record.data, record.locator
            )
    for column in sorted(COLUMNS.difference(*(record.data for record in good))) if good else ():
        yield kit.issue("column", column, "no table has this column any more", column)
    systems = _systems(good, kit)
    yield from _repeated(systems, kit)
    yield from agreeing(_all(systems, kit))


def _all(systems: Sequence[_System], kit: Kit) -> Iterator[Found]:
    names = SourceNames((system.name, system.id) for system in systems)
    for system in systems:
        yield kit.name(system.id, system.name, system.at)
        yield from makers(kit, system.id, system.values("Organization"), system.at)
        yield from _facts(system, kit)
        yield from _links(system, kit)
        yield from _numbers(system, kit)
        yield from _lists(system, kit)
        yield from _access(system, kit)
        yield from _bases(system, names, kit)
    column = "Country (of organization)"
    rows = ((row.values("Organization"), row.values(column), row.at) for row in systems)
    yield from read_countries(rows, kit)


def _name(cells: Mapping[str, str]) -> str:
    """What the model of a row is called; that of a version alone by the version, without host and setting.

    >>> _name({"Model": "", "id_model_version": "chutes/GLM-4.5-FP8_none"})
    'GLM-4.5-FP8'
    """
    version = _SETTING.sub("", _cell(cells, VERSION)).rpartition("/")[2]
    return _cell(cells, "Model") or _cell(cells, "Display name") or version


def _systems(records: Sequence[Record], kit: Kit) -> list[_System]:
    """The rows with their ids; a row without an organization is of the only one that has its name."""
    named = [(_name(record.data), record.data.get("Organization", "")) for record in records]
    known: dict[str, set[str]] = defaultdict(set)
    for name, maker in named:
        known[slug(name)] |= {maker} - {""}
    things = [NamedThing("model", name, maker or _only(known[slug(name)])) for name, maker in named]
    return [
        _System(id, thing.name, record.data, record.locator)
        for id, thing, record in zip(ids(things, kit.id), things, records, strict=True)
    ]


def _only(makers: set[str]) -> str:
    return next(iter(makers)) if len(makers) == 1 else ""


def _repeated(systems: Sequence[_System], kit: Kit) -> Iterator[Found]:
    """Rows of one name in one table; a model has many rows where each is a version."""
    tables: dict[str, list[_System]] = defaultdict(list)
    for system in systems:
        if VERSION not in system.cells:
            tables[table_of(system.at)].append(system)
    for rows in tables.values():
        yield from repeated([row.id for row in rows], kit, [row.at for row in rows])


def _facts(system: _System, kit: Kit) -> Iterator[Found]:
    unreleased = system.cell("Model accessibility") == UNRELEASED
    property = "announcedDate" if unreleased else "releaseDate"
    date, note = system.cell("Publication date"), WHICHEVER
    if not system.cell("Model"):  # a version that is a model of its own here
        date, note = system.cell("Version release date"), "of this version"
    yield from kit.value(system.id, property, date, system.at, note=note)
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


def _links(system: _System, kit: Kit) -> Iterator[Found]:
    """Its pages; the repository that has its name is the model itself."""
    own = set()
    for address in re.findall(r"https?://\S+", system.cell("Link")):
        yield kit.say(system.id, "url", address, system.at)
        parent = classify(address)
        if parent.sort == "hub" and slug(parent.value.rpartition("/")[2]) == slug(system.name):
            own.add(parent.value)
    if len(own) == 1:
        yield kit.say(system.id, "hubId", own.pop(), system.at)
    elif own:
        told, which = "several repositories have its name", ", ".join(sorted(own))
        yield kit.issue("hub-id", system.id, told, which, system.at, "hubId")


def _numbers(system: _System, kit: Kit) -> Iterator[Found]:
    for column, (property, whole) in NUMBERS.items():
        if not (text := system.cell(column)):
            continue
        number = figure(text)
        if number is None:
            yield kit.issue("number", system.id, "not a number", text, system.at, property)
        elif property == "parameterCount" and (slip := _slip(system, number)):
            yield kit.issue("unit-slip", system.id, slip, text, system.at, property)
        else:
            value = round(number) if whole else float(number)
            yield kit.say(system.id, property, value, system.at, note=_note(system, column, number))


def _slip(system: _System, number: Decimal) -> str:
    """Why a number of parameters is in the wrong unit, by its own row; "" if nothing speaks against it."""
    if said := unit_slip(number, (system.cell("Parameters notes"), system.name)):
        return f"the row says {said} as well, which is in another unit"
    compute = figure(system.cell("Training compute (FLOP)"))
    if "Language" in system.values("Domain") and compute and too_small_for(number, compute):
        return f"a model of this size has no use for {compute} FLOP"
    return ""


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
