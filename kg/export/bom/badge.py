"""A badge for a README: the family of a model and the verdict on its commercial use, as an SVG.

The verdict stands in words; color only repeats it. The picture has a title and a role, so that a
screen reader says the whole; its own background and a hairline keep it readable on light and dark.
Every text is set to the width the box was made for, whatever font the reader has.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import NamedTuple

from kg.export.bom._bom import Bom
from kg.export.bom._origins import base_families_text
from kg.language.width import clean, text_width
from kg.licenses.terms import Use, Verdict
from kg.licenses.wording import word
from kg.messages.message import mark, translate
from kg.model.iri import iri

USE: Use = "commercial"
_SIZE, _PAD, _HEIGHT = 11.0, 8.0, 22.0
_NAME = mark("Gyebo")
_MOST = 44.0 * _SIZE  # width of a text; a longer one is cut
_DARK = "#2b312e"
# Behind white text, each with a contrast of at least 5 to 1 (the light colors of static/app/site.css).
FILLS: Mapping[Verdict, str] = {
    "allowed": "#17723a",
    "conditional": "#8a5a00",
    "unknown": "#525c57",
    "contested": "#6b3fa0",
    "prohibited": "#b3261e",
}


class Badge(NamedTuple):
    """What a badge says."""

    label: str  # the model
    left: str  # families
    right: str  # use and verdict
    verdict: Verdict

    @property
    def title(self) -> str:
        """The whole in one line."""
        return f"{self.label}: {self.left}. {self.right}"


def badge(bom: Bom, lang: str = "en") -> Badge:
    """What the badge of a model says.

    Args:
        bom: the model with what its weights come from, its labels in the same language.
        lang: en or ko.
    """
    verdict = bom.parts[bom.root].verdicts.get(USE, "unknown")
    right = f"{word(USE, lang)}: {word(verdict, lang)}"
    return Badge(
        bom.label(bom.root),
        f"{translate(_NAME, lang=lang)} · {base_families_text(bom)}",
        right,
        verdict,
    )


def badge_svg(said: Badge, lang: str = "en") -> str:
    """A badge as an SVG document."""
    left, right = fit(said.left, _MOST), fit(said.right, _MOST)
    start, width = _box(left), _box(left) + _box(right)
    shape = f'height="{_HEIGHT:g}" rx="4"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{_HEIGHT:g}" '
        f'viewBox="0 0 {width:g} {_HEIGHT:g}" role="img" aria-labelledby="t" lang="{lang}">'
        f'<title id="t">{_text(said.title)}</title>'
        f'<clipPath id="r"><rect width="{width:g}" {shape}/></clipPath>'
        f'<g clip-path="url(#r)"><rect width="{start:g}" height="{_HEIGHT:g}" fill="{_DARK}"/>'
        f'<rect x="{start:g}" width="{width - start:g}" height="{_HEIGHT:g}" '
        f'fill="{FILLS[said.verdict]}"/></g>'
        f'<rect x=".5" y=".5" width="{width - 1:g}" height="{_HEIGHT - 1:g}" rx="3.5" fill="none" '
        'stroke="#fff" stroke-opacity=".28"/>'
        f'<g fill="#fff" font-size="{_SIZE:g}" aria-hidden="true" '
        'font-family="Verdana,DejaVu Sans,Noto Sans KR,Malgun Gothic,Apple SD Gothic Neo,sans-serif">'
        f"{_line(left, _PAD)}{_line(right, start + _PAD)}</g></svg>\n"
    )


def fit(text: str, room: float) -> str:
    """A text that is not wider than the room there is, cut with an ellipsis."""
    known = text
    while text_width(text, _SIZE) > room:
        known = known[:-1]
        text = known.rstrip() + "…"
    return text


def _wide(text: str) -> float:
    return round(text_width(text, _SIZE), 1)


def _box(text: str) -> float:
    return round(_wide(text) + 2 * _PAD, 1)


def _line(text: str, x: float) -> str:
    return (
        f'<text x="{x:g}" y="15" textLength="{_wide(text):g}" '
        f'lengthAdjust="spacingAndGlyphs">{_text(text)}</text>'
    )


def _text(text: str) -> str:
    return escape(clean(text), quote=False)


def markdown(base: str, id: str, label: str, lang: str = "en") -> str:
    """The line of Markdown that shows a badge in a README, linked to the page of the model.

    >>> markdown("http://127.0.0.1:8000/", "model/a", "A [x]", "ko")
    '[![A \\\\[x\\\\]](http://127.0.0.1:8000/model/a/badge.svg?lang=ko)](http://127.0.0.1:8000/model/a?lang=ko)'
    """
    page = iri(base, id)
    alt = re.sub(r"([\\\[\]])", r"\\\1", clean(label))
    query = "" if lang == "en" else f"?lang={lang}"
    return f"[![{alt}]({page}/badge.svg{query})]({page}{query})"
