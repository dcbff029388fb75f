"""`gyebo serve`: the site, after a build if it needs one."""

from __future__ import annotations

import os
import sys
import tempfile
from importlib.util import find_spec
from typing import cast

import click

from kg.cli._progress import progress_bars
from kg.config import FOLLOWED, Config
from kg.errors import NoSnapshot, NotInstalled, SnapshotDamaged, TransferFailed, WrongFormat
from kg.messages.message import Message, environment_language
from kg.snapshot.seal import check_bytes
from kg.snapshot.snapshot import Snapshot


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", type=click.IntRange(1), help="Server processes.")
@click.option(
    "--from",
    "source",
    metavar="URL",
    envvar=FOLLOWED,
    show_envvar=True,
    help="Serve what this storage offers, and keep up with it; build nothing.",
)
@click.pass_context
def serve(
    ctx: click.Context, host: str, port: int, workers: int | None, source: str | None
) -> None:
    """Serve the site; build first if there is no snapshot that this program can read and that is whole.

    With --from, what `gyebo publish` sent to a storage is fetched first, and again whenever another release is
    offered there (setting poll_seconds); what is served stays until all of the new one is here.

    SIGHUP reads gyebo.toml again, but for home and base, and looks for another release at once; settings that are
    wrong change nothing.
    """
    config: Config = ctx.obj
    if config.shared and not find_spec("valkey"):
        raise NotInstalled(Message("pages and quotas that nodes share"), "shared")
    if source:
        _fetch(config, source)
    else:
        _build_if_needed(ctx, config)
    environ = {"OPENBLAS_NUM_THREADS": "1"}  # NumPy's own threads; nothing here gains by them
    environ |= os.environ | {"GYEBO_HOME": str(config.home), "GYEBO_BASE": config.base}
    if config.metrics != "off":  # the numbers of all processes together
        environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="gyebo-metrics-")
    if source:
        environ[FOLLOWED] = source
    if workers:
        environ["GYEBO_WORKERS"] = str(workers)
    command = [
        sys.executable,
        "-m",
        "web.server.reloading",
        "--bind",
        f"{host}:{port}",
        "--config",
        "python:web.server.hooks",
        "--worker-class",
        "web.server.worker.Worker",
        "--no-control-socket",
        "--forwarded-allow-ips",
        "",
        "--logger-class",
        "web.app.log.Logger",  # see web/app/proxy.py
        *(("--access-logfile", "-") if config.log == "json" else ()),
        "web:create_app()",
    ]
    under = config.prefix if config.prefix.startswith("/") else ""
    click.echo(f"Gyebo is on http://{host}:{port}{under}/ (stop with Ctrl-C)", err=True)
    os.execve(sys.executable, command, environ)  # so that signals reach the server itself


def _build_if_needed(ctx: click.Context, config: Config) -> None:
    try:
        with Snapshot.current(config.home) as snapshot:
            check_bytes(snapshot.folder)
    except (NoSnapshot, WrongFormat, SnapshotDamaged) as error:
        if isinstance(error, SnapshotDamaged):
            _tell(error.message)
        build = cast(click.Group, ctx.find_root().command).get_command(ctx, "build")
        ctx.invoke(cast(click.Command, build))


def _fetch(config: Config, source: str) -> None:
    """Take what a storage offers; where that fails, what is here is served if it is whole.

    Raises:
        TransferFailed: nothing could be fetched, and nothing is here.
        SnapshotDamaged: what is here instead is not whole.
    """
    from kg.travel.pull import pull_release  # loads what serving what is here does not need
    from kg.travel.storage import open_storage

    storage = open_storage(source)
    try:
        with progress_bars(plain=False) as bars:
            pull_release(
                config.home,
                storage,
                watch=lambda size: bars.watch_bytes("pull", size),
                wait=_tell,
                take_back=False,
            )
    except TransferFailed as error:
        try:
            with Snapshot.current(config.home) as snapshot:
                check_bytes(snapshot.folder)
        except (NoSnapshot, WrongFormat):
            raise error from None
        _tell(error.message)


def _tell(message: Message) -> None:
    click.echo(f"gyebo: {message.text(environment_language())}", err=True)
