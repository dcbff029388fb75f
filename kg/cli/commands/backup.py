"""`gyebo backup` and `gyebo restore`."""

from __future__ import annotations

from pathlib import Path

import click

from kg.build.backup import BackupManifest, restore_backup, write_backup
from kg.cli._options import data_option, lang_option
from kg.cli._progress import progress_bars
from kg.config import Config
from kg.messages.message import Message
from kg.paths import DATA

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=_FILE)
@data_option
@lang_option
@click.pass_obj
def backup(config: Config, file: Path, data: Path | None, lang: str) -> None:
    """Write all that you made into one FILE (tar.gz): claim runs, data with judgements, settings, the snapshot.

    Settings are those of gyebo.toml in this folder; GYEBO_ variables are not in it.
    """
    with progress_bars(plain=False) as bars:
        held = write_backup(file, config.home, data or DATA, watch=bars.watch_bytes)
    click.echo(Message("%(what)s: written to %(path)s", what=_told(held), path=file).text(lang))


@click.command()
@click.argument("file", type=_FILE)
@data_option
@click.option("--force", is_flag=True, help="Replace what is there and otherwise.")
@lang_option
@click.pass_obj
def restore(config: Config, file: Path, data: Path | None, force: bool, lang: str) -> None:
    """Put back what `gyebo backup` wrote, once every checksum holds; replaces nothing without --force."""
    with progress_bars(plain=False) as bars:
        held = restore_backup(file, config.home, data or DATA, force=force, watch=bars.watch_bytes)
    told = Message("%(what)s: restored to %(path)s", what=_told(held), path=config.home)
    click.echo(told.text(lang))


def _told(held: BackupManifest) -> Message:
    runs = {name.split("/")[2] for name in held.files if name.startswith("home/runs/")}
    return Message(
        "%(files)s files, %(runs)s claim runs, written by gyebo %(version)s",
        files=f"{len(held.files):,}",
        runs=len(runs),
        version=held.gyebo,
    )
