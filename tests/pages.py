"""Every kind of page, in one place: a new page is one line here, and the tests of pages see it.

Addresses hold on the repository's own data.
"""

from __future__ import annotations

from collections.abc import Mapping

PAGES: Mapping[str, str] = {
    "home": "/",
    "search": "/search?q=alpaca",
    "browse": "/search?kind=family",
    "search-nothing": "/search?q=qqqqzzzz",
    "model": "/model/llama-65b",
    "model-dolly": "/model/dolly-2",
    "family": "/family/llama",
    "lineage": "/family/llama/lineage?view=timeline",
    "outline": "/family/llama/lineage?view=outline",
    "dataset": "/dataset/alpaca-52k",
    "organization": "/org/meta",
    "license": "/license/llama-2-license",
    "benchmark": "/benchmark/kobest-copa",
    "benchmark-unscored": "/benchmark/kobest",
    "source": "/source/survey-004",
    "product": "/product/chatgpt",
    "compare": "/compare?id=model/alpaca-7b&id=model/vicuna-7b&id=model/koalpaca-polyglot-12.8b",
    "license-check": "/license-check",
    "license-asked": "/model/alpaca-7b?use=commercial&country=KR",
    "sparql": "/sparql",
    "sparql-answer": "/sparql?example=disputed",
    "trends": "/trends",
    "changes": "/changes",
    "data": "/data",
    "ontology": "/ontology",
    "about": "/about",
    "about-licenses": "/about/licenses",
    "about-sources": "/about/sources",
    "about-cite": "/about/cite",
    "about-api": "/about/api",
    "about-library": "/about/library",
    "about-deployment": "/about/deployment",
    "not-found": "/model/lama-7b",
}

# What the pages answer that do not answer 200.
STATUS: Mapping[str, int] = {PAGES["not-found"]: 404}
LANGS = ("en", "ko")


def in_language(path: str, lang: str) -> str:
    """An address in a language."""
    return f"{path}{'&' if '?' in path else '?'}lang={lang}"
