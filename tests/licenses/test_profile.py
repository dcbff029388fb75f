"""What a profile makes of a clause that asks for something."""

import pytest

from kg.licenses.profile import Profile, answers
from kg.licenses.terms import Ask

CAP = Ask(field="revenue", test="at-most")
SPARED = Ask(field="revenue", test="spared-up-to")
LIMIT = {"over": 20_000_000, "currency": "USD"}


@pytest.mark.parametrize(
    ("ask", "revenue", "answer"),
    [
        (CAP, None, "conditional"),
        (CAP, 20e6, "allowed"),
        (CAP, 20e6 + 1, "prohibited"),
        (SPARED, None, "conditional"),
        (SPARED, 20e6, "allowed"),
        (SPARED, 20e6 + 1, "conditional"),
    ],
)
def test_a_limit_that_spares_some_never_bars_others(
    ask: Ask, revenue: float | None, answer: str
) -> None:
    assert answers(ask, LIMIT, Profile(revenue=revenue), (), "conditional") == answer
