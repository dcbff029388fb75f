"""Numbers for operators: who may read them, and that the processes' add up."""

from __future__ import annotations

import json
import re
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest

from kg.config import Config, load_config
from kg.errors import ConfigError
from tests.conftest import serving
from tests.web.server.test_serve import get, served
from web.app.metrics import may_read
from web.site.docs import EXAMPLES

HERE = "http://127.0.0.1:8000/"
PUBLIC = "https://gyebo.example.org/"


@pytest.mark.parametrize(
    ("setting", "config_base", "base", "client", "headers", "may"),
    [
        ("local", HERE, HERE, "127.0.0.1", {}, True),
        ("local", "http://localhost/", "http://[::1]:8000/", "::1", {}, True),
        ("local", PUBLIC, HERE, "127.0.0.1", {}, False),
        ("local", HERE, PUBLIC, "127.0.0.1", {}, False),
        ("local", HERE, HERE, "192.0.2.1", {}, False),
        ("local", HERE, HERE, "127.0.0.1", {"X-Forwarded-For": "192.0.2.1"}, False),
        ("local", HERE, HERE, "127.0.0.1", {"Via": "1.1 proxy"}, False),
        ("on", PUBLIC, PUBLIC, "192.0.2.1", {}, True),
        ("off", HERE, HERE, "127.0.0.1", {}, False),
    ],
)
def test_who_may_read_them(
    snapshot_home: Path,
    setting: str,
    config_base: str,
    base: str,
    client: str,
    headers: dict[str, str],
    may: bool,
) -> None:
    config = replace(Config(home=snapshot_home), metrics=setting, base=config_base)
    with (
        serving(config) as app,
        app.test_request_context(
            "/-/metrics", headers=headers, environ_base={"REMOTE_ADDR": client}
        ),
    ):
        assert may_read(config, base) is may


def test_they_are_not_found_where_they_are_not_open(snapshot_home: Path) -> None:
    with serving(replace(Config(home=snapshot_home), metrics="off")) as app:
        assert app.test_client().get("/-/metrics").status_code == 404


def test_a_setting_that_is_none_is_refused() -> None:
    with pytest.raises(ConfigError, match="metrics must be one of"):
        load_config(metrics="yes")


def test_the_numbers_of_all_processes_add_up(snapshot_home: Path) -> None:
    with served(snapshot_home, settings={"GYEBO_METRICS": "on"}) as url:
        for _ in range(20):  # each on a connection of its own, so that both processes answer
            get(url + "/about")
        request = urllib.request.Request(
            url + "/-/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"}
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            text, kind = answer.read().decode(), answer.headers["Content-Type"]
    assert kind.startswith("application/openmetrics-text") and text.endswith("# EOF\n")
    assert re.search(r'gyebo_requests_total\{endpoint="pages.about",status="200"\} 20\.0', text)
    assert re.search(r'gyebo_request_seconds_count\{endpoint="pages.about"\} 20\.0', text)
    known = set(re.findall(r"^# TYPE (\S+)", text, re.MULTILINE))
    for name in ("alerts.yml", "grafana.json"):
        used = set(re.findall(r"gyebo_[a-z_]+", (EXAMPLES / name).read_text(encoding="utf-8")))
        bare = {re.sub(r"_(total|bucket)$", "", one) for one in used}
        rare = {"gyebo_clients_cut_off", "gyebo_queries", "gyebo_shared_up"}
        assert bare and bare <= known | rare
    json.loads((EXAMPLES / "grafana.json").read_text(encoding="utf-8"))
