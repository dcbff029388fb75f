"""What a profile makes of a clause that asks for something."""

import pytest

from kg.licenses.profile import Profile, answers
from kg.licenses.terms import Ask

CAP = Ask(field="revenue", test="at-most")
SPARED = Ask(field="revenue", test="spared-up-to")
LIMIT = {"over": 20_000_000, "currency": "USD"}
MONTHLY = LIMIT | {"per": "month"}


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


@pytest.mark.parametrize(
    ("revenue", "answer"),
    [
        (None, "conditional"),
        (20e6, "allowed"),  # even if all of it came in one month
        (20e6 + 1, "conditional"),
        (240e6, "conditional"),  # if it came evenly, no month is above the limit
        (240e6 + 1, "prohibited"),  # one month is above it, however it came
    ],
)
def test_a_year_answers_a_limit_on_a_month_only_where_every_month_does(
    revenue: float | None, answer: str
) -> None:
    assert answers(CAP, MONTHLY, Profile(revenue=revenue), (), "conditional") == answer
