"""The program itself, asked by the SDK's own client and by who keeps to no protocol."""

from __future__ import annotations

import http.client
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mcp_types as types
import pytest
from mcp.client.client import Client

from kg.agents._tools import TOOLS
from tests.agents.calls import (
    MODES,
    listening,
    message,
    one_line,
    program,
    stdio,
    text_of,
    with_client,
)

HEADERS = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
HELLO = message(
    "initialize",
    protocolVersion="2025-06-18",
    capabilities={},
    clientInfo={"name": "test", "version": "1"},
)


@pytest.fixture(scope="module")
def served(snapshot_home: Path) -> Iterator[tuple[str, int]]:
    with listening(snapshot_home) as address:
        yield address


async def talk(client: Client) -> dict[str, str]:
    """The whole of it: list, call, read, ask; and a refusal between."""
    tools = await client.list_tools()
    assert [tool.name for tool in tools.tools] == list(TOOLS)
    found = await client.call_tool("search", {"query": "알파카", "lang": "ko"})
    refused = await client.call_tool("show", {"id": "x" * 1_000_000})
    assert refused.is_error
    license = await client.call_tool("license", {"id": "alpaca-7b"})
    asked = await client.call_tool("query", {"query": "ASK { ?m a kg:Model }"})
    resources = await client.list_resources()
    read = await client.read_resource(resources.resources[0].uri)
    prompts = await client.list_prompts()
    prompt = await client.get_prompt("identify", {"model": "Alpaca", "lang": "ko"})
    return {
        "found": text_of(found),
        "refused": one_line(text_of(refused)),
        "license": text_of(license),
        "asked": text_of(asked),
        "read": read.contents[0].text,  # type: ignore[union-attr]
        "prompts": " ".join(one.name for one in prompts.prompts),
        "prompt": prompt.messages[0].content.text,  # type: ignore[union-attr]
    }


def check(said: dict[str, str]) -> None:
    assert "model/alpaca-7b" in said["found"] and "출처:" in said["found"]
    assert "length <= 300" in said["refused"]
    assert "is prohibited under CC BY-NC 4.0" in said["license"]
    assert said["asked"].startswith("true") and "kg:license" in said["read"]
    assert said["prompts"] == "identify may_we_use choose_base"
    assert "언어 모델 “Alpaca”" in said["prompt"]


@pytest.mark.parametrize("mode", MODES)
def test_over_standard_input_and_output(snapshot_home: Path, mode: str) -> None:
    check(with_client(stdio(snapshot_home), talk, mode))


@pytest.mark.parametrize("mode", MODES)
def test_over_http(served: tuple[str, int], mode: str) -> None:
    check(with_client(served[0], talk, mode))


def test_the_card_of_a_model_is_read(served: tuple[str, int]) -> None:
    async def read(client: Client) -> str:
        templates = await client.list_resource_templates()
        addresses = [one.uri_template for one in templates.resource_templates]
        assert addresses == ["gyebo://query/{+name}", "gyebo://card/{+id}"]
        card = await client.read_resource("gyebo://card/model/alpaca-7b?lang=ko")
        return card.contents[0].text  # type: ignore[union-attr,no-any-return]

    card = with_client(served[0], read)
    assert "license: cc-by-nc-4.0" in card and "알파카 7B" in card


def test_a_name_being_typed_is_completed(served: tuple[str, int]) -> None:
    async def complete(client: Client) -> list[str]:
        ref = types.PromptReference(name="identify")
        found = await client.complete(ref, {"name": "model", "value": "alpaca"})
        return found.completion.values

    assert "model/alpaca-7b" in with_client(served[0], complete)


# ---- who keeps to no protocol


def answers_to(home: Path, *sent: str, last: int) -> tuple[list[Any], str]:
    """What the program answers to some lines, up to an id, and what it says on standard error."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        program(home), stdin=pipe, stdout=pipe, stderr=pipe, text=True
    ) as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write("\n".join(sent) + "\n")
        process.stdin.flush()
        answers = []
        for line in process.stdout:
            answers.append(json.loads(line))
            if answers[-1].get("id") == last:
                break
        process.stdin.close()
        return answers, process.stderr.read()


def test_lines_that_are_no_messages_end_nothing(snapshot_home: Path) -> None:
    junk = (
        "",
        "hello",
        "[" * 100_000,
        '{"jsonrpc": "2.0"}',
        '{"jsonrpc": "2.0", "id": 1, "method": "\\ud800"}',
        message("tools/call", 7, name=5, arguments="x"),
        message("tools/call", 8),
        message("no/such/method", 9),
        "\x00\xff",
    )
    started = json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"})
    asked = message("tools/call", 42, name="show", arguments={"id": "alpaca-7b"})
    answers, said = answers_to(snapshot_home, HELLO, started, *junk, asked, last=42)
    assert "Alpaca 7B" in answers[-1]["result"]["content"][0]["text"]
    assert {one["id"] for one in answers if "error" in one} >= {7, 8, 9}
    assert "Traceback" not in said


def post(port: int, body: bytes, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", "/mcp", body, HEADERS | headers)
    answer = connection.getresponse()
    read = answer.status, answer.headers, answer.read()
    connection.close()
    return read


def test_a_host_or_origin_that_is_not_allowed_is_refused(served: tuple[str, int]) -> None:
    _, port = served
    assert post(port, HELLO.encode())[0] == 200
    assert post(port, HELLO.encode(), Host="evil.example")[0] == 421
    assert post(port, HELLO.encode(), Host=f"127.0.0.1.evil.example:{port}")[0] == 421
    assert post(port, HELLO.encode(), Origin="https://evil.example")[0] == 403
    assert post(port, HELLO.encode(), Origin="null")[0] == 403


def test_no_other_origin_may_read_an_answer(served: tuple[str, int]) -> None:
    status, headers, _ = post(served[1], HELLO.encode(), Origin=f"http://localhost:{served[1]}")
    assert status == 200 and headers["Content-Type"] == "application/json"
    assert not [name for name in headers if name.lower().startswith("access-control")]
    assert "Mcp-Session-Id" not in headers  # stateless


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"hello", 400),
        (b"[" * 100_000, 400),
        (b"\xff\xfe", 400),
        (b"[]", 400),
        (b" " * (5 << 20), 413),
    ],
    ids=["text", "deep", "bytes", "empty list", "large"],
)
def test_a_body_that_is_no_message_is_refused(
    served: tuple[str, int], body: bytes, status: int
) -> None:
    found, _, answer = post(served[1], body)
    assert found == status and b"Traceback" not in answer and len(answer) < 2_000
    assert post(served[1], HELLO.encode())[0] == 200


def test_a_further_name_is_allowed_where_it_is_given(snapshot_home: Path) -> None:
    with listening(snapshot_home, "--allow-host", "models.example") as (_, port):
        assert post(port, HELLO.encode(), Host="models.example")[0] == 200
        assert post(port, HELLO.encode(), Origin="https://models.example")[0] == 200
        assert post(port, HELLO.encode(), Host="other.example")[0] == 421


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--http", "nowhere"), "HOST:PORT"),
        (("--http", "127.0.0.1:99999"), "HOST:PORT"),
        (("--http", "1:2:3:8000"), "HOST:PORT"),
        (("--http", "0.0.0.0:8765"), "--allow-host"),
        (("--allow-host", "x"), "--http"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    snapshot_home: Path, arguments: tuple[str, ...], told: str
) -> None:
    done = subprocess.run(
        program(snapshot_home, *arguments), capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 2 and told in one_line(done.stderr.strip())


def test_without_a_snapshot_it_says_what_to_do(tmp_path: Path) -> None:
    done = subprocess.run(program(tmp_path), capture_output=True, text=True, timeout=120, input="")
    assert done.returncode == 1 and "gyebo build" in one_line(done.stderr.strip())


def test_a_port_that_is_taken_is_told(snapshot_home: Path, served: tuple[str, int]) -> None:
    command = program(snapshot_home, "--http", str(served[1]))
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1 and "in use" in one_line(done.stderr.strip())


def test_the_inspector_reads_it(snapshot_home: Path) -> None:
    """By its command line, where it is installed: no test asks a registry."""
    inspector = shutil.which("mcp-inspector")
    if not inspector:
        pytest.skip("no mcp-inspector here (npm install --global @modelcontextprotocol/inspector)")

    def ask(*arguments: str) -> Any:
        command = [inspector, "--cli", *program(snapshot_home), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        return json.loads(done.stdout)

    assert [tool["name"] for tool in ask("--method", "tools/list")["tools"]] == list(TOOLS)
    call = ("--method", "tools/call", "--tool-name", "show", "--tool-arg", "id=alpaca-7b")
    assert ask(*call)["structuredContent"]["answer"]["id"] == "model/alpaca-7b"
