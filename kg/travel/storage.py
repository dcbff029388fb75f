"""Where releases are kept for others: a folder, a server that speaks HTTP, or whatever fsspec knows."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn
from urllib.parse import unquote, urlsplit

from kg.errors import InputError
from kg.files.download import without_secrets
from kg.messages.message import Message
from kg.travel._folder import FolderStorage
from kg.travel._seam import Storage
from kg.travel._web import WebStorage, login

# As s3:/bucket, which is no folder that somebody means.
_NEARLY = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
USER, PASSWORD, TOKEN = "GYEBO_STORAGE_USER", "GYEBO_STORAGE_PASSWORD", "GYEBO_STORAGE_TOKEN"


def open_storage(url: str, environ: Mapping[str, str] = os.environ) -> Storage:
    """The storage that an address leads to; nothing is asked of it yet.

    Args:
        url: `file:///folder` or a path; `http://` or `https://`, to which releases are sent by WebDAV; or an
            address of fsspec, such as `s3://bucket/folder`.
        environ: holds name and password, or a token, for HTTP; what else needs some reads its own variables.

    Raises:
        InputError: no such address.
        NotInstalled: what reads such addresses is not installed.
    """
    scheme, colon, rest = url.partition("://")
    scheme = scheme.lower()
    if not (scheme and url.strip()) or (not colon and _NEARLY.match(url)):
        _refuse(url)
    if not colon or scheme == "file":
        return FolderStorage(_folder(url) if colon else Path(url).absolute())
    url = f"{scheme}://{rest}"
    if scheme in ("http", "https"):
        return WebStorage(
            _checked(url), login(url, environ.get(USER), environ.get(PASSWORD), environ.get(TOKEN))
        )
    from kg.travel._fsspec import FsspecStorage  # fsspec is an extra, and slow to load

    return FsspecStorage(url)


def _folder(url: str) -> Path:
    parts = urlsplit(url)
    path = unquote(parts.path)
    if parts.netloc not in ("", "localhost") or not path.strip("/") or "\0" in path:
        _refuse(url)
    return Path(path)


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        good = bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good or any(c <= " " for c in url):
        _refuse(url)
    return url


def _refuse(url: str) -> NoReturn:
    raise InputError(
        Message(
            "%(url)r is no address of a storage: give a folder, file:///folder, https://host/folder or "
            "s3://bucket/folder",
            url=without_secrets(url),
        )
    )
