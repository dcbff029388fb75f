"""When a rough value says the same as an exact one: 2023-03 and 2023-03-13, 7B and 6,738,415,616.

A value tells its own precision only by how it is written: a date by its length, a number by the
zeros it ends in. 7000000000 is written to the billion and 6700000000 to the hundred million.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from kg.model.claim import Value

_LOOSEST = 10  # one digit says little: what differs by more than a tenth is another number


def agrees(rough: Value, exact: Value) -> bool:
    """Whether a value says what a value at least as precise says.

    A date agrees if the exact one begins with it. A number agrees if the exact one lies within half
    a step of its last digit that is no zero, and within a tenth of it.

    >>> agrees("2023-03", "2023-03-13"), agrees("2023-03", "2023-04-01")
    (True, False)
    >>> agrees(7_000_000_000, 6_700_000_000), agrees(12_000_000_000, 12_800_000_000)
    (True, False)
    >>> agrees(33_000_000_000, 32_500_000_000), agrees(1_000_000_000, 1_400_000_000)
    (True, False)
    """
    if not (isinstance(rough, int) and isinstance(exact, int)):
        return str(exact).startswith(str(rough))
    if not rough:
        return not exact
    gap = abs(exact - rough)
    return 2 * gap <= 10 ** _zeros(rough) and _LOOSEST * gap <= abs(rough)


def refined(value: Value, others: Sequence[Value]) -> Value:
    """The most precise of the values that agree with one, the first of them where several are.

    >>> refined(7_000_000_000, [7_000_000_000, 6_738_415_616, 13_000_000_000])
    6738415616
    """
    return max(
        (v for v in others if _exactness(v) >= _exactness(value) and agrees(value, v)),
        key=_exactness,
        default=value,
    )


def conflict(values: Collection[Value]) -> bool:
    """Whether some value does not agree with the most precise one.

    >>> conflict({7_000_000_000, 6_700_000_000, 6_738_415_616})
    False
    """
    exact = max(values, key=_exactness)
    return any(not agrees(value, exact) for value in values)


def _exactness(value: Value) -> int:
    return -_zeros(value) if isinstance(value, int) else len(str(value))


def _zeros(number: int) -> int:
    digits = str(number)
    return len(digits) - len(digits.rstrip("0"))
