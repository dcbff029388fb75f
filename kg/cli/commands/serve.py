"""`gyebo serve`: the site, after a build if it needs one."""

from __future__ import annotations

import os
import sys
from typing import cast

import click

from kg.config import Config
from kg.errors import NoSnapshot, SnapshotDamaged, WrongFormat
from kg.messages.message import environment_language
from kg.snapshot.seal import check_bytes
from kg.snapshot.snapshot import Snapshot


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", type=click.IntRange(1), help="Server processes.")
@click.pass_context
def serve(ctx: click.Context, host: str, port: int, workers: int | None) -> None:
    """Serve the site; build first if there is no snapshot that this program can read and that is whole."""
    config: Config = ctx.obj
    try:
        with Snapshot.current(config.home) as snapshot:
            check_bytes(snapshot.folder)
    except (NoSnapshot, WrongFormat, SnapshotDamaged) as error:
        if isinstance(error, SnapshotDamaged):
            click.echo(f"gyebo: {error.message.text(environment_language())}", err=True)
        build = cast(click.Group, ctx.find_root().command).get_command(ctx, "build")
        ctx.invoke(cast(click.Command, build))
    environ = {"OPENBLAS_NUM_THREADS": "1"}  # NumPy's own threads; nothing here gains by them
    environ |= os.environ | {"GYEBO_HOME": str(config.home), "GYEBO_BASE": config.base}
    threads = config.sparql_workers + config.sparql_queue + 4  # waiting queries leave some free
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        "python:web.site.startup",
        "--bind",
        f"{host}:{port}",
        "--workers",
        str(workers or config.workers),
        "--threads",
        str(threads),
        "--worker-class",
        "web.app.server.Worker",
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
