"""The families that most models stand in or come from, some of each half-year up to the newest.

For a first look at the whole field: which families there are today, which came out of which, and when. Which of
them are shown follows from the data alone, so that the picture moves with it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec

from kg.columns.table import read_table
from kg.errors import SnapshotError
from kg.model.claim import label_lang, main_label
from kg.model.dating import known_date
from kg.model.vocabulary import DEVELOPER
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot

_RANKED = 1000  # families that are ranked at all
_EACH = 3  # of a half-year
_HALVES = 8  # half-years
_FURTHER = 2  # parents besides the first

Tie = Literal["weights", "based", "successor"]
_NAMED: Mapping[str, Tie] = {"basedOn": "based", "successorOf": "successor"}  # by relation


class RankedFamily(NamedTuple):
    """A family, by number, with the models in it and those that come from it."""

    number: int
    models: int


class FamilyToday(msgspec.Struct, frozen=True, kw_only=True):
    """A family among those of today."""

    id: str
    label: str
    lang: str  # of the label
    date: str  # YYYY, YYYY-MM or YYYY-MM-DD; its own, else that of its first member
    models: int  # in it and derived from it
    org: str  # id of the first developer, "" if none is known
    org_label: str
    parent: str  # id of the family that most of it comes from, "" if it is none of these
    tie: Tie | None  # how it comes from that
    further: tuple[str, ...]  # others that its members took weights from


@memo(most=1)
def rank_families(snapshot: Snapshot) -> Sequence[RankedFamily]:
    """All families, those with most models first."""
    first, end = snapshot.kind_range("family")
    known = snapshot.families
    sized = (
        RankedFamily(n, len({*known.members(n), *known.descendants(n).models}))
        for n in range(first, min(end, first + _RANKED))
    )
    return sorted(sized, key=lambda family: (-family.models, family.number))


@memo(most=4)
def families_today(snapshot: Snapshot, lang: str = "en") -> tuple[FamilyToday, ...]:
    """The families of today, each behind the one it comes from.

    Args:
        snapshot: an open snapshot.
        lang: language of the labels.
    """
    chosen = _choose(snapshot)
    finder = _Ties(snapshot, chosen)
    told = {n: _tell(snapshot, n, *known, finder, lang) for n, known in chosen.items()}
    return tuple(_in_order([*told.values()]))


def newest_release(snapshot: Snapshot) -> str:
    """The last day on which a model of the data came out, ISO; "" if none is known."""
    try:
        days = read_table(snapshot).released
    except SnapshotError:
        return ""
    read = int(snapshot.manifest.as_of.replace("-", "") or 0)
    exact = days[(days % 100 > 0) & ((days <= read) | (read == 0))]
    return _iso(int(exact.max())) if len(exact) else ""


# ---- which


def _choose(snapshot: Snapshot) -> Mapping[int, tuple[str, int]]:
    """The families that are shown, with date and models: the largest of each of the last half-years.

    A family that has no date of its own and shares models with one that has is a name above others; of two that
    share models the larger is shown.
    """
    known = snapshot.families
    dates = snapshot.lineage.dates
    ranked = [
        (family, frozenset(known.members(family.number))) for family in rank_families(snapshot)
    ]
    dated = [members for family, members in ranked if dates[family.number]]
    of_dated = frozenset().union(*dated) if dated else frozenset()
    halves: dict[str, list[tuple[int, str, int]]] = defaultdict(list)
    taken: set[int] = set()
    for family, members in ranked:
        own = int(dates[family.number])
        date = _date(snapshot, family.number, members)
        half = _half(date)
        above = not own and members & of_dated
        if not date or above or members & taken or len(halves[half]) == _EACH:
            continue
        taken |= members
        halves[half].append((family.number, date, family.models))
    last = sorted(half for half, held in halves.items() if held)[-_HALVES:]
    return {n: (date, models) for half in last for n, date, models in halves[half]}


def _date(snapshot: Snapshot, family: int, members: frozenset[int]) -> str:
    """When a family came out, as exact as it is known: its own date, else that of its first member."""
    dates = snapshot.lineage.dates
    if dates[family]:
        return known_date(snapshot.entity_at(family))
    first = min((n for n in members if dates[n]), key=lambda n: (int(dates[n]), n), default=None)
    return "" if first is None else known_date(snapshot.entity_at(first))


def _half(date: str) -> str:
    """The half-year of a date; a year alone is its first half.

    >>> _half("2024-07"), _half("2024-06-30"), _half("2024")
    ('2024b', '2024a', '2024a')
    """
    return date[:4] + ("b" if date[5:7] > "06" else "a")


def _iso(day: int) -> str:
    """A date of the arrays as ISO writes it.

    >>> _iso(20240723), _iso(20240700), _iso(20240000), _iso(0)
    ('2024-07-23', '2024-07', '2024', '')
    """
    text = f"{day:08}"
    parts = [text[:4], text[4:6], text[6:]]
    return "-".join(part for part in parts if int(part)) if day else ""


# ---- how they are tied


class _Ties:
    """Which of the chosen families each of them comes from."""

    def __init__(self, snapshot: Snapshot, chosen: Mapping[int, tuple[str, int]]) -> None:
        self._snapshot, self._chosen = snapshot, chosen
        self._weights = snapshot.vocabulary.edges("weights", "distillation")
        self._of = {m: n for n in chosen for m in (n, *snapshot.families.members(n))}

    def find(self, family: int) -> tuple[list[int], Tie | None]:
        """The families that a family comes from, the first of which most of it does."""
        counted = Counter(self._parents(family))
        if counted:
            return sorted(counted, key=lambda n: (-counted[n], n)), "weights"
        for name, tie in _NAMED.items():
            if found := next(self._named(family, name), None):
                return [found], tie
        return [], None

    def _parents(self, family: int) -> Iterator[int]:
        lineage = self._snapshot.lineage
        for member in (family, *self._snapshot.families.members(family)):
            for edge in lineage.parents(member, self._weights):
                above = self._of.get(edge.parent)
                if above is not None and self._is_before(above, family):
                    yield above

    def _named(self, family: int, name: str) -> Iterator[int]:
        """The nearest of the chosen families that are named so, along as many steps as it takes."""
        seen, waiting = {family}, [family]
        while waiting:
            entity = self._snapshot.entity_at(waiting.pop(0))
            for value in entity.values(name):
                number = self._snapshot.lines.find(str(value))
                if number is None or number in seen:
                    continue
                seen.add(number)
                waiting.append(number)
                above = self._of.get(number)
                if above is not None and self._is_before(above, family):
                    yield above

    def _is_before(self, above: int, family: int) -> bool:
        return (self._chosen[above][0], above) < (self._chosen[family][0], family)


def _tell(
    snapshot: Snapshot, number: int, date: str, models: int, ties: _Ties, lang: str
) -> FamilyToday:
    entity = snapshot.entity_at(number)
    above, tie = ties.find(number)
    org = next((str(value) for value in entity.values(DEVELOPER) if value), "")
    return FamilyToday(
        id=entity.id,
        label=main_label(entity, lang),
        lang=label_lang(entity, lang),
        date=date,
        models=models,
        org=org,
        org_label=snapshot.label(org, lang) if org else "",
        parent=snapshot.id_at(above[0]) if above else "",
        tie=tie,
        further=tuple(snapshot.id_at(n) for n in above[1 : 1 + _FURTHER]),
    )


def _in_order(families: Sequence[FamilyToday]) -> Iterator[FamilyToday]:
    """Each family behind its parent, in the order of their dates."""
    below: dict[str, list[FamilyToday]] = defaultdict(list)
    for family in sorted(families, key=lambda one: (one.date, one.id)):
        below[family.parent].append(family)
    waiting = below[""][::-1]
    while waiting:
        family = waiting.pop()
        yield family
        waiting += below[family.id][::-1]
