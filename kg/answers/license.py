"""What one may do with a model, family or dataset: the verdict with every clause, path and doubt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.answers.contract import (
    Citation,
    ClaimSetAnswer,
    ConflictAnswer,
    FindingAnswer,
    LicenseAnswer,
)
from kg.answers.license_items import (
    cite_clause,
    list_changes,
    list_dropped,
    list_items,
    weigh_finding,
)
from kg.answers.license_parents import LicenseAncestry, read_ancestors
from kg.answers.show import Labels
from kg.errors import InputError
from kg.licenses.ancestry import Ancestry, Path, weight_ancestors
from kg.licenses.consistency import compare_terms
from kg.licenses.profile import NOBODY, Profile
from kg.licenses.propagation import LicenseTerm
from kg.licenses.rules import SEVERITY, Facts, worst
from kg.licenses.states import LICENSED, names_of
from kg.licenses.terms import Use, Verdict
from kg.licenses.wording import change, value_text, why
from kg.messages.message import Message
from kg.model.claim import kind_of, main_label
from kg.model.vocabulary import LICENSE
from kg.snapshot.snapshot import Snapshot

_MOST_SETS = 8  # contradicting claims tried one by one

_DATA_UNKNOWN = Message("No license is known for some of the training data.")
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
    return answer_ancestry(snapshot, _read_ancestry(snapshot, id), use, profile, lang)


def license_verdict(
    snapshot: Snapshot, id: str, use: Use = "commercial", profile: Profile = NOBODY
) -> Verdict:
    """The verdict of `license_answer` without its reasons, in a fraction of the time."""
    return _Question(snapshot, _read_ancestry(snapshot, id), use, profile, "en").verdict()


def _read_ancestry(snapshot: Snapshot, id: str) -> LicenseAncestry:
    id = snapshot.find(id)
    if kind_of(id) not in LICENSED:
        raise InputError(
            Message("%(id)s: a license question is about a %(names)s", id=id, names=LICENSED)
        )
    root = snapshot.number(id)
    return LicenseAncestry(snapshot.entity_at(root), root, read_ancestors(snapshot, root))


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
        self._facts = Facts(names_of(self._entity), profile, families)
        self._effects = dict(self._engine.effects(self._all.terms, use, self._facts))

    def answer(self) -> LicenseAnswer:
        """The whole answer."""
        terms = self._all.terms
        declared = self._all.said(self._root)
        said = compare_terms(self._engine, declared, terms, self._facts.names)
        findings = sorted(self._findings(), key=weigh_finding)
        verdict = self.verdict()
        return LicenseAnswer(
            id=self._entity.id,
            use=self._use,
            verdict=verdict,
            parts=self._parts(),
            file_alone=self._file_alone(),
            declared=list(declared),
            consistency=said.consistency,
            would_satisfy=list(said.would_satisfy),
            findings=findings,
            label=main_label(self._entity, self._lang),
            conflicts=list(self._conflicts()),
            dropped=list_dropped(said),
            claim_sets=list(self._claim_sets()),
            unknowns=self._unknowns(),
            changes=list_changes(findings, verdict),
            profile=self._facts.profile,
        )

    def verdict(self) -> Verdict:
        """The verdict alone."""
        return self._verdict(self._all)

    def _verdict(self, ancestry: Ancestry) -> Verdict:
        return self._engine.verdict(ancestry.terms, self._use, self._facts)

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
        relations = (relation for _, relation in self._nodes[self._root].parents)
        if not any(self._engine.class_of[r] == "adapter" for r in relations):
            return None
        return self._verdict(self._all.varied(alone=True))

    # ---- findings

    def _findings(self) -> Iterator[FindingAnswer]:
        """One finding for each clause, origin and way; the surest of the worst where several agree."""
        groups: dict[tuple[str, str, int, str, int], list[tuple[LicenseTerm, Verdict, Path]]] = {}
        for term in sorted(self._all.terms):  # a set, whose order is another in each process
            effect = self._effects[term]
            for path in self._all.paths(term):
                key = term.license, term.kind, term.place, term.way, path[0][-1]
                groups.setdefault(key, []).append((term, effect, path))
        for found in groups.values():
            best = min(
                found, key=lambda f: (-SEVERITY.index(f[1]), f[0].tier, len(f[2][0]), f[2][0])
            )
            paths = sorted({path[0] for _, _, path in found}, key=lambda p: (len(p), p))
            yield self._finding(*best, [self._ids(p) for p in paths])

    def _finding(
        self, term: LicenseTerm, effect: Verdict, path: Path, paths: list[list[str]]
    ) -> FindingAnswer:
        kind, clause = self._engine.kind(term), self._engine.clause(term)
        license = self._engine.license(term.license) if term.license else None
        lang = self._lang
        notes, sources = self._notes(term, path)
        if note := clause.note.get(lang, clause.note.get("en")):
            notes.insert(0, note)
        if kind.name == "unknown-license" and license and license.unknown:
            notes.insert(0, license.unknown.get(lang, license.unknown["en"]))
        return FindingAnswer(
            clause=term.kind,
            license=term.license or None,
            path=self._ids(path[0]),
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
            change=change(kind, clause, lang, self._labels.name) if effect != "allowed" else None,
            disputed=term.disputed,
            doubtful=term.doubtful,
            weighs=self._engine.counts(term, effect),
            paths=paths,
        )

    def _notes(self, term: LicenseTerm, path: Path) -> tuple[list[str], list[Citation]]:
        """What is guessed or unsettled about the edges a term came along."""
        guesses = list(self._guesses(path)) if term.doubtful else []
        if term.tier < 3:
            return guesses, []
        classes = dict.fromkeys(self._engine.class_of[r] for r in path[1])
        edges = [self._engine.terms.classes[c] for c in classes]
        notes = [edge.note.get(self._lang, edge.note["en"]) for edge in edges if edge.note]
        return [*guesses, *notes], [
            cite_clause(edge.cite, None) for edge in edges if edge.note and edge.cite
        ]

    def _guesses(self, path: Path) -> Iterator[str]:
        """The edges of a path that a rule guessed, in words."""
        nodes, relations = path
        for child, parent, relation in zip(nodes, nodes[1:], relations, strict=False):
            if relation in self._nodes[child].said.doubtful:
                yield Message(
                    "A rule infers from the name that %(child)s derives from %(parent)s; no source states it.",
                    child=self._labels.name(self._id(child)),
                    parent=self._labels.name(self._id(parent)),
                ).text(self._lang)

    def _ids(self, nodes: Iterable[int]) -> list[str]:
        return [self._id(node) for node in nodes]

    def _id(self, node: int) -> str:
        if node not in self._known:
            self._known[node] = self._snapshot.id_at(node)
        return self._known[node]

    def _conflicts(self) -> Iterator[ConflictAnswer]:
        for name, terms, effect in self._engine.conflicts(self._all.terms, self._use):
            rule = self._engine.terms.conflicts[name]
            licenses = list(dict.fromkeys(term.license for term in terms))
            yield ConflictAnswer(
                name,
                rule.label.get(self._lang, name),
                licenses,
                effect,
                rule.why.get(self._lang, rule.why["en"]),
            )

    # ---- claims that contradict each other

    def _claim_sets(self) -> Iterator[ClaimSetAnswer]:
        left = _MOST_SETS
        for node, here in self._nodes.items():
            for value in here.said.claims if len(here.said.claims) > 1 else ():
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
        guessed = name in self._nodes[node].said.doubtful
        return ClaimSetAnswer(self._id(node), name, value, self._verdict(tried), guessed)

    # ---- what is not known

    def _unknowns(self) -> list[str]:
        found: list[Message] = []
        here = self._nodes[self._root]
        if here.said.way == "held":
            if not any(self._engine.class_of[r] != "train" for _, r in here.parents):
                found.append(NO_PARENT)
            if not self._data_known():
                found.append(_NO_DATA)
        terms = self._all.terms
        if any(self._engine.kind(t).group == "unknown" and t.way == "trained" for t in terms):
            found.append(_DATA_UNKNOWN)
        policies = {str(self._engine.clause(t).value) for t in terms if t.kind == "aup"}
        found += [
            Message(
                "An acceptable-use policy stands at an address and may change: %(address)s",
                address=url,
            )
            for url in sorted(policies)
        ]
        return [message.text(self._lang) for message in found]
