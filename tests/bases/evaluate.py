"""Edges against the parents that makers state: precision of each source and rule (make eval-bases).

    python -m tests.bases.evaluate [--home HOME] [--raw FOLDER] [--wrong SOURCE] [--write]

Without options it measures what a build of the repository's data holds; --home adds the runs of a home, --raw ingests what
the folders hold first (FOLDER/llmfit, FOLDER/unsloth …). key.yaml says where each parent of the key was read.

An edge agrees with the key where both name one parent, where the edge leaves stages out between the two, or where the key
does: cards that were taken over from the original name its parent. What makers state themselves leaves nothing out. Both
ways to agree are counted apart.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from kg.build.inputs import Inputs, read_inputs
from kg.claims.resolve import resolve_entity
from kg.files.yaml import read_yaml
from kg.ingest.ingest import IngestRequest, ingest
from kg.ingest.registry import find_sources
from kg.model.claim import Claim, kind_of
from kg.model.vocabulary import load_vocabulary
from kg.paths import DATA
from tests.sorted_claims import sorted_claims

KEY = Path(__file__).parent / "key.yaml"
RULES = DATA / "ingest" / "name_rules.yaml"
CURATED = "data/curated"  # for the sources that people read
SAME, STAGE, OTHER = "same", "stage", "other"  # how an edge stands to the key


class KeyEdge(NamedTuple):
    """A parent as a maker states it."""

    child: str  # Hub ids
    parent: str
    relation: str
    address: str
    how: str


class Edge(NamedTuple):
    """An edge that a source claims, with canonical ids."""

    child: str
    parent: str
    relation: str


@cache
def read_key() -> tuple[KeyEdge, ...]:
    """The key."""
    rows = read_yaml(KEY).data
    return tuple(KeyEdge(r["child"], r["parent"], r["relation"], r["from"], r["how"]) for r in rows)


class Measured:
    """The edges of everything that a build reads, beside the key.

    Args:
        inputs: what the build reads.
    """

    def __init__(self, inputs: Inputs) -> None:
        canonical = inputs.linker.canonical
        self.key: dict[str, set[str]] = defaultdict(set)
        self._exact: set[str] = set()  # children of which the maker states the direct parent
        for one in read_key():
            child, parent = (canonical(f"model/hf/{id}") for id in (one.child, one.parent))
            self.key[child].add(parent)
            if one.how == "maker":
                self._exact.add(child)
        self.claimed: dict[str, set[Edge]] = defaultdict(set)  # by source; those of people together
        self._bulk = inputs.bulk
        self.held: set[Edge] = set()
        self.doubtful: set[Edge] = set()
        for subject, claims in _edge_claims(inputs).items():
            self._take(subject, claims, inputs)
        self._above: dict[str, set[str]] = defaultdict(set)
        for edge in self.held:
            self._above[edge.child].add(edge.parent)
        for child, parents in self.key.items():
            self._above[child] |= parents

    def _take(self, subject: str, claims: list[Claim], inputs: Inputs) -> None:
        for claim in claims:
            if claim.said.value is not None and claim.said.rank != "rejected":
                edge = Edge(subject, str(claim.said.value), claim.property)
                source = claim.said.source
                self.claimed[source if source in self._bulk else CURATED].add(edge)
        entity = resolve_entity(
            subject, claims, inputs.vocabulary, inputs.standings, inputs.memberships
        )
        for fact in entity.facts:
            into = self.doubtful if fact.doubtful else self.held
            into.update(Edge(subject, str(value), fact.property) for value in fact.values)

    def compare(self, edge: Edge) -> str:
        """How an edge stands to the key; "" if the key says nothing of its child, or it names a whole family."""
        parents = self.key.get(edge.child)
        if not parents or kind_of(edge.parent) != "model":
            return ""
        if edge.parent in parents:
            return SAME
        skips = any(edge.parent in self._ancestors(parent) for parent in parents)
        skipped = edge.child not in self._exact and parents & self._ancestors(edge.parent)
        return STAGE if skips or skipped else OTHER

    def _ancestors(self, node: str) -> set[str]:
        found: set[str] = set()
        ahead = [node]
        while ahead:
            for parent in self._above.get(ahead.pop(), ()):
                if parent not in found:
                    found.add(parent)
                    ahead.append(parent)
        return found

    def rates(self) -> dict[str, Counter[str]]:
        """How the edges of each source stand to the key; those not checked count under ""."""
        return {s: Counter(map(self.compare, edges)) for s, edges in sorted(self.claimed.items())}

    def contradictions(self) -> list[Edge]:
        """The edges that hold without doubt and that the key contradicts."""
        return sorted(edge for edge in self.held if self.compare(edge) == OTHER)

    def known(self) -> Counter[str]:
        """Of the key's children: those with a parent that the key agrees with, sure or guessed."""
        found: Counter[str] = Counter()
        best: dict[str, str] = {}
        for name, edges in (("guessed", self.doubtful), ("sure", self.held)):
            best |= {e.child: name for e in edges if self.compare(e) in (SAME, STAGE)}
        found.update(best.values())
        return found


def _edge_claims(inputs: Inputs) -> Mapping[str, list[Claim]]:
    relations = inputs.vocabulary.edges("weights", "distillation")
    found: dict[str, list[Claim]] = defaultdict(list)
    for claim in sorted_claims(inputs):
        if claim.property in relations and kind_of(claim.subject) == "model":
            found[claim.subject].append(claim)
    return found


def precision(counts: Mapping[str, int], strict: bool = False) -> float:
    """The share of checked edges that agree with the key; with `strict` that name the same parent."""
    checked = counts.get(SAME, 0) + counts.get(STAGE, 0) + counts.get(OTHER, 0)
    right = counts.get(SAME, 0) + (0 if strict else counts.get(STAGE, 0))
    return right / checked if checked else 1.0


def table(measured: Measured) -> str:
    """What was measured, as Markdown."""
    lines = [
        "| source | edges | checked | same parent | a stage between | another | precision | strict |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for source, counts in measured.rates().items():
        checked = counts.total() - counts[""]
        told = " | ".join(str(counts[name]) for name in (SAME, STAGE, OTHER))
        rates = f"{precision(counts):.3f} | {precision(counts, strict=True):.3f}"
        lines.append(
            f"| {source} | {counts.total()} | {checked} | {told} | {rates if checked else '- | -'} |"
        )
    known = measured.known()
    parents = len({(one.child, one.parent) for one in read_key()})
    lines += [
        "",
        f"key: {parents} parents of {len(measured.key)} models; {known['sure']} have theirs by a source, "
        f"{known['guessed']} by a rule alone; edges without doubt that the key contradicts: "
        f"{len(measured.contradictions())}",
    ]
    return "\n".join(
        [*lines, *(f"  {e.child} {e.relation} {e.parent}" for e in measured.contradictions())]
    )


def write_rates(measured: Measured, path: Path = RULES) -> None:
    """Write what was measured of each rule beside it."""
    text = path.read_text(encoding="utf-8")
    for source, counts in measured.rates().items():
        slug = source.removeprefix("source/")
        checked = counts.total() - counts[""]
        right = counts[SAME] + counts[STAGE]
        text = re.sub(
            rf"(\n  {slug}:\n(?:    .*\n)*?    measured: ){{.*}}",
            rf"\g<1>{{right: {right}, checked: {checked}}}",
            text,
        )
    path.write_text(text, encoding="utf-8")


def ingested(folders: Iterable[Path], home: Path) -> Iterator[str]:
    """Ingest what folders of raw files hold, each source from the first folder that has it."""
    for id in find_sources():
        place = next((folder / id for folder in folders if (folder / id).is_dir()), None)
        if place:
            ingest(home, IngestRequest(id, str(place), id, "2026-11-29"), vouched=True)
            yield id


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path)
    parser.add_argument("--raw", type=Path, action="append", default=[])
    parser.add_argument(
        "--wrong", default="", help="show the edges of a source that the key contradicts"
    )
    parser.add_argument(
        "--write", action="store_true", help="write the precision of the rules to data/"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gyebo-bases-") as folder:
        home = options.home or Path(folder)
        if options.raw:
            home = Path(folder)
            print("ingested:", ", ".join(ingested(options.raw, home)))
        measured = Measured(read_inputs(DATA, home / "runs", load_vocabulary()))
    print(table(measured))
    for edge in sorted(measured.claimed.get(options.wrong, ())):
        if measured.compare(edge) == OTHER:
            print(edge.child, edge.relation, edge.parent, "key:", *sorted(measured.key[edge.child]))
    if options.write:
        write_rates(measured)


if __name__ == "__main__":
    main()
