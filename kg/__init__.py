"""The genealogy of language models: claims in, a snapshot out, answers from it.

    import kg

    with kg.open_snapshot() as snapshot:
        print(kg.show(snapshot, "koalpaca"))

The names below are all that a program needs, docs/library.md lists them; each is loaded when it is first used,
so that none pays for another. Everything else in this package is its own business and may move.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # what follows below at run time, for type checkers and editors
    from kg.answers.advice.proposal import Proposal as Proposal
    from kg.answers.advice.what_if import what_if as what_if
    from kg.answers.compare import compare as compare
    from kg.answers.contract import to_json as to_json
    from kg.answers.gaps.answer import AuditRequest as AuditRequest
    from kg.answers.gaps.audit import audit as audit
    from kg.answers.genealogy import Where as Where
    from kg.answers.genealogy import lineage_graph as lineage_graph
    from kg.answers.license import license_answer as license_answer
    from kg.answers.lineage import lineage as lineage
    from kg.answers.paths import paths as paths
    from kg.answers.search import search as search
    from kg.answers.search import suggest as suggest
    from kg.answers.show import show as show
    from kg.answers.sparql import query as query
    from kg.answers.tree.answer import family_tree as family_tree
    from kg.build.build import build as build
    from kg.config import Config as Config
    from kg.config import load_config as load_config
    from kg.errors import BuildError as BuildError
    from kg.errors import CheckFailed as CheckFailed
    from kg.errors import ConfigError as ConfigError
    from kg.errors import DataError as DataError
    from kg.errors import InputError as InputError
    from kg.errors import KGError as KGError
    from kg.errors import NoSnapshot as NoSnapshot
    from kg.errors import NotInstalled as NotInstalled
    from kg.errors import QueryError as QueryError
    from kg.errors import QueryFailed as QueryFailed
    from kg.errors import SnapshotError as SnapshotError
    from kg.errors import UnknownFormat as UnknownFormat
    from kg.errors import UnknownId as UnknownId
    from kg.export.export import export as export
    from kg.licenses.profile import Profile as Profile
    from kg.snapshot.snapshot import Snapshot as Snapshot
    from kg.snapshot.snapshot import open_snapshot as open_snapshot
    from kg.sparql.request import Limits as Limits
    from kg.version import __version__ as __version__

_HOMES = {  # each public name, and the module it stands in
    "open_snapshot": "kg.snapshot.snapshot",
    "search": "kg.answers.search",
    "suggest": "kg.answers.search",
    "show": "kg.answers.show",
    "lineage": "kg.answers.lineage",
    "lineage_graph": "kg.answers.genealogy",
    "paths": "kg.answers.paths",
    "family_tree": "kg.answers.tree.answer",
    "compare": "kg.answers.compare",
    "license_answer": "kg.answers.license",
    "what_if": "kg.answers.advice.what_if",
    "audit": "kg.answers.gaps.audit",
    "query": "kg.answers.sparql",
    "export": "kg.export.export",
    "to_json": "kg.answers.contract",
    "build": "kg.build.build",
    "load_config": "kg.config",
    "Snapshot": "kg.snapshot.snapshot",
    "Config": "kg.config",
    "Where": "kg.answers.genealogy",
    "Profile": "kg.licenses.profile",
    "Proposal": "kg.answers.advice.proposal",
    "AuditRequest": "kg.answers.gaps.answer",
    "Limits": "kg.sparql.request",
    "KGError": "kg.errors",
    "InputError": "kg.errors",
    "ConfigError": "kg.errors",
    "DataError": "kg.errors",
    "UnknownId": "kg.errors",
    "UnknownFormat": "kg.errors",
    "QueryError": "kg.errors",
    "BuildError": "kg.errors",
    "CheckFailed": "kg.errors",
    "NotInstalled": "kg.errors",
    "SnapshotError": "kg.errors",
    "NoSnapshot": "kg.errors",
    "QueryFailed": "kg.errors",
    "__version__": "kg.version",
}
__all__ = list(_HOMES)


class _Name:
    """A public name of this package, looked up in its module each time.

    Some modules are called like a public name (`kg.search` is a function, kg/search/index.py a module). Python ties a module
    that is imported to its package; here the name keeps what the table says, whatever is imported first.
    """

    def __init__(self, name: str, home: str) -> None:
        self._name, self._home = name, home

    def __get__(self, package: ModuleType, owner: type) -> Any:
        return getattr(import_module(self._home), self._name)

    def __set__(self, package: ModuleType, value: object) -> None:
        if not isinstance(value, ModuleType):
            raise AttributeError(f"kg.{self._name} stands in {self._home}; change it there")


class _Face(ModuleType):
    """This package, with its public names."""

    def __dir__(self) -> list[str]:
        return sorted(__all__)


for _name, _home in _HOMES.items():
    setattr(_Face, _name, _Name(_name, _home))
sys.modules[__name__].__class__ = _Face
