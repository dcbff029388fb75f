"""The family tree on a page: a timeline, an outline, or both where the screen decides."""

from __future__ import annotations

from typing import NamedTuple

from flask import request, url_for
from markupsafe import Markup

from kg.model import kind_of
from kg.tree import Tree, family_tree
from web.context import lang, snapshot
from web.drawing import timeline_svg
from web.i18n import gettext

KINDS = ("model", "family")
VIEWS = ("timeline", "outline")


class Section(NamedTuple):
    """The family tree of a page."""

    tree: Tree
    view: str  # "" = the screen decides
    svg: Markup


def href(id: str) -> str:
    """The address of an entity."""
    return url_for("entities.entity", name=id)


def section(id: str, limit: int = 60) -> Section | None:
    """The family tree of a model or family; None for others and for those that stand alone."""
    if kind_of(id) not in KINDS:
        return None
    tree = family_tree(snapshot(), id, lang(), limit)
    if len(tree.nodes) < 2:
        return None
    wanted = request.args.get("view", "")
    svg = (
        timeline_svg(tree, lang(), gettext, href, width=1100) if wanted != "outline" else Markup("")
    )
    return Section(tree, wanted if wanted in VIEWS else "", svg)
