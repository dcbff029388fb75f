"""What one may do with a model, family or dataset: the verdict with every clause, path and doubt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.answers.advice.advisor import advise
from kg.answers.advice.checklist import ChecklistWriter, Found
from kg.answers.advice.gaps import list_unknowns
from kg.answers.contract import Citation, ClaimSetAnswer, FindingAnswer, LicenseAnswer
from kg.answers.license_items import (
    cite_clause,
    licensed_anew,
    list_changes,
    list_conflicts,
    list_dropped,
    list_items,
    list_texts,
    tell_doubts,
    tell_edges,
    tell_guesses,
    weigh_finding,
)
from kg.answers.license_parents import LicenseAncestry, read_ancestry
from kg.answers.show import Labels, tell_lookalikes
from kg.answers.tree.unresolved import unresolved_line, unresolved_of
from kg.licenses.agreement import judge_ancestry
from kg.licenses.ancestry import Ancestry, Path, weight_ancestors
from kg.licenses.consistency import compare_terms
from kg.licenses.profile import NOBODY, Profile
from kg.licenses.propagation import LicenseTerm
from kg.licenses.rules import SEVERITY, Facts, worst
from kg.licenses.states import names_of
from kg.licenses.terms import NO_LICENSE, RELICENSE, UNRESOLVED, Use, Verdict
from kg.licenses.wording import change, value_text, why
from kg.messages.message import Message
from kg.model.claim import main_label
from kg.model.vocabulary import LICENSE
from kg.snapshot.snapshot import Snapshot

_MOST_SETS = 8  # contradicting claims tried one by one

_NO_DATA = Message("No training data is recorded.")
NO_PARENT = Message("No parent is recorded; that does not mean it was trained from scratch.")


def license_answer(
    snapshot: Snapshot,
    id: str,
    use: Use = "commercial",
    profile: Profile = NOBODY,
    lang: str = "en",
) -> LicenseAnswer:
    """What one may do with an entity.

    Args:
        snapshot: an open snapshot.
        id: as a user names it: of a model, family, dataset or product.
        use: what it is to be used for.
        profile: what is known of who asks.
        lang: language of the sentences.

    Raises:
        UnknownId: there is no such entity.
        InputError: licenses make no sense for its kind.
    """
    return answer_ancestry(snapshot, read_ancestry(snapshot, id), use, profile, lang)


def license_verdict(
    snapshot: Snapshot, id: str, use: Use = "commercial", profile: Profile = NOBODY
) -> Verdict:
    """The verdict of `license_answer` without its reasons, in a fraction of the time."""
    return _Question(snapshot, read_ancestry(snapshot, id), use, profile, "en").verdict()


def answer_ancestry(
    snapshot: Snapshot,
    ancestry: LicenseAncestry,
    use: Use,
    profile: Profile = NOBODY,
    lang: str = "en",
) -> LicenseAnswer:
    """What one may do with an entity whose ancestry is at hand; it need not be in the snapshot."""
    return _Question(snapshot, ancestry, use, profile, lang).answer()


class _Question:
    """One question and what is needed to answer it."""

    def __init__(
        self, snapshot: Snapshot, ancestry: LicenseAncestry, use: Use, profile: Profile, lang: str
    ) -> None:
        self._snapshot, self._use, self._lang = snapshot, use, lang
        self._states = snapshot.states
        self._engine = self._states.engine
        self._entity, self._root, self._nodes = ancestry.entity, ancestry.root, ancestry.nodes
        self._all = Ancestry(self._nodes, self._root, self._states)
        families = self._engine.families(self._all.terms)
        self._known = dict(ancestry.names)
        self._labels = Labels(snapshot, lang)
        self._label = main_label(self._entity, lang)
        label, name = self._label, profile.name
        self._writer = ChecklistWriter(self._engine, self._labels, lang, self._maker, label, name)
        self._facts = Facts(() if ancestry.unnamed else names_of(self._entity), profile, families)
        self._effects = dict(self._engine.effects(self._all.terms, use, self._facts))
        self._agree = 0

    def answer(self) -> LicenseAnswer:
        """The whole answer."""
        terms = self._all.terms
        declared = self._all.said(self._root)
        said = compare_terms(self._engine, declared, terms, self._facts.names)
        maker = self._nodes[self._root].said.maker
        verdict, self._agree = self._judged(self._all)
        found = sorted(self._findings(), key=lambda one: weigh_finding(one[1]))
        findings = [finding for _, finding in found]
        conflicts = list_conflicts(self._engine, self._all.terms, self._use, self._lang)
        advice = advise(self._writer, self._use, verdict, found, conflicts, self._agree)
        return LicenseAnswer(
            id=self._entity.id,
            use=self._use,
            verdict=verdict,
            parts=self._parts() | ({"weights": verdict} if self._agree else {}),
            file_alone=self._file_alone(),
            declared=list(declared),
            consistency=said.consistency,
            would_satisfy=list(said.would_satisfy),
            findings=findings,
            label=self._label,
            lookalike=tell_lookalikes(self._entity, self._lang),
            conflicts=conflicts,
            dropped=list_dropped(said),
            claim_sets=list(self._claim_sets()),
            unknowns=self._unknowns(),
            changes=list_changes(findings, verdict),
            profile=self._facts.profile,
            texts=list_texts(self._engine, declared, findings, self._labels),
            agreeing=self._agree,
            sentence=advice.sentence,
            decisive=advice.decisive,
            checklist=advice.checklist,
            gaps=advice.gaps,
            anew=[self._labels.ref(id) for id in licensed_anew(self._engine, terms, maker)],
        )

    def verdict(self) -> Verdict:
        """The verdict alone."""
        return self._verdict(self._all)

    def _verdict(self, ancestry: Ancestry) -> Verdict:
        return self._judged(ancestry)[0]

    def _judged(self, ancestry: Ancestry) -> tuple[Verdict, int]:
        """The verdict on the root, and how many members of a family agree where those decide."""
        return judge_ancestry(ancestry, self._states, self._use, self._facts, self._names_of)

    def _names_of(self, node: int) -> tuple[str, ...]:
        """The names of a node."""
        if node == self._root:
            return self._facts.names
        known = node < len(self._snapshot.lines)
        return names_of(self._snapshot.entity_at(node)) if known else ()

    def _parts(self) -> dict[str, Verdict]:
        ways: dict[str, list[Verdict]] = {"weights": [], "data": []}
        for term, effect in self._effects.items():
            part = "weights" if term.way in ("held", "material") else "data"
            ways[part].append(effect)
        ways["weights"] += [
            effect for _, _, effect in self._engine.conflicts(self._all.terms, self._use)
        ]
        if not self._data_known():
            ways["data"].append("unknown")
        return {part: worst(found) for part, found in ways.items()}

    def _data_known(self) -> bool:
        """Whether any training data is recorded for the model or what gave it its weights."""
        if self._nodes[self._root].said.way == "material":
            return True
        above = weight_ancestors(self._nodes, self._root, self._engine.class_of)
        return any(
            self._engine.class_of[r] == "train" for n in above for _, r in self._nodes[n].parents
        )

    def _file_alone(self) -> Verdict | None:
        here = self._nodes[self._root]
        relations = [*(relation for _, relation in here.parents), *here.said.unresolved]
        if not any(self._engine.class_of.get(r) == "adapter" for r in relations):
            return None
        return self._verdict(self._all.varied(alone=True))

    def _findings(self) -> Iterator[Found]:
        """One finding for each clause, origin and way; the surest of the worst where several agree."""
        groups: dict[tuple[str, str, int, str, int], list[tuple[LicenseTerm, Verdict, Path]]] = {}
        for term in sorted(self._all.terms):  # a set, whose order is another in each process
            effect = self._effects[term]
            if term.kind in RELICENSE.values() and effect == "allowed":
                continue  # says nothing of other uses
            for path in self._all.paths(term):
                key = term.license, term.kind, term.place, term.way, path[0][-1]
                groups.setdefault(key, []).append((term, effect, path))
        for found in groups.values():
            best = min(
                found, key=lambda f: (-SEVERITY.index(f[1]), f[0].tier, len(f[2][0]), f[2][0])
            )
            paths = sorted({path[0] for _, _, path in found}, key=lambda p: (len(p), p))
            yield best[0], self._finding(*best, [self._ids(p) for p in paths])

    def _finding(
        self, term: LicenseTerm, effect: Verdict, path: Path, paths: list[list[str]]
    ) -> FindingAnswer:
        kind, clause = self._engine.kind(term), self._engine.clause(term)
        license = self._engine.license(term.license) if term.license else None
        lang = self._lang
        ids = self._ids(path[0])
        notes, sources = self._notes(term, path)
        if note := clause.note.get(lang, clause.note.get("en")):
            notes.insert(0, note)
        if kind.name == "unknown-license" and license and license.unknown:
            notes.insert(0, license.unknown.get(lang, license.unknown["en"]))
        return FindingAnswer(
            clause=term.kind,
            license=term.license or None,
            path=ids,
            edges=list(path[1]),
            tier=term.tier,
            effect=effect,
            why=why(kind, clause, lang, self._labels.name),
            citation=cite_clause(clause.cite, license),
            group=kind.group,
            label=kind.label.get(lang, term.kind),
            way=term.way,
            license_label=self._labels.name(term.license) if term.license else None,
            value=value_text(kind, clause.value, lang),
            items=list_items(kind, clause, lang, self._labels),
            notes=notes,
            notes_citations=sources,
            change=None
            if effect == "allowed"
            else change(kind, clause, lang, self._labels.name, self._use),
            disputed=term.disputed,
            doubtful=term.doubtful,
            weighs=self._engine.counts(term, effect)
            and not (self._agree and term.kind == NO_LICENSE),
            read=license.reading if license else None,
            paths=paths,
            lines=self._writer.lines(term, ids, path[1]),
        )

    def _notes(self, term: LicenseTerm, path: Path) -> tuple[list[str], list[Citation]]:
        """What is guessed or unsettled about the edges a term came along."""
        guesses = list(tell_doubts(self._engine, term, self._agree, self._lang))
        if term.doubtful:
            guesses += tell_guesses(self._nodes, path, self._name, self._lang)
        if term.kind == UNRESOLVED and self._nodes[path[0][-1]].said.unresolved:
            return [line.text(self._lang) for line in self._unresolved(path[0][-1])], []
        if term.mode == "maker" and (own := self._engine.terms.own_work):
            return [*guesses, own.note[self._lang]], [cite_clause(own.cite, None)]
        if term.tier < 3:
            return guesses, []
        notes, sources = tell_edges(self._engine, path, self._lang)
        return [*guesses, *notes], sources

    def _name(self, node: int) -> str:
        return self._labels.name(self._id(node))

    def _unresolved(self, node: int) -> Iterator[Message]:
        """The parents of a node that are declared and that nothing can find, in words."""
        at = self._entity if node == self._root else self._snapshot.entity_at(node)
        yield from map(unresolved_line, unresolved_of(at, self._lang))

    def _ids(self, nodes: Iterable[int]) -> list[str]:
        return [self._id(node) for node in nodes]

    def _id(self, node: int) -> str:
        if node not in self._known:
            self._known[node] = self._snapshot.id_at(node)
        return self._known[node]

    def _maker(self, id: str) -> str:
        """The maker of an entity of the ancestry."""
        number = self._snapshot.lines.find(id)
        node = None if number is None else self._nodes.get(number)
        return node.said.maker if node else ""

    def _claim_sets(self) -> Iterator[ClaimSetAnswer]:
        left = _MOST_SETS
        for node, here in self._nodes.items():
            rivals = (*here.said.claims, *here.said.overruled)
            for value in rivals if len(rivals) > 1 else ():
                if left:
                    left -= 1
                    tried = self._all.varied(claims={node: (value,)})
                    yield self._claim_set(node, LICENSE, value, tried)
            for parent, relation in here.parents:
                if left and relation in here.said.disputed | here.said.doubtful:
                    left -= 1
                    tried = self._all.varied(without=[(node, parent, relation)])
                    yield self._claim_set(node, relation, None, tried)

    def _claim_set(
        self, node: int, name: str, value: str | None, tried: Ancestry
    ) -> ClaimSetAnswer:
        said = self._nodes[node].said
        return ClaimSetAnswer(
            subject=self._id(node),
            property=name,
            value=value,
            verdict=self._verdict(tried),
            doubtful=name in said.doubtful,
            overruled=value in said.overruled,
        )

    def _unknowns(self) -> list[str]:
        found: list[Message] = []
        here = self._nodes[self._root]
        if here.said.way == "held":
            named = any(self._engine.class_of[r] != "train" for _, r in here.parents)
            if not named and not here.said.unresolved:
                found.append(NO_PARENT)
            if not self._data_known():
                found.append(_NO_DATA)
        found += list_unknowns(self._engine, self._all.terms)
        return [message.text(self._lang) for message in found]
