"""The words of a node in a drawn family tree: what is seen beside it, and what it says when read."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from kg.answers.tree.node import TreeNode
from kg.answers.tree.tree import BASE, FAMILY, Tree
from kg.language.dates import date as date_words
from kg.language.width import clean, text_width
from web.ui.relations import kind_word, parent_phrase

NAME, SMALL = 14.5, 13.0  # font sizes, as in lineage.css
_GAP = 7.0

Words = Callable[[str], str]


class NodeLabel(NamedTuple):
    """The visible text of a node, as much as there is room for."""

    name: str
    beside: str  # the organization, or what the license allows
    also: str  # further parents
    width: float


def label(node: TreeNode, beside: str, gettext: Words, room: float) -> NodeLabel:
    """What is seen of a node: its name, then what fits of the rest.

    Args:
        node: the node.
        beside: a word to stand beside the name.
        gettext: translates a word of the interface.
        room: width there is.
    """
    whole = name = clean(node.label) or node.id
    wide = text_width(name, NAME)
    if wide > room:
        while name and wide > room:
            name = name[: int(len(name) * min(0.95, room / wide))]
            wide = text_width(name + "…", NAME)
        return NodeLabel(name if name == whole else name + "…", "", "", wide)
    parts = []
    for text in (clean(beside), also_from(node, gettext)):
        more = _GAP + text_width(text, SMALL) if text else 0.0
        parts.append(text if wide + more <= room else "")
        wide += more if parts[-1] else 0.0
    return NodeLabel(name, parts[0], parts[1], wide)


def also_from(node: TreeNode, gettext: Words, most: int = 2) -> str:
    """The further parents by name; "" if there are none.

    >>> from kg.answers.tree.node import FurtherParent
    >>> one, two, three = (FurtherParent(f"model/{n}", n.upper(), "mergedFrom", True) for n in "bcd")
    >>> node = TreeNode("model/m", "M", "en", None, None, "mergedFrom", None, None, (one, two, three),
    ...             (), 0, False, False, ())
    >>> also_from(node, str), also_from(node, str, most=9)
    ('also from B, C, …', 'also from B, C, D')
    """
    names = [clean(parent.label) for parent in node.others]
    if not names:
        return ""
    shown = [*names[:most], *(["…"] if len(names) > most else [])]
    return gettext("also from %(names)s") % {"names": ", ".join(shown)}


def spoken(node: TreeNode, beside: str, gettext: Words) -> str:
    """The name of a node as a screen reader says it; it begins with what is seen."""
    parts = (clean(node.label) or node.id, clean(beside), also_from(node, gettext, 99))
    return " ".join(part for part in parts if part)


def describe_node(node: TreeNode, tree: Tree, lang: str, gettext: Words) -> str:
    """What a node is, what it comes from and when it came out, in words."""
    parent = tree.by_id.get(node.parent or "")
    parts = [kind_word(node.kind, lang)] if node.kind in (FAMILY, BASE) or parent is None else []
    if parent is not None and node.relation:
        parts.append(parent_phrase(node.relation, clean(parent.label), lang))
        if node.rule:
            parts.append(gettext("inferred by a rule"))
    parts.append(date_words(node.date, lang) if node.date else gettext("date unknown"))
    return ", ".join(parts)
