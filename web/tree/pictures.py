"""Family trees as picture files: an SVG that stands alone, and a PNG of it."""

from __future__ import annotations

from typing import NamedTuple

from markupsafe import Markup

from kg.answers.tree.tree import Tree
from kg.language.numbers import number
from kg.language.width import clean
from web.app.i18n import translator
from web.charts.pictures import png, style
from web.tree.drawing import Scene, timeline_svg


class PictureLook(NamedTuple):
    """How a picture is to be drawn."""

    lang: str = "en"
    width: int = 880  # pixels
    theme: str = "auto"  # in THEMES
    color: str = "org"  # a name in web.coloring.COLORS


PLAIN = PictureLook()


def picture(tree: Tree, format: str, base: str, look: PictureLook = PLAIN) -> bytes:
    """A family tree as a picture.

    Args:
        tree: the tree.
        format: svg or png.
        base: start of the address of every entity.
        look: how to draw it.

    Raises:
        InputError: a PNG of it would be too large.
        NotInstalled: PNG needs an extra that is not installed.
    """
    if format == "png":
        theme = "dark" if look.theme == "dark" else "light"
        return png(_svg(tree, base, look._replace(theme=theme)))
    return _svg(tree, base, look).encode()


def lineage_picture(tree: Tree, format: str, base: str, lang: str) -> bytes:
    """A family tree as a picture, for the command line."""
    return picture(tree, format, base, PLAIN._replace(lang=lang, width=1100))


def _svg(tree: Tree, base: str, look: PictureLook) -> str:
    def address(id: str) -> str:
        return base + id

    scene = Scene(
        lang=look.lang,
        gettext=translator(look.lang),
        href=address,
        more=lambda node: address(node.id),
        width=look.width,
        color=look.color,
        alone=Markup(style(look.theme)),
        told=_told(tree, look.lang),
    )
    return str(timeline_svg(tree, scene)) + "\n"


def _told(tree: Tree, lang: str) -> str:
    """What the picture shows: the way from the root to the model, and how much of the family."""
    gettext = translator(lang)
    way = []
    node = next((n for n in tree.nodes if n.here or n.member), None)
    while node:
        way.append(clean(node.label))
        node = tree.by_id.get(node.parent or "")
    counts = {"shown": number(tree.shown, lang), "total": number(tree.total, lang)}
    words = gettext("%(shown)s of %(total)s models of the family are shown.") % counts
    return f"{' → '.join(reversed(way))}. {words}"
