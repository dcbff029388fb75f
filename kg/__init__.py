"""The genealogy of language models: claims in, a snapshot out, answers from it.

    import kg

    kg.license("koalpaca")  # of the current snapshot, or
    with kg.open_snapshot() as snapshot:
        print(kg.show(snapshot, "koalpaca"))

The names below are all that a program needs, docs/library.md lists them; each is loaded when it is first used,
so that none pays for another. A function whose first argument is a snapshot takes the current one where none is
given. Everything else in this package is its own business and may move.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # what follows below at run time, for type checkers and editors
    from kg.answers.advice.proposal import Proposal as Proposal
    from kg.answers.advice.what_if import what_if as _what_if
    from kg.answers.compare import compare as _compare
    from kg.answers.contract import to_json as to_json
    from kg.answers.gaps.answer import AuditRequest as AuditRequest
    from kg.answers.gaps.audit import audit as _audit
    from kg.answers.genealogy import Where as Where
    from kg.answers.genealogy import lineage_graph as _lineage_graph
    from kg.answers.license import license_answer as _license
    from kg.answers.license import license_answer as _license_answer
    from kg.answers.lineage import lineage as _lineage
    from kg.answers.paths import paths as _paths
    from kg.answers.search import search as _search
    from kg.answers.search import suggest as _suggest
    from kg.answers.show import show as _show
    from kg.answers.sparql import query as _query
    from kg.answers.tree.answer import family_tree as _family_tree
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
    from kg.export.dump import write_dump as _write_dump
    from kg.export.export import export as _export
    from kg.export.frames import claims as _claims
    from kg.export.frames import edges as _edges
    from kg.export.frames import identities as _identities
    from kg.export.frames import ids as ids
    from kg.export.frames import models as _models
    from kg.export.frames import rdf_graph as _rdf_graph
    from kg.export.frames import scores as _scores
    from kg.export.frames import verdicts as _verdicts
    from kg.export.notebook import on_snapshot as _on_snapshot
    from kg.licenses.profile import Profile as Profile
    from kg.snapshot.current import open_snapshot as open_snapshot
    from kg.snapshot.snapshot import Snapshot as Snapshot
    from kg.sparql.request import Limits as Limits
    from kg.version import __version__ as __version__

    search = _on_snapshot(_search)
    suggest = _on_snapshot(_suggest)
    show = _on_snapshot(_show)
    lineage = _on_snapshot(_lineage)
    lineage_graph = _on_snapshot(_lineage_graph)
    paths = _on_snapshot(_paths)
    family_tree = _on_snapshot(_family_tree)
    compare = _on_snapshot(_compare)
    license = _on_snapshot(_license)
    license_answer = _on_snapshot(_license_answer)
    what_if = _on_snapshot(_what_if)
    audit = _on_snapshot(_audit)
    query = _on_snapshot(_query)
    export = _on_snapshot(_export)
    models = _on_snapshot(_models)
    edges = _on_snapshot(_edges)
    claims = _on_snapshot(_claims)
    verdicts = _on_snapshot(_verdicts)
    scores = _on_snapshot(_scores)
    identities = _on_snapshot(_identities)
    dump = _on_snapshot(_write_dump)
    rdf_graph = _on_snapshot(_rdf_graph)

_HOMES = {  # each public name, and the module it stands in; there it may have another name
    "open_snapshot": "kg.snapshot.current",
    "search": "kg.answers.search",
    "suggest": "kg.answers.search",
    "show": "kg.answers.show",
    "lineage": "kg.answers.lineage",
    "lineage_graph": "kg.answers.genealogy",
    "paths": "kg.answers.paths",
    "family_tree": "kg.answers.tree.answer",
    "compare": "kg.answers.compare",
    "license": "kg.answers.license:license_answer",
    "license_answer": "kg.answers.license",
    "what_if": "kg.answers.advice.what_if",
    "audit": "kg.answers.gaps.audit",
    "query": "kg.answers.sparql",
    "export": "kg.export.export",
    "models": "kg.export.frames",
    "edges": "kg.export.frames",
    "claims": "kg.export.frames",
    "verdicts": "kg.export.frames",
    "scores": "kg.export.frames",
    "identities": "kg.export.frames",
    "rdf_graph": "kg.export.frames",
    "dump": "kg.export.dump:write_dump",
    "to_json": "kg.answers.contract",
    "build": "kg.build.build",
    "load_config": "kg.config",
    "ids": "kg.export.frames",
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
_ASKED = ("snapshot",)  # the first argument of what is asked of a snapshot


class _Name:
    """A public name of this package, looked up in its module each time.

    Some modules are called like a public name (`kg.search` is a function, kg/search/index.py a module). Python ties a module
    that is imported to its package; here the name keeps what the table says, whatever is imported first.
    """

    def __init__(self, name: str, home: str) -> None:
        self._name = name
        self._home, _, there = home.partition(":")
        self._there = there or name
        # The object as it stands there, and as it is handed out
        self._known: tuple[object, object] = (None, None)

    def __get__(self, package: ModuleType, owner: type) -> Any:
        found = getattr(import_module(self._home), self._there)
        if self._known[0] is not found:
            asks = isinstance(found, FunctionType) and found.__code__.co_varnames[:1] == _ASKED
            on = import_module("kg.export.notebook").on_snapshot if asks else None
            self._known = found, on(found) if on else found
        return self._known[1]

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
