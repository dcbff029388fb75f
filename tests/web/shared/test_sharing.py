"""Two nodes that share: a page that one made the other gives; whatever the server does, readers get their pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import valkey
from flask import Flask

from kg.config import Config, load_config
from kg.errors import ConfigError
from tests.conftest import serving
from tests.waiting import free_port, wait_until
from tests.web.shared.servers import (
    BAD,
    PATIENT,
    SECRET,
    Behavior,
    bad_server,
    needs_server,
    server,
)
from web.shared import sharing
from web.shared.server import SharedServer

HTML = {"Accept": "text/html"}
PATHS = (
    "/model/llama-65b",
    "/model/llama-65b.json",
    "/family/llama/lineage.svg",
    "/search?q=llama",
)
QUERY = "/sparql?format=json&query=SELECT%20*%20%7B%3Fs%20a%20kg%3AFamily%7D"


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine that is busy with other work nothing is to be taken for away."""
    monkeypatch.setattr(sharing, "SharedServer", lambda url: SharedServer(url, PATIENT))


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with server(tmp_path) as address:
        yield address


@pytest.fixture
def config(snapshot_home: Path, address: str) -> Config:
    return Config(home=snapshot_home, shared=address, shared_secret=SECRET)


def stored(address: str, what: str) -> set[bytes]:
    """The keys of a kind that a server holds."""
    with closing(valkey.Valkey.from_url(address)) as client:
        return set(client.keys(f"gyebo:1:{what}:*"))


def told(app: Flask, path: str) -> tuple[int, bytes, dict[str, str]]:
    answer = app.test_client(use_cookies=False).get(path, headers=HTML)
    passing = ("X-Request-ID", "Date")
    return answer.status_code, answer.data, {k: v for k, v in answer.headers if k not in passing}


@needs_server
def test_a_page_that_one_node_made_another_gives(
    config: Config, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(config) as first, serving(config) as second:
        for number, path in enumerate(PATHS, 1):
            made = told(first, path)
            assert made[0] == 200
            wait_until(lambda number=number: len(stored(address, "page")) == number)
            monkeypatch.setattr(second, "full_dispatch_request", None)  # it makes nothing itself
            assert told(second, path) == made
            monkeypatch.undo()
        with closing(valkey.Valkey.from_url(address)) as client:
            client.flushall()
        monkeypatch.setattr(second, "full_dispatch_request", None)
        assert told(second, PATHS[0])[0] == 200  # it has kept them


@needs_server
def test_a_result_that_one_node_found_another_gives_and_nobody_pays(
    config: Config, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(config) as first, serving(config) as second:
        found = first.test_client().get(QUERY)
        wait_until(lambda: stored(address, "result"))
        monkeypatch.setattr(type(second.extensions["gyebo"]), "pool", None)
        again = second.test_client().get(QUERY)
        assert again.data == found.data and again.headers["ETag"] == found.headers["ETag"]


@needs_server
def test_a_share_is_one_for_all_nodes(config: Config, address: str) -> None:
    config = replace(config, sparql_client_seconds=1e-6, page_cache_mb=0)
    with serving(config) as first, serving(config) as second:
        one, other = first.test_client(), second.test_client()
        assert one.get(QUERY).status_code == 200
        wait_until(lambda: stored(address, "share"))
        refused = other.get(QUERY)
        assert refused.status_code == 429 and int(refused.headers["Retry-After"]) > 0
        elsewhere = other.get(QUERY, environ_overrides={"REMOTE_ADDR": "192.0.2.9"})
        assert elsewhere.status_code == 200


@needs_server
def test_what_a_stranger_wrote_no_reader_gets(config: Config, address: str) -> None:
    with serving(config) as first, serving(config) as second:
        made = told(first, PATHS[0])
        wait_until(lambda: stored(address, "page"))
        (name,) = stored(address, "page")
        with closing(valkey.Valkey.from_url(address)) as client:
            client.set(name, bytes(32) + b"<script>alert(1)</script>")
        assert told(second, PATHS[0]) == made


@needs_server
def test_nodes_of_another_secret_take_nothing(config: Config, address: str) -> None:
    with serving(config) as first, serving(replace(config, shared_secret=SECRET * 2)) as second:
        assert told(first, PATHS[0])[0] == 200
        wait_until(lambda: len(stored(address, "page")) == 1)
        assert told(second, PATHS[0])[0] == 200
        wait_until(lambda: len(stored(address, "page")) == 2)


@pytest.mark.parametrize("behavior", BAD, ids=lambda one: one.__name__)
def test_whatever_the_server_does_readers_get_their_pages(
    snapshot_home: Path, monkeypatch: pytest.MonkeyPatch, behavior: Behavior
) -> None:
    answers = behavior.__name__ == "refuses"  # if not what is asked
    deadline = PATIENT if answers else 0.3
    monkeypatch.setattr(sharing, "SharedServer", lambda url: SharedServer(url, deadline))
    with ExitStack() as stack:
        address = stack.enter_context(bad_server(behavior))
        config = Config(home=snapshot_home, shared=address, shared_secret=SECRET)
        app = stack.enter_context(serving(config))
        plain = stack.enter_context(serving(Config(home=snapshot_home)))
        for path in (*PATHS, QUERY):
            assert told(app, path) == told(plain, path)
        client = app.test_client()
        wait_until(lambda: client.get("/-/ready").status_code == 200)
        assert client.get("/-/ready").get_json()["shared"] == ("on" if answers else "away")


def test_where_nobody_listens_it_is_told_and_pages_are_made(snapshot_home: Path) -> None:
    address = f"redis://127.0.0.1:{free_port()}/0"
    config = replace(Config(home=snapshot_home, shared=address, shared_secret=SECRET), metrics="on")
    with serving(config) as app:
        client = app.test_client()
        assert told(app, PATHS[0])[0] == 200 == client.get(QUERY).status_code
        wait_until(lambda: client.get("/-/ready").status_code == 200)
        assert client.get("/-/ready").get_json()["shared"] == "away"
        numbers = client.get("/-/metrics").text
        assert f'gyebo_shared_up{{server="{address[8:-2]}"}} 0.0' in numbers
        assert 'gyebo_shared_total{outcome="failed",what="page"}' in numbers


def test_who_shares_nothing_says_so(snapshot_home: Path) -> None:
    with serving(Config(home=snapshot_home)) as app:
        client = app.test_client()
        wait_until(lambda: client.get("/-/ready").status_code == 200)
        assert client.get("/-/ready").get_json()["shared"] == "off"


@pytest.mark.parametrize(
    "settings",
    [
        {"shared": "http://127.0.0.1"},
        {"shared": "redis://"},
        {"shared": "redis://h:port"},
        {"shared": "redis://h:1/x"},
        {"shared": "redis://u:geheim@h h"},
        {"shared": "geheim"},
        {"shared_secret": "geheim"},
    ],
)
def test_settings_that_cannot_be_are_refused_and_not_repeated(
    settings: dict[str, Any], tmp_path: Path
) -> None:
    with pytest.raises(ConfigError) as refused:
        load_config(tmp_path / "gyebo.toml", {}, **settings)
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "redis://h",
            "rediss://u:p@h.example:6380/3",
            "valkey://[::1]:6379",
            "unix:///run/v.sock",
        ),
        "redis://h/0?socket_timeout=1",
    ],
)
def test_settings_that_can_be(address: str, tmp_path: Path) -> None:
    config = load_config(tmp_path / "gyebo.toml", {}, shared=address, shared_secret=SECRET)
    assert config.shared == address
    assert address not in repr(config) and SECRET not in repr(config)
