"""The Hub asked live: a server of ours that pages, limits, breaks off and renames as the Hub does."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from click.testing import CliRunner, Result

from kg.claims.runs import Run
from kg.cli.main import main
from tests.ingest.test_source_hub import Stored

pytest.importorskip("huggingface_hub", reason="needs the extra gyebo[hub]")

TOKEN = "hf_" + "x" * 20
PAGES = 4


class Hub(ThreadingHTTPServer):
    """Four pages of two models each; `plan` says what goes wrong with which request."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.plan: dict[str, list[str]] = {}
        self.asked: list[str] = []
        self.tokens: set[str] = set()
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.elsewhere = ""

    def models(self, page: int) -> list[dict[str, Any]]:
        return [
            {
                "id": f"o/m{page}{i}",
                "_id": f"{page}{i}",
                "author": "o",
                "downloads": i,
                "gguf": {"total": 7, "chat_template": "{{ secret }}"},
                "private": i == 9,
                "cardData": {"license": "mit", "extra_gated_prompt": "tell us"},
            }
            for i in range(2)
        ]


class Answer(BaseHTTPRequestHandler):
    server: Hub

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = parse_qs(url.query)
        key = query.get("cursor", ["0"])[0] if url.path == "/api/models" else url.path
        if url.path.startswith("/api/models"):  # the client once asks for /api/agent-harnesses too
            self.server.asked.append(key)
            self.server.tokens.add(self.headers.get("Authorization", ""))
        trouble = self.server.plan.get(key, [])
        match trouble.pop(0) if trouble else "":
            case "429":
                self.answer(429, {}, {"Retry-After": "0"})
            case "500":
                self.answer(500, {}, {})
            case "break":
                self.send_response(200)
                self.send_header("Content-Length", "1000")
                self.end_headers()
                self.wfile.write(b'[{"id": "o/half')
                self.close_connection = True
            case "400":
                assert "baseModels" in query["expand"]
                self.answer(400, {"error": "expand"}, {})
            case "prose":
                self.answer(200, "<html>", {})
            case _:
                self.good(url.path, int(key) if key.isdigit() else 0, query)

    def good(self, path: str, page: int, query: dict[str, list[str]]) -> None:
        assert "chat_template" not in query.get("expand", [])
        if path != "/api/models":
            name = path.removeprefix("/api/models/")
            known = {"old/name": "new/name", "o/m": "o/m"}.get(name)
            self.answer(200 if known else 404, {"id": known, "_id": f"of {known}", "likes": 3}, {})
            return
        base = self.server.elsewhere or self.server.url
        link = (
            {"Link": f'<{base}/api/models?cursor={page + 1}>; rel="next"'}
            if page + 1 < PAGES
            else {}
        )
        self.answer(200, self.server.models(page), link)

    def answer(self, status: int, body: object, headers: dict[str, str]) -> None:
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    server = Hub()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("HF_ENDPOINT", server.url)
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    yield server
    server.shutdown()
    server.server_close()


def run(home: Path, *args: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), "ingest", "hub", *args])


def stored(home: Path, result: Result) -> Stored:
    assert result.exit_code == 0, result.output
    return Stored(home, msgspec.json.decode(result.stdout, type=Run))


def ids(found: Stored) -> set[object]:
    return {value for _, property, value, _ in found.said() if property == "hubId"}


def test_all_pages_through_limits_errors_and_broken_connections(tmp_path: Path, hub: Hub) -> None:
    hub.plan = {"0": ["429"], "1": ["500", "break"], "3": ["break", "429"]}
    result = run(tmp_path, "--json")
    found = stored(tmp_path, result)
    assert ids(found) == {f"o/m{page}{i}" for page in range(PAGES) for i in range(2)}
    assert hub.asked == ["0", "0", "1", "1", "1", "2", "3", "3", "3"]
    assert hub.tokens == {f"Bearer {TOKEN}"}
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    raw = b"".join(
        gzip.decompress(p.read_bytes()) if p.suffix == ".gz" else p.read_bytes() for p in files
    )
    for secret in (TOKEN, "secret", "tell us"):
        assert secret.encode() not in raw and secret not in result.output


def test_a_hub_that_does_not_list_base_models(tmp_path: Path, hub: Hub) -> None:
    hub.plan = {"0": ["400"]}
    assert len(ids(stored(tmp_path, run(tmp_path, "--json")))) == 2 * PAGES


def test_a_listing_that_broke_off_goes_on(tmp_path: Path, hub: Hub) -> None:
    hub.plan = {"2": ["500"] * 6}
    result = run(tmp_path)
    assert result.exit_code == 1 and "gyebo: " in result.output and TOKEN not in result.output
    assert not (tmp_path / "runs" / "hub").exists()
    hub.asked.clear()
    assert len(ids(stored(tmp_path, run(tmp_path, "--json")))) == 2 * PAGES
    assert hub.asked == ["2", "3"]
    hub.asked.clear()
    stored(tmp_path, run(tmp_path, "--json"))  # complete before, so asked anew
    assert hub.asked == ["0", "1", "2", "3"]


def test_a_limit_and_an_author(tmp_path: Path, hub: Hub) -> None:
    found = stored(tmp_path, run(tmp_path, "--limit", "3", "--author", "o", "--json"))
    assert found.run.name == "hub-o-first-3"
    assert ids(found) == {"o/m00", "o/m01", "o/m10"}


def test_models_by_name(tmp_path: Path, hub: Hub) -> None:
    found = stored(
        tmp_path, run(tmp_path, "old/name", "https://huggingface.co/o/m", "no/where", "--json")
    )
    assert ids(found) == {"new/name", "o/m"}
    assert ("model/hf/old/name", "model/hf/new/name") in found.links()
    assert [i["origin"] for i in found.issues("unreadable")] == ["no/where"]


def test_the_token_goes_to_no_other_host(tmp_path: Path, hub: Hub) -> None:
    hub.elsewhere = "http://127.0.0.2:9"
    result = run(tmp_path)
    assert result.exit_code == 1 and "another host" in result.output


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--limit", "0"], "0 is not in the range"),
        ([__file__, "--author", "o"], "without a path"),
        (["a b c"], "no file or folder"),
        (["o/m", __file__], "one path or address"),
    ],
)
def test_bad_questions(tmp_path: Path, args: list[str], says: str) -> None:
    result = run(tmp_path, *args)
    assert result.exit_code == 2 and says in result.output


def test_an_answer_that_is_no_list(tmp_path: Path, hub: Hub) -> None:
    hub.plan = {"0": ["prose"]}
    result = run(tmp_path)
    assert result.exit_code == 1 and "not JSON" in result.output


def test_an_update_asks_for_the_same_models_again(tmp_path: Path, hub: Hub) -> None:
    """A run of some ids is asked for again as it was; the Hub as a whole is not, unless it is named."""
    first = stored(tmp_path, run(tmp_path, "o/m", "--json"))
    assert ids(first) == {"o/m"}
    hub.asked.clear()
    arguments = ["--home", str(tmp_path), "update", "--no-build", "--json"]
    done = CliRunner().invoke(main, [*arguments, "hub"])
    assert done.exit_code == 0, done.output
    [source] = json.loads(done.stdout)["sources"]
    assert (source["run"], source["state"], source["where"]) == ("hub-o-m", "unchanged", "o/m")
    assert hub.asked == ["/api/models/o/m"]
    CliRunner().invoke(main, ["--home", str(tmp_path), "runs", "--remove", "hub-o-m"])
    whole = json.loads(CliRunner().invoke(main, [*arguments, "hub", "--list"]).stdout)["sources"]
    assert [(one["run"], one["state"]) for one in whole] == [("hub", "waiting")]
