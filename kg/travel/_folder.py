"""A folder as a storage: a disk of this machine, or one that several machines mount."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from kg.errors import TransferFailed
from kg.files.durable import keep_folder
from kg.messages.message import Message, reason_of
from kg.travel._lists import begun_name
from kg.travel._seam import Stored


class FolderStorage:
    """Releases in a folder.

    Args:
        folder: need not be there until something is written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def place(self) -> str:
        """The folder."""
        return str(self._folder)

    def read(self, name: str, most: int) -> bytes | None:
        """A file, and not more of it than one byte above `most`; None if there is none."""
        with self._told():
            try:
                # a pipe would be waited for without the flag
                descriptor = os.open(self._folder / name, os.O_RDONLY | os.O_NONBLOCK)
            except (FileNotFoundError, NotADirectoryError):
                return None
            with os.fdopen(descriptor, "rb") as file:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise TransferFailed(self.place, Message("%(name)s is no file", name=name))
                return file.read(most + 1)

    def write(self, name: str, data: bytes) -> None:
        """Put a file there, in place of one that is there: whole or not at all."""
        path = self._folder / name
        waiting = path.with_name(begun_name(path.name, os.getpid(), threading.get_ident()))
        with self._told():
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with waiting.open("wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                waiting.replace(path)
            finally:
                waiting.unlink(missing_ok=True)
            keep_folder(path.parent)

    def size(self, name: str) -> int | None:
        """How long a file is; None if there is none."""
        with self._told():
            try:
                found = (self._folder / name).stat()
            except (FileNotFoundError, NotADirectoryError):
                return None
            return found.st_size if stat.S_ISREG(found.st_mode) else None

    def listing(self, folder: str) -> Mapping[str, Stored]:
        """The files right in a folder, by their names in it."""
        found: dict[str, Stored] = {}
        with self._told():
            try:
                with os.scandir(self._folder / folder) as entries:
                    for one in entries:
                        if one.is_file():
                            known = one.stat()
                            found[one.name] = Stored(known.st_size, known.st_mtime)
            except (FileNotFoundError, NotADirectoryError):
                return {}
        return found

    def delete(self, name: str) -> None:
        """Take a file away, if it is there."""
        with self._told():
            (self._folder / name).unlink(missing_ok=True)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise TransferFailed(self.place, reason_of(error)) from error
