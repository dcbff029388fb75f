"""Downloads from a server on this machine that breaks off, refuses, redirects and counts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import DownloadFailed, InputError
from kg.files.download import download, without_secrets

BODY = bytes(range(256)) * 4000
TAG = '"one"'


class Handler(BaseHTTPRequestHandler):
    asked: list[tuple[str, dict[str, str]]] = []

    def do_GET(self) -> None:
        self.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
        getattr(self, "_" + self.path.lstrip("/").partition("?")[0].partition("/")[0])()

    def _file(self, body: bytes = BODY, tag: str = TAG) -> None:
        if self.headers.get("If-None-Match") == tag:
            return self._empty(304)
        start = 0
        if (part := self.headers.get("Range")) and self.headers.get("If-Range") == tag:
            start = int(part.removeprefix("bytes=").rstrip("-"))
        self.send_response(206 if start else 200)
        self.send_header("ETag", tag)
        self.send_header("Content-Length", str(len(body) - start))
        self.end_headers()
        self.wfile.write(self._cut(body[start:]))
        return None

    def _cut(self, body: bytes) -> bytes:
        return body

    def _flaky(self) -> None:
        """Three quarters of what is left, each time; the last bytes at once."""
        self._cut = lambda body: body[: max(len(body) * 3 // 4, 200_000)]  # type: ignore[method-assign]
        self._file()
        self.close_connection = True

    def _broken(self) -> None:
        self._cut = lambda body: b""  # type: ignore[method-assign]
        self._file()
        self.close_connection = True

    def _full(self) -> None:
        if self.headers.get("Range"):
            return self._empty(416)
        return self._file()

    def _missing(self) -> None:
        self._empty(404)

    def _busy(self) -> None:
        if sum(path == "/busy" for path, _ in self.asked) < 3:
            return self._empty(429, ("Retry-After", "0"))
        return self._file()

    def _loop(self) -> None:
        self._empty(302, ("Location", "/loop"))

    def _away(self) -> None:
        self._empty(302, ("Location", "file:///etc/passwd"))

    def _empty(self, status: int, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    Handler.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_what_has_not_changed_is_not_fetched_again(server: str, tmp_path: Path) -> None:
    sizes: list[int] = []
    first = download(server + "/file", tmp_path, lambda total: sizes.append)
    assert first.read_bytes() == BODY and sum(sizes) == len(BODY)
    assert download(server + "/file", tmp_path, lambda total: sizes.append) == first
    assert sum(sizes) == len(BODY)
    assert Handler.asked[1][1]["if-none-match"] == TAG


def test_a_broken_connection_is_taken_up_where_it_broke(server: str, tmp_path: Path) -> None:
    sizes: list[int] = []
    assert download(server + "/flaky", tmp_path, lambda total: sizes.append).read_bytes() == BODY
    assert sum(sizes) == len(BODY)
    assert len(Handler.asked) > 2 and "range" in Handler.asked[1][1]
    assert not list(tmp_path.glob("*.part"))


def test_a_connection_that_gives_nothing_ends(server: str, tmp_path: Path) -> None:
    with pytest.raises(DownloadFailed):
        download(server + "/broken", tmp_path)


def test_after_a_failure_an_old_file_is_not_taken_for_the_new(server: str, tmp_path: Path) -> None:
    path = download(server + "/file", tmp_path)
    path.with_name(path.name + ".etag").write_text('"two"')
    path.with_name(path.name + ".part").write_bytes(b"")
    path.write_bytes(b"old")
    assert download(server + "/file", tmp_path).read_bytes() == BODY


def test_a_part_that_is_whole(server: str, tmp_path: Path) -> None:
    path = download(server + "/full", tmp_path)
    path.rename(path.with_name(path.name + ".part"))
    assert download(server + "/full", tmp_path).read_bytes() == BODY


def test_waits_as_long_as_asked(server: str, tmp_path: Path) -> None:
    assert download(server + "/busy", tmp_path).read_bytes() == BODY
    assert len(Handler.asked) == 3


@pytest.mark.parametrize(
    ("path", "says"),
    [("/missing", "404"), ("/loop", "redirect"), ("/away", "No host")],
)
def test_refusals(server: str, tmp_path: Path, path: str, says: str) -> None:
    with pytest.raises(DownloadFailed, match=says):
        download(server + path, tmp_path)
    assert not [p for p in tmp_path.iterdir() if p.stat().st_size]


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "ftp://x.example/a", "http://", "https:///a", "http://[bad", "x"],
)
def test_only_addresses_of_the_web(tmp_path: Path, address: str) -> None:
    with pytest.raises(InputError, match="not an http or https address"):
        download(address, tmp_path)


def test_secrets_are_sent_and_never_told(server: str, tmp_path: Path) -> None:
    address = server.replace("://", "://me:s3cret@") + "/missing?token=t0ken"
    with pytest.raises(DownloadFailed) as caught:
        download(address, tmp_path)
    assert "s3cret" not in str(caught.value) and "t0ken" not in str(caught.value)
    path, headers = Handler.asked[0]
    assert path == "/missing?token=t0ken" and headers["authorization"].startswith("Basic ")
    with pytest.raises(DownloadFailed) as caught:
        download("http://me:s3cret@127.0.0.1:1/x?token=t0ken", tmp_path / "no")
    assert "s3cret" not in str(caught.value) and "t0ken" not in str(caught.value)


@given(
    st.from_regex(r"[a-z0-9]{1,8}:([a-z0-9@:]{1,8}|[a-z][a-z0-9:/?#]{1,8})", fullmatch=True),
    st.from_regex(r"[^@]{,9}", fullmatch=True),
)
def test_no_address_keeps_its_secrets(secret: str, rest: str) -> None:
    told = without_secrets(f"https://{secret}@host.example/x?{rest}")
    assert told == "https://host.example/x"


def test_killed_between_tag_and_first_byte(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tag of the new file does not vouch for the old one."""
    path = download(server + "/file", tmp_path)
    path.write_bytes(b"old")
    path.with_name(path.name + ".etag").write_text('"old"')

    def killed(self: object, answer: object, done: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as context:
        context.setattr("kg.files.download._Fetch._save", killed)
        with pytest.raises(KeyboardInterrupt):
            download(server + "/file", tmp_path)
    assert path.read_bytes() == b"old"
    assert download(server + "/file", tmp_path).read_bytes() == BODY
