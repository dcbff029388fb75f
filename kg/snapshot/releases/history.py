"""The changes since the release before, on disk beside the release.

    changes/summary.json      both releases, and how much changed
    changes/entities.jsonl    kg.snapshot.releases.changes.Changed, one entity a line, sorted by id
    changes/offsets.npy       where each line begins
    changes/whats.npy         of each line the kinds of its changes, one bit each

They stand beside release/ and not in it: a release is a pure function of the data, and what was there
before is no part of the data. A release that says what the one before said takes over its changes.
"""

from __future__ import annotations

import datetime
import shutil
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from kg.errors import SnapshotError
from kg.model.claim import kind_of
from kg.model.vocabulary import Vocabulary
from kg.snapshot.layout import Layout, Manifest, read_manifest
from kg.snapshot.records import Lines, Records
from kg.snapshot.releases._summary import FOLDER
from kg.snapshot.releases._summary import Summary as Summary
from kg.snapshot.releases.changes import WHATS, Changed, What, compare_entities
from kg.snapshot.seal import check_bytes

_SUMMARY, _ENTITIES, _OFFSETS, _WHATS = (
    "summary.json",
    "entities.jsonl",
    "offsets.npy",
    "whats.npy",
)

_encoder = msgspec.json.Encoder()
_changed = msgspec.json.Decoder(Changed)


class Former(msgspec.Struct, frozen=True):
    """The release that was published before."""

    folder: Path
    manifest: Manifest


def former(layout: Layout) -> Former | None:
    """The published release, if this program can read it; call it with the build lock held.

    A damaged one counts as none: a build is what mends it.
    """
    try:
        folder = layout.current_folder()
        manifest = read_manifest(folder)
        check_bytes(folder)
    except (SnapshotError, OSError):
        return None
    return Former(folder, manifest)


def write_changes(
    folder: Path, manifest: Manifest, before: Former | None, vocabulary: Vocabulary
) -> Summary:
    """Write what changed since the release before.

    Args:
        folder: the snapshot's folder, whose release is complete.
        manifest: what it will be published with.
        before: the release before.
        vocabulary: kinds and properties.
    """
    target = folder / FOLDER
    if before and _digest(before.manifest) == _digest(manifest):
        shutil.copytree(before.folder / FOLDER, target)
        return _summary(target)
    target.mkdir()
    found = _between(before.folder, folder, vocabulary) if before else iter(())
    whats, kinds = _write(target, found)
    built = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    version = before.manifest.version if before else None
    summary = Summary(
        version=manifest.version,
        built=built,
        before=version,
        entities=kinds.total(),
        whats=whats,
        kinds=kinds,
    )
    (target / _SUMMARY).write_bytes(_encoder.encode(summary) + b"\n")
    return summary


def _digest(manifest: Manifest) -> str:
    return manifest.files[_ENTITIES].sha256


def _summary(folder: Path) -> Summary:
    return msgspec.json.decode((folder / _SUMMARY).read_bytes(), type=Summary)


def _between(old: Path, new: Path, vocabulary: Vocabulary) -> Iterator[Changed]:
    moved = msgspec.json.decode((new / "release" / "redirects.json").read_bytes())
    known = Records(old)

    def look(id: str) -> bytes | None:
        number = known.find(id)
        return None if number is None else known[number]

    return compare_entities(known, Records(new), moved, vocabulary, look)


def _write(folder: Path, found: Iterable[Changed]) -> tuple[Counter[str], Counter[str]]:
    """Write changes; how many there are, by what they are, and of entities by kind."""
    whats: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    offsets, bits = array("Q", [0]), array("H")
    with (folder / _ENTITIES).open("wb") as out:
        for changed in found:
            offsets.append(offsets[-1] + out.write(_encoder.encode(changed) + b"\n"))
            bits.append(_bits(change.what for change in changed.changes))
            kinds[kind_of(changed.id)] += 1
            whats.update(change.what for change in changed.changes)
    np.save(folder / _OFFSETS, np.array(offsets, np.uint64))
    np.save(folder / _WHATS, np.array(bits, np.uint16))
    return whats, kinds


def _bits(whats: Iterable[What]) -> int:
    return sum(1 << WHATS.index(what) for what in set(whats))


class History:
    """The changes of a snapshot, read page by page.

    Args:
        folder: the snapshot's folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER
        self.summary = _summary(self._folder)

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self._folder / _ENTITIES, self._folder / _OFFSETS)

    @cached_property
    def _bits(self) -> NDArray[np.uint16]:
        return np.asarray(np.load(self._folder / _WHATS, mmap_mode="r"))

    def opened(self) -> History:
        """Itself, with the files open: from now on they may be deleted.

        Raises:
            OSError: they are gone already.
        """
        self._lines  # noqa: B018
        return self

    def find(self, id: str) -> Changed | None:
        """What changed on an id; None if nothing did."""
        number = self._lines.find(id)
        return None if number is None else self[number]

    def select(self, kinds: Sequence[str], whats: Iterable[What] = ()) -> NDArray[np.int64]:
        """The changed entities of some kinds, in the order of the kinds and then of ids.

        Args:
            kinds: of entities.
            whats: only those with a change like these; all if there are none.
        """
        runs = [np.arange(self._lines.bisect(f"{k}/"), self._lines.bisect(f"{k}0")) for k in kinds]
        chosen = np.concatenate([np.zeros(0, np.int64), *runs])
        wanted = _bits(whats)
        return chosen[(self._bits[chosen] & wanted) != 0] if wanted else chosen

    def __getitem__(self, number: int) -> Changed:
        return _changed.decode(self._lines[number])
