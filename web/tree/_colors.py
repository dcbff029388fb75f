"""What the fill of a shape says, the organization or what the license allows, and the legend under a drawing.

Never color alone: the name or the word stands beside each model and in the legend, which has a sample and a word
for everything that occurs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from kg.answers.tree.node import TreeNode
from kg.answers.tree.tree import FAMILY, Tree
from kg.language.width import clean, fitted, text_width
from kg.model.vocabulary import IN_FAMILY
from web.app.i18n import mark, translator
from web.charts.org_colors import OTHER, listed
from web.charts.svg import Pattern
from web.tree._layout import TreeLayout
from web.tree.shapes import shape
from web.ui.relations import KINDS, kind_word
from web.ui.verdicts import WORDS

COLORS: Mapping[str, str] = {
    "org": mark("organization"),
    "license": mark("license"),
    "relation": mark("relation"),  # of the map; elsewhere lines say it
}


class Coloring(NamedTuple):
    """The class of each node, the word beside its name, and the legend."""

    classes: Mapping[str, str]
    beside: Mapping[str, str]
    legend: Sequence[tuple[str, str]]  # class, word


def coloring(tree: Tree, by: str, gettext: Callable[[str], str]) -> Coloring:
    """Color the nodes of a tree.

    Args:
        tree: the tree.
        by: a name in COLORS; what is not among `choices` counts as org.
        gettext: translates a word of the interface.
    """
    judged = by == "license" and by in choices(tree)
    return _by_license(tree, gettext) if judged else _by_org(tree, gettext)


def choices(tree: Tree, on_map: bool = False) -> list[str]:
    """What the nodes of a tree can be colored by: licenses only where one was judged.

    Args:
        tree: the tree.
        on_map: whether for the map, which holds more than the tree shows and colors by relation as well.
    """
    if on_map:
        return [*COLORS]
    judged = any(node.verdict for node in tree.nodes)
    return [name for name in COLORS if name == "org" or (judged and name == "license")]


def _by_org(tree: Tree, gettext: Callable[[str], str]) -> Coloring:
    names = {node.org_id: node.org for node in tree.nodes if node.org_id and node.org}
    hues = listed([node.org_id for node in tree.nodes if node.org])
    classes = {node.id: hues.get(node.org_id or "", OTHER) for node in tree.nodes}
    legend = [(hue, names[org] or org) for org, hue in hues.items()]
    if OTHER in classes.values():
        legend.append((OTHER, gettext("other or unknown organization")))
    return Coloring(classes, {n.id: n.org or "" for n in tree.nodes}, legend)


def _by_license(tree: Tree, gettext: Callable[[str], str]) -> Coloring:
    def verdict(node: TreeNode) -> str:
        return node.verdict if node.verdict and node.verdict in WORDS else "unknown"

    classes = {node.id: f"v-{verdict(node)}" for node in tree.nodes}
    words = {name: gettext(word) for name, word in WORDS.items()}
    beside = {n.id: "" if n.kind == FAMILY else words[verdict(n)] for n in tree.nodes}
    present = set(classes.values())
    return Coloring(
        classes, beside, [(f"v-{v}", w) for v, w in words.items() if f"v-{v}" in present]
    )


# ---- the legend ----

_ROW, _SIZE = 26.0, 12.5
_SAMPLE, _GAP = 36.0, 26.0  # width of a line sample; between items


class _Item(NamedTuple):
    sample: Markup  # drawn to the right of 0,0
    width: float
    word: str


def legend(
    tree: Tree,
    plan: TreeLayout,
    colors: Coloring,
    lang: str,
    width: float,
    top: float,
) -> tuple[Markup, float]:
    """The legend of a tree, and its height.

    Args:
        tree: the tree.
        plan: where its nodes stand.
        colors: what fills their shapes.
        lang: language of the words.
        width: of the drawing.
        top: where the legend begins.
    """
    gettext = translator(lang)
    x, y = 20.0, top + _ROW
    drawn: list[Markup] = []
    for items in ([*_kinds(tree, lang), *_marks(tree, plan, gettext)], _colors(colors)):
        if drawn:
            x, y = 20.0, y + _ROW
        for item in items:
            wide = item.width + 8 + text_width(item.word, _SIZE)
            if x + wide > width - 8 and x > 20.0:
                x, y = 20.0, y + _ROW
            drawn.append(_item(item, x, y, width))
            x += wide + _GAP
    line = Pattern('<path class="rule" d="M8 {y}H{w}"/>').format(y=f"{top:.0f}", w=f"{width - 8:g}")
    body = Pattern('<g class="legend-row">{}{}</g>').format(line, Markup("").join(drawn))
    return body, y - top + _ROW * 0.8


def _item(item: _Item, x: float, y: float, width: float) -> Markup:
    word = fitted(item.word, _SIZE, width - x - item.width - 12)
    return Pattern(
        '<g transform="translate({x} {y})">{sample}<text x="{tx}" y="4.5">{word}</text></g>'
    ).format(x=f"{x:.0f}", y=f"{y:.0f}", sample=item.sample, tx=f"{item.width + 8:g}", word=word)


def _colors(colors: Coloring) -> Iterator[_Item]:
    """What the fill of a shape says."""
    for name, word in colors.legend:
        swatch = Pattern(
            '<g class="node {}"><g class="shape"><rect class="solid" y="-6" width="14"'
            ' height="12" rx="3"/></g></g>'
        ).format(name)
        yield _Item(swatch, 14, clean(word))


def _kinds(tree: Tree, lang: str) -> Iterator[_Item]:
    """The kinds of node and the relations, each by its line and shape."""
    lines = {n.relation for n in tree.nodes} - {IN_FAMILY}
    for kind in (
        kind
        for kind in KINDS
        if kind
        in {n.kind for n in tree.nodes}
        | {IN_FAMILY} & {node.relation for node in tree.nodes if node.relation}
    ):
        word = kind_word(kind, lang)
        if kind == IN_FAMILY:
            yield _Item(_line(kind, _SAMPLE), _SAMPLE, word)
        elif kind in lines:
            yield _Item(_line(kind, 22) + _shape(kind, 28), _SAMPLE, word)
        else:
            yield _Item(_shape(kind, 8), 16, word)


def _marks(tree: Tree, plan: TreeLayout, gettext: Callable[[str], str]) -> Iterator[_Item]:
    """What else stands in the drawing."""
    if any(other.shown for node in tree.nodes for other in node.others):
        yield _Item(
            Pattern('<path class="link further" d="M0 -6C16 -6 {w} -6 {w} 6"/>').format(
                w=f"{_SAMPLE:g}"
            ),
            _SAMPLE,
            gettext("further parent"),
        )
    if any(writer.shown for n in tree.nodes for datum in n.data for writer in datum.writers):
        yield _Item(
            Pattern('<path class="link wrote" d="M0 -6C16 -6 {w} -6 {w} 6"/>').format(
                w=f"{_SAMPLE:g}"
            ),
            _SAMPLE,
            gettext("wrote the data"),
        )
    if any(spot.bar for spot in plan.spots.values()):
        yield _Item(
            Pattern(
                '<g class="bars"><rect x="0" y="-5" width="{}" height="10" rx="5"/></g>'
            ).format(f"{_SAMPLE:g}"),
            _SAMPLE,
            gettext("released within this time"),
        )
    spots = ((node.kind, plan.spots[node.id]) for node in tree.nodes)
    if kind := next((kind for kind, spot in spots if not spot.dated and not spot.lane), ""):
        yield _Item(
            Pattern('<g class="open">{}</g>').format(_shape(kind, 8)),
            16,
            gettext("date unknown, before its first descendant"),
        )


def _line(relation: str, width: float) -> Markup:
    return Pattern('<path class="link k-{}" d="M0 0H{}"/>').format(relation, f"{width:g}")


def _shape(kind: str, x: float) -> Markup:
    return Pattern(
        '<g class="node"><g class="shape" transform="translate({} 0)">{}</g></g>'
    ).format(f"{x:g}", shape(kind))
