"""What must be done where a thing is used or passed on, as a checklist with lines ready to paste.

A clause is a duty where its kind has a `duty` in data/licenses/kinds.yaml. It is sure where the text binds;
what came along with training data, a disputed claim or a guessed parent may not bind, and is told as such.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from kg.answers.contract import DutyAnswer, FindingAnswer
from kg.answers.show import Labels
from kg.licenses.profile import begins
from kg.licenses.propagation import LicenseTerm
from kg.licenses.rules import LicenseRules
from kg.licenses.terms import Clause
from kg.licenses.wording import duty
from kg.messages.message import Message
from kg.model.vocabulary import load_vocabulary

Found = tuple[LicenseTerm, FindingAnswer]  # a finding and the term it tells of
_BINDING = ("own", "", "changed")  # modes in which a term binds for certain
# Kinds of clauses as a checklist has them; others follow
_PLACES = (
    "name-prefix",
    "badge",
    "license-copy",
    "notice",
    "state-changes",
    "share-alike",
    "use-restrictions",
    "aup",
)


class ChecklistWriter:
    """Writes the checklist of one answer.

    Args:
        engine: the rules.
        labels: names of things in the language of the answer.
        lang: language of the sentences.
        maker: gives the id of the maker of an entity of the ancestry, "" if none is known.
        label: what the thing asked about is called.
        name: of the model to be released; None if that is not said.
    """

    def __init__(
        self,
        engine: LicenseRules,
        labels: Labels,
        lang: str,
        maker: Callable[[str], str],
        label: str,
        name: str | None = None,
    ) -> None:
        self.engine, self.labels, self.lang, self.label = engine, labels, lang, label
        self._maker, self._name = maker, name

    def duties(self, found: Iterable[Found]) -> list[DutyAnswer]:
        """The duties of findings: what is broken first, then those that are sure, one a text to do."""
        groups: dict[tuple[bool, str, str], list[Found]] = {}
        for term, finding in found:
            if text := self._text(term, finding):
                key = not _is_sure(term), term.kind, text
                groups.setdefault(key, []).append((term, finding))
        told = [self._duty(*key, members) for key, members in groups.items()]
        sure = {(one.duty, ref.id) for one in told if one.sure for ref in one.licenses}
        kept = (one for one in told if one.sure or not _said(one, sure))
        return sorted(kept, key=lambda one: (not one.sure, not one.broken, _place(one.duty)))

    def _text(self, term: LicenseTerm, finding: FindingAnswer) -> str:
        kind, clause = self.engine.kind(term), self.engine.clause(term)
        met = kind.asks and finding.effect == "allowed" and term.mode != "own"
        if met or term.mode == "maker":
            return ""
        return duty(kind, clause, self.lang, self.labels.name)

    def _duty(self, unsure: bool, kind: str, text: str, members: Sequence[Found]) -> DutyAnswer:
        licenses = dict.fromkeys(term.license for term, _ in members if term.license)
        cited = {(f.citation.section, f.citation.url): f.citation for _, f in members}
        lines = dict.fromkeys(line for _, finding in members for line in finding.lines)
        term, _ = members[0]
        clause = self.engine.clause(term)
        broken = self._breaks(term)
        if broken:
            said = Message("%(duty)s: “%(name)s” does not", duty=text, name=self._name)
            text = said.text(self.lang)
        return DutyAnswer(
            duty=kind,
            when=clause.trigger or self.engine.kind(term).trigger,
            text=text,
            broken=broken,
            licenses=[self.labels.ref(id) for id in licenses],
            citations=list(cited.values()),
            lines=list(lines),
            sure=not unsure,
        )

    def _breaks(self, term: LicenseTerm) -> bool:
        """Whether the name of the model to be released does not begin as a clause asks, whatever the use."""
        asks = self.engine.kind(term).asks
        if self._name is None or not asks or asks.test != "begins-with":
            return False
        return not begins(str(self.engine.clause(term).value), (self._name,))

    # ---- lines to paste

    def lines(self, term: LicenseTerm, path: Sequence[str], edges: Sequence[str]) -> list[str]:
        """The words that keep a clause, as far as they can be written beforehand.

        Args:
            term: the clause as it reached what was asked about.
            path: from there to where it is declared.
            edges: the relations along it.
        """
        clause = self.engine.clause(term)
        match term.kind:
            case "badge" | "aup":
                return [str(clause.value)]
            case "license-copy" | "share-alike":
                url = self.engine.license(term.license).url
                return [url] if url else []
            case "notice":
                return [self._notice(clause, term, path)]
            case "state-changes" if edges and term.way in ("held", "material"):
                return [self._changed(path, edges)]
        return []

    def _notice(self, clause: Clause, term: LicenseTerm, path: Sequence[str]) -> str:
        """The notice that the text asks for, else who made what under which license."""
        if clause.verbatim and clause.cite.quote:
            return clause.cite.quote.strip('"')
        license, maker = self.engine.license(term.license), self._maker(path[-1])
        name, label = self._origin(path), self.labels.name(term.license)
        url = license.url or license.key
        if not maker:
            return Message(
                "%(name)s, licensed under %(license)s (%(url)s)", name=name, license=label, url=url
            ).text(self.lang)
        return Message(
            "%(name)s by %(maker)s, licensed under %(license)s (%(url)s)",
            name=name,
            maker=self.labels.name(maker),
            license=label,
            url=url,
        ).text(self.lang)

    def _changed(self, path: Sequence[str], edges: Sequence[str]) -> str:
        """The statement that a thing was changed, and how."""
        known = load_vocabulary().properties
        steps = dict.fromkeys(known[edge].step_word(self.lang) for edge in edges)
        return Message(
            "%(name)s is a changed version of %(origin)s: %(steps)s",
            name=self.label,
            origin=self._origin(path),
            steps=list(steps),
        ).text(self.lang)

    def _origin(self, path: Sequence[str]) -> str:
        return self.label if len(path) == 1 else self.labels.name(path[-1])


def _is_sure(term: LicenseTerm) -> bool:
    bound = term.way != "trained" and term.mode in _BINDING and term.tier < 3
    return bound and not term.disputed and not term.doubtful


def _said(one: DutyAnswer, sure: set[tuple[str, str]]) -> bool:
    """Whether each license already asks for certain what this may ask."""
    return all((one.duty, ref.id) in sure for ref in one.licenses)


def _place(kind: str) -> int:
    return _PLACES.index(kind) if kind in _PLACES else len(_PLACES)
