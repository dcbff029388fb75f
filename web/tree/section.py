"""The family tree on a page: a timeline, an outline, a map, or what the screen decides.

Everything that is open stands in the address, so that a page can be linked to as it is seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple
from urllib.parse import quote_plus, urlencode

from flask import request
from markupsafe import Markup

from kg.answers.genealogy import find_genealogy
from kg.answers.tree.flow import flow_of_tree
from kg.answers.tree.node import TreeNode
from kg.answers.tree.selection import Open, Wish, parse_open
from kg.answers.tree.tree import Tree, family_tree
from kg.answers.tree.unresolved import unresolved_among, unresolved_line
from kg.export.trees import TREE_FILES
from kg.model.claim import kind_of
from kg.model.media import MediaFormat
from web.app.context import lang, snapshot
from web.app.i18n import gettext
from web.tree._colors import COLORS, choices, coloring
from web.tree._flow import FlowScene, flow_svg
from web.tree._outline import OutlineScene, outline
from web.tree.drawing import Scene, timeline_svg
from web.ui.links import href

KINDS = ("model", "family")
VIEWS = ("timeline", "outline", "map")
LIMIT = 60  # nodes shown where nothing else was asked for
STEP = 25  # children that one click opens
MAP_FROM = 300  # models from which a map is offered
WIDTH = 1100
ANCHOR = "family-tree"
NOTHING = Markup("")
_SAFE = re.compile(r"[\w.~/-]*", re.ASCII).fullmatch  # what an address holds as it is, and strokes


class State(NamedTuple):
    """What of a tree is to be seen, as an address says it."""

    view: str = ""  # "" = the screen decides
    opened: tuple[Open, ...] = ()
    find: str = ""
    data: bool = False
    color: str = ""  # "" = what suits the view

    def wish(self) -> Wish:
        """What to open."""
        return Wish(opened=self.opened, find=self.find, data=self.data)

    def query(self) -> list[tuple[str, str]]:
        """The state as parameters, in one order, without what goes without saying."""
        opened = [("open", _written(o)) for o in self.opened]
        pairs = [
            ("view", self.view),
            ("find", self.find),
            ("data", "1" if self.data else ""),
            ("color", "" if self.color == self.usual else self.color),
            *opened,
        ]
        return [(name, value) for name, value in pairs if value]

    @property
    def usual(self) -> str:
        """What shapes are filled by where nothing is asked for: a map has no lines to tell relations by."""
        return "relation" if self.view == "map" else "org"

    @property
    def fill(self) -> str:
        """What shapes are filled by."""
        return self.color or self.usual

    def opening(self, id: str, relation: str = "") -> State:
        """This state with more children of a node open."""
        known = {(o.id, o.relation): o.many for o in self.opened}
        known[id, relation] = known.get((id, relation), 0) + STEP
        return self._replace(opened=tuple(Open(i, r, n) for (i, r), n in known.items()))


def _written(asked: Open) -> str:
    many = "" if asked.many == STEP else f"{asked.many}."
    return f"{many}{asked.relation}{'.' if asked.relation else ''}{asked.id}"


def _quoted(text: str) -> str:
    """What `quote_plus` gives, at once where only strokes are to be quoted, as in most ids."""
    return text.replace("/", "%2F") if _SAFE(text) else quote_plus(text)


def state(args: Mapping[str, str], opened: list[str]) -> State:
    """Read a state from the parameters of an address; what makes no sense is left out.

    Args:
        args: the parameters.
        opened: all values of `open`.
    """
    view, color = args.get("view", ""), args.get("color", "")
    return State(
        view if view in VIEWS else "",
        tuple(found for text in opened[:200] if (found := parse_open(text, STEP))),
        args.get("find", "").strip()[:200],
        args.get("data", "") == "1",
        color if color in COLORS else "",
    )


def asked() -> State:
    """The state this request asks for."""
    return state(request.args, request.args.getlist("open"))


@dataclass(frozen=True, kw_only=True)
class TreeSection:
    """The family tree of a page, and the addresses it leads to."""

    tree: Tree
    state: State
    base: str  # address of the page it stands on
    bar: bool  # with everything one can do to it
    svg: Markup = NOTHING

    @property
    def view(self) -> str:
        """The view that was asked for; "" = the screen decides."""
        return self.state.view

    def url(self, **changes: object) -> str:
        """The address of this tree, changed."""
        pairs = [*self.state._replace(**changes).query(), *_kept_lang()]  # type: ignore[arg-type]
        return f"{self.base}?{urlencode(pairs)}#{ANCHOR}" if pairs else f"{self.base}#{ANCHOR}"

    def more(self, node: TreeNode, relation: str = "") -> str:
        """The address at which more children of a node stand open."""
        if self.tree.full:
            return f"{href(node.id)}#{ANCHOR}"
        if (node.id, relation) in self._open:
            return self.url(opened=self.state.opening(node.id, relation).opened)
        asked = _quoted(_written(Open(node.id, relation, STEP)))
        before, after = self._around
        return f"{before}open={asked}{after}"

    @cached_property
    def _open(self) -> frozenset[tuple[str, str]]:
        return frozenset((o.id, o.relation) for o in self.state.opened)

    @cached_property
    def _around(self) -> tuple[str, str]:
        """What stands before and after what is opened in an address that opens one node more."""
        now, kept = urlencode(self.state.query()), urlencode(_kept_lang())
        return (
            f"{self.base}?{now}{'&' if now else ''}",
            f"{'&' if kept else ''}{kept}#{ANCHOR}",
        )

    def hidden(self, name: str) -> list[tuple[str, str]]:
        """The parameters a form keeps, all but one."""
        return [(n, v) for n, v in (*self.state.query(), *_kept_lang()) if n != name]

    @property
    def formats(self) -> Iterable[MediaFormat]:
        """What a tree can be downloaded as."""
        return TREE_FILES.values()

    def file(self, format: str, scope: str) -> str:
        """The address of this tree as a file; of what is shown, or of the whole family."""
        kept = (
            self.state if scope == "shown" else State(data=self.state.data, color=self.state.color)
        )
        pairs = [*kept._replace(view="").query(), ("scope", scope), ("lang", lang())]
        return f"{href(self.tree.id)}/lineage.{format}?{urlencode(pairs)}"

    @cached_property
    def colors(self) -> Mapping[str, str]:
        """The class of each node."""
        return coloring(self.tree, self.state.fill, gettext).classes

    @property
    def elsewhere(self) -> str:
        """The address of the page of this tree alone; "" on that page."""
        alone = f"{href(self.tree.id)}/lineage"
        pairs = [*self.state.query(), *_kept_lang()]
        return "" if self.base == alone else f"{alone}?{urlencode(pairs)}" if pairs else alone

    @property
    def color_choices(self) -> list[tuple[str, str]]:
        """What the shapes can be filled by."""
        return [(n, gettext(COLORS[n])) for n in choices(self.tree, self.view == "map")]

    @property
    def map_words(self) -> Mapping[str, str]:
        """What the map says, with {count} and its like where something goes in."""
        place = {name: f"{{{name}}}" for name in ("count", "month", "kind", "name", "words")}
        return {
            "all": gettext("of %(count)s") % place,
            "below": gettext("models made from it: %(count)s") % place,
            "found": gettext("found: %(count)s") % place,
            "from": gettext("%(kind)s, from %(name)s") % place,
            "inView": gettext("of %(count)s in view") % place,
            "license": gettext("commercial use"),
            "months": gettext("Released each month; most: %(count)s (%(month)s)") % place,
            "notFound": gettext("Nothing in this family goes by “%(words)s”.") % place,
            "nothing": gettext("nothing is made from it"),
            "others": gettext("other or unknown organization"),
            "small": gettext("small branches: %(count)s") % place,
            "undated": gettext("without a date: %(count)s") % place,
            "unknown": gettext("date unknown"),
        }

    @property
    def has_map(self) -> bool:
        """Whether the family is large enough for a map."""
        return self.tree.total >= MAP_FROM

    @property
    def flow(self) -> Markup:
        """The data of the shown models and who wrote it, drawn; "" where it is not asked for or not known."""
        if not self.state.data or self.view == "map":
            return Markup("")
        flow = flow_of_tree(snapshot(), self.tree, lang())
        scene = FlowScene(lang=lang(), gettext=gettext, href=href, width=WIDTH)
        return flow_svg(flow, scene) if flow.of("learner") else Markup("")

    @property
    def unresolved(self) -> Iterable[str]:
        """The parents above it that are declared and that nothing can find, in words."""
        found = find_genealogy(snapshot(), self.tree.id, "up")
        lost = unresolved_among(snapshot(), (found.root, *found.ancestors), lang())
        return dict.fromkeys(unresolved_line(one).text(lang()) for one in lost)

    @property
    def outline(self) -> Markup:
        """The same as nested lists."""
        scene = OutlineScene(
            lang=lang(), gettext=gettext, href=href, more=self.more, colors=self.colors
        )
        return outline(self.tree, scene)


def _kept_lang() -> list[tuple[str, str]]:
    return [("lang", request.args["lang"])] if "lang" in request.args else []


def tree_section(
    id: str, limit: int = LIMIT, base: str = "", alone: bool = False, bar: bool = True
) -> TreeSection | None:
    """The family tree of a model or family; None for others, and for those without relatives.

    Args:
        id: an entity.
        limit: most nodes where nothing was asked for.
        base: address of the page it stands on; "" = that of the entity.
        alone: also of those without relatives.
        bar: with everything one can do to it; else as it is.
    """
    if kind_of(id) not in KINDS:
        return None
    now = asked() if bar else State()
    tree = family_tree(snapshot(), id, lang(), limit, now.wish())
    if len(tree.nodes) < 2 and not alone:
        return None
    plain = TreeSection(tree=tree, state=now, base=base or href(id), bar=bar)
    if now.view in ("outline", "map"):
        return plain
    scene = Scene(
        lang=lang(), gettext=gettext, href=href, more=plain.more, width=WIDTH, color=now.fill
    )
    return replace(plain, svg=timeline_svg(tree, scene))
