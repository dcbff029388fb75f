"""Figures of Epoch's tables, and sizes among them that are off by a thousand, a million or more, by what the same row says.

A figure is refused only where the row contradicts it; one that nothing speaks against stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation

# Amounts in thousands are vocabularies and batches, never a model's size.
_SCALES = {
    **{"m": 6, "mn": 6, "million": 6, "b": 9, "bn": 9, "billion": 9},
    **{"t": 12, "tn": 12, "trillion": 12},
}
_AMOUNT = re.compile(
    rf"(?<![\w.,])(\d[\d,]{{0,20}}(?:\.\d{{1,9}})?)[\s-]?({'|'.join(_SCALES)})(?![\w])",
    re.IGNORECASE,
)
_STEPS = (3, 6, 9, -3, -6, -9)  # powers of ten by which a unit is mistaken
_SAME = Decimal("0.01")  # how far an amount may stray and still have the digits of the figure
_NEAR = 5  # amounts within this factor of the figure confirm it
_TOKENS = 10**6  # training tokens for each parameter; the most of any right row is 85,000


def figure(text: str) -> Decimal | None:
    """A number as a cell holds it; None if it is none.

    >>> figure("24000000000.0"), figure("$9,551.59"), figure("many")
    (Decimal('24000000000.0'), Decimal('9551.59'), None)
    """
    try:
        number = Decimal(text.removeprefix("$").replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < Decimal("1e100") else None


def unit_slip(number: Decimal, texts: Iterable[str]) -> str:
    """The amount in a text that has the digits of a figure and another unit; "" if there is none.

    Args:
        number: the figure.
        texts: what the same row says of the size, such as its note and its name.

    >>> unit_slip(Decimal(284_000_000), ("284B total, 13B active",))
    '284B'
    >>> unit_slip(Decimal(284_000_000_000), ("284B total, 13B active",))
    ''
    """
    amounts = [found for text in texts for found in _amounts(text)]
    if number <= 0 or any(1 / _NEAR < amount / number < _NEAR for amount, _ in amounts):
        return ""
    for amount, written in amounts:
        if any(abs(number.scaleb(step) / amount - 1) < _SAME for step in _STEPS):
            return written
    return ""


def _amounts(text: str) -> Iterator[tuple[Decimal, str]]:
    for match in _AMOUNT.finditer(text):
        amount = Decimal(match[1].replace(",", "")).scaleb(_SCALES[match[2].casefold()])
        if amount:
            yield amount, match[0]


def too_small_for(number: Decimal, compute: Decimal) -> bool:
    """Whether a language model of a size could not have used so much compute (6 FLOP a parameter and token).

    Args:
        number: its parameters.
        compute: FLOP of its training.

    >>> too_small_for(Decimal(284_000_000), Decimal("2.496e24"))
    True
    >>> too_small_for(Decimal(600_000_000), Decimal("1.3e23"))  # Qwen3-0.6B
    False
    """
    return number > 0 and compute / (6 * number * number) > _TOKENS
