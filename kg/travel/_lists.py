"""How a release stands in a storage, and what a list must be before anything is done that it says.

    current                          the pointer: names one list by its checksum; written last
    releases/<version>-<sum>.json    a list: the files of one release, with sizes, checksums and parts
    objects/<sha256>                 a part of a file, named by its own checksum

Invariant: nothing there is ever changed but the pointer. A list is a pure function of what it lists, and its name
holds its checksum; so who reads one release reads one release, whatever is published meanwhile. A file of up to
PART bytes is one object; a longer one is cut, so that what breaks off is taken up at a part. A list holds the files
that the seal of the snapshot vouches for, the seal itself, and what is kept of the releases before, so that every
machine knows the same history.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import NamedTuple

import msgspec

from kg.messages.message import Message
from kg.snapshot.releases.past import is_kept
from kg.snapshot.seal import MANIFEST, SEAL

TRAVEL_FORMAT = 1  # raise it when a reader of the last version could not read what is written now
PART = 8 << 20  # bytes
POINTER, RELEASES, OBJECTS = "current", "releases", "objects"
LONGEST_POINTER, LONGEST_LIST = 64 << 10, 64 << 20  # bytes
_LONGEST_PART = 64 << 20
_MOST_FILES = 200_000
_AHEAD = datetime.timedelta(days=1)  # that another clock may be
_VERSION = re.compile(r"[0-9a-f]{4,64}")
_PROGRAM = re.compile(r"[0-9A-Za-z.+-]{1,40}")
_SUM = re.compile(r"[0-9a-f]{64}")
_BEGUN = re.compile(r"\.[0-9a-f]{64}\.\d+\.\d+")
_LIST_NAME = re.compile(r"[0-9a-f]{4,64}-[0-9a-f]{12}\.json")
_FILE_NAME = re.compile(r"[A-Za-z0-9._+@=-]{1,150}(/[A-Za-z0-9._+@=-]{1,150}){0,7}")
_NOT_SENT = {"lease", "withdrawn"}  # files by which a home tells what is done with a snapshot


class ListedFile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file of a release."""

    name: str
    bytes: int
    sha256: str
    parts: tuple[str, ...] = ()  # checksums of its parts; of a file of one part that is `sha256`


class ListedPast(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a release before."""

    version: str
    files: tuple[ListedFile, ...]


class ReleaseList(msgspec.Struct, frozen=True, kw_only=True):
    """What a release is, as it stands in a storage."""

    format: int
    gyebo: str  # version of the program that built it
    snapshot: int  # the format of what it built
    version: str
    part: int
    files: tuple[ListedFile, ...]
    past: tuple[ListedPast, ...]  # the oldest first


class Pointer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which release a storage offers."""

    format: int
    gyebo: str
    release: str  # name of its list
    bytes: int  # of that list
    sha256: str
    published: str  # when, ISO 8601 in UTC; later than that of every pointer before it
    # Of all else (kg/travel/_signing.py), in hexadecimal digits; "" = nobody signed it
    signature: str = ""


class FilePart(NamedTuple):
    """A part of a file, where it belongs."""

    file: ListedFile
    start: int
    bytes: int
    sum: str

    @property
    def is_last(self) -> bool:
        """Whether the file ends with it."""
        return self.start + self.bytes == self.file.bytes


class _Head(msgspec.Struct):
    """What every version of the program writes alike."""

    format: int
    gyebo: str = "?"


class Unfit(Exception):
    """What was read is not what it should be.

    Args:
        why: told to people.
        is_foreign: whether another version of the program may have written it.
    """

    def __init__(self, why: Message, is_foreign: bool = False) -> None:
        super().__init__(why)
        self.why, self.is_foreign = why, is_foreign


def object_name(sum: str) -> str:
    """Where an object stands."""
    return f"{OBJECTS}/{sum}"


def list_name(version: str, sum: str) -> str:
    """What the list of a release is called.

    >>> list_name("0123456789ab", "f" * 64)
    '0123456789ab-ffffffffffff.json'
    """
    return f"{version}-{sum[:12]}.json"


def is_list_name(name: str) -> bool:
    """Whether a list is called so."""
    return bool(_LIST_NAME.fullmatch(name))


def is_sum(name: str) -> bool:
    """Whether it is a checksum, and so may be the name of an object."""
    return bool(_SUM.fullmatch(name))


def begun_name(name: str, process: int, thread: int) -> str:
    """What an object is called in a folder until it is written.

    >>> is_begun(begun_name("ab" * 32, 7, 8)), is_begun("ab" * 32), is_begun(".profile")
    (True, False, False)
    """
    return f".{name}.{process}.{thread}"


def is_begun(name: str) -> bool:
    """Whether a file was left behind by who was writing an object."""
    return bool(_BEGUN.fullmatch(name))


def told_program(version: str) -> str:
    """A version of the program as a storage tells it; “?” if it can be none.

    >>> told_program("0.2.0"), told_program("9\\n\\nall is well")
    ('0.2.0', '?')
    """
    return version if _PROGRAM.fullmatch(version) else "?"


def pieces_of(files: Iterable[ListedFile], part: int) -> Iterator[FilePart]:
    """The parts of files in order; an empty file has none."""
    for file in files:
        for index, sum in enumerate(file.parts or (file.sha256,)):
            start = index * part
            if start < file.bytes:
                yield FilePart(file, start, min(part, file.bytes - start), sum)


def all_files(listed: ReleaseList) -> Iterator[ListedFile]:
    """The files of a list, with those of the releases before."""
    yield from listed.files
    for past in listed.past:
        yield from past.files


def decode_pointer(data: bytes) -> Pointer:
    """Read a pointer.

    Raises:
        Unfit: it is none, or none that this program reads.
    """
    try:
        _check_format(data)
        pointer = msgspec.json.decode(data, type=Pointer)
    except msgspec.MsgspecError as error:
        raise Unfit(
            Message("“%(name)s” is no pointer to a release, or half of one", name=POINTER)
        ) from error
    good = (
        is_list_name(pointer.release)
        and is_sum(pointer.sha256)
        and pointer.release.endswith(f"-{pointer.sha256[:12]}.json")
        and 0 < pointer.bytes <= LONGEST_LIST
    )
    if not good or (when := moment(pointer.published)) is None:
        raise Unfit(Message("“%(name)s” is no pointer to a release, or half of one", name=POINTER))
    if when > datetime.datetime.now(datetime.UTC) + _AHEAD:
        raise Unfit(
            Message(
                "“%(name)s” says that it was written on %(day)s, which is still to come",
                name=POINTER,
                day=pointer.published[:10],
            )
        )
    return pointer


def moment(text: str) -> datetime.datetime | None:
    """A moment in ISO 8601 with its zone; None if it is none.

    >>> moment("2026-11-29T12:00:00+00:00").year, moment("2026-11-29T12:00:00"), moment("soon")
    (2026, None, None)
    """
    try:
        found = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def decode_list(data: bytes, name: str, sum: str) -> ReleaseList:
    """Read the list of a release.

    Args:
        data: as it came.
        name: of the list.
        sum: the checksum it must have, or the beginning of it.

    Raises:
        Unfit: it is another, or says what a list never says.
    """
    if not sha256(data).hexdigest().startswith(sum):
        raise Unfit(Message("the list %(name)s is not the one that was published", name=name))
    try:
        _check_format(data)
        listed = msgspec.json.decode(data, type=ReleaseList)
    except msgspec.MsgspecError as error:
        raise Unfit(Message("%(name)s is no list of a release", name=name)) from error
    if wrong := _wrong(listed):
        raise Unfit(Message("the list %(name)s cannot be right: %(wrong)s", name=name, wrong=wrong))
    return listed


def _check_format(data: bytes) -> None:
    head = msgspec.json.decode(data, type=_Head)
    if head.format != TRAVEL_FORMAT:
        raise Unfit(
            Message(
                "it was published by gyebo %(version)s in format %(found)s; this program reads %(known)s",
                version=told_program(head.gyebo),
                found=head.format,
                known=TRAVEL_FORMAT,
            ),
            is_foreign=True,
        )


def _wrong(listed: ReleaseList) -> Message | None:
    """What no list says that this program wrote."""
    if not 0 < listed.part <= _LONGEST_PART:
        return Message("parts of %(num)s bytes", num=listed.part)
    versions = [past.version for past in listed.past]
    for version in (listed.version, *versions):
        if not _VERSION.fullmatch(version):
            return Message("the version %(version)r", version=version[:80])
    folders = (listed.files, *(past.files for past in listed.past))
    if sum(map(len, folders)) > _MOST_FILES:
        return Message("more than %(most)s files", most=_MOST_FILES)
    if len(set(versions)) < len(versions):
        return Message("a release before that stands twice")
    for files in folders:
        if wrong := _wrong_files(files, listed.part):
            return wrong
    for past in listed.past:
        for file in past.files:
            if not is_kept(file.name):
                return Message("a file called %(name)r", name=file.name)
    needed = {SEAL, MANIFEST} - {file.name for file in listed.files}
    if needed:
        return Message("it lists no file %(name)s", name=min(needed))
    return None


def _wrong_files(files: tuple[ListedFile, ...], part: int) -> Message | None:
    names = {file.name for file in files}
    if len(names) < len(files):
        return Message("a file that stands twice")
    for file in files:
        steps = file.name.split("/")
        above = {"/".join(steps[:deep]) for deep in range(1, len(steps))}
        if (
            not _FILE_NAME.fullmatch(file.name)
            or {".", ".."} & set(steps)
            or above & names
            or steps[0] in _NOT_SENT
        ):
            return Message("a file called %(name)r", name=file.name[:80])
        number = -(-file.bytes // part)
        known = (file.sha256, *file.parts)
        if file.bytes < 0 or not all(map(is_sum, known)):
            return Message("size or checksum of %(name)s", name=file.name)
        if (number > 1 and len(file.parts) != number) or (number <= 1 and file.parts):
            return Message("the number of parts of %(name)s", name=file.name)
    return None
