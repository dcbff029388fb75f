"""What the server itself refuses is answered as everything else is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from waitress.utilities import InternalServerError as HTTPInternalError

from tests.web.server.test_serve import get, served
from tests.web.server.test_slow_clients import connect
from web.app.caching import SECURITY
from web.app.guard import bare_problem
from web.server._connections import _refusal

POST = b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
LONG = b"a" * 70_000
REFUSED = [
    (POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nASK {}\r\n0\r\n\r\n", 400),
    (POST + b"Transfer-Encoding: chunked\r\n\r\n6\r\nASK {}XX0\r\n\r\n", 400),
    (POST + b"Transfer-Encoding: chunked\r\n\r\n-6\r\nASK {}\r\n0\r\n\r\n", 400),
    (POST + b"Transfer-Encoding: gzip\r\n\r\n", 501),
    (POST + b"Content-Length: 6\r\nContent-Encoding: gzip\r\n\r\nASK {}", 415),
    (POST + b"Content-Length: 99999999999\r\n\r\n", 413),
    (POST + b"Content-Length: +6\r\n\r\nASK {}", 400),
    (b"GET /about HTTP/1.1\r\n\r\n", 400),
    (b"GET /about HTTP/1.1\r\nHost:\r\n\r\n", 400),
    (b"GET /about HTTP/1.1\r\nHost: " + b"a" * 64 + b"\r\n\r\n", 400),
    (b"GET /about HTTP/1.1\r\nHost: " + b"a." * 200 + b"\r\n\r\n", 400),
    (b"GET /about HTTP/1.1\r\nHost: \xff\xfe\r\n\r\n", 400),
    (b"GET /about HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    (b"GET /about HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
    (b"GET /about?" + LONG + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
    (b"GET /about?" + LONG * 3 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
    (b"GET /about HTTP/1.1\r\nHost: a\r\nX: " + LONG * 2 + b"\r\n\r\n", 431),
]


@pytest.fixture(scope="module")
def url(snapshot_home: Path) -> Iterator[str]:
    with served(snapshot_home) as address:
        yield address


def answer(url: str, request: bytes) -> tuple[int, dict[str, str], bytes]:
    with connect(url) as sock:
        sock.sendall(request)
        head, _, body = sock.makefile("rb").read().partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    return int(first.split()[1]), headers, body


def test_an_address_may_hold_korean_as_it_was_typed(url: str) -> None:
    for typed in ("/search.json?q=알파카", "/search.json?q=%EC%95%8C파카"):
        head = f"GET {typed} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        got, _, body = answer(url, head.encode())
        assert got == 200
        assert json.loads(body)["hits"][0]["id"] == "family/alpaca"


@pytest.mark.parametrize(("request_", "status"), REFUSED)
def test_what_cannot_be_read_is_refused_with_our_headers(
    url: str, request_: bytes, status: int
) -> None:
    got, headers, body = answer(
        url, request_.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1)
    )
    assert got == status, body
    assert {name.lower() for name in SECURITY} <= headers.keys()
    assert headers["content-type"] == "application/problem+json"
    told = json.loads(body)
    assert told["status"] == status and told["detail"]
    assert b"Gyebo" in get(url + "/about")


def test_a_cookie_may_hold_any_byte(url: str) -> None:
    head = b"GET /about HTTP/1.1\r\nHost: a\r\nConnection: close\r\nCookie: x=\xff; lang=ko\r\n\r\n"
    got, headers, _ = answer(url, head)
    assert (got, headers["content-language"]) == (200, "ko")


def test_what_nobody_foresaw_is_answered_too() -> None:
    class Failed:
        error = HTTPInternalError("")

    problem, _, body = bare_problem(_refusal(Failed()))
    assert problem.status == json.loads(body)["status"] == 500


@pytest.mark.parametrize(
    "host", [b"a", b"a:80", b"[::1]:8000", b"my_host.example.org.", b"xn--9n2bp8q.kr"]
)
def test_hosts_of_every_form_are_answered(url: str, host: bytes) -> None:
    got, _, _ = answer(
        url, b"GET /-/health HTTP/1.1\r\nConnection: close\r\nHost: " + host + b"\r\n\r\n"
    )
    assert got == 200


def test_old_clients_need_no_host(url: str) -> None:
    assert answer(url, b"GET /-/health HTTP/1.0\r\n\r\n")[0] == 200


def test_an_answer_without_a_body_keeps_the_connection(url: str) -> None:
    """waitress alone would close it after each page that has not changed."""
    tag = b'If-None-Match: W/"x", *\r\n'
    with connect(url) as sock:
        sock.sendall(b"OPTIONS /about HTTP/1.1\r\nHost: a\r\n" + tag + b"\r\n")
        assert b" 204 " in sock.recv(1 << 16)
        sock.sendall(b"GET /-/health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert b" 200 OK" in sock.makefile("rb").read()
