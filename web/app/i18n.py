"""The language of a request, and what templates and pages say in it; the messages are in kg/messages/message.py.

English is what stands in the code. `mark_plural` only tags a message for extraction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, partial

from flask import Flask, Response, request
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept
from werkzeug.exceptions import HTTPException
from werkzeug.http import dump_cookie, parse_accept_header, parse_cookie

from kg.messages.message import LANGUAGES, Message, translate
from kg.messages.message import mark as mark
from web.app.context import lang, speak

LANGS = LANGUAGES
COOKIE = "lang"
_YEAR = 365 * 24 * 3600


def render_message(message: Message) -> str:
    """A message with its places filled, in the language of the request."""
    return message.text(lang())


class Refusal(HTTPException):
    """A request that is answered with an error of HTTP.

    Args:
        status: of HTTP.
        message: why, and what to do; told in the language of the reader.
    """

    def __init__(self, status: int, message: Message) -> None:
        super().__init__(str(message))
        self.code, self.message = status, message


def gettext(message: str) -> str:
    """A message in the language of the request."""
    return translate(message, lang=lang())


@lru_cache(4096)
def _markup(message: str, lang: str) -> Markup:
    return Markup(translate(message, lang=lang))


def _filled(text: Markup, variables: Mapping[str, object]) -> Markup:
    return text % variables if variables or "%" in text else text


def in_template(message: str, **variables: object) -> Markup:
    """A message in a page, its variables escaped; as Jinja's own, which asks its context each time."""
    return _filled(_markup(message, lang()), variables)


def plural_in_template(singular: str, plural: str, num: int, **variables: object) -> Markup:
    """A message with a number in a page; `num` is among its variables."""
    return _filled(Markup(ngettext(singular, plural, num)), {"num": num, **variables})


def translator(lang: str) -> Callable[[str], str]:
    """What gives messages in one language, whatever the request."""
    return partial(translate, lang=lang)


def ngettext(singular: str, plural: str, n: int) -> str:
    """A message with a number in the language of the request."""
    return translate(singular, plural, n, lang=lang())


def mark_plural(singular: str, plural: str) -> tuple[str, str]:
    """A message with a number that is translated later."""
    return singular, plural


def register(app: Flask) -> None:
    """Let an application find out the language of each request, and remember a choice."""
    app.jinja_env.globals.update(_=in_template, gettext=in_template, ngettext=plural_in_template)
    app.before_request(speak_to_reader)
    app.after_request(_remember)


def speak_to_reader() -> None:
    """Answer in the language that the address, the reader's choice or the browser names."""
    wanted = (_named(), request.cookies.get(COOKIE))
    chosen = next((w for w in wanted if w in LANGS), None)
    speak(chosen or accepted_language(request.headers.get("Accept-Language", "")))


@lru_cache(512)
def accepted_language(header: str) -> str:
    """The language that an Accept-Language header likes best of ours.

    A region does not matter: to whom Korean of Korea is the dearest, Korean is.

    >>> accepted_language("en;q=0.5, ko-KR"), accepted_language("ko;q=0, *"), accepted_language("fr")
    ('ko', 'en', 'en')
    """
    accepted = parse_accept_header(header, LanguageAccept)
    tags = (tag.partition("-")[0].lower() for tag, weight in accepted if weight > 0)
    return next((tag for tag in tags if tag in LANGS), "en")


@lru_cache(512)
def remembered_language(cookies: str) -> str:
    """The language that a reader has chosen before; cookies that are no UTF-8 choose none.

    Args:
        cookies: the header, as WSGI gives it.
    """
    if COOKIE not in cookies:
        return ""
    readable = cookies.encode("latin1").decode("utf-8", "replace")  # WSGI gives bytes as Latin-1
    return parse_cookie(readable.encode().decode("latin1")).get(COOKIE, "")


def _named() -> str | None:
    """The language an address names; most name none, and need not be taken apart to know it."""
    return request.args.get("lang") if b"lang=" in request.query_string else None


def chosen_language() -> str:
    """The language that the address of this request chooses, "" if none."""
    named = _named()
    return named if named in LANGS else ""


def cookie_of(chosen: str, path: str, *, secure: bool) -> str:
    """The header by which a browser remembers a language.

    Args:
        chosen: the language.
        path: under which the site stands.
        secure: whether it was asked for over TLS.
    """
    return dump_cookie(
        COOKIE,
        chosen,
        max_age=_YEAR,
        path=path or "/",
        secure=secure,
        httponly=True,
        samesite="Lax",
    )


def _remember(response: Response) -> Response:
    if response.mimetype != "text/html":
        return response
    chosen = chosen_language()
    if chosen and request.cookies.get(COOKIE) != chosen:
        cookie = cookie_of(chosen, request.root_path, secure=request.is_secure)
        response.headers.add("Set-Cookie", cookie)
    response.headers["Content-Language"] = lang()
    return response
