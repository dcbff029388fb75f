"""A query as items: words, sizes, dates, and the phrases of data/query-words.yaml with their roles."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from kg.language.numerals import size_of
from kg.language.tokens import CONCEPT, by_word, tokens
from kg.search.query_words import FilterWords, QueryWords

LONGEST = 8  # words of a phrase
_SYMBOL = re.compile(r"(?:[<>]=?|[≤≥])(?=\s*(?:\d|$))|\?")
_DATE = re.compile(
    r"(?<![\w.\-])((?:19|20)\d\d)(?:(?:년|-)\s?(\d{1,2})(?:월|(?![\w.\-])))?(?:년도?)?(에는|에|의|도)?(?![\w\-])"
)
_GLUED = re.compile(r"(?<![\w.\-])((?:19|20)\d\d)년(?=[가-힣])")  # 2024년이후


class Role(NamedTuple):
    """What a phrase may be: which table it stands in, and what it means there."""

    name: str  # filter, size-after, size-before, date-after, …, kind, question, filler
    means: object = None


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a query."""

    start: int  # in the text
    end: int
    text: str
    stem: str = ""  # of a single word
    roles: tuple[Role, ...] = ()
    size: float = 0.0
    date: str = ""  # 2024 or 2024-03
    is_name: bool = False  # several words that something is called by
    tail: tuple[Role, ...] = ()  # roles of the particle behind a single word

    def has_tail(self, name: str) -> bool:
        """Whether its particle has the role of a table, as 처럼 of 라마처럼."""
        return any(role.name == name for role in self.tail)

    def role(self, name: str) -> Role | None:
        """The role of a table, None if it does not stand there."""
        return next((role for role in self.roles if role.name == name), None)

    @property
    def is_word(self) -> bool:
        """Whether it is a word of what is searched: none of the tables has it, and it is no measure."""
        return all(role.name == "denial" for role in self.roles) and not self.date


class _Spelled(NamedTuple):
    """A word with the forms that it is looked up by."""

    start: int
    end: int
    forms: tuple[str, ...]  # without particles, as a whole
    date: str = ""


class KnownWords(NamedTuple):
    """What an index knows of words, each written as a key."""

    name: Callable[[str], bool]  # whether anything is called so
    model: Callable[[str], bool]  # whether a family, a model or a product is
    word: Callable[[str], bool]  # whether it is a word of any name
    passes: Callable[[str], bool]  # whether anything passes a filter term


IsName = Callable[[str], bool]


class Phrases:
    """Cuts queries into items.

    Args:
        words: the tables.
        glossary: words that mean the same; compounds are cut where it knows their head.
        is_name: whether something bears a name, written as a key.
        today: for words such as last year.
    """

    def __init__(
        self, words: QueryWords, glossary: Mapping[str, str], is_name: IsName, today: dt.date
    ) -> None:
        self._glossary, self._is_name = glossary, is_name
        self._roles: dict[str, list[Role]] = {}
        for text, role in _roles(words, today):
            spelled = self._spell(text)
            for forms in {tuple(w.forms[0] for w in spelled), tuple(w.forms[-1] for w in spelled)}:
                self._roles.setdefault("".join(forms), []).append(role)
        self._starts = {key[:n] for key in self._roles for n in range(1, len(key) + 1)}

    def items(self, text: str) -> list[Item]:
        """The parts of a text in order, the longest phrase or name first."""
        words = self._spell(text)
        items: list[Item] = []
        at = 0
        while at < len(words):
            end, roles = self._longest(words, at)
            named = self._longest_name(words, at)
            is_name = named > max(end, at + 1)
            end = named if is_name else max(end, at + 1)
            items.append(self._item(text, words[at:end], () if is_name else roles, is_name))
            at = end
        return items

    def _spell(self, text: str) -> list[_Spelled]:
        text = _GLUED.sub(lambda m: m[0][:-1] + " ", text)  # as long as before
        dates = [_Spelled(*m.span(), (m[0],), _month(m)) for m in _DATE.finditer(text)]
        taken = [(d.start, d.end) for d in dates]
        marks = [_Spelled(*m.span(), (m[0],)) for m in _SYMBOL.finditer(text)]
        words = []
        for group in by_word(t for t in tokens(text, self._glossary) if t.term[:1] != CONCEPT):
            first = group[0]
            if any(start < first.end and first.start < end for start, end in taken):
                continue
            whole = text[first.start : first.end].lower()
            words.append(_Spelled(first.start, first.end, (first.term, whole)))
        return sorted((*dates, *marks, *words))

    def _longest(self, words: list[_Spelled], at: int) -> tuple[int, tuple[Role, ...]]:
        best: tuple[int, tuple[Role, ...]] = (at, ())
        begun = {""}
        for end in range(at, min(at + LONGEST, len(words))):
            keys = {start + form for start in begun for form in words[end].forms}
            for key in sorted(keys):
                if key in self._roles:
                    best = (end + 1, tuple(self._roles[key]))
            begun = keys & self._starts
            if not begun:
                break
        return best

    def _item(
        self, text: str, words: list[_Spelled], roles: tuple[Role, ...], is_name: bool
    ) -> Item:
        start, end = words[0].start, words[-1].end
        stem = words[0].forms[0] if len(words) == 1 else ""
        tail = words[-1].forms[-1].removeprefix(words[-1].forms[0])
        return Item(
            start=start,
            end=end,
            text=text[start:end],
            stem=stem,
            roles=roles,
            size=size_of(stem),
            date=words[0].date if stem else "",
            is_name=is_name,
            tail=tuple(self._roles.get(tail, ())) if tail else (),
        )

    def _longest_name(self, words: list[_Spelled], at: int) -> int:
        """Where a name of several words ends that begins here."""
        for end in range(min(at + LONGEST, len(words)), at + 1, -1):
            run = words[at:end]
            keys = {"".join(w.forms[i] for w in run) for i in (0, -1)}
            if not any(w.date for w in run[:1]) and any(map(self._is_name, keys)):
                return end
        return at


def _month(match: re.Match[str]) -> str:
    return f"{match[1]}-{int(match[2]):02}" if match[2] else match[1]


def month_before(date: str) -> str:
    """The month before a year or month begins.

    >>> month_before("2020"), month_before("2023-03")
    ('2019-12', '2023-02')
    """
    year, _, month = date.partition("-")
    return f"{year}-{int(month) - 1:02}" if month > "01" else f"{int(year) - 1}-12"


def _roles(words: QueryWords, today: dt.date) -> Iterator[tuple[str, Role]]:
    """Every phrase of the tables with its role."""
    for record in words.filters:
        yield from ((text, Role("filter", record)) for text in record.words)
    for size in words.sizes:
        yield from _beside("size", size.after, size.before, size.means)
    for date in words.dates:
        yield from _beside("date", date.after, date.before, date.means)
    for year in words.years:
        yield from ((text, Role("year", str(today.year - year.ago))) for text in year.words)
    yield from _beside("maker", words.makers.after, words.makers.before)
    yield from _beside("without", words.without.after, words.without.before)
    yield from ((text, Role("denial")) for text in words.denials)
    yield from _beside("like", words.likes.after, words.likes.before)
    for kind in words.kinds:
        yield from ((text, Role("kind", tuple(kind.kinds))) for text in kind.words)
    yield from ((text, Role("document")) for text in words.documents)
    yield from ((text, Role("question")) for text in words.questions)
    yield from ((text, Role("filler")) for text in words.fillers)


def _beside(
    name: str, after: Iterable[str], before: Iterable[str], means: object = None
) -> Iterator[tuple[str, Role]]:
    yield from ((text, Role(f"{name}-after", means)) for text in after)
    yield from ((text, Role(f"{name}-before", means)) for text in before)


def joined(text: str) -> str:
    """A name as one word, as keys have it."""
    return "".join(text.lower().replace("-", " ").split())


def filter_words(item: Item) -> FilterWords | None:
    """The filter that an item means, None if it means none."""
    role = item.role("filter")
    return role.means if role and isinstance(role.means, FilterWords) else None
