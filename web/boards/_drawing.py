"""Releases as lanes to be drawn: what is named, what is counted by month, and the time that is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from kg.answers.boards.releases import (
    NOBODY,
    OTHERS,
    LaunchAnswer,
    ReleaseLane,
    ReleaseMaker,
    ReleasesRequest,
    find_lanes,
    find_lines,
    lane_label,
)
from kg.columns.table import read_table
from kg.language.dates import date
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot
from web.app.i18n import mark, translator
from web.charts.lanes import Lane, LaneItem
from web.charts.org_colors import OTHER, org_color
from web.charts.scatter import day_of

LANES = 12  # with a name of their own
_NAMED = 40  # releases of a lane that may be named
_EARLY = 0.06  # of all: so many may stand before the time that is shown
_LEAST = 24  # releases from which such a beginning is cut off

_NOBODY: Mapping[str, str] = {
    "org": mark("maker not known"),
    "country": mark("country of the maker not known"),
}
_OTHERS: Mapping[str, str] = {"org": mark("other makers"), "country": mark("other countries")}


class LaneFile(NamedTuple):
    """Lanes with the time that they show."""

    lanes: Sequence[Lane]
    span: tuple[int, int]  # months, as of timescale.month_index
    earlier: int  # releases before that time, which are not drawn
    since: int  # the year it begins
    undated: int


@memo(most=64)
def make_lanes(
    held: Snapshot,
    asked: ReleasesRequest,
    code: str,
    named: int = _NAMED,
    most: int = LANES,
    whole: bool = False,
) -> LaneFile | None:
    """The lanes of what is asked for; None where nothing of it has a date.

    Args:
        held: an open snapshot.
        asked: the conditions.
        code: language.
        named: releases of a lane that may be named, the most important ones.
        most: lanes with a name of their own.
        whole: no beginning is cut off where few of many stand.
    """
    table = read_table(held)
    found = find_lanes(held, asked, most)
    days = table.earliest().astype(np.int64)
    month = days // 10_000 * 12 + days // 100 % 100 - 1
    months = {lane.key: month[lane.rows] for lane in found}
    every = np.concatenate([*months.values(), np.zeros(0, np.int64)])
    undated = sum(len(lane.undated) for lane in found)
    if not len(every):
        return None
    first = int(every.min()) if whole or asked.start > 0 else _beginning(every)
    drawn = [
        lane
        for one in found
        if (lane := _lane(held, one, months[one.key], first, asked, code, named)) is not None
    ]
    earlier = int((every < first).sum())
    return LaneFile(drawn, (first, int(every.max()) + 1), earlier, first // 12, undated)


def _beginning(months: NDArray[np.int64]) -> int:
    """The first month, or that of the year before which few of many stand."""
    if len(months) < _LEAST:
        return int(months.min())
    place = int(len(months) * _EARLY)
    return max(int(months.min()), int(np.sort(months)[place]) // 12 * 12)


def _lane(
    held: Snapshot,
    lane: ReleaseLane,
    months: NDArray[np.int64],
    first: int,
    asked: ReleasesRequest,
    code: str,
    named: int,
) -> Lane | None:
    shown = months >= first
    if not shown.any():
        return None
    rows, months = lane.rows[shown], months[shown]
    has_names = lane.key not in (NOBODY, OTHERS) or not named
    count = min(named, len(rows)) if has_names else min(named // 3, len(rows))
    maker = ReleaseMaker(held, asked, code)
    items = [_item(maker.release(row), row, code) for row in rows[:count].tolist()]
    crowd = Counter(months[count:].tolist())
    label = lane_label(held, lane.key, code) or translator(code)(
        (_NOBODY if lane.key == NOBODY else _OTHERS)[asked.by]
    )
    return Lane(label, _color(lane.key), items, crowd, len(lane.rows) + len(lane.undated))


def _color(key: str) -> str:
    return org_color(key) if "/" in key else OTHER


def _item(found: LaunchAnswer, row: int, code: str) -> LaneItem:
    makers = ", ".join(maker.label for maker in found.makers)
    parts = (found.label, makers, date(found.date or "", code))
    return LaneItem(
        key=row,
        day=day_of(found.date or "") or 0.0,
        label=found.label,
        href=found.id,
        told=", ".join(filter(None, parts)),
        css=org_color(found.makers[0].id if found.makers else None),
    )


def linked(lanes: Sequence[Lane], href: Callable[[str], str]) -> list[Lane]:
    """Lanes whose names lead to pages.

    Args:
        lanes: whose items hold ids.
        href: the address of an entity.
    """
    return [
        lane._replace(items=[replace(item, href=href(item.href)) for item in lane.items])
        for lane in lanes
    ]


def with_bases(
    held: Snapshot, lanes: Sequence[Lane], code: str
) -> tuple[list[Lane], list[tuple[int, int]]]:
    """Lanes whose releases name what they were made from elsewhere, and the derivations among them."""
    rows = np.array([item.key for lane in lanes for item in lane.items], np.int32)
    lines, outside = find_lines(held, rows)
    base = {row: _base_name(held, node, code) for row, node in outside.items()}
    told = [
        lane._replace(items=[_with_base(item, base.get(item.key, "")) for item in lane.items])
        for lane in lanes
    ]
    return told, [(line.parent, line.child) for line in lines]


def _base_name(held: Snapshot, node: int, code: str) -> str:
    """What a base is called; one that nothing describes by the end of its id."""
    id = held.id_at(node)
    return held.label(id, code) if node < len(held.lines) else id.rpartition("/")[2]


def _with_base(item: LaneItem, base: str) -> LaneItem:
    return replace(item, told=f"{item.told} ← {base}", base=base) if base else item
