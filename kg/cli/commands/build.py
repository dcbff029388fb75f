"""`gyebo build` and `gyebo check`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from kg.build.build import check as check_data
from kg.cli import _text as display
from kg.cli._building import build_shown
from kg.cli._options import data_option, json_option, print_answer
from kg.cli._progress import progress_bars
from kg.config import Config
from kg.messages.message import Message, environment_language
from kg.paths import DATA
from kg.snapshot.layout import Layout


@click.command()
@click.option("--force", is_flag=True, help="Build even if nothing has changed.")
@click.option("--no-wait", is_flag=True, help="Fail if another build is running.")
@click.option(
    "--scheduler",
    metavar="tcp://HOST:PORT",
    help="A Dask cluster that shares the work; its machines see the home folder too. By default that of the settings.",
)
@data_option
@json_option
@click.pass_obj
def build(
    config: Config,
    force: bool,
    no_wait: bool,
    scheduler: str | None,
    data: Path | None,
    as_json: bool,
) -> None:
    """Build a snapshot from data and claim runs, and publish it.

    What is much work is shared among the cores of this machine, or among the workers of a cluster
    (docs/cluster.md); the bytes are the same:

        gyebo build --scheduler tcp://10.0.0.5:8786
    """
    if not Layout(config.home).current.exists():
        first = Message("the first build takes about a minute; later ones only follow a change")
        click.echo(first.text(environment_language()), err=True)
    if scheduler is not None:
        config = replace(config, scheduler=scheduler)
    done = build_shown(config, data or DATA, force=force, wait=not no_wait)
    if done.damage:
        click.echo(done.damage.text(environment_language()), err=True)
    print_answer(done.manifest, as_json, lambda: display.built(done))


@click.command()
@data_option
@click.pass_obj
def check(config: Config, data: Path | None) -> None:
    """Check the data as a build does, without publishing anything."""
    with progress_bars() as bars:
        checked = check_data(config, data or DATA, stage=bars.stage)
    click.echo(display.checked(checked))
