"""The claim runs that a build takes up, and those among them that somebody handed in.

What a run that was handed in says is said by a source of its own: `source/epoch` is Epoch's word, and
`source/epoch/<run>` a file in its form. So neither the trust nor the day of the source pass to the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from kg.claims.claim_files import Wanted, cut_subjects, decode_lines, read_claims
from kg.claims.runs import IdentityLink, read_links, read_run, run_folders
from kg.ingest.origin import is_handed_in
from kg.model.claim import LABEL, RULE, Claim, slug_of
from kg.model.vocabulary import SOURCE_TYPE

_ENTITY = 400  # about so many bytes of a run are on one


class StoredRun(NamedTuple):
    """One run, ready to stream."""

    folder: Path
    handed_in: bool
    rules: frozenset[str] = frozenset()  # of this program, which it quotes

    @property
    def name(self) -> str:
        """Of the run."""
        return self.folder.name.removeprefix(".").removesuffix(".old")

    @property
    def path(self) -> Path:
        """The file of its claims."""
        return self.folder / "claims.jsonl"

    @property
    def entities(self) -> int:
        """About how many things it speaks of: whether to share work on it is told from that."""
        return self.path.stat().st_size // _ENTITY

    def about(self) -> Iterator[Claim]:
        """What it says of its sources.

        Raises:
            DataError: a line is not a claim; with file and line.
        """
        for claim in read_claims(self.folder / "sources.jsonl"):
            yield self._named(claim)

    def claims(self) -> Iterator[Claim]:
        """What it says of everything else."""
        return self.claims_in(cut_subjects(self.path))

    def claims_in(self, parts: Iterable[range], wanted: Wanted | None = None) -> Iterator[Claim]:
        """What it says in ranges of the bytes of its file, whose lines have been read before, so they are claims.

        Args:
            parts: which begin and end between two lines.
            wanted: which subjects are of interest; None = all.
        """
        with self.path.open("rb") as file:
            for part in parts:
                file.seek(part.start)
                claims = decode_lines(file.read(len(part)), wanted)
                yield from self._owned(claims) if self.handed_in else claims

    def _owned(self, claims: Iterable[Claim]) -> Iterator[Claim]:
        """Claims, each said by a source of this file's own."""
        own = cache(self._own)  # millions of claims have a few sources
        for claim in claims:
            source = own(claim.said.source)
            if source != claim.said.source:
                said = msgspec.structs.replace(claim.said, source=source)
                claim = Claim(claim.subject, claim.property, said)
            yield claim

    def links(self) -> Iterator[IdentityLink]:
        """The pairs of ids that it says name the same thing."""
        return read_links(self.folder)

    def _named(self, claim: Claim) -> Claim:
        """A claim on a source, on that of this file."""
        subject, said = self._own(claim.subject), claim.said
        if subject != claim.subject and claim.property == LABEL:
            said = msgspec.structs.replace(said, value=f"{said.value}: {self.name}")
        if said.source == claim.subject:
            said = msgspec.structs.replace(said, source=subject)
        return Claim(subject, claim.property, said)

    def _own(self, id: str) -> str:
        """A source of its own for what has the form of another; a run that is one already stays it."""
        named = self.handed_in and id not in self.rules and "/" not in slug_of(id)
        return f"{id}/{self.name}" if named else id


def stored_runs(runs: Path, data: Path) -> list[StoredRun]:
    """The complete runs of a folder, by name; one that does not say where it came from was handed in.

    Args:
        runs: the folder of claim runs; may be missing.
        data: the data folder.
    """
    found = []
    for folder in run_folders(runs):
        run = read_run(folder)
        handed_in = run is None or is_handed_in(run, data)
        rules = _rules(folder) if handed_in else frozenset()
        found.append(StoredRun(folder, handed_in, rules))
    return found


def _rules(folder: Path) -> frozenset[str]:
    about = read_claims(folder / "sources.jsonl")
    return frozenset(c.subject for c in about if c.property == SOURCE_TYPE and c.said.value == RULE)
