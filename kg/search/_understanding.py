"""What a person asked, as plans for an engine: the strictest first, each word spelled as it was meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from kg.language.forms import readable
from kg.language.numerals import with_sizes
from kg.language.ordinary import is_word
from kg.messages.message import Message
from kg.search._copy_words import are_all, copy_words
from kg.search._ranking import LEAST, Word, enough, every, exact_keys, named, phrase, weigh_words
from kg.search._spelling import Spelling
from kg.search._versions import Versions
from kg.search.analyzer import filter_term
from kg.search.clauses import (
    FILTER,
    OWN,
    Best,
    Clause,
    Every,
    Flat,
    Phrase,
    SearchEngine,
    SearchPlan,
    Some,
    TermClause,
    Within,
)
from kg.search.query import Called, Filter, OneOf, Query, Range

ENOUGH = 8  # hits that match every word, below which hits that match some are added
READ_ONCE = 16  # texts that are read once, however many steps of an answer read them
LONGEST = 500  # characters of words that are read
SOFT = 10.0  # points of a word that was read as a filter, for hits that have it as a word too
MOST_CALLED = 50  # families and models of a name that is left out
_ALL = Within("descendants", 0.0, 1e18)  # every document has this number
LEAST_PART = 3  # letters of a name that is joined with another
_MIXED = re.compile("[A-Za-z][가-힣ㄱ-ㅣ]|[가-힣ㄱ-ㅣ][A-Za-z]")
_CAMEL = re.compile("[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_DIGITS = re.compile(r"[0-9]")


class Try(NamedTuple):
    """A plan, and how many hits are enough not to try the next."""

    plan: SearchPlan
    most: int = 0


class Read(NamedTuple):
    """The plain words of a query as they were meant."""

    text: str
    words: Sequence[Word]  # with those that nothing holds
    mended: Mapping[str, str]  # a word that nothing holds -> what was meant


class Understood(NamedTuple):
    """A query as it was understood."""

    plans: Iterator[Try]
    better: str  # the query better spelled, "" where it was spelled well
    copies: Sequence[Clause]  # what of it tells copies from their originals


class Understanding:
    """Reads queries for one index.

    Args:
        engine: what is asked.
        glossary: words that mean the same.
        filters: those that mean something, whether any document passes them or not.
        spelling: gives the words of the index; called when one is not known.
    """

    def __init__(
        self,
        engine: SearchEngine,
        glossary: Mapping[str, str],
        filters: set[str],
        spelling: Callable[[], Spelling],
    ) -> None:
        self._engine, self._glossary, self._filters = engine, glossary, filters
        self._spelling = spelling
        self.read = lru_cache(READ_ONCE)(self._read)
        self._versions = Versions(glossary, engine.frequency)

    def understand(self, asked: Query, notes: list[Message]) -> Understood:
        """A query as plans; what is not understood is added to the notes."""
        keep, drop = self._clauses(asked, notes)
        drop += [self._alternative(text) for text in asked.without]
        phrases = [Some(tuple(map(self._alternative, place))) for place in asked.phrases]
        keep += phrases
        read = self.read(asked.text)
        held = [word for word in read.words if word.held]
        keys = exact_keys(read.text)
        called = named(keys)
        copies = copy_words(held, keys, self._engine.frequency)
        plans: Iterable[Try]
        if held and not _is_bare(read.words):
            first = () if are_all(held, copies) else copies
            plans = self._tries(held, called, first)
        elif asked.text:  # nothing holds any of it that could be a name
            plans = [Try(SearchPlan(Some(called)))]
        else:
            plans = [Try(SearchPlan(Every(tuple(phrases)) if phrases else None))]
        better = _replaced(asked.typed, read.mended) if held and read.mended else ""
        soft = [word.clause for word in self._words(asked.soft) if word.known and not word.filler]
        tries = (Try(_with(_softened(p, soft), keep, drop), most) for p, most in plans)
        return Understood(tries, better, copies)

    def _read(self, text: str) -> Read:
        """Words as they were meant: in the form of names, joined words apart, a slip mended.

        `read` is the same, which a search, its settling and what is said of a name that is not there share.
        """
        text = self.respelled(text)
        keys = self._other_keys(text)
        text = _replaced(text, keys)
        text = _replaced(text, self._parted(text))
        words = self._words(text)
        mended = self._mended(words)
        meant = _replaced(text, mended)
        return Read(meant, self._words(meant) if mended else words, keys | mended)

    def _other_keys(self, text: str) -> dict[str, str]:
        """Words in both scripts that were typed in one layout and then the other, and what was meant."""
        found = {}
        for chunk in text.split():
            if _MIXED.search(chunk) and any(not word.known for word in self._words(chunk)):
                found[chunk] = self._spelling().typed(chunk)
        return {chunk: meant for chunk, meant in found.items() if meant}

    def _parted(self, text: str) -> dict[str, str]:
        """Words that nothing holds as the names that are joined in them: TinyLlamaChat, 코드라마."""
        unknown = [word for word in self._words(text) if not (word.known or word.filler)]
        parts = {word.text: self._parts(word) for word in unknown}
        return {word: " ".join(names) for word, names in parts.items() if names}

    def _parts(self, word: Word) -> Sequence[str]:
        """The names that are joined in a word, none where it is not of names."""
        camel = _CAMEL.findall(word.text)
        if len(camel) > 1 and "".join(camel) == word.text and all(map(self._is_called, camel)):
            return camel
        text = word.stem
        least = 2 if text >= "가" else LEAST_PART
        for at in range(least, len(text) - least + 1) if text.isalpha() else ():
            first, second = text[:at], text[at:]
            names = [part in self._glossary for part in (first, second)]
            named = any(names) and all(map(self._is_said, (first, second)))
            if named or self._in_a_row(first, second):
                return () if self._spelling().is_misspelled(text) else (first, second)
        return ()

    def _is_said(self, word: str) -> bool:
        """Whether a part of a word is a word itself; of Latin letters only what people named is."""
        if word in self._glossary:
            return True
        return word >= "가" and (is_word(word) or self._is_called(word))

    def _in_a_row(self, *terms: str) -> bool:
        """Whether anything is called by some words, one behind the other."""
        rows = (Phrase(field, terms) for field in ("name", "alias") if self._has(field, terms))
        return any(self._engine.count(SearchPlan(row)) for row in rows)

    def _has(self, field: str, terms: Sequence[str]) -> bool:
        return all(self._engine.frequency(field, term) for term in terms)

    def _is_called(self, text: str) -> bool:
        return any(self._engine.frequency(field, text.lower()) for field in ("name", "alias"))

    def respelled(self, text: str) -> str:
        """A text with its sizes and versions as names have them, whatever form it was typed in."""
        return self._versions.spelled(with_sizes(readable(text)))

    def _tries(
        self, words: Sequence[Word], called: Sequence[Clause], copies: Sequence[Clause]
    ) -> Iterator[Try]:
        """Each is made only if the one before finds too little."""
        yield Try(every(words, called, copies), ENOUGH)
        for least, most in ((LEAST, 1), (0.0, 0)) if len(words) > 1 else ():
            yield Try(enough(words, called, self._engine.size, least, copies), most)

    def _mended(self, words: Iterable[Word]) -> dict[str, str]:
        """Words that nothing holds, and what was meant by each."""
        unknown = [word for word in words if not (word.known or word.filler)]
        near = {word.text: self._spelling().nearest(word.text, word.stem) for word in unknown}
        return {word: meant for word, meant in near.items() if meant}

    def _words(self, text: str) -> list[Word]:
        return weigh_words(text[:LONGEST], self._glossary, self._engine.frequency)

    def _alternative(self, text: str) -> Clause:
        """A word or "phrase"."""
        if text.startswith('"'):
            return phrase(text[:LONGEST], self._glossary, self._engine.frequency)
        return Every(tuple(word.clause for word in self._words(self.respelled(text))))

    def _clauses(self, asked: Query, notes: list[Message]) -> tuple[list[Clause], list[Clause]]:
        """What to keep and what to drop; a filter that names nothing is left out, with a note."""
        keep: list[Clause] = []
        drop: list[Clause] = []
        meant = (f for words in asked.meant if words.applied for f in words.filters)
        for filter in (*asked.filters, *meant):
            clause = self._clause(filter)
            if isinstance(clause, TermClause) and not self._means(clause):
                value = getattr(filter, "value", "")
                notes.append(
                    Message(
                        "nothing has the %(field)s %(value)r",
                        field=getattr(filter, "field", ""),
                        value=value,
                    )
                )
            else:
                (drop if filter.negated else keep).append(clause)
        return keep, drop

    def _clause(self, filter: Filter) -> Clause:
        if isinstance(filter, Range):
            return Within(filter.field, filter.low, filter.high)
        if isinstance(filter, OneOf):
            terms = (filter_term(filter.field, value) for value in filter.values)
            return Some(tuple(TermClause(FILTER, term) for term in terms))
        if isinstance(filter, Called):
            return Some(tuple(map(self._called, filter.names)))
        return TermClause(FILTER, filter_term(filter.field, filter.value))

    def _called(self, name: str) -> Clause:
        """What is called so, with all that comes from the families and models that are."""
        words = [word.in_names for word in self._words(name)]
        named = Every(tuple(word for word in words if word != Best(())))
        if not named.parts:
            return Best(())  # nothing
        kinds = Some(tuple(TermClause(FILTER, filter_term("kind", k)) for k in ("family", "model")))
        own = TermClause(FILTER, filter_term(OWN, "yes"))
        found = self._engine.find(SearchPlan(named, (kinds, own)), MOST_CALLED).hits
        above = (filter_term("descendants-of", hit.id) for hit in found)
        return Some((named, *(TermClause(FILTER, term) for term in above)))

    def _means(self, filter: TermClause) -> bool:
        return filter.text in self._filters or bool(self._engine.frequency(FILTER, filter.text))


def _is_bare(words: Sequence[Word]) -> bool:
    """Whether only numbers are held, beside a name that nothing bears: 7b finds no Zephyrion 7B."""
    unknown = [word for word in words if not word.held and not _DIGITS.search(word.text)]
    numbers = [word for word in words if _DIGITS.match(word.text)]
    held = [word for word in words if word.held and not word.filler]
    return bool(unknown) and all(word in numbers for word in held)


def _softened(plan: SearchPlan, soft: Sequence[Clause]) -> SearchPlan:
    """The same documents, those first that have some words as well."""
    if not soft:
        return plan
    if plan.match is None:
        return plan._replace(match=Some((Flat(_ALL, 1.0), *soft)))
    better = (Flat(Every((plan.match, word)), SOFT) for word in soft)
    return plan._replace(match=Some((plan.match, *better)))


def _with(plan: SearchPlan, keep: Sequence[Clause], drop: Sequence[Clause]) -> SearchPlan:
    return SearchPlan(plan.match, (*plan.keep, *keep), (*plan.drop, *drop))


def _replaced(text: str, words: Mapping[str, str]) -> str:
    for word, other in words.items():
        text = text.replace(word, other)
    return text
