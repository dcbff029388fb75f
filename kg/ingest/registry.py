"""The sources there are: modules of a package that define SOURCE, found by being there.

A module is named after its source, with `_` for `-` and `.`: models.dev stands in models_dev.py. So one
source is found without loading the others.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterable, Mapping
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Protocol, TypeGuard, cast

from kg.claims.runs import IdentityLink
from kg.errors import InputError
from kg.ingest import sources
from kg.ingest.kit.kit import Kit, Place, Record
from kg.ingest.kit.pieces import DividedModule
from kg.ingest.kit.source_record import SourceRecord
from kg.messages.message import Message
from kg.model.claim import Claim
from kg.model.issues import Issue


class SourceModule(Protocol):
    """The module of a source."""

    __name__: str
    SOURCE: SourceRecord

    def fetch(self, place: Place) -> Iterable[Record | Issue]:
        """What there is, record by record."""

    def claims(self, records: Iterable[Record], kit: Kit) -> Iterable[Claim | Issue | IdentityLink]:
        """What the records say."""


def find_sources(package: ModuleType = sources) -> Mapping[str, SourceModule]:
    """The sources of a package, by id: each module that defines SOURCE is one; all are loaded."""
    names = [module.name for module in pkgutil.iter_modules(package.__path__)]
    loaded = (import_module(f"{package.__name__}.{name}") for name in names)
    found = [cast(SourceModule, module) for module in loaded if _is_source(module)]
    return {module.SOURCE.id: module for module in sorted(found, key=lambda m: m.SOURCE.id)}


def load_source(id: str, package: ModuleType = sources) -> SourceModule:
    """One source of a package; no other is loaded.

    Raises:
        InputError: there is none of this id; names those there are.
    """
    name = f"{package.__name__}.{re.sub('[-.]', '_', id)}"
    if id and find_spec(name):
        module = import_module(name)
        if _is_source(module) and module.SOURCE.id == id:
            return cast(SourceModule, module)
    raise InputError(
        Message(
            "there is no source %(source)r; known: %(known)s",
            source=id,
            known=list(find_sources(package)),
        )
    )


def is_divided(module: SourceModule) -> TypeGuard[DividedModule]:
    """Whether a source is read in pieces."""
    return hasattr(module, "cut")


def _is_source(module: ModuleType) -> bool:
    return isinstance(getattr(module, "SOURCE", None), SourceRecord)
