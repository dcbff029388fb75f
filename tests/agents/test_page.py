"""docs/mcp.md is true: its settings are what clients read and what the program takes, its lists are complete."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from click.testing import CliRunner

from kg.agents._prompts import PROMPTS
from kg.agents._resources import RESOURCES, SCHEME
from kg.agents._schemas import input_schema
from kg.agents._tools import TOOLS
from kg.agents.serving import PATH, read_listening
from kg.cli.main import main
from tests.agents.costs import PAGE

TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = [json.loads(block) for block in re.findall(r"^```json\n(.*?)^```", TEXT, re.DOTALL | re.M)]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: next(iter(block)))
def test_the_settings_of_a_client_start_the_program(block: dict[str, Any]) -> None:
    ((key, servers),) = block.items()
    assert key in ("mcpServers", "servers", "context_servers")
    server = servers["gyebo"]
    if "url" in server:
        assert server["url"].endswith(PATH)
        assert read_listening(server["url"].removeprefix("http://").removesuffix(PATH))
        return
    assert server["command"] == "gyebo" and "GYEBO_HOME" in server["env"]
    taken = CliRunner().invoke(main, [*server["args"], "--help"])
    assert taken.exit_code == 0 and "--allow-host" in taken.output


def test_five_kinds_of_clients_are_told_of() -> None:
    assert len(BLOCKS) == 5
    for name in ("Claude Desktop", "Claude Code", "VS Code", "Cursor"):
        assert name in TEXT


def test_the_page_has_every_tool_with_what_it_takes() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| (`[^|]+) \|$", TEXT, re.MULTILINE))
    assert list(rows) == list(TOOLS)
    always = {"lang", "detail", "id", "ids", "query", "text", "planned"}
    for name, tool in TOOLS.items():
        takes = set(input_schema(tool.asked)["properties"]) - always
        assert set(re.findall(r"`(\w+)`", rows[name])) == takes, name


def test_the_page_has_every_resource_and_prompt() -> None:
    for address in RESOURCES:
        assert f"`{SCHEME}{address}" in TEXT
    for name in PROMPTS:
        assert f"`{name}`" in TEXT


@pytest.mark.parametrize(
    "command", re.findall(r"^(gyebo mcp[^#\n]*)|`(gyebo mcp --[^`]*)`", TEXT, re.M)
)
def test_the_commands_of_the_page_are_understood(command: tuple[str, str]) -> None:
    words = "".join(command).split()[1:]
    assert CliRunner().invoke(main, [*words, "--help"]).exit_code == 0
    assert "--http" not in words or read_listening(words[words.index("--http") + 1])
