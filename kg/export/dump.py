"""A release as files to hand on: tables, N-Quads, verdicts, with their description, checksums and licenses.

    gyebo-2026-11-29-0123456789ab/    dated by the last day a source was read, named by the release's version
        models.parquet …              a table each (kg/export/columns.py)
        gyebo.nq.gz                   the graph, a named graph for each source
        verdicts.json                 the verdict on each use of each entity
        croissant.json dcat.ttl       what the files are, for programs; addresses are beside them
        LICENSE NOTICE.md README.md   what may be done with it, and who says what
        SHA256SUMS                    of all files above

The same release gives the same bytes; a folder appears whole or not at all.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec
import pyoxigraph as ox

from kg.errors import InputError, NotInstalled
from kg.export.columns import TABLES, columns_of
from kg.export.describing.croissant import (
    PARQUET,
    CroissantFacts,
    DescribedFile,
    croissant,
)
from kg.export.describing.dataset import DESCRIBED, TITLE, DatasetFacts, dataset
from kg.export.export import export_part
from kg.export.release_files import write_tables
from kg.export.table_files import HAS_PARQUET
from kg.files.durable import keep_folder
from kg.files.progress import Stage, silent
from kg.licenses.rules import USES
from kg.messages.message import Message, mark, reason_of, translate_all
from kg.model.claim import Entity, main_label
from kg.model.vocabulary import LICENSE, RETRIEVED, URL
from kg.paths import DATA
from kg.snapshot.judged import JudgedEntities
from kg.snapshot.layout import GRAPH, ReleaseFile
from kg.snapshot.seal import check_file, checksum
from kg.snapshot.snapshot import Snapshot

GRAPH_FILE, VERDICTS_FILE = "gyebo.nq.gz", "verdicts.json"
SUMS = "SHA256SUMS"
_NOWHERE = "https://dump.invalid/"  # files are named beside their description
_ABOUT: Mapping[str, str] = {
    **{f"{table}.parquet": title for table, title in TABLES.items()},
    GRAPH_FILE: mark("The release as N-Quads, a named graph for each source"),
    VERDICTS_FILE: mark("The verdict on each use of each entity, with what is not sure about it"),
}


class DumpAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A dump that stands on disk."""

    folder: str
    version: str
    as_of: str
    files: dict[str, ReleaseFile]


def write_dump(snapshot: Snapshot, folder: Path | str, stage: Stage = silent) -> DumpAnswer:
    """Write a release as a dated folder of files to hand on: Parquet, N-Quads, JSON, described by Croissant and DCAT.

    Args:
        snapshot: an open snapshot.
        folder: where the folder of the dump is made; one that stands there already and is the same is left as it is.
        stage: told how many entities are read, from the beginning in each pass.

    Raises:
        NotInstalled: pyarrow is missing.
        InputError: nothing can be written there, or another dump of this name stands there.
    """
    if not HAS_PARQUET:
        raise NotInstalled(Message("tables as Parquet"), "parquet")
    target = Path(folder) / dump_name(snapshot)
    partial = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        partial.mkdir(parents=True)
        files = _write(snapshot, partial, stage)
        _publish(partial, target)
    except OSError as error:
        raise InputError(
            Message("cannot write %(path)s: %(why)s", path=target, why=reason_of(error))
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    manifest = snapshot.manifest
    return DumpAnswer(
        folder=str(target), version=manifest.version, as_of=manifest.as_of, files=files
    )


def dump_name(snapshot: Snapshot) -> str:
    """What the folder of a dump is called."""
    manifest = snapshot.manifest
    return f"gyebo-{manifest.as_of or 'undated'}-{manifest.version}"


def read_sums(folder: Path) -> dict[str, str]:
    """The checksums of a dump by file, none if no dump stands there."""
    try:
        lines = (folder / SUMS).read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    return {name: sha256 for line in lines for sha256, _, name in [line.partition("  ")]}


def _publish(partial: Path, target: Path) -> None:
    if not target.exists():
        partial.rename(target)
        keep_folder(target.parent)
        return
    stands = target / SUMS
    if not stands.is_file() or stands.read_bytes() != (partial / SUMS).read_bytes():
        raise InputError(
            Message(
                "%(folder)s stands there already and holds something else; move it away",
                folder=target,
            )
        )


def _write(snapshot: Snapshot, folder: Path, stage: Stage) -> dict[str, ReleaseFile]:
    """Write all files of a dump; the last one has the checksums of those before."""
    write_tables(export_part(snapshot, stage=stage), lambda table: folder / f"{table}.parquet")
    check_file(snapshot.folder, f"release/{GRAPH}")
    shutil.copyfile(snapshot.folder / "release" / GRAPH, folder / GRAPH_FILE)
    (folder / VERDICTS_FILE).write_bytes(verdicts_json(snapshot))
    files = _told(folder)
    (folder / "croissant.json").write_bytes(_croissant(snapshot, files))
    (folder / "dcat.ttl").write_bytes(_dcat(snapshot, files))
    shutil.copyfile(DATA / "LICENSE", folder / "LICENSE")
    (folder / "NOTICE.md").write_text(_notice(snapshot), encoding="utf-8")
    (folder / "README.md").write_text(_readme(snapshot), encoding="utf-8")
    files = _told(folder)
    sums = "".join(f"{file.sha256}  {name}\n" for name, file in files.items())
    (folder / SUMS).write_text(sums, encoding="ascii")
    return files


def _told(folder: Path) -> dict[str, ReleaseFile]:
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return {path.name: checksum(path) for path in files}


def verdicts_json(snapshot: Snapshot) -> bytes:
    """The verdicts as JSON: for each entity a list by use, each of the verdict and what is not sure about it."""
    held, manifest = JudgedEntities(snapshot.folder, snapshot.lines), snapshot.manifest
    ids = map(snapshot.id_at, range(len(snapshot.lines)))
    found = {id: [[row.verdict, *row.doubts] for row in held.of(id)] for id in ids}
    made = {
        "version": manifest.version,
        "as_of": manifest.as_of,
        "uses": USES,
        "verdicts": {id: rows for id, rows in found.items() if rows},
    }
    return msgspec.json.encode(made) + b"\n"


def _croissant(snapshot: Snapshot, files: Mapping[str, ReleaseFile]) -> bytes:
    types = {".parquet": PARQUET, ".gz": "application/gzip", ".json": "application/json"}
    described = tuple(
        DescribedFile(
            name=name,
            address=name,
            bytes=file.bytes,
            sha256=file.sha256,
            media_type=types[Path(name).suffix],
            about=_ABOUT[name],
            table=name.removesuffix(".parquet") if name.endswith(".parquet") else "",
        )
        for name, file in files.items()
    )
    manifest = snapshot.manifest
    told = CroissantFacts(
        base=manifest.base, version=manifest.version, as_of=manifest.as_of, files=described
    )
    return croissant(told, snapshot.vocabulary)


def _dcat(snapshot: Snapshot, files: Mapping[str, ReleaseFile]) -> bytes:
    """The description in DCAT and VoID; its files are named beside it, wherever that is."""
    manifest = snapshot.manifest
    told = DatasetFacts(
        base=manifest.base,
        version=manifest.version,
        modified=_midnight(manifest.as_of),
        statistics=snapshot.statistics,
        files=files,
        titles={name: translate_all(title) for name, title in _ABOUT.items()},
        place=_NOWHERE,
    )
    triples = dataset(told, snapshot.vocabulary)
    made = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=DESCRIBED)
    assert made is not None
    return made.replace(f"<{_NOWHERE}".encode(), b"<")


def _midnight(day: str) -> dt.datetime | None:
    return dt.datetime.fromisoformat(day).replace(tzinfo=dt.UTC) if len(day) == 10 else None


# ---- for people


def _notice(snapshot: Snapshot) -> str:
    rows = [_source(snapshot, entity) for entity in snapshot.entities("source")]
    return "\n".join(
        [
            "# Sources",
            "",
            "The compilation is dedicated to the public domain (CC0 1.0, file LICENSE). It tells facts with their sources; each",
            "claim names its own in the column `source` of claims.parquet. What a source says of its own license stands below;",
            "where a source states none here, none is known, which is no permission to take more of it than these facts.",
            "",
            "| source | title | license it states | read | address |",
            "|---|---|---|---|---|",
            *(f"| {' | '.join(map(_cell, row))} |" for row in rows),
            "",
        ]
    )


def _source(snapshot: Snapshot, entity: Entity) -> Iterable[str]:
    licenses = ", ".join(snapshot.label(str(id)) for id in entity.values(LICENSE) if id)
    read = next(iter(entity.values(RETRIEVED)), "") or ""
    address = next(iter(entity.values(URL)), "") or ""
    return entity.id, main_label(entity), licenses or "none known", str(read), str(address)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def _readme(snapshot: Snapshot) -> str:
    return "\n".join([*_readme_lines(snapshot), ""])


def _readme_lines(snapshot: Snapshot) -> Iterator[str]:
    manifest = snapshot.manifest
    yield f"# {TITLE['en']}"
    yield ""
    yield f"Release {manifest.version}; its sources were last read on {manifest.as_of or 'a day that none tells'}."
    yield "`sha256sum -c SHA256SUMS` proves that all is whole. License: LICENSE (CC0 1.0); sources: NOTICE.md."
    yield "A verdict is allowed, conditional, unknown, contested or prohibited; unknown is no permission. What is not"
    yield "sure about it stands beside it. This is not legal advice."
    yield ""
    for name, about in _ABOUT.items():
        yield f"- `{name}`: {about}"
    for table in TABLES:
        yield ""
        yield f"## {table}.parquet"
        yield ""
        yield "| column | type | meaning |"
        yield "|---|---|---|"
        for column in columns_of(table, snapshot.vocabulary):
            yield f"| {column.name} | {column.type} | {_cell(column.meaning)} |"
