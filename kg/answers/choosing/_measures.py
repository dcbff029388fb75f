"""What people say of sizes and contexts in a few words, beside what the search box reads: 7-13B, 8k context.

>>> rest, said = read_measures("Korean 7-13B with 8k context")
>>> rest, [(one.words, one.field, one.range.low) for one in said]
('Korean', [('7-13B', 'params', 7000000000.0), ('8k context', 'context', 8000.0)])
>>> read_measures("컨텍스트 32k 이상 한국어")[1][0].range.low
32000.0
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from kg.answers.choosing.request import Between, Ranged, read_range
from kg.errors import InputError

_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_WINDOW = r"(?:(?:context|ctx)(?:\s(?:length|window|size))?|컨텍스트(?:\s?길이)?|문맥(?:\s?길이)?)"
_LEAST = r"(?:\s?(?:이상|or more|and more|\+))?"
_SIZES = re.compile(
    rf"(?<![\w.-])(?P<low>{_NUMBER})\s?(?P<unit>b|억)?\s?[-–~〜]\s?(?P<high>{_NUMBER})\s?(?P<last>b|억)(?![\w-])",
    re.IGNORECASE,
)
_CONTEXT = re.compile(
    rf"(?<![\w.-])(?:context:(?P<typed>\S+)"
    rf"|(?:with\s)?(?P<before>{_NUMBER}\s?k?)(?:\s?(?:tokens?|토큰))?{_LEAST}(?:\sof)?\s?{_WINDOW}{_LEAST}"
    rf"|{_WINDOW}\s?(?:of\s|>=\s?|≥\s?|:\s?)?(?P<after>{_NUMBER}\s?k?)(?:\s?(?:tokens?|토큰))?{_LEAST})(?!\w)",
    re.IGNORECASE,
)


class SaidRange(NamedTuple):
    """Words that say a range of a column."""

    words: str
    field: Ranged
    range: Between


def read_measures(text: str, as_words: Collection[str] = ()) -> tuple[str, list[SaidRange]]:
    """The rest of a text, and the ranges that it says.

    Args:
        text: as it was typed.
        as_words: words that are searched as words.
    """
    said: list[SaidRange] = []
    for pattern, read in ((_SIZES, _size), (_CONTEXT, _context)):
        for match in pattern.finditer(text):
            words = match[0].strip().removeprefix("with ")
            if words not in as_words and (found := read(match)) is not None:
                said.append(SaidRange(words, *found))
    for one in said:
        text = re.sub(rf"(?:with\s)?{re.escape(one.words)}", " ", text, count=1)
    return " ".join(text.split()).strip(" ,"), said


def _size(match: re.Match[str]) -> tuple[Ranged, Between] | None:
    unit = match["last"]
    return _range("params", f"{match['low']}{match['unit'] or unit}", f"{match['high']}{unit}")


def _context(match: re.Match[str]) -> tuple[Ranged, Between] | None:
    if match["typed"]:
        low, dots, high = match["typed"].partition("..")
        return _range("context", low, high if dots else low)
    return _range("context", (match["before"] or match["after"]).replace(" ", ""), "")


def _range(field: Ranged, low: str, high: str) -> tuple[Ranged, Between] | None:
    try:
        return field, read_range(field, low, high)
    except InputError:
        return None  # it is searched as words
