"""data/catalog/catalog.yaml: what the catalog is made from, and what of it is kept."""

from __future__ import annotations

from pathlib import Path

import msgspec

from kg.errors import DataError
from kg.files.yaml import read_yaml
from kg.ingest.catalog.catalog_files import FOLDER
from kg.messages.message import Message

PLAN = "catalog.yaml"


class SelectionRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which models of a source that is cut are kept; the file says it in words."""

    downloads: int
    languages: frozenset[str]  # ids
    tasks: frozenset[str]  # models for these are left out


class PlannedSource(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A source of the catalog."""

    raw: str  # path in the folder of raw files
    origin: str  # what the raw files are: package and version, repository and commit
    retrieved: str  # date of them, ISO, as exact as it is known
    copyright: str = ""  # as its license file has it
    citation: str = ""  # that its license asks for
    changes: str = ""  # how the raw files differ from what the source publishes
    cut: bool = False


class CatalogPlan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file."""

    selection: SelectionRules
    sources: dict[str, PlannedSource]


def read_plan(data: Path) -> CatalogPlan:
    """Read the plan of a data folder.

    Raises:
        DataError: it is missing or not such a plan.
    """
    name = f"{data.name}/{FOLDER}/{PLAN}"
    file = read_yaml(data / FOLDER / PLAN, name)
    try:
        return msgspec.convert(file.data, CatalogPlan)
    except msgspec.ValidationError as error:
        raise DataError(Message("%(error)s", error=error), name) from error
