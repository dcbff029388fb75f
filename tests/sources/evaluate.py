"""Every file of ../shared/data that a source covers, read: counts, issues, cost (make eval-sources).

    python -m tests.sources.evaluate            print the tables
    python -m tests.sources.evaluate --write    and write tests/sources/EVALUATION.md

Each ingest runs in a process of its own, so that its peak memory is its own. Its time is told as a
multiple of what parsing the same files takes without understanding them.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from kg.claims.claim_files import read_claims
from kg.claims.runs import Run, run_folders
from kg.errors import KGError
from kg.ingest.ingest import IngestRequest, ingest
from kg.ingest.registry import SourceModule, find_sources
from kg.model.claim import kind_of, slug_of
from kg.model.vocabulary import LICENSE
from kg.snapshot.layout import Layout
from kg.snapshot.snapshot import Snapshot
from kg.sparql._memory import peak_memory
from tests.shared_build import build_home
from tests.sources.bare import files_of, parse_bare
from tests.sources.declared import declared_parents, kept_parents

HERE = Path(__file__).parent
SHARED = HERE.parent.parent.parent / "shared" / "data"
TREES = "hf-model-trees"
SHORT = 0.1  # seconds of bare parsing, below which a ratio says nothing: every ingest reads the terms first

# Source -> what it covers below ../shared/data; a path that ends in /* is one run a file or folder.
COVERED = {
    "awesome-korean-llm": ["awesome-korean-llm/README.md"],
    "bom": ["cyclonedx-mlbom/*.json", "spdx3-ai/*.json"],
    "card": ["cards-and-adapters/*+*"],
    "croissant": ["croissant/*.json"],
    "ecosystem-graphs": ["ecosystem-graphs"],
    "epoch": ["epoch-ai-models"],
    "folder": ["cards-and-adapters/*+*", "mergekit-configs/*.yml"],
    "hub": ["hf-api-recorded", TREES, "hf-top100"],
    "model-openness-tool": ["model-openness-tool"],
    "models.dev": ["models.dev"],
    "open-llm-leaderboard": ["open-llm-leaderboard-v1", "open-llm-leaderboard-v2"],
    "open-llms": ["open-llms/README.md"],
    "opening-up-chatgpt": ["opening-up-chatgpt"],
    "wikidata": ["wikidata"],
}
SOURCES: Mapping[str, SourceModule] = find_sources()


class Outcome(msgspec.Struct):
    """What one ingest did."""

    path: str
    files: int = 0
    counts: dict[str, int] = {}
    issues: dict[str, int] = {}
    entities: int = 0
    licenses: int = 0  # license claims
    # Of them, those whose license has terms in data/licenses, or is an expression
    understood: int = 0
    seconds: float = 0.0
    peak: float = 0.0  # megabytes
    bare: float = 0.0  # seconds
    error: str = ""


class Row(NamedTuple):
    """All ingests of a source; none if the source does not exist, or has no extract."""

    source: str
    outcomes: tuple[Outcome, ...]
    missing: str = ""


def paths(source: str, shared: Path = SHARED) -> list[Path]:
    """What a source covers, as it is there."""
    found: list[Path] = []
    for pattern in COVERED.get(source, ()):
        found += sorted(shared.glob(pattern))
    return found


def evaluate(home: Path, shared: Path = SHARED) -> list[Row]:
    """Ingest all that is there into a home."""
    return [_row(source, home, shared) for source in sorted({*COVERED, *SOURCES})]


def _row(source: str, home: Path, shared: Path) -> Row:
    if source not in SOURCES:
        return Row(source, (), "there is no such source yet")
    found = paths(source, shared)
    if not found:
        return Row(source, (), "no extract in ../shared/data")
    return Row(source, tuple(_apart(source, path, home) for path in found))


def _apart(source: str, path: Path, home: Path) -> Outcome:
    command = [
        sys.executable,
        "-m",
        "tests.sources.evaluate",
        "--one",
        source,
        str(path),
        str(home),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return Outcome(path.name, error=(done.stderr.strip().splitlines() or ["?"])[-1])
    return msgspec.json.decode(done.stdout, type=Outcome)


def one(source: str, path: Path, home: Path) -> Outcome:
    """Ingest one path in this process, then parse it barely."""
    start = time.perf_counter()
    name = f"{source}-{path.name.lstrip('.')}".replace(" ", "-")
    try:
        run = ingest(home, IngestRequest(source, str(path), name), vouched=True)
    except KGError as error:
        return Outcome(
            path.name, files=len(files_of(path)), error=str(error).removeprefix(f"{path}: ")
        )
    seconds = time.perf_counter() - start
    peak = peak_memory()
    return _measured(Outcome(path.name, seconds=seconds, peak=peak), run, path, home)


def _measured(outcome: Outcome, run: Run, path: Path, home: Path) -> Outcome:
    subjects: set[str] = set()
    licenses: list[str] = []
    for claim in read_claims(Layout(home).runs / run.name / "claims.jsonl"):
        subjects.add(claim.subject)
        if claim.property.casefold().endswith(LICENSE) and isinstance(claim.said.value, str):
            licenses.append(claim.said.value)
    outcome.counts, outcome.issues, outcome.entities = run.counts, run.issues, len(subjects)
    outcome.licenses = len(licenses)
    outcome.understood = sum("/" not in slug_of(id) or "%20" in id for id in licenses)
    start = time.perf_counter()
    outcome.files = parse_bare(path)
    outcome.bare = time.perf_counter() - start
    return outcome


def table(rows: list[Row]) -> Iterator[str]:
    """What each source did, as Markdown."""
    yield (
        "| source | files | records | claims | entities | edges | links | issues | "
        "licenses understood | time : bare parsing | peak RSS |"
    )
    yield "|---|" + "---:|" * 10
    for row in rows:
        if row.missing:
            yield f"| {row.source} | {row.missing} |" + " |" * 9
            continue
        done = [o for o in row.outcomes if not o.error]
        sums = [
            sum(o.counts[name] for o in done)
            for name in ("records", "claims", "edges", "links", "issues")
        ]
        bare = sum(o.bare for o in done)
        ratio = f"{sum(o.seconds for o in done) / bare:.1f}" if bare > SHORT else "-"
        licenses = f"{sum(o.understood for o in done)} of {sum(o.licenses for o in done)}"
        peak = max((o.peak for o in done), default=0)
        cells = [
            sum(o.files for o in row.outcomes),
            *sums[:2],
            sum(o.entities for o in done),
            *sums[2:],
        ]
        numbers = " | ".join(f"{cell:,}" for cell in cells)
        yield f"| {row.source} | {numbers} | {licenses} | {ratio} | {peak:,.0f} MB |"


def problems(rows: list[Row]) -> Iterator[str]:
    """Issues by rule, and what could not be read at all."""
    for row in rows:
        rules: Counter[str] = Counter()
        for outcome in row.outcomes:
            rules.update(outcome.issues)
        if rules:
            told = ", ".join(f"{count:,} {rule}" for rule, count in rules.most_common())
            yield f"- {row.source}: {told}"
        for outcome in row.outcomes:
            if outcome.error:
                yield f"- {row.source}: refused {outcome.path}: {outcome.error}"


def parents(home: Path, shared: Path = SHARED) -> Iterator[str]:
    """How many of the parents that family-tree records declare are kept."""
    runs = [f for f in run_folders(Layout(home).runs) if f.name.endswith(TREES)]
    if not runs or not (shared / TREES).is_dir():
        yield f"Declared parents of {TREES}: not read."
        return
    declared = declared_parents(shared / TREES)
    kept = kept_parents(declared, runs[0])
    total = sum(map(len, declared.values()))
    yield (
        f"Declared parents of {TREES}: {len(declared):,} records declare {total:,} parents; "
        f"{len(kept.claims):,} kept as claims, {len(kept.issues):,} as issues, "
        f"{len(kept.lost):,} lost."
    )
    yield from (f"- lost: {model} declares {parent}" for model, parent in kept.lost[:20])


def snapshot(home: Path) -> Iterator[str]:
    """What a build makes of all runs with the curated data."""
    try:
        built = build_home(home)
    except KGError as error:
        yield f"The build failed, so `gyebo check` does: {error}"
        return
    counts = built.manifest.counts
    opened = Snapshot.current(home)
    merged = Counter(kind_of(id) for id in opened.redirects)
    rules = Counter(
        json.loads(line)["rule"]
        for line in (opened.folder / "release" / "issues.jsonl").read_bytes().splitlines()
    )
    opened.close()
    yield (
        f"Built with the curated data: {counts['entities']:,} entities, {counts['claims']:,} claims, "
        f"{counts['disputed']:,} disputed facts; `gyebo check` passes."
    )
    yield "Ids merged: " + ", ".join(f"{n:,} {kind}" for kind, n in merged.most_common()) + "."
    yield "Warnings: " + (", ".join(f"{n:,} {r}" for r, n in rules.most_common()) or "none") + "."


def report(shared: Path = SHARED) -> str:
    """All of it."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        rows = evaluate(home, shared)
        parts = [table(rows), problems(rows), parents(home, shared), snapshot(home)]
        return "\n\n".join("\n".join(part) for part in parts) + "\n"


def main(arguments: list[str]) -> None:
    """The command line."""
    if arguments[:1] == ["--one"]:
        source, path, home = arguments[1:]
        sys.stdout.write(msgspec.json.encode(one(source, Path(path), Path(home))).decode())
        return
    if not SHARED.is_dir():
        sys.exit(f"{SHARED} is not there: nothing to evaluate")
    text = report()
    print(text)
    if "--write" in arguments:
        head = (
            "# What is read from real extracts\n\nWritten by `make eval-sources`; do not edit.\n\n"
        )
        (HERE / "EVALUATION.md").write_text(head + text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
