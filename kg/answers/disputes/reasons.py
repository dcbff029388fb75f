"""Why one value holds and another does not, told from the order in which a build ranked their claims.

Invariant: a reason is told only where the standings of the build say so; where nothing tells two sources apart, that is said.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from kg.answers.show import Labels
from kg.claims.precision import agrees
from kg.claims.resolve import Standing
from kg.messages.message import Message, counted, mark
from kg.model.claim import Said, Value
from kg.model.vocabulary import Property

Why = Literal[
    "preferred",
    "rejected",
    "beside",
    "less-exact",
    "trust",
    "looked-up",
    "newer",
    "order",
    "unknown",
]
WHY_WORDS: Mapping[Why, str] = {
    "preferred": mark("an editor preferred a claim"),
    "rejected": mark("an editor rejected a claim"),
    "beside": mark("only shown beside what the editors named"),
    "less-exact": mark("says the same less exactly"),
    "trust": mark("another kind of source is trusted more"),
    "looked-up": mark("a person looked the date up"),
    "newer": mark("of equal sources the newer"),
    "order": mark("nothing tells the sources apart"),
    "unknown": mark("no value holds"),
}
_NOBODY = Standing()


class Group(NamedTuple):
    """All claims of one value, best first."""

    value: Value
    said: Sequence[Said]


class ClaimRanking(NamedTuple):
    """What claims were ranked by."""

    prop: Property
    standings: Mapping[str, Standing]

    def of(self, said: Said) -> Standing:
        """The standing of the source of a claim; that of the least trusted, of one that is not known."""
        return self.standings.get(said.source, _NOBODY)

    def refines(self, exact: Value, rough: Value) -> bool:
        """Whether a value says more exactly what another says."""
        if rough is None or exact is None or exact == rough:
            return False
        prop = self.prop
        if prop.broader:
            return prop.broader.get(str(exact)) == rough
        return (prop.type == "date" or prop.rounded) and agrees(rough, exact)


def why_not(other: Group, holding: Group | None, ranking: ClaimRanking) -> Why:
    """Why a value does not hold.

    Args:
        other: its claims.
        holding: those of what holds; None if nothing does.
        ranking: what claims were ranked by.
    """
    theirs = other.said[0]
    if theirs.rank == "rejected":
        return "rejected"
    if holding is None:
        return "unknown"
    mine = holding.said[0]
    if mine.rank == "preferred" and theirs.rank != "preferred":
        return "preferred"
    if ranking.refines(holding.value, other.value):
        return "less-exact"
    left, right = ranking.of(mine), ranking.of(theirs)
    if right.tells_only and not left.tells_only:
        return "beside"
    if left.level < right.level:
        return "trust"
    if ranking.prop.type == "date" and right.bulk and not left.bulk:
        return "looked-up"
    return "newer" if left.date > right.date else "order"


def tell_why(
    why: Why, other: Group, holding: Group | None, ranking: ClaimRanking, labels: Labels, lang: str
) -> str:
    """Why a value does not hold, in one sentence with the sources that decide."""
    theirs = other.said[0]
    mine = holding.said[0] if holding else theirs
    left, right = ranking.of(mine), ranking.of(theirs)
    ours, others = labels.name(mine.source), labels.name(theirs.source)
    match why:
        case "rejected":
            text = Message("An editor rejected it: %(reason)s", reason=labels.remark(theirs.reason))
            return (text if theirs.reason else Message("An editor rejected it.")).text(lang)
        case "preferred":
            text = Message(
                "An editor preferred the other: %(reason)s", reason=labels.remark(mine.reason)
            )
            return (text if mine.reason else Message("An editor preferred the other.")).text(lang)
        case "beside":
            told = Message(
                "%(theirs)s is anybody's word: it is shown beside what the editors named.",
                theirs=others,
            )
        case "less-exact":
            told = Message("It says the same less exactly.")
        case "trust":
            told = Message(
                "%(mine)s (level %(left)s) is trusted more than %(theirs)s (level %(right)s).",
                left=left.level,
                right=right.level,
                mine=ours,
                theirs=others,
            )
        case "looked-up":
            told = Message(
                "Both are trusted alike; a person looked up what %(mine)s says, and %(theirs)s was read in bulk.",
                mine=ours,
                theirs=others,
            )
        case "newer":
            told = Message(
                "Both are trusted alike; %(mine)s (%(left)s) is newer than %(theirs)s (%(right)s).",
                left=left.date,
                right=right.date or Message("no date").text(lang),
                mine=ours,
                theirs=others,
            )
        case "unknown":
            told = Message("No value holds: the best source says that it is not known.")
        case _:
            told = Message(
                "Nothing tells %(mine)s and %(theirs)s apart; the first in the order of the data holds.",
                mine=ours,
                theirs=others,
            )
    return told.text(lang)


def tell_distance(one: Value, other: Value, prop: Property, lang: str) -> str:
    """How far two dates or numbers lie apart; "" of anything else, and of dates that are not days."""
    if prop.type == "date" and len(str(one)) == len(str(other)) == len("2023-03-13"):
        days = abs((dt.date.fromisoformat(str(one)) - dt.date.fromisoformat(str(other))).days)
        return counted("%(num)s day apart", "%(num)s days apart", days).text(lang)
    if isinstance(one, bool | str) or isinstance(other, bool | str) or not one or not other:
        return ""
    ratio = max(one, other) / min(one, other)
    return Message("%(times)s times as much", times=f"{ratio:,.2f}").text(lang)
