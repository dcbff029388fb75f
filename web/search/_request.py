"""What the address of a search asks for, and the address of what is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

import msgspec
from flask import request, url_for

from kg.errors import InputError
from kg.language.forms import readable
from kg.language.tokens import key
from kg.messages.message import Message
from kg.model.claim import slug_of
from kg.model.vocabulary import ACCESS
from kg.search.analyzer import filter_term
from kg.search.clauses import FACETS, FILTER, Order, SearchPlan, TermClause
from kg.search.index import LONGEST
from kg.snapshot.snapshot import Snapshot
from web.app.context import snapshot
from web.app.params import whole_number

PAGE_SIZE = 20
MOST_HITS = 100  # in one answer
LAST_PAGE = 500
MOST_VALUES = 20  # chosen of one facet
LONGEST_VALUE = 200
_LOOKED_AT = 50
ORDERS: tuple[Order, ...] = get_args(Order)

# `lang` in an address is the language of the page.
PARAMETERS: Mapping[str, str] = {
    facet: "language" if facet == "lang" else facet for facet in FACETS
}
WORD = "word"  # the parameter for words that are searched as words
OF_ENTITIES = ("org", "license", "lang")  # facets whose values are ids


class SearchRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is searched for."""

    text: str = ""
    chosen: Mapping[str, tuple[str, ...]] = {}  # facet -> values, of which a hit has one
    order: Order = "relevance"
    page: int = 1
    size: int = PAGE_SIZE
    cursor: str = ""
    all: bool = False  # copies are listed as hits
    # Words that are searched as words, though they may mean a filter
    as_words: tuple[str, ...] = ()

    def toggled(self, facet: str, value: str) -> SearchRequest:
        """The same with a value chosen, or no longer, from its first page."""
        values = self.chosen.get(facet, ())
        if value in values:
            return self.having(facet, tuple(v for v in values if v != value))
        return self.having(facet, (*values, value))

    def having(self, facet: str, values: tuple[str, ...]) -> SearchRequest:
        """The same with these values of a facet, from its first page."""
        return msgspec.structs.replace(self.first(), chosen={**self.chosen, facet: values})

    def as_word(self, words: str) -> SearchRequest:
        """The same with some words searched as words, from its first page."""
        return msgspec.structs.replace(self.first(), as_words=(*self.as_words, words))

    def first(self) -> SearchRequest:
        """The same from its first page."""
        return msgspec.structs.replace(self, page=1, cursor="")


def read_asked() -> SearchRequest:
    """What the address of this request asks for.

    Raises:
        InputError: an order that is unknown, too many values, or a number that is none.
    """
    order = request.args.get("sort") or "relevance"
    if order not in ORDERS:
        raise InputError(
            Message("unknown sort %(order)r; known are: %(known)s", order=order[:40], known=ORDERS)
        )
    size = whole_number("limit", PAGE_SIZE, 0, MOST_HITS)
    return SearchRequest(
        text=one_line(request.args.get("q", ""))[:LONGEST],
        chosen={facet: values for facet in FACETS if (values := _values(facet))},
        order=order,
        page=whole_number("page", 1, 1, LAST_PAGE) or 1,
        size=PAGE_SIZE if size is None else size,
        cursor=request.args.get("cursor", ""),
        all=request.args.get("all") == "1",
        as_words=_as_words(),
    )


def _as_words() -> tuple[str, ...]:
    typed = [one_line(v)[:LONGEST_VALUE] for v in request.args.getlist(WORD)]
    return tuple(dict.fromkeys(v for v in typed if v))[:MOST_VALUES]


def _values(facet: str) -> tuple[str, ...]:
    typed = [one_line(v)[:LONGEST_VALUE] for v in request.args.getlist(PARAMETERS[facet])]
    found = tuple(dict.fromkeys(canonical(snapshot(), facet, v) for v in typed if v))
    if len(found) > MOST_VALUES:
        raise InputError(
            Message(
                "at most %(most)s values of %(name)s can be chosen",
                most=MOST_VALUES,
                name=PARAMETERS[facet],
            )
        )
    return found


def one_line(text: str) -> str:
    """A text as an address or a page can hold it.

    >>> one_line("llama\\x1c \\ufffe2 ")
    'llama 2'
    """
    return " ".join(readable(text).split())


def canonical(held: Snapshot, facet: str, typed: str) -> str:
    """A value of a facet as the index counts it: `meta` is org/meta, `adapter` is adapterOf.

    What is no such value is left as it was typed; nothing will be found by it.
    """
    if facet in OF_ENTITIES:
        return _entity_called(held, facet, held.redirects.get(typed, typed))
    if facet == "access":
        return _code_called(held, typed)
    if facet == "relation":
        names = held.vocabulary.edges("weights", "distillation")
        near = [name for name in names if key(name).startswith(key(typed))]
        return near[0] if len(near) == 1 else typed
    return typed.lower()


def _code_called(held: Snapshot, name: str) -> str:
    """The code of access that goes by a name."""
    codes = held.vocabulary.properties[ACCESS].codes
    called = {key(word): code for code, term in codes.items() for word in term.labels.values()}
    return called.get(key(name), name.lower())


def _entity_called(held: Snapshot, facet: str, name: str) -> str:
    """The id of the value that goes by a name; the index filters by names as well as by ids."""
    having = SearchPlan(None, (TermClause(FILTER, filter_term(facet, name)),))
    ids = held.index.engine.counts(having, [facet], _LOOKED_AT)[facet]
    return name if name in ids else next((id for id in ids if key(name) in _keys(held, id)), name)


def _keys(held: Snapshot, id: str) -> set[str]:
    names = [n for e in held.those([id]) for names in e.labels.values() for n in names]
    return {key(name) for name in (slug_of(id), *names)}


def address(asked: SearchRequest, endpoint: str = "search.search", **more: str) -> str:
    """The address of a search; what is as usual is left out.

    Args:
        asked: what is searched for.
        endpoint: the page or its twin.
        more: other parameters.
    """
    values: dict[str, object] = {"q": asked.text}
    values |= {PARAMETERS[facet]: list(chosen) for facet, chosen in asked.chosen.items()}
    values[WORD] = list(asked.as_words)
    values["sort"] = asked.order if asked.order != "relevance" else ""
    values["limit"] = asked.size if asked.size != PAGE_SIZE else ""
    values["page"] = asked.page if asked.page > 1 and not asked.cursor else ""
    values["all"] = "1" if asked.all else ""
    values |= {"cursor": asked.cursor, **more}
    given: dict[str, Any] = {name: value for name, value in values.items() if value not in ("", [])}
    return url_for(endpoint, **given)
