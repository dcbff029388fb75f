"""How licenses are judged, and the page that takes any name: "may I use it?"."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from kg.answers.show import tell_missing
from kg.errors import InputError, UnknownId
from kg.licenses.rules import SEVERITY
from kg.licenses.terms import ClauseKind, EdgeClass, Terms
from kg.messages.message import Message
from kg.model.claim import kind_of
from kg.model.vocabulary import load_vocabulary
from kg.paths import DATA
from web.app.context import lang, snapshot
from web.app.i18n import gettext, mark, render_message
from web.app.negotiate import PAGE_OR_JSON, negotiate
from web.license._box import ANCHOR
from web.license._declared import FITS
from web.license._values import TIERS, ValueItem
from web.license.check import form_page
from web.license.memo import ENDING
from web.license.question import (
    BOXED,
    QUESTION,
    LicenseQuestion,
    read_question,
    required,
)
from web.ui.features import Feature, site_page
from web.ui.operations import SOME_TEXT, Parameter, operation
from web.ui.verdicts import LOOKS

bp = Blueprint("license_pages", __name__)
FEATURE = Feature(blueprint=bp)
EVALUATION = DATA / "licenses" / "EVALUATION.json"


class ClauseScore(msgspec.Struct, frozen=True):
    """How often answers on one kind of clause were right."""

    clause: str
    right: int
    extra: int  # answered and not labeled
    missed: int


class EvaluationScore(msgspec.Struct, frozen=True):
    """How the answers compare with labels given by hand, as tests/licenses/evaluate.py writes it."""

    models: int
    clauses: list[ClauseScore]

    @property
    def right(self) -> int:
        """Labels that were answered."""
        return sum(one.right for one in self.clauses)

    @property
    def labeled(self) -> int:
        """All labels."""
        return self.right + sum(one.missed for one in self.clauses)

    @property
    def precision(self) -> float:
        """The share of what was found that is right."""
        return self.right / (self.right + sum(one.extra for one in self.clauses))

    @property
    def recall(self) -> float:
        """The share of what is right that was found."""
        return self.right / self.labeled


class EdgeClassRow(NamedTuple):
    """A class of edges, and what crosses it."""

    label: str
    relations: tuple[str, ...]
    tiers: tuple[str, ...]
    note: str


class Kinds(NamedTuple):
    """The kinds of clauses of one group."""

    group: str
    kinds: tuple[tuple[str, str], ...]  # name and label


# ---- the question about any name ----


@bp.get("/license-check")
def check() -> ResponseReturnValue:
    """Ask about anything by name; the answer stands on its own page, that of several countries in a memo."""
    if negotiate(PAGE_OR_JSON) != "html":
        return check_json()
    held = snapshot()
    asked = read_question(held, request.args, several=True)
    text = request.args.get("id", "").strip()
    if not text:
        query = request.query_string.decode("ascii", "replace")
        return redirect(url_for("checking.page") + (f"?{query}" if query else ""), 308)
    given = MultiDict([*request.args.items(multi=True), ("what", text)])
    try:
        return redirect(_address(held.find(text[:400]), asked, ""))
    except UnknownId as error:
        told = tell_missing(held, error, lang())
        missing = render_message(told.missing) if told.missing else ""
        said = missing or gettext("Nothing goes by this name")
        near = [ValueItem(held.label(id, lang()), id=id) for id in told.near]
        return form_page(held, given, asked, error=said, near=near), 400
    except InputError as error:
        return form_page(held, given, asked, error=render_message(error.message)), 400


@bp.get("/license-check.json")
@operation(
    "licenseOf",
    "/license-check.json",
    mark("The same for any name; leads to the answer."),
    None,
    example="/license-check.json?id=alpaca-7b",
    parameters=(
        Parameter("id", mark("id or name of a model, family, dataset or product"), SOME_TEXT, True),
        *QUESTION,
    ),
    leads=True,
)
def check_json() -> ResponseReturnValue:
    """Lead a program to the answer."""
    text = request.args.get("id", "").strip()
    if not text:
        raise InputError(
            Message("id is missing: give the id of a model, family, dataset or product")
        )
    asked = required(read_question(snapshot(), request.args))
    return redirect(_address(snapshot().find(text[:400]), asked, "/license.json"))


def _address(id: str, asked: LicenseQuestion, part: str) -> str:
    """The address of an answer; what was mistyped goes along, so that its page can say so."""
    query = asked.query()
    known = kind_of(id) in BOXED
    if not part and known and len(asked.countries) > 1:
        part = ENDING
    anchor = f"#{ANCHOR}" if not part and known else ""
    path = url_for("entities.entity", name=id + part)
    return path + (f"?{query}" if query else "") + anchor


# ---- how licenses are judged ----


@bp.get("/about/licenses")
@site_page(in_sitemap=True, about_licenses="/about/licenses")
def about() -> str:
    """Method, tiers, verdicts, edges, what is not known, how well it does."""
    terms = snapshot().states.engine.terms
    return render_template(
        "license/about_licenses.html",
        looks=[LOOKS[verdict] for verdict in reversed(SEVERITY)],
        tiers=[gettext(word) for word in TIERS.values()],
        fits=[gettext(word) for word in FITS.values()],
        edges=[_edge(edge) for edge in terms.classes.values() if edge.relations],
        groups=list(_groups(terms)),
        total=len(terms.licenses),
        clauses=sum(len(one.clauses) for one in terms.licenses.values()),
        unread=sum(one.unknown is not None for one in terms.licenses.values()),
        labels={k.name: k.label.get(lang(), k.name) for k in terms.kinds.values()},
        score=read_evaluation(),
    )


def _edge(edge: EdgeClass) -> EdgeClassRow:
    # "text" is 1 where the license itself speaks of changed weights, else 2
    found = sorted(
        {
            tier
            for rule in edge.passes
            for tier in ((1, 2) if rule.tier == "text" else (int(rule.tier),))
        }
    )
    properties = load_vocabulary().properties
    relations = tuple(properties[relation].step_word(lang()) for relation in edge.relations)
    return EdgeClassRow(
        edge.label.get(lang(), edge.label["en"]),
        relations,
        tuple(gettext(TIERS[tier]) for tier in found),
        edge.note.get(lang(), edge.note.get("en", "")),
    )


def _groups(terms: Terms) -> list[Kinds]:
    groups: dict[str, list[ClauseKind]] = {}
    for kind in terms.kinds.values():
        groups.setdefault(kind.group, []).append(kind)
    names = {
        "substance": gettext("Substance"),
        "outputs": gettext("Outputs"),
        "paperwork": gettext("Paperwork"),
        "unknown": gettext("Not known"),
    }
    return [
        Kinds(names[g], tuple((k.name, k.label.get(lang(), k.name)) for k in kinds))
        for g, kinds in groups.items()
    ]


@cache
def read_evaluation(path: Path = EVALUATION) -> EvaluationScore | None:
    """What an evaluation found; None where there was none, or nothing it found is right."""
    if not path.exists():
        return None
    found = msgspec.json.decode(path.read_bytes(), type=EvaluationScore)
    return found if found.right else None
