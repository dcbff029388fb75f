"""The SPARQL store: an Oxigraph directory, built from the release's N-Quads and then only read.

bulk_load keeps one core busy per call and lets go of the GIL, so two calls run side by side;
optimize() always follows: without it a whole-graph query takes twelve times as long.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import IO

import pyoxigraph as ox

PIECE = 48 * 2**20  # bytes loaded per call
THREADS = 2


def build_store(nquads: IO[bytes], folder: Path, piece: int = PIECE) -> None:
    """Load N-Quads into a new store.

    Args:
        nquads: the release's lines; they are trusted, this program wrote them.
        folder: where the store is made; must not exist.
        piece: bytes per bulk_load call.
    """
    store = ox.Store(folder)
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
    store.optimize()
    store.flush()


def _pieces(file: IO[bytes], size: int) -> Iterator[bytes]:
    """A file in pieces that end with a line."""
    while data := file.read(size):
        yield data + file.readline()


def _load(store: ox.Store, data: bytes) -> None:
    store.bulk_load(data, ox.RdfFormat.N_QUADS)
