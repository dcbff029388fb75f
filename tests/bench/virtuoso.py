"""Virtuoso with some triples, where it is installed (Debian: virtuoso-opensource)."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.bench.measure import NotInstalled
from tests.bench.servers import Server, serving
from tests.waiting import free_port

_SETTINGS = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = {sql}
DirsAllowed = {folder}, {data}
NumberOfBuffers = 85000
MaxDirtyBuffers = 65000
[HTTPServer]
ServerPort = {http}
ServerThreads = 10
[SPARQL]
DefaultGraph = urn:gyebo
ResultSetMaxRows = 1000000
"""
_LOAD = "DB.DBA.TTLP_MT (file_to_string_output ('{path}'), '', 'urn:gyebo', 255); checkpoint;"


class Virtuoso(NamedTuple):
    """A Virtuoso that runs, empty."""

    server: Server
    client: str  # its client of SQL
    sql: int  # the port for that

    def run(self, statement: str) -> None:
        """Let it run SQL.

        Raises:
            RuntimeError: it did not.
        """
        done = subprocess.run(
            [self.client, f"127.0.0.1:{self.sql}", "dba", "dba", f"exec={statement}"],
            capture_output=True,
            text=True,
            timeout=900,
        )
        if done.returncode or "Error" in done.stderr + done.stdout:
            raise RuntimeError(f"Virtuoso did not: {done.stderr or done.stdout}")


@contextlib.contextmanager
def started(folder: Path, data: Path) -> Iterator[Virtuoso]:
    """An empty Virtuoso.

    Args:
        folder: an empty one, for its database.
        data: a folder from which it may load files.

    Raises:
        NotInstalled: it is not there.
        RuntimeError: it did not start.
    """
    program, client = shutil.which("virtuoso-t"), shutil.which("isql-vt") or shutil.which("isql-v")
    if not program or not client:
        raise NotInstalled("Virtuoso is not installed (Debian: virtuoso-opensource)")
    sql = free_port()
    # serving puts the port of HTTP into the command; Virtuoso wants it in a file, which a shell writes
    settings = folder / "virtuoso.ini"
    text = _SETTINGS.format(folder=folder, data=data, sql=sql, http="HTTP_PORT")
    (folder / "settings").write_text(text)
    script = (
        f"sed s/HTTP_PORT/{{port}}/ {folder}/settings > {settings} && "
        f"exec {program} +foreground +configfile {settings}"
    )
    with serving(["sh", "-c", script], "/sparql?query=ASK%7B%7D") as server:
        yield Virtuoso(server, client, sql)


@contextlib.contextmanager
def running(triples: Path, folder: Path) -> Iterator[Server]:
    """A Virtuoso that holds the triples.

    Args:
        triples: as N-Triples.
        folder: an empty one, for its database.

    Raises:
        NotInstalled: it is not there.
        RuntimeError: it did not start, or did not load them.
    """
    with started(folder, triples.parent) as virtuoso:
        virtuoso.run(_LOAD.format(path=triples))
        yield virtuoso.server
