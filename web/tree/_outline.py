"""A family tree as nested lists: a loop over its rows, so that no depth can exhaust it.

Past DEEPEST the rows stay on one level and name their parent. Shapes and words are those of web/tree/shapes.py and
web/ui/relations.py. A function and no template, for it writes half of the values of a long page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby

import msgspec
from markupsafe import Markup

from kg.answers.tree.node import Datum, FurtherParent, TreeNode
from kg.answers.tree.tree import Tree
from kg.language.numbers import number
from web.charts.svg import Pattern
from web.tree.shapes import shape
from web.ui.relations import kind_word

DEEPEST = 40

_NODE = Pattern(
    '<span class="row{here}{found}">\n<svg class="dot {color}" viewBox="-9 -9 18 18" width="18" height="18"'
    ' aria-hidden="true"><g class="shape">{shape}</g></svg>\n'
    '<a href="{href}" data-id="{id}" data-depth="{depth}"{lang}{current}>{label}</a>{org}'
    ' <span class="kind">{kind}{rule}</span> {date}\n</span>'
)
_LINK = Pattern('<a href="{}">{}</a>')
_LANG, _CURRENT = Pattern(' lang="{}"'), Markup(' aria-current="page"')
_ORG = Pattern(' <span class="org">{}</span>')
_DATE = Pattern('<time datetime="{0}">{0}</time>')
_UNDATED = Pattern('<span class="no-date">{}</span>')
_ALSO = Pattern('<span class="also{}">{} {}</span>')
_MORE = Pattern(
    '<a href="{href}" data-more="{id}" data-depth="{depth}" aria-label="+ {words} ({label})">+ {words}</a>'
)
_OPEN = Pattern('<details open><summary><span class="vh">{}</span></summary><ul>')


class OutlineScene(msgspec.Struct, frozen=True, kw_only=True):
    """How a tree is to be written."""

    lang: str  # of words and numbers
    gettext: Callable[[str], str]  # translates a word of the interface
    href: Callable[[str], str]  # the address of an id
    more: Callable[[TreeNode, str], str]  # at which more children of a node are open, by a relation
    colors: Mapping[str, str]  # the class of each node


def outline(tree: Tree, scene: OutlineScene) -> Markup:
    """A tree as nested lists.

    Args:
        tree: the tree.
        scene: how.
    """
    return Markup("".join(_Outline(tree, scene).parts()))


class _Outline:
    """One outline: its words are looked up once."""

    def __init__(self, tree: Tree, scene: OutlineScene) -> None:
        self.tree, self.scene, self._, self.href = tree, scene, scene.gettext, scene.href
        self.undated = _UNDATED.format(self._("date unknown"))
        self.derived = self._("Derived from %(name)s")
        self.count = self._("%(count)s %(kind)s")
        self.kinds: dict[str, str] = {}

    def parts(self) -> Iterator[str]:
        """The lists, piece by piece."""
        rows = [row for row in self.tree.rows if row.part != "data"]
        levels = [min(row.depth, DEEPEST) for row in rows] + [0]
        yield '<ul class="outline">'
        for place, row in enumerate(rows):
            level, after = levels[place], levels[place + 1]
            if row.stub:
                yield from self._stub(row.node)
            else:
                opens = after > level
                yield '<li class="has">' if opens else "<li>"
                yield from self._node(row.node, row.depth > DEEPEST)
                yield _OPEN.format(self.derived % {"name": row.node.label}) if opens else "</li>"
            yield "</ul></details></li>" * (level - after)
        yield "\n</ul>"

    def _node(self, node: TreeNode, flat: bool) -> Iterator[str]:
        yield _NODE.format(
            here=" here" if node.here or node.member else "",
            found=" found" if node.hit else "",
            color=self.scene.colors[node.id],
            shape=shape(node.kind),
            href=self.href(node.id),
            id=node.id,
            depth=node.depth,
            lang=_LANG.format(node.lang) if node.lang else "",
            current=_CURRENT if node.here else "",
            label=node.label,
            org=_ORG.format(node.org) if node.org else "",
            kind=self._kind(node.kind),
            rule=self._rule(node.rule) if node.rule else "",
            date=_DATE.format(node.date) if node.date else self.undated,
        )
        if flat and node.parent:
            parent = _LINK.format(self.href(node.parent), self.tree.by_id[node.parent].label)
            yield _ALSO.format("", self._("from"), parent)
        if node.others:
            yield _ALSO.format("", self._("also from"), self._links(node.others))
        for _, group in groupby(sorted(node.data, key=_word), key=_word):
            data = [*group]
            yield _ALSO.format(
                " data", f"{data[0].word}:", Markup(", ").join(map(self._datum, data))
            )

    def _stub(self, node: TreeNode) -> Iterator[str]:
        """Links to what is hidden under a node."""
        yield '<li class="more">'
        for hidden in node.hidden:
            count, kind = number(hidden.models, self.scene.lang), self._kind(hidden.relation)
            yield _MORE.format(
                href=self.scene.more(node, hidden.relation),
                id=node.id,
                depth=node.depth + 1,
                words=self.count % {"count": count, "kind": kind},
                label=node.label,
            )
        yield "</li>"

    def _kind(self, name: str) -> str:
        if name not in self.kinds:
            self.kinds[name] = kind_word(name, self.scene.lang)
        return self.kinds[name]

    def _rule(self, name: str) -> Markup:
        told = Markup(self._("inferred by a rule: %(rule)s")) % {"rule": name}
        return Markup(" (") + told + Markup(")")

    def _datum(self, datum: Datum) -> Markup:
        """Data that a node was made with, and what wrote its text."""
        link = _LINK.format(self.href(datum.id), datum.label)
        if not datum.writers:
            return link
        told = Markup(self._("written by %(names)s")) % {"names": self._links(datum.writers)}
        return link + Markup(" (") + told + Markup(")")

    def _links(self, parents: Iterable[FurtherParent]) -> Markup:
        return Markup(", ").join(_LINK.format(self.href(one.id), one.label) for one in parents)


def _word(datum: Datum) -> str:
    return datum.word.lower()
