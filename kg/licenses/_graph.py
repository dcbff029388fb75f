"""What the rule of licenses asks of a graph: the parents and members of a node, and a place for its state."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from kg.licenses.propagation import LicenseStep


class LicenseGraph(Protocol):
    """What an engine knows of each node, as far as the rule needs it."""

    def own(self, node: int) -> int:
        """The number of the node's own terms."""

    def is_stated(self, node: int) -> bool:
        """Whether the node has a license of its own."""

    def parents(self, node: int) -> Sequence[tuple[int, LicenseStep]]:
        """The present state of each parent, and the step from it."""

    def members(self, node: int) -> Sequence[tuple[int, int]]:
        """Of a family: the present state and the own terms of each member."""

    def needs(self, node: int) -> Iterable[int]:
        """The parents of the node and, of a family, its members."""


class StateNumbers(Protocol):
    """The number of each node's state: an array or a dictionary."""

    def __getitem__(self, node: int, /) -> Any: ...

    def __setitem__(self, node: int, number: int, /) -> None: ...
