"""A server that speaks HTTP as a storage: any that sends files, and any that takes them by WebDAV (RFC 4918).

Who pulls needs GET alone, of whole files, so that the plainest static server will do. Who publishes needs HEAD, PUT and,
where folders must be made first, MKCOL; `gyebo prune` needs PROPFIND and DELETE. Nothing is asked twice that came; what breaks off is asked
again, and a server that sends a drop a minute is given up.
"""

from __future__ import annotations

import http.client
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import unquote, urlsplit, urlunsplit
from xml.etree import ElementTree

import urllib3

from kg.errors import TransferFailed
from kg.files.download import without_secrets
from kg.files.patience import PatientPool, read_within
from kg.messages.message import Message, reason_of
from kg.travel._crew import HANDS
from kg.travel._lists import POINTER
from kg.travel._seam import Stored
from kg.version import __version__

_RETRY = urllib3.Retry(
    total=5,
    connect=2,
    read=2,
    redirect=5,
    backoff_factor=0.5,
    backoff_max=8,
    retry_after_max=60,
    status_forcelist=(429, 500, 502, 503, 504),
    allowed_methods=None,  # all that is asked here may be asked twice
    raise_on_status=False,
)
_TRIES = 4  # of a file that breaks off
_CONNECT, _SILENT = 10.0, 60.0  # seconds to reach a server, and that it may say nothing
_SILENT_OFFER = 15.0  # the same of what is offered, for which a server that starts waits
_PATIENCE, _SLOWEST = 60.0, 20_000  # seconds for any file, and bytes a second
_LONGEST_LISTING = 256 << 20
_DAV = "{DAV:}"
_ASKED = (
    b'<?xml version="1.0"?><propfind xmlns="DAV:"><prop>'
    b"<getcontentlength/><getlastmodified/><resourcetype/></prop></propfind>"
)


class Login(NamedTuple):
    """What a server asks of who uses it."""

    headers: Mapping[str, str]
    secrets: tuple[str, ...]  # never to be told


def login(url: str, user: str | None, password: str | None, token: str | None) -> Login:
    """The login for an address: what it holds itself, else a name with its password, else a token."""
    own, at, _ = urlsplit(url).netloc.rpartition("@")
    pair = unquote(own) if at else f"{user or ''}:{password or ''}"
    if pair != ":":
        headers = urllib3.make_headers(basic_auth=pair)
        return Login(headers, (own, pair, pair.partition(":")[2], headers["authorization"]))
    if token:
        return Login({"authorization": f"Bearer {token}"}, (token,))
    return Login({}, ())


class WebStorage:
    """Releases on a server.

    Args:
        url: the folder; a query, as of an address that was signed, is sent with each request.
        login: sent to that server alone, not to one that it leads to.
    """

    def __init__(self, url: str, login: Login) -> None:
        parts = urlsplit(url)
        self._parts = parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment="")
        self._login, self._place = login, without_secrets(url)
        self._pool = PatientPool(maxsize=HANDS, retries=_RETRY)

    @property
    def place(self) -> str:
        """The address without its secrets."""
        return self._place

    def read(self, name: str, most: int) -> bytes | None:
        """A file, and not more of it than one byte above `most`; None if there is none."""
        with self._told():
            for left in reversed(range(_TRIES)):
                try:
                    return self._get(name, most)
                except (urllib3.exceptions.ProtocolError, urllib3.exceptions.TimeoutError):
                    if not left:
                        raise
        return None

    def _get(self, name: str, most: int) -> bytes | None:
        # a pointer that a cache holds would be an old one; nothing else ever changes
        fresh = {"cache-control": "no-cache"} if name == POINTER else {}
        answer = self._ask("GET", name, fresh, whole=False)
        try:
            if answer.status in (404, 410):
                return None
            self._expect(answer, 200)
            return read_within(answer, most, _PATIENCE + most / _SLOWEST)
        except TimeoutError:
            raise TransferFailed(self.place, Message("the server sends too slowly")) from None
        finally:
            answer.close()  # of one that was read to its end this ends nothing

    def write(self, name: str, data: bytes) -> None:
        """Put a file there; the folders above it are made where they have to be."""
        with self._told():
            answer = self._ask("PUT", name, {"content-type": "application/octet-stream"}, data)
            if answer.status in (403, 404, 409):  # the folder may not be there
                self._make_folders(name)
                answer = self._ask("PUT", name, {"content-type": "application/octet-stream"}, data)
            self._expect(answer, 200, 201, 204)

    def _make_folders(self, name: str) -> None:
        """Make the folders above a file; whether they are there then is told by what follows."""
        steps = [step for step in self._parts.path.split("/") if step]
        for deep in range(1, len(steps) + 1):
            self._ask_at("MKCOL", "/" + "/".join(steps[:deep]) + "/")
        if folder := name.rpartition("/")[0]:
            self._ask("MKCOL", folder + "/")

    def size(self, name: str) -> int | None:
        """How long a file is; None if there is none, or the server does not say."""
        with self._told():
            answer = self._ask("HEAD", name)
            if answer.status in (404, 410):
                return None
            self._expect(answer, 200, 204)
            told = answer.headers.get("content-length", "")
            return int(told) if told.isascii() and told.isdigit() else None

    def listing(self, folder: str) -> Mapping[str, Stored]:
        """The files right in a folder, by their names in it."""
        with self._told():
            headers = {"depth": "1", "content-type": "application/xml"}
            answer = self._ask("PROPFIND", folder + "/", headers, _ASKED, whole=False)
            try:
                if answer.status == 404:
                    return {}
                if answer.status in (400, 405, 501):
                    raise TransferFailed(
                        self.place, Message("the server lists no files (it knows no PROPFIND)")
                    )
                self._expect(answer, 207)
                told = answer.read(_LONGEST_LISTING + 1, decode_content=True)
            finally:
                answer.close()
        try:
            if len(told) > _LONGEST_LISTING or b"<!DOCTYPE" in told:
                raise ElementTree.ParseError
            return dict(_listed(ElementTree.fromstring(told)))
        except (ElementTree.ParseError, ValueError, LookupError) as error:
            raise TransferFailed(
                self.place, Message("the server's list of files cannot be read")
            ) from error

    def delete(self, name: str) -> None:
        """Take a file away, if it is there."""
        with self._told():
            answer = self._ask("DELETE", name)
            if answer.status not in (404, 410):
                self._expect(answer, 200, 202, 204)

    def _ask(
        self,
        method: str,
        name: str,
        headers: Mapping[str, str] = {},
        body: bytes | None = None,
        whole: bool = True,
    ) -> urllib3.BaseHTTPResponse:
        silent = _SILENT_OFFER if name == POINTER else _SILENT
        path = f"{self._parts.path.rstrip('/')}/{name}"
        return self._ask_at(method, path, headers, body, whole, silent)

    def _ask_at(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] = {},
        body: bytes | None = None,
        whole: bool = True,
        silent: float = _SILENT,
    ) -> urllib3.BaseHTTPResponse:
        own = {"user-agent": f"gyebo/{__version__}", "accept-encoding": "identity"}
        return self._pool.request(
            method,
            urlunsplit(self._parts._replace(path=path)),
            body=body,
            headers={**own, **self._login.headers, **headers},
            preload_content=whole,
            timeout=urllib3.Timeout(_CONNECT, silent),
        )

    def _expect(self, answer: urllib3.BaseHTTPResponse, *good: int) -> None:
        if answer.status in good:
            return
        if answer.status in (401, 403):
            why = Message(
                "the server does not let us in (%(status)d); name and password come from "
                "GYEBO_STORAGE_USER and GYEBO_STORAGE_PASSWORD, a token from GYEBO_STORAGE_TOKEN",
                status=answer.status,
            )
        elif answer.status in (405, 501):
            why = Message("the server takes no files (%(status)d)", status=answer.status)
        else:
            why = Message(
                "the answer was %(status)d %(reason)s",
                status=answer.status,
                reason=http.client.responses.get(answer.status, ""),
            )
        raise TransferFailed(self.place, why)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except urllib3.exceptions.MaxRetryError as error:
            raise TransferFailed(self.place, self._why(error.reason or error)) from None
        except urllib3.exceptions.HTTPError as error:
            raise TransferFailed(self.place, self._why(error)) from None
        except OSError as error:
            raise TransferFailed(self.place, reason_of(error)) from None
        except ValueError:  # an address to go on at, or a number, that is none
            raise TransferFailed(
                self.place, Message("the server's answer cannot be read")
            ) from None

    def _why(self, error: Exception) -> Message:
        """What went wrong, without what nobody may read."""
        told = " ".join(str(error).split())
        for secret in (*self._login.secrets, self._parts.query):
            if secret:
                told = told.replace(secret, "…")
        return Message("%(error)s", error=told[:300])


def _listed(told: ElementTree.Element) -> Iterator[tuple[str, Stored]]:
    """The files of a listing.

    Raises:
        ValueError: a size that is no number.
    """
    for one in told.iter(f"{_DAV}response"):
        if one.find(f".//{_DAV}collection") is not None:
            continue
        name = unquote(one.findtext(f"{_DAV}href") or "").rstrip("/").rpartition("/")[2]
        size = one.findtext(f".//{_DAV}getcontentlength") or "0"
        if name:
            yield name, Stored(int(size), _moment(one.findtext(f".//{_DAV}getlastmodified")))


def _moment(text: str | None) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp() if text else None
    except (ValueError, OverflowError):
        return None
