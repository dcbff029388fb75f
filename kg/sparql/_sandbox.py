"""What a query process may do: no network, no other program, so much memory and time, no more.

Linux on x86-64 and arm64 has a system call filter (seccomp), which an ordinary process may put on
itself; elsewhere the screen (kg/sparql/screen.py) alone keeps queries from calling other machines.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import resource
import signal
import struct
import sys
from errno import EACCES

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _DENY, _KILL = 0x7FFF0000, 0x00050000 | EACCES, 0x80000000
_FOREIGN = 0x40000000  # calls of the x32 ABI start here

# By machine: its audit architecture; then socket, connect, execve, execveat, ptrace and io_uring.
_MACHINES = {
    "x86_64": (0xC000003E, (41, 42, 59, 322, 101, 425)),
    "aarch64": (0xC00000B7, (198, 203, 221, 281, 117, 425)),
}


def confine(memory_mb: int) -> bool:
    """Confine this process for good.

    Args:
        memory_mb: megabytes of address space.

    Returns:
        Whether the network is closed to it.
    """
    limit = memory_mb * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return deny_network()


def deny_network() -> bool:
    """Let no system call of this process open a socket; whether that could be done."""
    known = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or not known:
        return False
    program = b"".join(struct.pack("HBBI", *step) for step in _filter(*known))
    code = ctypes.create_string_buffer(program)
    header = ctypes.create_string_buffer(
        struct.pack("HL", len(program) // 8, ctypes.addressof(code))
    )
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        return False
    return not libc.prctl(_SET_SECCOMP, _FILTER, header, 0, 0)


def _filter(architecture: int, denied: tuple[int, ...]) -> list[tuple[int, int, int, int]]:
    """A BPF program: code, steps to skip if true, if false, value."""
    calls = [(_EQUAL, len(denied) - i, 0, call) for i, call in enumerate(denied)]
    return [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),
        (_AT_LEAST, len(calls) + 1, 0, _FOREIGN),
        *calls,
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _DENY),
    ]


def stop_after(seconds: float) -> None:
    """End this process at a deadline even if its parent is gone; 0 lifts it."""
    signal.setitimer(signal.ITIMER_REAL, seconds)


def quiet(nice: int) -> None:
    """Let Ctrl-C in a terminal reach the parent only, and stand back when memory or time is short.

    Args:
        nice: how far, where the processors are busy, 0 to 19.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:  # noqa: PTH123
        file.write("900")
    os.nice(nice)
