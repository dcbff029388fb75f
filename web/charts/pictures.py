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

from kg.errors import InputError, NotInstalled
from kg.messages.message import Message
from web.paths import STATIC

try:
    import resvg_py
except ImportError:
    resvg_py = None  # type: ignore[assignment]

THEMES = ("auto", "light", "dark")
WIDTHS = range(320, 4001)
_HERE = Path(__file__).parent
_FONTS = [str(_HERE / "fonts" / f"NotoSansKR-{weight}.otf") for weight in ("Regular", "Bold")]
_FAMILY = "Noto Sans CJK KR"
_PIXELS = 40_000_000  # most of a PNG: 160 MB in memory
_FINE = 10_000_000  # pixels up to which it is drawn finer than the screen
_TOKEN = re.compile(r"(--lk-[\w-]+): light-dark\((#\w+), (#\w+)\)")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SIZE = re.compile(r' width="([\d.]+)" height="([\d.]+)"')


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
    return (STATIC / name).read_text(encoding="utf-8")


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
