"""`gyebo publish`: a release handed on."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.cli.main import main
from kg.snapshot.snapshot import Snapshot
from kg.sparql.elsewhere.endpoint import read_endpoint
from kg.sparql.elsewhere.pool import held_version
from tests.sparql.elsewhere.servers import oxigraph


def publish(home: Path, *arguments: str, **environ: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), "publish", *arguments], env=environ)


def test_a_server_is_loaded_and_its_address_told(snapshot_home: Path, snapshot: Snapshot) -> None:
    version, base = snapshot.manifest.version, snapshot.manifest.base
    with oxigraph() as address:
        done = publish(snapshot_home, "--sparql", address)
        assert done.exit_code == 0, done.output
        assert f"Oxigraph holds release {version}" in done.stdout
        url = done.stdout.strip().rpartition("GYEBO_SPARQL_URL=")[2]
        assert url == f"{address}/query" and held_version(read_endpoint(url), base) == version
        secret = address.replace("http://", "http://me:secret@")
        again = publish(snapshot_home, "--json", "--lang", "ko", GYEBO_PUBLISH_SPARQL=secret)
        assert again.exit_code == 0 and "secret" not in again.output
        told = json.loads(again.stdout)
        assert told["sparql_url"] == url and told["quads"] == snapshot.manifest.counts["quads"]


def test_a_file_for_loaders(snapshot_home: Path, snapshot: Snapshot, tmp_path: Path) -> None:
    done = publish(snapshot_home, "--bulk", str(tmp_path / "a.nq.gz"))
    assert done.exit_code == 0, done.output
    lines = gzip.decompress((tmp_path / "a.nq.gz").read_bytes()).splitlines()
    assert len(lines) == snapshot.manifest.counts["quads"] + 1
    assert snapshot.manifest.version.encode() in lines[-1]


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        (2, ()),
        (2, ("--sparql", "http://127.0.0.1:9", "--bulk", "a.nq")),
        (2, ("--sparql", "ftp://127.0.0.1")),
        (2, ("--bulk", "none/a.nq")),
        (1, ("--sparql", "http://me:secret@127.0.0.1:9")),
    ],
)
def test_what_cannot_be_done_is_one_line(
    snapshot_home: Path, code: int, arguments: tuple[str, ...]
) -> None:
    done = publish(snapshot_home, *arguments)
    last = done.stderr.strip().splitlines()[-1]
    assert done.exit_code == code and last.startswith("gyebo: ") and "secret" not in done.output
