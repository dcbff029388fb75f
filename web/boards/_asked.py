"""What the address of a timeline asks for: the whole state of the page, and addresses that differ from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, cast, get_args

from flask import request
from werkzeug.datastructures import MultiDict

from kg.answers.boards.releases import By, ReleasesRequest, count_countries, find_maker
from kg.answers.choosing.request import read_range
from kg.errors import InputError
from kg.language.countries import find_country
from kg.language.forms import readable
from kg.licenses.wording import territory
from kg.messages.message import Message
from kg.snapshot.snapshot import Snapshot
from web.app.context import snapshot
from web.app.i18n import gettext
from web.app.params import unknown_choice
from web.ui.addresses import State, address_of_state

MOST_VALUES, LONGEST = 12, 200  # of one parameter, and characters of one
STATE = ("by", "org", "country", "open", "from", "to")
PAGED = (*STATE, "page")


class TimelinePage(NamedTuple):
    """A request of the page, understood."""

    state: State
    asked: ReleasesRequest


class TimelineChip(NamedTuple):
    """A condition, and the page without it."""

    title: str
    label: str
    url: str


def read_state(args: MultiDict[str, str]) -> State:
    """The parameters of an address that make another page, without those that say nothing."""
    found: dict[str, tuple[str, ...]] = {}
    for name in PAGED:
        typed = (" ".join(readable(text).split())[:LONGEST] for text in args.getlist(name))
        values = tuple(dict.fromkeys(text for text in typed if text))[:MOST_VALUES]
        values = values if name in ("org", "country") else values[-1:]
        if values and (name, values) != ("by", ("org",)):
            found[name] = values
    return found


def is_untidy(args: MultiDict[str, str]) -> bool:
    """Whether an address holds parameters that say nothing, as a form sends them."""
    given = [(name, value) for name in PAGED for value in args.getlist(name)]
    return any(not value.strip() or (name, value) == ("by", "org") for name, value in given)


def read_page(held: Snapshot, state: State) -> TimelinePage:
    """What a state asks for.

    Raises:
        InputError: a value that is none.
    """
    by = _first(state, "by") or "org"
    if by not in get_args(By):
        raise unknown_choice("by", by, get_args(By))
    if _first(state, "open") not in ("", "1"):
        raise unknown_choice("open", _first(state, "open"), ("1",))
    start, end = _first(state, "from"), _first(state, "to")
    between = read_range("released", start, end) if start or end else None
    asked = ReleasesRequest(
        by=cast(By, by),
        orgs=tuple(_maker(held, typed) for typed in state.get("org", ())),
        countries=tuple(read_country(held, typed) for typed in state.get("country", ())),
        open_weights=_first(state, "open") == "1",
        start=between.low if between else 0,
        end=between.high if between else float("inf"),
    )
    return TimelinePage(state, asked)


def read_asked() -> TimelinePage:
    """What the address of this request asks for.

    Raises:
        InputError: a value that is none.
    """
    return read_page(snapshot(), read_state(request.args))


def _maker(held: Snapshot, typed: str) -> str:
    if id := find_maker(held, typed):
        return id
    raise InputError(Message("no maker of a model goes by the name %(name)r", name=typed[:80]))


def read_country(held: Snapshot, typed: str) -> str:
    """The code of a country that some maker is in, by its code or name.

    Raises:
        InputError: it is none.
    """
    code = find_country(typed)
    if code in count_countries(held):
        return code
    raise InputError(
        Message("no maker of a model is known to be in the country %(name)r", name=typed[:80])
    )


def _first(state: State, name: str) -> str:
    return next(iter(state.get(name, ())), "")


def address(state: State, endpoint: str = "timeline.page", **changed: Sequence[str]) -> str:
    """The address of a state.

    Args:
        state: the parameters.
        endpoint: the page or one of its files.
        changed: parameters that are otherwise; none = not given.
    """
    names = PAGED if endpoint == "timeline.page" else STATE
    return address_of_state(state, endpoint, names, changed)


def chips(held: Snapshot, page: TimelinePage, lang: str) -> list[TimelineChip]:
    """Every condition of a page as a chip that takes it away."""
    state, found = page.state, list[TimelineChip]()
    for typed, org in zip(state.get("org", ()), page.asked.orgs, strict=True):
        rest = [one for one in state["org"] if one != typed]
        url = address(state, org=rest, page=())
        found.append(TimelineChip(gettext("Organization"), held.label(org, lang), url))
    for typed, code in zip(state.get("country", ()), page.asked.countries, strict=True):
        rest = [one for one in state["country"] if one != typed]
        url = address(state, country=rest, page=())
        found.append(TimelineChip(gettext("Country"), territory(code, lang) or code, url))
    if page.asked.open_weights:
        url = address(state, open=(), page=())
        found.append(TimelineChip(gettext("Access"), gettext("weights one can have"), url))
    if "from" in state or "to" in state:
        span = f"{_first(state, 'from')}–{_first(state, 'to')}"
        url = address({**state, "from": (), "to": (), "page": ()})
        found.append(TimelineChip(gettext("Release date"), span, url))
    return found
