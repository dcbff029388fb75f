"""The runner: what it writes, what becomes of a bench that cannot run or fails, and when a target is met."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench import hub_rows, nodes, pages, serving
from tests.bench.__main__ import BENCHES, main, run
from tests.bench.ground import Ground
from tests.bench.measure import NotInstalled, staged
from tests.bench.report import COULD_NOT_RUN, FAILED, Measured, Row, table
from tests.bench.targets import TARGETS, Target, verdicts


def test_some_benches_and_what_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "bench.json"
    assert (
        main(
            [
                "--size",
                "300",
                "--only",
                "ingest,arrays",
                "--folder",
                str(tmp_path / "kept"),
                "--out",
                str(out),
            ]
        )
        == 0
    )
    said = json.loads(out.read_text())
    assert set(said) == {"machine", "versions", "size", "rows", "targets"}
    assert said["size"] == 300 and said["machine"]["cores"] and said["versions"]["pyoxigraph"]
    assert {"oxigraph", "rdflib-endpoint", "sqlite", "virtuoso", "wrk"} <= set(said["versions"])
    assert {row["bench"] for row in said["rows"]} == {"ingest", "arrays"}
    assert all(
        set(row) == {"bench", "name", "value", "unit", "size", "note"} for row in said["rows"]
    )
    assert len(said["targets"]) == len(TARGETS)
    for target in said["targets"]:
        assert {"name", "value", "target", "ok", "decided"} <= set(target)
        assert target["ok"] or target["why"], target
    assert "rows a second of CPU" in capsys.readouterr().out


@pytest.mark.slow
def test_one_size_says_what_it_cannot_tell(tmp_path: Path) -> None:
    rows = list(run(Ground(tmp_path, [30]), ("build",)))
    of_build = [v for v in verdicts(rows, 30) if v.name.startswith(("a model more", "whole Hub"))]
    assert len(of_build) == 5
    assert all("sizes: SIZES=" in v.why and not v.decided for v in of_build)


@pytest.mark.slow
def test_every_bench_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # How well they measure is not looked at.
    for often in ("TIMES", "MODELS", "SLOWEST"):
        monkeypatch.setattr(pages, often, 2)
    monkeypatch.setattr(nodes, "TURNS", 1)
    monkeypatch.setattr(serving, "SECONDS", 1.0)
    rows = list(run(Ground(tmp_path, [30, 300])))
    assert [row for row in rows if row.figure.name == FAILED] == []
    assert {row.bench for row in rows} == set(BENCHES)
    found = {(row.bench, row.figure.name) for row in rows}
    absent = {row.bench for row in rows if row.figure.name == COULD_NOT_RUN}  # such as nginx
    wanted = {t for t in TARGETS if "Oxigraph's server" not in t.row and t.bench not in absent}
    assert {(t.bench, t.row) for t in wanted} <= found


def _fails(ground: Ground) -> Iterator[Measured]:
    yield Measured("half", 1.0, "s", ground.size)
    raise ValueError("why it failed")


def _is_missing(ground: Ground) -> Iterator[Measured]:
    raise NotInstalled("x is not installed")
    yield


def test_what_cannot_run_is_a_row_and_the_next_goes_on(tmp_path: Path) -> None:
    benches = {
        "a": _fails,
        "b": _is_missing,
        "c": lambda ground: iter([Measured("x", 2.0, "s", 10)]),
    }
    rows = list(run(Ground(tmp_path, [10]), benches=benches))
    assert [(row.bench, row.figure.value) for row in rows] == [
        ("a", 1.0),
        ("a", None),
        ("b", None),
        ("c", 2.0),
    ]
    assert "why it failed" in rows[1].figure.note and rows[1].figure.name == FAILED
    assert rows[2].figure.note == "x is not installed" and rows[2].figure.name != FAILED


def test_bad_arguments_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--only", "nothing"], ["--sizes", "many"], ["--size", "0"]):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 2
        assert "error:" in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize(
    ("value", "size", "ok", "decided", "why"),
    [
        (3.0, 100, True, True, ""),
        (3.1, 100, False, True, "the cause"),
        (3.0, 99, False, False, "it holds at 100 models, measured at 99"),
        (3.1, 99, False, False, "it holds at 100 models, measured at 99; the cause"),
        (None, 100, False, False, "not installed"),
    ],
)
def test_a_target_is_met_only_where_it_holds(
    value: float | None, size: int, ok: bool, decided: bool, why: str
) -> None:
    target = Target(name="t", bench="b", row="r", limit=3, models=100, why="the cause")
    row = Row("b", Measured("r", value, "s", size, "" if value else "not installed"))
    (found,) = verdicts([row], size, [target])
    assert (found.ok, found.decided, found.why) == (ok, decided, why)
    assert f"  {'met' if ok else 'missed' if decided else 'open'} " in table([row], [found])


def test_a_target_of_the_shipped_data_is_not_met_by_the_made_up() -> None:
    target = Target(name="t", bench="b", row="r", limit=3, shipped=True)
    rows = [Row("b", Measured("r", 9.0, "s", 0)), Row("b", Measured("r", 1.0, "s", 100))]
    assert [v.value for v in verdicts(rows, 100, [target])] == [9.0]
    assert [v.why for v in verdicts(rows[1:], 100, [target])] == ["not measured in this run"]


@pytest.mark.parametrize(
    ("name", "why"),
    [(FAILED, "its bench failed: no room"), (COULD_NOT_RUN, "its bench could not run: no room")],
)
def test_a_target_whose_bench_broke_off_says_why(name: str, why: str) -> None:
    target = Target(name="t", bench="b", row="r", limit=3)
    rows = [
        Row("b", Measured("x", 1.0, "s", 10)),
        Row("b", Measured(name, None, "", 10, "no room")),
    ]
    assert [(v.decided, v.why) for v in verdicts(rows, 10, [target])] == [(False, why)]


def test_at_least() -> None:
    target = Target(name="t", bench="b", row="r", limit=10, least=True)
    for value, ok in ((9.9, False), (10.0, True)):
        (found,) = verdicts([Row("b", Measured("r", value, "×", 1))], 1, [target])
        assert found.ok is ok and found.target == "≥ 10"


def test_stages_of_a_program_with_what_they_cost(tmp_path: Path) -> None:
    code = (
        "import time; from tests.bench.measure import mark; mark('a'); sum(range(3_000_000)); "
        "x = bytearray(b'x') * 60_000_000; time.sleep(1); del x; mark('b'); mark('end')"
    )
    first, second = staged([sys.executable, "-c", code], tmp_path)
    assert (first.name, second.name) == ("a", "b")
    assert first.cpu > 0 and first.peak > 60 > second.peak


def test_files_that_are_mapped_are_no_memory_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * 60_000_000)
    code = (
        "import mmap, time; from tests.bench.measure import mark; mark('a'); "
        "f = open('file', 'rb'); m = mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ); "
        "n = m[:].count(b'x'); time.sleep(1); mark('b'); x = b'y' * 60_000_000; time.sleep(1); mark('end')"
    )
    code = code.replace("'file'", repr(str(tmp_path / "file"))).replace("m[:]", "m[::4096]")
    first, second = staged([sys.executable, "-c", code], tmp_path)
    assert first.peak > 60 > first.own > 5
    assert second.own > 60 and second.peak > 120


def test_rows_of_the_hub_have_the_families_of_the_claims(tmp_path: Path) -> None:
    rows = list(hub_rows.rows(2_000))
    assert rows == list(hub_rows.rows(2_000))
    share = sum(bool(row["baseModels"]) for row in rows) / len(rows)
    assert 0.4 < share < 0.65
    known = {row["id"] for row in rows}
    parents = [m["id"] for row in rows if row["baseModels"] for m in row["baseModels"]["models"]]
    gone = sum(parent not in known for parent in parents) / len(parents)
    assert 0.002 < gone < 0.05
    assert len(known) == len(rows)
    keys = {row["id"]: row["_id"] for row in rows}
    told = {
        m["id"]: m["_id"] for row in rows if row["baseModels"] for m in row["baseModels"]["models"]
    }
    # Two of one key would be one repository
    assert len(set((keys | told).values())) == len(keys | told)
    assert all(keys[id] == key for id, key in told.items() if id in keys)
