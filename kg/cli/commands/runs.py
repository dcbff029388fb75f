"""`gyebo runs`."""

from __future__ import annotations

import click
import msgspec

from kg.claims.runs import Run, read_runs, remove_run
from kg.cli._options import json_option
from kg.config import Config
from kg.snapshot.layout import Layout


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


def _line(run: Run) -> str:
    counts = run.counts
    return (
        f"{run.name}  {run.retrieved}  {counts['records']:,} records, "
        f"{counts['claims']:,} claims, {counts['issues']:,} issues"
    )
