"""What changed since any release that is known here, and what could be done with a model on its day.

Of a release that stands whole every fact is compared. Of one that was deleted only what was kept
(kg/snapshot/releases/briefs.py) can be, and answers say so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec

from kg.answers.changes import GROUPS, ChangesAnswer, tell_changed
from kg.answers.contract import Ref
from kg.answers.show import Labels
from kg.licenses.terms import Use, Verdict
from kg.model.claim import kind_of
from kg.model.vocabulary import ACCESS, COMMERCIAL_VERDICT, LICENSE
from kg.snapshot.records import Records
from kg.snapshot.releases.briefs import RETIRED, Brief, Briefs
from kg.snapshot.releases.changes import Change, Changed, compare_entities
from kg.snapshot.releases.past import PastRelease
from kg.snapshot.snapshot import Snapshot


class PastVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """What could be done with a model by a release that is kept as briefs: the verdict, without its reasons."""

    id: str
    label: str
    release: str
    built: str
    as_of: str
    use: Use
    verdict: Verdict
    known: bool  # false: that release had no such model
    license: list[Ref]
    terms: dict[str, str]
    base: list[str]
    access: str | None
    retired: str | None


def past_verdict(
    snapshot: Snapshot, release: PastRelease, id: str, use: Use = "commercial", lang: str = "en"
) -> PastVerdict:
    """What could be done with a model by who says nothing of themselves, by a release of before.

    Args:
        snapshot: the current release, by which the name is understood.
        release: that of before.
        id: as a user names it.
        use: what it was to be used for.
        lang: language of labels.

    Raises:
        UnknownId: nothing goes by that name now, nor did by that id.
        SnapshotError: nothing was kept of that release, or it is damaged.
    """
    briefs = release.briefs()
    brief = briefs.get(id)
    if brief is None:
        now = snapshot.find(id)
        every = (briefs.get(one) for one in (now, *snapshot.former(now)))
        brief = next((one for one in every if one), None)
        id = now
    labels = Labels(snapshot, lang)
    told = brief or Brief(id=id, label=labels.name(id))
    licenses = [labels.ref(one) for one in told.license]
    return _told(told, release, use, licenses, known=brief is not None)


def _told(
    brief: Brief, release: PastRelease, use: Use, licenses: list[Ref], known: bool
) -> PastVerdict:
    return PastVerdict(
        id=brief.id,
        label=brief.label,
        release=release.version,
        built=release.built,
        as_of=release.as_of,
        use=use,
        verdict=brief.verdict(use),
        known=known,
        license=licenses,
        terms=brief.terms,
        base=list(brief.base),
        access=brief.access or None,
        retired=brief.retired or None,
    )


def unknown_then(release: PastRelease, name: str, use: Use) -> PastVerdict:
    """That nothing is known of a name, as an entry of a list."""
    return _told(Brief(id=name, label=name), release, use, [], known=False)


def changes_since(
    snapshot: Snapshot,
    release: PastRelease,
    *,
    group: str = "",
    kind: str = "",
    most: int | None = None,
    lang: str = "en",
) -> ChangesAnswer:
    """What is otherwise now than in a release of before.

    Args:
        snapshot: the current release.
        release: that of before.
        group: a key of GROUPS, to see only such changes.
        kind: only entities of this kind.
        most: how many entities to give; all by default.
        lang: language of labels.

    Raises:
        SnapshotError: nothing was kept of that release, or it is damaged.
    """
    whats: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    wanted = frozenset(GROUPS.get(group, ()))
    chosen = []
    whole = release.is_whole
    for changed in _between(snapshot, release) if whole else _of_briefs(snapshot, release):
        kinds[kind_of(changed.id)] += 1
        whats.update(change.what for change in changed.changes)
        if kind in ("", kind_of(changed.id)) and (
            not wanted or any(change.what in wanted for change in changed.changes)
        ):
            chosen.append(changed)
    order = list(snapshot.vocabulary.kinds)
    chosen.sort(key=lambda changed: (order.index(kind_of(changed.id)), changed.id.encode()))
    labels = Labels(snapshot, lang)
    return ChangesAnswer(
        version=snapshot.manifest.version,
        before=release.version,
        built=snapshot.history.summary.built,
        total=len(chosen),
        whats=dict(whats),
        kinds=dict(kinds),
        entities=[
            tell_changed(snapshot, one, labels, lang, GROUPS.get(group, ()))
            for one in islice(chosen, most)
        ],
        since=release.version,
        briefs_only=not whole,
    )


def _between(snapshot: Snapshot, release: PastRelease) -> Iterator[Changed]:
    """All that is otherwise than in a release that stands whole."""
    with Snapshot(release.folder) as before:
        known: Records = before.lines

        def look(id: str) -> bytes | None:
            number = known.find(id)
            return None if number is None else known[number]

        yield from compare_entities(
            known, snapshot.lines, snapshot.redirects, snapshot.vocabulary, look
        )


def _of_briefs(snapshot: Snapshot, release: PastRelease) -> Iterator[Changed]:
    """What is otherwise by the briefs of both releases."""
    before, after = release.briefs(), Briefs(snapshot.folder)
    came_from = {
        now: was
        for was, now in snapshot.redirects.items()
        if before.get(was) and not after.get(was) and not before.get(now)
    }
    moved = frozenset(came_from.values())
    for brief in after:
        was = before.get(brief.id) or before.get(came_from.get(brief.id, ""))
        if changes := tuple(_changes(was, brief, snapshot)):
            yield Changed(brief.id, _labels(brief), changes)
    for was in before:
        if was.id not in moved and after.get(was.id) is None:
            yield _gone(was, snapshot.redirects.get(was.id, ""))


def _labels(brief: Brief) -> dict[str, str]:
    return {"en": brief.label} if brief.label else {}


def _gone(was: Brief, now: str) -> Changed:
    change = (
        Change(what="entity-renamed", before=(was.id,), after=(now,))
        if now
        else Change(what="entity-removed", facts=-1)
    )
    return Changed(was.id, _labels(was), (change,))


def _changes(was: Brief | None, now: Brief, snapshot: Snapshot) -> Iterator[Change]:
    if was is None:
        yield Change(what="entity-added", facts=-1)
        return
    if was.id != now.id:
        yield Change(what="entity-renamed", before=(was.id,), after=(now.id,))
    if was.label != now.label:
        yield Change(
            what="value-changed", property="label", before=(was.label,), after=(now.label,)
        )
    moved = snapshot.redirects
    before, after = (_by_relation(one) for one in (was, now))
    values: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
        (LICENSE, was.license, now.license),
        (ACCESS, _some(was.access), _some(now.access)),
        (RETIRED, _some(was.retired), _some(now.retired)),
        *((name, before.get(name, ()), after.get(name, ())) for name in {**before, **after}),
    ]
    for name, old, new in values:
        olds = tuple(moved.get(one, one) for one in old)
        yield from _value(name, olds, new)
    one, other = was.verdict("commercial"), now.verdict("commercial")
    if one != other:
        yield Change(
            what="verdict-changed", property=COMMERCIAL_VERDICT, before=(one,), after=(other,)
        )


def _some(text: str) -> tuple[str, ...]:
    return (text,) if text else ()


def _by_relation(brief: Brief) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for base in brief.base:
        relation, _, parent = base.partition(" ")
        found[relation] = (*found.get(relation, ()), parent)
    return found


def _value(name: str, was: Iterable[str], now: Iterable[str]) -> Iterator[Change]:
    olds, news = tuple(was), tuple(now)
    gone = tuple(one for one in olds if one not in news)
    come = tuple(one for one in news if one not in olds)
    if gone and come:
        yield Change(what="value-changed", property=name, before=gone, after=come)
    elif gone or come:
        yield Change(
            what="value-removed" if gone else "value-added", property=name, before=gone, after=come
        )
