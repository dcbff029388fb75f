"""Korean words that no line may part: bound nouns (쓸 수, 적힌 것, 물을 때) stay with the word that they need.

A bound noun says nothing by itself, and a line that begins with one reads badly. Nobody writes a no-break
space; whoever shows a text puts it there.
"""

from __future__ import annotations

import re

NO_BREAK = "\u00a0"

_FIRST, _TAILS, _COUNT = ord("가"), 28, 399


def _ending_in(*tails: int) -> str:
    """The syllables that end in these consonants, by their places among the 28 endings of a syllable."""
    return "".join(
        chr(_FIRST + number * _TAILS + tail) for number in range(_COUNT) for tail in tails
    )


_NIEUN, _RIEUL = 4, 8
# What follows a bound noun: a particle, a stop, or the end of a word.
_END = r"(?=[\s\u00a0.,;:!?)<·”’]|$"
# The space comes first, by which an engine finds the few places that are looked at.
BOUND = re.compile(
    r" (?=[수것바때뿐만대채])(?:"
    rf"(?<=[{_ending_in(_RIEUL)}] )(?=수{_END}|[는가도를만밖]))"
    rf"|(?<=[{_ending_in(_NIEUN, _RIEUL)}] )(?=것|바{_END}|[는가를와도])|때{_END}|[는에도만마부까와의])"
    rf"|뿐|만큼|대로|채{_END}|[로]))"
    r"|(?<=[가-힣] )(?=때문))"
)


def hold_bound_nouns(text: str) -> str:
    """A Korean text with a no-break space before each bound noun.

    >>> hold_bound_nouns("쓸 수 있는 것을 고를 때 적힌 대로").replace(NO_BREAK, "_")
    '쓸_수 있는_것을 고를_때 적힌_대로'
    >>> hold_bound_nouns("파라미터 수, 이는 바로 그 모델") == "파라미터 수, 이는 바로 그 모델"
    True
    """
    return BOUND.sub(NO_BREAK, text)
