"""What functions find out about a snapshot: once, bounded, never for another, gone with it."""

from __future__ import annotations

import gc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any
from weakref import ref

import pytest

from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot


class Held:
    """As much of a snapshot as answers need to hang from."""

    @cached_property
    def memory(self) -> dict[object, Callable[..., Any]]:
        return {}


def test_each_answer_is_worked_out_once_for_each_snapshot() -> None:
    calls: list[tuple[object, str, int]] = []

    @memo()
    def find(held: Held, text: str, many: int = 1) -> list[str]:
        calls.append((held, text, many))
        return [text] * many

    one, other = Held(), Held()
    assert find(one, "a") == find(one, "a") == ["a"]
    assert find(one, "a", many=2) == ["a", "a"]
    assert find(other, "a") == ["a"]
    assert calls == [(one, "a", 1), (one, "a", 2), (other, "a", 1)]


def test_nothing_is_an_answer_and_a_failure_is_none() -> None:
    calls: list[str] = []

    @memo()
    def find(held: Held, text: str) -> list[str] | None:
        calls.append(text)
        if text == "fails" and calls.count(text) == 1:
            raise OSError("not now")
        return [] if text == "empty" else None

    held = Held()
    with pytest.raises(OSError, match="not now"):
        find(held, "fails")
    for text in ("fails", "fails", "empty", "empty"):
        assert not find(held, text)
    assert calls == ["fails", "fails", "empty"]


def test_the_answers_asked_for_longest_ago_go_first() -> None:
    calls: list[int] = []

    @memo(most=2)
    def find(held: Held, number: int) -> int:
        calls.append(number)
        return number

    held = Held()
    for number in (1, 2, 1, 3, 1, 2):
        assert find(held, number) == number
    assert calls == [1, 2, 3, 2]


def test_answers_go_with_their_snapshot_and_do_not_hold_it() -> None:
    class Answer:
        """Something a weak reference can watch."""

    @memo()
    def find(held: Held, number: int) -> Answer:
        return Answer()

    held = Held()
    kept = ref(find(held, 1)), ref(held)
    assert all(one() for one in kept)
    gc.disable()  # counting references must be enough: the files of a snapshot wait for it
    try:
        del held
        assert [one() for one in kept] == [None, None]
    finally:
        gc.enable()


def test_an_answer_that_holds_its_snapshot_keeps_it_no_longer_than_the_collector() -> None:
    @memo()
    def find(held: Held) -> Held:
        return held

    held = Held()
    assert find(held) is held
    kept = ref(held)
    del held
    gc.collect()
    assert kept() is None


def test_threads_share_the_answers() -> None:
    @memo()
    def find(held: Held, number: int) -> list[int]:
        return [number]

    held = Held()
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda n: find(held, n % 50), range(5000)))
    assert found == [[n % 50] for n in range(5000)]


def test_a_snapshot_keeps_labels(snapshot: Snapshot) -> None:
    assert snapshot.label("model/vicuna-7b", "ko") == "비쿠나 7B"
    assert snapshot.label("model/vicuna-7b", "ko") is snapshot.label("model/vicuna-7b", "ko")
    assert snapshot.label("model/no-such", "ko") == "no-such"
