"""Files from the web, whole or not at all: taken up where they broke off, retried, bounded.

Only `gyebo ingest` and `gyebo update` call this. Nothing else in Gyebo fetches anything; a SPARQL server that the
settings name may be asked (kg/sparql/elsewhere/pool.py).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import urllib3

from kg.errors import DownloadFailed, InputError
from kg.messages.message import Message, reason_of

LARGEST = 64 << 30  # bytes
_BLOCK = 1 << 16  # at most so much is lost when a connection breaks
# Waits as long as Retry-After asks
_RETRY = urllib3.Retry(
    total=6, connect=2, redirect=5, backoff_factor=1, status_forcelist=(429, 500, 502, 503, 504)
)

# User and password; where what should be the port is no number, all up to the last @ may be a password.
_LOGIN = re.compile(r"(?<=://)(?:[^/?#]*@|(?!\[)[^/?#@:]+:(?!\d*(?:[/?#]|$)).*@)", re.DOTALL)

# Told how many bytes are to come, gives what is told of each piece.
Begin = Callable[[int], Callable[[int], None]]


def unwatched(total: int) -> Callable[[int], None]:
    """Watch nothing."""
    return lambda amount: None


def kept_file(url: str, folder: Path) -> Path:
    """Where `download` keeps what it fetches from an address."""
    key = hashlib.sha256(url.encode()).hexdigest()[:12]
    last = urlsplit(url).path.rstrip("/").rpartition("/")[2] or "index"
    return folder / f"{key}-{last[-80:]}"


def download(url: str, folder: Path, begin: Begin = unwatched) -> Path:
    """Fetch an address into a folder; nothing is fetched again that has not changed.

    Args:
        url: http or https.
        folder: where the file is kept, under the last part of the address.
        begin: called with the number of bytes that are to come, 0 if that is not told, each time some
            begin to come; gives what is called with the size of each piece.

    Raises:
        InputError: not an address that can be fetched.
        DownloadFailed: the other side refused, broke off for good, or sent too much.
    """
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        good = False
    if not good:
        raise InputError(
            Message("%(url)r is not an http or https address", url=without_secrets(url))
        )
    folder.mkdir(parents=True, exist_ok=True)
    return _Fetch(url, kept_file(url, folder), begin).run()


def without_secrets(url: str) -> str:
    """An address as it may be printed and stored: no user, no password, no query.

    A password may hold signs that should have been written as %2F, %3F or %23, and then the address leads nowhere;
    what may be a password is left out all the same.

    >>> without_secrets("https://me:secret@example.org/list.csv?token=abc#top")
    'https://example.org/list.csv'
    >>> without_secrets("https://me:sec/r?et@example.org/list.csv"), without_secrets("http://[::1]:80/@a")
    ('https://example.org/list.csv', 'http://[::1]:80/@a')
    """
    return re.sub(r"[?#].*", "", _LOGIN.sub("", url), flags=re.DOTALL)


class _Fetch:
    def __init__(self, url: str, path: Path, begin: Begin) -> None:
        self._path, self._begin = path, begin
        parts = urlsplit(url)
        self._auth = unquote(parts.netloc.rpartition("@")[0])
        self._asked = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        self._url = without_secrets(url)  # for messages
        self._part = path.with_name(path.name + ".part")
        self._tag = path.with_name(path.name + ".etag")

    def run(self) -> Path:
        try:
            with urllib3.PoolManager(retries=_RETRY, timeout=urllib3.Timeout(10, 60)) as pool:
                self._persist(pool)
        except urllib3.exceptions.MaxRetryError as error:
            raise DownloadFailed(self._url, self._why(error.reason)) from None
        except urllib3.exceptions.HTTPError as error:
            raise DownloadFailed(self._url, self._why(error)) from None
        except OSError as error:
            raise DownloadFailed(self._url, reason_of(error)) from None
        return self._path

    def _why(self, error: Exception | None) -> Message:
        """What went wrong, without the query of the address, which may hold a token."""
        query = urlsplit(self._asked).query
        told = str(error).replace("?" + query, "") if query else str(error)
        return Message("%(error)s", error=told)

    def _persist(self, pool: urllib3.PoolManager) -> None:
        """Go on where the connection broke off, as long as each attempt gets further."""
        while True:
            before = self._done()
            try:
                self._get(pool)
                return
            except urllib3.exceptions.ProtocolError:
                if self._done() <= before:
                    raise

    def _done(self) -> int:
        return self._part.stat().st_size if self._part.exists() else 0

    def _get(self, pool: urllib3.PoolManager) -> None:
        answer = self._request(pool)
        if answer.status == 416:  # what is there of it is all of it, or of another version
            answer.release_conn()
            self._part.unlink()
            answer = self._request(pool)
        try:
            if answer.status == 304:
                return
            if answer.status not in (200, 206):
                raise DownloadFailed(
                    self._url,
                    Message(
                        "the answer was %(status)d %(reason)s",
                        status=answer.status,
                        reason=answer.reason,
                    ),
                )
            if answer.status == 200:  # there before the tag, or the tag is taken for the old file's
                self._part.write_bytes(b"")
            self._tag.write_text(answer.headers.get("ETag", ""), encoding="utf-8")
            self._save(answer, self._done() if answer.status == 206 else 0)
        finally:
            answer.release_conn()
        self._part.replace(self._path)

    def _request(self, pool: urllib3.PoolManager) -> urllib3.BaseHTTPResponse:
        headers = self._headers(self._done())
        return pool.request("GET", self._asked, preload_content=False, headers=headers)

    def _headers(self, done: int) -> dict[str, str]:
        headers = {"User-Agent": f"gyebo/{version('gyebo')}", "Accept-Encoding": "identity"}
        if self._auth:  # urllib3 keeps it from other hosts on a redirect
            headers |= urllib3.make_headers(basic_auth=self._auth)
        tag = self._tag.read_text(encoding="utf-8") if self._tag.exists() else ""
        if done and tag.startswith('"'):
            return headers | {"Range": f"bytes={done}-", "If-Range": tag}
        if tag and self._path.exists() and not self._part.exists():  # else it is the part's
            return headers | {"If-None-Match": tag}
        return headers

    def _save(self, answer: urllib3.BaseHTTPResponse, done: int) -> None:
        progress = self._begin(answer.length_remaining or 0)
        with self._part.open("ab" if done else "wb") as file:
            for block in answer.stream(_BLOCK):
                done += len(block)
                if done > LARGEST:
                    raise DownloadFailed(
                        self._url, Message("larger than %(most)s GB", most=LARGEST >> 30)
                    )
                file.write(block)
                progress(len(block))
