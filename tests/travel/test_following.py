"""A server that follows a storage: each release is taken once, and what goes wrong is told once."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.messages.message import Message
from kg.snapshot.layout import Layout
from kg.snapshot.rollback import roll_back
from kg.snapshot.snapshot import Snapshot
from kg.travel._lists import OBJECTS, POINTER, RELEASES
from kg.travel.following import Follower
from kg.travel.publish import publish_release
from kg.travel.storage import open_storage
from tests.travel.storages import Counting


class Followed:
    """A folder as a storage, and who follows it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder / "storage", folder / "home"
        self.storage = open_storage(str(self.folder))
        self.counting = Counting(self.storage)
        self.told: list[str] = []
        self.follower = Follower(self.home, self.counting, self._tell)

    def _tell(self, message: Message) -> None:
        self.told.append(str(message))

    def label(self) -> str:
        with Snapshot.current(self.home) as snapshot:
            return snapshot.label("model/a")


@pytest.fixture
def followed(tmp_path: Path) -> Followed:
    return Followed(tmp_path)


def test_each_release_is_taken_once(followed: Followed, first: Path, second: Path) -> None:
    for home, label in ((first, "First"), (second, "Second")):
        publish_release(home, followed.storage)
        assert followed.follower.look()
        assert followed.label() == label
        asked = len(followed.counting.read_names)
        assert not followed.follower.look()
        assert len(followed.counting.read_names) == asked
    assert [told.endswith("is served from now on") for told in followed.told] == [True, True]


def test_what_goes_wrong_is_told_once(followed: Followed, first: Path, second: Path) -> None:
    for _ in range(3):
        assert not followed.follower.look()
    assert len(followed.told) == 1 and "no release has been published" in followed.told[0]
    publish_release(first, followed.storage)
    assert followed.follower.look()
    pointer = (followed.folder / POINTER).read_bytes()
    (followed.folder / POINTER).write_bytes(pointer[:50])
    for _ in range(3):
        assert not followed.follower.look()
    assert len(followed.told) == 3 and "half of one" in followed.told[-1]
    assert followed.label() == "First"
    publish_release(second, followed.storage)
    assert followed.follower.look() and followed.label() == "Second"


def test_what_cannot_be_taken_is_left_alone_for_a_while(
    followed: Followed, first: Path, second: Path
) -> None:
    publish_release(first, followed.storage)
    followed.follower.look()
    there = set(followed.storage.listing(OBJECTS))
    publish_release(second, followed.storage)
    for name in set(followed.storage.listing(OBJECTS)) - there:
        (followed.folder / OBJECTS / name).unlink()
    tried = []
    for _ in range(20):
        before = len(followed.counting.read_names)
        followed.follower.look()
        tried.append(len(followed.counting.read_names) > before)
    assert [n for n, again in enumerate(tried) if again] == [0, 3, 8, 17]
    assert len(followed.told) == 2
    publish_release(second, followed.storage)  # which sends what was gone
    assert not followed.follower.look()
    followed.follower.forget()
    assert followed.follower.look() and followed.label() == "Second"


def test_what_was_taken_back_here_stays_so(followed: Followed, first: Path, second: Path) -> None:
    for home in (first, second):
        publish_release(home, followed.storage)
        followed.follower.look()
    roll_back(Layout(followed.home))
    for _ in range(3):
        assert not followed.follower.look()
    assert followed.label() == "First"
    lists = followed.folder / RELEASES
    assert len(list(lists.iterdir())) == 2
