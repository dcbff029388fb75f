"""docs/documents.md: its commands run as they are written, its forms are those there are, its addresses answer."""

from __future__ import annotations

import re
import shlex
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from kg.cli.main import main
from kg.documents.form import forms, read_form
from kg.documents.markdown import MARK

PAGE = (Path(__file__).parents[2] / "docs" / "documents.md").read_text(encoding="utf-8")
SHELL = "\n".join(re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL))


def test_the_commands_of_the_page(snapshot_home: Path, tmp_path: Path) -> None:
    commands = re.findall(r"^gyebo .+$", SHELL, re.MULTILINE)
    assert len(commands) >= 5
    with chdir(tmp_path):
        for command in commands:
            _, *arguments = shlex.split(command)
            done = CliRunner().invoke(main, ["--home", str(snapshot_home), *arguments])
            assert done.exit_code == 0, (command, done.output)
    draft = (tmp_path / "annex-xi.md").read_text("utf-8")
    assert f'grep -c -F "{MARK}" annex-xi.md' in SHELL
    marked = sum(MARK in line for line in draft.splitlines())
    assert re.search(rf"\b{marked} are not known", draft)


def test_the_page_lists_the_forms() -> None:
    assert re.findall(r"^\| `([a-z]+-[\w-]+)` \|", PAGE, re.MULTILINE) == [*forms()]


def test_the_addresses_of_the_page(client: FlaskClient) -> None:
    addresses = re.findall(r"`(/model/[^`]*)`", PAGE)
    assert len(addresses) == 2
    for address in addresses:
        assert (
            client.get(address).status_code == client.get(f"{address}?lang=ko").status_code == 200
        )


@pytest.mark.parametrize("fill", re.findall(r"`(\{(?:property|answer): [^`]*\})`", PAGE))
def test_what_fills_a_line_is_understood(tmp_path: Path, fill: str) -> None:
    examples = {
        "has": "hubId",
        "lacks": "hubId",
        "details": "itemCount",
        "duties": "notice",
        "uses": "commercial",
    }
    for name, value in examples.items():
        fill = fill.replace(f"{name}: […]", f"{name}: [{value}]")
    form = (Path(__file__).parents[2] / "data" / "documents" / "eu-annex-xi.yaml").read_text(
        "utf-8"
    )
    path = tmp_path / "own.yaml"
    path.write_text(form.replace("fill: [{property: releaseDate}]", f"fill: [{fill}]"), "utf-8")
    assert read_form(path).lines == forms()["eu-annex-xi"].lines
