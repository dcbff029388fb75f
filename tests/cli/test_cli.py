"""The command line and its JSON contract, on the real data."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import chdir
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from kg.cli.main import COMMANDS, main


def gyebo(home: Path, *arguments: str, stdin: str = "", code: int = 0) -> Result:
    """Run a command in this process: starting another takes a second."""
    with chdir(home):
        done = CliRunner().invoke(main, ["--home", str(home), *arguments], input=stdin)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.output
    assert done.exit_code == code, done.stderr
    return done


def started(
    home: Path, *arguments: str, stdin: str = "", code: int = 0
) -> subprocess.CompletedProcess[str]:
    """Run a command as people do."""
    done = subprocess.run(
        [sys.executable, "-m", "kg.cli", "--home", str(home), *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        cwd=home,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == code, done.stderr
    return done


def answer(home: Path, *arguments: str) -> Any:
    return json.loads(gyebo(home, *arguments, "--json").stdout)


def test_the_program_itself(snapshot_home: Path) -> None:
    """Started as people start it, a command says the same as the others here, called in this process."""
    query = "SELECT (COUNT(*) AS ?n) { ?m a kg:Model }"
    told = started(snapshot_home, "query", "-", stdin=query)
    assert (told.stdout, told.stderr) == (
        gyebo(snapshot_home, "query", "-", stdin=query).stdout,
        "",
    )
    wrong = started(snapshot_home, "show", "dolly-22", code=2)
    assert (wrong.stderr, wrong.stdout) == (
        gyebo(snapshot_home, "show", "dolly-22", code=2).stderr,
        "",
    )


def test_search(snapshot_home: Path) -> None:
    found = answer(snapshot_home, "search", "알파카", "--limit", "3")
    assert found.keys() >= {"total", "hits", "facets", "suggestion"}
    assert found["hits"][0].keys() >= {"id", "kind", "label", "score", "snippet"}
    assert (found["hits"][0]["id"], len(found["hits"])) == ("family/alpaca", 3)


def test_show(snapshot_home: Path) -> None:
    shown = answer(snapshot_home, "show", "dolly-2")
    assert (shown["id"], shown["kind"], shown["labels"]["en"][0]) == (
        "model/dolly-2",
        "model",
        "Dolly 2.0",
    )
    facts = {f["property"]: f for f in shown["facts"]}
    assert len(facts) == len(shown["facts"])
    maker = facts["developer"]
    assert maker["value"] == {"id": "org/databricks", "label": "Databricks"}
    assert maker["disputed"]
    ranks = {(c["value"]["id"], c["rank"]) for c in maker["claims"]}
    assert {("org/databricks", "preferred"), ("org/eleutherai", "rejected")} <= ranks
    assert maker["claims"][0].keys() >= {
        "value",
        "source",
        "locator",
        "rank",
        "reason",
        "url",
        "retrieved",
    }
    assert facts["parameterCount"]["value"] == 12_000_000_000
    survey = next(c for c in maker["claims"] if c["source"] == "source/survey-004")
    assert survey["locator"] == "202"


def test_lineage_down(snapshot_home: Path) -> None:
    tree = answer(snapshot_home, "lineage", "llama", "--direction", "down")
    below = [n for n in tree["nodes"] if n["id"] not in ("family/llama",) and n["depth"] > 0]
    assert tree["root"] == "family/llama" and len(below) > tree["total"] >= 13  # and families
    assert not any("polyglot" in n["id"] for n in tree["nodes"])
    assert tree["edges"][0].keys() >= {"child", "parent", "relation"}
    joins = {e["relation"] for e in tree["edges"] if e["parent"] == "family/alpaca"}
    assert joins == {"inFamily"}


def test_lineage_up(snapshot_home: Path) -> None:
    tree = answer(snapshot_home, "lineage", "koalpaca-polyglot-12.8b", "--direction", "up")
    assert {n["id"] for n in tree["nodes"]} == {
        "model/koalpaca-polyglot-12.8b",
        "model/polyglot-ko-12.8b",
        "family/polyglot-ko",
    }
    assert tree["total"] == 1


def test_query_from_stdin_and_file(snapshot_home: Path, tmp_path: Path) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?m a kg:Model }"
    shown = gyebo(snapshot_home, "query", "-", stdin=query).stdout
    (tmp_path / "q.rq").write_text(query)
    result = answer(snapshot_home, "query", str(tmp_path / "q.rq"))
    count = result["results"]["bindings"][0]["n"]["value"]
    assert shown.split() == ["?n", count]
    assert int(count) > 40


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["show", "dolly-22"], "Did you mean model/dolly-2"),
        (["show", "model/alpaca-7"], "model/alpaca-7b"),
        (["lineage", "lama"], "family/llama"),
        (["export", "csv", "-o", "/no/such/folder/x"], "cannot write"),
        (["export", "csv", "--model", "org/meta", "-o", "-"], "neither a model nor a family"),
        (["search", "x", "--kind", "thing"], "unknown kind 'thing'"),
        (["search", "x", "--limit", "-1"], "--limit"),
        (["query", "/no/such/file"], "No such file"),
        (["query", "-"], "line 1, column"),
        (["lineage", "llama", "--direction", "sideways"], "'up', 'down', 'both'"),
        (["nonsense"], "No such command"),
        (["lineages", "llama"], "did you mean 'lineage'"),
    ],
)
def test_bad_input_is_told_and_exits_with_2(
    snapshot_home: Path, arguments: list[str], message: str
) -> None:
    assert message in gyebo(snapshot_home, *arguments, code=2).stderr


def test_query_that_is_not_text(snapshot_home: Path, tmp_path: Path) -> None:
    (tmp_path / "q").write_bytes(b"\xff\xfe")
    assert "is not UTF-8" in gyebo(snapshot_home, "query", str(tmp_path / "q"), code=2).stderr


@pytest.mark.parametrize(
    "command",
    [
        ("query", "/dev/zero"),
        ("license", "--file", "/dev/zero"),
        ("license", "--card", "/dev/zero", "--base", "alpaca-7b"),
    ],
)
def test_a_text_that_never_ends_is_refused(snapshot_home: Path, command: tuple[str, ...]) -> None:
    done = gyebo(snapshot_home, *command, code=2)
    assert len(done.stderr.splitlines()) == 1 and "more than 16,777,216" in done.stderr


@pytest.mark.parametrize("source", ["hub", "bom", "card", "folder", "epoch"])
def test_a_device_is_no_source(tmp_path: Path, source: str) -> None:
    done = gyebo(tmp_path, "ingest", source, "/dev/urandom", code=2)
    assert len(done.stderr.splitlines()) == 1 and "a pipe or a device" in done.stderr


def test_bad_data_names_file_and_line(snapshot_home: Path, tmp_path: Path) -> None:
    bad = Path(__file__).parents[1] / "golden" / "data"
    data = tmp_path / "data"
    subprocess.run(["cp", "-r", bad, data], check=True)
    (data / "curated" / "x.yaml").write_text("model/x:\n  label: {en: X}\n  claims: 3\n")
    done = gyebo(tmp_path, "build", "--data", str(data), code=2)
    assert "data/curated/x.yaml:3: model/x.claims: 3 is not of type 'object'" in done.stderr


def test_without_a_snapshot(tmp_path: Path) -> None:
    assert "run `gyebo build` first" in gyebo(tmp_path, "show", "x", code=1).stderr


def test_a_setting_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "gyebo.toml").write_text("wokers = 3\n")
    done = gyebo(tmp_path, "show", "x", code=2)
    assert "unknown setting wokers" in done.stderr


def test_ids_people_type(snapshot_home: Path) -> None:
    for typed in (
        "model/dolly-2",
        "dolly-2",
        "databricks/dolly-v2-12b",
        "https://huggingface.co/databricks/dolly-v2-12b",
        "http://127.0.0.1:8000/model/dolly-2",
    ):
        assert answer(snapshot_home, "show", typed)["id"] == "model/dolly-2"


def test_check_says_what_it_read(tmp_path: Path) -> None:
    golden = Path(__file__).parents[1] / "golden" / "data"
    assert "no errors" in gyebo(tmp_path, "check", "--data", str(golden)).stdout


def test_a_reader_that_hangs_up(snapshot_home: Path) -> None:
    command = f"{sys.executable} -m kg.cli export ntriples -o - | head -1"
    done = subprocess.run(
        ["bash", "-c", command],
        capture_output=True,
        text=True,
        env=os.environ | {"GYEBO_HOME": str(snapshot_home)},
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_help_names_every_command(snapshot_home: Path) -> None:
    text = gyebo(snapshot_home, "--help").stdout
    assert {"build", "serve", "search", "show", "lineage", "query", "export", "check"} <= set(
        text.split()
    )


@pytest.mark.parametrize(
    "command, unloaded",
    [
        ("main", {"numpy", "msgspec", "rdflib", "networkx", "jsonschema", "pyshacl"}),
        *(
            (f"commands.{name}", {"rdflib", "networkx", "jsonschema", "pyshacl"})
            for name in ("show", "search", "serve")
        ),
    ],
)
def test_a_command_loads_only_what_it_needs(command: str, unloaded: set[str]) -> None:
    code = f"import kg.cli.{command}, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not unloaded & {*done.stdout.split()}


def test_the_list_of_commands_loads_none_and_names_all(tmp_path: Path) -> None:
    code = "import sys, kg.cli.main\ntry: kg.cli.main.main()\nfinally: print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code, "--help"], capture_output=True, text=True)
    assert "numpy" not in done.stderr.split()
    for name, known in COMMANDS.items():
        command = main.get_command(click.Context(main), name)
        assert command and command.name == name and command.help
        assert f"{name} " in done.stdout and len(known.help) < 60


@pytest.mark.parametrize(
    ("words", "expected"), [("gyebo li", ["license", "lineage"]), ("gyebo --v", ["--version"])]
)
def test_completion(words: str, expected: list[str]) -> None:
    asked = {"_GYEBO_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": "1"}
    code = "import kg.cli.main; kg.cli.main.main(prog_name='gyebo')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=os.environ | asked,
        check=True,
    )
    assert [line.partition(",")[2] for line in done.stdout.splitlines()] == expected
