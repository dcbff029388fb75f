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
from collections.abc import Iterator
from pathlib import Path

import msgspec

from kg.errors import InputError
from kg.messages.message import Message


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


def run_bytes(run: Run) -> bytes:
    """What run.json holds."""
    return msgspec.json.format(msgspec.json.encode(run)) + b"\n"


def old_place(folder: Path) -> Path:
    """Where a run stands while another takes its place."""
    return folder.with_name(f".{folder.name}.old")


def restore_run(folder: Path) -> None:
    """Put a run back whose successor never came: the program was killed between two renames."""
    if not folder.exists() and (old_place(folder) / "run.json").exists():
        old_place(folder).rename(folder)


def run_folders(runs: Path) -> list[Path]:
    """The folders of complete runs, by name."""
    found = {path.parent.name: path.parent for path in runs.glob("*/claims.jsonl")}
    for name, folder in list(found.items()):
        if name.startswith("."):
            del found[name]
            run = runs / name.removeprefix(".").removesuffix(".old")
            if folder == old_place(run) and not run.exists():
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
    restore_run(folder)
    if not folder.is_dir():
        known = [run.name for run in read_runs(runs)] or Message("none")
        raise InputError(
            Message("there is no run %(name)r; there are: %(known)s", name=name, known=known)
        )
    shutil.rmtree(folder)
