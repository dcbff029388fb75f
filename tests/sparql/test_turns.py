"""Turns client by client: who asks much waits for itself."""

from __future__ import annotations

import threading

import pytest

from kg.errors import Busy, TooManyWaiting
from kg.sparql._turns import Turns
from kg.sparql.request import client_of
from tests.waiting import wait_until


class Asker:
    """Takes a turn in a thread, and gives it up when told."""

    def __init__(self, turns: Turns, client: str, order: list[str]) -> None:
        self._turns, self._client, self._order = turns, client, order
        self.running, self._done = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._ask)
        self._thread.start()

    def _ask(self) -> None:
        with self._turns.turn(self._client, 20):
            self._order.append(self._client)
            self.running.set()
            self._done.wait(20)

    def end(self) -> None:
        self._done.set()
        self._thread.join()


def test_a_client_never_has_all_workers() -> None:
    turns, order = Turns(2, 8), list[str]()
    many = [Asker(turns, "a", order) for _ in range(3)]
    wait_until(lambda: turns.load == (1, 2, 2))
    other = Asker(turns, "b", order)
    assert other.running.wait(20), "the other worker is free for others"
    assert order == ["a", "b"]
    for asker in (other, *many):
        asker.end()
    assert order == ["a", "b", "a", "a"] and turns.load == (0, 0, 2)


def test_clients_are_served_in_turn_not_queries() -> None:
    turns, order = Turns(1, 16), list[str]()
    askers = [Asker(turns, "first", order)]
    wait_until(lambda: turns.load.running == 1)
    for number, client in enumerate("aaabc", 1):
        askers.append(Asker(turns, client, order))
        wait_until(lambda number=number: turns.load.waiting == number)  # type: ignore[misc]
    for asker in askers:
        asker._done.set()
    for asker in askers:
        asker.end()
    assert order[0] == "first" and sorted(order[1:4]) == ["a", "b", "c"] and order[4:] == ["a", "a"]


def test_a_client_fills_half_of_the_queue_and_all_the_whole() -> None:
    turns, order = Turns(1, 4), list[str]()
    askers = [Asker(turns, "a", order)]
    wait_until(lambda: turns.load.running == 1)
    askers += [Asker(turns, "a", order) for _ in range(2)]
    wait_until(lambda: turns.load.waiting == 2)
    with pytest.raises(TooManyWaiting) as caught, turns.turn("a", 5):
        pass
    assert caught.value.retry_after == 5
    askers += [Asker(turns, client, order) for client in "bc"]
    wait_until(lambda: turns.load.waiting == 4)
    with pytest.raises(Busy), turns.turn("d", 5):
        pass
    for asker in askers:
        asker._done.set()
    for asker in askers:
        asker.end()
    assert len(order) == 5


def test_a_full_line_of_one_client_keeps_nobody_from_a_free_worker() -> None:
    turns, order = Turns(2, 2), list[str]()
    askers = [Asker(turns, "a", order) for _ in range(2)]
    wait_until(lambda: turns.load == (1, 1, 2))
    with turns.turn("b", 0.0):
        assert turns.load.running == 2
    for asker in askers:
        asker.end()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("", "localhost", False),
    ],
)
def test_whose_share_an_address_has(one: str, other: str, same: bool) -> None:
    assert (client_of(one) == client_of(other)) is same
