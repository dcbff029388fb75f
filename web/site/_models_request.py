"""What the address of the table of models asks for: the whole state of the page, and addresses that differ from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast, get_args

from flask import request
from werkzeug.datastructures import MultiDict

from kg.answers.choosing.request import (
    COLUMNS,
    FALLING,
    FILTERS,
    ORDERS,
    RANGED,
    Between,
    Column,
    Filter,
    ModelsRequest,
    Order,
    Ranged,
    read_range,
)
from kg.columns.table import read_table
from kg.language.forms import readable
from kg.licenses.rules import USES
from kg.licenses.terms import Verdict
from kg.snapshot.snapshot import Snapshot
from web.app.context import snapshot
from web.app.params import unknown_choice, whole_number
from web.license.question import FIELDS, LicenseQuestion, read_question, required
from web.ui.addresses import State, address_of_state

PAGE_SIZE, MOST_ROWS, LAST_PAGE = 50, 500, 100_000
MOST_VALUES, LONGEST = 20, 500  # of one parameter, and characters of one
# `lang` in an address is the language of the page.
NAMES: Mapping[Filter, str] = {name: "language" if name == "lang" else name for name in FILTERS}
ENDS: Mapping[Ranged, tuple[str, str]] = {name: (f"{name}-from", f"{name}-to") for name in RANGED}
SHOWN: tuple[Column, ...] = (
    *("name", "org", "released", "params", "context", "lang"),
    *("access", "verdict", "score", "descendants", "downloads"),
)
_MANY = ("word", *NAMES.values(), "column")
STATE = (
    *("q", "word", *NAMES.values(), *(end for ends in ENDS.values() for end in ends)),
    *("benchmark", "sort", "order", "column", "all", "use", *FIELDS),
)
PAGED = (*STATE, "page")
ADDRESSED = (*PAGED, "limit")


class ModelsPage(NamedTuple):
    """A request of the page, understood."""

    state: State
    asked: ModelsRequest
    question: LicenseQuestion
    columns: Sequence[Column]


def read_state(args: MultiDict[str, str]) -> State:
    """The parameters of an address that make another page, without those that say nothing."""
    found: dict[str, tuple[str, ...]] = {}
    for name in ADDRESSED:
        typed = (" ".join(readable(text).split())[:LONGEST] for text in args.getlist(name))
        values = tuple(dict.fromkeys(text for text in typed if text))[:MOST_VALUES]
        values = values if name in _MANY else values[-1:]
        if values and not _is_usual(name, values):
            found[name] = values
    return found


def _is_usual(name: str, values: Sequence[str]) -> bool:
    """Whether values are those that count where nothing is said."""
    if name == "column":
        return {"name", *values} == {*SHOWN}
    return name == "use" and values[0] == USES[0]


def is_untidy(args: MultiDict[str, str]) -> bool:
    """Whether an address holds parameters that say nothing, as a form sends them."""
    given = {name: args.getlist(name) for name in ADDRESSED if name in args}
    return any(not all(map(str.strip, v)) or _is_usual(n, v) for n, v in given.items())


def address(state: State, endpoint: str = "models.page", **changed: Sequence[str]) -> str:
    """The address of a state.

    Args:
        state: the parameters.
        endpoint: the page or one of its files.
        changed: parameters that are otherwise; none = not given.
    """
    names = PAGED if endpoint == "models.page" else STATE
    return address_of_state(state, endpoint, names, changed)


def without(state: State, name: str, value: str = "") -> State:
    """A state without a parameter, or without one of its values, from its first page."""
    rest = tuple(one for one in state.get(name, ()) if value and one != value)
    return {**state, name: rest, "page": ()}


def read_page(held: Snapshot, state: State, question: LicenseQuestion) -> ModelsPage:
    """What a state asks for.

    Raises:
        InputError: a value that is none.
    """
    required(question)
    columns = tuple(cast(Column, c) for c in _among("column", state.get("column", ()), COLUMNS))
    order = _among("sort", state.get("sort", ()), ORDERS)
    sort = cast(Order, order[0]) if order else "relevance"
    turned = _among("order", state.get("order", ()), ("asc", "desc"))
    asked = ModelsRequest(
        text=_first(state, "q"),
        as_words=tuple(state.get("word", ())),
        chosen={name: tuple(state[NAMES[name]]) for name in FILTERS if NAMES[name] in state},
        ranges=dict(_ranges(state)),
        benchmark=_benchmark(held, _first(state, "benchmark")),
        order=sort,
        falling=turned[0] == "desc" if turned else sort in FALLING or sort == "relevance",
        copies=_first(state, "all") == "1",
        use=question.use,
        profile=question.profile,
    )
    _among("verdict", asked.chosen.get("verdict", ()), get_args(Verdict))
    shown = tuple(c for c in COLUMNS if c in (*columns, "name")) if columns else SHOWN
    return ModelsPage(state, asked, question, shown)


def read_asked() -> ModelsPage:
    """What the address of this request asks for.

    Raises:
        InputError: a value that is none.
    """
    held = snapshot()
    return read_page(held, read_state(request.args), read_question(held, request.args))


def rows_asked() -> tuple[int | None, int]:
    """The most rows of an answer in data, and the rows to skip; all rows where nothing is said.

    Raises:
        InputError: a parameter is no whole number.
    """
    limit = whole_number("limit", None, 1, MOST_ROWS)
    page = whole_number("page", 1, 1, LAST_PAGE) or 1
    return limit, (page - 1) * limit if limit else 0


def _first(state: State, name: str) -> str:
    return next(iter(state.get(name, ())), "")


def _ranges(state: State) -> list[tuple[Ranged, Between]]:
    return [
        (name, read_range(name, _first(state, low), _first(state, high)))
        for name, (low, high) in ENDS.items()
        if low in state or high in state
    ]


def _among(name: str, typed: Sequence[str], known: Sequence[str]) -> Sequence[str]:
    """The values of a parameter that can only be some words."""
    for value in typed:
        if value not in known:
            raise unknown_choice(name, value, known)
    return typed


def _benchmark(held: Snapshot, typed: str) -> str:
    """The id of a benchmark with scores."""
    if not typed:
        return ""
    known = read_table(held).benchmarks()
    id = typed if "/" in typed else f"benchmark/{typed}"
    return _among("benchmark", [held.redirects.get(id, id)], known)[0]
