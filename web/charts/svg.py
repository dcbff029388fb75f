"""Markup with places to fill, for drawings, which fill hundreds of them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

from kg.language.width import text_width

_SAFE = frozenset({Markup, float, int})
_markup = (
    str.__new__
)  # of Markup and what is a text for certain, which Markup itself would look at first
_filled = str.format
_special = re.compile("[&<>\"']").search


class Pattern(str):
    """Markup with places in braces; what fills them is escaped, numbers may have a format.

    It gives what Markup.format gives, in a tenth of the time.

    >>> Pattern('<text x="{:g}">{name}</text>').format(4.0, name="<b>")
    Markup('<text x="4">&lt;b&gt;</text>')
    """

    __slots__ = ()

    def format(self, *args: object, **kwargs: object) -> Markup:
        """The markup with its places filled."""
        for name, value in kwargs.items():
            if type(value) is str:  # as most are: a call for each would take twice as long
                if _special(value):
                    kwargs[name] = str(escape(value))
            elif type(value) not in _SAFE:
                kwargs[name] = escape(value)
        if args:
            args = tuple([v if type(v) in _SAFE else escaped(v) for v in args])
        return _markup(Markup, _filled(self, *args, **kwargs))


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


def short(value: float) -> str:
    """A coordinate, to a tenth of a pixel.

    >>> short(3.0), short(12.345)
    ('3', '12.3')
    """
    return f"{value:.1f}".removesuffix(".0")
