"""The release as data to take away: described in Croissant, lines that read its tables, and its dump where one was made.

A dump is served where `gyebo dump` has put it: `dumps/` in the folder of runs and snapshots.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from flask import Blueprint, Response, send_file

from kg.export.columns import TABLES
from kg.export.describing.croissant import (
    MEDIA_TYPE,
    PARQUET,
    CroissantFacts,
    DescribedFile,
    croissant,
)
from kg.export.dump import dump_name, read_sums
from kg.export.release_files import file_of_table
from kg.messages.message import Message
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot
from web.app.context import snapshot
from web.app.i18n import Refusal, mark
from web.ui.features import Feature
from web.ui.operations import operation

bp = Blueprint("dumps", __name__)
FEATURE = Feature(blueprint=bp)


class Recipe(NamedTuple):
    """Lines that answer a question from the tables, run in the folder that holds them."""

    question: str
    tool: str  # DuckDB or pandas
    code: str


RECIPES = (
    Recipe(
        mark("Models below 8 billion parameters that may be used commercially, without a doubt"),
        "DuckDB",
        "SELECT m.id, m.parameterCount FROM 'models.parquet' m JOIN 'verdicts.parquet' v USING (id)\n"
        "WHERE v.use = 'commercial' AND v.verdict = 'allowed' AND v.doubt IS NULL AND m.parameterCount < 8e9",
    ),
    Recipe(
        mark("What most models were fine-tuned from"),
        "DuckDB",
        "SELECT parent, count(*) AS models FROM 'edges.parquet' WHERE relation = 'fineTunedFrom'\n"
        "GROUP BY parent ORDER BY models DESC, parent LIMIT 10",
    ),
    Recipe(
        mark("Which model a package URL names"),
        "DuckDB",
        "SELECT id FROM 'identities.parquet' WHERE identifier = 'pkg:huggingface/Qwen/Qwen3-8B'",
    ),
    Recipe(
        mark("On which properties sources contradict each other"),
        "pandas",
        "import pandas as pd\n"
        'pd.read_parquet("claims.parquet").query("disputed")'
        '.groupby("property")["subject"].nunique().sort_values()',
    ),
    Recipe(
        mark("How verdicts are spread by use"),
        "pandas",
        "import pandas as pd\n"
        'pd.read_parquet("verdicts.parquet").pivot_table(index="use", columns="verdict", values="id", aggfunc="count")',
    ),
)


class DumpFile(NamedTuple):
    """A file of a dump."""

    name: str
    bytes: int
    sha256: str


@bp.get("/data/croissant.json")
@operation(
    "croissant",
    "/data/croissant.json",
    mark("The tables of the release, described in Croissant 1.0."),
    {"type": "object"},
    example="/data/croissant.json",
    media=(MEDIA_TYPE,),
)
def description() -> Response:
    """The tables of the release in Croissant."""
    return Response(_described(snapshot()), content_type=MEDIA_TYPE)


@memo()
def _described(held: Snapshot) -> bytes:
    manifest = held.manifest
    files = {table: file_of_table(table) for table in TABLES}
    told = CroissantFacts(
        base=manifest.base,
        version=manifest.version,
        as_of=manifest.as_of,
        files=tuple(
            DescribedFile(
                name=Path(name).name,
                address=f"{manifest.base}data/{name}",
                bytes=manifest.files[name].bytes,
                sha256=manifest.files[name].sha256,
                media_type=PARQUET,
                about=TABLES[table],
                table=table,
            )
            for table, name in files.items()
            if name in manifest.files
        ),
    )
    return croissant(told, held.vocabulary)


def dump_files(held: Snapshot) -> list[DumpFile]:
    """The files of the dump of a release, none if no dump of it was made."""
    folder = _folder(held)
    return [
        DumpFile(name, (folder / name).stat().st_size, sha256)
        for name, sha256 in _sums(held).items()
        if (folder / name).is_file()
    ]


@bp.get("/data/dump/<name>")
def file(name: str) -> Response:
    """One file of the dump; only names that its checksums list exist."""
    path, known = _folder(snapshot()) / name, _sums(snapshot()).get(name)
    if known is None or not path.is_file():
        raise Refusal(
            404, Message("there is no dump of this release with a file %(name)r", name=name[:80])
        )
    return send_file(
        path, as_attachment=True, etag=known, last_modified=release_date(), conditional=True
    )


def release_date() -> datetime:
    """When the release was made; files bear other dates where they were copied to."""
    return datetime.fromisoformat(snapshot().history.summary.built)


def _folder(held: Snapshot) -> Path:
    return held.folder.parent.parent / "dumps" / dump_name(held)


def _sums(held: Snapshot) -> Mapping[str, str]:
    return read_sums(_folder(held))
