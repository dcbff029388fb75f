"""A chart as a file: SVG that stands alone, CSV and JSON of what it shows.

What a file holds follows from its address and the data alone, so that it can be embedded.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import msgspec
from flask import Response, request
from markupsafe import Markup

from kg.errors import InputError
from kg.language.dates import date
from kg.messages.message import Message
from kg.model import media
from web.app.caching import fixed
from web.app.context import snapshot
from web.app.i18n import LANGS, translator
from web.app.params import whole_number
from web.charts.pictures import THEMES, WIDTHS, style, style_hash
from web.charts.plot import Canvas

FORMATS: Mapping[str, str] = {f.suffix: f.media_type for f in (media.SVG, media.CSV, media.JSON)}
SHEETS = ("charts/charts.css",)
WIDE = 1040.0  # pixels
# A drawing for each width of the screen; the names are classes of static/charts/figures.css.
WIDTHS_OF = {"w-s": 350.0, "w-m": 640.0, "w-l": WIDE}
# The same for a drawing that may take the whole width of a large screen.
BROAD = {"w-s": 350.0, "w-m": 640.0, "w-y": 1150.0, "w-x": 1700.0}
_CACHE = "public, max-age=3600, stale-while-revalidate=86400"


class Figure(NamedTuple):
    """A chart on a page, and where its files are."""

    drawings: Sequence[tuple[str, Markup]]  # the widths of the screen it is for, as classes
    files: Sequence[tuple[str, str]]  # format, address
    embedded: str = ""  # address of the page that others may show in a frame


def on_page(
    draw: Callable[[Canvas], Markup],
    lang: str,
    files: Sequence[tuple[str, str]],
    most: float = WIDE,
    widths: Mapping[str, float] = WIDTHS_OF,
) -> Figure:
    """A chart in the widths a page needs, none wider than `most`."""
    canvas = Canvas(lang, translator(lang))
    shown: dict[float, str] = {}
    for name, width in widths.items():
        fitting = min(width, most)
        shown[fitting] = f"{shown.get(fitting, '')} {name}".strip()
    drawn = [(names, draw(canvas._replace(width=width))) for width, names in shown.items()]
    return Figure(drawn, files, embed_address(dict(files).get("svg", "")))


def embed_address(picture: str) -> str:
    """Where a chart can be shown in a frame of another site (web/boards/embed.py); "" where it cannot.

    Args:
        picture: the address of its SVG, as url_for gives it.
    """
    path, mark, query = picture.removeprefix(request.root_path).partition("?")
    if not path.endswith(".svg"):
        return ""
    return f"{request.root_path}/embed{path.removesuffix('.svg')}{mark}{query}"


def credit(code: str) -> str:
    """Whose data a chart shows and of when, in a language: the line under what stands alone."""
    about = snapshot().manifest
    say = translator(code)
    version = say("Data version %(version)s") % {"version": about.version}
    day = f" ({date(about.as_of, code)})" if about.as_of else ""
    return f"Gyebo (계보) · {version}{day} · CC0 1.0"


CHART_PARAMETERS = ("theme", "width")  # of the file of a chart; `lang` everywhere


def language() -> str:
    """The language the address names; nothing else counts, so that an answer repeats.

    Raises:
        InputError: it names one that is not spoken here.
    """
    code = request.args.get("lang", "en")
    if code not in LANGS:
        raise InputError(
            Message("%(name)s cannot be that; known are: %(known)s", name="lang", known=LANGS)
        )
    return code


def chart_answer(
    format: str,
    name: str,
    draw: Callable[[Canvas], Markup],
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    spoken: str = "",
) -> Response:
    """A chart as a file.

    Args:
        format: a name in FORMATS.
        name: of the file, without its ending.
        draw: draws it.
        columns, rows: what it shows.
        spoken: its language, where the address names none; English by default.
    """
    fixed(_CACHE)
    theme, body = "light", ""
    if format == "svg":
        theme = request.args.get("theme", "auto")
        if theme not in THEMES:
            raise InputError(
                Message("%(name)s cannot be that; known are: %(known)s", name="theme", known=THEMES)
            )
        width = whole_number("width", int(WIDE), WIDTHS[0], WIDTHS[-1]) or int(WIDE)
        own = Markup(style(theme, SHEETS))
        code = language() if "lang" in request.args or not spoken else spoken
        canvas = Canvas(code, translator(code), width, own, credit(code))
        body = f"{draw(canvas)}\n"
    elif format == "csv":
        body = _csv(columns, rows)
    else:
        table = [dict(zip(columns, row, strict=True)) for row in rows]
        body = msgspec.json.encode({"chart": name, "rows": table}).decode()
    media = FORMATS[format]
    response = Response(body, content_type=media if format == "json" else f"{media}; charset=utf-8")
    response.headers["Content-Disposition"] = f'inline; filename="{_ascii(name)}.{format}"'
    if format == "svg":
        response.headers["Content-Security-Policy"] = (
            f"default-src 'none'; style-src {style_hash(theme, SHEETS)}"
        )
    return response


def table_answer(name: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> Response:
    """A table as CSV.

    Args:
        name: of the file, without its ending.
        columns, rows: what it shows.
    """
    fixed(_CACHE)
    content_type = f"{media.CSV.media_type}; charset=utf-8"
    response = Response(_csv(columns, rows), content_type=content_type)
    response.headers["Content-Disposition"] = f'inline; filename="{_ascii(name)}.csv"'
    return response


def _csv(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([[_plain(value) for value in row] for row in rows])
    return out.getvalue()


def _plain(value: object) -> object:
    """A value that no spreadsheet takes for a formula.

    >>> _plain("=1+1"), _plain(-3), _plain("a")
    ("'=1+1", -3, 'a')
    """
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@") else value


def _ascii(name: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in name)
