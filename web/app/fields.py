"""Fields of an address that nothing there reads: a page says so, and to a program they are an error.

What is asked for and not read would be missing from the answer in silence: with a misspelled number of users a
verdict would be that for a small company. A reader sees the line above the answer. A program reads no such line,
so its answer is refused; a picture in a page of others is drawn all the same. What a link was given on its way, by
whoever counts its readers, asks for nothing and is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import NamedTuple, TypeAlias, cast
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Flask, Response, current_app, g, request
from werkzeug.datastructures import MultiDict

from kg.language.forms import readable
from kg.model.media import CSV
from web.app.negotiate import JSON
from web.app.params import unknown_field

# By endpoint; None = others may be sent, as a standard lets its clients. What is not named is a file, which takes none.
Fields: TypeAlias = Mapping[str, frozenset[str] | None]

_EXTENSION = "gyebo.fields"
_LANGUAGE = "lang"
_EVERYWHERE = (_LANGUAGE, "v", "bom")  # also: of what data a file is, a mark for Excel
# What mailings, advertisements, social networks, search engines and whoever wants no cache, or wide JSON, add to links.
_ADDED = re.compile(
    "(_|utm_|pk_|mtm_|hsa_|mc_|n_|nl_).*|ref|ref_src|ref_url|referrer|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|"
    "msclkid|yclid|twclid|ttclid|k_clid|napm|li_fat_id|igsh|igshid|srsltid|mkt_tok|kakao_agent|si|spm|"
    "cb|nocache|rand|random|timestamp|ts|pretty",
    re.IGNORECASE,
)
_USED_UNREAD = (JSON, CSV.media_type, "text/markdown")
_MOST, _LONGEST = 5, 60  # fields that are named, and characters of a name


class UnknownField(NamedTuple):
    """A field of an address that nothing reads."""

    name: str
    near: Sequence[str]  # those that may be meant
    known: Sequence[str]  # all that are read there


def register(app: Flask) -> None:
    """Let an application tell which fields of an address it does not read.

    It is to be the last part of an application: what it refuses, no other is to keep.
    """
    app.before_request(_look)
    app.after_request(_tell)
    app.context_processor(lambda: {"unknown_fields": g.get("unread", ())})


def state_fields(app: Flask, fields: Fields) -> None:
    """Say which fields the addresses of an application take."""
    app.extensions[_EXTENSION] = fields


def stated_fields(app: Flask) -> Fields:
    """The fields that the addresses of an application take."""
    return cast(Fields, app.extensions[_EXTENSION])


def _look() -> None:
    if request.query_string:
        look_at(request.args)


def look_at(given: MultiDict[str, str]) -> None:
    """Note which fields of a request nothing reads; one that is empty asks for nothing.

    Args:
        given: the fields, also of a form that was posted.
    """
    stated = _stated()
    if stated is None:
        return
    unread = [*dict.fromkeys(name for name, _ in _unread(given, stated))]
    if not unread:
        return
    known = sorted({*stated, _LANGUAGE})
    g.unread = [
        *g.get("unread", ()),
        *(UnknownField(_shown(name), near_fields(name, known), known) for name in unread[:_MOST]),
    ]


def _stated() -> frozenset[str] | None:
    return stated_fields(current_app).get(request.endpoint or "", frozenset())


def _unread(given: MultiDict[str, str], stated: frozenset[str]) -> list[tuple[str, str]]:
    known = stated.union(_EVERYWHERE)
    return [
        (name, value)
        for name, value in given.items(multi=True)
        if value.strip() and name not in known and not _ADDED.fullmatch(name)
    ]


def near_fields(name: str, known: Iterable[str]) -> list[str]:
    """The fields that may be meant by one that does not exist: `params-from` and `params-to` by `params`.

    Args:
        name: as it was typed.
        known: the fields that exist.
    """
    typed, names = name[:_LONGEST].lower().replace("_", "-"), sorted(known)
    longer = [one for one in names if typed and one.startswith(f"{typed}-")]
    return longer or get_close_matches(typed, names, 3, 0.76)


def _shown(name: str) -> str:
    return " ".join(readable(name).split())[:_LONGEST]


def _tell(response: Response) -> Response:
    """Refuse an answer that would be used unread; where an address leads, the next one is to tell of it."""
    unread: Sequence[UnknownField] = g.get("unread", ())
    if unread and response.location:
        response.location = _carried(response.location)
    used = response.status_code == 200 and response.mimetype in _USED_UNREAD
    if not unread or not used or request.endpoint not in stated_fields(current_app):
        return response
    response.close()
    wrong = unknown_field(*unread[0])
    return current_app.make_response(current_app.handle_user_exception(wrong))


def _carried(address: str) -> str:
    """An address with the fields of this one that nothing reads."""
    parts = urlsplit(address)
    stated = _stated() or frozenset()
    there = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    lost = [(name, value) for name, value in _unread(request.args, stated) if name not in there]
    query = "&".join(filter(None, (parts.query, urlencode(lost))))
    return parts._replace(query=query).geturl()
