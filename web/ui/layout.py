"""What the frame of every page shows: menu, languages, version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, g, request

from kg.model.vocabulary import load_vocabulary
from web.app.context import lang, site
from web.app.i18n import LANGS, gettext, mark
from web.ui.addresses import absolute, alternates, canonical, card_address
from web.ui.features import menu_entries

# Names of the figures of the manifest that are not kinds.
NAMES: Mapping[str, str] = {
    "entities": mark("Entities"),
    "facts": mark("Facts"),
    "claims": mark("Claims"),
    "disputed": mark("Facts on which sources disagree"),
    "quads": mark("Quads"),
    "warnings": mark("Warnings of the build"),
}


def in_language(code: str) -> str:
    """This address in another language."""
    return request.root_path + _in_language(code)


def _in_language(code: str) -> str:
    args = [(k, v) for k, v in request.args.items(multi=True) if k != "lang"]
    query = urlencode([*args, ("lang", code)], errors="replace")
    path = "/" + request.path.lstrip("/")  # two slashes would name a host
    return f"{quote(path, safe='/~:@!$()*,;+=', errors='replace')}?{query}"


def _cited(address: str) -> str:
    """The page as /cite names it: its path with what makes it another page; "" where there is none to cite."""
    if "snapshot" not in g or not address:
        return ""
    path = address.removeprefix(g.snapshot.manifest.base)
    return "" if path.startswith("cite?") else f"/{path}"


def _frame() -> dict[str, Any]:
    vocabulary = load_vocabulary()
    return {
        "lang": lang(),
        "langs": LANGS,
        "absolute": absolute,
        "card": card_address(lang()),
        "in_language": in_language,
        "alternates": alternates(),
        "canonical": canonical(),
        "cited": _cited(canonical("")),
        "menu": [(address, gettext(label)) for address, label in menu_entries()],
        "here": request.root_path + request.full_path.rstrip("?"),
        "tag": site().tag,
        "version": g.snapshot.manifest.version if "snapshot" in g else "",
        "kinds": {k: v.term.labels.get(lang(), k) for k, v in vocabulary.kinds.items()},
        "names": {k: gettext(v) for k, v in NAMES.items()},
    }


def register(app: Flask) -> None:
    """Give the templates of an application the frame."""
    app.context_processor(_frame)
