"""Sending the current release to a storage: what is not there yet, then its list, and the pointer last.

Invariant: until the pointer is written, who pulls gets the release of before, whole; and it is written only when every
object of the list has been seen there in its size. Publishers need not know of each other: objects and lists that two of them send
are the same or have different names, and the last pointer holds.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from kg.errors import SnapshotDamaged, TransferFailed
from kg.messages.message import Message
from kg.snapshot.layout import Layout, ReleaseFile
from kg.snapshot.releases.past import kept_files, past_releases
from kg.snapshot.seal import CHANGED, SEAL, Told, read_seal
from kg.snapshot.snapshot import Snapshot
from kg.travel._crew import work_on
from kg.travel._lists import (
    LONGEST_POINTER,
    PART,
    POINTER,
    RELEASES,
    TRAVEL_FORMAT,
    ListedFile,
    ListedPast,
    Pointer,
    ReleaseList,
    Unfit,
    all_files,
    decode_pointer,
    list_name,
    moment,
    object_name,
    pieces_of,
)
from kg.travel._seam import Storage
from kg.travel._signing import read_private_key, sign
from kg.version import __version__

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_SOON = datetime.timedelta(seconds=1)


class PublishAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What was sent."""

    place: str
    release: str  # its list in the storage
    version: str
    files: int
    bytes: int
    sent: int  # parts of files that were not there
    sent_bytes: int
    switched: bool  # whether the storage offered another release before


class _Sent(NamedTuple):
    """A part of a file of this machine."""

    name: str
    data: bytes


def publish_release(
    home: Path,
    storage: Storage,
    *,
    again: bool = False,
    part: int = PART,
    watch: Callable[[int], Told] | None = None,
    signing: str = "",
) -> PublishAnswer:
    """Send the current snapshot, and let the storage offer it.

    Args:
        home: the folder of snapshots.
        storage: where to.
        again: send also what is there already, as where bytes went wrong there.
        part: bytes of the parts into which files are cut; another size shares none with what was sent before.
        watch: given the number of bytes to read, what is told how many were read.
        signing: file of the private key that signs what is offered; "" = nobody signs it.

    Raises:
        ConfigError: `signing` is no such key.
        NoSnapshot: nothing has been built.
        SnapshotDamaged: the snapshot is not as it was built; nothing is offered.
        TransferFailed: the storage refused; what it offered it still offers.
    """
    key = read_private_key(Path(signing)) if signing else None
    with Snapshot.current(home) as snapshot:  # which holds a lease, so that no build deletes it
        _offered(storage)  # refuses, before anything is sent, what another version wrote
        reading = _Reading(Layout(home), snapshot.folder, part)
        told = watch(reading.size) if watch else None

        def send(part: _Sent) -> int:
            missing = again or storage.size(part.name) != len(part.data)
            if missing:
                storage.write(part.name, part.data)
            return len(part.data) if missing else 0

        sent = [number for number in work_on(reading.parts(told), send) if number]
        manifest = snapshot.manifest
        listed = ReleaseList(
            format=TRAVEL_FORMAT,
            gyebo=manifest.gyebo,
            snapshot=manifest.format,
            version=manifest.version,
            part=part,
            files=tuple(reading.files),
            past=tuple(reading.past),
        )
    data = msgspec.json.encode(listed)
    digest = sha256(data).hexdigest()
    name = list_name(listed.version, digest)
    storage.write(f"{RELEASES}/{name}", data)
    _look_at_all(storage, {f"{RELEASES}/{name}": len(data)} | _parts_of(listed))
    switched = _offer(storage, name, len(data), digest, key)
    return PublishAnswer(
        place=storage.place,
        release=name,
        version=listed.version,
        files=len(listed.files),
        bytes=sum(file.bytes for file in listed.files),
        sent=len(sent),
        sent_bytes=sum(sent),
        switched=switched,
    )


def _offered(storage: Storage) -> Pointer | None:
    """What a storage offers; nothing if it is half a pointer, which is then written anew.

    Raises:
        TransferFailed: it was written by another version of the program.
    """
    data = storage.read(POINTER, LONGEST_POINTER)
    try:
        return decode_pointer(data) if data else None
    except Unfit as error:
        if error.is_foreign:
            raise TransferFailed(storage.place, error.why) from error
        return None


def _now(before: Pointer | None) -> str:
    """The moment, later than that of the pointer before although another clock wrote that."""
    now = datetime.datetime.now(datetime.UTC)
    last = moment(before.published) if before else None
    return max(now, last + _SOON if last else now).isoformat(timespec="milliseconds")


def _offer(
    storage: Storage, name: str, length: int, digest: str, key: Ed25519PrivateKey | None
) -> bool:
    """Let the pointer name a list that stands there; gives whether it named another.

    Args:
        storage: where both are.
        name: of the list.
        length: of it, in bytes.
        digest: of it, SHA-256 in hexadecimal digits.
        key: signs the pointer; None = nobody does.

    Raises:
        TransferFailed: the storage takes the pointer and does not keep it.
    """
    before = _offered(storage)  # another may have published while this was sent
    named = before is not None and before.sha256 == digest
    if before and named and (key is None or sign(before, key) == before):
        return False
    pointer = Pointer(
        format=TRAVEL_FORMAT,
        gyebo=__version__,
        release=name,
        bytes=length,
        sha256=digest,
        published=_now(before),
    )
    pointer = sign(pointer, key) if key else pointer
    storage.write(POINTER, msgspec.json.format(msgspec.json.encode(pointer), indent=2) + b"\n")
    offered = _offered(storage)
    if not offered or offered == before:
        raise _not_there(storage, POINTER)
    return not named


def _parts_of(listed: ReleaseList) -> dict[str, int]:
    """The objects of a release, and how long they are."""
    pieces = pieces_of(all_files(listed), listed.part)
    return {object_name(piece.sum): piece.bytes for piece in pieces}


def _look_at_all(storage: Storage, wanted: Mapping[str, int]) -> None:
    """See that every file is there in its size.

    Raises:
        TransferFailed: one is not, as when it was pruned meanwhile.
    """
    sizes = work_on(wanted, storage.size)
    for name, size in zip(wanted, sizes, strict=True):
        if size != wanted[name]:
            raise _not_there(storage, name)


def _not_there(storage: Storage, name: str) -> TransferFailed:
    return TransferFailed(
        storage.place,
        Message(
            "%(name)s was sent, and does not stand there as it was sent; nothing new is offered, "
            "publish again",
            name=name,
        ),
    )


class _Reading:
    """Reads what is to be sent, once, and lists it.

    Args:
        layout: of the home folder.
        folder: of the snapshot in it.
        part: bytes that are read at once.
    """

    def __init__(self, layout: Layout, folder: Path, part: int) -> None:
        self._part = part
        sealed = dict(read_seal(folder))
        self._snapshot: list[tuple[str, Path, ReleaseFile | None]] = [
            (name, folder / name, file) for name, file in sealed.items()
        ]
        self._snapshot.append((SEAL, folder / SEAL, None))
        self._past = [
            (one.version, list(kept_files(one.folder)))
            for one in past_releases(layout)
            if one.folder != folder
        ]
        kept = [path for _, files in self._past for _, path in files]
        paths = [*(path for _, path, _ in self._snapshot), *kept]
        self.size = sum(path.stat().st_size for path in paths if path.exists())
        self.files: list[ListedFile] = []
        self.past: list[ListedPast] = []
        self._seen: set[str] = set()

    def parts(self, told: Told | None) -> Iterator[_Sent]:
        """Each part of each file, once; afterwards `files` and `past` are whole.

        Raises:
            SnapshotDamaged: a file is not as it was built.
        """
        for name, path, sealed in self._snapshot:
            yield from self._file(name, path, sealed, self.files, told)
        for version, kept in self._past:
            files: list[ListedFile] = []
            for name, path in kept:
                yield from self._file(name, path, None, files, told)
            if files:
                self.past.append(ListedPast(version=version, files=tuple(files)))

    def _file(
        self,
        name: str,
        path: Path,
        sealed: ReleaseFile | None,
        files: list[ListedFile],
        told: Told | None,
    ) -> Iterator[_Sent]:
        whole, size = sha256(), 0
        sums: list[str] = []
        with path.open("rb") as file:
            while data := file.read(self._part):
                whole.update(data)
                # of the first part the checksum is that of the file up to there
                sums.append(sha256(data).hexdigest() if sums else whole.hexdigest())
                size += len(data)
                if told:
                    told(len(data))
                if sums[-1] not in self._seen:
                    self._seen.add(sums[-1])
                    yield _Sent(object_name(sums[-1]), data)
        found = ReleaseFile(size, whole.hexdigest())
        if sealed and found != sealed:
            raise SnapshotDamaged(path.parent.name, name, CHANGED)
        parts = tuple(sums) if len(sums) > 1 else ()
        files.append(ListedFile(name=name, bytes=size, sha256=found.sha256, parts=parts))
