"""What is true of the models of a list today, and what is otherwise than it was.

Invariant: nothing is taken for the same that could not be compared. A model that is not known is unknown, and a
verdict of a day of which only briefs are kept is compared only for who says nothing of themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from kg.errors import InputError
from kg.licenses.terms import Use, Verdict
from kg.messages.message import Message
from kg.snapshot.releases.past import PastRelease
from kg.snapshot.snapshot import Snapshot
from kg.watch._look import Look, TrueNow, hold_day
from kg.watch.compare import Differs, compare
from kg.watch.lock import Listed, Lock, LockLine, Question, read_lock, write_lock

State = Literal["same", "changed", "new", "dropped"]


class WatchedModel(msgspec.Struct, frozen=True, kw_only=True):
    """A model of the list, beside what was true of it."""

    model: str  # as the list writes it
    state: State  # new: what was compared with has no such model; dropped: the list has it no more
    id: str  # "" = nothing goes by this name here
    label: str
    verdict: Verdict
    changes: list[Differs]
    note: str = ""  # why it is not known, or what could not be compared


class WatchAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What changed for the models of a list."""

    release: str
    as_of: str
    use: Use
    lock: str | None  # the file that was compared with or written; None with `since`
    written: bool  # whether the lock was written by this run
    since: str | None  # version of the release that was compared with
    since_built: str | None
    compared: bool  # false: there was nothing to compare with, as the lock was written first
    uncompared: bool  # verdicts under a profile could not be compared
    unwatched: int  # calls of a project whose model is only known when they run
    changed: int  # models on which something is otherwise, new ones among them
    models: list[WatchedModel]


def compare_all(
    was: Mapping[str, LockLine],
    now: Mapping[str, TrueNow],
    snapshot: Snapshot,
    uncompared: frozenset[str] = frozenset(),
) -> list[WatchedModel]:
    """The models of a list beside what was true of them, sorted by name.

    Args:
        was: what was true, by what the list calls a model.
        now: what is true.
        snapshot: the current release, which says where ids went.
        uncompared: models whose verdict then is not known.
    """
    found = []
    for name in sorted({*was, *now}):
        before, after = was.get(name), now.get(name)
        if after is None:
            assert before is not None
            found.append(_watched(name, "dropped", TrueNow(before, ""), []))
            continue
        if before is None:
            found.append(_watched(name, "new", after, []))
            continue
        differs = list(compare(before, after.held, snapshot.redirects))
        if name in uncompared:
            differs = [one for one in differs if one.what != "verdict"]
        found.append(_watched(name, "changed" if differs else "same", after, differs))
    return found


def _watched(name: str, state: State, found: TrueNow, changes: list[Differs]) -> WatchedModel:
    return WatchedModel(
        model=name,
        state=state,
        id=found.held.id,
        label=found.label,
        verdict=found.held.verdict,
        changes=changes,
        note=found.note,
    )


def watch_lock(
    snapshot: Snapshot,
    names: Sequence[str | Listed],
    path: Path,
    question: Question | None = None,
    *,
    update: bool = False,
    unwatched: int = 0,
    lang: str = "en",
) -> WatchAnswer:
    """Compare the models of a list with a lock; write it where there is none, or where that is asked for.

    Args:
        snapshot: the current release.
        names: as the list writes them, or as a scan understood them.
        path: the lock.
        question: what verdicts are about; by default what the lock says.
        update: accept what is otherwise; a line that says what is true stays as it is.
        unwatched: calls of a project whose model is only known when they run, to be told.
        lang: language of labels and notes.

    Raises:
        InputError: the lock is damaged, is about another question, or cannot be written.
    """
    known = read_lock(path) if path.exists() else None
    if known and question and question != known.question and not update:
        raise InputError(
            Message(
                "%(path)s is about another use or profile; leave the options out, or accept with --update",
                path=path,
            )
        )
    asked = question or (known.question if known else Question())
    now = Look(snapshot, asked, lang).find_all(names)
    was = known.held if known else {}
    models = compare_all(was, now, snapshot) if known else _first(now)
    if not known or update:
        same = {one.model for one in models if known and one.state == "same"}
        held = {name: was[name] if name in same else one.held for name, one in now.items()}
        write_lock(path, Lock(asked, held))
    return _answer(
        snapshot,
        asked,
        models,
        lock=path,
        compared=known is not None,
        written=not known or update,
        unwatched=unwatched,
    )


def watch_since(
    snapshot: Snapshot,
    names: Sequence[str | Listed],
    release: PastRelease,
    question: Question,
    *,
    unwatched: int = 0,
    lang: str = "en",
) -> WatchAnswer:
    """Compare the models of a list with what was true of them in a release of before.

    Args:
        snapshot: the current release.
        names: as the list writes them, or as a scan understood them.
        release: that of before.
        question: what verdicts are about.
        unwatched: as of `watch_lock`.
        lang: language of labels and notes.

    Raises:
        SnapshotError: nothing was kept of that release, or it is damaged.
    """
    now = Look(snapshot, question, lang).find_all(names)
    was, uncompared = hold_day(release, now, snapshot, question)
    models = compare_all(was, now, snapshot, uncompared)
    return _answer(
        snapshot, question, models, since=release, uncompared=bool(uncompared), unwatched=unwatched
    )


def _first(now: Mapping[str, TrueNow]) -> list[WatchedModel]:
    """The models of a lock that is written for the first time."""
    return [_watched(name, "same", found, []) for name, found in now.items()]


def _answer(
    snapshot: Snapshot,
    question: Question,
    models: list[WatchedModel],
    *,
    lock: Path | None = None,
    since: PastRelease | None = None,
    compared: bool = True,
    written: bool = False,
    uncompared: bool = False,
    unwatched: int = 0,
) -> WatchAnswer:
    return WatchAnswer(
        release=snapshot.manifest.version,
        as_of=snapshot.manifest.as_of,
        use=question.use,
        lock=str(lock) if lock else None,
        written=written,
        since=since.version if since else None,
        since_built=since.built if since else None,
        compared=compared,
        uncompared=uncompared,
        unwatched=unwatched,
        changed=sum(one.state in ("changed", "new") for one in models),
        models=models,
    )
