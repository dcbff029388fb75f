"""Claim runs: what `gyebo ingest` stored, one folder each, whole or not at all.

    home/runs/<name>/claims.jsonl     claims in the order of the source
                     sources.jsonl    claims on the sources themselves
                     links.jsonl      pairs of ids that name the same thing for certain (exact Hub ids)
                     issues.jsonl     what could not become a claim, with source, place, rule and value
                     run.json         what was read, when, and counts

A run of the same name is replaced. The same input gives the same claims, byte for byte.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import msgspec

from kg.claims.claim_files import encode
from kg.errors import InputError
from kg.messages.message import Message
from kg.model.claim import Claim, is_id, kind_of, slug_of
from kg.model.issues import Issue, Issues
from kg.model.values import mistake
from kg.model.vocabulary import HUB_ID, Vocabulary

_NAMES = frozenset(("label", "alias"))
_NO_PARENT_NAMED = ("parent-self", "parent-placeholder")  # issues with what should name a parent


class IdentityLink(msgspec.Struct, frozen=True, omit_defaults=True):
    """Two ids that name the same thing for certain, and why."""

    left: str
    right: str
    reason: str
    outdated: bool = False  # left is an old name, or a wrong spelling, of right


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What a run holds."""

    name: str
    source: str
    where: str  # what was read, as the user wrote it
    retrieved: str  # ISO date
    counts: dict[str, int]  # records, claims, entities of each kind, edges, links, issues
    issues: dict[str, int]  # by rule


def check_name(name: str) -> str:
    """A name that can be a folder.

    Raises:
        InputError: it cannot.
    """
    if not re.fullmatch(r"[\w][\w.+-]{0,150}", name):
        raise InputError(
            Message("%(name)r cannot name a run: use letters, digits, - and .", name=name)
        )
    return name


class RunWriter:
    """Writes one run.

    Args:
        runs: the folder of runs.
        name: of this one.
        vocabulary: what claims may say; others become issues.
    """

    def __init__(self, runs: Path, name: str, vocabulary: Vocabulary) -> None:
        self._folder, self._part = runs / check_name(name), runs / f".{name}.part"
        self._vocabulary = vocabulary
        self._edges = vocabulary.edges("weights", "distillation", "data")
        self.counts: Counter[str] = Counter()
        self._checked = ""  # the last subject that is an id of a known kind
        shutil.rmtree(self._part, ignore_errors=True)
        self._part.mkdir(parents=True)
        self._claims = (self._part / "claims.jsonl").open("wb")
        self._links = (self._part / "links.jsonl").open("wb")
        self._issues = Issues(self._part / "issues.jsonl")

    def add(self, found: Claim | Issue | IdentityLink) -> None:
        """Keep a claim, a link or an issue; a claim that fits no property becomes an issue."""
        if isinstance(found, Issue):
            self._issues.add(found)
        elif isinstance(found, IdentityLink):
            self._links.write(msgspec.json.encode(found) + b"\n")
            self.counts["links"] += 1
        elif wrong := self._wrong(found):
            said = found.said
            self._issues.add(
                Issue(
                    severity="warning",
                    rule="value",
                    subject=found.subject,
                    message=wrong,
                    property=found.property,
                    value=str(said.value)[:500],
                    source=said.source,
                    origin=said.locator,
                )
            )
        else:
            self._keep(found)

    def _keep(self, claim: Claim) -> None:
        self._claims.write(encode(claim))
        self.counts["claims"] += 1
        self.counts["edges"] += claim.property in self._edges
        if claim.property == HUB_ID and claim.said.value:
            hub = f"{kind_of(claim.subject)}/hf/{claim.said.value}"
            if hub != claim.subject:
                self.add(IdentityLink(claim.subject, hub, "the source names this Hub id"))

    def _wrong(self, claim: Claim) -> str:
        if claim.subject != self._checked:  # claims on one subject stand together
            if not is_id(claim.subject) or not slug_of(claim.subject):
                return f"{claim.subject!r} is not an id"
            if kind_of(claim.subject) not in self._vocabulary.kinds:
                return f"there is no kind {kind_of(claim.subject)!r}"
            self._checked = claim.subject
        value = claim.said.value
        if claim.property in _NAMES:
            return "" if isinstance(value, str) and value.strip() else "a name must be text"
        prop = self._vocabulary.properties.get(claim.property)
        if prop is None:
            return f"there is no property {claim.property!r}"
        if prop.domain and kind_of(claim.subject) not in prop.domain:
            return f"{claim.property} is not said of a {kind_of(claim.subject)}"
        wrong = None if value is None else mistake(prop, value)
        return str(wrong) if wrong else ""

    def finish(self, about: Iterable[Claim], source: str, where: str, retrieved: str) -> Run:
        """Publish the run in place of the one before.

        Args:
            about: claims on the sources.
            source: id of the source, or of the first.
            where: what was read.
            retrieved: ISO date.
        """
        self._shut()
        (self._part / "sources.jsonl").write_bytes(b"".join(map(encode, about)))
        counts = {name: self.counts[name] for name in ("records", "claims", "edges", "links")}
        counts["issues"] = sum(self._issues.counts.values())
        by_rule = dict(sorted(self._issues.counts.items()))
        run = Run(
            name=self._folder.name,
            source=source,
            where=where,
            retrieved=retrieved,
            counts=counts,
            issues=by_rule,
        )
        (self._part / "run.json").write_bytes(msgspec.json.format(msgspec.json.encode(run)) + b"\n")
        old = self._folder.with_name(f".{self._folder.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        if self._folder.exists():
            self._folder.rename(old)
        self._part.rename(self._folder)
        shutil.rmtree(old, ignore_errors=True)
        return run

    def close(self) -> None:
        """End; what is not finished goes away."""
        self._shut()
        shutil.rmtree(self._part, ignore_errors=True)

    def _shut(self) -> None:
        for file in (self._claims, self._links, self._issues):
            file.close()


def run_folders(runs: Path) -> list[Path]:
    """The folders of complete runs, by name."""
    found = sorted(path.parent for path in runs.glob("*/claims.jsonl"))
    return [folder for folder in found if not folder.name.startswith(".")]


def read_links(folder: Path) -> Iterator[IdentityLink]:
    """The links of a run; a run without the file has none."""
    path = folder / "links.jsonl"
    if path.exists():
        with path.open("rb") as file:
            for line in file:
                yield msgspec.json.decode(line, type=IdentityLink)


def parents_not_found(folder: Path, relations: Collection[str]) -> Iterator[str]:
    """The subjects for which a run's source names a parent that is no id: a path, an address, prose.

    Args:
        folder: of the run.
        relations: the properties that name parents.
    """
    path = folder / "issues.jsonl"
    if not path.exists():
        return
    with path.open("rb") as file:
        for line in file:
            if b'"rule":"parent-' in line:
                issue = msgspec.json.decode(line, type=Issue)
                named = issue.rule not in _NO_PARENT_NAMED
                if named and issue.property in relations:
                    yield issue.subject


def read_runs(runs: Path) -> list[Run]:
    """The runs of a folder, by name; folders that another program made are left out."""
    found = [path for folder in run_folders(runs) if (path := folder / "run.json").exists()]
    return [msgspec.json.decode(path.read_bytes(), type=Run) for path in found]


def remove_run(runs: Path, name: str) -> None:
    """Delete a run.

    Raises:
        InputError: there is none of that name.
    """
    folder = runs / check_name(name)
    if not folder.is_dir():
        known = [run.name for run in read_runs(runs)] or Message("none")
        raise InputError(
            Message("there is no run %(name)r; there are: %(known)s", name=name, known=known)
        )
    shutil.rmtree(folder)
