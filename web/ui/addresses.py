"""The one address of a page, and that of each language: what search engines and feeds should keep.

A page in a language named by its address is a page of its own; without one it is whatever language the
reader prefers (hreflang `x-default`). What only says what stands open or is asked beside the page, as
in a family tree, is no part of its address; a page states what is (web/ui/features.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from flask import request, url_for

from kg.errors import SnapshotError
from web.app.context import snapshot
from web.app.i18n import LANGS
from web.app.representations import SAFE
from web.charts.pictures import has_png
from web.ui.features import registry


def canonical(lang: str | None = None) -> str:
    """The address of this page, at the base the data was built for; "" if it has none.

    Args:
        lang: of that language; by default of the one the address names, if it does.
    """
    base = _base()
    if not base or request.method == "POST":
        return ""
    named = request.args.get("lang", "")
    code = lang if lang is not None else named if named in LANGS else ""
    page = registry().pages.get(request.endpoint or "")
    names = page.parameters if page else ()
    args = [(name, value) for name in names for value in request.args.getlist(name) if value]
    query = urlencode([*args, *([("lang", code)] if code else [])], errors="replace")
    path = quote(request.path.lstrip("/"), safe=SAFE, errors="replace")
    return f"{base}{path}?{query}" if query else f"{base}{path}"


def absolute(path: str = "") -> str:
    """An address of this site where the data was built for, by default that of this page.

    Args:
        path: as url_for gives it.
    """
    base = _base() or request.host_url
    below = path.removeprefix(request.root_path).lstrip("/")  # the base holds the prefix already
    return base + below if path else canonical() or base + request.path.lstrip("/")


def _base() -> str:
    """Where the data was built for; "" while there is none to serve."""
    try:
        return snapshot().manifest.base
    except SnapshotError:
        return ""


def alternates() -> list[tuple[str, str]]:
    """This page in each language, and as the reader prefers."""
    found = [(code, canonical(code)) for code in (*LANGS, "")]
    return [(code or "x-default", address) for code, address in found if address]


def card_address(lang: str, id: str = "") -> str:
    """Where the picture of a page is; without the extra `gyebo[png]` one of the site made ahead.

    Args:
        lang: of its words.
        id: the entity the page is about; by default the picture of the start page.
    """
    if not has_png():
        return url_for("static", filename="app/site.png")
    code = lang if lang != "en" else None
    if not id:
        return url_for("cards.home", format="png", lang=code)
    return url_for("entities.entity", name=f"{id}/card.png", lang=code)


State = Mapping[str, Sequence[str]]  # parameter of an address -> its values, as typed


def address_of_state(state: State, endpoint: str, names: Iterable[str], changed: State) -> str:
    """The address of a page whose whole state stands in its address, in the language that this one names.

    Args:
        state: the parameters.
        endpoint: the page or one of its files.
        names: the parameters that it takes, in their order.
        changed: parameters that are otherwise; none = not given.
    """
    given = {**state, **changed}
    kept: dict[str, Any] = {name: [*given[name]] for name in names if given.get(name)}
    if code := request.args.get("lang"):
        kept["lang"] = code
    return url_for(endpoint, **kept)
