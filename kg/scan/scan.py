"""A project scanned: the models and data sets that its files name. No code of it runs, and nothing is asked of the net."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import msgspec

from kg.errors import InputError
from kg.messages.message import Message
from kg.scan._places import ScannedText
from kg.scan._readers import is_telling_file, read_source, surest
from kg.scan._rules import call_rules, name_rules
from kg.scan._walk import ScanFile, Walk
from kg.scan.finding import FindingKind, Scan, ScanCandidate, ScanFinding, ScanPlace, readable

Known = Callable[[str], FindingKind | None]  # what the graph has that goes by exactly this name
_MANY = 400  # files that are worth a second process
_CHUNK = 100
_PART = re.compile(r"-(?P<number>\d{5})-of-\d{5}\.")
_MINIFIED = 20_000  # characters of a line that no person wrote
_SIZE = re.compile(r"[-_:]\d+[bm]\b")  # of a model, in lower case


class _Read(NamedTuple):
    """What a file gave."""

    found: list[ScanCandidate]
    dynamic: list[ScanPlace]
    unreasoned: list[ScanPlace]
    unread: str = ""
    skipped: str = ""


def scan_text(text: str, name: str, known: Known | None = None) -> list[ScanFinding]:
    """What one text uses.

    Args:
        text: as it stands in a file.
        name: of the file, which decides how it is read, such as `app.py` or `compose.yaml`.
        known: tells what the graph knows; without it, what only its knowledge makes a find is none.
    """
    return _kept(read_source(ScannedText(_plain(text), name or "text")), known)


def scan_project(
    path: Path,
    *,
    known: Known | None = None,
    vendored: bool = False,
    jobs: int | None = None,
) -> Scan:
    """What the files of a project use.

    Args:
        path: a folder, or one file.
        known: as of `scan_text`.
        vendored: whether folders of others' code are read as well.
        jobs: processes; by default one a core where there are many files.

    Raises:
        InputError: there is no such file or folder.
    """
    if not (path.is_dir() or path.is_file()):
        raise InputError(Message("there is no file or folder %(path)s", path=path))
    walk = Walk(path, vendored)
    entries = list(walk.files())
    found: list[ScanCandidate] = []
    dynamic: list[ScanPlace] = []
    unreasoned: list[ScanPlace] = []
    unread: list[str] = []
    files = 0
    for read in _read_all(entries, jobs):
        if read.skipped:
            walk.skipped[read.skipped] += 1
            continue
        files += 1
        found += read.found
        dynamic += read.dynamic
        unreasoned += read.unreasoned
        unread += [read.unread] if read.unread else []
    return Scan(
        root=str(path),
        findings=_kept(found, known, path, _folders(entries)),
        files=files,
        skipped=dict(sorted(walk.skipped.items())),
        unread=sorted(unread),
        dynamic=sorted(set(dynamic)),
        unreasoned=sorted(unreasoned),
    )


def _read_all(entries: Sequence[ScanFile], jobs: int | None) -> Iterator[_Read]:
    workers = jobs or (min(os.cpu_count() or 1, 8) if len(entries) > _MANY else 1)
    if workers == 1:
        yield from map(_read_file, entries)
        return
    call_rules()
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(_read_file, entries, chunksize=_CHUNK)


def _read_file(entry: ScanFile) -> _Read:
    """Read one file; one that is no text, or written by a machine, is passed over."""
    name = readable(entry.name)
    if entry.weights:
        return _Read(_weights(name), [], [])
    try:
        data = entry.path.read_bytes()
    except OSError:
        return _Read([], [], [], skipped="unreadable")
    text = _decoded(data)
    if text is None:
        return _Read([], [], [], skipped="binary")
    if not (is_telling_file(entry.path.name.casefold()) or has_hint(text)):
        return _Read([], [], [])
    if not name.endswith((".ipynb", ".json")) and _is_minified(text):
        return _Read([], [], [], skipped="minified")
    source = ScannedText(_plain(text), name)
    found = read_source(source)
    unread = name if source.unread else ""
    return _Read(found, source.dynamic, source.unreasoned(), unread)


def has_hint(text: str) -> bool:
    """Whether a text can name a model: most files of most projects cannot, and are not read further.

    >>> has_hint('run("bigscience/bloom-560m")'), has_hint("def add(a, b): return a + b")
    (True, False)
    """
    low = text.lower()
    return any(word in low for word in name_rules().hints) or _SIZE.search(low) is not None


def _weights(name: str) -> list[ScanCandidate]:
    """The finding that a file of weights is, one for all parts of a model."""
    if (part := _PART.search(name)) and int(part["number"]) > 1:
        return []
    low = name.rpartition("/")[2].casefold()
    kind: FindingKind = "adapter" if "adapter" in low or "lora" in low else "weights"
    finding = ScanFinding(
        file=name,
        line=1,
        column=1,
        what=name,
        kind=kind,
        host="file",
        use="file of weights",
        sure="file",
    )
    return [ScanCandidate(finding)]


def _decoded(data: bytes) -> str | None:
    """A file as text; None if it is none."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    if b"\0" in data[:8192]:
        return None
    return data.decode("utf-8-sig", "replace")


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", " ")


def _is_minified(text: str) -> bool:
    longest = max(map(len, text.split("\n")))
    return longest > _MINIFIED and longest * 2 > len(text)


def _folders(entries: Iterable[ScanFile]) -> frozenset[str]:
    """The names of the folders that files stand in."""
    return frozenset(part for entry in entries for part in entry.name.split("/")[:-1])


def _kept(
    found: Iterable[ScanCandidate],
    known: Known | None,
    root: Path | None = None,
    folders: frozenset[str] = frozenset(),
) -> list[ScanFinding]:
    """The finds that stand: what names a file of the project is none, nor what nobody knows where that decides.

    A name of one word that is a folder of the project, wherever it lies, is that folder unless the graph knows it.
    """
    told: dict[str, FindingKind | None] = {}
    kept = []
    for finding, needs_known in surest(found):
        if root and finding.sure != "text" and _is_here(root, finding):
            continue
        if needs_known or (finding.host == "hub" and finding.what in folders):
            if finding.what not in told:
                told[finding.what] = known(finding.what) if known else None
            if not (kind := told[finding.what]):
                continue
            if kind == "dataset":
                finding = msgspec.structs.replace(finding, kind=kind)
        kept.append(finding)
    return sorted(kept)


def _is_here(root: Path, finding: ScanFinding) -> bool:
    """Whether a name is the path of a folder or file of the project, from its top or from beside the file."""
    if finding.sure == "file" or root.is_file():
        return False
    beside = (root / finding.file).parent
    try:
        return any((folder / finding.what).exists() for folder in {root, beside})
    except (OSError, ValueError):
        return False
