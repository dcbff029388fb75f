"""What a command costs from the start of its process, on the shipped data; the best of some.

Bytecode is compiled first, as it is where Gyebo is installed.
"""

from __future__ import annotations

import compileall
import resource
import subprocess
import sys
import time
from collections.abc import Iterator

from tests.bench.ground import Ground
from tests.bench.measure import ROOT, environment
from tests.bench.report import Measured

TIMES = 5
COMMANDS = {
    "--version": ("--version",),
    "show": ("show", "llama-7b"),
    "search": ("search", "llama"),
    "license": ("license", "llama-7b", "--fail-on", "never"),
    "lineage": ("lineage", "llama-7b"),
    "ingest --list": ("ingest", "--list"),
}


def command_rows(ground: Ground) -> Iterator[Measured]:
    """Each command, and Python by itself."""
    for room in ("kg", "web"):
        compileall.compile_dir(ROOT / room, quiet=1)
    wall, cpu = best([sys.executable, "-c", "pass"])
    yield Measured("python, nothing done: wall", wall, "s", 0)
    home = str(ground.shipped())
    for name, arguments in COMMANDS.items():
        wall, cpu = best([sys.executable, "-m", "kg.cli", "--home", home, *arguments])
        yield Measured(f"gyebo {name}: wall", wall, "s", 0)
        yield Measured(f"gyebo {name}: CPU", cpu, "s", 0)


def best(command: list[str]) -> tuple[float, float]:
    """Seconds of wall and CPU, the least of each."""
    walls, spent = [], []
    for _ in range(TIMES):
        before, start = _children(), time.perf_counter()
        subprocess.run(command, cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, check=True)
        walls.append(time.perf_counter() - start)
        spent.append(_children() - before)
    return min(walls), min(spent)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
