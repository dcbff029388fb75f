"""What is wrong with an installation: home, snapshot, runs, settings and optional parts, each with what to do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from kg.build.build import inputs_digest
from kg.claims.runs import read_runs
from kg.config import Config
from kg.errors import KGError, NoSnapshot
from kg.messages.message import Message, reason_of
from kg.paths import DATA
from kg.snapshot.layout import Layout, check_program, read_manifest
from kg.snapshot.seal import check_sizes, read_seal
from kg.travel.pull import last_pulled

Level = Literal["good", "note", "wrong"]

# What each optional part of the program is for, by its extra and the module that it brings.
_EXTRAS = {
    "hub": ("huggingface_hub", Message("live answers of the Hub")),
    "parquet": ("pyarrow", Message("tables as Parquet")),
    "png": ("resvg_py", Message("pictures as PNG")),
    "cluster": ("distributed", Message("builds on a cluster")),
    "shared": ("valkey", Message("pages and quotas that nodes share")),
    "signed": ("cryptography", Message("signatures of releases")),
}
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
# Snapshots that must fit on the disk: the one served, the one before, the one in the making
_ROOM = 3
_LEAST_ROOM = 500_000_000  # bytes, where nothing was built yet


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at."""

    level: Level
    about: str  # home, snapshot, runs, disk, base, shared, sparql or the name of an extra
    told: Message


def examine(config: Config, data: Path = DATA) -> Iterator[Finding]:
    """Look at everything that a build and the site need.

    Args:
        config: the settings.
        data: the data folder.
    """
    yield _home(config.home)
    yield from _snapshot(config, data)
    yield _runs(Layout(config.home))
    yield _disk(config.home)
    yield _base(config)
    if config.shared and not config.shared_secret:
        told = Message(
            "nodes share quotas, and no pages: set GYEBO_SHARED_SECRET to the same value on all of them"
        )
        yield Finding("note", "shared", told)
    if config.sparql_url:
        yield _server(config)
    for extra, (module, use) in _EXTRAS.items():
        if find_spec(module):
            yield Finding("good", extra, Message("%(use)s: installed", use=use))
        else:
            told = Message(
                "%(use)s: not installed; pip install 'gyebo[%(extra)s]'", use=use, extra=extra
            )
            yield Finding("note", extra, told)


def _nearest(folder: Path) -> Path:
    """The folder itself, or the nearest above it that is there."""
    return next(path for path in (folder, *folder.parents) if path.exists())


def _home(home: Path) -> Finding:
    there = _nearest(home)
    if not there.is_dir():
        told = Message("%(path)s is a file; give another folder with --home", path=there)
        return Finding("wrong", "home", told)
    if not os.access(there, os.W_OK | os.X_OK):
        told = Message("%(path)s cannot be written; give another folder with --home", path=there)
        return Finding("note" if there == home else "wrong", "home", told)
    return Finding("good", "home", Message("%(path)s can be written", path=home))


def _snapshot(config: Config, data: Path) -> Iterator[Finding]:
    try:
        folder = Layout(config.home).current_folder()
        manifest = read_manifest(folder)
        check_program(manifest)
        check_sizes(folder)
    except NoSnapshot as error:
        yield Finding("note", "snapshot", error.message)
        return
    except KGError as error:
        yield Finding("wrong", "snapshot", error.message)
        return
    told = Message(
        "snapshot %(name)s, %(count)s entities; `gyebo verify` compares every byte",
        name=folder.name,
        count=manifest.counts["entities"],
    )
    yield Finding("good", "snapshot", told)
    taken = last_pulled(Layout(config.home))
    if taken and taken.release.startswith(f"{manifest.version}-"):  # not built here, nor to be
        told = Message(
            "release %(version)s was taken from %(place)s, where it was published on %(day)s",
            version=manifest.version,
            place=taken.place,
            day=taken.published[:10],
        )
        yield Finding("good", "release", told)
    elif manifest.base != config.base:
        told = Message(
            "the snapshot was built for %(built)s, and the setting base is %(base)s; run `gyebo build`",
            built=manifest.base,
            base=config.base,
        )
        yield Finding("note", "base", told)
    elif (folder / "inputs").read_text(encoding="ascii") != inputs_digest(config, data):
        yield Finding(
            "note",
            "snapshot",
            Message("data, runs or the program have changed since; run `gyebo build`"),
        )


def _runs(layout: Layout) -> Finding:
    try:
        count = len(read_runs(layout.runs))
    except (OSError, msgspec.MsgspecError) as error:
        told = Message(
            "a run in %(folder)s cannot be read: %(why)s; ingest it again, or delete its folder",
            folder=layout.runs,
            why=reason_of(error),
        )
        return Finding("wrong", "runs", told)
    return Finding("good", "runs", Message("%(count)s runs of ingested sources", count=count))


def _disk(home: Path) -> Finding:
    free = shutil.disk_usage(_nearest(home)).free
    try:
        sealed = read_seal(Layout(home).current_folder()).values()
        needed = _ROOM * sum(file.bytes for file in sealed)
    except KGError:
        needed = _LEAST_ROOM
    room = Message("%(free)s MB are free", free=free // 10**6)
    if free < needed:
        told = Message(
            "%(room)s, and builds may need %(needed)s MB", room=room, needed=needed // 10**6 + 1
        )
        return Finding("wrong", "disk", told)
    return Finding("good", "disk", room)


def _base(config: Config) -> Finding:
    if urlsplit(config.base).hostname in _LOOPBACK and (config.proxies or config.prefix):
        told = Message(
            "the site stands behind a proxy, and addresses of entities begin with %(base)s, which nobody "
            "else can open; set GYEBO_BASE to the public address and build",
            base=config.base,
        )
        return Finding("wrong", "base", told)
    return Finding(
        "good", "base", Message("addresses of entities begin with %(base)s", base=config.base)
    )


def _server(config: Config) -> Finding:
    """The SPARQL server that answers the queries of the public."""
    # Loads clients of HTTP, which only such a site needs.
    from kg.sparql.elsewhere.endpoint import read_endpoint
    from kg.sparql.elsewhere.pool import held_version

    try:
        server = read_endpoint(config.sparql_url)
        manifest = read_manifest(Layout(config.home).current_folder())
        held = held_version(server, manifest.base)
    except KGError as error:
        return Finding("wrong", "sparql", error.message)
    except OSError as error:
        told = Message("%(url)s does not answer: %(why)s", url=server.shown, why=reason_of(error))
        return Finding("wrong", "sparql", told)
    if held == manifest.version:
        told = Message("%(url)s holds release %(version)s", url=server.shown, version=held)
        return Finding("good", "sparql", told)
    told = Message(
        "%(url)s holds release %(held)s, and the snapshot is %(version)s; load it with `gyebo publish --sparql`",
        url=server.shown,
        held=held or Message("none"),
        version=manifest.version,
    )
    return Finding("wrong", "sparql", told)
