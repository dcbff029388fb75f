"""Whatever fsspec knows as a storage: S3 and what speaks it, Google Cloud Storage, Azure, SFTP and more.

fsspec is an extra, and each kind of address needs a package of its own (s3fs, gcsfs, adlfs …), which reads keys from its own
variables; docs/travel.md names them.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from kg.errors import InputError, NotInstalled, TransferFailed
from kg.files.download import without_secrets
from kg.messages.message import Message, reason_of
from kg.travel._seam import Stored

try:
    from fsspec.core import url_to_fs
except ImportError:
    url_to_fs = None

_TIMES = ("LastModified", "last_modified", "updated", "mtime", "modified", "created")
_SECRET = re.compile(r"(?<=://)[^/?#\s]*@|\?[^\s'\"]*")


class FsspecStorage:
    """Releases behind fsspec.

    Args:
        url: of one of its kinds.

    Raises:
        NotInstalled: fsspec is not there, or what it needs for this kind.
        InputError: fsspec knows no such kind, or the address is wrong.
        TransferFailed: it cannot be reached.
    """

    def __init__(self, url: str) -> None:
        self._place = without_secrets(url)
        scheme = url.partition("://")[0]
        if url_to_fs is None:
            raise NotInstalled(
                Message("addresses of storages that begin with %(scheme)s://", scheme=scheme),
                "travel",
            )
        try:
            self._files, root = url_to_fs(url)
        except ImportError as error:
            raise NotInstalled(
                Message("addresses of storages that begin with %(scheme)s://", scheme=scheme),
                "travel",
                Message("%(error)s", error=error),
            ) from error
        except (ValueError, TypeError) as error:
            raise InputError(
                Message(
                    "%(url)r is no address of a storage: %(why)s", url=self._place, why=_why(error)
                )
            ) from error
        except Exception as error:  # some kinds connect at once, with errors of their own
            raise TransferFailed(self._place, _why(error)) from error
        self._root = str(root).rstrip("/")

    @property
    def place(self) -> str:
        """The address without its secrets."""
        return self._place

    def read(self, name: str, most: int) -> bytes | None:
        """A file, and not more of it than one byte above `most`; None if there is none."""
        with self._told():
            try:
                return bytes(self._files.cat_file(self._path(name), start=0, end=most + 1))
            except FileNotFoundError:
                return None

    def write(self, name: str, data: bytes) -> None:
        """Put a file there, in place of one that is there."""
        with self._told():
            path = self._path(name)
            try:
                self._files.pipe_file(path, data)
            except FileNotFoundError:  # of a kind that has folders, or no bucket of this name
                self._make_folders(path.rpartition("/")[0])
                self._files.pipe_file(path, data)

    def _make_folders(self, last: str) -> None:
        """Make the folder of the releases and one in it; never a bucket, whose name may be mistyped."""
        for folder in (self._root, last):
            if "/" in folder:
                with suppress(FileExistsError):
                    self._files.mkdir(folder, create_parents=False)

    def size(self, name: str) -> int | None:
        """How long a file is; None if there is none."""
        with self._told():
            self._files.invalidate_cache()  # others write there too
            try:
                told = self._files.info(self._path(name))
            except FileNotFoundError:
                return None
            return int(told["size"]) if told.get("type") == "file" else None

    def listing(self, folder: str) -> Mapping[str, Stored]:
        """The files right in a folder, by their names in it."""
        with self._told():
            self._files.invalidate_cache()
            try:
                found = self._files.ls(self._path(folder), detail=True)
            except FileNotFoundError:
                return {}
            return {
                one["name"].rstrip("/").rpartition("/")[2]: Stored(
                    int(one["size"] or 0), _modified(one)
                )
                for one in found
                if one.get("type") == "file"
            }

    def delete(self, name: str) -> None:
        """Take a file away, if it is there."""
        with self._told():
            try:
                self._files.rm_file(self._path(name))
            except FileNotFoundError:
                return

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except TransferFailed:
            raise
        except Exception as error:  # each package has errors of its own, of no common kind
            raise TransferFailed(self.place, _why(error)) from error


def _why(error: Exception) -> Message:
    """What a package says, in a line, without what addresses in it may hold."""
    told = reason_of(error)
    text = _SECRET.sub("…", " ".join(str(told).split()))[:300]
    return told if text == str(told) else Message("%(error)s", error=text)


def _modified(told: Mapping[str, Any]) -> float | None:
    """When a file was written, as each kind has it under its own name."""
    for name in _TIMES:
        match told.get(name):
            case datetime.datetime() as moment:
                return moment.timestamp()
            case int() | float() as seconds:
                return float(seconds)
            case str() as text:
                try:
                    return datetime.datetime.fromisoformat(text).timestamp()
                except ValueError:
                    continue
    return None
