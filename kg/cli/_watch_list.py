"""The models that `gyebo watch` is about: of a list, of a lock, or those that a project names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from kg.cli._license.report import read_models
from kg.errors import InputError
from kg.messages.message import Message
from kg.snapshot.snapshot import Snapshot
from kg.watch.lock import Listed, LockLine, is_lock, read_lock


class WatchList(NamedTuple):
    """What is watched."""

    models: Sequence[str | Listed]
    unwatched: int = 0  # calls whose model is only known when they run


def read_list(snapshot: Snapshot, target: Path, lang: str) -> WatchList:
    """The models that a folder uses, or that stand in a list or a lock.

    Args:
        snapshot: by which names are understood.
        target: a folder is scanned, a file is read.
        lang: language of notes.

    Raises:
        InputError: it cannot be read, or names no model.
    """
    if target.is_dir():
        return _scanned(snapshot, target, lang)
    if is_lock(target):
        return WatchList([_held(snapshot, one, lang) for one in read_lock(target).held.values()])
    return WatchList([name for _, name in read_models(target)])


def _held(snapshot: Snapshot, one: LockLine, lang: str) -> str | Listed:
    """A line of a lock by its id, which says more than its name; one that was unknown by its name."""
    if not one.id:
        return f"{one.model}@{one.revision}" if one.revision else one.model
    id = snapshot.redirects.get(one.id, one.id)
    if snapshot.lines.find(id) is not None:
        return Listed(one.model, one.revision, id)
    note = Message("%(id)s is not known here any more", id=one.id).text(lang)
    return Listed(one.model, one.revision, "", note)


def _scanned(snapshot: Snapshot, folder: Path, lang: str) -> WatchList:
    """What the files of a project name; what it ignores is not watched."""
    from kg.scan.identity import known_in  # a list needs no parsers
    from kg.scan.ignores import read_ignores
    from kg.scan.report import ScannedModel, ScanRequest, judge_scan
    from kg.scan.scan import scan_project

    def listed(one: ScannedModel, name: str) -> list[Listed]:
        note = "" if one.id else one.sentence
        revisions = {place.revision for place in one.places}
        return [Listed(name, revision, one.id or "", note) for revision in sorted(revisions)]

    scan = scan_project(folder, known=known_in(snapshot))
    report = judge_scan(snapshot, scan, ScanRequest(lang=lang, ignores=read_ignores(folder)))
    ids: dict[str, set[str | None]] = {}
    for one in report.models:
        ids.setdefault(one.what, set()).add(one.id)
    several = {what: len(found) for what, found in ids.items()}
    models = [
        entry
        for one in report.models
        # what is written alike and means several things is parted by where it belongs
        for entry in listed(
            one, one.what if several[one.what] == 1 else f"{one.what} ({one.host} {one.kind})"
        )
    ]
    if not models:
        raise InputError(
            Message("no file in %(path)s names a model, as far as `gyebo scan` sees", path=folder)
        )
    return WatchList(models, len(report.dynamic))
