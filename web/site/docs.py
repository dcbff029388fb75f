"""Documentation in the site: how to cite, how sources are ranked, the API, the library, deployment.

What can be made from the program is: ranks from data/trust.yaml, the API from the operations beside the routes, the
settings from kg/config.py. The files in examples/ are shown as they are, and the tests run them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import NamedTuple

from flask import Blueprint, Response, jsonify, render_template, request

from kg.claims.trust import trust_levels
from kg.config import Config
from kg.export.references import Reference, bibtex
from kg.model.iri import iri
from kg.model.vocabulary import KG, SOURCE_TYPE
from kg.paths import DATA
from kg.version import __version__
from web.app.caching import fixed, untagged
from web.app.context import lang, snapshot
from web.app.graph import rows
from web.app.i18n import gettext
from web.site._openapi import document, sorted_operations
from web.ui.features import Feature, site_page
from web.ui.format import CODES
from web.ui.highlights import disputes
from web.ui.operations import Operation

bp = Blueprint("docs", __name__)
FEATURE = Feature(blueprint=bp)

EXAMPLES = Path(__file__).parent / "examples"
_CACHE = "public, max-age=300"


class Level(NamedTuple):
    """Sources that are trusted alike."""

    number: int
    types: tuple[tuple[str, int], ...]  # name and how many sources there are


class Call(NamedTuple):
    """An operation with lines that call its example."""

    operation: Operation
    url: str
    lines: tuple[tuple[str, str], ...]  # language and code


@cache
def example(name: str) -> str:
    """A file of examples/."""
    return (EXAMPLES / name).read_text(encoding="utf-8")


@bp.get("/about/sources")
@site_page(about_sources="/about/sources")
def sources() -> str:
    """How sources are ranked, from the same file as the build reads."""
    return render_template(
        "site/about_sources.html", levels=_levels(), disputes=disputes(snapshot(), lang())[:3]
    )


def _levels() -> list[Level]:
    counted = {
        row["t"]["value"]: int(row["n"]["value"])
        for row in rows(f"SELECT ?t (COUNT(?s) AS ?n) {{ ?s <{KG}{SOURCE_TYPE}> ?t }} GROUP BY ?t")
    }
    levels: dict[int, list[tuple[str, int]]] = {}
    for name, level in trust_levels(DATA / "trust.yaml").items():
        levels.setdefault(level, []).append((gettext(CODES.get(name, name)), counted.get(name, 0)))
    return [Level(number, tuple(types)) for number, types in sorted(levels.items())]


@bp.get("/about/cite")
@site_page(about_cite="/about/cite")
def cite() -> str:
    """How to cite the data, an entity, and the program."""
    held = snapshot().manifest
    told = Reference(
        title="",
        url=held.base,
        version=held.version,
        published=snapshot().history.summary.built[:10],
        accessed=dt.datetime.now(dt.UTC).date().isoformat(),
    )
    untagged()  # tomorrow it is another day
    return render_template(
        "site/about_cite.html",
        bib=bibtex(told),
        example=iri(held.base, "model/alpaca-7b"),
    )


@bp.get("/about/api")
@site_page(about_api="/about/api")
def api() -> str:
    """Every operation of the JSON API with an example that a test runs."""
    return render_template("site/about_api.html", calls=[_call(op) for op in sorted_operations()])


def _call(op: Operation) -> Call:
    url = request.root_url.rstrip("/") + op.example
    follow = "-L " if op.leads else ""
    return Call(
        op,
        url,
        (
            ("curl", f"curl -s {follow}-H 'Accept: application/json' '{url}'"),
            (
                "Python",
                f"import json, urllib.parse, urllib.request\nurl = {url!r}\n"
                "with urllib.request.urlopen(urllib.parse.quote(url, safe=':/?&=%')) as answer:\n"
                "    print(json.load(answer))",
            ),
            (
                "JavaScript",
                f"const answer = await fetch({url!r});\nconsole.log(await answer.json());",
            ),
        ),
    )


@bp.get("/about/library")
@site_page(about_library="/about/library")
def library() -> str:
    """`import kg`."""
    return render_template("site/about_library.html", code=example("library.py"))


@bp.get("/about/deployment")
@site_page(about_deployment="/about/deployment")
def deployment() -> str:
    """How to run the site for others: proxy, prefix, log, backup, upgrades, monitoring."""
    settings = [_setting(field.name, field.metadata["help"]) for field in fields(Config)]
    return render_template("site/about_deployment.html", settings=settings, example=example)


def _setting(name: str, about: str) -> tuple[str, str, str, str]:
    """A setting: its key, its variable, what it is and what it is by default."""
    default = "" if name == "home" else str(getattr(Config(), name))
    return name, f"GYEBO_{name.upper()}", gettext(about), default


@bp.get("/openapi.json")
def openapi() -> Response:
    """The JSON API as OpenAPI 3.1."""
    fixed(_CACHE)
    snapshot()  # its version is part of the ETag
    return jsonify(document(__version__, request.root_url.rstrip("/")))
