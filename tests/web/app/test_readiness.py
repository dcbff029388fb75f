"""What is known is told at once; it is asked anew behind the reader's back."""

from __future__ import annotations

import threading

from tests.waiting import wait_until
from web.app.readiness import FRESH, Readiness


def test_a_check_that_hangs_keeps_nobody_waiting() -> None:
    go_on, asked = threading.Event(), []

    def check() -> None:
        asked.append(1)
        if len(asked) > 1:
            go_on.wait(20)

    now = [0.0]
    readiness = Readiness(check, lambda: now[0])
    wait_until(readiness.known)
    known = readiness.known()
    assert known and known.failure is None
    now[0] = FRESH + 1
    for _ in range(5):  # the second check hangs, and no third begins
        told = readiness.known()
        assert told and readiness.age(told) == FRESH + 1
    go_on.set()
    wait_until(lambda: readiness.known() is not known)
    told = readiness.known()
    assert told and told.at == FRESH + 1 and len(asked) == 2


def test_what_is_wrong_is_told_until_it_is_mended() -> None:
    broken = [True]

    def check() -> None:
        if broken[0]:
            raise ValueError("the store is gone")

    now = [0.0]
    readiness = Readiness(check, lambda: now[0])
    wait_until(readiness.known)
    known = readiness.known()
    assert known and isinstance(known.failure, ValueError)
    broken[0], now[0] = False, FRESH + 1
    wait_until(lambda: (found := readiness.known()) and not found.failure)


def test_who_waits_is_told_when_the_parts_were_asked() -> None:
    asked = []
    readiness = Readiness(lambda: asked.append(1))
    readiness.wait()
    assert asked == [1] and readiness.known()
