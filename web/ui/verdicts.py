"""How the pages show a verdict: a word, an icon of its own shape and a CSS class; never color alone.

For boxes, lists and the family tree. `verdict_at` reads what the build found for all entities.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from markupsafe import Markup

from kg.licenses.rules import USES
from kg.licenses.terms import Use, Verdict
from kg.licenses.verdicts import verdict_of
from kg.snapshot.snapshot import Snapshot
from web.app.i18n import mark

_RING = '<circle cx="8" cy="8" r="6.2"/>'


class VerdictLook(NamedTuple):
    """How a verdict looks."""

    verdict: Verdict
    word: str  # English, marked for translation
    css: str  # class, defined in static/license/license.css
    icon: Markup  # drawn in a view box of 16 by 16, with strokes only
    brief: str  # the word where there is little room


def _look(verdict: Verdict, word: str, drawing: str, brief: str = "") -> VerdictLook:
    return VerdictLook(verdict, word, f"v-{verdict}", Markup(drawing), brief or word)


# In the order of severity, the mildest first; also the order of a legend.
LOOKS: Mapping[Verdict, VerdictLook] = {
    look.verdict: look
    for look in (
        _look("allowed", mark("allowed"), _RING + '<path d="m5 8.2 2.1 2.2 3.9-4.6"/>'),
        _look(
            "conditional",
            mark("allowed with conditions"),
            '<path d="M8 2 14.4 13.5H1.6zM8 6.4v3.3M8 11.5v.2"/>',
            mark("with conditions"),
        ),
        _look(
            "unknown",
            mark("not known"),
            '<path d="M5.2 5.8a2.9 2.9 0 1 1 4.2 2.7c-1 .5-1.4 1-1.4 2M8 13.2v.2"/>',
        ),
        _look(
            "contested",
            mark("contested"),
            '<rect x="2" y="2" width="12" height="12" rx="2.6"/>'
            '<path d="M5 6.5h6M5 9.5h6M9.9 4.4 6.1 11.6"/>',
        ),
        _look("prohibited", mark("prohibited"), _RING + '<path d="m3.8 12.2 8.4-8.4"/>'),
    )
}

WORDS: Mapping[str, str] = {verdict: look.word for verdict, look in LOOKS.items()}

# What it may be used for, as a heading.
USE_WORDS: Mapping[Use, str] = {
    "commercial": mark("Commercial use"),
    "redistribute": mark("Redistribution"),
    "train-on-outputs": mark("Training on its outputs"),
    "relicense": mark("Relicensing"),
}

BRIEF_USES: Mapping[Use, str] = {
    "commercial": mark("Commercial"),
    "redistribute": mark("Redistribute"),
    "train-on-outputs": mark("Train on outputs"),
    "relicense": mark("Relicense"),
}


def verdict_at(snapshot: Snapshot, number: int, use: Use = "commercial") -> Verdict | None:
    """The verdict of the build on an entity, for a user of whom nothing is known.

    Args:
        snapshot: an open snapshot.
        number: of the entity, as in `Snapshot.number` and the nodes of the lineage.
        use: what it is to be used for.

    Returns:
        None where the question makes no sense, or of a dangling parent nothing is known.
    """
    if number >= len(snapshot.verdicts):
        return None
    return verdict_of(int(snapshot.verdicts[number, USES.index(use)]))
