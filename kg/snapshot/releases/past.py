"""The releases that are still known in a home folder: whole as a snapshot, or what was kept of one.

Invariant: of what a release said nothing is made up. One that stands only as briefs answers what they hold, and one
that is not there any more is told so.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kg.errors import InputError, SnapshotError
from kg.messages.message import Message
from kg.snapshot.layout import Layout, ReleaseFile, check_program, read_manifest
from kg.snapshot.releases._keeping import KEPT, kept_folders
from kg.snapshot.releases._summary import FOLDER, Summary

if TYPE_CHECKING:
    from kg.snapshot.releases.briefs import Briefs

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_VERSION = re.compile(r"[0-9a-f]{4,64}")
_TOLD = 5  # releases that an error lists


class PastRelease(msgspec.Struct, frozen=True, kw_only=True):
    """A release that was published here."""

    folder: Path
    version: str
    built: str  # when, ISO 8601 in UTC
    as_of: str  # the last day on which a source of it was read; "" if none says so
    gyebo: str  # version of the program that wrote it

    @property
    def day(self) -> str:
        """The day it was built, ISO."""
        return self.built[:10]

    @property
    def is_whole(self) -> bool:
        """Whether all of it stands, and this program can read it."""
        try:
            check_program(read_manifest(self.folder))
        except SnapshotError:
            return False
        return (self.folder / "release").is_dir()

    def briefs(self) -> Briefs:
        """What held of each entity.

        Raises:
            SnapshotError: it was built before briefs were made, or they are damaged.
        """
        from kg.snapshot.releases.briefs import Briefs  # loads what no list of releases needs

        return Briefs(self.folder)


class _Manifest(msgspec.Struct):
    """The part of a manifest that all versions of the program write alike."""

    gyebo: str
    files: dict[str, ReleaseFile]
    as_of: str = ""


def past_releases(layout: Layout) -> list[PastRelease]:
    """All that are known, in the order in which they were built; what cannot be read is passed over.

    Of one that was built several times the latest stands for all.
    """
    found: dict[str, PastRelease] = {}
    for folder in past_folders(layout):
        if release := _read(folder):
            found.pop(release.version, None)
            found[release.version] = release
    # Those that were pulled come as they come
    return sorted(found.values(), key=lambda one: one.built)


def past_folders(layout: Layout) -> list[Path]:
    """The folders of all that are known, the oldest first: of snapshots that stand, and of what was kept."""
    folders = {p.name: p for p in kept_folders(layout.past)}
    folders |= {p.name: p for p in layout.complete()}
    return [folder for _, folder in sorted(folders.items())]


def kept_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files of a release that stay when its snapshot is deleted, by their paths; none of one without briefs."""
    if all((folder / name).is_file() for name in KEPT):
        yield from ((name, folder / name) for name in KEPT)
        yield from ((f"{FOLDER}/{p.name}", p) for p in sorted((folder / FOLDER).iterdir()))


def is_kept(name: str) -> bool:
    """Whether `kept_files` may give a file of this path."""
    return name in KEPT or name.startswith(f"{FOLDER}/")


def _read(folder: Path) -> PastRelease | None:
    try:
        manifest = msgspec.json.decode((folder / "manifest.json").read_bytes(), type=_Manifest)
        told = (folder / FOLDER / "summary.json").read_bytes()
        summary = msgspec.json.decode(told, type=Summary)
    except (OSError, msgspec.MsgspecError):
        return None
    return PastRelease(
        folder=folder,
        version=summary.version,
        built=summary.built,
        as_of=manifest.as_of,
        gyebo=manifest.gyebo,
    )


def find_release(layout: Layout, text: str) -> PastRelease:
    """The release that a user names.

    Args:
        layout: of the home folder.
        text: its version or the beginning of it, from four characters on; or a day (YYYY-MM-DD), which means the
            release that was current at the end of that day, in UTC.

    Raises:
        InputError: the text is neither, several begin so, or there is none like it here any more.
    """
    known = past_releases(layout)
    text = text.strip()
    if _DAY.fullmatch(text):
        return _of_day(known, text)
    if not _VERSION.fullmatch(text):
        raise InputError(
            Message(
                "%(text)r is no release; give the first characters of its version, or a day as YYYY-MM-DD",
                text=text[:40],
            )
        )
    named = [one for one in known if one.version.startswith(text)]
    if len(named) > 1:
        raise InputError(
            Message(
                "several releases begin with %(text)s: %(known)s",
                text=text,
                known=[one.version for one in named],
            )
        )
    if not named:
        raise InputError(
            Message(
                "no release %(text)s is kept here; kept are: %(known)s",
                text=text,
                known=_told(known),
            )
        )
    return named[0]


def _of_day(known: list[PastRelease], text: str) -> PastRelease:
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError as error:
        raise InputError(Message("there is no day %(text)s", text=text)) from error
    if day > datetime.datetime.now(datetime.UTC).date():
        raise InputError(Message("%(text)s is still to come", text=text))
    before = [one for one in known if one.day <= text]
    if not before:
        raise InputError(
            Message(
                "no release of %(text)s or before is kept here; kept are: %(known)s",
                text=text,
                known=_told(known),
            )
        )
    return before[-1]


def _told(known: list[PastRelease]) -> list[str]:
    """The first and the latest, each with its day."""
    some = known if len(known) <= _TOLD else [known[0], *known[1 - _TOLD :]]
    return [f"{one.version} ({one.day})" for one in some]
