"""A value is taken only if a node signed it, for just this question of this program and release."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import valkey

from kg.config import Config
from tests.waiting import wait_until
from tests.web.shared.servers import SECRET, needs_server
from web.shared.server import SharedServer
from web.shared.sharing import open_sharing
from web.shared.values import MOST, SECONDS, SharedValues

pytestmark = needs_server
QUESTION = b"q" * 32


@pytest.fixture
def values(shared: SharedServer) -> SharedValues:
    return SharedValues(shared, SECRET, "program")


def put(values: SharedValues, stranger: valkey.Valkey, value: bytes, release: str = "r") -> bytes:
    """Share a value; its name on the server."""
    before = set(stranger.keys())
    values.put("page", release, QUESTION, value)
    wait_until(lambda: set(stranger.keys()) - before)
    (name,) = set(stranger.keys()) - before
    return bytes(name)


def test_what_a_node_made_another_takes(
    values: SharedValues, shared: SharedServer, stranger: valkey.Valkey
) -> None:
    name = put(values, stranger, b"a page")
    other = SharedValues(shared, SECRET, "program")
    assert other.get("page", "r", QUESTION) == b"a page"
    assert 0 < stranger.ttl(name) <= SECONDS
    assert b"q" * 8 not in name and name.startswith(b"gyebo:1:page:")


@pytest.mark.parametrize(
    "other",
    [
        lambda shared: SharedValues(shared, SECRET, "another program").get("page", "r", QUESTION),
        lambda shared: SharedValues(shared, SECRET + "!", "program").get("page", "r", QUESTION),
        lambda shared: SharedValues(shared, SECRET, "program").get("page", "other", QUESTION),
        lambda shared: SharedValues(shared, SECRET, "program").get("page", "r", b"p" * 32),
        lambda shared: SharedValues(shared, SECRET, "program").get("result", "r", QUESTION),
    ],
)
def test_what_follows_from_something_else_is_another_value(
    values: SharedValues,
    shared: SharedServer,
    stranger: valkey.Valkey,
    other: Callable[[SharedServer], bytes | None],
) -> None:
    put(values, stranger, b"a page")
    assert other(shared) is None


HARM: dict[str, Callable[[bytes], bytes]] = {
    "one bit": lambda whole: whole[:-1] + bytes([whole[-1] ^ 1]),
    "the signature": lambda whole: bytes([whole[0] ^ 1]) + whole[1:],
    "cut off": lambda whole: whole[:-1],
    "longer": lambda whole: whole + b"x",
    "no value": lambda whole: whole[:32],
    "nothing but a byte": lambda whole: b"x",
    "of zeros": lambda whole: bytes(len(whole)),
    "far too long": lambda whole: whole[:32] + bytes(MOST * 3),
}


@pytest.mark.parametrize("harm", HARM.values(), ids=HARM)
def test_what_is_damaged_or_of_a_stranger_is_not_taken(
    values: SharedValues,
    shared: SharedServer,
    stranger: valkey.Valkey,
    caplog: pytest.LogCaptureFixture,
    harm: Callable[[bytes], bytes],
) -> None:
    name = put(values, stranger, b"a page")
    stranger.set(name, harm(bytes(stranger.get(name))))
    assert values.get("page", "r", QUESTION) is None
    assert shared.up and "is not used" in caplog.text
    put_again = stranger.delete(name)
    assert put_again and put(values, stranger, b"a page") == name
    assert values.get("page", "r", QUESTION) == b"a page"


def test_a_signed_value_does_not_hold_under_another_name(
    values: SharedValues, stranger: valkey.Valkey
) -> None:
    old, new = put(values, stranger, b"old", "one"), put(values, stranger, b"new", "two")
    stranger.set(new, stranger.get(old))
    assert values.get("page", "two", QUESTION) is None
    assert values.get("page", "one", QUESTION) == b"old"


def test_a_key_of_another_kind_is_no_value(
    values: SharedValues, shared: SharedServer, stranger: valkey.Valkey
) -> None:
    name = put(values, stranger, b"a page")
    stranger.delete(name)
    stranger.lpush(name, b"a list")
    assert values.get("page", "r", QUESTION) is None and shared.up


def test_what_is_too_long_is_not_shared(values: SharedValues, stranger: valkey.Valkey) -> None:
    values.put("page", "r", QUESTION, bytes(MOST + 1))
    put(values, stranger, bytes(MOST))
    assert values.get("page", "r", QUESTION) == bytes(MOST)


def test_without_a_secret_no_page_is_shared(address: str, tmp_path: Path) -> None:
    config = Config(home=tmp_path, shared=address)
    alone = open_sharing(config, "p")
    assert alone.values is None and alone.ledger
    whole = open_sharing(replace(config, shared_secret=SECRET), "p")
    assert whole.values and whole.ledger and whole.state == "on"
    assert open_sharing(Config(home=tmp_path), "p").state == "off"
    for one in (alone, whole):
        one.close()


def test_nodes_of_other_settings_do_not_share_pages(address: str, tmp_path: Path) -> None:
    config = Config(home=tmp_path, shared=address, shared_secret=SECRET)
    same = [config, replace(config, home=tmp_path / "x", workers=7, log="off")]
    others = [replace(config, repository="https://x.example/{path}"), replace(config, prefix="/g")]
    made = [open_sharing(one, "p").values for one in (*same, *others)]
    names = [one._name("page", "r", QUESTION) for one in made if one]
    assert len(names) == 4 and len(set(names)) == 3 and names[0] == names[1]
