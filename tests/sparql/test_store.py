"""A store holds the quads it was loaded with, however many calls that took."""

import io
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.sparql.store import BATCH, build_store

LINES = [
    f'<a:{n}> <b:{n % 9}> "{n}" .\n<a:{n}> <b:x> <c:{n % 7}> <d:{n % 3}> .\n' for n in range(900)
]


@pytest.mark.parametrize("quads", [len(LINES) * 2, BATCH + 1], ids=["at once", "in pieces"])
def test_every_quad_is_loaded_once(tmp_path: Path, quads: int) -> None:
    data = "".join(LINES + LINES[:50]).encode()
    build_store(io.BytesIO(data), quads, tmp_path / "store", piece=5_000)
    found = ox.Store.read_only(str(tmp_path / "store"))
    assert set(found) == set(ox.parse(data, ox.RdfFormat.N_QUADS))
    assert len(found) == len(LINES) * 2


def test_nothing_is_a_store(tmp_path: Path) -> None:
    build_store(io.BytesIO(), 0, tmp_path / "store")
    assert len(ox.Store.read_only(str(tmp_path / "store"))) == 0
