"""What changed since the release before, with labels, some entities at a time; part of the contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from kg.answers.contract import Shown
from kg.answers.show import Labels, show_value
from kg.messages.message import mark
from kg.model.claim import kind_of, slug_of
from kg.snapshot.releases.changes import Change, Changed, What, Why
from kg.snapshot.snapshot import Snapshot

WHAT_WORDS: Mapping[What, str] = {
    "entity-added": mark("new"),
    "entity-removed": mark("gone"),
    "entity-renamed": mark("goes by another id"),
    "value-added": mark("added"),
    "value-removed": mark("removed"),
    "value-changed": mark("another value holds"),
    "verdict-changed": mark("another verdict"),
    "dispute-began": mark("sources disagree now"),
    "dispute-ended": mark("sources no longer disagree"),
}
WHY_WORDS: Mapping[Why, str] = {
    "preferred": mark("A claim was preferred"),
    "rejected": mark("The earlier claim was rejected"),
    "withdrawn": mark("No source says the earlier value any more"),
    "outranked": mark("A source that was added ranks before the earlier one"),
    "reranked": mark("The sources rank in another order now"),
}

# What a reader chooses between, and the changes that stand behind each.
GROUPS: dict[str, Sequence[What]] = {
    "entities": ("entity-added", "entity-removed", "entity-renamed"),
    "facts": ("value-added", "value-removed"),
    "ranking": ("value-changed",),
    "verdicts": ("verdict-changed",),
    "disputes": ("dispute-began", "dispute-ended"),
}


class ChangeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is otherwise than in the release before."""

    what: What
    property: str | None  # None: of the entity as a whole
    before: list[Shown]  # values that no longer hold; the former verdict or id
    after: list[Shown]  # values that hold now; of a dispute, all that is said
    why: Why  # why the values before no longer hold
    reason: str | None  # in the words of who preferred or rejected a claim
    sources: list[str]  # that say what holds now
    facts: int | None = None  # of an entity that is new or gone, if that is known


class ChangedAnswer(msgspec.Struct, frozen=True):
    """All that changed on one entity."""

    id: str
    kind: str
    label: str
    exists: bool  # false: it is gone, or goes by another id
    changes: list[ChangeAnswer]


class ChangesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What changed since the release before."""

    version: str
    before: str | None  # None: there is no release to compare with
    built: str
    total: int  # changed entities that were asked for
    whats: dict[str, int]  # changes by what they are, of the whole release
    kinds: dict[str, int]  # changed entities by kind, likewise
    entities: list[ChangedAnswer]
    since: str | None = None  # the version that was asked for, where that is not the one before
    # Only license, bases, access, retirement and verdicts could be compared
    briefs_only: bool = False


def changes(
    snapshot: Snapshot,
    *,
    group: str = "",
    kind: str = "",
    first: int = 0,
    most: int | None = None,
    lang: str = "en",
) -> ChangesAnswer:
    """What changed since the release before.

    Args:
        snapshot: an open snapshot.
        group: a key of GROUPS, to see only such changes.
        kind: only entities of this kind.
        first: how many entities to pass over.
        most: how many to give; all by default.
        lang: language of labels.
    """
    history = snapshot.history
    whats = GROUPS.get(group, ())
    chosen = history.select([kind] if kind else list(snapshot.vocabulary.kinds), whats)
    labels = Labels(snapshot, lang)
    shown_ones = chosen[first : None if most is None else first + most].tolist()
    return ChangesAnswer(
        version=snapshot.manifest.version,
        before=history.summary.before,
        built=history.summary.built,
        total=len(chosen),
        whats=history.summary.whats,
        kinds=history.summary.kinds,
        entities=[tell_changed(snapshot, history[n], labels, lang, whats) for n in shown_ones],
    )


def tell_changed(
    snapshot: Snapshot,
    changed: Changed,
    labels: Labels,
    lang: str = "en",
    whats: Sequence[What] = (),
) -> ChangedAnswer:
    """All that changed on one entity, with labels.

    Args:
        snapshot: the release that it is told from.
        changed: as a history has it.
        labels: of that release.
        lang: language of labels.
        whats: only such changes; all if there are none.
    """
    label = changed.labels.get(lang) or next(iter(changed.labels.values()), slug_of(changed.id))
    made = (_change(snapshot, c, labels) for c in changed.changes if not whats or c.what in whats)
    exists = snapshot.lines.find(changed.id) is not None
    return ChangedAnswer(changed.id, kind_of(changed.id), label, exists, list(made))


def _change(snapshot: Snapshot, change: Change, labels: Labels) -> ChangeAnswer:
    known = snapshot.vocabulary.properties.get(change.property)
    refers = known is not None and known.type == "entity"
    return ChangeAnswer(
        what=change.what,
        property=change.property or None,
        before=[show_value(v, refers, labels) for v in change.before],
        after=[show_value(v, refers, labels) for v in change.after],
        why=change.why,
        reason=labels.remark(change.reason) or None,
        sources=list(change.sources),
        facts=change.facts
        if change.what in ("entity-added", "entity-removed") and change.facts >= 0
        else None,
    )


def total(whats: dict[str, int], group: str) -> int:
    """How many changes of a group there are.

    >>> total({"value-added": 2, "value-removed": 1, "dispute-ended": 4}, "facts")
    3
    """
    return sum(whats.get(what, 0) for what in GROUPS[group])
