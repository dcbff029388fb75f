"""The build appears whole or not at all, gives the same bytes, and one runs at a time."""

from __future__ import annotations

import fcntl
import gc
import json
import os
import subprocess
import sys
import threading
from hashlib import sha256
from pathlib import Path
from unittest.mock import patch

import msgspec
import pytest
from click.testing import CliRunner

from kg.build.build import build, check
from kg.claims.claim_files import encode
from kg.claims.runs import Run, RunOrigin
from kg.cli.main import main
from kg.config import load_config
from kg.errors import BuildError, CheckFailed, DataError, NoSnapshot, SnapshotError, WrongFormat
from kg.model.claim import Claim, Said
from kg.snapshot.layout import HELD, Layout, build_lock, read_manifest
from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner
from tests.released import released

GOLDEN = Path(__file__).parents[1] / "golden"


def release(folder: Path) -> dict[str, bytes]:
    path = folder / "release"
    return {str(p.relative_to(path)): p.read_bytes() for p in path.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(load_config(home=tmp_path_factory.mktemp("golden")), GOLDEN / "data").folder


@pytest.mark.parametrize("name", ["graph.nq", "entities.jsonl", "issues.jsonl", "redirects.json"])
def test_golden_release(golden: Path, name: str, request: pytest.FixtureRequest) -> None:
    built = released(golden, name)
    expected = GOLDEN / "release" / name
    if request.config.getoption("--update-golden"):
        expected.parent.mkdir(exist_ok=True)
        expected.write_text(built, encoding="utf-8")
    assert built == expected.read_text(encoding="utf-8")


def test_same_input_same_bytes(golden: Path, tmp_path: Path) -> None:
    again = build(load_config(home=tmp_path), GOLDEN / "data").folder
    assert release(again) == release(golden)
    assert (again / "manifest.json").read_bytes() == (golden / "manifest.json").read_bytes()


@pytest.mark.slow
def test_same_input_same_bytes_in_another_process(
    snapshot_home: Path, data_folder: Path, tmp_path: Path
) -> None:
    """A process of its own has its own hash seed, and so other orders of sets; the real data has many."""
    subprocess.run(
        [sys.executable, "-m", "kg.cli", "--home", tmp_path, "build", "--data", data_folder],
        env=os.environ | {"PYTHONHASHSEED": "1"},
        capture_output=True,
        check=True,
    )
    here, there = Layout(snapshot_home).current_folder(), Layout(tmp_path).current_folder()
    assert release(there) == release(here)
    assert len(release(here)["terms.json"]) > 100_000
    for name in ("search/about.json", "search/words.json"):  # tantivy names its files by chance
        assert (there / name).read_bytes() == (here / name).read_bytes()


def test_the_manifest_sums_up_every_file(golden: Path) -> None:
    files = read_manifest(golden).files
    held = {name: released(golden, name).encode() for name in HELD}
    assert {n: sha256(b).hexdigest() for n, b in (release(golden) | held).items()} == {
        name: file.sha256 for name, file in files.items()
    }


def test_nothing_changed_nothing_built(corner: Corner) -> None:
    first = corner.build()
    assert not build(corner.config, corner.data).seconds
    corner.write("model/a: {label: {en: A}}")
    assert build(corner.config, corner.data).folder != first.folder


def test_bad_data_leaves_the_old_snapshot(corner: Corner) -> None:
    before = corner.build().folder
    corner.write("model/a: {label: {en: A}, claims: {license: [{value: 7, from: gyebo}]}}")
    with pytest.raises(DataError):
        build(corner.config, corner.data)
    assert Layout(corner.config.home).current_folder() == before
    assert [p.name for p in before.parent.iterdir()] == [before.name]


def run(corner: Corner, *claims: Claim) -> None:
    """Store a claim run, as an ingest of the source itself does."""
    folder = corner.config.home / "runs" / "hub"
    folder.mkdir(parents=True, exist_ok=True)
    told = Run(
        name="hub",
        source="source/hub",
        where="",
        retrieved="2026-11-29",
        counts={},
        issues={},
        origin=RunOrigin(),
    )
    (folder / "run.json").write_bytes(msgspec.json.encode(told))
    about = Claim("source/hub", "sourceType", Said(value="hub-card", source="source/hub"))
    (folder / "sources.jsonl").write_bytes(
        encode(about)
        + encode(Claim("source/hub", "label", Said(value="Hub", source="source/hub", lang="en")))
    )
    (folder / "claims.jsonl").write_bytes(b"".join(map(encode, claims)))


def named(id: str) -> Claim:
    return Claim(id, "label", Said(value=id, source="source/hub", lang="en"))


def test_bulk_data_meets_the_same_rules(corner: Corner) -> None:
    run(
        corner,
        named("model/hf/a"),
        Claim("model/hf/a", "parameterCount", Said(value="7B", source="source/hub")),
        Claim(
            "model/hf/a",
            "samplingProportion",
            Said(value=1.5, source="source/hub", locator="field x"),
        ),
    )
    with pytest.raises(CheckFailed) as caught:
        build(corner.config, corner.data)
    assert "'7B' is not a whole number" in str(caught.value)
    assert "samplingProportion is not for model (field x)" in str(caught.value)
    with pytest.raises(CheckFailed):
        check(corner.config, corner.data)
    with pytest.raises(NoSnapshot):
        Snapshot.current(corner.config.home)


def test_cycles_and_dangling_parents_are_warnings(corner: Corner) -> None:
    run(
        corner,
        named("model/hf/a"),
        named("model/hf/b"),
        Claim("model/hf/a", "fineTunedFrom", Said(value="model/hf/b", source="source/hub")),
        Claim("model/hf/b", "fineTunedFrom", Said(value="model/hf/a", source="source/hub")),
        Claim("model/hf/b", "adapterOf", Said(value="model/hf/gone", source="source/hub")),
    )
    snapshot = corner.build()
    lines = (snapshot.folder / "release" / "issues.jsonl").read_bytes().splitlines()
    found = {(i["rule"], i["subject"]) for i in map(json.loads, lines)}
    assert {
        ("cycle", "model/hf/a"),
        ("cycle", "model/hf/b"),
        ("dangling", "model/hf/gone"),
    } <= found
    assert all(json.loads(line)["severity"] == "warning" for line in lines)


def test_a_bulk_claim_stands_in_its_graph_only_beside_another(corner: Corner) -> None:
    corner.write(
        "model/a:\n  label: {en: A}\n  claims:\n    hubId: [{value: o/a, from: gyebo}]\n"
        "    parameterCount: [{value: 7, from: gyebo}]"
    )
    run(
        corner,
        named("model/hf/o/a"),
        Claim("model/hf/o/a", "parameterCount", Said(value=8, source="source/hub")),
        Claim("model/hf/o/a", "contextLength", Said(value=512, source="source/hub")),
    )
    quads = released(corner.build().folder, "graph.nq")
    in_graph = [
        q
        for q in quads.splitlines()
        if q.endswith("<http://127.0.0.1:8000/source/hub> .")
        and q.count("<") >= 3
        and "dc/terms/source" not in q
    ]
    assert any("parameterCount" in q for q in in_graph)
    assert not any("contextLength" in q for q in in_graph)


def test_a_license_that_nothing_describes_stops_no_build(corner: Corner) -> None:
    """A card may name any, such as an expression; a curated one must be described."""
    license = "license/MIT%20OR%20Apache-2.0"
    run(
        corner,
        named("model/hf/o/a"),
        Claim("model/hf/o/a", "license", Said(value=license, source="source/hub")),
    )
    assert corner.build().entity("model/hf/o/a").values("license") == (license,)
    corner.write(
        "model/b: {label: {en: B}, claims: {license: [{value: license/none, from: gyebo}]}}"
    )
    with pytest.raises((CheckFailed, DataError)):
        corner.build()


def test_a_second_build_fails_or_waits(corner: Corner) -> None:
    lock = corner.config.home / "build.lock"
    with build_lock(lock), pytest.raises(BuildError, match=f"process {os.getpid()} is building"):
        build(corner.config, corner.data, wait=False)
    done = threading.Event()

    def wait() -> None:
        build(corner.config, corner.data)
        done.set()

    with build_lock(lock):
        thread = threading.Thread(target=wait)
        thread.start()
        assert not done.wait(0.3)
    thread.join(60)
    assert done.is_set()


def test_two_snapshots_stay_and_none_that_is_read(corner: Corner) -> None:
    first = corner.build().folder
    for _ in range(3):
        build(corner.config, corner.data, force=True)
    kept = sorted(p.name for p in first.parent.iterdir())
    assert kept == ["0001", "0003", "0004"]  # the first is still open
    corner.opened.pop().close()
    build(corner.config, corner.data, force=True)
    assert sorted(p.name for p in first.parent.iterdir()) == ["0004", "0005"]


def test_the_manifest_is_written_last(corner: Corner, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build killed before its end leaves no manifest, and so no snapshot."""

    def killed(*arguments: object) -> None:
        folders = list(Layout(corner.config.home).snapshots.iterdir())
        assert [p for p in folders if (p / "manifest.json").exists()] == []
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.modules[build.__module__], "build_index", killed)
    with pytest.raises(KeyboardInterrupt):
        corner.build()
    assert not list(Layout(corner.config.home).snapshots.iterdir())


def test_what_a_killed_build_left_is_collected(corner: Corner) -> None:
    left = Layout(corner.config.home).new_folder()
    (left / "litter").mkdir()
    corner.build()
    assert not (left / "litter").exists()


def test_another_format_is_refused_and_rebuilt(corner: Corner) -> None:
    folder = corner.build().folder
    manifest = msgspec.json.decode((folder / "manifest.json").read_bytes())
    (folder / "manifest.json").write_bytes(msgspec.json.encode(manifest | {"format": 99}))
    with pytest.raises(WrongFormat, match="run `gyebo build`"):
        Snapshot.current(corner.config.home)
    assert build(corner.config, corner.data).seconds
    Snapshot.current(corner.config.home).close()


def rebuilt_by(corner: Corner, arguments: list[str]) -> tuple[int, str]:
    """What a command says, with its exit code; the server itself is not started."""
    with patch("os.execve"):
        done = CliRunner().invoke(main, ["--home", str(corner.config.home), *arguments])
    return done.exit_code, done.output


OTHERS = [{"gyebo": "0.0.1"}, {"format": 3, "gyebo": "0.1.0"}]


def written_by_another(corner: Corner, change: dict[str, object]) -> dict[str, object]:
    """A snapshot of another version of the program; its manifest."""
    folder = corner.build().folder
    manifest: dict[str, object] = msgspec.json.decode((folder / "manifest.json").read_bytes())
    manifest |= change
    (folder / "manifest.json").write_bytes(msgspec.json.encode(manifest))
    return manifest


@pytest.mark.parametrize("change", OTHERS)
def test_a_snapshot_of_another_version(corner: Corner, change: dict[str, object]) -> None:
    """A build makes it anew; every other command says so in one line."""
    manifest = written_by_another(corner, change)
    for command in (["show", "model/a"], ["search", "a"], ["license", "model/a"], ["changes"]):
        code, said = rebuilt_by(corner, command)
        assert (code, said.count("\n")) == (1, 1)
        assert f"made by gyebo {manifest['gyebo']} (format {manifest['format']})" in said
        assert "run `gyebo build`" in said
    assert rebuilt_by(corner, ["build", "--data", str(corner.data)])[0] == 0
    Snapshot.current(corner.config.home).close()


@pytest.mark.parametrize("change", OTHERS)
def test_serve_builds_what_another_version_wrote(
    corner: Corner, change: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.cli.commands.build.DATA", corner.data)  # the whole takes a minute
    written_by_another(corner, change)
    assert rebuilt_by(corner, ["serve"])[0] == 0
    Snapshot.current(corner.config.home).close()


def test_serve_builds_anew_what_is_damaged(corner: Corner, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its bytes are read while the site is loaded, and before anything is served."""
    monkeypatch.setattr("kg.cli.commands.build.DATA", corner.data)
    monkeypatch.setattr(sys, "argv", sys.argv)
    file = corner.build().folder / "release" / "terms.json"
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b"{", b"[", 1))
    with patch.dict(os.environ):
        code, said = rebuilt_by(corner, ["serve"])
    gc.unfreeze()
    assert code == 0 and "terms.json is damaged" in said and "Gyebo is on" in said
    with Snapshot.current(corner.config.home) as snapshot:
        assert (snapshot.folder / "release" / "terms.json").read_bytes() == whole


def test_a_snapshot_holds_no_pickle_of_ours(golden: Path) -> None:
    """An index that names a class of ours could not be opened once that class is moved."""
    ours = [name.encode() for name in sys.modules if name.startswith(("kg.", "web."))]
    caches = [p for p in golden.rglob("*") if p.is_file() and p.suffix not in (".json", ".jsonl")]
    pickled = [p for p in caches if p.parent.name == "search"]
    assert any(p.suffix == ".toc" for p in pickled)
    assert not [(p.name, name) for p in pickled for name in ours if name in p.read_bytes()]


def test_a_damaged_manifest_is_named(corner: Corner) -> None:
    folder = corner.build().folder
    (folder / "manifest.json").write_text("{")
    with pytest.raises(SnapshotError, match="is not a snapshot"):
        Snapshot.current(corner.config.home)


_FULL = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
from kg.cli.main import main
sys.argv = ["gyebo", "--home", sys.argv[2], "build", "--force", "--data", sys.argv[3]]
main()
"""


@pytest.mark.parametrize(
    "room",
    [
        12_000,
        pytest.param(2_000, marks=pytest.mark.slow),
        pytest.param(60_000, marks=pytest.mark.slow),
    ],
)
def test_no_space_leaves_current_as_it_was(corner: Corner, room: int) -> None:
    """Files cannot grow past a limit: what a full disk does, at several stages of a build."""
    before = corner.build().folder
    arguments = [str(room), str(corner.config.home), str(GOLDEN / "data")]
    done = subprocess.run([sys.executable, "-c", _FULL, *arguments], capture_output=True, text=True)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "nothing was published" in done.stderr
    assert Layout(corner.config.home).current_folder() == before


def test_a_reader_keeps_its_lease(corner: Corner) -> None:
    snapshot = corner.build()
    with (snapshot.folder / "lease").open("r+b") as lease, pytest.raises(BlockingIOError):
        fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
