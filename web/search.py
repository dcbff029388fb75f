"""Search, and browsing by kind."""

from __future__ import annotations

from typing import NamedTuple

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kg import answers
from kg.contract import HitAnswer, SearchAnswer, to_json
from kg.errors import InputError
from kg.model import Entity, kind_of, main_label
from kg.vocab import DEVELOPER, PARAMETER_COUNT, RELEASE_DATE
from web.context import lang, snapshot
from web.negotiate import JSON, PAGE_OR_JSON, negotiate
from web.paging import pages
from web.params import whole_number
from web.words import brief, date

bp = Blueprint("search", __name__)

PAGE_SIZE = 20
LAST_PAGE = 500  # the engine ranks all hits up to the last one shown


class Asked(NamedTuple):
    """What is searched for."""

    text: str
    kinds: tuple[str, ...]
    page: int
    size: int


class Hit(NamedTuple):
    """A hit as the page shows it."""

    answer: HitAnswer
    other: str  # its name in the other language
    about: tuple[str, ...]  # maker, date, size
    disputed: bool


class Facet(NamedTuple):
    """A kind to narrow to."""

    label: str
    total: int
    url: str
    chosen: bool


@bp.get("/search")
def search() -> ResponseReturnValue:
    """Hits as a page, or as JSON where that is asked for."""
    return page(_asked()) if negotiate(PAGE_OR_JSON) == "html" else search_json()


@bp.get("/search.json")
def search_json() -> Response:
    """Hits as JSON."""
    code = lang() if request.args.get("lang") else "en"
    return Response(to_json(_find(_asked(), code)), content_type=JSON)


def _asked() -> Asked:
    kinds = tuple(dict.fromkeys(k for k in request.args.getlist("kind") if k))
    known = snapshot().vocabulary.kinds
    if wrong := next((k for k in kinds if k not in known), None):
        raise InputError(f"unknown kind {wrong[:40]!r}; known are: {', '.join(known)}")
    page = whole_number("page", 1, 1, LAST_PAGE) or 1
    size = whole_number("limit", PAGE_SIZE, 0, 100)
    return Asked(
        request.args.get("q", "").strip(), kinds, page, PAGE_SIZE if size is None else size
    )


def _find(asked: Asked, code: str) -> SearchAnswer:
    offset = (asked.page - 1) * asked.size
    if asked.text:
        return answers.search(snapshot(), asked.text, asked.size, offset, asked.kinds, code)
    return _browse(asked, offset, code)


def _browse(asked: Asked, offset: int, code: str) -> SearchAnswer:
    """All entities of some kinds, by id; without a kind, only how many there are of each."""
    held = snapshot()
    lines = [n for kind in asked.kinds for n in range(*held.kind_range(kind))]
    shown = [held.entity_at(n) for n in lines[offset : offset + asked.size]]
    hits = [HitAnswer(e.id, kind_of(e.id), main_label(e, code), 0.0, answers.describe(e, code))
            for e in shown]  # fmt: skip
    counts = {k: end - start for k in held.vocabulary.kinds for start, end in [held.kind_range(k)]}
    return SearchAnswer(len(lines), hits, {"kind": {k: n for k, n in counts.items() if n}}, None)


def page(asked: Asked) -> str:
    """The page of a search."""
    found = _find(asked, lang())
    last = min(LAST_PAGE, -(-found.total // PAGE_SIZE))
    return render_template(
        "search.html",
        asked=asked,
        found=found,
        hits=[_hit(hit) for hit in found.hits],
        facets=_facets(asked, found),
        paging=pages(asked.page, last, lambda n: _url(asked, page=n)),
        twin=url_for("search.search_json", q=asked.text, kind=asked.kinds),
    )


def _url(asked: Asked, **changed: object) -> str:
    values: dict[str, object] = {"q": asked.text, "kind": asked.kinds} | changed
    return url_for("search.search", **{k: v for k, v in values.items() if v})  # type: ignore[arg-type]


def _facets(asked: Asked, found: SearchAnswer) -> list[Facet]:
    kinds = snapshot().vocabulary.kinds
    counts = found.facets.get("kind", {})
    ordered = [kind for kind in kinds if kind in counts or kind in asked.kinds]
    return [Facet(kinds[k].term.labels.get(lang(), k), counts.get(k, 0), _url(asked, kind=k),
                  k in asked.kinds) for k in ordered]  # fmt: skip


def _hit(answer: HitAnswer) -> Hit:
    entity = snapshot().entity(answer.id)
    others = (names[0] for code, names in entity.labels.items() if code != lang() and names)
    other = next((name for name in others if name != answer.label), "")
    return Hit(answer, other, tuple(_about(entity)), any(f.disputed for f in entity.facts))


def _about(entity: Entity) -> list[str]:
    """The maker, date and size of an entity, as far as they are known."""
    held = snapshot()
    found = [held.label(str(v), lang()) for v in entity.values(DEVELOPER)[:2]]
    found += [date(str(v), lang()) for v in entity.values(RELEASE_DATE)[:1] if v]
    return found + [brief(v, lang()) for v in entity.values(PARAMETER_COUNT)[:1]
                    if isinstance(v, int)]  # fmt: skip
