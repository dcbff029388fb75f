"""What a build has worked out is found again by all that it was made from, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.build.passes._pieces import Pieces, key_of


def never() -> list[int]:
    raise AssertionError("made twice")


def test_a_key_holds_every_part_and_where_it_ends() -> None:
    keys = {key_of("a", "b", "c"), key_of("a", "bc"), key_of("a", "bc", ""), key_of("d", "b", "c")}
    assert len(keys) == 4
    assert key_of("a", "b", b"c") == key_of("a", "b", "c")


def test_what_was_made_is_found_and_not_made_again(tmp_path: Path) -> None:
    key = Pieces(tmp_path).keep(key_of("sum", "1"), list[int], lambda: [1, 2])
    again = Pieces(tmp_path)
    assert again.take(again.keep(key, list[int], never), list[int]) == [1, 2]
    assert [path.name for path in tmp_path.iterdir()] == [key]


@pytest.mark.parametrize("at", [0, 5, -1])
def test_what_is_damaged_is_made_again(tmp_path: Path, at: int) -> None:
    pieces, key = Pieces(tmp_path), key_of("sum", "1")
    numbers = list(range(1000))
    pieces.keep(key, list[int], lambda: numbers)
    whole = (tmp_path / key).read_bytes()
    damaged = bytearray(whole)
    damaged[at] ^= 0xFF
    for broken in (bytes(damaged), whole[: len(whole) // 2], b""):
        (tmp_path / key).write_bytes(broken)
        assert pieces.find(key, list[int]) is None
        assert pieces.take(key, list[int], lambda: numbers) == numbers


def test_what_cannot_be_made_leaves_nothing(tmp_path: Path) -> None:
    pieces = Pieces(tmp_path / "cache")
    with pytest.raises(AssertionError):
        pieces.keep(key_of("sum", "1"), list[int], never)
    assert not [*pieces.folder.iterdir()]
    with pytest.raises(FileNotFoundError):
        pieces.take(key_of("sum", "1"), list[int])


def test_only_what_was_used_stays_and_no_more_than_there_is_room_for(tmp_path: Path) -> None:
    before = Pieces(tmp_path)
    old, kept, other = (key_of("sum", name) for name in "abc")
    for key in (old, kept, other):
        before.keep(key, list[int], lambda: [7])
    (tmp_path / "killed.new").write_bytes(b"half")
    (tmp_path / "folder").mkdir()  # not ours
    now = Pieces(tmp_path)
    for key in (kept, other):
        now.take(key, list[int])
    size = (tmp_path / kept).stat().st_size
    now.sweep(2 * size)
    assert {path.name for path in tmp_path.iterdir()} == {"folder", kept, other}
    now.sweep(size)
    assert len([*tmp_path.iterdir()]) == 2
    now.sweep(0)
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
