"""The cut of data/catalog that tests build with: `python -m tests.cut_catalog` writes tests/data/catalog anew.

It holds the lines of the things named in `seeds.txt`, of what judgements and the files say to be the same, of the
models made from them (a few each), and of what all these refer to. It stays as it is when data/catalog
changes, until somebody runs this again.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kg.claims.judgements import FILE, in_force, read_judgements
from kg.ingest.catalog.catalog_files import FOLDER
from kg.model.claim import kind_of
from kg.paths import DATA
from tests.shared_build import CUT

SEEDS = CUT / "seeds.txt"
CHILDREN = 4  # of a model, in each file

Lines = dict[str, tuple[bytes, dict[str, Any]]]  # id -> its line, and as parsed


def read_lines(path: Path) -> tuple[dict[str, Any], Lines]:
    """The first line of a file, and the others by id."""
    head, *rest = path.read_bytes().splitlines()
    parsed = ((line, json.loads(line)) for line in rest)
    return json.loads(head), {data["id"]: (line, data) for line, data in parsed}


def named(data: Any) -> Iterator[str]:
    """The ids that a line names."""
    for key, value in data.items():
        for one in value if isinstance(value, list) else (value,):
            said = one[0] if key == "same" else one.get("value") if isinstance(one, dict) else one
            if isinstance(said, str) and "/" in said and key != "id":
                yield said


def same_as(seeds: set[str]) -> set[str]:
    """Things, with all that judgements say to be the same."""
    found, before = set(seeds), set()
    pairs = [(j.left, j.right) for j in in_force(read_judgements(DATA / FILE)) if j.same]
    while found != before:
        before = set(found)
        found |= {b for pair in pairs for a, b in (pair, pair[::-1]) if a in before}
    return found


def wanted(seeds: set[str], files: list[Lines]) -> set[str]:
    """What is kept."""
    core = same_as(seeds)
    core |= {
        id for lines in files for id, (_, d) in lines.items() if "same" in d and core & {*named(d)}
    }
    kept = set(core)
    for lines in files:
        children: Counter[str] = Counter()
        for id, (_, data) in lines.items():
            for parent in core.intersection(named(data)) if kind_of(id) == "model" else ():
                children[parent] += 1
                if children[parent] <= CHILDREN:
                    kept.add(id)
    for lines in files:
        kept |= {other for id in kept & lines.keys() for other in named(lines[id][1])}
    for lines in files:  # models that only others name bring no further models
        refers = {other for id in kept & lines.keys() for other in named(lines[id][1])}
        kept |= {other for other in refers if kind_of(other) != "model"}
    return kept


def main() -> None:
    """Write the cut."""
    seeds = {line for line in SEEDS.read_text().split() if line}
    files = {path.name: read_lines(path) for path in sorted((DATA / FOLDER).glob("*.jsonl"))}
    kept = wanted(seeds, [lines for _, lines in files.values()])
    for name, (head, lines) in files.items():
        chosen = [line for id, (line, _) in lines.items() if id in kept or kind_of(id) == "source"]
        kinds = Counter(kind_of(id) for id in lines if id in kept or kind_of(id) == "source")
        head |= {"kept": dict(sorted(kinds.items()))}
        first = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
        (CUT / name).write_bytes(b"\n".join([first, *chosen]) + b"\n")
        print(f"{name}: {len(chosen)} of {len(lines)} lines")


if __name__ == "__main__":
    main()
