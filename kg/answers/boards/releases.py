"""Which models came out when, in a lane for each maker or country.

A model stands in the lane of who developed it; where no source says that, of who put it online. Copies of
models (the relations with a `kg:copyWord`) are no releases and are left out. A model of several makers
stands in one lane: that of the first of them that is asked for, or of the first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from kg.answers.choosing.conditions import name_value
from kg.answers.choosing.rows import iso_day
from kg.answers.contract import Ref
from kg.columns.table import Mask, ModelTable, read_table
from kg.licenses.wording import territory
from kg.lineage.adjacency import order_by
from kg.model.claim import is_id
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot

By = Literal["org", "country"]
# Lanes of what has no known maker or country, and of what has no lane of its own
NOBODY, OTHERS = "", "others"
_LATEST = 10**8  # after any day, as YYYYMMDD
OPEN = ("open-weights", "on-request")  # weights that one can have


class ReleasesRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Which releases are asked for."""

    by: By = "org"  # what a lane is
    orgs: tuple[str, ...] = ()  # ids of makers; all by default
    countries: tuple[str, ...] = ()  # codes of ISO 3166-1, where their makers are
    open_weights: bool = False  # those alone whose weights are given out
    start: float = 0  # days as YYYYMMDD, both within
    end: float = float("inf")


class ReleaseLane(NamedTuple):
    """A lane with its models."""

    key: str  # id of a maker, code of a country, NOBODY or OTHERS
    rows: NDArray[np.int32]  # dated, those that most was made from first
    undated: NDArray[np.int32]


class LaunchAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A model as a release."""

    id: str
    label: str
    date: str | None  # ISO, as precise as it is known; null = not known
    makers: list[Ref]
    countries: list[str]  # codes
    access: str | None
    descendants: int | None  # models made from it
    lane: str


class LaunchesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Releases by date; those without one last."""

    by: By
    total: int
    dated: int
    rows: list[LaunchAnswer]


@memo(most=1)
def find_makers(snapshot: Snapshot) -> tuple[Sequence[tuple[str, ...]], NDArray[np.int32]]:
    """The groups of makers, and the place of each model's in them; place 0 is nobody."""
    table = read_table(snapshot)
    developers, publishers = table.groups("org"), table.groups("publisher")
    by_developer, by_publisher = table.places_of("org"), table.places_of("publisher")
    other = np.where(by_publisher > 0, by_publisher + len(developers), 0)
    places = np.where(by_developer > 0, by_developer, other).astype(np.int32)
    return (*developers, *publishers), places


@memo(most=1)
def find_originals(snapshot: Snapshot) -> Mask:
    """The models that are no copies of others."""
    table, lineage = read_table(snapshot), snapshot.lineage
    children, _, codes = lineage.arrays()
    copied = children[lineage.codes(snapshot.vocabulary.copies)[codes]] - table.first
    kept = np.ones(len(table), bool)
    kept[copied[(copied >= 0) & (copied < len(table))]] = False
    return kept


@memo(most=64)
def find_releases(snapshot: Snapshot, asked: ReleasesRequest) -> NDArray[np.int32]:
    """The models that are asked for, dated or not; without a range of dates those without a date too.

    Args:
        snapshot: an open snapshot.
        asked: the conditions.

    Raises:
        SnapshotError: the snapshot was built before columns were kept.
    """
    table = read_table(snapshot)
    groups, places = find_makers(snapshot)
    kept = find_originals(snapshot).copy()
    if asked.orgs:
        kept &= _of_groups(groups, places, frozenset(asked.orgs))
    if asked.countries:
        wanted, known = frozenset(asked.countries), table.countries
        makers = {maker for maker, codes in known.items() if not wanted.isdisjoint(codes)}
        kept &= _of_groups(groups, places, frozenset(makers))
    if asked.open_weights:
        kept &= table.having("access", lambda values: not set(OPEN).isdisjoint(values))
    if asked.start > 0 or asked.end < float("inf"):
        days = table.earliest()
        kept &= (days >= asked.start) & (days <= asked.end) & (days > 0)
    return np.flatnonzero(kept).astype(np.int32)


def _of_groups(
    groups: Sequence[tuple[str, ...]], places: NDArray[np.int32], wanted: frozenset[str]
) -> Mask:
    passing = np.array([not wanted.isdisjoint(group) for group in groups], bool)
    return passing[places]


def find_lanes(snapshot: Snapshot, asked: ReleasesRequest, most: int) -> list[ReleaseLane]:
    """The lanes of what is asked for, those with most models first.

    Args:
        snapshot: an open snapshot.
        asked: the conditions.
        most: lanes of their own; the others stand together in one, before what nothing is known of.
    """
    table, rows = read_table(snapshot), find_releases(snapshot, asked)
    groups, places = find_makers(snapshot)
    keys = [lane_of(table, group, asked) for group in groups]
    counts: Counter[str] = Counter()
    for place, count in enumerate(np.bincount(places[rows], minlength=len(groups)).tolist()):
        counts[keys[place]] += count
    known = sorted((k for k in counts if counts[k] and k), key=lambda k: (-counts[k], k))
    named = known[:most] if len(known) > most + 1 else known
    order = [*named, OTHERS, NOBODY]
    number = {key: i for i, key in enumerate(order)}
    of_group = np.array([number.get(key, len(named)) for key in keys])
    lane = of_group[places[rows]]
    found = [_lane(table, key, rows[lane == i]) for i, key in enumerate(order)]
    return [one for one in found if len(one.rows) or len(one.undated)]


def lane_of(table: ModelTable, makers: tuple[str, ...], asked: ReleasesRequest) -> str:
    """The lane of the models of some makers: a key of ReleaseLane, never OTHERS."""
    wanted = [maker for maker in makers if maker in asked.orgs]
    if asked.by == "org":
        if asked.countries and not wanted:
            there = frozenset(asked.countries)
            wanted = [m for m in makers if not there.isdisjoint(table.countries.get(m, ()))]
        return next(iter((*wanted, *makers)), NOBODY)
    codes = [code for m in (*wanted, *makers) for code in table.countries.get(m, ())]
    return next(iter([c for c in codes if c in asked.countries] or codes), NOBODY)


def _lane(table: ModelTable, key: str, rows: NDArray[np.int32]) -> ReleaseLane:
    dated = table.released[rows] > 0
    return ReleaseLane(key, by_importance(table, rows[dated]), by_importance(table, rows[~dated]))


def by_importance(table: ModelTable, rows: NDArray[np.int32]) -> NDArray[np.int32]:
    """Rows with those first that most was made from, then those most downloaded."""
    descendants = np.nan_to_num(table.numbers("descendants")[rows])
    downloads = np.nan_to_num(table.numbers("downloads")[rows])
    return rows[np.lexsort((rows, -downloads, -descendants))]


def newest_first(table: ModelTable, rows: NDArray[np.int32]) -> NDArray[np.int32]:
    """Rows by date, those without one last."""
    days = table.earliest()[rows].astype(np.int64)
    turned = np.where(days > 0, _LATEST - days, _LATEST)
    return rows[order_by(turned, table.places("en")[rows])]


class ReleaseMaker:
    """Makes answers of rows in one language.

    Args:
        snapshot: an open snapshot.
        asked: what they were asked for by.
        lang: language of labels.
    """

    def __init__(self, snapshot: Snapshot, asked: ReleasesRequest, lang: str) -> None:
        self._snapshot, self._asked, self._lang = snapshot, asked, lang
        self._table = read_table(snapshot)
        self._groups, self._places = find_makers(snapshot)
        self._known: dict[int, tuple[list[Ref], list[str], str]] = {}

    def release(self, row: int) -> LaunchAnswer:
        """One model."""
        table, place = self._table, int(self._places[row])
        if place not in self._known:
            self._known[place] = self._of_group(self._groups[place])
        makers, countries, lane = self._known[place]
        access, descendants = table.values("access", row), table.numbers("descendants")[row]
        return LaunchAnswer(
            id=self._snapshot.id_at(table.first + row),
            label=table.label(row, self._lang),
            date=iso_day(int(table.released[row])),
            makers=makers,
            countries=countries,
            access=access[0] if access else None,
            descendants=None if np.isnan(descendants) else int(descendants),
            lane=lane,
        )

    def _of_group(self, makers: tuple[str, ...]) -> tuple[list[Ref], list[str], str]:
        codes = dict.fromkeys(c for maker in makers for c in self._table.countries.get(maker, ()))
        named = [Ref(maker, self._snapshot.label(maker, self._lang)) for maker in makers]
        return named, [*codes], lane_of(self._table, makers, self._asked)


def answer_releases(
    snapshot: Snapshot,
    asked: ReleasesRequest,
    limit: int | None = None,
    offset: int = 0,
    lang: str = "en",
) -> LaunchesAnswer:
    """The releases that are asked for, the newest first.

    Args:
        snapshot: an open snapshot.
        asked: the conditions.
        limit: most rows; None = all.
        offset: rows to skip.
        lang: language of labels.

    Raises:
        SnapshotError: the snapshot was built before columns were kept.
    """
    table, rows = read_table(snapshot), find_releases(snapshot, asked)
    maker = ReleaseMaker(snapshot, asked, lang)
    shown = newest_first(table, rows)[offset : None if limit is None else offset + limit]
    return LaunchesAnswer(
        by=asked.by,
        total=len(rows),
        dated=int((table.released[rows] > 0).sum()),
        rows=[maker.release(row) for row in shown.tolist()],
    )


def lane_label(snapshot: Snapshot, key: str, lang: str) -> str:
    """What a lane of a maker or a country is called; "" of those that are neither."""
    if key in (NOBODY, OTHERS):
        return ""
    return snapshot.label(key, lang) if is_id(key) else territory(key, lang) or key


def find_maker(snapshot: Snapshot, typed: str) -> str:
    """The id of a maker of some model by its id or name; "" if no maker goes by it."""
    made = {maker for group in find_makers(snapshot)[0] for maker in group}
    ids = (name_value(snapshot, "org", typed), name_value(snapshot, "publisher", typed))
    return next((id for id in ids if id in made), "")


@memo(most=1)
def count_countries(snapshot: Snapshot) -> Mapping[str, int]:
    """The countries that some maker of a model is in, with how many models, most first."""
    table, originals = read_table(snapshot), find_originals(snapshot)
    groups, places = find_makers(snapshot)
    counts: Counter[str] = Counter()
    for group, count in zip(
        groups, np.bincount(places[originals], minlength=len(groups)), strict=True
    ):
        for code in {c for maker in group for c in table.countries.get(maker, ())}:
            counts[code] += int(count)
    return {c: n for c, n in sorted(counts.items(), key=lambda item: (-item[1], item[0])) if n}


class ReleaseLine(NamedTuple):
    """A derivation between two rows: weights passed from the parent to the child."""

    parent: int
    child: int


def find_lines(
    snapshot: Snapshot, rows: NDArray[np.int32]
) -> tuple[list[ReleaseLine], Mapping[int, int]]:
    """The derivations among some models, and of those that come from elsewhere one such parent's node.

    Args:
        snapshot: an open snapshot.
        rows: the models.
    """
    lineage, first = snapshot.lineage, read_table(snapshot).first
    within, carries = set(rows.tolist()), lineage.codes(lineage.weights)
    lines, outside = list[ReleaseLine](), dict[int, int]()
    for row in rows.tolist():
        for node, code in zip(*lineage.up.of(first + row), strict=True):
            if not carries[code]:
                continue
            if node - first in within:
                lines.append(ReleaseLine(node - first, row))
            else:
                outside.setdefault(row, node)
    return lines, outside
