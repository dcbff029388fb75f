"""Precision and recall of license answers, clause by clause, on models labeled by hand.

    python -m tests.licenses.evaluate            print the table
    python -m tests.licenses.evaluate --write    and write data/licenses/EVALUATION.md, and the
                                                 numbers of its table beside it as JSON, for the site

Besides, the share of the catalog's license claims that reach terms (tests/licenses/shares.py).

A label is (model, way, license, kind of clause). Paperwork of training data and data without a license
are left out: whether they bind at all is what the answers say is unsettled.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from kg.answers.license import license_answer
from kg.build.build import build
from kg.config import load_config
from kg.files.yaml import read_yaml
from kg.paths import DATA
from kg.snapshot.snapshot import Snapshot
from tests.licenses.shares import shipped_share, told
from tests.shared_build import write_data

HERE = Path(__file__).parent
_WAYS = {"own": "held", "weights": "held", "outputs": "outputs", "data": "data"}
_FOUND = {"held": "held", "learned": "outputs", "trained": "data"}
_ADDED = {"none": "no-license", "unread": "unknown-license"}

Label = tuple[str, str, str, str]  # model, way, license, kind


class Score(NamedTuple):
    """How many labels were met."""

    hit: int
    extra: int
    missed: int

    @property
    def precision(self) -> float:
        """Of what was answered, how much is right."""
        return self.hit / (self.hit + self.extra) if self.hit + self.extra else 1.0

    @property
    def recall(self) -> float:
        """Of what is right, how much was answered."""
        return self.hit / (self.hit + self.missed) if self.hit + self.missed else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


class Result(NamedTuple):
    """The outcome of an evaluation."""

    models: int
    by_kind: dict[str, Score]
    total: Score
    verdicts: list[tuple[str, str, str]]  # model, expected, answered; only where they differ
    findings: int
    with_path: int
    extra: list[Label]
    missed: list[Label]


def labels(data: dict[str, Any]) -> Iterator[Label]:
    """The hand-made labels, one for each clause."""
    for model, chain in data["models"].items():
        for way in _WAYS:
            for license in chain.get(way, ()):
                kinds = (
                    [_ADDED[license]]
                    if license in _ADDED
                    else data["texts"][license].get(_WAYS[way], ())
                )
                name = "" if license in _ADDED else license
                yield from ((model, _WAYS[way], name, kind) for kind in kinds)


def answered(snapshot: Snapshot, model: str) -> tuple[set[Label], str, int, int]:
    """The program's labels for a model, its verdict, its findings and how many have a path."""
    answer = license_answer(snapshot, model)
    found: set[Label] = set()
    for finding in answer.findings:
        data = finding.way == "trained" and finding.group in ("paperwork", "unknown")
        if not data and finding.weighs:
            unread = finding.clause in _ADDED.values()
            license = "" if unread else (finding.license or "").removeprefix("license/")
            found.add((model, _FOUND[finding.way], license, finding.clause))
    paths = sum(bool(f.path) and len(f.edges) == len(f.path) - 1 for f in answer.findings)
    return found, answer.verdict, len(answer.findings), paths


@contextmanager
def evaluation_snapshot() -> Iterator[Snapshot]:
    """The data of the tests with the further models of evaluation-extra.yaml."""
    with tempfile.TemporaryDirectory(prefix="gyebo-eval-") as folder:
        data = write_data(Path(folder))
        shutil.copy(HERE / "evaluation-extra.yaml", data / "curated" / "evaluation-extra.yaml")
        config = load_config(home=Path(folder) / "home")
        build(config, data)
        snapshot = Snapshot.current(config.home)
        yield snapshot
        snapshot.close()


def evaluate(snapshot: Snapshot) -> Result:
    """Compare all labels with the program's answers."""
    data = read_yaml(HERE / "evaluation.yaml").data
    expected, got = set(labels(data)), set()
    verdicts, findings, paths = [], 0, 0
    for model, chain in data["models"].items():
        found, verdict, count, with_path = answered(snapshot, model)
        got |= found
        findings, paths = findings + count, paths + with_path
        if verdict != chain["commercial"]:
            verdicts.append((model, chain["commercial"], verdict))
    kinds = sorted({label[3] for label in expected | got})
    hit, extra, missed = (
        Counter(label[3] for label in labels_)
        for labels_ in (expected & got, got - expected, expected - got)
    )
    by_kind = {kind: Score(hit[kind], extra[kind], missed[kind]) for kind in kinds}
    total = Score(hit.total(), extra.total(), missed.total())
    return Result(
        len(data["models"]),
        by_kind,
        total,
        verdicts,
        findings,
        paths,
        sorted(got - expected),
        sorted(expected - got),
    )


def report(result: Result) -> str:
    """The result as a page."""
    lines = [
        "# Evaluation of license answers",
        "",
        "Generated by `make eval-licenses` (`python -m tests.licenses.evaluate --write`).",
        "",
        f"{result.models} models: of `data/curated`, and of the records of opening-up-chatgpt (Liesenfeld, Lopez,",
        "Dingemanse 2023, CC BY 4.0). Labeled by hand in two steps: which licenses reach a model and how, from the sources;",
        "which clauses of a license bind that way, from its text. The labels and what was read stand in",
        "`tests/licenses/evaluation.yaml`. A label is a clause of a license that binds a model by holding weights, by",
        "learning from outputs, or by training on data.",
        "",
        "What this does not show: one person labeled, who had also written the rules and seen answers on some of the models,",
        "so the labels are not blind; the chains are short, without merges and distillation, which `tests/licenses/cases.yaml`",
        "covers; the labels know no license that the program does not know. LISCAN's 92.9 % precision and 89.8 % recall were",
        "measured on pairs of components over the whole Hub and are not comparable. The first run gave F1 0.999: a patent",
        "clause followed training data, and its reach was corrected.",
        "",
        f"- clauses: precision {result.total.precision:.3f}, recall {result.total.recall:.3f}, "
        f"F1 {result.total.f1:.3f} ({result.total.hit} right, {result.total.extra} too many, "
        f"{result.total.missed} missed)",
        f"- findings with a path: {result.with_path} of {result.findings}",
        f"- verdict on commercial use: {result.models - len(result.verdicts)} of {result.models} as labeled",
        "",
        "| clause | right | too many | missed | precision | recall |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {kind} | {s.hit} | {s.extra} | {s.missed} | {s.precision:.2f} | {s.recall:.2f} |"
        for kind, s in result.by_kind.items()
    ]
    for title, rows in (("Too many", result.extra), ("Missed", result.missed)):
        if rows:
            lines += ["", f"## {title}", ""]
            lines += [
                f"- {kind} of {license or 'no text'} on {model} ({way})"
                for model, way, license, kind in rows
            ]
    if result.verdicts:
        lines += ["", "## Verdicts that differ", ""]
        lines += [
            f"- {model}: labeled {wanted}, answered {got}" for model, wanted, got in result.verdicts
        ]
    return "\n".join(lines) + "\n"


def numbers(result: Result) -> str:
    """The numbers of the table as JSON."""
    clauses = [
        {"clause": kind, "right": s.hit, "extra": s.extra, "missed": s.missed}
        for kind, s in result.by_kind.items()
    ]
    return json.dumps({"models": result.models, "clauses": clauses}, indent=2) + "\n"


if __name__ == "__main__":
    with evaluation_snapshot() as opened:
        result = evaluate(opened)
    print(report(result))
    print(told(shipped_share()))
    if "--write" in sys.argv:
        folder = DATA / "licenses"
        (folder / "EVALUATION.md").write_text(report(result), encoding="utf-8")
        (folder / "EVALUATION.json").write_text(numbers(result), encoding="utf-8")
