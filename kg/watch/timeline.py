"""What changed on some entities, release by release, as far back as releases are known here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from kg.answers.changes import ChangedAnswer, tell_changed
from kg.answers.show import Labels
from kg.snapshot.layout import Layout
from kg.snapshot.releases.history import History
from kg.snapshot.releases.past import PastRelease, past_releases
from kg.snapshot.snapshot import Snapshot


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
