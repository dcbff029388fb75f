"""Whoever waits for a build is told how much of how much is done."""

import io

import pytest

from kg.files.progress import counted_bytes, counted_items, counted_lines


@pytest.mark.parametrize("size", [0, 1, 70_000])
def test_lines_are_counted_as_they_are_read(size: int) -> None:
    data = b"".join(b"line %d\n" % n for n in range(size))
    told: list[tuple[str, int, int]] = []
    inner = io.BytesIO(data)
    with counted_lines(inner, lambda *done: told.append(done), "store", size) as lines:
        first = lines.readline()
        assert first + lines.read() == data
    assert inner.closed
    done = [n for _, n, _ in told]
    assert done == sorted(done) and (not size or told[-1] == ("store", size, size))
    assert bool(told) == bool(size)


def test_bytes_and_things_are_counted_as_they_are_taken() -> None:
    data = bytes(range(256)) * 4000
    told: list[int] = []
    with counted_bytes(io.BytesIO(data), told.append) as file:
        assert file.read(1000) + file.read() == data
    assert sum(told) == len(data) and len(told) > 1
    stages: list[tuple[str, int, int]] = []
    things = counted_items(range(2500), lambda *done: stages.append(done), "export", 2500)
    assert list(things) == list(range(2500))
    assert stages == [("export", n, 2500) for n in (1000, 2000, 2500)]
