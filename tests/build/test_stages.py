"""Whoever waits for a build is told how much of how much is done."""

import io

import pytest

from kg.build._stages import counted_lines


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
