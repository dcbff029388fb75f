"""Files that a command writes."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.files.output import write_file


def test_a_file_is_written_whole_or_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_file(path, lambda out: out.write(b"first"))

    def breaks(out: object) -> None:
        raise OSError("the disk is full")

    with pytest.raises(InputError, match="cannot write"):
        write_file(path, breaks)
    assert path.read_bytes() == b"first" and list(tmp_path.iterdir()) == [path]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot write"):
        write_file(tmp_path, lambda out: out.write(b"x"))


def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    """As a device does: who is root would otherwise put a file in the place of /dev/null."""
    pipe, read = tmp_path / "pipe", list[bytes]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    write_file(pipe, lambda out: out.write(b"answer"))
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    reader.join(60)
    assert read == [b"answer"]
