"""Behind a proxy: the prefix is in every address, and only named proxies are believed."""

from __future__ import annotations

import contextlib
import gzip
import json
import re
import shutil
import subprocess
import urllib.error
import urllib.request
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask, request
from werkzeug.test import TestResponse

from kg.config import Config, load_config
from kg.errors import ConfigError
from tests.conftest import serving
from tests.pages import PAGES, STATUS, in_language
from tests.waiting import free_port, wait_until
from tests.web.server.test_serve import served
from web.app.log import line, write
from web.app.proxy import behind
from web.site.docs import EXAMPLES

HTML = {"Accept": "text/html,*/*;q=0.1"}
BASE = "http://127.0.0.1:8000/"
LINKS = re.compile(r'(?:href|src|action|data-[a-z]+)="(/[^"]*)"')


def asked(config: Config, path: str = "/", peer: str = "127.0.0.1", **headers: str) -> TestResponse:
    """What an application behind a proxy sees of a request."""
    app = Flask(__name__)
    app.wsgi_app = behind(app.wsgi_app, config)  # type: ignore[method-assign]

    @app.get("/", defaults={"path": ""})
    @app.get("/<path:path>")
    def seen(path: str) -> list[str]:
        return [request.root_path, request.path, request.remote_addr or "", request.scheme]

    named = {f"X-Forwarded-{name}": value for name, value in headers.items()}
    return app.test_client().get(path, headers=named, environ_overrides={"REMOTE_ADDR": peer})


@pytest.mark.parametrize(
    ("settings", "peer", "headers", "seen"),
    [
        (
            {},
            "127.0.0.1",
            {"For": "8.8.8.8", "Proto": "https", "Prefix": "/x"},
            ["", "/", "127.0.0.1", "http"],
        ),
        (
            {"proxies": 1},
            "127.0.0.1",
            {"For": "1.1.1.1, 8.8.8.8", "Proto": "https", "Prefix": "/x"},
            ["", "/", "8.8.8.8", "https"],
        ),
        (
            {"proxies": 2},
            "::ffff:127.0.0.1",
            {"For": "9.9.9.9, 1.1.1.1, 8.8.8.8"},
            ["", "/", "1.1.1.1", "http"],
        ),
        ({"proxies": 1}, "10.0.0.9", {"For": "8.8.8.8"}, ["", "/", "10.0.0.9", "http"]),
        (
            {"proxies": 1, "proxy_networks": "10.0.0.0/24"},
            "10.0.0.9",
            {"For": "8.8.8.8"},
            ["", "/", "8.8.8.8", "http"],
        ),
        ({"proxies": 1}, "", {"For": "8.8.8.8"}, ["", "/", "8.8.8.8", "http"]),
        (
            {"proxies": 1, "prefix": "forwarded"},
            "127.0.0.1",
            {"Prefix": "/a/b"},
            ["/a/b", "/", "127.0.0.1", "http"],
        ),
        (
            {"proxies": 1, "prefix": "forwarded"},
            "127.0.0.1",
            {"Prefix": "//evil.example"},
            ["", "/", "127.0.0.1", "http"],
        ),
        (
            {"proxies": 1, "prefix": "forwarded"},
            "10.0.0.9",
            {"Prefix": "/a"},
            ["", "/", "10.0.0.9", "http"],
        ),
        ({"prefix": "/gyebo"}, "127.0.0.1", {}, ["/gyebo", "/", "127.0.0.1", "http"]),
    ],
)
def test_only_named_proxies_are_believed(
    settings: dict[str, object], peer: str, headers: dict[str, str], seen: list[str]
) -> None:
    assert asked(replace(Config(), **settings), peer=peer, **headers).get_json() == seen  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "rest"),
    [
        ("/gyebo", "/"),
        ("/gyebo/", "/"),
        ("/gyebo/a/b", "/a/b"),
        ("/gyebox", "/gyebox"),
        ("/a", "/a"),
    ],
)
def test_a_proxy_may_leave_the_prefix_or_take_it_away(path: str, rest: str) -> None:
    assert asked(Config(prefix="/gyebo"), path).get_json()[:2] == ["/gyebo", rest]


@pytest.mark.parametrize(
    "settings",
    [
        {"prefix": "gyebo"},
        {"prefix": "/gyebo/"},
        {"prefix": "//x"},
        {"prefix": "forwarded"},
        {"proxies": -1},
        {"log": "xml"},
        {"proxy_networks": "localhost"},
    ],
)
def test_settings_that_cannot_be(settings: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        load_config(tmp_path / "gyebo.toml", {}, **settings)


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_every_address_of_a_page_has_the_prefix(mounted: Flask, path: str) -> None:
    client = mounted.test_client()
    answer = client.get(f"/gyebo{in_language(path, 'ko')}", headers=HTML)
    assert answer.status_code == STATUS.get(path, 200)
    found = {link.replace("&amp;", "&") for link in LINKS.findall(answer.text)}
    found |= set(re.findall(r"<(/[^>]*)>", answer.headers.get("Link", "")))
    assert found and {link for link in found if not link.startswith("/gyebo")} == set()
    assert f"{BASE}gyebo" not in answer.text  # the base names the prefix itself, if it has one
    assert "Path=/gyebo;" in answer.headers["Set-Cookie"] or answer.status_code != 200


def test_links_lead_somewhere_under_the_prefix(mounted: Flask) -> None:
    """Ask for one address of each shape that the pages name."""
    client = mounted.test_client()
    shapes: dict[str, str] = {}
    for path in PAGES.values():
        for link in LINKS.findall(client.get(f"/gyebo{path}", headers=HTML).text):
            address = link.replace("&amp;", "&").partition("#")[0]
            shapes.setdefault(shape(address), address)
    assert len(shapes) > 40
    for address in shapes.values():
        with client.get(address, headers=HTML) as answer:
            assert answer.status_code in (200, 302, 303, 308) or "lama-7b" in address, address
            if answer.location:
                assert urlsplit(answer.location).path.startswith("/gyebo/"), address


def shape(address: str) -> str:
    """What is alike of addresses: kind, ending and the names of parameters."""
    path, _, query = address.partition("?")
    ending = path.rpartition("/")[2].rpartition(".")[2]
    names = sorted({pair.partition("=")[0] for pair in query.split("&")})
    return " ".join([*path.split("/")[2:3], ending if len(ending) < 8 else "", *names])


@pytest.mark.parametrize(
    "path",
    ["/family", "/llama-7b", "/model/llama-7b/", "/favicon.ico", "/license-check?id=llama-7b"],
)
def test_redirects_have_the_prefix(mounted: Flask, path: str) -> None:
    assert mounted.test_client().get(f"/gyebo{path}", headers=HTML).location.startswith("/gyebo/")


def test_answers_for_programs_have_the_prefix(mounted: Flask) -> None:
    client = mounted.test_client()
    assert 'template="http://localhost/gyebo/search?' in client.get("/gyebo/opensearch.xml").text
    names = client.get("/gyebo/suggest?q=alp&format=opensearch").get_json()
    assert all(url.startswith("http://localhost/gyebo/") for url in names[3]) and names[3]
    following = client.get("/gyebo/search.json?kind=model").headers["Link"]
    assert following.startswith("</gyebo/search.json?")
    assert "Disallow: /gyebo/sparql?" in client.get("/gyebo/robots.txt").text


def test_a_share_of_queries_is_counted_by_the_client_the_proxy_names(snapshot_home: Path) -> None:
    settings = Config(
        home=snapshot_home,
        proxies=1,
        sparql_client_seconds=1e-6,
        page_cache_mb=0,  # else equal queries would take from nobody's share
    )
    ask = {"query_string": {"query": "SELECT (COUNT(*) AS ?n) { ?a a ?b }"}}
    for trusted, expected in ((1, [200, 200, 429]), (0, [200, 429, 429])):
        with serving(replace(settings, proxies=trusted)) as app:
            got = [
                app.test_client()
                .get("/sparql", headers={"X-Forwarded-For": client}, **ask)
                .status_code
                for client in ("1.1.1.1", "8.8.8.8", "1.1.1.1")
            ]
        assert got == expected


# ---- ids and lines ----


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("abc-1", True),
        ("x" * 128, True),
        ("x" * 129, False),
        ("a b", False),
        ('"', False),
        ("", False),
        ("-a", False),
    ],
)
def test_a_request_keeps_a_sane_id(app: Flask, given: str, kept: bool) -> None:
    headers = {"X-Request-ID": given} if given else {}
    answer = app.test_client().get("/no/such/thing", headers=headers)
    assert (answer.headers["X-Request-ID"] == given) == kept and answer.headers["X-Request-ID"]


def test_a_line_holds_no_query_and_no_second_line() -> None:
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "/g",
        "PATH_INFO": "/\xea\xb3\x84\n\x1b[1m",
        "QUERY_STRING": "q=secret",
        "REMOTE_ADDR": "::1",
    }
    text = line(environ, "404 Not Found", 7, timedelta(milliseconds=1.26))
    said = json.loads(text)
    assert "\n" not in text and "\x1b" not in text and "secret" not in text
    assert (said["path"], said["status"], said["bytes"], said["ms"]) == (
        "/g/계\n\x1b[1m",
        404,
        7,
        1.3,
    )


def test_a_line_that_cannot_be_written_is_given_up(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write("one")
    assert capsys.readouterr().err == "one\n"
    full = Path("/dev/full").open("w", buffering=1, encoding="utf-8")  # noqa: SIM115
    monkeypatch.setattr("sys.stderr", full)
    write("two")
    with contextlib.suppress(OSError):  # what is left in it
        full.close()


def test_the_server_writes_one_line_for_each_request(snapshot_home: Path, tmp_path: Path) -> None:
    settings = {"GYEBO_PREFIX": "/gyebo", "GYEBO_PROXIES": "1", "GYEBO_WORKERS": "1"}
    with (
        (tmp_path / "log").open("wb") as log,
        served(snapshot_home, log=log, settings=settings) as url,
    ):
        hostile = {
            "X-Request-ID": "one",
            "X-Forwarded-For": "6.6.6.6, 8.8.8.8",
            "SCRIPT_NAME": "/evil",
            "X-Forwarded-Prefix": "//evil",
            "Accept": "text/html",
        }
        asked = urllib.request.Request(f"{url}/gyebo/about?secret=1", headers=hostile)
        with urllib.request.urlopen(asked, timeout=20) as answer:
            body = answer.read()
            assert answer.headers["X-Request-ID"] == "one"
    assert b"evil" not in body and b'href="/gyebo/data"' in body
    lines = [
        json.loads(text) for text in (tmp_path / "log").read_text().splitlines() if text[0] == "{"
    ]
    [said] = [line for line in lines if line["id"] == "one"]
    assert (said["method"], said["path"], said["status"]) == ("GET", "/gyebo/about", 200)
    assert (said["client"], said["bytes"]) == ("8.8.8.8", len(body)) and said["ms"] > 0


NGINX = """daemon off; master_process off; pid {0}/pid; error_log stderr; events {{}}
http {{ access_log off; client_body_temp_path {0}/body; proxy_temp_path {0}/proxy;
fastcgi_temp_path {0}/f; uwsgi_temp_path {0}/u; scgi_temp_path {0}/s; include {0}/site.conf; }}
"""


@pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed")
def test_the_example_for_nginx_works(snapshot_home: Path, tmp_path: Path) -> None:
    """The file as it is shown, but for addresses, and without TLS."""
    shown = (EXAMPLES / "nginx.conf").read_text("utf-8")
    port = free_port()
    settings = {"GYEBO_PREFIX": "/gyebo", "GYEBO_PROXIES": "1", "GYEBO_WORKERS": "1"}
    with (
        (tmp_path / "log").open("wb") as log,
        served(snapshot_home, log=log, settings=settings) as url,
    ):
        shown = re.sub(r" *ssl_.*\n", "", shown).replace("443 ssl http2", f"127.0.0.1:{port}")
        (tmp_path / "site.conf").write_text(
            shown.replace("127.0.0.1:8000", url.removeprefix("http://"))
        )
        (tmp_path / "nginx.conf").write_text(NGINX.format(tmp_path))
        proxy = subprocess.Popen(["nginx", "-p", tmp_path, "-c", tmp_path / "nginx.conf"])
        try:
            wait_until(lambda: ask(f"http://127.0.0.1:{port}/gyebo/-/health"))
            answer = ask(f"http://127.0.0.1:{port}/gyebo/about")
            long = "#" + "x" * 40_000
            asked = f"http://127.0.0.1:{port}/gyebo/sparql?query=ASK%7B%7D%23{long[1:]}"
            assert json.loads(ask(asked).read())["boolean"] is True
        finally:
            proxy.terminate()
            proxy.wait(timeout=20)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert b'href="/gyebo/data"' in gzip.decompress(answer.read())
    lines = [
        json.loads(text) for text in (tmp_path / "log").read_text().splitlines() if text[0] == "{"
    ]
    [said] = [line for line in lines if line["id"] == answer.headers["X-Request-ID"]]
    assert (said["path"], said["client"]) == ("/gyebo/about", "127.0.0.1") and len(said["id"]) == 32


def ask(url: str) -> Any:
    """The answer at an address."""
    headers = {"Accept": "text/html, application/json;q=0.5", "Accept-Encoding": "gzip"}
    if "sparql" in url:
        headers = {"Accept": "application/json"}
    return urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=20)
