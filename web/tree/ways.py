"""The ways by which something came to an entity, in one drawing: weights are lines, data are ribbons."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import msgspec
from markupsafe import Markup

from kg.language.width import clean
from kg.model.claim import kind_of
from kg.model.vocabulary import LICENSE
from kg.snapshot.snapshot import Snapshot
from web.charts.svg import Pattern, joined, short
from web.tree._boxes import GAP, TALL, BoxPlace, curve, draw_box, draw_join
from web.ui.links import href
from web.ui.relations import TermsWay

MOST = 60  # boxes
_WIDE, _BETWEEN = 196.0, 54.0
_CSS: Mapping[str, str] = {"dataset": "dat", "product": "svc", "org": "svc"}


class WaysDrawing(msgspec.Struct, frozen=True, kw_only=True):
    """The drawing, and what is not in it."""

    svg: Markup
    left_out: int  # ways for which there was no room
    data: bool  # whether a ribbon is in it


def draw_ways(
    snapshot: Snapshot, ways: Iterable[TermsWay], lit: Collection[str], lang: str, told: str
) -> WaysDrawing:
    """Draw the ways that lead to one entity.

    Args:
        snapshot: names what is on them.
        ways: each from that entity up; at least one.
        lit: origins whose ways stand out.
        lang: language of the labels.
        told: what the drawing shows, for who does not see it.
    """
    kept, left_out = _that_fit(ways)
    return _Drawing(snapshot, kept, lit, lang).drawing(told, left_out)


def _that_fit(ways: Iterable[TermsWay]) -> tuple[list[TermsWay], int]:
    """The ways there is room for, and how many others there are."""
    kept: list[TermsWay] = []
    seen: set[str] = set()
    left_out = 0
    for way in dict.fromkeys(ways):
        if len(seen.union(way.ids)) > MOST:
            left_out += 1
            continue
        seen.update(way.ids)
        kept.append(way)
    return kept, left_out


def columns(here: str, links: Collection[tuple[str, str]]) -> list[list[str]]:
    """What stands in each column: the entity in the last, each parent before all that came from it.

    A ring of parents ends as well: no place is moved more often than there are entities.

    Args:
        here: what all ways lead to.
        links: parent and child.

    >>> columns("m", [("base", "m"), ("data", "base"), ("data", "m")])
    [['data'], ['base'], ['m']]
    """
    steps = {here: 0, **{id: 1 for link in links for id in link if id != here}}
    for _ in steps:
        for parent, child in links:
            if parent != here:
                steps[parent] = min(max(steps[parent], steps[child] + 1), len(steps))
    used = sorted({*steps.values()}, reverse=True)
    return [[id for id, step in steps.items() if step == at] for at in used]


class _Drawing:
    """One drawing: the places of the boxes and what joins them."""

    def __init__(
        self, snapshot: Snapshot, ways: Sequence[TermsWay], lit: Collection[str], lang: str
    ) -> None:
        self._snapshot, self._lang = snapshot, lang
        self._text = snapshot.vocabulary.edges("data", "distillation")
        self._links = {link: relation for way in ways for link, relation in way.links()}
        lit_ways = [way for way in ways if way.origin in lit]
        self._lit_ids = {id for way in lit_ways for id in way.ids}
        self._lit_links = {link for way in lit_ways for link, _ in way.links()}
        self._here = ways[0].ids[0]
        ordered = columns(self._here, self._links)
        self._tall = max(map(len, ordered)) * (TALL + GAP) - GAP
        self._width = len(ordered) * (_WIDE + _BETWEEN) - _BETWEEN
        self._places: dict[str, BoxPlace] = {}
        for at, ids in reversed([*enumerate(ordered)]):
            self._stand(at, ids)

    def _stand(self, at: int, ids: list[str]) -> None:
        """BoxPlace a column around the middle, each box near what came from it."""
        ids.sort(key=lambda id: (self._wish(id), self._label(id)))
        y = (self._tall - (len(ids) * (TALL + GAP) - GAP)) / 2
        for id in ids:
            self._places[id] = BoxPlace(at * (_WIDE + _BETWEEN), y, _WIDE)
            y += TALL + GAP

    def _wish(self, id: str) -> float:
        below = [c for p, c in self._links if p == id and c in self._places]
        return sum(self._places[c].y for c in below) / len(below) if below else 0.0

    def drawing(self, told: str, left_out: int) -> WaysDrawing:
        """The drawing as an element."""
        svg = Pattern(
            '<svg class="draw ways{dim}" viewBox="-1 -1 {w} {h}" width="{w}" height="{h}" role="group"'
            ' aria-label="{told}">{body}</svg>'
        ).format(
            dim=Markup(" dim") if self._lit_ids else "",
            w=short(self._width + 2),
            h=short(self._tall + 2),
            told=told,
            body=joined([*self._joins(), *self._boxes()]),
        )
        data = not self._text.isdisjoint(self._links.values())
        return WaysDrawing(svg=svg, left_out=left_out, data=data)

    def _joins(self) -> Iterator[Markup]:
        for (parent, child), relation in self._links.items():
            source, target = self._places[parent], self._places[child]
            lit = " lit" if (parent, child) in self._lit_links else ""
            classes = ("rib" if relation in self._text else "w") + lit
            path = curve(source.end, source.middle, target.x, target.middle)
            yield draw_join(classes, parent, child, path)

    def _boxes(self) -> Iterator[Markup]:
        for id, place in self._places.items():
            css = "me" if id == self._here else _CSS.get(kind_of(id), "")
            lit = "lit" if id in self._lit_ids else ""
            classes = f"{css} {lit}".strip()
            yield draw_box(place, id, self._label(id), self._about(id), href(id), classes)

    def _label(self, id: str) -> str:
        return clean(self._snapshot.label(id, self._lang)).removeprefix("hf/")

    def _about(self, id: str) -> str:
        """The license that it states, else what it is."""
        if self._snapshot.lines.find(id) is None:
            return ""
        stated = [str(v) for v in self._snapshot.entity(id).values(LICENSE) if v]
        if stated:
            return self._label(stated[0]) + (f" +{len(stated) - 1}" if len(stated) > 1 else "")
        return self._snapshot.vocabulary.kinds[kind_of(id)].term.labels[self._lang]
