"""Lighthouse's four scores of the main pages in both languages, as a phone sees them.

    make lighthouse                                        installs it where npm is, and runs this
    .venv/bin/python -m tests.lighthouse [--runs 3] [--home HOME] [NAME …]

Needs a snapshot in HOME (GYEBO_HOME), Debian's chromium, node and Lighthouse in build/lighthouse. A score is the best of
its runs: what a loaded machine takes from one is no property of the page. Results of a search ask not to be indexed, so
the audit that a page can be indexed is left out for them. Ends with 1 where a score is below 95.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from kg.config import load_config
from tests.browser.conftest import CHROMIUM
from tests.pages import LANGS, in_language
from tests.web.server.test_serve import ROOT, served

LEAST = 95
PROGRAM = ROOT / "build" / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"
PAGES: Mapping[str, str] = {
    "home": "/",
    "model": "/model/koalpaca-polyglot-12.8b",
    "family": "/family/llama",
    "search": "/search?q=alpaca",
    "chooser": "/models",
}
_NOT_INDEXED = ("search",)
_FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"
_MINUTES = 4
_TRIES = 3  # of a run that Lighthouse cannot trace

Scores = dict[str, int]


def missing() -> str:
    """What is not installed; "" = nothing."""
    if not CHROMIUM:
        return "chromium is not installed"
    if not shutil.which("node"):
        return "node is not installed"
    return "" if PROGRAM.exists() else "Lighthouse is not installed (make lighthouse, with npm)"


def _run(command: Sequence[str]) -> bytes:
    """What Lighthouse prints; it is asked again where its own trace failed, as it wants to be.

    Raises:
        subprocess.CalledProcessError: it failed each time.
    """
    for left in reversed(range(_TRIES)):
        done = subprocess.run(
            command,
            env=os.environ | {"CHROME_PATH": str(CHROMIUM)},
            capture_output=True,
            timeout=60 * _MINUTES,
        )
        if not done.returncode or not left:
            break
    done.check_returncode()
    return done.stdout


def measure(name: str, address: str) -> tuple[Scores, list[str]]:
    """The scores of a page, and the audits that took most from them."""
    skipped = ["--skip-audits=is-crawlable"] if name in _NOT_INDEXED else []
    command = ["node", str(PROGRAM), address, "--output=json", "--quiet", *skipped]
    told = json.loads(_run([*command, f"--chrome-flags={_FLAGS}"]))
    scores = {key: round(100 * one["score"]) for key, one in told["categories"].items()}
    weighed = {
        ref["id"]
        for one in told["categories"].values()
        for ref in one["auditRefs"]
        if ref["weight"]
    }
    low = [
        f"{id} {audit.get('displayValue', '')}".strip()
        for id, audit in told["audits"].items()
        if id in weighed and audit["score"] is not None and audit["score"] < 0.9
    ]
    return scores, low


def best_of(name: str, address: str, runs: int) -> tuple[Scores, list[str]]:
    """The best scores of some runs, which end as soon as all are high enough; with the low audits of the last."""
    best: Scores = {}
    low: list[str] = []
    for _ in range(runs):
        scores, low = measure(name, address)
        best = {key: max(score, best.get(key, 0)) for key, score in scores.items()}
        if min(best.values()) >= LEAST:
            break
    return best, low


def main() -> None:
    """Serve the data, measure, print a line a page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(PAGES)}")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--home", type=Path, default=load_config().home)
    asked = parser.parse_args()
    if wrong := [name for name in asked.names if name not in PAGES]:
        sys.exit(f"no page is called {', '.join(wrong)}; known are {', '.join(PAGES)}")
    if lacks := missing():
        print(f"skipped: {lacks}")
        return
    worst = 100
    with served(asked.home) as url:
        for name in asked.names or PAGES:
            for lang in LANGS:
                address = url + in_language(PAGES[name], lang)
                scores, low = best_of(name, address, asked.runs)
                worst = min(worst, *scores.values())
                told = "  ".join(f"{key} {score}" for key, score in scores.items())
                print(f"{name:8} {lang}  {told}", *low, sep="  ", flush=True)
    sys.exit(worst < LEAST)


if __name__ == "__main__":
    main()
