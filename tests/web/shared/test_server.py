"""The server that nodes share may be away, slow or hostile: who asks goes on, and it is told."""

from __future__ import annotations

import logging
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
import valkey

from kg.errors import NotInstalled
from tests.waiting import free_port, wait_until
from tests.web.shared.servers import (
    BAD,
    PATIENT,
    Behavior,
    bad_server,
    needs_server,
    server,
)
from web.shared.server import EVENTS, SharedServer


def counted(what: str, outcome: str) -> float:
    return float(EVENTS.labels(what, outcome)._value.get())


@pytest.mark.parametrize("behavior", BAD, ids=lambda one: one.__name__)
def test_whatever_a_server_does_a_call_ends_and_gives_nothing(
    behavior: Behavior, caplog: pytest.LogCaptureFixture
) -> None:
    with bad_server(behavior) as address, caplog.at_level(logging.WARNING):
        answers = behavior.__name__ == "refuses"  # if not what was asked
        shared = SharedServer(address, PATIENT if answers else 0.3)
        for _ in range(3):
            assert shared.ask("bad", lambda client: client.getrange("a", 0, 9)) is None
        assert shared.up == answers
        shared.close()
    [line] = [record.getMessage() for record in caplog.records]
    assert "127.0.0.1" in line and "\n" not in line and "\x1b" not in line and "\x07" not in line


def test_one_that_is_not_there_is_tried_again_by_one_call_after_a_while() -> None:
    now = [0.0]
    shared = SharedServer(f"redis://127.0.0.1:{free_port()}/0", PATIENT, 5.0, lambda: now[0])
    calls: list[int] = []

    def call(client: object) -> bytes:
        calls.append(1)
        raise ConnectionRefusedError

    for _ in range(3):
        assert shared.ask("x", call) is None
    assert len(calls) == 1 and not shared.up
    now[0] = 5.1
    threads = [threading.Thread(target=shared.ask, args=("x", call)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(calls) == 2
    now[0] = 11
    assert shared.ask("x", lambda client: b"there") == b"there" and shared.up


@needs_server
def test_it_is_found_again_when_it_is_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    now = [0.0]
    with server(tmp_path) as address:
        port = int(address.rpartition(":")[2].partition("/")[0])
        shared = SharedServer(address, PATIENT, 5.0, lambda: now[0])
        assert shared.ask("x", lambda client: client.set("a", "1")) is True
        shared.tell("y", lambda client: client.set("b", "2"))
        wait_until(lambda: shared.ask("x", lambda client: client.get("b")) == b"2")
    assert shared.ask("x", lambda client: client.get("a")) is None and not shared.up
    before = counted("y", "dropped")
    shared.tell("y", lambda client: client.set("b", "3"))
    assert counted("y", "dropped") == before + 1
    with server(tmp_path, port), caplog.at_level(logging.WARNING):
        assert shared.ask("x", lambda client: client.ping()) is None  # not yet
        now[0] = 6.0
        assert shared.ask("x", lambda client: client.ping()) is True and shared.up
        assert "answers again" in caplog.text
        shared.close()


@needs_server
def test_a_connection_that_the_server_closed_is_no_failure(tmp_path: Path) -> None:
    with server(tmp_path) as address:
        shared = SharedServer(address, PATIENT)
        assert shared.ask("x", lambda client: client.ping()) is True
        with closing(valkey.Valkey.from_url(address)) as other:
            assert other.client_kill_filter(_type="normal", skipme=True)
        for _ in range(8):
            assert shared.ask("x", lambda client: client.ping()) is True
        shared.close()


@needs_server
def test_a_password_is_needed_where_it_is_and_never_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with server(tmp_path, 0, "--requirepass", "geheim") as address, caplog.at_level("WARNING"):
        right = SharedServer(address.replace("//", "//:geheim@"), PATIENT)
        assert right.ask("x", lambda client: client.ping()) is True
        wrong = SharedServer(address.replace("//", "//:geheimer@"), PATIENT)
        assert wrong.ask("x", lambda client: client.ping()) is None
        assert "geheim" not in caplog.text and "127.0.0.1" in caplog.text
        right.close()
        wrong.close()


@pytest.mark.parametrize("scheme", ["redis", "valkey"])
def test_both_names_of_the_protocol_are_known(scheme: str) -> None:
    address = f"{scheme}://127.0.0.1:{free_port()}/0"
    shared = SharedServer(address, PATIENT)
    assert shared.ask("x", lambda client: client.connection_pool.connection_kwargs["port"])
    shared.close()


def test_without_the_client_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "valkey", None)
    with pytest.raises(NotInstalled, match=r"gyebo\[shared\]"):
        SharedServer("redis://127.0.0.1/0")
