"""Our application over the data of a test: the real endpoint, with another store behind it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph as ox
from flask import Flask
from flask.testing import FlaskClient

from kg.sparql.request import Dataset
from kg.sparql.store import build_store
from tests.conformance.manifests import load
from web import create_app
from web.app.context import Site


class _Manifest(NamedTuple):
    version: str
    base: str


class Mounted:
    """What the endpoint needs of a snapshot."""

    def __init__(self, store: Path, base: str) -> None:
        self.folder = store
        self.dataset = Dataset(store, base)
        self.manifest = _Manifest(str(store), base)


class _Holder:
    """Hands out what is mounted now."""

    def __init__(self) -> None:
        self.now: Any = None
        self.mounts = 0

    def mount(self, now: Any) -> None:
        """Serve something else from now on."""
        self.now = now
        self.mounts += 1

    def release_number(self) -> int:
        """What is mounted, counted: answers are kept by it."""
        return self.mounts

    def acquire(self) -> Any:
        return self.now

    def release(self, snapshot: Any) -> None:
        """Nothing to give back."""

    def close(self) -> None:
        """Nothing to close."""


class Endpoint:
    """/sparql over the data of one test after the other.

    Args:
        folder: where stores are made.
    """

    def __init__(self, app: Flask, folder: Path) -> None:
        self._site: Site = app.extensions["gyebo"]
        self._site.holder = self._holder = _Holder()  # type: ignore[assignment]
        self._folder = folder
        self.client: FlaskClient = app.test_client()

    def mount(self, graphs: tuple[tuple[str, Path], ...], base: str) -> None:
        """Serve files: the name of their graph ("" for the default graph) and where they stand."""
        self._holder.mount(Mounted(_store(self._folder, graphs), base))


@cache
def _store(folder: Path, graphs: tuple[tuple[str, Path], ...]) -> Path:
    memory = ox.Store()
    for name, path in graphs:
        load(path, memory, ox.NamedNode(name) if name else None)
    place = Path(tempfile.mkdtemp(dir=folder))
    memory.dump(str(place / "data.nq"), ox.RdfFormat.N_QUADS)
    with (place / "data.nq").open("rb") as lines:
        build_store(lines, len(memory), place / "store")
    _add_empty(place / "store", [name for name, _ in graphs if name])
    return place / "store"


def _add_empty(store: Path, names: list[str]) -> None:
    """N-Quads cannot say that a graph is there but empty."""
    opened = ox.Store(str(store))
    for name in names:
        opened.add_graph(ox.NamedNode(name))
    opened.flush()


@contextmanager
def mounted(config: Any, folder: Path) -> Iterator[Endpoint]:
    """An endpoint, stopped at the end."""
    app = create_app(config)
    endpoint = Endpoint(app, folder)
    yield endpoint
    app.extensions["gyebo"].close()
