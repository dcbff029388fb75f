"""Files from the web, whole or not at all: taken up where they broke off, retried, bounded.

Only `gyebo ingest` calls this; nothing else in Gyebo asks another machine for anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

import urllib3

from kg.errors import DownloadFailed, InputError

LARGEST = 64 << 30  # bytes
_BLOCK = 1 << 20
_RETRY = urllib3.Retry(
    total=6, redirect=5, backoff_factor=1, status_forcelist=(429, 500, 502, 503, 504)
)  # waits as long as Retry-After asks


def download(url: str, folder: Path, progress: Callable[[int], None] = lambda n: None) -> Path:
    """Fetch an address into a folder; nothing is fetched again that has not changed.

    Args:
        url: http or https.
        folder: where the file is kept, under the last part of the address.
        progress: called with the number of bytes of each piece.

    Raises:
        InputError: not an address that can be fetched.
        DownloadFailed: the other side refused, broke off for good, or sent too much.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError(f"{url!r} is not an http or https address")
    folder.mkdir(parents=True, exist_ok=True)
    key = hashlib.sha256(url.encode()).hexdigest()[:12]
    last = parts.path.rstrip("/").rpartition("/")[2] or "index"
    return _Fetch(url, folder / f"{key}-{last[-80:]}", progress).run()


class _Fetch:
    def __init__(self, url: str, path: Path, progress: Callable[[int], None]) -> None:
        self._url, self._path, self._progress = url, path, progress
        self._part = path.with_name(path.name + ".part")
        self._tag = path.with_name(path.name + ".etag")

    def run(self) -> Path:
        try:
            with urllib3.PoolManager(retries=_RETRY, timeout=urllib3.Timeout(10, 60)) as pool:
                self._get(pool)
        except urllib3.exceptions.HTTPError as error:
            raise DownloadFailed(self._url, str(error)) from error
        except OSError as error:
            raise DownloadFailed(self._url, error.strerror or str(error)) from error
        return self._path

    def _get(self, pool: urllib3.PoolManager) -> None:
        done = self._part.stat().st_size if self._part.exists() else 0
        answer = pool.request("GET", self._url, preload_content=False, headers=self._headers(done))
        try:
            if answer.status == 304:
                return
            if answer.status not in (200, 206):
                raise DownloadFailed(self._url, f"the answer was {answer.status} {answer.reason}")
            self._tag.write_text(answer.headers.get("ETag", ""), encoding="utf-8")
            self._save(answer, done if answer.status == 206 else 0)
        finally:
            answer.release_conn()
        self._part.replace(self._path)

    def _headers(self, done: int) -> dict[str, str]:
        headers = {"User-Agent": f"gyebo/{version('gyebo')}", "Accept-Encoding": "identity"}
        tag = self._tag.read_text(encoding="utf-8") if self._tag.exists() else ""
        if done and tag.startswith('"'):
            return headers | {"Range": f"bytes={done}-", "If-Range": tag}
        if tag and self._path.exists():
            return headers | {"If-None-Match": tag}
        return headers

    def _save(self, answer: urllib3.BaseHTTPResponse, done: int) -> None:
        with self._part.open("ab" if done else "wb") as file:
            for block in answer.stream(_BLOCK):
                done += len(block)
                if done > LARGEST:
                    raise DownloadFailed(self._url, f"larger than {LARGEST >> 30} GB")
                file.write(block)
                self._progress(len(block))
