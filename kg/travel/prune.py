"""Deleting from a storage what no release names that is to stay.

Invariant: what the pointer names stays, and so does everything that was written lately, for it may belong to a release
that is being sent. Lists go before objects, so that no list names what is gone; and where a release is published
meanwhile it ends, and says whether that lost anything.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence, Set

import msgspec

from kg.errors import TransferFailed
from kg.messages.message import Message
from kg.travel._crew import work_on
from kg.travel._lists import (
    OBJECTS,
    RELEASES,
    ReleaseList,
    all_files,
    is_begun,
    is_list_name,
    is_sum,
    object_name,
    pieces_of,
)
from kg.travel._seam import Storage, Stored
from kg.travel._stored import read_list, read_pointer

GRACE = 24.0  # hours
_BATCH = 200  # objects between two looks for new releases


class PruneAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What was deleted, or would be."""

    place: str
    kept: list[str]  # lists, the newest first
    removed: list[str]
    objects: int  # that were deleted
    bytes: int
    spared: int  # objects that no list names, written too lately
    tried: bool  # whether nothing was deleted, as only that was asked


def prune_releases(
    storage: Storage, keep: int, *, grace: float = GRACE, dry_run: bool = False
) -> PruneAnswer:
    """Delete releases beyond the latest, and the objects that only they name.

    Args:
        storage: what is offered there stays in any case.
        keep: how many releases stay.
        grace: hours that something must have been there before it is deleted, by the clock of the storage.
        dry_run: delete nothing.

    Raises:
        TransferFailed: it cannot be told what is needed, or a release was published meanwhile.
    """
    pointer = read_pointer(storage)
    before = time.time() - grace * 3600
    lists = _lists(storage)
    if pointer.release not in lists:
        raise TransferFailed(
            storage.place,
            Message("the list %(name)s is named there, and is not there", name=pointer.release),
        )
    latest = sorted(lists, key=lambda name: lists[name].modified or 0, reverse=True)
    kept = [pointer.release, *(name for name in latest if name != pointer.release)]
    fresh = [name for name in kept[keep:] if not _is_old(lists[name], before)]
    kept = [*kept[:keep], *fresh]
    removed = [name for name in latest if name not in kept]
    named = {
        piece for name in kept for piece in _objects_of(read_list(storage, name, _digest(name)))
    }
    found = {object_name(name): one for name, one in _objects(storage).items()}
    loose = [name for name in found if name not in named]
    old = [name for name in loose if _is_old(found[name], before)]
    if not dry_run:
        deleting = _Deleting(storage, pointer.release, set(lists))
        deleting.delete([*(f"{RELEASES}/{name}" for name in removed), *old])
    return PruneAnswer(
        place=storage.place,
        kept=kept,
        removed=removed,
        objects=len(old),
        bytes=sum(found[name].bytes for name in old),
        spared=len(loose) - len(old),
        tried=dry_run,
    )


def _lists(storage: Storage) -> Mapping[str, Stored]:
    return {name: one for name, one in storage.listing(RELEASES).items() if is_list_name(name)}


def _objects(storage: Storage) -> Mapping[str, Stored]:
    found = storage.listing(OBJECTS).items()
    return {name: one for name, one in found if is_sum(name) or is_begun(name)}


def _digest(name: str) -> str:
    """The beginning of the checksum of a list, as its name holds it."""
    return name.removesuffix(".json").rpartition("-")[2]


def _objects_of(listed: ReleaseList) -> set[str]:
    return {object_name(piece.sum) for piece in pieces_of(all_files(listed), listed.part)}


def _is_old(stored: Stored, before: float) -> bool:
    """Whether something was there before a moment; what has no date may have been written now."""
    return stored.modified is not None and stored.modified <= before


class _Deleting:
    """Deletes while nothing is published.

    Args:
        storage: where.
        offered: the list that its pointer names.
        known: the lists that were there when it was found out what is needed.
    """

    def __init__(self, storage: Storage, offered: str, known: Set[str]) -> None:
        self._storage, self._offered, self._known = storage, offered, known
        self._gone: set[str] = set()

    def delete(self, names: Sequence[str]) -> None:
        """Delete files, a batch at a time.

        Raises:
            TransferFailed: a release was published meanwhile; told with what it lost.
        """
        for start in range(0, len(names), _BATCH):
            self._look()
            batch = names[start : start + _BATCH]
            for _ in work_on(batch, self._storage.delete):
                pass
            self._gone |= set(batch)
        self._look()

    def _look(self) -> None:
        offered = read_pointer(self._storage).release
        new = set(_lists(self._storage)) - self._known
        if offered == self._offered and not new:
            return
        for name in {offered, *new}:
            listed = read_list(self._storage, name, _digest(name))
            lost = sum(piece in self._gone for piece in _objects_of(listed))
            if lost:
                raise TransferFailed(
                    self._storage.place,
                    Message(
                        "release %(version)s was published meanwhile and lost %(num)s parts: publish it "
                        "again",
                        version=listed.version,
                        num=lost,
                    ),
                )
        raise TransferFailed(
            self._storage.place,
            Message("a release was published meanwhile; the rest stays, prune again"),
        )
