"""The SPARQL store: an Oxigraph directory, built from the release's N-Quads and then only read.

Up to BATCH quads are loaded in one call, which Oxigraph sorts and writes as one compressed file an index. More of
them come in pieces, each loaded into a store of its own: a call keeps one core busy and lets go of the GIL, so two
run side by side, and no file is merged before all are there. Then all are merged at once (`kg/sparql/_merging`).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

import pyoxigraph as ox

BATCH = 1_000_000  # quads that Oxigraph's loader sorts at once
PIECE = (
    48 * 2**20
)  # bytes loaded per call, where there are more: fewer than BATCH quads, whose lines have 100 bytes
THREADS = 2


def build_store(nquads: IO[bytes], quads: int, folder: Path, piece: int = PIECE) -> None:
    """Load N-Quads into a new store.

    Args:
        nquads: the release's lines; they are trusted, this program wrote them.
        quads: how many there are.
        folder: where the store is made; must not exist. While it is made, its parts stand beside it.
        piece: bytes per bulk_load call, if there are more than BATCH.

    Raises:
        OSError: the store cannot be written.
    """
    if quads <= BATCH:
        _load(nquads, folder)
        return
    from kg.sparql._merging import merge_stores  # brings RocksDB, which only this needs

    _load(io.BytesIO(), folder)
    with TemporaryDirectory(prefix=f"{folder.name}-", dir=folder.parent) as scratch:
        merge_stores(_load_pieces(nquads, piece, Path(scratch)), folder, Path(scratch))


def _load_pieces(nquads: IO[bytes], piece: int, folder: Path) -> list[Path]:
    """A store for each piece, in the order of the file."""
    parts: list[Path] = []
    running: set[Future[None]] = set()
    with ThreadPoolExecutor(THREADS) as pool:
        for number, data in enumerate(_pieces(nquads, piece)):
            parts.append(folder / str(number))
            # of a file and not of bytes, which more than two cores would make several files of
            running.add(pool.submit(_load, io.BytesIO(data), parts[-1]))
            if len(running) >= THREADS:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    future.result()
    for future in running:
        future.result()
    return parts


def _pieces(file: IO[bytes], size: int) -> Iterator[bytes]:
    """A file in pieces that end with a line."""
    while data := file.read(size):
        yield data + file.readline()


def _load(nquads: IO[bytes], folder: Path) -> None:
    """A store of its own, closed when this returns."""
    store = ox.Store(folder)
    store.bulk_load(nquads, ox.RdfFormat.N_QUADS)
    store.flush()
