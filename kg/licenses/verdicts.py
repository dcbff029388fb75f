"""The verdict on each use of each entity, and how its license stands to its ancestry, as arrays in the release.

`release/verdicts.npy`: uint8, one row an entity (its line in entities.jsonl), one column a use in the
order of `kg.licenses.rules.USES`. 0 = not asked of this kind; else 1 + the place in `kg.licenses.rules.SEVERITY`.

`release/consistency.npy`: uint8, one row an entity, two columns: how the declared license stands to what was
inherited, by what is sure, and as if guessed and disputed parents were right. 0 = not asked of this kind; else
1 + the place in CONSISTENCIES.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from kg.licenses.rules import SEVERITY
from kg.licenses.terms import Consistency, Verdict

Verdicts = NDArray[np.uint8]
Consistencies = NDArray[np.uint8]
CONSISTENCIES: tuple[Consistency, ...] = get_args(Consistency)
# A license says less than its ancestry
Gap = Literal["drops-substance", "unsatisfiable", "drops-paperwork"]
GAPS: tuple[Gap, ...] = get_args(Gap)


def load_verdicts(release: Path) -> Verdicts:
    """Map the array of a release."""
    return np.asarray(np.load(release / "verdicts.npy", mmap_mode="r"))


def load_consistencies(release: Path) -> Consistencies:
    """Map the array on declared and inherited licenses."""
    return np.asarray(np.load(release / "consistency.npy", mmap_mode="r"))


def consistency_code(consistency: Consistency) -> int:
    """What stands for a consistency in its array.

    >>> consistency_code("consistent"), CONSISTENCIES[consistency_code("undeclared") - 1]
    (1, 'undeclared')
    """
    return CONSISTENCIES.index(consistency) + 1


def verdict_of(code: int) -> Verdict | None:
    """What a code of the array stands for, None if the question makes no sense.

    >>> verdict_of(1), verdict_of(5), verdict_of(0)
    ('allowed', 'prohibited', None)
    """
    return SEVERITY[code - 1] if code else None


def code_of(verdict: Verdict) -> int:
    """What stands for a verdict in the array.

    >>> code_of("allowed"), verdict_of(code_of("contested"))
    (1, 'contested')
    """
    return SEVERITY.index(verdict) + 1
