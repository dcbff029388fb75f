"""Files that a command writes: whole, or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO

from kg.errors import InputError
from kg.messages.message import Message, reason_of


def write_file(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a file under a name of its own, then give it its name.

    Args:
        path: the file; `-` is standard output, and a device or a pipe is written to and stays what it is.
        write: writes the content.

    Raises:
        InputError: it cannot be written there.
    """
    if str(path) == "-":
        write(sys.stdout.buffer)
        return
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            with path.open("wb") as out:
                write(out)
        else:
            _replace(path, write)
    except OSError as error:
        raise InputError(
            Message("cannot write %(path)s: %(why)s", path=path, why=reason_of(error))
        ) from error


def _replace(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with partial.open("wb") as out:
            write(out)
            out.flush()
            os.fsync(out.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
