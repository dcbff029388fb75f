"""Every kind of page, in one place: a new page states its addresses itself, and the tests see it.

Addresses hold on the repository's own data.
"""

from __future__ import annotations

from collections.abc import Mapping

from kg.config import load_config
from web import create_app
from web.ui.features import registry

# Looks of a page that its record does not name, and what is no page.
MORE: Mapping[str, str] = {
    "lineage": "/family/llama/lineage?view=timeline",
    "map": "/family/llama/lineage?view=map",
    "flow": "/org/openai/lineage",
    "tree-with-data": "/family/llama/lineage?view=timeline&data=1",
    "terms": "/model/koalpaca-polyglot-12.8b/terms?from=product/chatgpt",
    "outline": "/family/llama/lineage?view=outline",
    "license-asked": "/model/alpaca-7b?use=commercial&country=KR",
    "memo": "/model/alpaca-7b/memo?country=KR,EU&name=MyBot",
    "not-found": "/model/lama-7b",
}


def _stated() -> Mapping[str, str]:
    """The addresses that the pages of an application state (web/ui/features.py)."""
    pages = registry(create_app(load_config())).pages.values()
    return {name.replace("_", "-"): path for page in pages for name, path in page.examples.items()}


PAGES: Mapping[str, str] = {**_stated(), **MORE}

# What the pages answer that do not answer 200.
STATUS: Mapping[str, int] = {PAGES["not-found"]: 404}
LANGS = ("en", "ko")


def in_language(path: str, lang: str) -> str:
    """An address in a language."""
    return f"{path}{'&' if '?' in path else '?'}lang={lang}"
