"""Records by number and by id, without reading a file whole: as plain lines, and compressed in a release.

    release/entities.jsonl.zst   for each record a skippable frame that holds its id, then a zstd frame of its line
    release/entities.dict        the zstd dictionary of all frames, trained on a sample of the lines; may be empty
    offsets.npy                  where each record begins, and the end

Ids stand in the open, so that a look-up decompresses one record only. Skippable frames are those of RFC 8878, so the
file can be unpacked with `zstd -d -D entities.dict`. Each frame carries the checksum of its line: a record that was
changed is noticed when it is read. One at a time and without a dictionary the records would take four times the room.
"""

from __future__ import annotations

import mmap
import os
import struct
import threading
from array import array
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from zlib import crc32

import zstandard

from kg.errors import SnapshotDamaged, SnapshotError
from kg.messages.message import Message
from kg.snapshot.layout import DICTIONARY, ENTITIES, OFFSETS, ReleaseFile, remember
from kg.snapshot.seal import CHANGED

_BEFORE_ID = b'{"id":"'
_SKIPPABLE = 0x184D2A50  # RFC 8878, section 3.1.2
_HEAD = 8  # bytes of a skippable frame before what it holds: magic number and length
_length_at = struct.Struct("<4xI").unpack_from  # the length that such a frame says
_LEVEL = 3  # 9 takes 20 % less room and six times the time
_DICTIONARY = 1 << 16  # bytes; with twice as many, records take 1 % less
_SAMPLE = 2_000  # lines a dictionary is trained on


def _read_offsets(path: Path) -> memoryview[int]:
    """The numbers of an array that NumPy saved, which takes much longer to load than to do without.

    Raises:
        SnapshotError: it is no array of 64-bit numbers.
    """
    with path.open("rb") as file:
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    start = 10 + int.from_bytes(data[8:10], "little")  # of version 1 of the format
    if data[:7] != b"\x93NUMPY\x01" or b"'descr': '<u8'" not in data[10:start]:
        raise SnapshotError(Message("%(path)s cannot be read; run `gyebo build`", path=path))
    return memoryview(data)[start:].cast("Q")


class Lines:
    """Lines of JSON in order of their ids, by number and by id; every line begins {"id":"…".

    Args:
        path: the file.
        offsets: an array of where each line begins, and of the end of the last.
    """

    def __init__(self, path: Path, offsets: Path) -> None:
        self._offsets = _read_offsets(offsets)
        with path.open("rb") as file:
            empty = os.fstat(file.fileno()).st_size == 0
            self._data = b"" if empty else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._found: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, number: int) -> bytes:
        return bytes(self._data[self._offsets[number] : self._offsets[number + 1]])

    def __iter__(self) -> Iterator[bytes]:
        return (self[number] for number in range(len(self)))

    def id(self, number: int) -> str:
        """The id on a line."""
        return self._id_bytes(number).decode()

    def is_chosen(self, number: int, step: int) -> bool:
        """Whether a line is one of about each `step` lines, by its id alone."""
        return crc32(self._id_bytes(number)) % step == 0

    def _id_bytes(self, number: int) -> bytes:
        start = self._offsets[number] + len(_BEFORE_ID)
        return self._data[start : self._data.find(b'"', start)]

    def find(self, id: str) -> int | None:
        """The line of an id, by binary search; the latest that were found are remembered."""
        number = self._found.get(id)
        if number is None:
            number = self.bisect(id)
            if number >= len(self) or self.id(number) != id:
                return None  # not remembered: anyone can ask for ids that are none
            remember(self._found, id, number)
        return number

    def bisect(self, id: str) -> int:
        """The first line whose id is not before this one."""
        key = id.encode() + b'"'
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self._id_bytes(middle) + b'"' < key:
                low = middle + 1
            else:
                high = middle
        return low


def run_of(lines: Lines, kind: str) -> tuple[int, int]:
    """The lines that hold one kind; a kind is one run of lines, because ids are sorted."""
    return lines.bisect(f"{kind}/"), lines.bisect(f"{kind}0")  # 0 follows /


class Records(Lines):
    """The lines of a release's entities, each decompressed when it is read; threads may share it.

    Args:
        folder: the snapshot's.
    """

    def __init__(self, folder: Path) -> None:
        release = folder / "release"
        super().__init__(release / ENTITIES, folder / OFFSETS)
        self._snapshot = folder.name
        self._dictionary = read_dictionary(folder)
        self._own = threading.local()  # a decompressor serves one thread at a time

    def __getitem__(self, number: int) -> bytes:
        """The line of a record.

        Raises:
            SnapshotDamaged: it is not as it was written.
        """
        start, end = self._offsets[number], self._offsets[number + 1]
        id_end = start + _HEAD + self._id_length(start)
        try:
            line = self._decompress(self._data[id_end:end])
        except (zstandard.ZstdError, MemoryError) as error:  # a wrong size asks for too much memory
            raise self._damaged() from error
        if not line.startswith(_BEFORE_ID + self._data[start + _HEAD : id_end] + b'"'):
            raise self._damaged()
        return line

    def id(self, number: int) -> str:
        """The id of a record."""
        try:
            return super().id(number)
        except UnicodeDecodeError as error:
            raise self._damaged() from error

    def ids(self, first: int, end: int) -> list[str]:
        """The ids of records in a row, read together, which is quicker than one by one."""
        data = self._data
        starts = self._offsets[first:end].tolist()
        lengths = [_length_at(data, start)[0] for start in starts]
        held = [
            data[start + _HEAD : start + _HEAD + length]
            for start, length in zip(starts, lengths, strict=True)
        ]
        try:
            return [id.decode() for id in held]
        except UnicodeDecodeError as error:
            raise self._damaged() from error

    def _id_bytes(self, number: int) -> bytes:
        start = self._offsets[number]
        return self._data[start + _HEAD : start + _HEAD + self._id_length(start)]

    def _id_length(self, start: int) -> int:
        return int(_length_at(self._data, start)[0])

    def _decompress(self, frame: bytes) -> bytes:
        try:
            known: zstandard.ZstdDecompressor = self._own.decompressor
        except AttributeError:
            known = zstandard.ZstdDecompressor(dict_data=_dictionary(self._dictionary))
            self._own.decompressor = known
        return known.decompress(frame)

    def _damaged(self) -> SnapshotDamaged:
        return SnapshotDamaged(self._snapshot, f"release/{ENTITIES}", CHANGED)


class RecordPacker:
    """Makes records of lines.

    Args:
        trained: the dictionary of the release they are for.
    """

    def __init__(self, trained: bytes) -> None:
        self._compressor = zstandard.ZstdCompressor(
            level=_LEVEL,
            dict_data=_dictionary(trained),
            write_checksum=True,
            write_dict_id=False,
        )

    def pack(self, line: bytes) -> bytes:
        """A line of JSON that begins with an id, as a record."""
        start = len(_BEFORE_ID)
        name = line[start : line.index(b'"', start)]
        head = _SKIPPABLE.to_bytes(4, "little") + len(name).to_bytes(4, "little")
        return head + name + self._compressor.compress(line)


def read_dictionary(folder: Path) -> bytes:
    """The dictionary of a release.

    Args:
        folder: the snapshot's.
    """
    return (folder / "release" / DICTIONARY).read_bytes()


class RecordWriter:
    """Writes the entities of a release, in the order of their ids; use it with `with`.

    Args:
        folder: the snapshot's, with a folder `release`.
        like: lines like those that will be written; a dictionary is trained on some of them.
    """

    def __init__(self, folder: Path, like: Lines) -> None:
        trained = _train(like)
        (folder / "release" / DICTIONARY).write_bytes(trained)
        self._packer = RecordPacker(trained)
        self._folder = folder
        self._offsets = array("Q", [0])
        self._size, self._sum = 0, sha256()
        self._file: IO[bytes] = (folder / "release" / ENTITIES).open("wb")

    def add(self, line: bytes) -> None:
        """Write the record of the next line, of JSON that begins with the id."""
        record = self._packer.pack(line)
        self.put(line, record, [len(record)])

    def put(self, lines: bytes, records: bytes, lengths: Iterable[int]) -> None:
        """Write the next records, which a packer with this dictionary made.

        Args:
            lines: what they were made of.
            records: all of them.
            lengths: how long each is.
        """
        self._size += len(lines)
        self._sum.update(lines)
        self._file.write(records)
        for length in lengths:
            self._offsets.append(self._offsets[-1] + length)

    @property
    def content(self) -> ReleaseFile:
        """Size and checksum of all lines, uncompressed."""
        return ReleaseFile(self._size, self._sum.hexdigest())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._file.close()
        if error is None:
            import numpy as np  # readers do without

            np.save(self._folder / OFFSETS, np.frombuffer(self._offsets, np.uint64))


def _train(lines: Lines) -> bytes:
    """A dictionary for lines, the same for the same lines; empty if there are too few.

    Lines are chosen by their ids, so that one line more changes a dictionary rarely, and not by moving all others.
    """
    step = 1 << max(0, (len(lines) // _SAMPLE).bit_length() - 1)
    sample: list[bytes | bytearray | memoryview[int]] = [
        lines[number] for number in range(len(lines)) if lines.is_chosen(number, step)
    ]
    try:
        return zstandard.train_dictionary(_DICTIONARY, sample).as_bytes()
    except zstandard.ZstdError:  # zstd refuses a sample that a dictionary would not pay for
        return b""


def _dictionary(trained: bytes) -> zstandard.ZstdCompressionDict | None:
    return zstandard.ZstdCompressionDict(trained) if trained else None
