"""The SPARQL store: an Oxigraph directory, built from the release's N-Quads and then only read.

Up to BATCH quads are loaded in one call, which Oxigraph sorts and writes as one compressed file an index. More of
them come in pieces: a call keeps one core busy and lets go of the GIL, so two run side by side. Their files overlap,
and optimize() merges them: without it a whole-graph query takes twelve times as long. What it merges it does not
compress while an index is below 512 MB, so that such a store takes twice the room a quad (docs/scale.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import IO

import pyoxigraph as ox

BATCH = 1_000_000  # quads that Oxigraph's loader sorts at once
PIECE = 48 * 2**20  # bytes loaded per call, where there are more
THREADS = 2


def build_store(nquads: IO[bytes], quads: int, folder: Path, piece: int = PIECE) -> None:
    """Load N-Quads into a new store.

    Args:
        nquads: the release's lines; they are trusted, this program wrote them.
        quads: how many there are.
        folder: where the store is made; must not exist.
        piece: bytes per bulk_load call, if there are more than BATCH.
    """
    store = ox.Store(folder)
    if quads <= BATCH:
        store.bulk_load(nquads, ox.RdfFormat.N_QUADS)
    else:
        _load_pieces(store, nquads, piece)
    store.optimize()
    store.flush()


def _load_pieces(store: ox.Store, nquads: IO[bytes], piece: int) -> None:
    running: set[Future[None]] = set()
    with ThreadPoolExecutor(THREADS) as pool:
        for data in _pieces(nquads, piece):
            running.add(pool.submit(_load, store, data))
            if len(running) >= THREADS:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    future.result()
    for future in running:
        future.result()


def _pieces(file: IO[bytes], size: int) -> Iterator[bytes]:
    """A file in pieces that end with a line."""
    while data := file.read(size):
        yield data + file.readline()


def _load(store: ox.Store, data: bytes) -> None:
    store.bulk_load(data, ox.RdfFormat.N_QUADS)
