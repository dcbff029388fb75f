"""Records that are held compressed are the lines that were written, by number and by id, or an error."""

import json
import random
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import zstandard

from kg.errors import SnapshotDamaged
from kg.snapshot.layout import DICTIONARY, ENTITIES
from kg.snapshot.records import Lines, Records, RecordWriter


def line(id: str, text: str = "") -> bytes:
    about = {"id": id, "labels": {"en": [id]}, "facts": [{"property": "label", "said": text}]}
    return json.dumps(about, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


MANY = [
    (id := f"model/hf/o{n % 7}/모델-{n:05d}", line(id, f"자료 {n * 7919 % 1000}"))
    for n in range(3000)
]
MANY.sort()


def plain(folder: Path, records: Sequence[tuple[str, bytes]]) -> Lines:
    (folder / "plain").write_bytes(b"".join(line for _, line in records))
    ends = np.cumsum([0, *(len(line) for _, line in records)], dtype=np.uint64)
    np.save(folder / "plain.npy", ends)
    return Lines(folder / "plain", folder / "plain.npy")


def write(folder: Path, records: Sequence[tuple[str, bytes]]) -> RecordWriter:
    (folder / "release").mkdir(parents=True)
    with RecordWriter(folder, plain(folder, records)) as writer:
        for _, line in records:
            writer.add(line)
    return writer


def test_what_was_written_is_read(tmp_path: Path) -> None:
    write(tmp_path, MANY)
    records = Records(tmp_path)
    assert list(records) == [line for _, line in MANY]
    assert len(records) == len(MANY)
    for number in random.Random(1).sample(range(len(MANY)), 200):
        id, line = MANY[number]
        assert (records.id(number), records.find(id), records[number]) == (id, number, line)
    assert records.find("model/hf/o1/none") is None
    assert records.bisect("model/") == 0 and records.bisect("model0") == len(MANY)
    assert (tmp_path / "release" / DICTIONARY).stat().st_size > 0
    size = (tmp_path / "release" / ENTITIES).stat().st_size
    assert size < sum(len(line) for _, line in MANY) * 0.7  # ids in the open, and 100 bytes of text


@pytest.mark.parametrize("count", [0, 1, 5, 40])
def test_few_records_need_no_dictionary(tmp_path: Path, count: int) -> None:
    write(tmp_path, MANY[:count])
    assert list(Records(tmp_path)) == [line for _, line in MANY[:count]]


def test_the_same_records_give_the_same_bytes(tmp_path: Path) -> None:
    for name in "ab":
        write(tmp_path / name, MANY)
    for name in (ENTITIES, DICTIONARY):
        assert len({(tmp_path / one / "release" / name).read_bytes() for one in "ab"}) == 1


def test_the_content_is_that_of_the_lines(tmp_path: Path) -> None:
    """What is said of the file that is handed out does not depend on how it is held."""
    import hashlib

    whole = b"".join(line for _, line in MANY)
    content = write(tmp_path, MANY).content
    assert (content.bytes, content.sha256) == (len(whole), hashlib.sha256(whole).hexdigest())


def test_any_zstd_unpacks_the_file(tmp_path: Path) -> None:
    """Ids stand in skippable frames: who knows nothing of them reads the lines."""
    write(tmp_path, MANY)
    dictionary = zstandard.ZstdCompressionDict((tmp_path / "release" / DICTIONARY).read_bytes())
    with (tmp_path / "release" / ENTITIES).open("rb") as file:
        engine = zstandard.ZstdDecompressor(dict_data=dictionary)
        found = engine.stream_reader(file, read_across_frames=True).read()
    assert found == b"".join(line for _, line in MANY)


def test_a_changed_byte_is_never_another_record(tmp_path: Path) -> None:
    records = MANY[::50]
    write(tmp_path, records)
    path = tmp_path / "release" / ENTITIES
    whole, draw = path.read_bytes(), random.Random(19)
    known = dict(records)
    noticed = 0
    for _ in range(400):
        place = draw.randrange(len(whole))
        path.write_bytes(
            whole[:place] + bytes([whole[place] ^ 1 << draw.randrange(8)]) + whole[place + 1 :]
        )
        opened = Records(tmp_path)
        wrong = 0
        for number, (_, line) in enumerate(records):
            try:
                assert opened[number] == line
            except SnapshotDamaged as error:
                assert ENTITIES in str(error)
                wrong += 1
        noticed += wrong
        assert wrong <= 1
        for id in random.Random(place).sample(sorted(known), 3):
            try:
                number = opened.find(id)
                assert number is None or opened[number] == known[id]
            except SnapshotDamaged:
                pass
    assert noticed > 350  # the rest fell on the magic number of a frame that is skipped


def test_threads_read_side_by_side(tmp_path: Path) -> None:
    write(tmp_path, MANY)
    records, wrong = Records(tmp_path), []

    def read(seed: int) -> None:
        draw = random.Random(seed)
        for _ in range(3000):
            number = draw.randrange(len(MANY))
            if records[number] != MANY[number][1]:
                wrong.append(number)

    threads = [threading.Thread(target=read, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
