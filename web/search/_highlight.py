"""Marks the words of a query in a text, by the terms and places of kg/language/tokens.py."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup, escape

from kg.language.tokens import PIECE, TextToken, by_word, tokens
from kg.search.index import LONGEST
from kg.search.query import parse
from web.charts.svg import Pattern


def highlight(text: str, query: str, is_name: bool = False) -> Markup:
    """A text with the words of a query marked, but not their particles.

    Args:
        text: a name, or prose.
        query: in the language of kg/search/query.py.
        is_name: a name has no particles, even if it ends like one.

    >>> highlight("Alpaca <7B>", "alpaca -7b kind:model")
    Markup('<mark>Alpaca</mark> &lt;7B&gt;')
    >>> highlight("비쿠나를 미세조정", "비쿠나를"), highlight("제미나이", "제미나이", True)
    (Markup('<mark>비쿠나</mark>를 미세조정'), Markup('<mark>제미나이</mark>'))
    """
    out, done = Markup(""), 0
    for start, end in _joined(sorted(_places(text, _wanted(query), is_name))):
        out += escape(text[done:start]) + Pattern("<mark>{}</mark>").format(text[start:end])
        done = end
    return out + escape(text[done:])


class _Wanted(NamedTuple):
    """What of a query can be seen in a hit."""

    words: frozenset[str]
    pieces: frozenset[str]  # two syllables of a longer word


@lru_cache(64)
def _wanted(query: str) -> _Wanted:
    """The terms of a query without its filters and what it leaves out."""
    asked = parse(query[:LONGEST])
    text = " ".join((asked.text, *(part for place in asked.phrases for part in place)))
    words: set[str] = set()
    pieces: set[str] = set()
    for word in _words(text):
        stem, start, end = word[0]
        terms = {token.term for token in word}
        words |= {stem, text[start:end]} if _is_hangul(stem) else terms
        pieces |= {t for t in terms if _is_hangul(t) and len(t) == 2 and t != stem and t in stem}
    return _Wanted(frozenset(words), frozenset(pieces))


def _places(text: str, wanted: _Wanted, is_name: bool) -> Iterator[tuple[int, int]]:
    """Where the words stand: as words, in compounds, and pieces that are words of their own."""
    for word in _words(text):
        stem, start, end = word[0]
        found = [token for token in word if token.term in wanted.words]
        if _is_hangul(stem):
            if stem in wanted.pieces or (word[0] in found and not is_name):
                found = [word[0]]
            found += [TextToken(w, start, end) for w in wanted.words if len(w) > 2 and w in stem]
        yield from (_place(text, token) for token in found)


def _place(text: str, token: TextToken) -> tuple[int, int]:
    """Where a term itself stands in the word that gave it; the whole word if it is not spelled so."""
    spelled = text[token.start : token.end]
    at = spelled.lower().find(token.term) if len(spelled.lower()) == len(spelled) else -1
    start = token.start + max(at, 0)
    return start, start + len(token.term) if at >= 0 else token.end


def _joined(places: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Places that overlap or touch as one."""
    start = end = -1
    for first, last in places:
        if first > end:
            if end > start:
                yield start, end
            start, end = first, last
        end = max(end, last)
    if end > start:
        yield start, end


def _words(text: str) -> list[list[TextToken]]:
    """The terms of each word, its stem first; pieces of words as they are spelled."""
    spelled = (t._replace(term=t.term.removeprefix(PIECE)) for t in tokens(text))
    return by_word(spelled)


def _is_hangul(term: str) -> bool:
    return "가" <= term[:1] <= "힣"
