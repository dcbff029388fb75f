"""What the words of a query mean: which of them are filters, which say nothing, and what is left to search for.

A phrase of data/query-words.yaml becomes a filter; beside a size, a year or a maker it takes that in; one of leaving
out turns what stands beside it around. A name of several words is never read, nor is a phrase that is all there is,
nor a license in a question about one thing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache

import msgspec

from kg.language.tokens import FILLERS
from kg.search._phrases import Item, KnownWords, Phrases, joined
from kg.search._readings import KINDS, LIKE, Reader, WordReading
from kg.search.query import Meant, OneOf, Query
from kg.search.query_words import QueryWords

LONG = 6  # words of a query from which on those that say nothing are left out
_LICENSING = ("verdict", "license", "access")


class Wording:
    """Reads the words of queries for one index.

    Args:
        words: the tables.
        glossary: words that mean the same.
        known: what the index knows.
        today: for words such as last year.
    """

    def __init__(
        self, words: QueryWords, glossary: Mapping[str, str], known: KnownWords, today: dt.date
    ) -> None:
        self._phrases = Phrases(words, glossary, known.name, today)
        self._known = known

    def read(self, asked: Query, as_words: Collection[str] = ()) -> Query:
        """A query with the filters that its words mean.

        Args:
            asked: what was typed.
            as_words: words that are searched as words, whatever they may mean.
        """
        asked = msgspec.structs.replace(asked, settled=True)
        kept = {" ".join(words.split()) for words in as_words}
        items = self._phrases.items(asked.text)
        readings = Reader(self._known, items).readings()
        chosen = [r for r in readings if self._words(asked, items, r) not in kept]
        rest = _Rest(asked.text, items, chosen, self._known.model)
        rest.leave_out([r for r in chosen if r.field == LIKE])
        if rest.names():
            rest.leave_out([r for r in rest.readings if rest.asks(r)])
        rest.narrow()
        if not rest.is_read():
            return asked
        meant = tuple(
            Meant(
                words=self._words(asked, items, r),
                field=r.field,
                value=r.value,
                negated=r.negated,
                filters=r.filters,
            )
            for r in rest.readings
        )
        return msgspec.structs.replace(
            asked,
            text=rest.text(),
            meant=meant,
            soft=" ".join(m.words for m, r in zip(meant, rest.readings, strict=True) if r.soft),
            left_out=rest.left_out(),
        )

    def names(self, text: str) -> bool:
        """Whether some words name a model."""
        return _Rest(text, self._phrases.items(text), (), self._known.model).names()

    @staticmethod
    def _words(asked: Query, items: Sequence[Item], reading: WordReading) -> str:
        typed = asked.text[items[reading.first].start : items[reading.end - 1].end]
        return " ".join(typed.split())


class _Rest:
    """What is left of a query beside its filters."""

    def __init__(
        self,
        text: str,
        items: Sequence[Item],
        readings: Sequence[WordReading],
        is_model: Callable[[str], bool],
    ) -> None:
        self._text, self._items, self._is_model = text, items, cache(is_model)
        self.readings = list(readings)
        self._dropped: list[WordReading] = []

    def leave_out(self, readings: Sequence[WordReading]) -> None:
        """Read some of it neither as filters nor as words."""
        self._dropped += readings
        self.readings = [reading for reading in self.readings if reading not in readings]

    def asks(self, reading: WordReading) -> bool:
        """Whether a license is what is asked of a model that is named, as 라마 상업적 이용 asks and 상업용 라마 does not."""
        if reading.field not in _LICENSING or reading.negated:
            return False
        if any(item.role("question") for item in self._items):
            return True
        others = [r for r in self.readings if r is not reading]
        named = [i for i in self._free() if self._is_model(joined(i.stem or i.text))]
        return not others and named[-1].end <= self._items[reading.first].start

    def _free(self) -> list[Item]:
        taken = {i for r in (*self.readings, *self._dropped) for i in range(r.first, r.end)}
        return [item for i, item in enumerate(self._items) if i not in taken]

    def names(self) -> bool:
        """Whether a model is named beside the filters."""
        free = [item for item in self._free() if not _is_empty(item)]
        return any(self._is_model(joined(item.stem or item.text)) for item in free)

    def narrow(self) -> None:
        """Keep the readings that there is reason for.

        Words that name no model describe what is looked for, and then a filter needs the word for it, as 모델: the site
        of Korean questions is not in Korean. A language or an access needs that word or another filter even beside a
        name. A single phrase is a thing to look up, and no filter. Where licenses are looked for, none of them is one.
        """
        kinds = [r for r in self.readings if r.field == KINDS]
        telling = [r for r in self.readings if r.field != KINDS]
        words = [item for item in self._free() if not _is_empty(item)]
        if any(item.role("document") for item in self._free()) and not kinds:
            telling = [r for r in telling if r.field not in (*_LICENSING, "lang")]
        describes = any(not item.size for item in words)
        if describes and not self.names() and not any(_of_models(r) for r in kinds):
            telling = [r for r in telling if r.negated or r.field == "params" or (kinds and r.soft)]
        if not any(map(_of_models, kinds)) or self.names():  # then they are words of its name
            telling = [r for r in telling if r.negated or r.field != "name"]
        if all(r.field in ("name", "org") for r in telling) and not (
            kinds and _has(telling, "org")
        ):
            telling = [r for r in telling if r.negated or (r.field == "org" and words)]
        certain = any(map(_is_certain, telling))
        if not (certain or kinds or len({r.field for r in telling}) > 1):
            telling = [r for r in telling if words and r.field not in ("lang", "access")]
        self.readings = [r for r in self.readings if r in telling or r in kinds] if telling else []

    def is_read(self) -> bool:
        """Whether anything was understood, or a long query has words that say nothing."""
        return bool(self.readings or self._dropped or len(self._items) >= LONG)

    def text(self) -> str:
        """The words that are searched for."""
        return " ".join(item.text for item in self._free() if not self._goes(item))

    def _goes(self, item: Item) -> bool:
        """Whether an item is left out; a little word matters little, and alone is no reason to read."""
        return _is_empty(item) and (
            bool(self.readings or self._dropped) or item.stem not in FILLERS
        )

    def left_out(self) -> tuple[str, ...]:
        """The words that say nothing of what is meant, in order."""
        empty = [(i.start, i.text) for i in self._free() if self._goes(i)]
        dropped = [
            (
                self._items[r.first].start,
                self._text[self._items[r.first].start : self._items[r.end - 1].end],
            )
            for r in self._dropped
        ]
        return tuple(text for _, text in sorted([*empty, *dropped]) if text not in "?")


def _is_empty(item: Item) -> bool:
    """Whether an item says nothing by itself."""
    said = item.role("filter") or item.role("kind") or item.role("document")
    return not (item.is_word or said) or item.has_tail("like-after")


def _has(readings: Sequence[WordReading], field: str) -> bool:
    return any(reading.field == field for reading in readings)


def _of_models(reading: WordReading) -> bool:
    return any(isinstance(f, OneOf) and "model" in f.values for f in reading.filters)


def _is_certain(reading: WordReading) -> bool:
    """Whether a reading needs no other beside it."""
    said = reading.field == "org" and reading.end - reading.first > 1
    return said or reading.negated or reading.field in ("params", "released")
