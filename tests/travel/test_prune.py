"""Deleting from a storage: what is offered and what is new stays, whoever publishes meanwhile."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.errors import TransferFailed
from kg.snapshot.layout import Layout
from kg.snapshot.seal import damages
from kg.travel._lists import OBJECTS, RELEASES
from kg.travel.prune import prune_releases
from kg.travel.publish import publish_release
from kg.travel.pull import pull_release
from kg.travel.storage import Storage, open_storage
from tests.travel.storages import Counting

Opened = Callable[[], Storage]


def arrives(storage: Storage, home: Path) -> bool:
    pull_release(home, storage)
    return list(damages(Layout(home).current_folder())) == []


def test_only_what_older_releases_need_is_deleted(
    opened: Opened, first: Path, second: Path, tmp_path: Path
) -> None:
    storage = opened()
    old = publish_release(first, storage)
    new = publish_release(second, storage)
    before = storage.listing(OBJECTS)
    tried = prune_releases(opened(), 1, grace=0, dry_run=True)
    assert storage.listing(OBJECTS) == before and tried.tried
    done = prune_releases(opened(), 1, grace=0)
    assert (done.kept, done.removed) == ([new.release], [old.release])
    assert (tried.objects, tried.bytes, tried.removed) == (done.objects, done.bytes, done.removed)
    left = storage.listing(OBJECTS)
    assert len(before) - len(left) == done.objects > 10
    assert set(storage.listing(RELEASES)) == {new.release}
    assert arrives(opened(), tmp_path / "home")
    assert prune_releases(opened(), 1, grace=0).objects == 0


def test_as_many_stay_as_are_asked_for(opened: Opened, first: Path, second: Path) -> None:
    old, new = publish_release(first, opened()), publish_release(second, opened())
    done = prune_releases(opened(), 2, grace=0)
    assert (done.kept, done.objects) == ([new.release, old.release], 0)


def test_what_is_offered_stays_although_others_are_newer(
    first: Path, second: Path, tmp_path: Path
) -> None:
    storage = open_storage(str(tmp_path / "storage"))
    publish_release(first, storage)
    publish_release(second, storage)
    offered = publish_release(first, storage)
    done = prune_releases(storage, 1, grace=0)
    assert done.kept == [offered.release]
    assert arrives(storage, tmp_path / "home")


def test_what_was_sent_lately_stays(first: Path, second: Path, tmp_path: Path) -> None:
    storage = open_storage(str(tmp_path / "storage"))
    publish_release(first, storage)
    publish_release(second, storage)
    done = prune_releases(storage, 1)
    assert (done.removed, done.objects, len(done.kept)) == ([], 0, 2)
    storage.write(f"{OBJECTS}/{'a' * 64}", b"of a release on its way")
    assert prune_releases(storage, 1).spared == 1
    for path in (tmp_path / "storage").rglob("*"):
        os.utime(path, (time.time() - 90_000,) * 2)
    assert prune_releases(storage, 1).objects > 10


def test_what_was_left_half_written_is_deleted(first: Path, tmp_path: Path) -> None:
    """By who was killed."""
    storage = open_storage(str(tmp_path / "storage"))
    publish_release(first, storage)
    (tmp_path / "storage" / OBJECTS / f".{'a' * 64}.123.456").write_bytes(b"half")
    assert prune_releases(storage, 1).spared == 1
    assert prune_releases(storage, 1, grace=0).objects == 1
    assert not list((tmp_path / "storage" / OBJECTS).glob(".*"))


def test_what_gyebo_did_not_write_stays(first: Path, tmp_path: Path) -> None:
    storage = open_storage(str(tmp_path / "storage"))
    publish_release(first, storage)
    for name in (f"{OBJECTS}/README.txt", f"{RELEASES}/notes.json", "index.html"):
        storage.write(name, b"mine")
    assert prune_releases(storage, 1, grace=0).objects == 0
    assert storage.read(f"{OBJECTS}/README.txt", 10) == b"mine"


def test_nothing_is_deleted_where_it_cannot_be_told_what_is_needed(
    first: Path, second: Path, tmp_path: Path
) -> None:
    storage = open_storage(str(tmp_path / "storage"))
    with pytest.raises(TransferFailed, match="no release has been published"):
        prune_releases(storage, 1, grace=0)
    old = publish_release(first, storage)
    new = publish_release(second, storage)
    before = storage.listing(OBJECTS)
    path = tmp_path / "storage" / RELEASES / old.release
    data = path.read_bytes()
    path.write_bytes(data[:-9])
    with pytest.raises(TransferFailed, match="is not the one that was published"):
        prune_releases(storage, 2, grace=0)
    (tmp_path / "storage" / RELEASES / new.release).unlink()
    with pytest.raises(TransferFailed, match="is named there, and is not there"):
        prune_releases(storage, 1, grace=0)
    assert storage.listing(OBJECTS) == before


def test_a_release_that_is_published_meanwhile_is_seen(
    first: Path, second: Path, tmp_path: Path
) -> None:
    class Meanwhile(Counting):
        """Publishes a release when the first object is deleted."""

        begun = False

        def delete(self, name: str) -> None:
            super().delete(name)
            if name.startswith(OBJECTS) and not self.begun:
                self.begun = True
                publish_release(first, self.storage)
                gone = next(iter(self.storage.listing(OBJECTS)))
                assert gone

    storage = open_storage(str(tmp_path / "storage"))
    publish_release(first, storage)
    publish_release(second, storage)
    with pytest.raises(TransferFailed, match="published meanwhile"):
        prune_releases(Meanwhile(storage), 1, grace=0)
    publish_release(first, storage)
    assert arrives(storage, tmp_path / "home")
