"""`gyebo ingest` and `gyebo runs`: the terminal's side of kg/ingest.py."""

from __future__ import annotations

import sys
import time

import click
import msgspec

from kg.config import Config
from kg.errors import InputError
from kg.ingest import MODULES, Asked, ingest, read_sources
from kg.options import checked_date, json_option, print_answer
from kg.runs import Run, read_runs, remove_run
from kg.snapshot import Layout
from kg.sources.kit import Progress

_EVERY = 0.2  # seconds between two looks at a terminal


class Meter:
    """How far a stage has come: one line that moves on a terminal, nothing elsewhere."""

    def __init__(self, stage: str) -> None:
        self._stage, self._sum = stage, 0
        self._start = self._shown = time.monotonic()

    def __call__(self, amount: int) -> None:
        """Add to what was read."""
        self._sum += amount
        now = time.monotonic()
        if now - self._shown > _EVERY:
            self._shown = now
            seconds = now - self._start
            rate = self._sum / 1e6 / seconds
            sys.stderr.write(f"\r\x1b[K{self._stage} … {self._sum / 1e6:,.1f} MB, {rate:,.1f} MB/s")
            sys.stderr.flush()


def _watch(stage: str) -> Progress:
    return Meter(stage) if sys.stderr.isatty() else lambda amount: None


@click.command("ingest")
@click.argument("source", type=click.Choice(sorted(MODULES)), required=False)
@click.argument("where", metavar="[PATH|URL]", required=False, default="")
@click.option("--name", default="", help="Of the run; default by source and path.")
@click.option("--retrieved", metavar="DATE", default="", callback=checked_date,
              help="When the source said this, for old copies; default today.")  # fmt: skip
@click.option("--list", "listed", is_flag=True, help="List the sources and end.")
@json_option
@click.pass_obj
def ingest_command(config: Config, source: str | None, where: str, name: str, retrieved: str,
                   listed: bool, as_json: bool) -> None:  # fmt: skip
    """Read a source and store what it says as a claim run; `gyebo build` takes it up.

    SOURCE is one of the names that --list shows. Without PATH or URL it is fetched from its home;
    this is the only command that asks another machine for anything.
    """
    if listed:
        click.echo(_list())
        return
    if not source:
        raise InputError("name a source; `gyebo ingest --list` shows those there are")
    run = ingest(config.home, Asked(source, where, name, retrieved), watch=_watch)
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
    print_answer(run, as_json, lambda: told(run, config))


@click.command("runs")
@click.option("--remove", metavar="NAME", help="Delete a run.")
@json_option
@click.pass_obj
def runs_command(config: Config, remove: str | None, as_json: bool) -> None:
    """List the stored claim runs, which the next build will read."""
    folder = Layout(config.home).runs
    if remove:
        remove_run(folder, remove)
    runs = read_runs(folder)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(runs), indent=2))
        return
    click.echo(
        "\n".join(map(_line, runs)) or "no runs; `gyebo ingest --list` shows what can be read"
    )


def _list() -> str:
    known = read_sources()
    width = max(map(len, MODULES))
    return "\n".join(
        f"{name:<{width}}  {known[name].description['en']}" for name in sorted(MODULES)
    )


def _line(run: Run) -> str:
    counts = run.counts
    return (f"{run.name}  {run.retrieved}  {counts['records']:,} records, "
            f"{counts['claims']:,} claims, {counts['issues']:,} issues")  # fmt: skip


def told(run: Run, config: Config) -> str:
    """What an ingest did, for a terminal."""
    counts = ", ".join(f"{count:,} {name}" for name, count in run.counts.items())
    lines = [f"{run.name}: {counts}"]
    lines += [f"  {count:,} × {rule}" for rule, count in run.issues.items()]
    if run.issues:
        lines.append(f"  written to {Layout(config.home).runs / run.name / 'issues.jsonl'}")
    return "\n".join([*lines, "run `gyebo build` to take it up"])
