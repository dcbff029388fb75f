"""What changed on some entities, release by release, as far back as releases are known here; part of the contract."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from kg.answers.changes import GROUPS, ChangedAnswer, tell_changed
from kg.answers.show import Labels
from kg.licenses.states import LICENSED
from kg.model.claim import kind_of
from kg.model.vocabulary import LICENSE
from kg.snapshot.layout import Layout
from kg.snapshot.releases.history import History
from kg.snapshot.releases.past import PastRelease, past_releases
from kg.snapshot.snapshot import Snapshot

MEMBERS = 500  # of a family whose changes are told with its own
LOOKED_AT = 20_000  # changed things that are looked at for a license, over all releases


class Step(msgspec.Struct, frozen=True):
    """What changed on an entity in a release."""

    version: str
    built: str
    changed: ChangedAnswer


class Timeline(msgspec.Struct, frozen=True, kw_only=True):
    """What changed on some entities."""

    steps: list[Step]  # the latest first
    updated: str  # when the latest was built; without any, the first release that is known
    known: bool  # whether one of them is known here, or something that changed on one is


class TimelineAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What changed on an entity, release by release, with its family's members or what a license holds of."""

    id: str
    kind: str
    label: str
    since: str  # when the first release that is known here was built
    releases: int  # that are known here
    members: int  # of a family, whose changes are told as well
    complete: bool  # false: there was too much to look through all of it
    steps: list[Step]  # the latest first


def tell_timeline(snapshot: Snapshot, id: str, most: int, lang: str = "en") -> TimelineAnswer:
    """What changed on an entity: of a family with its members, of a license with what came under it or left it.

    Args:
        snapshot: the current release.
        id: canonical.
        most: how many steps to give.
        lang: language of labels.
    """
    members = _members(snapshot, id)
    told = [id, *members[:MEMBERS]]
    found = find_timeline(snapshot, told, most, lang)
    steps, complete = found.steps, len(members) <= MEMBERS and len(found.steps) < most
    if kind_of(id) == "license":
        moved, looked_at_all = _moves(snapshot, id, most, lang)
        steps = sorted([*steps, *moved], key=lambda one: one.built, reverse=True)[:most]
        complete = complete and looked_at_all
    releases = _releases(snapshot)
    return TimelineAnswer(
        id=id,
        kind=kind_of(id),
        label=snapshot.label(id, lang),
        since=releases[0].built if releases else snapshot.history.summary.built,
        releases=len(releases),
        members=len(told) - 1,
        complete=complete,
        steps=steps,
    )


def _members(snapshot: Snapshot, id: str) -> list[str]:
    if kind_of(id) != "family":
        return []
    nodes = snapshot.families.members(snapshot.number(id))
    return sorted(snapshot.id_at(node) for node in nodes)


def _moves(snapshot: Snapshot, id: str, most: int, lang: str) -> tuple[list[Step], bool]:
    """What came under a license or left it, and whether all that changed was looked at."""
    labels = Labels(snapshot, lang)
    names = {id, *snapshot.former(id)}
    whats = (*GROUPS["facts"], *GROUPS["ranking"])
    left, steps = LOOKED_AT, []
    for release in reversed(_releases(snapshot)):
        history = _open(snapshot, release)
        chosen = history.select(LICENSED, whats).tolist() if history else []
        for number in chosen[:left]:
            assert history
            changed = history[number]
            kept = tuple(
                change
                for change in changed.changes
                if change.property == LICENSE
                and not names.isdisjoint(map(str, (*change.before, *change.after)))
            )
            if kept:
                moved = msgspec.structs.replace(changed, changes=kept)
                told = tell_changed(snapshot, moved, labels, lang)
                steps.append(Step(release.version, release.built, told))
        left -= len(chosen)
        if left < 0 or len(steps) >= most:
            return steps[:most], False
    return steps, True


def find_timeline(snapshot: Snapshot, ids: Sequence[str], most: int, lang: str = "en") -> Timeline:
    """What changed on some entities, the latest first.

    Args:
        snapshot: the current release; later ones are left out.
        ids: canonical, or such as were known before.
        most: how many steps to give.
        lang: language of labels.
    """
    releases = _releases(snapshot)
    steps = list(_steps(snapshot, releases, ids, most, lang))
    first = releases[0].built if releases else snapshot.history.summary.built
    there = any(snapshot.lines.find(id) is not None for id in ids)
    return Timeline(
        steps=steps, updated=steps[0].built if steps else first, known=there or bool(steps)
    )


def _releases(snapshot: Snapshot) -> list[PastRelease]:
    layout = Layout(snapshot.folder.parent.parent)
    return [r for r in past_releases(layout) if r.folder.name <= snapshot.folder.name]


def _steps(
    snapshot: Snapshot, releases: Sequence[PastRelease], ids: Sequence[str], most: int, lang: str
) -> Iterator[Step]:
    labels = Labels(snapshot, lang)
    every = sorted({name for id in ids for name in (id, *snapshot.former(id))})
    left = most
    for release in reversed(releases):
        history = _open(snapshot, release)
        for id in every:
            changed = history.find(id) if history and left else None
            if changed:
                left -= 1
                told = tell_changed(snapshot, changed, labels, lang)
                yield Step(release.version, release.built, told)


def _open(snapshot: Snapshot, release: PastRelease) -> History | None:
    """The changes of a release; None if they are gone, as those of the oldest are in time.

    A build may delete a snapshot while this is asked; what stays of it is there before that.
    """
    past = Layout(snapshot.folder.parent.parent).past
    for folder in (release.folder, past / release.folder.name):
        try:
            return History(folder).opened()
        except OSError:
            continue
    return None
