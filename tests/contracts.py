"""A rule of import-linter of our own: what begins with `_` is the business of its room alone."""

from __future__ import annotations

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class PrivateContract(Contract):
    """Nothing outside a room imports its private modules.

    A room is a package directly below a root package, such as kg.search; all its modules may import
    kg/search/_ranking.py, no other may.
    """

    root = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Look at who imports each private module."""
        broken = sorted(
            (importer, module)
            for module in graph.modules
            if module.split(".")[0] in self.root and _is_private(module)
            for importer in graph.find_modules_that_directly_import(module)
            if _room_of(importer) != _room_of(module)
        )
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each import that breaks it."""
        for importer, module in check.metadata["broken"]:
            output.print_error(f"{importer} must not import {module}", bold=False)


def _is_private(module: str) -> bool:
    parts = module.split(".")[1:]
    return any(part.startswith("_") and not part.startswith("__") for part in parts)


def _room_of(module: str) -> str:
    return ".".join(module.split(".")[:2])
