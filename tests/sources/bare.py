"""Files parsed without understanding them: what an ingest's time is compared with."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tomllib
from pathlib import Path

import yaml

_PARSERS = {
    ".json": json.loads,
    ".jsonl": lambda text: [json.loads(line) for line in text.splitlines()],
    ".yml": lambda text: yaml.load(text, yaml.CSafeLoader),
    ".yaml": lambda text: yaml.load(text, yaml.CSafeLoader),
    ".toml": tomllib.loads,
    ".csv": lambda text: list(csv.reader(io.StringIO(text))),
}
_OURS = ("SOURCE.md", "LICENSE")


def files_of(path: Path) -> list[Path]:
    """The files of a path, but those that say where they come from."""
    if path.is_file():
        return [path]
    return [p for p in sorted(path.rglob("*")) if p.is_file() and not p.name.startswith(_OURS)]


def parse_bare(path: Path) -> int:
    """Parse all files of a path by their ending; the number of files."""
    found = files_of(path)
    for file in found:
        data = file.read_bytes()
        if file.suffix == ".gz":
            data = gzip.decompress(data)
        ending = Path(file.name.removesuffix(".gz")).suffix
        if ending in _PARSERS:
            _PARSERS[ending](data.decode("utf-8-sig"))
    return len(found)
