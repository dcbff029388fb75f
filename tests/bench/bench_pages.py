"""What each kind of page costs the server, beside a page that says nothing, in one run.

    python -m tests.bench.bench_pages                the repository's data, built first
    python -m tests.bench.bench_pages --home HOME    a home that is built already

Each page is made anew, then (`again`) asked for as people do, with pages kept. CPU time of this
process, so that a shared machine says the same; what query processes spend for a page is in the wall
time only, which is printed beside it.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from kg.config import load_config
from tests.conftest import serving
from tests.pages import LANGS, PAGES, in_language
from tests.shared_build import build_home

TARGET = 30.0  # ms, p95
HTML = {"Accept": "text/html"}


def measured(ask: Callable[[], object], times: int) -> tuple[list[float], list[float]]:
    """CPU and wall milliseconds of some calls, each in order; after one to warm up."""
    ask()
    cpu, wall = [], []
    for _ in range(times):
        started, began = time.process_time(), time.perf_counter()
        ask()
        cpu.append((time.process_time() - started) * 1000)
        wall.append((time.perf_counter() - began) * 1000)
    return sorted(cpu), sorted(wall)


def trivial() -> Callable[[], object]:
    """A Flask application that answers a word."""
    app = Flask("trivial")
    app.add_url_rule("/", view_func=lambda: "page")
    client = app.test_client()
    return lambda: client.get("/")


def report(home: Path, times: int) -> None:
    """Print a line for each kind of page."""
    least = measured(trivial(), times)[0][times // 2]
    print(
        f"{'page':18} {'p50':>7} {'p95':>7} {'wall p50':>9} {'again p95':>9} {'ratio':>7}   ms; ratio of p50 to a trivial page ({least:.2f} ms)"
    )
    with (
        serving(load_config(home=home, page_cache_mb=0)) as app,
        serving(load_config(home=home)) as kept,
    ):
        client, again = app.test_client(), kept.test_client()
        for name, path in PAGES.items():
            addresses = [in_language(path, lang) for lang in LANGS]
            cpu, wall = measured(
                lambda a=addresses: [client.get(x, headers=HTML) for x in a], times
            )  # type: ignore[misc]
            quick, _ = measured(lambda a=addresses: [again.get(x, headers=HTML) for x in a], times)  # type: ignore[misc]
            p50, p95, spent, second = (
                s / len(LANGS)
                for s in (
                    cpu[times // 2],
                    cpu[times * 95 // 100],
                    wall[times // 2],
                    quick[times * 95 // 100],
                )
            )
            over = "  above the target" if p95 > TARGET else ""
            print(
                f"{name:18} {p50:7.1f} {p95:7.1f} {spent:9.1f} {second:9.1f} {p50 / least:7.0f}{over}",
                flush=True,
            )


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--home", type=Path)
    parser.add_argument("--times", type=int, default=20)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = asked.home or Path(folder)
        if not asked.home:
            build_home(home)
        report(home, asked.times)


if __name__ == "__main__":
    main()
