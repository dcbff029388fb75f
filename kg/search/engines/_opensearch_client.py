"""Requests to a server of OpenSearch: JSON both ways, bounded, and never more than one try."""

from __future__ import annotations

import re
from contextlib import closing
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec
import urllib3

from kg.errors import ConfigError
from kg.files.patience import PatientPool, read_within
from kg.messages.message import Message

Json = dict[str, Any]
_ADDRESS = re.compile(r"https?://([^\s/?#@]+@)?(\[[0-9a-fA-F:.]+\]|[^\s/?#@:\[\]]+)(:\d{1,5})?/?")
_CONNECT = 2.0  # seconds a connection may take
_SECONDS = 10.0  # for what is no document
_LONG = 120.0  # to take in documents
_MOST = 64 << 20  # bytes of an answer


class SearchServer:
    """One cluster; safe to use from several threads.

    Args:
        url: http://user:password@host:9200; the user may be missing.
        patience: seconds that it may say nothing, and that an answer may take.

    Raises:
        ConfigError: it is no such address.
    """

    def __init__(self, url: str, patience: float = _SECONDS) -> None:
        if not _ADDRESS.fullmatch(url):
            raise ConfigError(
                Message("the address of a search server is like http://host:9200, without a path")
            )
        parts = urlsplit(url)
        user, at, host = parts.netloc.rpartition("@")
        self.shown = f"{parts.scheme}://{host}"  # without the password
        self._headers = urllib3.make_headers(basic_auth=unquote(user)) if at else {}
        self._patience = patience
        self._http = PatientPool(retries=False, maxsize=8)

    def ask(self, method: str, path: str, body: Json | None = None) -> Json:
        """What the server answers.

        Args:
            method: of HTTP.
            path: with its beginning slash.
            body: sent as JSON.

        Raises:
            ConnectionError: it did not answer, or with an error.
        """
        sent = None if body is None else msgspec.json.encode(body)
        return self._send(method, path, sent, "application/json", self._patience)

    def bulk(self, index: str, lines: bytes) -> None:
        """Hand documents over.

        Raises:
            ConnectionError: it did not take all of them.
        """
        told = self._send("POST", f"/{index}/_bulk", lines, "application/x-ndjson", _LONG)
        if told["errors"]:
            reasons = (item["index"].get("error") for item in told["items"])
            first: Json = next(filter(None, reasons), {})
            raise ConnectionError(f"it did not take a document: {first.get('reason')}")

    def close(self) -> None:
        """Hang up."""
        self._http.clear()

    def _send(self, method: str, path: str, body: bytes | None, kind: str, seconds: float) -> Json:
        try:
            answer = self._http.request(
                method,
                self.shown + path,
                body=body,
                headers={**self._headers, "Content-Type": kind, "Accept": "application/json"},
                timeout=urllib3.Timeout(connect=_CONNECT, read=seconds),
                redirect=False,
                preload_content=False,
            )
            with closing(answer):  # of one that was read to its end this ends nothing
                data = read_within(answer, _MOST, seconds)
            if len(data) > _MOST:
                raise ConnectionError("the answer is too long")
            told = msgspec.json.decode(data, type=Json)
        except (urllib3.exceptions.HTTPError, TimeoutError, msgspec.MsgspecError) as error:
            raise ConnectionError(str(error)) from error
        if answer.status not in (200, 201):
            raise ConnectionError(f"{answer.status}: {_reason(told)}")
        return told


def _reason(told: Json) -> str:
    error = told.get("error")
    reason = error.get("reason") if isinstance(error, dict) else error
    return str(reason or "no reason is told")[:300]
