"""The terms in force on each model of a snapshot, as the build found them.

    columns/state.npy      int32, the place in `states.json` of each model's state, in the order of models
    columns/states.json    the states that some model has, each a sorted list of its terms

A build finds the states of all entities in one pass (kg/licenses/whole_graph.py); an answer for a profile needs nothing
more of a model's ancestry than its state (kg/licenses/rules.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from kg.licenses.propagation import LicenseTerm, State

FOLDER = "columns"  # of a snapshot
_STATE, _STATES = "state.npy", "states.json"


def write_states(folder: Path, numbers: NDArray[np.int64], states: Sequence[State]) -> None:
    """Write the states of the models of a snapshot.

    Args:
        folder: the snapshot's.
        numbers: the number of each model's state.
        states: by number.
    """
    target = folder / FOLDER
    target.mkdir()
    used, place = np.unique(numbers, return_inverse=True)
    np.save(target / _STATE, place.reshape(-1).astype(np.int32))
    held = [sorted(states[number]) for number in used.tolist()]
    (target / _STATES).write_bytes(msgspec.json.encode(held) + b"\n")


def read_states(folder: Path) -> tuple[NDArray[np.int32], list[State]]:
    """The place of each model's state, and the states.

    Args:
        folder: the snapshot's.
    """
    held = msgspec.json.decode(
        (folder / FOLDER / _STATES).read_bytes(), type=list[set[LicenseTerm]]
    )
    return np.load(folder / FOLDER / _STATE, mmap_mode="r"), [frozenset(terms) for terms in held]
