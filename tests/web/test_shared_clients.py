"""The repros of ../shared/cases/clients that are of HTTP, SPARQL and exports, run as they stand there.

That folder is for development only; without it these are skipped, and the rules they show are tested in
tests/web/app, tests/sparql and tests/export all the same.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.web.server.test_serve import served

CASES = Path(__file__).parents[3] / "shared" / "cases" / "clients"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason=f"{CASES} is not here")


def _types(*wanted: str) -> Callable[[str], bool]:
    """Whether the lines end in these types."""
    return lambda text: [line.rpartition("-> ")[2] for line in text.splitlines()] == [*wanted]


SRJ, TTL = "application/sparql-results+json", "text/turtle; charset=utf-8"
WANTED: Mapping[str, Callable[[str], bool]] = {
    "02": lambda text: "MISSING" not in text and text.count("Access-Control-Allow-Origin: *") == 16,
    "03": _types("application/ld+json", TTL, "application/rdf+xml; charset=utf-8"),
    "04": lambda text: "MOJIBAKE" not in text and text.count(" ok") == 3,
    "09": lambda text: "application/gzip" in text and int(text.split()[-1]) > 1000,
    "10": _types(SRJ, SRJ, "text/html; charset=utf-8"),  # no table is in Turtle: the page, then
    "11": lambda text: text == "application/n-quads",
    "12": lambda text: (
        [line.split()[-1] for line in text.splitlines()]
        == ["200", "200", "406", "200", "406", "200"]
    ),
    "13": _types(
        "200 application/n-triples", f"200 {TTL}", f"200 {TTL}", "200 application/n-quads"
    ),
    "19": lambda text: (
        int(text.split("isolated ")[1].split()[0]) < 0.05 * int(text.split()[0]) and "hubId" in text
    ),
    "20": lambda text: 'name=""' not in text and "<graph" in text,
    "21": lambda text: text.count('"head"') == 3 and "detail" not in text,
    "22": lambda text: bool(re.search("allow-headers:.*x-requested-with", text, re.IGNORECASE)),
    "25": lambda text: (
        text.count("308") == 3 and "text/csv" in text and "vnd.apache.parquet" in text
    ),
}


@pytest.fixture(scope="module")
def url(snapshot_home: Path) -> Iterator[str]:
    with served(snapshot_home) as url:
        yield url


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory, snapshot_home: Path) -> str:
    """Where the repros find python3 and gyebo."""
    folder = tmp_path_factory.mktemp("bin")
    for name, command in {
        "python3": f'exec {sys.executable} "$@"',
        "gyebo": f'exec {sys.executable} -m kg.cli --home {snapshot_home} "$@"',
    }.items():
        (folder / name).write_text(f"#!/bin/sh\n{command}\n")
        (folder / name).chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


@pytest.mark.parametrize("number", WANTED)
def test_shared_case(url: str, path: str, tmp_path: Path, number: str) -> None:
    (case,) = CASES.glob(f"{number}-*")
    root = Path(__file__).parents[2]
    environ = os.environ | {"BASE": url, "PATH": path, "PYTHONPATH": str(root)}
    done = subprocess.run(
        ["bash", str(case / "run.sh")],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert WANTED[number](done.stdout.strip()), done.stdout + done.stderr


def test_15_a_table_for_excel(url: str) -> None:
    """The repro asks without the choice, and so shows none; this one makes it."""
    for address in ("/family/llama/lineage.csv?bom=1", "/trends/parameters.csv?bom=1"):
        done = subprocess.run(["curl", "-s", url + address], capture_output=True, check=True)
        assert done.stdout.startswith(b"\xef\xbb\xbf")
