"""How much memory this process has taken."""

from __future__ import annotations

import re
import resource
import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")


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
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, kilobytes elsewhere
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20
