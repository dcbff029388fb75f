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
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from kg.claims._renewal import refuse_loss, says_the_same
from kg.claims.claim_files import encode, read_claims
from kg.errors import InputError
from kg.files.durable import keep_files, keep_folder
from kg.files.output import write_file
from kg.messages.message import Message
from kg.model.claim import Claim, is_id, kind_of, slug_of
from kg.model.issues import Issue, Issues
from kg.model.values import mistake
from kg.model.vocabulary import HUB_ID, Vocabulary

_NAMES = frozenset(("label", "alias"))


class IdentityLink(msgspec.Struct, frozen=True, omit_defaults=True):
    """Two ids that name the same thing for certain, and why."""

    left: str
    right: str
    reason: str
    outdated: bool = False  # left is an old name, or a wrong spelling, of right


class RunOrigin(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What it takes to read a run again; all empty = the source itself as a whole, from its home."""

    path: str = ""  # absolute
    dated: str = ""  # when the source said what stands there, as the user stated it
    address: str = ""  # without user, password and query
    cut: bool = False  # the address had one of these, which are not kept
    ids: tuple[str, ...] = ()  # of a source that can be asked itself, as are the next two
    author: str = ""
    limit: int = 0
    vouched: bool = False  # the user answers for the path or address


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What a run holds."""

    name: str
    source: str
    where: str  # what was read, as the user wrote it
    retrieved: str  # ISO date
    counts: dict[str, int]  # records, claims, entities of each kind, edges, links, issues
    issues: dict[str, int]  # by rule
    origin: RunOrigin | None = None  # None: made before this was kept
    checked: str = ""  # ISO date when the source last said the same; "" = when it was read


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
        self._properties: Counter[str] = Counter()
        self._checked = ""  # the last subject that is an id of a known kind
        shutil.rmtree(self._part, ignore_errors=True)
        self._part.mkdir(parents=True)
        _restore(self._folder)
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
        self._properties[claim.property] += 1
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
                write_file(described, lambda out: out.write(_written(run)))
                return run
        (self._part / "run.json").write_bytes(_written(run))
        old = _old(self._folder)
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
        for file in (self._claims, self._links, self._issues):
            file.close()


def _written(run: Run) -> bytes:
    return msgspec.json.format(msgspec.json.encode(run)) + b"\n"


def _old(folder: Path) -> Path:
    """Where a run stands while another takes its place."""
    return folder.with_name(f".{folder.name}.old")


def _restore(folder: Path) -> None:
    """Put a run back whose successor never came: the program was killed between two renames."""
    if not folder.exists() and (_old(folder) / "run.json").exists():
        _old(folder).rename(folder)


def run_folders(runs: Path) -> list[Path]:
    """The folders of complete runs, by name."""
    found = {path.parent.name: path.parent for path in runs.glob("*/claims.jsonl")}
    for name, folder in list(found.items()):
        if name.startswith("."):
            del found[name]
            run = runs / name.removeprefix(".").removesuffix(".old")
            if folder == _old(run) and not run.exists():
                found[run.name] = folder
    return [folder for _, folder in sorted(found.items())]


def read_links(folder: Path) -> Iterator[IdentityLink]:
    """The links of a run; a run without the file has none."""
    path = folder / "links.jsonl"
    if path.exists():
        with path.open("rb") as file:
            for line in file:
                yield msgspec.json.decode(line, type=IdentityLink)


def read_runs(runs: Path) -> list[Run]:
    """The runs of a folder, by name; folders that another program made are left out."""
    return [run for folder in run_folders(runs) if (run := read_run(folder))]


def read_run(folder: Path) -> Run | None:
    """What a run says of itself; None: another program made the folder."""
    path = folder / "run.json"
    return msgspec.json.decode(path.read_bytes(), type=Run) if path.exists() else None


def remove_run(runs: Path, name: str) -> None:
    """Delete a run.

    Raises:
        InputError: there is none of that name.
    """
    folder = runs / check_name(name)
    _restore(folder)
    if not folder.is_dir():
        known = [run.name for run in read_runs(runs)] or Message("none")
        raise InputError(
            Message("there is no run %(name)r; there are: %(known)s", name=name, known=known)
        )
    shutil.rmtree(folder)
