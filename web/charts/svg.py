"""Markup with places to fill, for drawings, which fill hundreds of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import Any

from markupsafe import Markup, escape

from kg.language.width import text_width

# Makes a Markup of what is a text for certain, which Markup itself would look at first
_markup = str.__new__
_special = re.compile("[&<>\"']").search
_FIELD = re.compile(r"\{(\w*)(?::([.\d]*[fg]))?\}")


class Pattern:
    """Markup with places in braces; what fills them is escaped, numbers may have a format.

    It gives what Markup.format gives, in a fifteenth of the time: it is made a function once, which does no more than
    look at each value and put it in its place.

    Args:
        text: the markup; a place has a name, a number or neither, and of formats those ending in f or g.

    >>> Pattern('<text x="{:g}">{}</text>').format(4.0, "<b>")
    Markup('<text x="4">&lt;b&gt;</text>')
    >>> Pattern('<a href="{to}" title="{name}">{name}</a> 100%').format(name="A", to="/a")
    Markup('<a href="/a" title="A">A</a> 100%')
    """

    __slots__ = ("format",)

    def __init__(self, text: str) -> None:
        self.format = _filling(text)


@cache  # of the patterns in the code, and of no others
def _filling(text: str) -> Callable[..., Markup]:
    """The function that fills the places of a pattern, written for it.

    Of `<b>{name}</b>` it is::

        def fill(name):
            if _type(name) is _str:
                if _special(name): name = _escape(name)
            elif _type(name) is not _Markup: name = _escaped(name)
            return _markup(_Markup, "<b>%s</b>" % (name,))
    """
    places = [*_FIELD.finditer(text)]
    named = [found[1] or str(place) for place, found in enumerate(places)]
    names = [f"_{name}" if name.isdigit() else name for name in named]
    taken = dict.fromkeys(f"_{name}" for name in sorted(filter(str.isdigit, named), key=int))
    taken |= dict.fromkeys(names)
    lines = [f"def fill({', '.join(taken)}):"]
    for name in taken:
        lines += [
            f"    if _type({name}) is _str:",
            f"        if _special({name}): {name} = _escape({name})",
            f"    elif _type({name}) is not _Markup: {name} = _escaped({name})",
        ]
    filled = _FIELD.sub(lambda found: f"%{found[2] or 's'}", text.replace("%", "%%"))
    lines.append(f"    return _markup(_Markup, {filled!r} % ({''.join(f'{n}, ' for n in names)}))")
    known: dict[str, Any] = {
        "_Markup": Markup,
        "_escape": escape,
        "_escaped": _escaped_value,
        "_markup": _markup,
        "_special": _special,
        "_str": str,
        "_type": type,
    }
    exec("\n".join(lines), known)
    made: Callable[..., Markup] = known["fill"]
    return made


def _escaped_value(value: object) -> object:
    """A value that is neither a text nor markup; a number is left as it is, for it may have a format."""
    return value if type(value) is int or type(value) is float else escape(value)


def escaped(value: object) -> str:
    """What `markupsafe.escape` gives, as text that need not be known to be markup: it is joined with other.

    It takes a third of the time, of which most goes into making a Markup.

    >>> escaped("a"), escaped("<a>"), escaped(Markup("<a>")), escaped(1)
    ('a', '&lt;a&gt;', Markup('<a>'), Markup('1'))
    """
    kind = type(value)
    if kind is Markup or (kind is str and not _special(value)):  # type: ignore[call-overload]
        return value  # type: ignore[return-value]
    return str(escape(value)) if kind is str else escape(value)


def joined(parts: Iterable[str]) -> Markup:
    """Parts one after another; what is no markup is escaped.

    >>> joined([Markup("<b>"), "<"])
    Markup('<b>&lt;')
    """
    return _markup(Markup, "".join([p if type(p) is Markup else escaped(p) for p in parts]))


def fitted(text: str, room: float, size: float) -> str:
    """As much of a text as there is room for.

    >>> fitted("Alpaca", 100, 13), fitted("A very long name of a model", 60, 13)
    ('Alpaca', 'A very…')
    """
    text = " ".join("".join(c for c in text if c.isprintable()).split())
    if text_width(text, size) <= room:
        return text
    wide, kept = text_width("…", size), 0
    for character in text:
        wide += text_width(character, size)
        if wide > room:
            break
        kept += 1
    return text[:kept].rstrip() + "…"


@lru_cache(4096)  # a drawing has thousands, most of them in the same rows and columns
def short(value: float) -> str:
    """A coordinate, to a tenth of a pixel.

    >>> short(3.0), short(12.345), short(-0.0)
    ('3', '12.3', '0')
    """
    return f"{value + 0.0:.1f}".removesuffix(".0")
