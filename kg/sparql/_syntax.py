"""Where a query stops being SPARQL, told from what Oxigraph says.

Its parser tries a keyword by reading as many characters as the keyword has, and reports the place
after them: "expected OPTIONAL" comes eight characters late, perhaps in another line, and hides an
error within those eight. So a query that does not parse is parsed once more with its tokens far
apart, where nothing that is tried at one token reaches the next; the length of the word that was
tried is then taken off. tests/sparql/test_syntax.py measures how often this names the exact place.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from itertools import pairwise
from typing import TypeAlias

from kg.errors import QueryError
from kg.messages.message import Message, mark
from kg.sparql._tokens import SparqlToken, find_place, offset_of, tokens

Parse: TypeAlias = Callable[[str], str]  # what is wrong with a text, or ""

_GAP = " " * 40  # longer than any keyword
_SOLID = frozenset("{}()[];,")  # marks that may stand apart from their neighbors
_LONGEST = 50_000  # characters that are parsed again
_PLACE = re.compile(
    r"error at (?:line )?(\d+)(?::| between columns | column )(\d+)(?: and \d+)?:? *"
)
_WORD = re.compile(r"[A-Za-z0-9_]+")
# A rule beyond the grammar, among what was expected
_SENTENCE = re.compile(r"[A-Z][\w?]* [a-zA-Z][^,\n]{8,}")
_CUSTOM = re.compile(r"The custom function (<\S+>) is not supported")
# Sentences of Oxigraph's that people meet, so that they have a translation.
_RULES = frozenset(
    [
        mark("The SELECT contains a variable that is unbound"),
        mark("The SELECT overrides an existing variable using an expression"),
        mark("Duplicated variable name in SELECT"),
        mark("IRI parsing failed"),
        mark("The query limit should be a non negative integer"),
        mark("The query offset should be a non negative integer"),
        mark(
            "The VALUES clause rows should have exactly the same number of values as there are "
            "variables. To set a value to undefined use UNDEF"
        ),
    ]
)
_MOST = 120  # characters of a message


def syntax_error(message: str, query: str, parse: Parse) -> QueryError:
    """The error that Oxigraph's message on a query means.

    Args:
        message: what Oxigraph says.
        query: the text as written.
        parse: tells what Oxigraph says of another text.
    """
    if not _PLACE.search(message):
        return QueryError(engine_message(message[:300]))
    found = list(tokens(query))
    if len(query) <= _LONGEST:
        text, starts = _spread(query, found)
        if _PLACE.search(again := parse(text)):
            offset = _written(_reported(again, text), starts, found, len(query.rstrip()))
            return _error(again, query, offset)
    return _error(message, query, _reported(message, query))


def _spread(query: str, found: list[SparqlToken]) -> tuple[str, list[int]]:
    """A text with its tokens far apart, and where each stands in it."""
    parts, starts, length = [], [], 0
    for token, after in pairwise([*found, SparqlToken("mark", "", len(query))]):
        apart = token.end < after.start or {token.text, after.text} & _SOLID or not after.text
        part = token.text + (_GAP if apart else "")
        parts.append(part)
        starts.append(length)
        length += len(part)
    return "".join(parts), starts


def _written(offset: int, starts: list[int], found: list[SparqlToken], end: int) -> int:
    """A place in the spread text as one in the text as written."""
    number = bisect_right(starts, offset) - 1
    if number < 0:
        return 0
    token, inside = found[number], offset - starts[number]
    if inside < len(token.text):
        return token.start + inside
    return found[number + 1].start if number + 1 < len(found) else end


def _reported(message: str, text: str) -> int:
    """The place that a message names, without what was read of a word."""
    found = _PLACE.search(message)
    assert found
    offset = offset_of(text, int(found[1]), int(found[2]))
    return max(0, offset - _late(message[found.end() :]))


def _late(detail: str) -> int:
    """How many characters after its place an error is reported."""
    wanted = detail.removeprefix("expected ").removeprefix("one of ").split(",")
    words = [w.strip() for w in wanted if _WORD.fullmatch(w.strip())]
    return min(map(len, words)) if words and len(words) >= len(wanted) - ("[_]" in detail) else 0


def _error(message: str, query: str, offset: int) -> QueryError:
    line, column = find_place(query, offset)
    return QueryError(_said(message, query[offset:]), line, column)


def _said(message: str, rest: str) -> Message:
    """A sentence for people: Oxigraph lists every character it could have taken."""
    if "Prefix not found" in message:
        return Message("a prefix here is not declared; write PREFIX name: <…> at the start")
    if sentence := _SENTENCE.search(message):
        return engine_message(sentence[0])
    following = next(tokens(rest), None)
    if following is None:
        return Message("the query ends too early")
    detail = _PLACE.sub("", message, count=1).strip()
    if "expected" not in detail:
        return engine_message(detail.splitlines()[0][:_MOST])
    if len(following.text) == 1 and not following.text.isascii():
        return _strange(following.text)
    return Message("unexpected %(word)r", word=following.text[:40])


def _strange(character: str) -> Message:
    """A character that nobody sees, or takes for another, by its name in Unicode."""
    return Message(
        "unexpected character U+%(code)s (%(name)s)",
        code=f"{ord(character):04X}",
        name=unicodedata.name(character, "?"),
    )


def engine_message(sentence: str) -> Message:
    """A sentence of Oxigraph's; one that people meet has a translation, any other is quoted as it is."""
    if sentence in _RULES:
        return Message(sentence)
    if custom := _CUSTOM.fullmatch(sentence):
        return Message("The custom function %(name)s is not supported", name=custom[1])
    return Message("%(error)s", error=sentence)
