"""`gyebo update` against a server on this machine: what changes, fails, breaks off or is renamed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kg.claims.claim_files import read_claims
from kg.claims.runs import read_runs, run_folders
from kg.cli.main import main
from kg.ingest.catalog.catalog_files import CatalogHead, encode_catalog
from kg.ingest.registry import find_sources
from kg.ingest.sources import awesome_korean_llm, ecosystem_graphs, epoch
from kg.model.claim import LABEL, Claim, Said
from kg.paths import DATA
from kg.snapshot.layout import Layout
from tests.conftest import Corner
from tests.ingest.test_epoch import COLUMNS
from tests.ingest.test_ingest import LIST
from tests.waiting import wait_until


def table(rows: int, head: tuple[str, ...] = COLUMNS, padding: str = "") -> bytes:
    """Epoch's table with so many models; the padding makes it as long as a download needs."""
    at = {name: COLUMNS.index(name) for name in ("Model", "Publication date", "Parameters notes")}
    lines = [",".join(head)]
    for number in range(rows):
        cells = [""] * len(COLUMNS)
        cells[at["Model"]], cells[at["Publication date"]] = f"Oak {number}", "2024-05-06"
        cells[at["Parameters notes"]] = padding
        lines.append(",".join(cells))
    return "\n".join(lines).encode()


class Shelf:
    """Files that a server gives, and what is wrong with it."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {"/list/README.md": LIST.encode(), "/all.csv": table(60)}
        self.asked: list[tuple[str, dict[str, str], int]] = []
        self.most: int | None = None  # bytes after which each connection breaks
        self.ranges = True
        self.url = ""

    def statuses(self, path: str) -> list[int]:
        return [status for asked, _, status in self.asked if asked.partition("?")[0] == path]


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    shelf = Shelf()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = shelf.files.get(self.path.partition("?")[0])
            tag = f'"{hash(body)}"'
            start = 0
            if body is None:
                status, body = 404, b""
            elif self.headers.get("If-None-Match") == tag:
                status, body = 304, b""
            elif shelf.ranges and self.headers.get("If-Range") == tag:
                status = 206
                start = int(self.headers["Range"].removeprefix("bytes=").rstrip("-"))
            else:
                status = 200
            shelf.asked.append((self.path, dict(self.headers), status))
            self.send_response(status)
            self.send_header("ETag", tag)
            self.send_header("Content-Length", str(len(body) - start))
            self.end_headers()
            self.wfile.write(body[start:][: shelf.most])
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    shelf.url = f"http://127.0.0.1:{server.server_port}"
    yield shelf
    server.shutdown()
    server.server_close()
    thread.join()


class Kept:
    """A home whose runs came from the shelf, and the data that is built with them."""

    def __init__(self, corner: Corner, shelf: Shelf) -> None:
        self.home, self.data, self.shelf = corner.config.home, corner.data, shelf
        shutil.copytree(DATA / "ingest", self.data / "ingest")
        (self.data / "licenses" / "terms").mkdir(parents=True)
        terms = [f"licenses/terms/{name}.yaml" for name in ("cc-by-4.0", "cc0-1.0")]
        for name in ("licenses.schema.json", "licenses/kinds.yaml", "licenses/edges.yaml", *terms):
            shutil.copy(DATA / name, self.data / name)

    def run(self, *args: str, code: int = 0) -> Result:
        done = CliRunner().invoke(main, ["--home", str(self.home), *args])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        assert done.exit_code == code, done.output
        return done

    def update(self, *args: str, code: int = 0) -> Result:
        return self.run("update", "--data", str(self.data), *args, code=code)

    def states(self, *args: str, code: int = 0) -> dict[str, str]:
        answer = json.loads(self.update("--json", *args, code=code).stdout)
        return {source["run"]: source["state"] for source in answer["sources"]}

    def ingest(self) -> None:
        self.run("ingest", "epoch", self.shelf.url + "/all.csv")
        self.run("ingest", "awesome-korean-llm", self.shelf.url + "/list/README.md")

    def claims(self, run: str = "epoch") -> bytes:
        return (Layout(self.home).runs / run / "claims.jsonl").read_bytes()

    def properties(self, run: str = "epoch") -> set[str]:
        return {c.property for c in read_claims(Layout(self.home).runs / run / "claims.jsonl")}


@pytest.fixture
def kept(corner: Corner, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Kept:
    """The sources that have an address have it on the shelf: no test asks the world."""
    for id, module in find_sources().items():
        if module.SOURCE.fetch:
            last = module.SOURCE.fetch.rpartition("/")[2]
            there = replace(module.SOURCE, fetch=f"{shelf.url}/home/{id}/{last}", query="")
            monkeypatch.setattr(module, "SOURCE", there)
    kept = Kept(corner, shelf)
    kept.ingest()
    return kept


RUNS = ("awesome-korean-llm", "epoch")


def test_what_changed_is_read_and_built(kept: Kept, shelf: Shelf) -> None:
    before = kept.claims(), kept.claims("awesome-korean-llm")
    shelf.files["/all.csv"] = table(61)
    done = kept.update(*RUNS)
    assert "snapshot 0001" in done.stdout and done.stderr.count("…") > 3
    assert kept.claims() != before[0] and b"oak-60" in kept.claims()
    assert kept.claims("awesome-korean-llm") == before[1]


def test_nothing_changed_so_nothing_is_built(kept: Kept, shelf: Shelf) -> None:
    kept.update(*RUNS)
    first = Layout(kept.home).current_folder()
    runs = {path: path.stat().st_mtime_ns for path in Layout(kept.home).runs.rglob("*.jsonl")}
    done = kept.update(*RUNS)
    assert "is up to date" in done.stdout and Layout(kept.home).current_folder() == first
    assert runs == {p: p.stat().st_mtime_ns for p in Layout(kept.home).runs.rglob("*.jsonl")}
    assert shelf.statuses("/all.csv") == [200, 304, 304]
    assert {run.checked for run in read_runs(Layout(kept.home).runs)} != {""}
    assert kept.states(*RUNS) == dict.fromkeys(RUNS, "unchanged")


def test_the_build_goes_to_the_cluster_that_the_settings_name(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed", reason="the extra “cluster” is not installed")
    monkeypatch.setenv("GYEBO_SCHEDULER", "tcp://127.0.0.1:9")  # where nobody listens
    assert "no scheduler answers at tcp://127.0.0.1:9" in kept.update(*RUNS, code=1).stderr


def test_one_that_fails_keeps_its_run_and_stops_no_other(kept: Kept, shelf: Shelf) -> None:
    before = kept.claims()
    del shelf.files["/all.csv"]
    done = kept.update(*RUNS, code=3)
    [line] = [x for x in done.stderr.splitlines() if "failed" in x]
    assert line.startswith("epoch failed: ") and "404" in line and "stays" in line
    assert "snapshot 0001" in done.stdout and kept.claims() == before
    assert "실패" in kept.update(*RUNS, "--lang", "ko", code=3).stderr


def test_where_all_fail_nothing_is_built(kept: Kept, shelf: Shelf) -> None:
    shelf.files.clear()
    done = kept.update(*RUNS, code=1)
    assert done.stderr.count(" failed: ") == 2 and not Layout(kept.home).current.exists()


@pytest.mark.parametrize("ranges", [True, False])
def test_half_a_download(kept: Kept, shelf: Shelf, ranges: bool) -> None:
    """It is no run; later it goes on where it broke off, or begins again if the server knows no ranges."""
    before = kept.claims()
    shelf.files["/all.csv"] = table(400, padding="x" * 2_000)
    shelf.most, shelf.ranges = 500_000 if ranges else 200_000, ranges
    if ranges:  # each attempt gets further, so one update is enough
        assert kept.states("epoch", "--no-build") == {"epoch": "read"}
        assert shelf.statuses("/all.csv") == [200, 200, 206]
    else:
        assert kept.states("epoch", "--no-build", code=1) == {"epoch": "failed"}
        assert kept.claims() == before
        shelf.most = None
        assert kept.states("epoch", "--no-build") == {"epoch": "read"}
    assert b"oak-399" in kept.claims()


@pytest.mark.parametrize(
    ("renamed", "says"),
    [("Model", "stays"), ("Publication date", "nothing of releaseDate any more")],
)
def test_a_renamed_field(kept: Kept, shelf: Shelf, renamed: str, says: str) -> None:
    """What says nothing, or nothing of what it said, does not replace a good run."""
    before = kept.claims()
    head = tuple("Renamed" if name == renamed else name for name in COLUMNS)
    shelf.files["/all.csv"] = table(60, head)
    done = kept.update("epoch", "--no-build", code=1)
    assert says in done.stderr and done.stderr.count("\n") == 1
    assert kept.claims() == before and [*Layout(kept.home).runs.glob(".*.part")] == []


def test_a_run_that_lost_half_is_taken_by_hand_only(kept: Kept, shelf: Shelf) -> None:
    before = kept.claims()
    shelf.files["/all.csv"] = table(20)
    done = kept.update("epoch", "--no-build", code=1)
    assert "`gyebo ingest` takes it all the same" in done.stderr and kept.claims() == before
    kept.ingest()
    assert b"oak-19" in kept.claims() and b"oak-20" not in kept.claims()


def test_a_source_that_trips_its_own_reader(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    def trip(records: object, kit: object) -> Iterator[Any]:
        raise KeyError("https://me:s3cret@x.example/a?token=t0ken")

    monkeypatch.setattr(epoch, "claims", trip)
    done = kept.update(*RUNS, "--no-build", code=3)
    assert "epoch failed: KeyError: 'https://x.example/a" in done.stderr
    assert "s3cret" not in done.output and "t0ken" not in done.output


def test_what_is_read_without_being_named(kept: Kept, shelf: Shelf) -> None:
    """What was ingested, and what has a license; the rest says why it is not."""
    states = kept.states("--no-build", code=3)
    licensed = {id for id, m in find_sources().items() if m.SOURCE.fetch and m.SOURCE.license}
    failing = dict.fromkeys(licensed - {*RUNS}, "failed")  # there is nothing at their addresses
    left = {"ecosystem-graphs": "left-out"}
    assert states == failing | left | dict.fromkeys(RUNS, "unchanged")
    told = kept.update("--list").stdout
    assert "names no license" in told and "gyebo update ecosystem-graphs" in told
    assert "hub" not in states
    kept.update("ecosystem-graphs", "--no-build", code=1)
    assert shelf.statuses("/home/ecosystem-graphs/main.tar.gz") == [404]
    assert ecosystem_graphs.SOURCE.license == "" and awesome_korean_llm.SOURCE.license


def test_a_source_that_was_never_read_is_fetched_from_its_home(kept: Kept, shelf: Shelf) -> None:
    kept.run("runs", "--remove", "awesome-korean-llm")
    shelf.files["/home/awesome-korean-llm/README.md"] = LIST.encode()
    assert kept.states("awesome-korean-llm", "--no-build") == {"awesome-korean-llm": "read"}
    assert b"kox" in kept.claims("awesome-korean-llm")


def test_what_comes_with_the_program_is_not_replaced_by_much_less(kept: Kept, shelf: Shelf) -> None:
    """The catalog stands for a run that there is not yet, also where an update asks what was said before."""
    head = CatalogHead(
        source="source/awesome-korean-llm",
        origin="a test",
        retrieved="2026-01-02",
        records=200,
        kept={"model": 200},
        left_out={},
        issues={},
    )
    ids = [f"model/awesome-korean-llm/m{number}" for number in range(200)]
    said = [Claim(id, LABEL, Said(value=id, source=head.source, lang="en")) for id in ids]
    (kept.data / "catalog").mkdir()
    shipped = kept.data / "catalog" / "awesome-korean-llm.jsonl"
    shipped.write_bytes(encode_catalog(head, said, []))
    kept.run("runs", "--remove", "awesome-korean-llm")
    shelf.files["/home/awesome-korean-llm/README.md"] = LIST.encode()
    assert "comes with Gyebo, as of 2026-01-02" in kept.update("--list").stdout
    done = kept.update("awesome-korean-llm", "--no-build", code=1)
    assert "and said 200 before" in done.stderr and "what comes with Gyebo stays" in done.stderr
    assert not (Layout(kept.home).runs / "awesome-korean-llm").exists()
    shipped.write_bytes(encode_catalog(head, said[:20], []))
    assert kept.states("awesome-korean-llm", "--no-build") == {"awesome-korean-llm": "read"}


def test_the_license_is_told(kept: Kept, shelf: Shelf) -> None:
    told = kept.update(*RUNS, "--no-build").stdout
    assert "epoch: data under CC BY 4.0. Keep the copyright notices and name the author." in told
    korean = kept.update("epoch", "--no-build", "--lang", "ko").stdout
    assert "저작자를 밝혀야 합니다." in korean and "data" not in korean
    [source] = json.loads(kept.update("epoch", "--list", "--json").stdout)["sources"]
    assert source["license"] == "license/cc-by-4.0" and source["bytes"] == len(table(60))


def test_the_list_asks_nobody(kept: Kept, shelf: Shelf) -> None:
    asked = len(shelf.asked)
    listed = kept.update("--list").stdout
    assert len(shelf.asked) == asked
    assert "epoch  read 20" in listed and "wikidata  never read" in listed


def test_runs_of_paths_are_read_again_while_the_path_is_there(kept: Kept, tmp_path: Path) -> None:
    path = tmp_path / "here.csv"
    path.write_bytes(table(5))
    kept.run("ingest", "epoch", str(path), "--name", "mine", "--retrieved", "2024-01-02")
    path.write_bytes(table(6))
    assert kept.states("mine", "--no-build") == {"mine": "read"}
    [run] = [run for run in read_runs(Layout(kept.home).runs) if run.name == "mine"]
    assert (run.retrieved, b"oak-5" in kept.claims("mine")) == ("2024-01-02", True)
    path.unlink()
    left = kept.update("mine", "--no-build").stdout
    assert f"mine is left out: there is no file or folder {path}" in left
    assert b"oak-5" in kept.claims("mine")


def test_secrets_of_addresses_are_neither_kept_nor_told(kept: Kept, shelf: Shelf) -> None:
    address = shelf.url.replace("://", "://me:s3cret@") + "/all.csv?token=t0ken"
    kept.run("ingest", "epoch", address)
    done = kept.update("epoch", "--no-build")
    assert "which are not kept" in done.stdout
    listed = kept.update("epoch", "--list").output + kept.update("epoch", "--json").output
    stored = b"".join(p.read_bytes() for p in Layout(kept.home).runs.rglob("*") if p.is_file())
    for secret in ("s3cret", "t0ken"):
        assert secret not in done.output + listed and secret.encode() not in stored


@pytest.mark.parametrize(("name", "says"), [("nosuch", "known: "), ("card", "needs a path")])
def test_names_that_cannot_be(kept: Kept, name: str, says: str) -> None:
    assert says in kept.update(name, code=2).stderr


def test_a_run_of_an_older_version_says_in_words_where_it_came_from(kept: Kept) -> None:
    described = Layout(kept.home).runs / "epoch" / "run.json"
    about = json.loads(described.read_text())
    del about["origin"], about["checked"]
    described.write_text(json.dumps(about))
    assert kept.states("epoch", "--no-build") == {"epoch": "unchanged"}


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_stopped_update_loses_nothing(kept: Kept, shelf: Shelf, how: signal.Signals) -> None:
    """In the middle of a download: the run is whole, and the next update goes on."""
    before = kept.claims()
    gate = threading.Event()

    class Slow(bytes):
        def __getitem__(self, part: Any) -> Any:  # what is sent waits until the update is stopped
            gate.wait(60)
            return bytes(self)[part]

    shelf.files["/all.csv"] = Slow(table(61))
    process = subprocess.Popen(
        [sys.executable, "-m", "kg.cli", "--home", kept.home, "update", "epoch", "--no-build"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        text=True,
    )
    wait_until(lambda: len(shelf.statuses("/all.csv")) >= 2)
    time.sleep(0.2)  # the update waits for what is sent
    process.send_signal(how)
    told, _ = process.communicate(timeout=60)
    gate.set()
    assert process.returncode != 0 and "Traceback" not in told
    assert kept.claims() == before
    shelf.files["/all.csv"] = table(61)
    assert kept.states("epoch", "--no-build") == {"epoch": "read"}
    assert b"oak-60" in kept.claims()


def test_a_run_that_was_moved_aside_is_found(kept: Kept) -> None:
    """The program was killed after the old run was moved away and before the new one took its place."""
    folder = Layout(kept.home).runs / "epoch"
    before = kept.claims()
    folder.rename(folder.with_name(".epoch.old"))
    (folder.with_name(".epoch.part")).mkdir()
    assert [path.name for path in run_folders(folder.parent)] == [
        "awesome-korean-llm",
        ".epoch.old",
    ]
    assert "epoch  20" in kept.run("runs").stdout
    assert kept.states("epoch", "--no-build") == {"epoch": "unchanged"}
    assert kept.claims() == before
    assert [p for p in folder.parent.glob(".epoch.*") if p.is_dir()] == []
