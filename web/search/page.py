"""Search, and browsing by facets: the empty query finds everything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec
from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from kg.answers import search as search_answer
from kg.answers.contract import HitAnswer, Ref, SearchAnswer, to_json
from kg.answers.copies import count_copies
from kg.answers.show import describe
from kg.language.dates import date
from kg.language.numbers import both_ways, brief
from kg.messages.message import Message
from kg.model.claim import Entity, kind_of, main_label
from kg.model.dating import known_date
from kg.model.vocabulary import DEVELOPER, PARAMETER_COUNT, PUBLISHER
from kg.search.analyzer import filter_term
from kg.search.clauses import FILTER, Order
from kg.search.index import LONGEST
from web.app.context import lang, snapshot
from web.app.i18n import gettext, mark, mark_plural, ngettext
from web.app.negotiate import JSON, PAGE_OR_JSON, negotiate
from web.app.params import data_lang
from web.search._facets import chips, facets
from web.search._highlight import highlight
from web.search._no_hits import help_for, kind_totals
from web.search._request import (
    LAST_PAGE,
    MOST_HITS,
    MOST_VALUES,
    PAGE_SIZE,
    PARAMETERS,
    WORD,
    SearchRequest,
    address,
    read_asked,
)
from web.search._sorting import sorts
from web.search._table import table_address
from web.search._trail import first_parents
from web.search._understood import as_words, understood
from web.ui.access import AccessMark, access_mark
from web.ui.features import Feature, MenuEntry, site_page
from web.ui.operations import LANGUAGE, Parameter, among, many, one_of, operation, whole
from web.ui.paging import Pages, pages
from web.ui.verdicts import LOOKS, VerdictLook, verdict_at

bp = Blueprint("search", __name__)
bp.add_app_template_global(highlight)
FEATURE = Feature(blueprint=bp)

_CHOOSES: Mapping[str, str] = {  # what a facet is by, as a parameter of the API
    "kind": mark("kind of what is found"),
    "org": mark("organization, by id or name"),
    "license": mark("license, by id or name"),
    "access": mark("how it can be had, as open-weights"),
    "verdict": mark("whether it may be used commercially"),
    "relation": mark("how it was derived, as fineTunedFrom"),
    "language": mark("language it is for"),
    "size": mark("class of parameter counts"),
    "year": mark("year of release"),
}
_COUNTED = {
    "downloads": mark_plural("%(number)s download", "%(number)s downloads"),
    "descendants": mark_plural("%(number)s descendant", "%(number)s descendants"),
}


class CopiesLink(NamedTuple):
    """The copies of a hit by one relation, and the search that lists them."""

    label: str  # 12 quantizations
    url: str


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A hit as the page shows it."""

    answer: HitAnswer
    other: str  # its name in the other language
    snippet: str
    about: tuple[str, ...]  # maker, date, size, and the number it is sorted by
    disputed: bool
    access: AccessMark | None
    look: VerdictLook | None  # the verdict on commercial use, where the question makes sense
    trail: list[Ref]  # what it comes from
    copies: list[CopiesLink]


@bp.get("/search")
@site_page(
    parameters=("q", *PARAMETERS.values(), WORD, "sort", "page", "cursor", "all"),
    menu=(
        MenuEntry(mark("Families"), 10, {"kind": "family"}),
        MenuEntry(mark("Licenses"), 20, {"kind": "license"}),
    ),
    search="/search?q=alpaca",
    browse="/search?kind=family",
    search_words="/search?q=7B 이하 상업용 한국어 모델 라마 말고&word=상업용",
    search_nothing="/search?q=qqqqzzzz",
)
def search() -> ResponseReturnValue:
    """Hits as a page, or as JSON where that is asked for."""
    return search_page(read_asked()) if negotiate(PAGE_OR_JSON) == "html" else search_json()


@bp.get("/search.json")
@operation(
    "search",
    "/search.json",
    mark("Hits, best first, with counts by facet. The empty query finds everything."),
    SearchAnswer,
    example="/search.json?q=알파카&kind=model&limit=3",
    parameters=(
        Parameter("q", mark("words, “phrases”, -words, a OR b, filters such as org:meta")),
        *(Parameter(name, about, many(most=MOST_VALUES)) for name, about in _CHOOSES.items()),
        Parameter(
            WORD,
            mark("words to search as words, though they may mean a filter"),
            many(most=MOST_VALUES),
        ),
        Parameter("sort", mark("order of the hits"), one_of(Order, "relevance")),
        Parameter("limit", mark("most hits in one answer"), whole(0, MOST_HITS, PAGE_SIZE)),
        Parameter("page", mark("page of the hits"), whole(1, LAST_PAGE, 1)),
        Parameter("cursor", mark("next of the answer before, for the hits that follow")),
        Parameter("all", mark("1: copies of models are hits as well"), among(("1",))),
        LANGUAGE,
    ),
)
def search_json() -> Response:
    """Hits as JSON; a Link header leads to those that follow."""
    asked = read_asked()
    code = data_lang()
    found = find_hits(asked, code)
    response = Response(to_json(found), content_type=JSON)
    if found.next:
        following = msgspec.structs.replace(asked, cursor=found.next)
        more = {"lang": code} if request.args.get("lang") else {}
        response.headers["Link"] = (
            f'<{address(following, "search.search_json", **more)}>; rel="next"'
        )
    return response


def find_hits(asked: SearchRequest, code: str) -> SearchAnswer:
    """The hits of a search.

    Args:
        asked: what is searched for.
        code: language of labels and snippets.
    """
    found = search_answer.search(
        snapshot(),
        asked.text,
        asked.size,
        (asked.page - 1) * asked.size,
        lang=code,
        chosen=asked.chosen,
        order=asked.order,
        cursor=asked.cursor,
        group=not asked.all,
        as_words=asked.as_words,
    )
    if not asked.text and set(asked.chosen) <= {"kind"}:
        found = _unsearched(asked, found, code)
    return msgspec.structs.replace(
        found, notes=[*found.notes, *(note.text(code) for note in _notes(asked))]
    )


def _notes(asked: SearchRequest) -> Iterator[Message]:
    """What of the address finds nothing, or was not read."""
    held = snapshot()
    for facet, values in asked.chosen.items():
        for value in values:
            known = held.index.engine.frequency(FILTER, filter_term(facet, value))
            if not known and value not in kind_totals(held):
                yield Message(
                    "nothing has the %(field)s %(value)r", field=PARAMETERS[facet], value=value
                )
    if len(request.args.get("q", "").strip()) > LONGEST:
        yield Message("only the first %(number)s characters were read", number=LONGEST)


def _unsearched(asked: SearchRequest, found: SearchAnswer, code: str) -> SearchAnswer:
    """Kinds that are not in the index can still be counted and, alone, be listed by id."""
    held = snapshot()
    counted = {**found.facets, "kind": {**found.facets["kind"], **kind_totals(held)}}
    lines = [n for kind in asked.chosen.get("kind", ()) for n in range(*held.kind_range(kind))]
    if found.total or not lines:
        return msgspec.structs.replace(found, facets=counted)
    start = (asked.page - 1) * asked.size
    shown = [held.entity_at(n) for n in lines[start : start + asked.size]]
    hits = [
        HitAnswer(
            id=e.id,
            kind=kind_of(e.id),
            label=main_label(e, code),
            score=0.0,
            snippet=describe(e, code),
        )
        for e in shown
    ]
    return SearchAnswer(total=len(lines), hits=hits, facets=counted, suggestion=None)


def search_page(asked: SearchRequest) -> str:
    """The page of a search."""
    found = find_hits(asked, lang())
    is_all = not asked.text and not asked.chosen
    return render_template(
        "search/search.html",
        asked=asked,
        found=found,
        corrected=address(msgspec.structs.replace(asked.first(), text=found.suggestion or "")),
        marked=found.suggestion or asked.text,
        is_all=is_all,
        hits=[_hit(hit, asked.order) for hit in found.hits],
        facets=facets(asked, found),
        chips=chips(asked),
        understood=understood(asked, found),
        as_words=as_words(asked),
        everything=address(msgspec.structs.replace(asked.first(), all=not asked.all)),
        clear=address(msgspec.structs.replace(asked.first(), chosen={})),
        sorts=sorts(asked),
        paging=_pages(asked, found),
        help=help_for(asked) if not found.total else None,
        twin=address(asked, "search.search_json"),
        table=table_address(asked),
    )


def _pages(asked: SearchRequest, found: SearchAnswer) -> Pages:
    """Numbers lead to pages; behind a cursor there is no number, only what follows."""
    if asked.cursor:
        following = address(msgspec.structs.replace(asked, cursor=found.next)) if found.next else ""
        return Pages(0, [(1, address(asked.first()))], following)
    size = max(asked.size, 1)
    last = min(LAST_PAGE, search_answer.DEEPEST // size, -(-found.total // size))
    return pages(asked.page, last, lambda n: address(msgspec.structs.replace(asked, page=n)))


def _hit(answer: HitAnswer, order: Order) -> Hit:
    held, number = snapshot(), snapshot().number(answer.id)
    entity = held.entity_at(number)
    others = (names[0] for code, names in entity.labels.items() if code != lang() and names)
    other = next((name for name in others if name != answer.label), "")
    about = (*_about(entity), *_sorted_by(answer.score, order))
    snippet = answer.snippet.removeprefix(f"{other} · ")  # it stands beside the label
    verdict = verdict_at(held, number)
    disputed = any(f.disputed for f in entity.facts)
    look = LOOKS[verdict] if verdict else None
    return Hit(
        answer=answer,
        other=other,
        snippet=snippet,
        about=about,
        disputed=disputed,
        access=access_mark(held, entity),
        look=look,
        trail=first_parents(held, number),
        copies=_copies(answer),
    )


def _copies(answer: HitAnswer) -> list[CopiesLink]:
    """The copies of a hit, each relation with the search for exactly these."""
    links = []
    for relation, number in answer.copies.items():
        asked = SearchRequest(text=f"copy-of:{answer.id}", chosen={"relation": (relation,)})
        label = count_copies({relation: number}, snapshot().vocabulary, lang())[0]
        links.append(CopiesLink(label, address(asked)))
    return links


def _about(entity: Entity) -> list[str]:
    """The maker, else the account, date and size of an entity, as far as they are known."""
    held = snapshot()
    makers = entity.values(DEVELOPER)[:2] or entity.values(PUBLISHER)[:1]
    found = [held.label(str(v), lang()) for v in makers]
    found += [date(day, lang()) for day in [known_date(entity)] if day]
    return found + [
        gettext("%(number)s parameters") % {"number": both_ways(v, brief(v, lang()), lang())}
        for v in entity.values(PARAMETER_COUNT)[:1]
        if isinstance(v, int)
    ]


def _sorted_by(score: float, order: Order) -> list[str]:
    """The number hits are sorted by, where it is not shown anyway."""
    if order not in _COUNTED or not score:
        return []
    return [ngettext(*_COUNTED[order], int(score)) % {"number": brief(int(score), lang())}]
