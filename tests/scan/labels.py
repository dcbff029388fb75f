"""The judged projects: what a scan has to find in each, and how well findings agree (tests/scan/projects/README.md)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from kg.files.yaml import read_yaml

PROJECTS = Path(__file__).parent / "projects"
KINDS = ("model", "dataset", "adapter", "weights")
KEYS = {"repository", "commit", "license", "held", "kept", "files", "expected", "may", "not"}
# What stands before a name where an address or a path is written: the same thing is named with and without.
BEFORE = re.compile(r"^(?:(?:hf|ollama)://|\./)")
ON_THE_HUB = re.compile(r"^https?://huggingface\.co/(?:datasets/)?([^/\s]+/[^/\s]+)(?:/.*)?$")
SUFFIXES = {
    ".py": "Python",
    ".ipynb": "notebook",
    ".ts": "JavaScript and TypeScript",
    ".tsx": "JavaScript and TypeScript",
    ".js": "JavaScript and TypeScript",
    ".yaml": "YAML",
    ".yml": "YAML",
    ".json": "JSON",
    ".sh": "shell",
    ".zsh": "shell",
    ".env": "environment",
}
NAMES = {"Modelfile": "Modelfile", "Dockerfile": "Dockerfile", ".env": "environment"}


class Place(NamedTuple):
    """A name where it is written."""

    file: str  # below the project, with /
    line: int  # from 1
    name: str  # as plain_name gives it


class Case(NamedTuple):
    """A judged project."""

    folder: Path
    held: bool
    expected: Mapping[Place, str]  # to its kind, of KINDS
    may: frozenset[Place]  # neither right nor wrong
    tempting: frozenset[Place]  # wrong, as everything else that is not expected, but told by name


class Found(NamedTuple):
    """What a scan says of one name."""

    place: Place
    kind: str


class Counts(NamedTuple):
    """How findings agree with labels."""

    expected: int = 0
    found: int = 0  # without what may be found
    right: int = 0

    @property
    def precision(self) -> float:
        """The share of findings that are right; 1 where nothing was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """The share of labels that were found; 1 where there are none."""
        return self.right / self.expected if self.expected else 1.0

    def __add__(self, other: Counts) -> Counts:  # type: ignore[override]
        """Both together."""
        return Counts(*(one + more for one, more in zip(self, other, strict=True)))


class Agreement(NamedTuple):
    """How the findings in one file agree with its labels."""

    file: str
    placed: Counts  # file, line and name
    named: Counts  # file and name
    kinds: int  # of those placed right, how many have the right kind
    missed: tuple[Place, ...]
    wrong: tuple[Place, ...]


def plain_name(written: str) -> str:
    """A name without the scheme, host and path of a file that an address puts around it."""
    on_hub = ON_THE_HUB.match(written)
    return on_hub[1] if on_hub else BEFORE.sub("", written)


def kind_of_file(file: str) -> str:
    """The kind of file that counts are shown by."""
    path = Path(file)
    if path.name.split("-", 1)[0] in NAMES:
        return NAMES[path.name.split("-", 1)[0]]
    if ".github" in path.parts:
        return "GitHub"
    return SUFFIXES.get(path.suffix, "other")


@cache
def read_cases() -> tuple[Case, ...]:
    """All judged projects, in the order of their numbers."""
    return tuple(_case(folder) for folder in sorted(PROJECTS.iterdir()) if folder.is_dir())


def agree(case: Case, found: Iterable[Found]) -> Iterator[Agreement]:
    """How findings agree with the labels of a project, one file after another.

    Several findings of one name in one place count once. What the labels allow counts for nothing.
    """
    kinds = {one.place: one.kind for one in found if one.place not in case.may}
    for file in sorted({place.file for place in (*case.expected, *kinds)}):
        expected = {place for place in case.expected if place.file == file}
        claimed = {place for place in kinds if place.file == file}
        right = expected & claimed
        allowed = {place.name for place in case.may if place.file == file}
        names, wanted = ({place.name for place in places} for places in (claimed, expected))
        counted = names - (allowed - wanted)
        yield Agreement(
            file,
            Counts(len(expected), len(claimed), len(right)),
            Counts(len(wanted), len(counted), len(wanted & names)),
            sum(kinds[place] == case.expected[place] for place in right),
            tuple(sorted(expected - claimed)),
            tuple(sorted(claimed - expected)),
        )


def total(agreements: Sequence[Agreement]) -> tuple[Counts, Counts, int]:
    """The sums: placed, named, and how many of those placed right have the right kind."""
    return (
        sum((one.placed for one in agreements), Counts()),
        sum((one.named for one in agreements), Counts()),
        sum(one.kinds for one in agreements),
    )


def _case(folder: Path) -> Case:
    """What case.yaml says."""
    said: dict[str, Any] = read_yaml(folder / "case.yaml").data
    expected = {_place(row): row["kind"] for row in said["expected"]}
    may, tempting = (frozenset(_place(row) for row in said.get(key, ())) for key in ("may", "not"))
    return Case(folder, said["held"], expected, may, tempting)


def _place(row: Mapping[str, Any]) -> Place:
    return Place(row["file"], row["line"], plain_name(row["name"]))
