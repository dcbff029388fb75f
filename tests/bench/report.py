"""What a run of the benches says: rows, targets, the machine; as a table and as bench.json."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

from kg.version import __version__

_PACKAGES = (
    *("flask", "gunicorn", "networkx", "numpy", "pyoxigraph", "pyshacl", "rapidfuzz", "rdflib"),
    *("rocksdict", "tantivy", "waitress", "whoosh-reloaded", "zstandard"),
)
# Programs that are measured or that measure, and how each says what it is.
_PEERS = f"{sys.prefix}/bench/bin"
_PROGRAMS: dict[str, tuple[str, ...]] = {
    "oxigraph": (f"{_PEERS}/oxigraph", "--version"),
    "rdflib-endpoint": (
        f"{_PEERS}/python",
        "-c",
        "from importlib.metadata import version; print(version('rdflib-endpoint'))",
    ),
    "virtuoso": ("virtuoso-t", "-?"),
    "nginx": ("nginx", "-v"),
    "wrk": ("wrk", "-v"),
}
FAILED, COULD_NOT_RUN = "failed", "could not run"  # names of rows that say why a bench has no more
_ABSENT = "not installed"


class Measured(NamedTuple):
    """One figure; without a value the note says why there is none."""

    name: str
    value: float | None
    unit: str
    size: int  # made-up models in the home; 0 = the data that Gyebo ships
    note: str = ""


class Row(NamedTuple):
    """A figure and the bench that gave it."""

    bench: str
    figure: Measured


@dataclass(kw_only=True, frozen=True)
class Verdict:
    """What became of a target; one that is not decided is not met either."""

    name: str
    value: float | None
    target: str
    ok: bool
    decided: bool  # it was measured, and at the number of models at which it holds
    why: str = ""  # when it is not met


def machine() -> dict[str, Any]:
    """What the figures were taken on, and how busy it was when the run began."""
    about = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    model = re.search(r"model name\s*:\s*(.+)", about)
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "processor": model[1] if model else platform.processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(pages / 1e9, 1),
        "system": platform.platform(),
        "load": os.getloadavg()[0],
    }


def versions() -> dict[str, str]:
    """Of Gyebo, Python, what does the work, and what is measured beside."""
    found = {"gyebo": __version__, "python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = _ABSENT
    found["sqlite"] = sqlite3.sqlite_version
    return found | {name: _said_version(command) for name, command in _PROGRAMS.items()}


def _said_version(command: Sequence[str]) -> str:
    """The first number with dots that a program says of itself."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return _ABSENT
    found = re.search(r"\d+(\.\d+)+", done.stdout + done.stderr)
    return found[0] if found else _ABSENT


def as_json(
    size: int, about: dict[str, Any], rows: Iterable[Row], verdicts: Iterable[Verdict]
) -> dict[str, Any]:
    """The contents of bench.json."""
    return {
        "machine": about,
        "versions": versions(),
        "size": size,
        "rows": [{"bench": row.bench, **row.figure._asdict()} for row in rows],
        "targets": [
            {k: v for k, v in asdict(verdict).items() if k != "why" or v} for verdict in verdicts
        ],
    }


def table(rows: Sequence[Row], verdicts: Sequence[Verdict]) -> str:
    """Both for people."""
    lines = []
    bench = ""
    for row in rows:
        if row.bench != bench:
            bench = row.bench
            lines += ["", bench]
        figure = row.figure
        size = f"{figure.size:,}" if figure.size else "shipped"
        value = "—" if figure.value is None else number(figure.value)
        note = f"   {figure.note}" if figure.note else ""
        lines.append(f"  {figure.name:<58}{size:>10}{value:>12} {figure.unit}{note}")
    lines += ["", "targets"]
    absent = [verdict for verdict in verdicts if verdict.value is None]
    for verdict in verdicts:
        if verdict.value is None:
            continue
        word = "met" if verdict.ok else "missed" if verdict.decided else "open"
        lines.append(f"  {word:<7}{verdict.name:<66}{number(verdict.value):>10}  {verdict.target}")
        if verdict.why:
            lines.append(f"         {verdict.why}")
    lines += [f"  open   {verdict.name}: {verdict.why}" for verdict in absent]
    return "\n".join(lines).lstrip("\n")


def number(value: float) -> str:
    """Three digits that count.

    >>> number(12345.6), number(12.345), number(0.01234), number(0)
    ('12,346', '12.3', '0.0123', '0')
    """
    if not value:
        return "0"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
