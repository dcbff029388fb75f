"""Markup with places to fill, for drawings, which fill hundreds of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from kg.language.width import text_width

# Makes a Markup of what is a text for certain, which Markup itself would look at first
_markup = str.__new__
_special = re.compile("[&<>\"']").search
_FIELD = re.compile(r"\{(\w*)(?::([.\d]*[fg]))?\}")
_READ: dict[str, tuple[str, tuple[str, ...]]] = {}  # of each pattern in the code, what `_read` gave


class Pattern:
    """Markup with places in braces; what fills them is escaped, numbers may have a format.

    It gives what Markup.format gives, in a tenth of the time.

    Args:
        text: the markup; a place has a name, a number or neither, and of formats those ending in f or g.

    >>> Pattern('<text x="{:g}">{}</text>').format(4.0, "<b>")
    Markup('<text x="4">&lt;b&gt;</text>')
    >>> Pattern('<a href="{to}" title="{name}">{name}</a> 100%').format(name="A", to="/a")
    Markup('<a href="/a" title="A">A</a> 100%')
    """

    __slots__ = ("_names", "_text")

    def __init__(self, text: str) -> None:
        found = _READ.get(text)
        if found is None:
            found = _READ[text] = _read(text)
        self._text, self._names = found

    def format(self, *args: object, **kwargs: object) -> Markup:
        """The markup with its places filled."""
        values: list[Any]
        if kwargs:
            values = [kwargs[name] for name in self._names]
        elif self._names:
            values = [args[int(name)] for name in self._names]
        else:
            values = [*args]
        for place, value in enumerate(values):
            kind = type(value)
            if kind is str:  # as most are: a call for each would take twice as long
                if _special(value):
                    values[place] = escape(value)
            elif kind is not Markup and kind is not int and kind is not float:
                values[place] = escape(value)
        return _markup(Markup, self._text % tuple(values))


def _read(text: str) -> tuple[str, tuple[str, ...]]:
    """A pattern as `%` fills it, and the names of its places; none where they are filled in order."""
    names = tuple(found[1] for found in _FIELD.finditer(text))
    filled = _FIELD.sub(lambda found: f"%{found[2] or 's'}", text.replace("%", "%%"))
    return filled, names if any(names) else ()


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
    while text and text_width(text + "…", size) > room:
        text = text[:-1]
    return text.rstrip() + "…"


@lru_cache(4096)  # a drawing has thousands, most of them in the same rows and columns
def short(value: float) -> str:
    """A coordinate, to a tenth of a pixel.

    >>> short(3.0), short(12.345), short(-0.0)
    ('3', '12.3', '0')
    """
    return f"{value + 0.0:.1f}".removesuffix(".0")
