"""The container image: what its file promises, and an image that runs where a builder and the base image are at hand."""

from __future__ import annotations

import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
FILE = ROOT / "Containerfile"
PIN = re.compile(r"^([a-z0-9._-]+)==(\S+)", re.MULTILINE)
BASE = "python:3.13-slim"


class Instruction(NamedTuple):
    """A line of the file, its continuations joined."""

    word: str
    rest: str


def read_stages() -> tuple[list[Instruction], list[list[Instruction]]]:
    """The arguments before the first stage, and the stages."""
    text = re.sub(r"^\s*#.*\n", "", FILE.read_text("utf-8"), flags=re.MULTILINE)
    lines = text.replace("\\\n", " ").splitlines()
    said = [Instruction(*line.split(None, 1)) for line in lines if line.strip()]
    starts = [i for i, one in enumerate(said) if one.word == "FROM"]
    return said[: starts[0]], [said[a:b] for a, b in zip(starts, [*starts[1:], None], strict=True)]


ARGUMENTS, (BUILD, FINAL) = read_stages()


def values(stage: list[Instruction], word: str) -> list[str]:
    return [one.rest for one in stage if one.word == word]


def command(word: str) -> list[str]:
    """The words of CMD or of the health check."""
    (rest,) = values(FINAL, word)
    told = json.loads(rest[rest.index("[") :])
    assert all(isinstance(one, str) for one in told)
    return told


def test_both_stages_start_from_one_plain_base() -> None:
    (first,), (second,) = values(BUILD, "FROM"), values(FINAL, "FROM")
    assert first.removesuffix(" AS build") == second == "python:${PYTHON}-slim"
    assert values(ARGUMENTS, "ARG")[0] == f"PYTHON={BASE[7:11]}"
    supported = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert supported["requires-python"] == ">=3.11"
    assert not re.search(r"\b[\w-]+\.(?:io|org|com)\b", FILE.read_text("utf-8"))


def test_what_runs_is_nobody_and_nothing_is_made_after_the_build() -> None:
    (user,) = values(FINAL, "USER")
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)
    words = [one.word for one in FINAL]
    assert not {"RUN", "ADD", "VOLUME", "ENTRYPOINT", "ONBUILD"} & set(words)
    assert not [rest for rest in values(FINAL, "COPY") if "--chown" in rest or "--chmod" in rest]
    assert words.index("USER") > max(i for i, word in enumerate(words) if word == "COPY")
    (built,) = [rest for rest in values(BUILD, "RUN") if "gyebo build" in rest]
    assert "chmod -R a+rX" in built  # the search index is written for its owner alone
    assert [rest.split()[0] for rest in values(FINAL, "COPY")] == ["--from=build"] * 2


def test_packages_are_held_to_their_hashes() -> None:
    installs = [rest for rest in values(BUILD, "RUN") if " install " in rest]
    assert len(installs) == 2
    assert "--require-hashes -r image.lock" in installs[0]
    assert "--no-deps --no-build-isolation ." in installs[1]  # the program itself asks for nothing


def test_the_lock_of_the_image_is_part_of_the_lock() -> None:
    image, whole = (
        (ROOT / name).read_text("utf-8") for name in ("image.lock", "requirements.lock")
    )
    pins, all_pins = dict(PIN.findall(image)), dict(PIN.findall(whole))
    assert pins.items() <= all_pins.items()
    assert set(re.findall(r"sha256:\w+", image)) <= set(re.findall(r"sha256:\w+", whole))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    needed = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    assert {re.split(r"[^\w-]", one, maxsplit=1)[0] for one in needed} <= set(pins)
    assert len(pins) < len(all_pins) / 2


def test_all_that_the_build_needs_reaches_it_and_no_more() -> None:
    allowed = [
        line[1:]
        for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines()
        if line.startswith("!")
    ]
    copied = [name for rest in values(BUILD, "COPY") for name in rest.split()[:-1]]
    assert sorted(copied) == sorted(allowed)
    assert all((ROOT / name).exists() for name in copied)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    for name in (
        *wheel["packages"],
        *wheel["force-include"],
        *project["project"]["license-files"],
        project["project"]["readme"],
    ):
        assert any(fnmatch(name, one) or name.startswith(f"{one}/") for one in copied), name


@contextmanager
def answering(status: int) -> Iterator[tuple[int, list[str]]]:
    """A server that answers so to everything, and what it was asked."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_port, asked
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False)])
def test_the_health_check_asks_whether_the_site_is_ready(status: int, healthy: bool) -> None:
    program, *rest = command("HEALTHCHECK")
    assert program == "python"
    with answering(status) as (port, asked):
        done = subprocess.run(
            [sys.executable, *rest], env={"PORT": str(port)}, capture_output=True, check=False
        )
    assert asked == ["/-/ready"]
    assert (done.returncode == 0) is healthy


def test_the_health_check_fails_where_nothing_listens() -> None:
    with answering(200) as (port, _):
        pass
    done = subprocess.run(
        [sys.executable, *command("HEALTHCHECK")[1:]],
        env={"PORT": str(port)},
        capture_output=True,
        check=False,
    )
    assert done.returncode != 0


def test_the_command_takes_its_port_and_address_from_the_environment(tmp_path: Path) -> None:
    program = tmp_path / "gyebo"
    program.write_text('#!/bin/sh\necho "$$ $*"\n')
    program.chmod(0o755)
    environ = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "HOST": "0.0.0.0", "PORT": "9 9"}
    with subprocess.Popen(command("CMD"), env=environ, stdout=subprocess.PIPE, text=True) as run:
        told, _ = run.communicate()
    # One argument, whatever stands in it, and the number of the process that was started: signals reach it.
    assert told == f"{run.pid} serve --host 0.0.0.0 --port 9 9\n"
    assert {"HOST=0.0.0.0", "PORT=8000"} <= set(values(FINAL, "ENV")[0].split())


def test_the_page_tells_what_the_file_says() -> None:
    page = (ROOT / "docs" / "container.md").read_text("utf-8")
    for rest in values(ARGUMENTS, "ARG"):
        name, value = rest.split("=", 1)
        assert re.search(rf"\| `{name}` \|.*\| `{re.escape(value)}` \|", page)
    assert "| `PIP_INDEX_URL` |" in page and values(BUILD, "ARG")[0] == "PIP_INDEX_URL"
    assert f"user {values(FINAL, 'USER')[0].split(':')[0]}," in page
    assert "`/-/ready`" in page and "--read-only --tmpfs /tmp" in page


@pytest.mark.skipif(not shutil.which("hadolint"), reason="hadolint is not here")
def test_hadolint_has_nothing_to_say() -> None:
    done = subprocess.run(["hadolint", str(FILE)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def builder() -> str:
    """A program that builds images and has the base image, or can get it."""
    for program in ("podman", "docker", "buildah"):
        if shutil.which(program):
            with suppress(subprocess.TimeoutExpired):
                for words in (["inspect", "--type", "image", BASE], ["pull", BASE]):
                    done = subprocess.run(
                        [program, *words], capture_output=True, check=False, timeout=120
                    )
                    if done.returncode == 0:
                        return program
    return pytest.skip("no builder of images with a base image is here")


@pytest.mark.slow
def test_the_image_is_built_and_serves_with_a_root_that_is_read_only() -> None:
    program = builder()
    form = [] if program == "docker" else ["--format", "docker"]
    index = [f"--build-arg=PIP_INDEX_URL={url}" for url in [os.environ.get("PIP_INDEX_URL")] if url]
    subprocess.run(
        [program, "build", *form, *index, "-t", "gyebo-test", "-f", str(FILE), str(ROOT)],
        check=True,
    )
    if program == "buildah":
        return  # it builds and runs no services
    made = subprocess.run(
        [
            program,
            "run",
            "-d",
            "--rm",
            "--read-only",
            "--tmpfs=/tmp",
            "--cap-drop=all",
            "-e",
            "PORT=8123",
            "-p",
            "127.0.0.1::8123",
            "gyebo-test",
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    try:
        port = subprocess.run(
            [program, "port", made, "8123"], check=True, capture_output=True, text=True
        ).stdout.strip()
        address = f"http://{port.splitlines()[0]}/-/ready"
        for _ in range(60):
            with suppress(OSError), urllib.request.urlopen(address, timeout=4) as answer:
                assert answer.status == 200
                break
            time.sleep(1)
        else:
            pytest.fail("the site was not ready after a minute")
    finally:
        subprocess.run([program, "kill", made], check=False, capture_output=True)
