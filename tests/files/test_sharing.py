"""One pass for several readers: each gets everything, nobody runs ahead, and an error ends all of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from kg.errors import InputError
from kg.files.sharing import share_pass
from kg.messages.message import Message

MANY = 10_000


def test_every_reader_gets_everything_in_order_from_one_pass() -> None:
    passes: list[int] = []

    def things() -> Iterator[int]:
        passes.append(1)
        yield from range(MANY)

    found: list[list[int]] = [[], [], []]
    share_pass(things(), [found[0].extend, found[1].extend, lambda all: found[2].append(sum(all))])
    assert passes == [1]
    assert found == [[*range(MANY)], [*range(MANY)], [sum(range(MANY))]]


def test_nothing_is_read_for_nobody_and_nothing_for_readers_of_nothing() -> None:
    share_pass(iter(lambda: pytest.fail("read"), None), [])
    found: list[int] = []
    share_pass([], [found.extend])
    assert found == []


def test_the_pass_waits_for_its_slowest_reader() -> None:
    """Memory stays flat: what is read is never far ahead of a reader."""
    read, go, ahead = [0], threading.Event(), []

    def things() -> Iterator[int]:
        for number in range(MANY):
            read[0] = number
            yield number

    def slow(all: Iterator[int]) -> None:
        next(all)
        go.wait(0.3)
        ahead.append(read[0])
        assert sum(1 for _ in all) == MANY - 1

    share_pass(things(), [slow, lambda all: [*all]])
    assert ahead[0] < MANY / 2


def test_a_reader_that_takes_only_a_part_holds_up_nobody() -> None:
    found: list[int] = []
    share_pass(range(MANY), [lambda all: next(all), found.extend])
    assert len(found) == MANY


def test_a_reader_that_fails_stops_the_others_before_their_end() -> None:
    ended: list[int] = []

    def failing(all: Iterator[int]) -> None:
        next(all)
        raise InputError(Message("no room"))

    def other(all: Iterator[int]) -> None:
        ended.append(sum(1 for _ in all))

    with pytest.raises(InputError, match="no room"):
        share_pass(range(MANY), [other, failing])
    assert ended == []


def test_an_error_while_reading_reaches_the_caller_and_ends_no_reader_well() -> None:
    ended: list[int] = []

    def things() -> Iterator[int]:
        yield from range(MANY)
        raise InputError(Message("damaged"))

    def reader(all: Iterator[int]) -> None:
        try:
            ended.append(sum(1 for _ in all))
        except Exception as error:  # as a library does that is written in another language
            raise RuntimeError("cannot write") from error

    with pytest.raises(InputError, match="damaged"):
        share_pass(things(), [reader, reader])
    assert ended == []


def test_passes_may_stand_within_each_other() -> None:
    found: list[list[int]] = [[], []]

    def even(all: Iterator[int]) -> None:
        share_pass((n for n in all if n % 2 == 0), [found[0].extend])

    share_pass(range(MANY), [even, found[1].extend])
    assert found[0] == [*range(0, MANY, 2)]
    assert found[1] == [*range(MANY)]
