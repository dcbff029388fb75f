"""What the fill of a shape says: the organization, or what the license allows.

Never color alone: the name or the word stands beside each model and in the legend.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from kg.answers.tree.node import TreeNode
from kg.answers.tree.tree import FAMILY, Tree
from web.app.i18n import mark
from web.charts.org_colors import OTHER, listed
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
