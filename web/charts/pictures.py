"""Family trees as picture files: an SVG that stands alone, and a PNG of it.

The style of the pages (static/tree/lineage.css) is written into the file with its variables resolved:
light, dark, or as the reader's system says. PNG needs the extra `gyebo[png]`; the font it is drawn
with, a subset of Noto Sans CJK KR (SIL Open Font License 1.1, fonts/OFL.txt), is in the package.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup

from kg.answers.tree.tree import Tree
from kg.errors import InputError, NotInstalled
from kg.language.numbers import number
from kg.language.width import clean
from kg.messages.message import Message
from web.app.i18n import translator
from web.tree.drawing import Scene, timeline_svg

try:
    import resvg_py
except ImportError:
    resvg_py = None  # type: ignore[assignment]

THEMES = ("auto", "light", "dark")
WIDTHS = range(320, 4001)
PICTURES: Mapping[str, str] = {"svg": "image/svg+xml", "png": "image/png"}
_HERE = Path(__file__).parent
_FONTS = [str(_HERE / "fonts" / f"NotoSansKR-{weight}.otf") for weight in ("Regular", "Bold")]
_FAMILY = "Noto Sans CJK KR"
_PIXELS = 40_000_000  # most of a PNG: 160 MB in memory
_FINE = 10_000_000  # pixels up to which it is drawn finer than the screen
_TOKEN = re.compile(r"(--lk-[\w-]+): light-dark\((#\w+), (#\w+)\)")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SIZE = re.compile(r' width="([\d.]+)" height="([\d.]+)"')


class Look(NamedTuple):
    """How a picture is to be drawn."""

    lang: str = "en"
    width: int = 880  # pixels
    theme: str = "auto"  # in THEMES
    color: str = "org"  # a name in web.coloring.COLORS


PLAIN = Look()


def picture(tree: Tree, format: str, base: str, look: Look = PLAIN) -> bytes:
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


def _svg(tree: Tree, base: str, look: Look) -> str:
    def address(id: str) -> str:
        return base + id

    scene = Scene(
        look.lang,
        translator(look.lang),
        address,
        lambda node: address(node.id),
        look.width,
        look.color,
        Markup(style(look.theme)),
        _told(tree, look.lang),
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


@cache
def style(theme: str, sheets: tuple[str, ...] = ()) -> str:
    """The style of a drawing, without variables.

    Args:
        theme: light, dark, or auto: light, and dark where the reader's system says so.
        sheets: of a chart, the sheets beside lineage.css, of which then only its colors count.
    """
    trees = _sheet("tree/lineage.css")
    tokens = {name: (light, dark) for name, light, dark in _TOKEN.findall(trees)}
    rules = [(s, b) for s, b in _rules(trees) if s != ":root" and (not sheets or ".plot" in s)]
    rules += [rule for name in sheets for rule in _rules(_sheet(name))]
    whole = "".join(_rule(s, b, tokens, theme == "dark") for s, b in rules)
    if theme != "auto":
        return whole
    dark = "".join(_rule(s, b, tokens, True, only=True) for s, b in rules)
    return f"{whole}@media (prefers-color-scheme:dark){{{dark}}}"


def _sheet(name: str) -> str:
    return (_HERE / "static" / name).read_text(encoding="utf-8")


def _rules(sheet: str) -> list[tuple[str, str]]:
    return [(s.strip(), b) for s, b in _RULE.findall(_COMMENT.sub("", sheet))]


def _rule(
    selector: str, body: str, tokens: Mapping[str, tuple[str, str]], dark: bool, only: bool = False
) -> str:
    """One rule; with `only`, no more of it than depends on the theme."""
    said = [part.strip() for part in body.split(";") if part.strip()]
    kept = [
        re.sub(r"var\((--lk-[\w-]+)\)", lambda m: tokens[m[1]][dark], part)
        for part in said
        if not only or "var(" in part
    ]
    return f"{selector}{{{';'.join(kept)}}}" if kept else ""


def style_hash(theme: str, sheets: tuple[str, ...] = ()) -> str:
    """The style of a drawing as a source for a content security policy."""
    digest = hashlib.sha256(style(theme, sheets).encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def has_png() -> bool:
    """Whether PNG can be made: the extra `gyebo[png]` is installed."""
    return resvg_py is not None


def png(svg: str, zoom: float | None = None) -> bytes:
    """A drawing as PNG.

    Args:
        svg: the drawing.
        zoom: pixels for each of its own; by default as fine as its size allows.

    Raises:
        InputError: it would be too large.
        NotInstalled: PNG needs an extra that is not installed.
    """
    if resvg_py is None:
        raise NotInstalled(Message("pictures as PNG"), "png")
    size = _SIZE.search(svg)
    assert size
    width, height = (float(value) for value in size.groups())
    if width * height > _PIXELS:
        raise InputError(Message("this tree is too tall for a PNG; take SVG, or show fewer nodes"))
    fine = next((z for z in (2.0, 1.5) if width * height * z * z <= _FINE), 1.0)
    strange = any(not _covered(character) for character in set(svg))
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            zoom=zoom or fine,
            skip_system_fonts=not strange,
            font_files=_FONTS,
            font_family=_FAMILY,
            sans_serif_family=_FAMILY,
        )
    )


def _covered(character: str) -> bool:
    """Whether the font in the package draws a character; for others the system's fonts are read.

    >>> [_covered(character) for character in "aé가똠漢"]
    [True, True, True, False, False]
    """
    if ord(character) < 0x180 or character in "–—‘’“”•…→←△·×−":
        return True
    if not "가" <= character <= "힣":
        return False
    try:
        return len(character.encode("euc_kr")) == 2
    except UnicodeEncodeError:
        return False
