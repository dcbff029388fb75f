"""`gyebo dump`."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli._options import json_option, lang_option, print_answer, with_snapshot
from kg.cli._progress import progress_bars
from kg.export.dump import write_dump
from kg.messages.message import Message
from kg.snapshot.snapshot import Snapshot


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@lang_option
@json_option
@with_snapshot
def dump(snapshot: Snapshot, folder: Path, lang: str, as_json: bool) -> None:
    """Write the release as files to hand on, in a dated folder of FOLDER.

    They are tables in Parquet (models, edges, claims, verdicts, scores, identities …), N-Quads, the verdicts in JSON,
    what describes them (Croissant, DCAT), their licenses and checksums. The same release gives the same bytes.

        gyebo dump ./dumps
    """
    with progress_bars(plain=False) as bars:
        answer = write_dump(snapshot, folder, bars.stage)
    told = Message(
        "%(folder)s: %(files)s files, %(bytes)s bytes",
        folder=answer.folder,
        files=len(answer.files),
        bytes=sum(file.bytes for file in answer.files.values()),
    )
    print_answer(answer, as_json, lambda: told.text(lang))
