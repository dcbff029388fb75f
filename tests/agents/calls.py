"""The tools called as an agent calls them: by the SDK's own client, in this process or against the program itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import anyio
import jsonschema
import mcp_types as types
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.shared.exceptions import MCPError

from kg.agents.server import AgentServer
from kg.config import Config
from tests.waiting import free_port

_T = TypeVar("_T")
SECONDS = 120  # the longest a test waits for an answer
MODES = ("auto", "legacy")  # of the protocol: by envelope, by handshake


def with_client(server: Any, work: Callable[[Client], Awaitable[_T]], mode: str = "auto") -> _T:
    """What some work with a client gives."""

    async def run() -> _T:
        with anyio.fail_after(SECONDS):
            async with Client(server, mode=mode) as client:
                try:
                    return await work(client)
                except MCPError as error:  # leaves the client's task group as it is
                    refused = error
        raise refused

    return anyio.run(run)


class Agent:
    """An agent of one home folder, in this process."""

    def __init__(self, config: Config, lang: str = "en") -> None:
        self.server = AgentServer(config, lang)
        self.schemas = {tool.name: tool.output_schema for tool in self.ask(list_tools)}

    def ask(self, work: Callable[[Client], Awaitable[_T]]) -> _T:
        return with_client(self.server.protocol, work)

    def call(self, name: str, /, **given: Any) -> tuple[str, Mapping[str, Any]]:
        """Text and data of an answer, which fits the schema that the tool states."""
        result = self.result(name, given)
        text = text_of(result)
        assert not result.is_error, text
        jsonschema.validate(result.structured_content, self.schemas[name])
        return text, result.structured_content

    def refused(self, name: str, /, **given: Any) -> str:
        """The line that says what is wrong with a call."""
        result = self.result(name, given)
        assert result.is_error and result.structured_content is None
        return one_line(text_of(result))

    def result(self, name: str, given: Mapping[str, Any]) -> types.CallToolResult:
        async def work(client: Client) -> types.CallToolResult:
            return await client.call_tool(name, dict(given))

        return self.ask(work)

    def close(self) -> None:
        self.server.close()


async def list_tools(client: Client) -> list[types.Tool]:
    return (await client.list_tools()).tools


def text_of(result: types.CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, types.TextContent)
    return content.text


def one_line(text: str) -> str:
    assert text and "\n" not in text and "Traceback" not in text and len(text) <= 700
    return text


def program(home: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "kg.cli", "--home", str(home), "mcp", *arguments]


def stdio(home: Path) -> Any:
    """The program itself, on standard input and output."""
    command, *arguments = program(home)
    environ = {"PYTHONPATH": os.pathsep.join(sys.path)}
    return stdio_client(StdioServerParameters(command=command, args=arguments, env=environ))


@contextmanager
def listening(home: Path, *arguments: str) -> Iterator[tuple[str, int]]:
    """The program itself, over HTTP: its address and port."""
    port = free_port()
    command = program(home, "--http", f"127.0.0.1:{port}", *arguments)
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr
            told = process.stderr.readline()
            assert f":{port}/mcp" in told, told
            yield f"http://127.0.0.1:{port}/mcp", port
        finally:
            process.terminate()
            process.wait(30)
            assert "Traceback" not in process.stderr.read()


def message(method: str, id: int = 1, **params: Any) -> str:
    """A request as it stands on the wire."""
    return json.dumps({"jsonrpc": "2.0", "id": id, "method": method, "params": params})
