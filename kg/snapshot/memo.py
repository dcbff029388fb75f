"""What a function finds out about a snapshot, kept as long as that snapshot.

A function whose first argument is a snapshot, and whose other arguments are hashable, works each
answer out once:

    @memo(most=8)
    def find_forest(snapshot: Snapshot, start: int) -> Forest: ...

Invariants: an open snapshot never changes, so an answer stays right; the answers hang from the
snapshot and from nothing else, so they go when it goes; a function that raises leaves no answer
behind, so what failed is tried again. Threads may share a snapshot: two that ask for the same thing
at once may both work it out, and get equal answers.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast
from weakref import ref

MOST = 1024  # answers of one function that are kept, unless it says otherwise


class Remembering(Protocol):
    """What answers can be kept for: an open snapshot."""

    @property
    def memory(self) -> dict[object, Callable[..., Any]]:
        """What gives the answers of each function, by function."""


_P = ParamSpec("_P")
_T = TypeVar("_T")
_S = TypeVar("_S", bound=Remembering)


def memo(
    most: int = MOST,
) -> Callable[[Callable[Concatenate[_S, _P], _T]], Callable[Concatenate[_S, _P], _T]]:
    """Let a function of a snapshot work out each answer once for that snapshot.

    Args:
        most: answers to keep for one snapshot; the one that was asked for longest ago goes first.
    """

    def remember(find: Callable[Concatenate[_S, _P], _T]) -> Callable[Concatenate[_S, _P], _T]:
        @wraps(find)
        def recall(snapshot: _S, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
            answers = snapshot.memory.get(find)
            if answers is None:
                answers = snapshot.memory.setdefault(find, _keep_answers(find, snapshot, most))
            return cast(_T, answers(*args, **kwargs))

        return recall

    return remember


def _keep_answers(find: Callable[..., Any], snapshot: object, most: int) -> Callable[..., Any]:
    """A function of the other arguments that keeps its latest answers."""
    # A strong reference would close a circle and keep the files of a replaced snapshot open.
    reference = ref(snapshot)
    return lru_cache(most)(lambda *args, **kwargs: find(reference(), *args, **kwargs))
