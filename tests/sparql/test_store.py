"""A store holds the quads it was loaded with, however many calls that took, and as few bytes."""

import io
import resource
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.sparql.store import BATCH, build_store, merge_stores

LINES = [
    f'<a:{n}> <b:{n % 9}> "{n}" .\n<a:{n}> <b:x> <c:{n % 7}> <d:{n % 3}> .\n' for n in range(900)
]
IN_PIECES = BATCH + 1


def tables(store: Path) -> int:
    return sum(file.stat().st_size for file in store.glob("*.sst"))


@pytest.mark.parametrize("quads", [len(LINES) * 2, IN_PIECES], ids=["at once", "in pieces"])
def test_every_quad_is_loaded_once(tmp_path: Path, quads: int) -> None:
    data = "".join(LINES + LINES[:50]).encode()
    build_store(io.BytesIO(data), quads, tmp_path / "store", piece=5_000)
    found = ox.Store.read_only(str(tmp_path / "store"))
    assert set(found) == set(ox.parse(data, ox.RdfFormat.N_QUADS))
    assert len(found) == len(LINES) * 2
    counted = found.query("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    assert sorted(int(row["n"].value) for row in counted) == [300, 300, 300]  # type: ignore[union-attr]


def test_a_store_that_was_loaded_in_pieces_is_as_small(tmp_path: Path) -> None:
    data = "".join(LINES * 2 + [line.replace("<a:", "<a:x") for line in LINES * 9]).encode()
    build_store(io.BytesIO(data), 1, tmp_path / "once")
    build_store(io.BytesIO(data), IN_PIECES, tmp_path / "pieces", piece=20_000)
    assert tables(tmp_path / "pieces") == pytest.approx(tables(tmp_path / "once"), rel=0.1)
    assert not (tmp_path / "pieces" / "rocksdict-config.json").exists()


def test_more_pieces_than_files_are_usually_open(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest = len([*Path("/proc/self/fd").iterdir()]) + 100
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, before[1]))
    try:
        data = "".join(LINES).encode()
        build_store(io.BytesIO(data), IN_PIECES, tmp_path / "store", piece=500)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert len(ox.Store.read_only(str(tmp_path / "store"))) == len(LINES) * 2


def test_it_can_be_written_to_afterwards(tmp_path: Path) -> None:
    build_store(io.BytesIO("".join(LINES).encode()), IN_PIECES, tmp_path / "store", piece=5_000)
    store = ox.Store(tmp_path / "store")
    more = ox.Quad(ox.NamedNode("a:new"), ox.NamedNode("b:x"), ox.Literal("new"))
    store.add(more)
    store.optimize()
    assert more in store and len(store) == len(LINES) * 2 + 1


@pytest.mark.parametrize("quads", [1, IN_PIECES], ids=["at once", "in pieces"])
def test_nothing_is_a_store(tmp_path: Path, quads: int) -> None:
    build_store(io.BytesIO(), quads, tmp_path / "store")
    assert len(ox.Store.read_only(str(tmp_path / "store"))) == 0


@pytest.mark.parametrize("bad", [b"", b"<a:b> <a:c> nothing .\n"], ids=["whole", "broken"])
def test_nothing_stays_beside_a_store(tmp_path: Path, bad: bytes) -> None:
    data = "".join(LINES).encode() + bad
    try:
        build_store(io.BytesIO(data), IN_PIECES, tmp_path / "store", piece=5_000)
    except SyntaxError:
        assert bad
    else:
        assert not bad
    assert [path.name for path in tmp_path.iterdir()] == ["store"]


def test_stores_that_cannot_be_merged(tmp_path: Path) -> None:
    build_store(io.BytesIO(LINES[0].encode()), 2, tmp_path / "part")
    build_store(io.BytesIO(), 0, tmp_path / "store")
    for table in (tmp_path / "part").glob("*.sst"):
        table.write_bytes(b"no table")
    with pytest.raises(OSError):
        merge_stores([tmp_path / "part"], tmp_path / "store", tmp_path)
    with pytest.raises(OSError):
        merge_stores([tmp_path / "absent"], tmp_path / "store", tmp_path)
