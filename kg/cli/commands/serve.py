"""`gyebo serve`: the site, after a build if it needs one."""

from __future__ import annotations

import gc
import os
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from importlib.util import find_spec
from typing import cast

import click

from kg.config import FOLLOWED, Config
from kg.errors import NoSnapshot, NotInstalled, SnapshotDamaged, TransferFailed, WrongFormat
from kg.messages.message import Message, environment_language
from kg.snapshot.seal import check_bytes
from kg.snapshot.snapshot import Snapshot

SERVER = "web.server.reloading"  # by its name, for nothing here imports the site


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
        is_there = _is_there(config)
        if not is_there:
            _build(ctx)
    environ = {"OPENBLAS_NUM_THREADS": "1"}  # NumPy's own threads; nothing here gains by them
    environ |= os.environ | {"GYEBO_HOME": str(config.home), "GYEBO_BASE": config.base}
    if config.metrics != "off":  # the numbers of all processes together
        environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="gyebo-metrics-")
    if source:
        environ[FOLLOWED] = source
    if workers:
        environ["GYEBO_WORKERS"] = str(workers)
    arguments = [
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
    greeting = f"Gyebo is on http://{host}:{port}{under}/ (stop with Ctrl-C)"
    if not source and is_there:
        os.environ.update(environ)
        if _serve_here(config, arguments, greeting):
            return
        _build(ctx)
    click.echo(greeting, err=True)
    command = [sys.executable, "-P", "-m", SERVER, *arguments]
    # A build or a pull leaves threads, which no fork may
    os.execve(sys.executable, command, environ)


def _serve_here(config: Config, arguments: Sequence[str], greeting: str) -> bool:
    """Load the site and serve it in this process, which signals reach.

    Every byte of the snapshot is compared with its seal while the site is loaded: both take long.

    Args:
        config: whose snapshot is served.
        arguments: of the server.
        greeting: told when the site is loaded.

    Returns:
        False if the snapshot is damaged, which is told; nothing was served.
    """
    gc.disable()  # what is loaded stays; `load_site` turns it on again
    with ThreadPoolExecutor(1) as pool:  # whose thread has ended before the server forks
        checked = pool.submit(_check, config)
        site = import_module(SERVER).load_site(arguments)
    try:
        checked.result()
    except (NoSnapshot, WrongFormat):  # gone meanwhile
        return False
    except SnapshotDamaged as error:
        _tell(error.message)
        return False
    click.echo(greeting, err=True)
    site.run()
    return True


def _is_there(config: Config) -> bool:
    """Whether there is a snapshot that this program can read; of a damaged one is told why not."""
    try:
        Snapshot.current(config.home).close()
    except (NoSnapshot, WrongFormat):
        return False
    except SnapshotDamaged as error:
        _tell(error.message)
        return False
    return True


def _check(config: Config) -> None:
    with Snapshot.current(config.home) as snapshot:
        check_bytes(snapshot.folder)


def _build(ctx: click.Context) -> None:
    build = cast(click.Group, ctx.find_root().command).get_command(ctx, "build")
    ctx.invoke(cast(click.Command, build))


def _fetch(config: Config, source: str) -> None:
    """Take what a storage offers; where that fails, what is here is served if it is whole.

    Raises:
        TransferFailed: nothing could be fetched, and nothing is here.
        SnapshotDamaged: what is here instead is not whole.
    """
    from kg.cli._progress import progress_bars
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
                trusted=config.trusted_key,
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
