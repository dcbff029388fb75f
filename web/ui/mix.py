"""How models of each period are counted by verdict, as columns for a chart and its table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from kg.answers.license_mix import Period, list_verdicts
from kg.licenses.terms import Verdict
from web.charts.stacks import BLANK, CROSSES, FULL, POINTS, STRIPES, StackColumn, StackPart
from web.ui.verdicts import LOOKS

FEW = 8  # models up to which a sentence says more than a chart

TILES: Mapping[Verdict, str] = {  # every verdict a pattern of its own
    "allowed": FULL,
    "conditional": STRIPES,
    "unknown": BLANK,
    "contested": POINTS,
    "prohibited": CROSSES,
}


def verdict_columns(periods: Sequence[Period], lang: str, undated: str) -> list[StackColumn]:
    """The columns of a license mix.

    Args:
        periods: at least one.
        lang: language of their names.
        undated: what those without a date are called.
    """
    return [
        StackColumn(p.name(lang, undated), {str(v): n for v, n in p.counts.items()})
        for p in periods
    ]


def verdict_parts(periods: Sequence[Period], say: Callable[[str], str]) -> list[StackPart]:
    """The verdicts that occur, the mildest first.

    Args:
        periods: of a license mix.
        say: translates a word of the interface.
    """
    return [
        StackPart(v, say(LOOKS[v].word), LOOKS[v].css, TILES[v]) for v in list_verdicts(periods)
    ]
