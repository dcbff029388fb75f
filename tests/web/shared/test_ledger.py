"""Accounts of clients that nodes charge together; the clock is the server's."""

from __future__ import annotations

import pytest
import valkey

from kg.errors import OverShare
from kg.sparql._quota import Quota
from tests.waiting import free_port, wait_until
from tests.web.shared.servers import PATIENT, SECRET, needs_server
from web.shared.ledger import MOST, SharedLedger
from web.shared.server import SharedServer

SITE = "https://example.org/"


def owed(ledger: SharedLedger, client: str = "192.0.2.1") -> float:
    debt = ledger.debt(client)
    assert debt is not None
    return debt


@needs_server
def test_what_one_node_charges_another_sees(shared: SharedServer) -> None:
    here, there = SharedLedger(shared, SECRET, SITE), SharedLedger(shared, SECRET, SITE)
    assert owed(there) == 0
    here.charge("192.0.2.1", 1000)
    wait_until(lambda: owed(there) > 0)
    there.charge("192.0.2.1", 1000)
    wait_until(lambda: owed(here) > 1000)
    assert owed(here) <= 2000 and owed(here, "192.0.2.2") == 0
    assert owed(SharedLedger(shared, SECRET, "https://other.example/")) == 0


@needs_server
def test_no_account_is_in_debt_for_longer_than_an_hour(shared: SharedServer) -> None:
    ledger = SharedLedger(shared, SECRET, SITE)
    for _ in range(3):
        ledger.charge("a", MOST * 0.75)
    wait_until(lambda: owed(ledger, "a") > MOST * 0.9)
    assert owed(ledger, "a") <= MOST


@needs_server
def test_names_tell_no_address_and_keys_go_by_themselves(
    shared: SharedServer, stranger: valkey.Valkey
) -> None:
    SharedLedger(shared, SECRET, SITE).charge("192.0.2.1", 0.2)
    wait_until(lambda: not stranger.keys() and stranger.info("stats")["expired_keys"])
    SharedLedger(shared, SECRET, SITE).charge("192.0.2.1", 100)
    wait_until(stranger.keys)
    (name,) = stranger.keys()
    assert b"192" not in name and name.startswith(b"gyebo:1:share:") and stranger.get(name) == b""


@needs_server
@pytest.mark.parametrize("harm", ["for ever", "a year", "a list"])
def test_an_account_that_no_node_wrote_does_not_hold(
    shared: SharedServer, stranger: valkey.Valkey, harm: str
) -> None:
    ledger = SharedLedger(shared, SECRET, SITE)
    ledger.charge("a", 500)
    wait_until(lambda: owed(ledger, "a") > 0)
    (name,) = stranger.keys()
    if harm == "for ever":
        stranger.persist(name)
    elif harm == "a year":
        stranger.pexpire(name, 365 * 24 * 3600 * 1000)
    else:
        stranger.delete(name)
        stranger.lpush(name, b"x")
    assert ledger.debt("a") is None
    Quota(30, ledger=ledger).admit("a")  # by its own account it may
    ledger.charge("a", 500)
    wait_until(lambda: ledger.debt("a") is not None)
    assert 0 < owed(ledger, "a") <= 500


@needs_server
def test_the_deeper_debt_decides_and_the_own_one_where_the_server_is_away(
    shared: SharedServer,
) -> None:
    ledger = SharedLedger(shared, SECRET, SITE)
    here, there = Quota(60, ledger=ledger), Quota(60, ledger=ledger)
    here.charge("a", 1000)
    wait_until(lambda: owed(ledger, "a") > 0)
    for node in (here, there):
        with pytest.raises(OverShare):
            node.admit("a")
    gone = SharedServer(f"redis://127.0.0.1:{free_port()}/0", PATIENT)
    alone = Quota(60, ledger=SharedLedger(gone, SECRET, SITE))
    alone.admit("a")
    alone.charge("a", 1000)
    with pytest.raises(OverShare):
        alone.admit("a")


def test_a_share_without_limit_asks_nobody() -> None:
    gone = SharedServer(f"redis://127.0.0.1:{free_port()}/0", PATIENT)
    free = Quota(0, ledger=SharedLedger(gone, SECRET, SITE))
    free.charge("a", 1000)
    free.admit("a")
    assert gone.up  # it was never asked
