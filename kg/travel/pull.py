"""Fetching the release that a storage offers, and switching to it: whole, or not at all.

    home/arriving/<sum of its list>/snapshot/…     the files as they come, each in its size from the start
    home/arriving/<sum of its list>/past/0000/…    what is kept of releases before that are not known here
    home/pulled.json                               what was taken last, and from where

Each part is compared with its checksum as it comes, and each file with the seal of its snapshot: nothing is read twice. What broke
off goes on where it was, for a part that is there with its checksum is not fetched again; nor is a file that another snapshot of this
machine has. When all of it is there and the disk holds it, it becomes a snapshot under its final name, the manifest last,
and `current` names it, as after a build. Until then nothing that is served is touched.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from kg.errors import NoSnapshot, SnapshotDamaged, SnapshotError, TransferFailed, WrongFormat
from kg.files.durable import keep_folder
from kg.files.output import write_file
from kg.messages.message import Message, reason_of
from kg.snapshot.layout import (
    FORMAT,
    WITHDRAWN,
    Layout,
    build_lock,
    check_program,
    program_name,
    read_manifest,
)
from kg.snapshot.releases.past import past_releases
from kg.snapshot.seal import MANIFEST, SEAL, Told, check_bytes, checksum, read_seal
from kg.travel._arriving import Arriving, Brought
from kg.travel._lists import Pointer, ReleaseList, moment, told_program
from kg.travel._seam import Storage
from kg.travel._signing import refuse_stranger
from kg.travel._stored import read_list, read_pointer
from kg.version import __version__

_FULL = (errno.ENOSPC, errno.EDQUOT)


class PullAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What was fetched."""

    place: str
    release: str  # its list in the storage
    version: str
    snapshot: str  # its folder here
    fetched: int  # parts of files
    fetched_bytes: int
    kept_bytes: int  # of parts that were here: of an attempt before, or of another snapshot
    switched: bool  # whether another snapshot was current before


class Pulled(msgspec.Struct, frozen=True, kw_only=True):
    """What was taken from a storage last, as home/pulled.json has it."""

    place: str
    release: str
    published: str


def pull_release(
    home: Path,
    storage: Storage,
    *,
    watch: Callable[[int], Told] | None = None,
    wait: Callable[[Message], None] | None = None,
    take_back: bool = True,
    trusted: str = "",
) -> PullAnswer:
    """Make the release that a storage offers the current snapshot.

    Args:
        home: the folder of snapshots.
        storage: where from.
        watch: given the number of bytes to come, what is told how many came.
        wait: told that another pull or a build is waited for; None = fail then.
        take_back: whether a release that `gyebo rollback` took back here is made current again.
        trusted: file of the public key of who publishes; "" = whoever can write to the storage.

    Raises:
        ConfigError: `trusted` is no such key.
        TransferFailed: what is offered is not whole, is of another version of the program, or cannot be written.
            What is current here stays current.
    """
    layout = Layout(home)
    try:
        with _alone(layout, wait):
            pointer = read_pointer(storage)
            if trusted:
                refuse_stranger(storage.place, pointer, Path(trusted))
            _refuse_older(layout, storage, pointer)
            listed = read_list(storage, pointer.release, pointer.sha256, pointer.bytes)
            _refuse_foreign(storage, listed)
            answer = _Pull(layout, storage, pointer, listed, watch).run(wait is not None, take_back)
            taken = Pulled(
                place=storage.place, release=pointer.release, published=pointer.published
            )
            encoded = msgspec.json.format(msgspec.json.encode(taken), indent=2) + b"\n"
            write_file(layout.pulled, lambda out: out.write(encoded))
            return answer
    except OSError as error:
        if error.errno in _FULL:  # the room is needed by what is served
            shutil.rmtree(layout.arriving, ignore_errors=True)
        raise TransferFailed(str(home), _stays(reason_of(error))) from error


def _stays(why: Message) -> Message:
    return Message("%(why)s; nothing was switched", why=why)


@contextmanager
def _alone(layout: Layout, wait: Callable[[Message], None] | None) -> Iterator[None]:
    """Be the only one that fetches into a home folder."""
    layout.arriving.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(layout.home, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held = Message("another `gyebo pull` works in %(folder)s", folder=layout.home)
            if not wait:
                raise TransferFailed(str(layout.home), held) from None
            wait(Message("%(held)s; waiting for it", held=held))
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)  # which gives up the lock


def last_pulled(layout: Layout) -> Pulled | None:
    """What was taken from a storage last; None if nothing was, or that is not known any more."""
    try:
        return msgspec.json.decode(layout.pulled.read_bytes(), type=Pulled)
    except (OSError, msgspec.MsgspecError):
        return None


def _refuse_older(layout: Layout, storage: Storage, pointer: Pointer) -> None:
    """Refuse to go back: a cache on the way, or a copy that was not kept up, may offer what was offered once."""
    last = last_pulled(layout)
    if not last or last.place != storage.place:
        return
    before, now = moment(last.published), moment(pointer.published)
    if before and now and now < before:
        raise TransferFailed(
            storage.place,
            Message(
                "it offers a release published %(now)s, and offered one of %(before)s before: an old answer; "
                "nothing was switched. To go back, publish the older release again",
                now=pointer.published,
                before=last.published,
            ),
        )


def _refuse_foreign(storage: Storage, listed: ReleaseList) -> None:
    if (listed.gyebo, listed.snapshot) != (__version__, FORMAT):
        raise _foreign(storage, program_name(told_program(listed.gyebo), listed.snapshot))


def _foreign(storage: Storage, found: Message) -> TransferFailed:
    return TransferFailed(
        storage.place,
        Message(
            "the release there was made by %(found)s and this is %(this)s; nothing was switched",
            found=found,
            this=program_name(__version__),
        ),
    )


class _Pull:
    def __init__(
        self,
        layout: Layout,
        storage: Storage,
        pointer: Pointer,
        listed: ReleaseList,
        watch: Callable[[int], Told] | None,
    ) -> None:
        self._layout, self._storage, self._pointer = layout, storage, pointer
        self._listed, self._watch = listed, watch

    def run(self, wait: bool, take_back: bool) -> PullAnswer:
        """Fetch what is not here, and switch."""
        known = {one.version for one in past_releases(self._layout)}
        there = self._there()
        arriving = Arriving(
            self._layout, self._storage, self._listed, self._pointer.sha256, self._watch
        )
        if there and self._is_current(there) and self._all_known(known):
            arriving.clear()  # of an attempt that ended right after the switch, or of another release
            return self._answer(there, Brought(), switched=False)
        brought = arriving.bring(whole=there is None, known=known)
        if there is None:
            self._compare(arriving.snapshot)
        with build_lock(self._layout.lock, wait):
            self._layout.sweep()
            self._keep_past(arriving.past)
            folder = there or self._settle(arriving.snapshot)
            switched = not self._is_current(folder)
            if (folder / WITHDRAWN).exists():
                if not take_back:
                    raise TransferFailed(
                        self._storage.place,
                        Message(
                            "release %(version)s was taken back here by `gyebo rollback`; it is not taken "
                            "again unless by `gyebo pull`",
                            version=self._listed.version,
                        ),
                    )
                (folder / WITHDRAWN).unlink()
            self._layout.publish(folder)
            self._layout.collect()
        arriving.clear()
        return self._answer(folder, brought, switched)

    def _there(self) -> Path | None:
        """The snapshot of this release that stands here whole."""
        wanted = next(file for file in self._listed.files if file.name == SEAL)
        for folder in reversed(self._layout.whole()):
            try:
                if checksum(folder / SEAL).sha256 == wanted.sha256:
                    check_bytes(folder)
                    return folder
            except (SnapshotError, OSError):
                continue
        return None

    def _is_current(self, folder: Path) -> bool:
        try:
            return self._layout.current_folder() == folder
        except NoSnapshot:
            return False

    def _all_known(self, known: set[str]) -> bool:
        return all(past.version in known for past in self._listed.past)

    def _compare(self, arrived: Path) -> None:
        """Compare the list with the seal and the manifest that it brought.

        Raises:
            TransferFailed: they speak of different files, or of another release than this program reads.
        """
        try:
            sealed = dict(read_seal(arrived))
            manifest = read_manifest(arrived)
            check_program(manifest)
            version = manifest.version
        except SnapshotDamaged as error:
            raise TransferFailed(self._storage.place, _stays(error.why)) from error
        except WrongFormat as error:
            raise _foreign(self._storage, error.found) from error
        except (SnapshotError, KeyError):  # no manifest, or one without a release
            version = ""
        if version != self._listed.version:
            raise TransferFailed(
                self._storage.place,
                Message(
                    "the list %(name)s and the manifest of its snapshot speak of different releases; "
                    "nothing was switched",
                    name=self._pointer.release,
                ),
            )
        told = {
            file.name: (file.bytes, file.sha256) for file in self._listed.files if file.name != SEAL
        }
        if told != {name: (file.bytes, file.sha256) for name, file in sealed.items()}:
            raise TransferFailed(
                self._storage.place,
                Message(
                    "the list %(name)s and the seal of its snapshot speak of different files; nothing "
                    "was switched",
                    name=self._pointer.release,
                ),
            )

    def _keep_past(self, arrived: list[Path]) -> None:
        """Give what came of releases before its place, the oldest first."""
        self._layout.past.mkdir(exist_ok=True)
        for folder in arrived:
            folder.rename(self._layout.past / self._layout.next_name())
        keep_folder(self._layout.past)

    def _settle(self, arrived: Path) -> Path:
        """Make what arrived a snapshot, under its final name; the manifest last."""
        folder = self._layout.new_folder()
        last = {SEAL: 1, MANIFEST: 2}
        for part in sorted(arrived.iterdir(), key=lambda one: last.get(one.name, 0)):
            if part.name == MANIFEST:
                keep_folder(folder)
            part.rename(folder / part.name)
        keep_folder(folder)
        return folder

    def _answer(self, folder: Path, brought: Brought, switched: bool) -> PullAnswer:
        return PullAnswer(
            place=self._storage.place,
            release=self._pointer.release,
            version=self._listed.version,
            snapshot=folder.name,
            fetched=brought.fetched,
            fetched_bytes=brought.fetched_bytes,
            kept_bytes=brought.kept_bytes,
            switched=switched,
        )
