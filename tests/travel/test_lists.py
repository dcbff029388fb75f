"""What a list and a pointer must be before anything is done that they say."""

from __future__ import annotations

import datetime
import re
from hashlib import sha256
from typing import Any

import msgspec
import pytest

from kg.travel._lists import (
    PART,
    TRAVEL_FORMAT,
    ListedFile,
    ListedPast,
    Pointer,
    ReleaseList,
    Unfit,
    decode_list,
    decode_pointer,
    list_name,
    pieces_of,
)

SUM = "ab" * 32


def file(name: str = "release/x", bytes: int = 3, parts: int = 0) -> ListedFile:
    return ListedFile(name=name, bytes=bytes, sha256=SUM, parts=(SUM,) * parts)


def release(*files: ListedFile, **other: Any) -> ReleaseList:
    known = {
        "format": 1,
        "gyebo": "0.1.0",
        "snapshot": 8,
        "version": "0123456789ab",
        "part": PART,
        "files": (file("manifest.json"), file("seal"), *files),
        "past": (),
    }
    return ReleaseList(**(known | other))


def decoded(listed: ReleaseList) -> ReleaseList:
    data = msgspec.json.encode(listed)
    return decode_list(data, "a list", sha256(data).hexdigest())


def test_a_list_is_read_as_it_was_written() -> None:
    listed = release(
        file("release/exports/gyebo.nq.gz", 2 * PART + 1, 3),
        file("search/.managed.json"),
        file("empty", 0),
        past=(ListedPast(version="abcd", files=(file("changes/whats.npy"),)),),
    )
    assert decoded(listed) == listed
    cut = [(piece.start, piece.bytes, piece.is_last) for piece in pieces_of(listed.files[2:], PART)]
    assert cut == [
        (0, PART, False),
        (PART, PART, False),
        (2 * PART, 1, True),
        (0, 3, True),
    ]


@pytest.mark.parametrize(
    "name",
    [
        *("../../etc/cron.d/x", "/etc/passwd", "release/../../x", "release/./x", "a//b", "", "a/"),
        *(
            "a\\b",
            "a\0b",
            "a\nb",
            "..",
            ".",
            "lease",
            "withdrawn",
            "withdrawn/x",
            "seal/x",
            "x" * 151,
        ),
        "/".join("abcdefghi"),
        "release/이름",
    ],
)
def test_a_name_that_no_file_of_a_snapshot_has_is_refused(name: str) -> None:
    with pytest.raises(Unfit, match="a file called"):
        decoded(release(file(name)))
    with pytest.raises(Unfit, match="a file called"):
        decoded(release(past=(ListedPast(version="abcd", files=(file(name),)),)))


@pytest.mark.parametrize(
    ("listed", "why"),
    [
        (release(file(), file()), "stands twice"),
        (release(file(bytes=-1)), "size or checksum"),
        (release(file(bytes=PART + 1)), "number of parts"),
        (release(file(bytes=PART, parts=1)), "number of parts"),
        (release(file(bytes=PART + 1, parts=3)), "number of parts"),
        (release(part=0), "parts of 0 bytes"),
        (release(part=1 << 40), "parts of"),
        (release(version="../x"), "the version"),
        (release(files=(file("seal"),)), "no file manifest.json"),
        (release(past=(ListedPast(version="abcd", files=()),) * 2), "stands twice"),
        (release(past=(ListedPast(version="/", files=()),)), "the version"),
        (release(past=(ListedPast(version="abcd", files=(file("seal"),)),)), "a file called"),
    ],
)
def test_a_list_that_cannot_be_right_is_refused(listed: ReleaseList, why: str) -> None:
    with pytest.raises(Unfit, match=why):
        decoded(listed)


def test_a_sum_that_is_no_sum_is_refused() -> None:
    for wrong in ("", "../x", SUM.upper(), SUM[:-1]):
        with pytest.raises(Unfit, match="size or checksum"):
            decoded(release(ListedFile(name="x", bytes=1, sha256=wrong)))


def test_another_list_than_was_named_is_refused() -> None:
    with pytest.raises(Unfit, match="not the one that was published"):
        decode_list(msgspec.json.encode(release()), "x", "0" * 12)


def test_another_format_is_told_as_one() -> None:
    data = b'{"format": 2, "gyebo": "9.0", "files": "of another kind"}'
    with pytest.raises(Unfit, match=r"gyebo 9\.0 in format 2; this program reads 1") as refused:
        decode_list(data, "x", sha256(data).hexdigest())
    assert refused.value.is_foreign
    with pytest.raises(Unfit, match="format 2") as refused:
        decode_pointer(data)
    assert refused.value.is_foreign


def pointer(**other: Any) -> bytes:
    known = {
        "format": 1,
        "gyebo": "0.1.0",
        "release": list_name("0123456789ab", SUM),
        "bytes": 400,
        "sha256": SUM,
        "published": "2026-11-29T12:00:00+00:00",
    }
    return msgspec.json.encode(known | other)


def test_a_pointer_is_read_as_it_was_written() -> None:
    assert decode_pointer(pointer()) == msgspec.json.decode(pointer(), type=Pointer)


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"\0\xff", b"[]", b'"current"', b"<html>404</html>", pointer()[:60]),
        *(pointer(release=name) for name in ("../../x.json", "", "0123456789ab-000000000000.json")),
        *(pointer(sha256=sum) for sum in ("", "00" * 32, "x" * 64)),
        *(pointer(bytes=size) for size in (0, -1, 1 << 40)),
        *(pointer(published=when) for when in ("", "soon", "2026-11-29T12:00:00")),
    ],
)
def test_what_is_no_pointer_is_refused(data: bytes) -> None:
    with pytest.raises(Unfit, match="no pointer to a release") as refused:
        decode_pointer(data)
    assert not refused.value.is_foreign


def test_a_pointer_from_the_future_is_refused() -> None:
    soon = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)
    assert decode_pointer(pointer(published=soon.isoformat()))
    with pytest.raises(Unfit, match="9999-01-01, which is still to come"):
        decode_pointer(pointer(published="9999-01-01T00:00:00+00:00"))


def test_the_version_of_a_stranger_is_told_only_if_it_is_one() -> None:
    for version, told in (("9.1", "9.1"), ("9.1\n\nall is well", "?"), ("9" * 41, "?")):
        data = msgspec.json.encode({"format": TRAVEL_FORMAT + 1, "gyebo": version})
        with pytest.raises(Unfit, match=re.escape(f"published by gyebo {told} in format")):
            decode_pointer(data)
