"""The declared license beside what was inherited, as the box shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import msgspec

from kg.answers.contract import FindingAnswer, LicenseAnswer
from kg.licenses.terms import ClauseKind
from kg.model.vocabulary import IN_FAMILY
from web.app.context import lang
from web.app.i18n import gettext, mark
from web.license._values import ValueItem

_MOST_LICENSES = 12

FITS: Mapping[str, str] = {
    "consistent": mark("The declared license carries all of it."),
    "adds": mark("The declared license adds restrictions to it."),
    "drops-paperwork": mark("The declared license drops paperwork of it."),
    "drops-substance": mark("The declared license drops terms of substance."),
    "unsatisfiable": mark("No license can satisfy all that was inherited."),
    "undeclared": mark("No license is declared."),
    "cannot-tell": mark("Whether the declared license carries it cannot be told."),
}


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """The declared license beside what was inherited."""

    licenses: tuple[ValueItem, ...]
    inherited: tuple[ValueItem, ...]
    fits: str
    anew: tuple[ValueItem, ...]  # that its maker wrote and no longer asks for
    bad: bool  # a term is lost
    untold: bool  # whether it carries what came down with weights cannot be told
    dropped: tuple[tuple[ValueItem, str], ...]  # by license, the kinds of clauses
    satisfy: tuple[ValueItem, ...]
    more: int  # licenses that would satisfy and are not listed


class DeclaredReader:
    """Reads the declared license out of an answer.

    Args:
        answer: the answer.
        kinds: of clauses, by name.
        item: an entity as a link.
    """

    def __init__(
        self,
        answer: LicenseAnswer,
        kinds: Mapping[str, ClauseKind],
        item: Callable[[str], ValueItem],
    ) -> None:
        self._answer, self._kinds, self._license = answer, kinds, item

    def read(self) -> Declared:
        """The declared license beside what came down."""
        answer = self._answer
        satisfy = tuple(map(self._license, answer.would_satisfy[:_MOST_LICENSES]))
        return Declared(
            licenses=tuple(map(self._license, answer.declared)),
            inherited=tuple(map(self._license, self._inherited())),
            fits=gettext(FITS[answer.consistency]),
            anew=tuple(self._license(ref.id) for ref in answer.anew),
            bad=answer.consistency.startswith("drops") or answer.consistency == "unsatisfiable",
            untold=answer.consistency == "cannot-tell" and any(map(_came_down, answer.findings)),
            dropped=tuple(self._dropped()),
            satisfy=satisfy,
            more=len(answer.would_satisfy) - len(satisfy),
        )

    def _inherited(self) -> list[str]:
        """The licenses with terms that came down with weights or outputs and must be passed on."""
        came = (
            f.license
            for f in self._answer.findings
            if f.license
            and f.weighs
            and (_came_down(f) or _came_down(f, "learned"))
            and self._kinds[f.clause].flows
        )
        return list(dict.fromkeys(came))

    def _dropped(self) -> Iterator[tuple[ValueItem, str]]:
        """What the declared license does not carry, by the license that asks for it."""
        found: dict[str, list[str]] = {}
        for text in self._answer.dropped:
            license, _, kind = text.partition("#")
            label = self._kinds[kind].label
            found.setdefault(license, []).append(label.get(lang(), label["en"]))
        for license, labels in found.items():
            yield self._license(license), ", ".join(labels)


def _came_down(finding: FindingAnswer, way: str = "held") -> bool:
    """Whether a finding is of a parent and came with its weights, or with its outputs."""
    return len(finding.path) > 1 and finding.way == way and finding.edges[0] != IN_FAMILY
