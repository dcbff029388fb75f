"""A release sent to storages of every kind and taken from them: the same bytes, whole, and only what is needed."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from kg.errors import SnapshotDamaged, TransferFailed
from kg.snapshot.layout import WITHDRAWN, Layout
from kg.snapshot.releases.past import past_releases
from kg.snapshot.rollback import roll_back
from kg.snapshot.seal import damages, read_seal
from kg.snapshot.snapshot import Snapshot
from kg.travel._lists import POINTER, Pointer
from kg.travel.publish import publish_release
from kg.travel.pull import last_pulled, pull_release
from kg.travel.storage import Storage, open_storage
from tests.travel.storages import Counting

Opened = Callable[[], Storage]
CUT = 1000  # bytes of a part, so that files have several


def current(home: Path) -> Path:
    return Layout(home).current_folder()


def same(one: Path, other: Path) -> bool:
    """Whether two snapshots hold the same bytes, and nothing is damaged."""
    names = read_seal(one)
    assert list(damages(other)) == []
    return names == read_seal(other) and all(
        (one / name).read_bytes() == (other / name).read_bytes() for name in names
    )


def test_a_release_arrives_as_it_was_sent(opened: Opened, first: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    sent = publish_release(first, opened(), part=CUT)
    assert sent.switched and sent.sent > 50
    pulled = pull_release(home, opened())
    assert same(current(first), current(home))
    assert (pulled.snapshot, pulled.switched, pulled.version) == ("0001", True, sent.version)
    assert pulled.fetched_bytes + pulled.kept_bytes == sent.bytes
    with Snapshot.current(home) as snapshot:
        assert snapshot.label("model/a") == "First"
    assert not Layout(home).arriving.exists()
    again = pull_release(home, opened())
    assert (again.switched, again.fetched, again.snapshot) == (False, 0, "0001")


def test_what_is_there_is_not_sent_again(opened: Opened, first: Path, second: Path) -> None:
    storage = opened()
    publish_release(first, storage)
    again = publish_release(first, opened())
    assert (again.sent, again.sent_bytes, again.switched) == (0, 0, False)
    later = publish_release(second, opened())
    assert 0 < later.sent_bytes < later.bytes and later.switched
    assert publish_release(second, opened(), again=True).sent_bytes >= later.bytes


def test_what_is_here_is_not_fetched_again(
    opened: Opened, first: Path, second: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    publish_release(first, opened())
    pull_release(home, opened())
    sent = publish_release(second, opened())
    pulled = pull_release(home, opened())
    assert same(current(second), current(home))
    assert pulled.kept_bytes > 0 and pulled.fetched_bytes < sent.bytes
    with Snapshot.current(home) as snapshot:
        assert snapshot.label("model/a") == "Second"


def test_every_machine_knows_the_same_history(
    opened: Opened, first: Path, second: Path, tmp_path: Path
) -> None:
    publish_release(second, opened())
    empty, follower = tmp_path / "empty", tmp_path / "follower"
    pull_release(empty, opened())
    known = [one.version for one in past_releases(Layout(second))]
    assert len(known) == 2
    assert [one.version for one in past_releases(Layout(empty))] == known
    assert past_releases(Layout(empty))[0].briefs().get("model/a")
    shutil.copytree(first, follower, symlinks=True)
    assert pull_release(follower, opened()).switched
    assert [one.version for one in past_releases(Layout(follower))] == known


@pytest.mark.parametrize("most", [0, 1, 30])
def test_a_pull_that_broke_off_goes_on(
    opened: Opened, first: Path, second: Path, tmp_path: Path, most: int
) -> None:
    home = tmp_path / "home"
    publish_release(first, opened(), part=CUT)
    pull_release(home, opened())
    before = current(home)
    all_of_it = publish_release(second, opened(), part=CUT).sent
    broken = Counting(opened(), most)
    with pytest.raises(TransferFailed, match="broke off"):
        pull_release(home, broken)
    assert current(home) == before and same(before, current(first))
    rest = Counting(opened())
    pulled = pull_release(home, rest)
    assert same(current(second), current(home))
    assert pulled.fetched == len(rest.read_names)
    assert not set(rest.read_names) & set(broken.read_names)
    assert len(rest.read_names) + len(broken.read_names) >= min(all_of_it, 30)


def test_nothing_is_left_of_an_attempt_at_a_release_that_is_no_longer_offered(
    first: Path, second: Path, tmp_path: Path
) -> None:
    storage, home = open_storage(str(tmp_path / "storage")), tmp_path / "home"
    publish_release(first, storage)
    pull_release(home, storage)
    publish_release(second, storage)
    with pytest.raises(TransferFailed, match="broke off"):
        pull_release(home, Counting(storage, 30))
    assert any(Layout(home).arriving.iterdir())
    publish_release(first, storage)
    assert not pull_release(home, storage).switched
    assert not Layout(home).arriving.exists()


@pytest.mark.parametrize("most", [0, 30])
def test_sending_that_broke_off_goes_on(
    opened: Opened, first: Path, second: Path, tmp_path: Path, most: int
) -> None:
    publish_release(first, opened(), part=CUT)
    broken = Counting(opened(), most)
    with pytest.raises(TransferFailed, match="broke off"):
        publish_release(second, broken, part=CUT)
    pull_release(tmp_path / "home", opened())
    assert same(current(first), current(tmp_path / "home"))
    rest = Counting(opened())
    publish_release(second, rest, part=CUT)
    assert not set(rest.written) & set(broken.written)
    pull_release(tmp_path / "home", opened())
    assert same(current(second), current(tmp_path / "home"))


def test_two_that_publish_at_once_do_no_harm(
    opened: Opened, first: Path, second: Path, tmp_path: Path
) -> None:
    """One sends all of its release while the other has sent half of its own."""

    class Meanwhile(Counting):
        def write(self, name: str, data: bytes) -> None:
            if name.startswith("releases/") and not self.read_names:
                self.read_names.append(name)
                publish_release(second, opened())
            super().write(name, data)

    publish_release(first, Meanwhile(opened()))
    pull_release(tmp_path / "home", opened())
    assert same(current(first), current(tmp_path / "home"))  # which wrote the pointer last
    publish_release(second, opened())
    pull_release(tmp_path / "home", opened())
    assert same(current(second), current(tmp_path / "home"))


def test_of_two_that_publish_at_once_the_last_pointer_is_the_latest(
    first: Path, second: Path, tmp_path: Path
) -> None:
    """Also where the clock of who began first goes behind: else machines would refuse it as an old answer."""
    storage, home = open_storage(str(tmp_path / "storage")), tmp_path / "home"
    ahead = datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=10)

    class Meanwhile(Counting):
        def write(self, name: str, data: bytes) -> None:
            if name.startswith("releases/"):
                publish_release(second, storage)
                offered = msgspec.json.decode(storage.read(POINTER, 9999) or b"", type=Pointer)
                offered = msgspec.structs.replace(offered, published=ahead.isoformat())
                storage.write(POINTER, msgspec.json.encode(offered))
                pull_release(home, storage)
            super().write(name, data)

    publish_release(first, Meanwhile(storage))
    assert pull_release(home, storage).switched and same(current(first), current(home))


def test_an_older_release_is_offered_by_publishing_it_again(
    opened: Opened, second: Path, tmp_path: Path
) -> None:
    builder, home = tmp_path / "builder", tmp_path / "home"
    shutil.copytree(second, builder, symlinks=True)
    older, newer = Layout(builder).complete()
    publish_release(builder, opened())
    pull_release(home, opened())
    roll_back(Layout(builder))
    publish_release(builder, opened())
    back = pull_release(home, opened())
    assert back.switched and same(older, current(home))
    Layout(builder).publish(newer)
    publish_release(builder, opened())
    forth = pull_release(home, opened())
    assert (forth.fetched, forth.switched) == (0, True) and same(newer, current(home))


def test_what_was_taken_back_here_is_taken_again_only_when_asked(
    first: Path, second: Path, tmp_path: Path
) -> None:
    storage, home = open_storage(str(tmp_path / "storage")), tmp_path / "home"
    for one in (first, second):
        publish_release(one, storage)
        pull_release(home, storage)
    newer = current(home)
    older = roll_back(Layout(home))
    with pytest.raises(TransferFailed, match="taken back here by `gyebo rollback`"):
        pull_release(home, storage, take_back=False)
    assert current(home) == older
    assert pull_release(home, storage).fetched == 0
    assert current(home) == newer and not (newer / WITHDRAWN).exists()


def test_a_damaged_snapshot_is_not_sent(first: Path, second: Path, tmp_path: Path) -> None:
    storage, home = open_storage(str(tmp_path / "storage")), tmp_path / "builder"
    publish_release(first, storage)
    shutil.copytree(second, home, symlinks=True)
    entities = current(home) / "release" / "terms.json"
    entities.write_bytes(entities.read_bytes().swapcase())
    with pytest.raises(SnapshotDamaged, match=r"terms\.json is damaged"):
        publish_release(home, storage)
    pull_release(tmp_path / "home", storage)
    assert same(current(first), current(tmp_path / "home"))


def test_a_damaged_snapshot_is_mended_from_the_storage(first: Path, tmp_path: Path) -> None:
    storage, home = open_storage(str(tmp_path / "storage")), tmp_path / "home"
    publish_release(first, storage)
    pull_release(home, storage)
    terms = current(home) / "release" / "terms.json"
    terms.write_bytes(terms.read_bytes().swapcase())
    mended = pull_release(home, storage)
    assert same(current(first), current(home))
    assert (mended.fetched, mended.snapshot, mended.switched) == (2, "0002", True)  # and the seal


def test_the_pointer_is_always_later_than_the_one_before(
    first: Path, second: Path, tmp_path: Path
) -> None:
    """Also where the clock of who published before goes ahead."""
    folder = tmp_path / "storage"
    storage, home = open_storage(str(folder)), tmp_path / "home"
    publish_release(first, storage)
    offered = msgspec.json.decode((folder / POINTER).read_bytes(), type=Pointer)
    ahead = datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=10)
    offered = msgspec.structs.replace(offered, published=ahead.isoformat())
    (folder / POINTER).write_bytes(msgspec.json.encode(offered))
    pull_release(home, storage)
    publish_release(second, storage)
    assert pull_release(home, storage).switched
    last = last_pulled(Layout(home))
    assert last and last.published > offered.published


def test_progress_is_told_to_the_last_byte(first: Path, tmp_path: Path) -> None:
    storage = open_storage(str(tmp_path / "storage"))
    told: list[int] = []
    totals: list[int] = []

    def watch(total: int) -> Callable[[int], None]:
        totals.append(total)
        return told.append

    sent = publish_release(first, storage, watch=watch)
    assert totals == [sum(told)] and totals[0] >= sent.bytes
    told.clear()
    totals.clear()
    pull_release(tmp_path / "home", storage, watch=watch)
    assert totals == [sum(told)]
