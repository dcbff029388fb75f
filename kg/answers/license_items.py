"""Parts of a license answer: values of clauses, citations, the order of findings, what would change them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from kg.answers.contract import Citation, FindingAnswer, LicenseAnswer, Shown
from kg.answers.show import Labels
from kg.licenses.ancestry import AncestryNode, Path
from kg.licenses.conflicts import ConflictAnswer
from kg.licenses.consistency import Comparison
from kg.licenses.propagation import LicenseTerm, State
from kg.licenses.rules import SEVERITY, LicenseRules
from kg.licenses.terms import (
    NO_LICENSE,
    READINGS,
    Cite,
    Clause,
    ClauseKind,
    License,
    Reading,
    TextRead,
    Use,
    Verdict,
)
from kg.licenses.wording import left_out, part_words, words_in
from kg.messages.message import Message, counted
from kg.model.claim import is_id

_GROUPS = ("substance", "outputs", "unknown", "paperwork")


def list_items(kind: ClauseKind, clause: Clause, lang: str, labels: Labels) -> list[Shown]:
    """The parts of a clause's value that its sentence does not hold, as people say them."""
    return [
        labels.ref(one) if is_id(one) else part_words(one, lang)
        for one in left_out(kind, clause.value)
    ]


def cite_clause(cite: Cite, license: License | None) -> Citation:
    """Where a sentence stands; address and date default to the license's."""
    url = cite.url or (license.url if license else None)
    return Citation(cite.section, url, cite.date or (license.date if license else None), cite.quote)


def weigh_finding(finding: FindingAnswer) -> tuple[int, bool, int, int, int, str, list[str]]:
    """The place of a finding among others: what weighs most stands first."""
    return (
        -SEVERITY.index(finding.effect),
        not finding.weighs,
        _GROUPS.index(finding.group),
        len(finding.path),
        finding.tier,
        finding.clause,
        finding.path,
    )


def list_changes(findings: Iterable[FindingAnswer], verdict: Verdict) -> list[str]:
    """What would change the findings that make the verdict."""
    made = [f for f in findings if f.effect == verdict and f.weighs and verdict != "allowed"]
    return list(dict.fromkeys(f.change for f in made if f.change))


def list_dropped(said: Comparison) -> list[str]:
    """The clauses that a declared license does not carry, as license#kind."""
    return list(dict.fromkeys(f"{term.license}#{term.kind}" for term in said.dropped))


def list_conflicts(engine: LicenseRules, terms: State, use: Use, lang: str) -> list[ConflictAnswer]:
    """The terms that cannot all be kept."""
    return [
        ConflictAnswer(
            conflict=name,
            label=engine.terms.conflicts[name].label.get(lang, name),
            licenses=list(dict.fromkeys(term.license for term in clash)),
            effect=effect,
            why=engine.terms.conflicts[name].why[lang],
        )
        for name, clash, effect in engine.conflicts(terms, use)
    ]


def tell_doubts(engine: LicenseRules, term: LicenseTerm, agreeing: int, lang: str) -> Iterator[str]:
    """Whom a promise binds, and whether a clause speaks of this model at all, where that is open.

    Args:
        engine: the rules.
        term: one of an entity's terms.
        agreeing: how many members of the family agree, where those decide.
        lang: language of the sentences.
    """
    if agreeing and term.kind == NO_LICENSE and term.mode == "own":
        yield counted(
            "The family states none; its %(num)s member is judged alike.",
            "The family states none; all its %(num)s members are judged alike.",
            agreeing,
        ).text(lang)
    if term.party and (covenant := engine.kind(term).covenant):
        yield covenant[lang]
    if term.open:
        yield engine.terms.scopes[engine.clause(term).models].note[lang]


def list_texts(
    engine: LicenseRules, declared: Iterable[str], findings: Iterable[FindingAnswer], labels: Labels
) -> list[TextRead]:
    """How the text of each license was read on which an answer rests, the least read first.

    Args:
        engine: the rules.
        declared: the licenses that are declared, with or without clauses.
        findings: what the answer found.
        labels: names of entities.
    """
    ids = dict.fromkeys([*declared, *(f.license for f in findings if f.license)])
    read = [
        TextRead(
            license=id,
            label=labels.name(id),
            read=license.reading,
            date=license.read.get("date"),
            url=license.url,
        )
        for id, license in ((id, engine.license(id)) for id in ids)
    ]
    return sorted(read, key=lambda one: -READINGS.index(one.read))


def licensed_anew(engine: LicenseRules, terms: State, maker: str) -> list[str]:
    """The licenses that the maker of a thing wrote and that do not bind it, as the maker licensed it anew.

    Args:
        engine: the rules.
        terms: all terms of the thing.
        maker: its maker; "" if none is known.
    """
    given_up = (t.license for t in sorted(terms) if t.mode == "maker" and t.license and maker)
    return [id for id in dict.fromkeys(given_up) if engine.license(id).licensor == maker]


def inherits_others(answer: LicenseAnswer) -> bool:
    """Whether terms came down that bind, besides those that who wrote them no longer asks for."""
    return any(f.license and f.weighs and len(f.path) > 1 for f in answer.findings)


def tell_declared(answer: LicenseAnswer, lang: str) -> str:
    """How the declared license stands to what was inherited, in a few words."""
    fits = words_in(lang)[answer.consistency]
    if not answer.anew:
        return fits
    anew = Message(
        "licensed anew by its maker, who wrote %(licenses)s",
        licenses=", ".join(ref.label for ref in answer.anew),
    ).text(lang)
    told = answer.consistency != "consistent" or inherits_others(answer)
    return f"{anew}; {fits}" if told else anew


def tell_texts(texts: Iterable[TextRead], lang: str) -> str:
    """How the texts were read, in one line: read only in part: …; read in full: …"""
    words = words_in(lang)
    groups: dict[Reading, list[str]] = {}
    for one in texts:
        groups.setdefault(one.read, []).append(one.label)
    return "; ".join(f"{words[f'read-{read}']}: {', '.join(all)}" for read, all in groups.items())


def tell_guesses(
    nodes: Mapping[int, AncestryNode], path: Path, name: Callable[[int], str], lang: str
) -> Iterator[str]:
    """The edges of a path that a rule guessed, in words.

    Args:
        nodes: the ancestry.
        path: of a term.
        name: what a node is called.
        lang: language of the sentences.
    """
    for child, parent, relation in zip(path[0], path[0][1:], path[1], strict=False):
        if relation in nodes[child].said.doubtful:
            yield Message(
                "A rule infers from the name that %(child)s derives from %(parent)s; no source states it.",
                child=name(child),
                parent=name(parent),
            ).text(lang)


def tell_edges(engine: LicenseRules, path: Path, lang: str) -> tuple[list[str], list[Citation]]:
    """What is unsettled of the kinds of edges on a path, and where that is said."""
    classes = dict.fromkeys(engine.class_of[relation] for relation in path[1])
    noted = [edge for edge in map(engine.terms.classes.__getitem__, classes) if edge.note]
    notes = [edge.note.get(lang, edge.note["en"]) for edge in noted]
    return notes, [cite_clause(edge.cite, None) for edge in noted if edge.cite]
