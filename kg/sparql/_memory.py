"""How much memory this process has taken."""

from __future__ import annotations

import re
import resource
import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")
_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes there, kilobytes elsewhere


def has_held(megabytes: float) -> bool:
    """Whether this program has ever held more memory at once than so much.

    `ru_maxrss` is never less than what `peak_memory` tells, and costs a twentieth of it; so that is asked
    for only where `ru_maxrss` is above the limit.

    >>> has_held(5), has_held(1e9)
    (True, False)
    """
    return _most_resident() > megabytes and peak_memory() > megabytes


def _most_resident() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT / 2**20


def peak_memory() -> float:
    """The most memory this program has held at once, in megabytes.

    Linux is asked for VmHWM: `ru_maxrss` goes on from the program that started this one, so that a
    small worker of a large server would look large from its first moment (getrusage(2), exec).

    >>> peak_memory() > 5
    True
    """
    if _STATUS.exists():
        found = re.search(r"VmHWM:\s+(\d+) kB", _STATUS.read_text(encoding="ascii"))
        if found:
            return int(found[1]) / 1024
    return _most_resident()
