"""Storages over HTTP, with servers that break off, are slow, refuse, and send anything."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.errors import TransferFailed
from kg.snapshot.layout import Layout
from kg.snapshot.seal import damages
from kg.travel import _web
from kg.travel._seam import Stored
from kg.travel.publish import publish_release
from kg.travel.pull import pull_release
from kg.travel.storage import PASSWORD, TOKEN, USER, open_storage
from tests.travel.storages import PASSWORD as PASS
from tests.travel.storages import USER as READER
from tests.travel.storages import Static, webdav


@pytest.fixture
def static(tmp_path: Path, first: Path) -> Static:
    """A server of plain files with a release."""
    publish_release(first, open_storage(str(tmp_path / "files" / "gyebo")), part=100_000)
    return Static(tmp_path / "files")


@pytest.fixture
def url(static: Static) -> Iterator[str]:
    with static.running() as url:
        yield url + "/gyebo"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_web, "_RETRY", _web._RETRY.new(backoff_factor=0))


def refused(home: Path, url: str, **environ: str) -> str:
    with pytest.raises(TransferFailed) as error:
        pull_release(home, open_storage(url, environ))
    assert not Layout(home).current.exists()
    told = str(error.value)
    assert "\n" not in told
    return told


def test_a_server_of_plain_files_is_enough(url: str, static: Static, tmp_path: Path) -> None:
    pulled = pull_release(tmp_path / "home", open_storage(url))
    assert list(damages(Layout(tmp_path / "home").current_folder())) == []
    objects = [path for path in static.asked if "/objects/" in path]
    assert len(objects) == len(set(objects)) == pulled.fetched > 50  # nothing is asked for twice
    assert pulled.place == url


def test_an_answer_that_breaks_off_is_asked_for_again(
    url: str, static: Static, tmp_path: Path
) -> None:
    broken: set[str] = set()

    def half(handler: Any) -> bool:
        if "/objects/" not in handler.path or handler.path in broken:
            return False
        broken.add(handler.path)
        data = Path(handler.translate_path(handler.path)).read_bytes()
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data[: len(data) // 2])
        handler.close_connection = True
        return True

    static.break_answer = half
    pull_release(tmp_path / "home", open_storage(url))
    assert len(broken) > 50
    assert list(damages(Layout(tmp_path / "home").current_folder())) == []


def test_a_server_that_is_busy_for_a_moment(url: str, static: Static, tmp_path: Path) -> None:
    busy: list[str] = []

    def answer(handler: Any) -> bool:
        if handler.path in busy:
            return False
        busy.append(handler.path)
        handler.send_error(503)
        return True

    static.break_answer = answer
    assert pull_release(tmp_path / "home", open_storage(url)).switched
    assert len(busy) > 50


def test_a_server_that_is_down(static: Static, tmp_path: Path) -> None:
    with static.running() as url:
        pass
    assert "refused" in refused(tmp_path / "home", url).lower()
    assert "the answer was 500 Internal Server Error" in _answered(500, static, tmp_path)
    assert "the answer was 418 I'm a Teapot" in _answered(418, static, tmp_path)


def _answered(status: int, static: Static, tmp_path: Path) -> str:
    def answer(handler: Any) -> bool:
        handler.send_response(status, "\x1b[31mred")
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        return True

    static.break_answer = answer
    with static.running() as url:
        return refused(tmp_path / "home", url)


def test_who_is_not_let_in_is_told_where_names_go(static: Static, tmp_path: Path) -> None:
    secret = "Very-Secret"
    with static.running() as url:
        known = url.replace("://", f"://me:{secret}@") + "/gyebo?signature=" + secret

        def answer(handler: Any) -> bool:
            handler.send_response(401)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return True

        static.break_answer = answer
        told = refused(tmp_path / "home", known)
        assert "GYEBO_STORAGE_USER" in told and secret not in told and "me" not in told.split()
        assert "?signature=" + secret in static.asked[0]
        assert static.headers[0]["authorization"].startswith("Basic ")
        refused(tmp_path / "home", url, **{TOKEN: secret})
        assert static.headers[-1]["authorization"] == f"Bearer {secret}"
    told = refused(tmp_path / "home", known, **{TOKEN: secret})
    assert secret not in told and "refused" in told.lower()


def test_a_login_is_not_sent_to_another_server(static: Static, tmp_path: Path) -> None:
    other = Static(static.folder)
    with static.running() as url, other.running() as elsewhere:

        def lead(handler: Any) -> bool:
            handler.send_response(302)
            handler.send_header("Location", elsewhere + handler.path)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return True

        static.break_answer = lead
        pull_release(tmp_path / "home", open_storage(url + "/gyebo", {TOKEN: "Secret"}))
        assert all("authorization" in headers for headers in static.headers)
        assert not any("authorization" in headers for headers in other.headers)


def test_a_server_that_sends_without_end(url: str, static: Static, tmp_path: Path) -> None:
    sent: list[int] = []

    def endless(handler: Any) -> bool:
        if "/objects/" not in handler.path:
            return False
        handler.send_response(200)
        handler.end_headers()
        try:
            for _ in range(1 << 12):
                handler.wfile.write(b"x" * (1 << 16))
                sent.append(1 << 16)
        except OSError:
            pass
        handler.close_connection = True
        return True

    static.break_answer = endless
    assert "is longer than it was" in refused(tmp_path / "home", url)
    assert sum(sent) < 200 << 20


def test_a_server_that_says_nothing_is_given_up(
    url: str, static: Static, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Soon where it is asked what it offers, as a machine that starts serves what it has after that."""
    monkeypatch.setattr(_web, "_SILENT_OFFER", 0.2)
    done = threading.Event()
    asked: list[str] = []

    def silent(handler: Any) -> bool:
        asked.append(handler.path)
        done.wait(30)
        handler.close_connection = True
        return True

    static.break_answer = silent
    try:
        assert "timed out" in refused(tmp_path / "home", url)
        assert asked == ["/gyebo/current"] * 3
    finally:
        done.set()


def test_a_server_that_sends_in_drops_is_given_up(
    url: str, static: Static, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_web, "_PATIENCE", 0.5)
    monkeypatch.setattr(_web, "_SLOWEST", 1e9)

    def drops(handler: Any) -> bool:
        if "/objects/" not in handler.path:
            return False
        handler.send_response(200)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        try:
            for _ in range(100):
                handler.wfile.write(b"x")
                time.sleep(0.05)
        except OSError:
            pass
        handler.close_connection = True
        return True

    static.break_answer = drops
    assert "the server sends too slowly" in refused(tmp_path / "home", url)


@pytest.mark.parametrize(
    "head",
    [
        "HTTP/1.1 302 F\r\nLocation: http://[bad/\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 302 F\r\nLocation: ftp://127.0.0.1/x\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 503 B\r\nRetry-After: " + "9" * 5000 + "\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 503 B\r\nRetry-After: \x1b[31m\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 \x1b[31m\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
    ],
)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of urllib3
def test_an_answer_that_is_no_answer(head: str, url: str, static: Static, tmp_path: Path) -> None:
    def answer(handler: Any) -> bool:
        handler.wfile.write(head.encode("latin-1"))
        handler.close_connection = True
        return True

    static.break_answer = answer
    told = refused(tmp_path / "home", url)
    assert "\x1b" not in told and len(told) < 400
    gc.collect()  # urllib3 leaves a connection open where it cannot read what leads on


def test_a_size_that_is_no_size(url: str, static: Static, first: Path) -> None:
    def answer(handler: Any) -> bool:
        handler.send_response(200)
        handler.send_header("Content-Length", "9" * 5000)
        handler.end_headers()
        handler.close_connection = True
        return True

    static.break_head = answer
    with pytest.raises(TransferFailed, match="the server's answer cannot be read"):
        publish_release(first, open_storage(url))


LISTED = (
    '<D:multistatus xmlns:D="DAV:"><D:response><D:href>/objects/x</D:href><D:getcontentlength>%s'
    "</D:getcontentlength><D:getlastmodified>%s</D:getlastmodified></D:response></D:multistatus>"
)


@pytest.mark.parametrize(
    "listing",
    [
        '<?xml version="1.0" encoding="none-such"?><a/>',
        LISTED % ("many", ""),
        LISTED % ("9" * 5000, ""),
        "<a>" * 100_000,
    ],
)
def test_a_listing_that_cannot_be_read(listing: str, url: str, static: Static) -> None:
    static.listing = listing.encode()
    with pytest.raises(TransferFailed, match="list of files cannot be read"):
        open_storage(url).listing("objects")


@pytest.mark.parametrize(
    "day",
    [
        "soon",
        "Mon, 99999999999999999999 Jan 1 1:1:1",
        "Mon, 01 Jan 2024 00:00:00 +99999999999999999",
    ],
)
def test_a_day_that_is_none_is_not_told(day: str, url: str, static: Static) -> None:
    """So that `gyebo prune` leaves the file alone."""
    static.listing = (LISTED % (5, day)).encode()
    assert open_storage(url).listing("objects") == {"x": Stored(5, None)}


def test_a_page_of_errors_in_place_of_files(url: str, static: Static, tmp_path: Path) -> None:
    def page(handler: Any) -> bool:
        body = b"<html>Not found</html>"
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)
        return True

    static.break_answer = page
    assert "no pointer to a release" in refused(tmp_path / "home", url)


def test_the_pointer_is_asked_for_anew(url: str, static: Static, tmp_path: Path) -> None:
    pull_release(tmp_path / "home", open_storage(url))
    asked = zip(static.asked, static.headers, strict=True)
    anew = [path for path, headers in asked if headers.get("cache-control") == "no-cache"]
    assert anew == ["/gyebo/current"]  # the rest may come from any cache


def test_a_server_of_plain_files_takes_none(url: str, first: Path) -> None:
    with pytest.raises(TransferFailed, match=r"the server takes no files \(501\)"):
        publish_release(first, open_storage(url + "/other"))
    with pytest.raises(TransferFailed, match="lists no files"):
        open_storage(url).listing("objects")


def test_a_wrong_password(tmp_path: Path, first: Path) -> None:
    with webdav(tmp_path / "dav") as url:
        for environ in ({}, {USER: READER, PASSWORD: "Wrong-Secret"}):
            with pytest.raises(TransferFailed, match=r"does not let us in \(401\)") as error:
                publish_release(first, open_storage(url, environ))
            assert "Wrong" not in str(error.value)
        named = url.replace("://", f"://{READER}:{PASS}@")
        sent = publish_release(first, open_storage(named, {}))
        assert sent.place == url


def test_a_listing_that_is_no_listing(tmp_path: Path) -> None:
    with webdav(tmp_path / "dav") as url:
        storage = open_storage(url, {USER: READER, PASSWORD: PASS})
        assert storage.listing("objects") == {}
        storage.write("objects/" + "a" * 64, b"abc")
        storage.write("objects/" + "b" * 64, b"")
        found = storage.listing("objects")
        assert {name: one.bytes for name, one in found.items()} == {"a" * 64: 3, "b" * 64: 0}
        assert all(abs((one.modified or 0) - time.time()) < 60 for one in found.values())
        storage.delete("objects/" + "a" * 64)
        storage.delete("objects/" + "a" * 64)
        assert set(storage.listing("objects")) == {"b" * 64}
        assert storage.size("objects/" + "a" * 64) is None
