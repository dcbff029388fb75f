"""Claim runs written: whole or not at all, whatever happens meanwhile. kg/claims/runs.py says what stands where."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import msgspec

from kg.claims._renewal import refuse_loss, says_the_same
from kg.claims.claim_files import encode, read_claims
from kg.claims.run_parts import PartEncoder, RunPart
from kg.claims.runs import (
    IdentityLink,
    Run,
    RunOrigin,
    check_name,
    old_place,
    restore_run,
    run_bytes,
)
from kg.files.durable import keep_files, keep_folder
from kg.files.output import write_file
from kg.model.claim import Claim
from kg.model.issues import Issue
from kg.model.vocabulary import Vocabulary

_FILES = ("claims", "links", "issues")
_AT_ONCE = 2_000  # of what is added that are encoded at once


class RunContent(NamedTuple):
    """What a run holds."""

    counts: dict[str, int]  # as of Run
    rules: dict[str, int]  # issues of each
    first: Issue | None  # the first issue


class RunWriter:
    """Writes one run.

    Args:
        runs: the folder of runs.
        name: of this one.
        vocabulary: what claims may say; others become issues.
    """

    def __init__(self, runs: Path, name: str, vocabulary: Vocabulary) -> None:
        self._folder, self._part = runs / check_name(name), runs / f".{name}.part"
        self._encoder = PartEncoder(vocabulary)
        self._edges = vocabulary.edges("weights", "distillation", "data")
        self._waiting: list[Claim | Issue | IdentityLink] = []
        self._records = self._linked = 0
        self._properties: Counter[str] = Counter()
        self._rules: Counter[str] = Counter()
        self._first: Issue | None = None
        shutil.rmtree(self._part, ignore_errors=True)
        self._part.mkdir(parents=True)
        restore_run(self._folder)
        self._files = {name: (self._part / f"{name}.jsonl").open("wb") for name in _FILES}

    @property
    def folder(self) -> Path:
        """Where it is made; nothing else may be left there when it is finished."""
        return self._part

    def add(self, found: Claim | Issue | IdentityLink) -> None:
        """Keep a claim, a link or an issue; a claim that fits no property becomes an issue."""
        self._waiting.append(found)
        if len(self._waiting) >= _AT_ONCE:
            self._flush()

    def add_part(self, part: RunPart, records: int) -> None:
        """Keep a part that was made elsewhere, after all that was added before.

        Args:
            part: what to keep.
            records: of the source, from which it was made.
        """
        self._flush()
        self._write(part)
        self._records += records

    def count_record(self) -> None:
        """Take note of a record of the source."""
        self._records += 1

    def content(self) -> RunContent:
        """What was added so far."""
        self._flush()
        counts = {
            "records": self._records,
            "claims": self._properties.total(),
            "edges": sum(self._properties[name] for name in self._edges),
            "links": self._linked,
            "issues": self._rules.total(),
        }
        return RunContent(counts, dict(sorted(self._rules.items())), self._first)

    def _flush(self) -> None:
        if self._waiting:
            part = self._encoder.encode(self._waiting)
            self._waiting.clear()
            self._write(part)

    def _write(self, part: RunPart) -> None:
        for name, data in zip(_FILES, (part.claims, part.links, part.issues), strict=True):
            self._files[name].write(data)
        self._properties.update(part.properties)
        self._rules.update(part.rules)
        self._linked += part.linked
        self._first = self._first or part.first

    def finish(
        self,
        about: Iterable[Claim],
        source: str,
        where: str,
        retrieved: str,
        origin: RunOrigin | None = None,
        *,
        renew: bool = False,
        shipped: Iterable[Claim] = (),
    ) -> Run:
        """Publish the run in place of the one before.

        Args:
            about: claims on the sources.
            source: id of the source, or of the first.
            where: what was read.
            retrieved: ISO date.
            origin: what it takes to read it again.
            renew: leave the run before as it is, if it says the same; see kg/claims/_renewal.py.
            shipped: what stands for the run where there is none.

        Raises:
            DataError: it lost much of what was said before, and `renew` is set.
        """
        content = self.content()
        self._shut()
        (self._part / "sources.jsonl").write_bytes(b"".join(map(encode, about)))
        run = Run(
            name=self._folder.name,
            source=source,
            where=where,
            retrieved=retrieved,
            counts=content.counts,
            issues=content.rules,
            origin=origin,
        )
        described = self._folder / "run.json"
        if renew:
            stored = described.exists()
            before = read_claims(self._folder / "claims.jsonl") if stored else shipped
            refuse_loss(Counter(claim.property for claim in before), self._properties)
            if stored and says_the_same(self._folder, self._part):
                held = msgspec.json.decode(described.read_bytes(), type=Run)
                run = msgspec.structs.replace(held, origin=origin, checked=retrieved)
                write_file(described, lambda out: out.write(run_bytes(run)))
                return run
        (self._part / "run.json").write_bytes(run_bytes(run))
        old = old_place(self._folder)
        shutil.rmtree(old, ignore_errors=True)
        keep_files(self._part)
        if self._folder.exists():
            self._folder.rename(old)
        self._part.rename(self._folder)
        keep_folder(self._folder.parent)
        shutil.rmtree(old, ignore_errors=True)
        return run

    def close(self) -> None:
        """End; what is not finished goes away, also where a full disk does not take the rest of it."""
        try:
            self._shut()
        finally:
            shutil.rmtree(self._part, ignore_errors=True)

    def _shut(self) -> None:
        with ExitStack() as stack:  # all of them, also where one cannot
            for file in self._files.values():
                stack.callback(file.close)
