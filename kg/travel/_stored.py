"""What a storage says, believed only where its checksum holds."""

from __future__ import annotations

from hashlib import sha256

from kg.errors import TransferFailed
from kg.messages.message import Message
from kg.snapshot.seal import CHANGED
from kg.travel._lists import (
    LONGEST_LIST,
    LONGEST_POINTER,
    POINTER,
    RELEASES,
    FilePart,
    Pointer,
    ReleaseList,
    Unfit,
    decode_list,
    decode_pointer,
    object_name,
)
from kg.travel._seam import Storage

# Attempts at an object whose bytes are others: something on the way may have lied, not the storage
_TRIES = 2


def read_pointer(storage: Storage) -> Pointer:
    """Which release a storage offers.

    Raises:
        TransferFailed: none was published there, or what it says cannot be read.
    """
    data = storage.read(POINTER, LONGEST_POINTER)
    if data is None:
        raise TransferFailed(storage.place, Message("no release has been published there"))
    try:
        return decode_pointer(data)
    except Unfit as error:
        raise TransferFailed(storage.place, error.why) from error


def read_list(storage: Storage, name: str, sum: str, most: int = LONGEST_LIST) -> ReleaseList:
    """The list of a release.

    Args:
        storage: where it is kept.
        name: of the list.
        sum: its checksum, or the beginning of it.
        most: bytes that it may have.

    Raises:
        TransferFailed: it is not there, or is another.
    """
    data = storage.read(f"{RELEASES}/{name}", most)
    if data is None:
        raise TransferFailed(
            storage.place, Message("the list %(name)s is named there, and is not there", name=name)
        )
    try:
        return decode_list(data, name, sum)
    except Unfit as error:
        raise TransferFailed(storage.place, error.why) from error


def read_piece(storage: Storage, piece: FilePart) -> bytes:
    """The bytes of a part of a file.

    Raises:
        TransferFailed: they are not there, or are not those that were published.
    """
    why = Message("it is not there")
    for _ in range(_TRIES):
        data = storage.read(object_name(piece.sum), piece.bytes)
        if data is None:
            break
        if len(data) > piece.bytes:
            why = Message("it is longer than it was")
        elif len(data) < piece.bytes:
            why = Message("it has %(found)d bytes of %(all)d", found=len(data), all=piece.bytes)
        elif sha256(data).hexdigest() != piece.sum:
            why = CHANGED
        else:
            return data
    raise TransferFailed(
        storage.place,
        Message(
            "part %(part)s of %(file)s: %(why)s; `gyebo publish --again` mends it",
            part=object_name(piece.sum)[:20] + "…",
            file=piece.file.name,
            why=why,
        ),
    )
