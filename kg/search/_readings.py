"""What the items of a query mean: filters, measures and makers, what is left out, what is only compared to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from kg.language.numerals import size_of, written_size
from kg.search._phrases import Item, KnownWords, filter_words, joined, month_before
from kg.search.analyzer import filter_term
from kg.search.query import Called, Filter, Is, OneOf, Range, measured

KINDS = "kind"  # the field of what is looked for
LIKE = "like"  # of what is only compared to; no filter
MOST_NAME = 4  # words of a maker
_MAY = ("verdict", "allowed")  # the filter that must not stand where its words are denied
_DENIES_WITHIN = 6  # items
_AROUND = 0.2  # of a size: about 7b
_NEAR = 0.05  # of a size: what is called so


class WordReading(msgspec.Struct, frozen=True, kw_only=True):
    """Items that mean a filter."""

    first: int  # items
    end: int
    field: str
    value: str
    filters: tuple[Filter, ...]
    negated: bool = False
    soft: bool = False  # its words tell good hits from others


class Reader:
    """Finds what the items of one query mean."""

    def __init__(self, known: KnownWords, items: Sequence[Item]) -> None:
        self._known, self._items = known, items
        self._taken: set[int] = set()
        self._found: list[WordReading] = []

    def readings(self) -> list[WordReading]:
        """What means a filter, in order."""
        for ways in (
            self._alike,
            self._left_out,
            self._measures,
            self._makers,
            self._filters,
            self._kinds,
        ):
            for at in range(len(self._items)):
                if at not in self._taken:
                    self._add(ways(at))
        return sorted(self._found, key=lambda reading: reading.first)

    def _add(self, reading: WordReading | None) -> None:
        if reading and self._taken.isdisjoint(range(reading.first, reading.end)):
            self._found.append(reading)
            self._taken.update(range(reading.first, reading.end))

    def _role(self, at: int, name: str) -> object:
        """The role of an item, None if it has it not or is none."""
        if not 0 <= at < len(self._items) or at in self._taken:
            return None
        return self._items[at].role(name)

    def _means(self, at: int, name: str) -> str:
        role = self._role(at, name)
        return str(getattr(role, "means", "") or "") if role else ""

    def _alike(self, at: int) -> WordReading | None:
        """What something is only compared to: 챗GPT 같은, similar to GPT-4."""
        if self._role(at, "like-before") and self._is_run(at + 1, at + 2):
            return _reading(at, at + 2, LIKE, "", ())
        first = at
        while self._role(at, "like-after") and self._is_run(first - 1, first):
            first -= 1
            if not first or self._items[first - 1].end < self._items[first].start:
                break
        return _reading(first, at + 1, LIKE, "", ()) if first < at else None

    def _left_out(self, at: int) -> WordReading | None:
        """What stands before 말고 or behind except, turned around."""
        if self._role(at, "without-after") and at:
            operand = self._operand(at, -1)
            last = at + 1
            if operand:
                return msgspec.structs.replace(operand, end=last, soft=False)
        if self._role(at, "without-before"):
            operand = self._operand(at, 1)
            if operand:
                return msgspec.structs.replace(operand, first=at, soft=False)
        return None

    def _operand(self, at: int, step: int) -> WordReading | None:
        """What is left out: a filter, a measure, a maker or a name beside an item."""
        beside = at + step
        if not 0 <= beside < len(self._items):
            return None
        if step < 0 and self._role(beside, "kind") and beside > 0:  # 라마 모델 말고
            beside -= 1
        for way in (self._measures, self._filters):
            ends = (beside, beside - 1) if step < 0 else (beside,)
            for start in ends:
                found = way(start) if start >= 0 else None
                if found and (found.end - 1 == beside if step < 0 else found.first == beside):
                    return _turned(found)
        if self._items[beside].size:
            return _turned(_sized(beside, beside + 1, self._items[beside].size, "near", _NEAR))
        return self._unnamed(beside, step)

    def _unnamed(self, at: int, step: int) -> WordReading | None:
        """A name that is left out: of a maker, or of what is called so."""
        if not self._items[at].is_word:
            return None
        first, end = at, at + 1
        for size in range(MOST_NAME, 1, -1):  # the longest that is known
            run = (at - size + 1, at + 1) if step < 0 else (at, at + size)
            if self._is_run(*run) and self._called(*run):
                first, end = run
                break
        name = self._name(first, end)
        is_org = self._known.passes(filter_term("org", joined(name)))
        is_model = self._known.model(joined(name))
        said = step < 0 and self._known.word(joined(name))  # 말고 leaves out, not may do so
        is_model = is_model or (said and not is_org)
        if not (is_org or is_model):
            return None
        filters: list[Filter] = [Is("org", name, negated=True)] if is_org else []
        if is_model:
            filters.append(Called((name,), negated=True))
        field = "name" if is_model else "org"
        return _reading(first, end, field, name, tuple(filters), negated=True)

    def _is_run(self, first: int, end: int) -> bool:
        whole = first >= 0 and end <= len(self._items)
        return whole and all(
            self._items[i].is_word and i not in self._taken for i in range(first, end)
        )

    def _called(self, first: int, end: int) -> bool:
        key = joined(self._name(first, end))
        return self._known.model(key) or self._known.passes(filter_term("org", key))

    def _name(self, first: int, end: int) -> str:
        """Items as a name, without the particle of the last."""
        return " ".join(item.stem or item.text for item in self._items[first:end])

    def _measures(self, at: int) -> WordReading | None:
        """A size or a year with what stands beside it."""
        item = self._items[at]
        return self._between(at) or (
            self._size(at, item) if item.size else self._date(at, item.date) or self._year(at)
        )

    def _between(self, at: int) -> WordReading | None:
        """between 7b and 13b, 7B에서 13B 사이."""
        sizes = [i for i in range(at, min(at + 4, len(self._items))) if self._items[i].size]
        before = self._means(at, "size-before") == "between"
        if len(sizes) < 2 or sizes[1] - sizes[0] > 2 or not (before or sizes[0] == at):
            return None
        end = sizes[1] + 1
        after = self._means(end, "size-after") == "between"
        if not (before or after):
            return None
        low, high = sorted(self._items[i].size for i in sizes[:2])
        texts = [self._items[i].stem for i in sizes[:2]]
        if size_of(texts[0]) > size_of(texts[1]):
            texts.reverse()
        limits = Range("params", low * (1 - _NEAR), high * (1 + _NEAR))
        return _reading(at, end + after, "params", "..".join(texts), (limits,))

    def _size(self, at: int, item: Item) -> WordReading | None:
        if means := self._means(at + 1, "size-after"):
            return _sized(at, at + 2, item.size, means, _AROUND)
        if means := self._means(at - 1, "size-before"):
            return _sized(at - 1, at + 1, item.size, means, _AROUND)
        return None

    def _date(self, at: int, date: str) -> WordReading | None:
        if not date:
            return None
        if means := self._means(at + 1, "date-after"):
            return _dated(at, at + 2, date, means)
        if means := self._means(at - 1, "date-before"):
            return _dated(at - 1, at + 1, date, means)
        return _dated(at, at + 1, date, "in")

    def _year(self, at: int) -> WordReading | None:
        year = self._means(at, "year")
        return _dated(at, at + 1, year, "in") if year else None

    def _makers(self, at: int) -> WordReading | None:
        """A maker with what says that it is one, or alone where nothing else is asked for but filters."""
        for size in range(MOST_NAME, 0, -1):
            end = at + size
            if not self._is_run(at, end):
                continue
            name = self._name(at, end)
            if not self._known.passes(filter_term("org", joined(name))):
                continue
            made = (Is("org", name),)
            after, before = self._role(end, "maker-after"), self._role(at - 1, "maker-before")
            if before or after:
                swallowed = after and not self._role(end, "kind")
                return _reading(
                    at - bool(before), end + bool(swallowed), "org", name, made, soft=True
                )
            owns = self._items[end - 1].has_tail("maker-after")
            if owns or (self._is_bare(at, end) and not self._known.model(joined(name))):
                return _reading(at, end, "org", name, made, soft=True)
        return None

    def _is_bare(self, first: int, end: int) -> bool:
        """Whether nothing but filters, kinds and words that say nothing stands beside a maker."""
        others = [
            item
            for i, item in enumerate(self._items)
            if i not in self._taken and not first <= i < end
        ]
        asks = any(item.role("kind") or item.role("filter") or item.size for item in others)
        return (asks or bool(self._taken)) and all(item.roles or item.size for item in others)

    def _filters(self, at: int) -> WordReading | None:
        words = filter_words(self._items[at]) if at not in self._taken else None
        if not words:
            return None
        is_name = words.field == "name"
        means = Called(tuple(words.value.split("|"))) if is_name else Is(words.field, words.value)
        filters: tuple[Filter, ...] = (means,)
        if words.kinds:
            filters += (OneOf(KINDS, tuple(words.kinds)),)
        reading = _reading(at, at + 1, words.field, words.value, filters, soft=True)
        return self._denied(reading) if (words.field, words.value) == _MAY else reading

    def _denied(self, use: WordReading) -> WordReading | None:
        """A use that is said to be allowed, turned around where words beside it deny it; none where they do so twice.

        What is not allowed must never be read as allowed: of two denials nobody knows what they make together.
        """
        denials = [
            i for step in (-1, 1) for i in self._beside(use.first, step) if self._role(i, "denial")
        ]
        if not denials:
            return use
        if len(denials) > 1:
            return None
        first, last = min(use.first, *denials), max(use.first, *denials)
        return msgspec.structs.replace(_turned(use), first=first, end=last + 1, soft=False)

    def _beside(self, at: int, step: int) -> Iterator[int]:
        """The nearest items on one side, up to one that says something else."""
        for i in range(at + step, at + step * (_DENIES_WITHIN + 1), step):
            if not 0 <= i < len(self._items) or i in self._taken:
                return
            if self._role(i, "kind") or self._role(i, "filter") or self._items[i].size:
                return
            yield i

    def _kinds(self, at: int) -> WordReading | None:
        role = self._items[at].role("kind")
        if role is None or any(r.field == KINDS for r in self._found):
            return None
        kinds = tuple(str(kind) for kind in role.means) if isinstance(role.means, tuple) else ()
        return _reading(at, at + 1, KINDS, ",".join(kinds), (OneOf(KINDS, kinds),))


def _turned(reading: WordReading) -> WordReading:
    """A filter turned around."""
    filters = tuple(
        f._replace(negated=not f.negated) for f in reading.filters if not isinstance(f, OneOf)
    )
    return msgspec.structs.replace(reading, filters=filters, negated=not reading.negated)


def _sized(first: int, end: int, size: float, means: str, around: float) -> WordReading:
    low, high = {
        "at-most": (0.0, size * (1 + _NEAR)),
        "below": (0.0, size * (1 - _NEAR)),
        "at-least": (size * (1 - _NEAR), 1e18),
        "above": (size * (1 + _NEAR), 1e18),
    }.get(means, (size * (1 - around), size * (1 + around)))
    value = f"{_written(low)}..{_written(high)}"
    return _reading(first, end, "params", value, (Range("params", low, high),))


def _written(size: float) -> str:
    """An end of a range as the search box takes it, open where it is none."""
    return written_size(round(size)) if 0 < size < 1e18 else ""


def _dated(first: int, end: int, date: str, means: str) -> WordReading | None:
    low, high = {"since": (date, ""), "until": ("", date)}.get(means, (date, date))
    if means == "before":
        low, high = "", month_before(date)
    limits = measured("released", low, high)
    if limits is None:
        return None
    return _reading(first, end, "released", f"{low}..{high}", (limits,))


def _reading(
    first: int,
    end: int,
    field: str,
    value: str,
    filters: tuple[Filter, ...],
    *,
    negated: bool = False,
    soft: bool = False,
) -> WordReading:
    return WordReading(
        first=first,
        end=end,
        field=field,
        value=value,
        filters=filters,
        negated=negated,
        soft=soft,
    )
