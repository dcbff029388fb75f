"""Korean and English: the messages of translations/, and the language of a request.

English is what stands in the code. `mark` and `mark_plural` only tag a message for extraction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, lru_cache

from babel.messages.pofile import read_po
from flask import Flask, Response, request
from markupsafe import Markup

from web.app.context import lang, speak
from web.paths import WEB

LANGS = {"en": "English", "ko": "한국어"}
COOKIE = "lang"
_YEAR = 365 * 24 * 3600
_FOLDER = WEB / "translations"


@cache
def catalog(lang: str) -> Mapping[str, str]:
    """The messages of a language; of a plural, its first form, the only one Korean has."""
    path = _FOLDER / lang / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        found = [(m.id, m.string) for m in read_po(file) if not m.fuzzy]
    return {_first(id): _first(string) for id, string in found if id and string}


def _first(text: str | list[str] | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[0]


def gettext(message: str) -> str:
    """A message in the language of the request."""
    return catalog(lang()).get(message, message)


@lru_cache(4096)
def _markup(message: str, lang: str) -> Markup:
    return Markup(catalog(lang).get(message, message))


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
    known = catalog(lang)
    return lambda message: known.get(message, message)


def ngettext(singular: str, plural: str, n: int) -> str:
    """A message with a number in the language of the request."""
    known = catalog(lang()).get(singular)
    return known or (singular if n == 1 else plural)


def mark(message: str) -> str:
    """A message that is translated later."""
    return message


def mark_plural(singular: str, plural: str) -> tuple[str, str]:
    """A message with a number that is translated later."""
    return singular, plural


def register(app: Flask) -> None:
    """Let an application find out the language of each request, and remember a choice."""
    app.jinja_env.globals.update(_=in_template, gettext=in_template, ngettext=plural_in_template)
    app.before_request(_choose)
    app.after_request(_remember)


def _choose() -> None:
    wanted = (_named(), request.cookies.get(COOKIE))
    accepted = request.accept_languages.best_match(LANGS)
    speak(next((w for w in wanted if w in LANGS), accepted or "en"))


def _named() -> str | None:
    """The language an address names; most name none, and need not be taken apart to know it."""
    return request.args.get("lang") if b"lang=" in request.query_string else None


def _remember(response: Response) -> Response:
    chosen = _named()
    if (
        chosen in LANGS
        and response.mimetype == "text/html"
        and request.cookies.get(COOKIE) != chosen
    ):
        response.set_cookie(
            COOKIE,
            chosen,
            max_age=_YEAR,
            path=request.root_path or "/",
            secure=request.is_secure,
            httponly=True,
            samesite="Lax",
        )
    if response.mimetype == "text/html":
        response.headers["Content-Language"] = lang()
    return response
