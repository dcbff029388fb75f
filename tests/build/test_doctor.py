"""What `gyebo doctor` finds, in plain words, and what it says to do."""

import json
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from click.testing import CliRunner

from kg.build.doctor import examine
from kg.cli.main import main
from kg.config import Config
from tests.conftest import Corner
from tests.sparql.elsewhere.servers import answer, stranger


def levels(config: Config, corner: Corner) -> dict[str, str]:
    """The worst level of each thing that was looked at."""
    rank = ("good", "note", "wrong")
    found: dict[str, str] = {}
    for one in examine(config, corner.data):
        found[one.about] = max(one.level, found.get(one.about, "good"), key=rank.index)
    return found


def test_before_and_after_a_build(corner: Corner) -> None:
    assert levels(corner.config, corner)["snapshot"] == "note"
    corner.build()
    assert "wrong" not in levels(corner.config, corner).values()
    assert levels(corner.config, corner)["snapshot"] == "good"
    corner.write("model/a: {label: {en: A}}")
    assert levels(corner.config, corner)["snapshot"] == "note"


def test_a_damaged_snapshot_and_run(corner: Corner) -> None:
    folder = corner.build().folder
    (folder / "release" / "terms.json").write_bytes(b"")
    run = corner.config.home / "runs" / "cards"
    run.mkdir(parents=True)
    (run / "claims.jsonl").touch()
    (run / "run.json").write_text("{")
    found = levels(corner.config, corner)
    assert (found["snapshot"], found["runs"]) == ("wrong", "wrong")


def test_a_home_that_is_a_file_and_a_base_nobody_can_open(corner: Corner, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    config = replace(corner.config, home=tmp_path / "file" / "home", proxies=1)
    found = levels(config, corner)
    assert (found["home"], found["base"]) == ("wrong", "wrong")


def test_the_command_says_it_in_both_languages(corner: Corner) -> None:
    corner.build()
    command = ["--home", str(corner.config.home), "doctor", "--data", str(corner.data)]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0
    assert "✓ snapshot: snapshot 0001" in done.output
    assert "스냅샷 0001" in CliRunner().invoke(main, [*command, "--lang", "ko"]).output
    told = json.loads(CliRunner().invoke(main, [*command, "--json"]).output)
    assert {one["about"] for one in told} >= {"home", "disk", "snapshot", "runs", "base", "png"}


def test_a_server_of_queries_elsewhere_is_asked_what_it_holds(corner: Corner) -> None:
    version = corner.build().manifest.version
    held = ""

    def reply(to: BaseHTTPRequestHandler, body: bytes) -> None:
        mark = {"mark": {"type": "literal", "value": f"release {held} load aaaa"}}
        told = {"head": {"vars": ["mark"]}, "results": {"bindings": [mark] if held else []}}
        answer(to, json.dumps(told).encode(), "application/sparql-results+json")

    with stranger(reply) as url:
        config = replace(corner.config, sparql_url=url)
        assert levels(config, corner)["sparql"] == "wrong"
        held = "ffffffffffff"
        assert levels(config, corner)["sparql"] == "wrong"
        held = version
        assert levels(config, corner)["sparql"] == "good"
    assert levels(config, corner)["sparql"] == "wrong"
    assert "sparql" not in levels(corner.config, corner)
