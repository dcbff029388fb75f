"""The same question for several who ask, side by side: two countries, or two profiles."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from kg.answers.contract import LicenseAnswer
from kg.answers.license import license_answer
from kg.licenses.profile import Profile
from kg.licenses.rules import USES
from kg.licenses.terms import Use, Verdict
from kg.snapshot.snapshot import Snapshot


class UseVersus(msgspec.Struct, frozen=True, kw_only=True):
    """One use, for each who asks, in their order."""

    use: Use
    verdicts: list[Verdict]
    sentences: list[str]
    differs: bool  # whether the verdicts, or the clauses that decide, are not the same


class VersusAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What one may do with an entity, for several who ask."""

    id: str
    label: str
    names: list[str]  # of who asks: a country, a file of a profile
    profiles: list[Profile]
    uses: list[UseVersus]


def versus_answer(
    snapshot: Snapshot, id: str, who: Mapping[str, Profile], lang: str = "en"
) -> VersusAnswer:
    """Every use of an entity, for several who ask.

    Args:
        snapshot: an open snapshot.
        id: as a user names it.
        who: profiles by what to call them.
        lang: language of the sentences.

    Raises:
        UnknownId: there is no such entity.
        InputError: licenses make no sense for its kind.
    """
    id = snapshot.find(id)
    asked = {
        use: [license_answer(snapshot, id, use, one, lang) for one in who.values()] for use in USES
    }
    first = asked[USES[0]][0]
    return VersusAnswer(
        id=id,
        label=first.label,
        names=list(who),
        profiles=list(who.values()),
        uses=[_side_by_side(use, answers) for use, answers in asked.items()],
    )


def _side_by_side(use: Use, answers: list[LicenseAnswer]) -> UseVersus:
    return UseVersus(
        use=use,
        verdicts=[one.verdict for one in answers],
        sentences=[one.sentence for one in answers],
        differs=len({(one.verdict, one.sentence) for one in answers}) > 1,
    )
