"""The verdict in one sentence, with the clause that decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from kg.answers.contract import Citation, DecisiveAnswer, FindingAnswer, LicenseAnswer
from kg.answers.show import Labels
from kg.licenses.conflicts import ConflictAnswer
from kg.licenses.terms import Use, Verdict
from kg.licenses.wording import place_words, sure_words, words_in
from kg.messages.message import Message, counted


def find_decisive(
    verdict: Verdict,
    findings: Iterable[FindingAnswer],
    conflicts: Iterable[ConflictAnswer],
    labels: Labels,
) -> DecisiveAnswer | None:
    """The clause that makes a verdict: the first of the findings, what weighs most first, else a conflict."""
    if verdict == "allowed":
        return None
    for one in findings:
        if one.effect == verdict and one.weighs:
            return DecisiveAnswer(
                clause=one.clause,
                licenses=[labels.ref(one.license)] if one.license else [],
                why=one.why,
                citation=one.citation,
                path=one.path,
                edges=one.edges,
                tier=None if one.group == "unknown" else one.tier,
                read=one.read,
                disputed=one.disputed,
                doubtful=one.doubtful,
            )
    for clash in conflicts:
        if clash.effect == verdict:
            return DecisiveAnswer(
                clause=clash.conflict,
                licenses=[labels.ref(id) for id in clash.licenses],
                why=clash.why,
                citation=None,
            )
    return None


def verdict_sentence(
    label: str,
    use: Use,
    verdict: Verdict,
    decisive: DecisiveAnswer | None,
    lang: str,
    name: Callable[[str], str],
    agreeing: int = 0,
) -> str:
    """The verdict and what decides it, in one sentence.

    Args:
        label: of what was asked about.
        use: the use asked about.
        verdict: on it.
        decisive: what makes it.
        lang: language of the sentence.
        name: gives the name of an entity by its id.
        agreeing: the members of a family that are all judged so, where those decide.
    """
    words = words_in(lang)
    on, found = words[use], words[verdict]
    if decisive is None and verdict == "allowed":
        return Message(
            "%(name)s: %(use)s is allowed; no clause that reaches it stands against it.",
            name=label,
            use=on,
        ).text(lang)
    if decisive is None and agreeing:
        return counted(
            "%(name)s: %(use)s is %(verdict)s, as of its %(num)s member.",
            "%(name)s: %(use)s is %(verdict)s, as of each of its %(num)s members.",
            agreeing,
            name=label,
            use=on,
            verdict=found,
        ).text(lang)
    if decisive is None:
        return Message("%(name)s: %(use)s is %(verdict)s.", name=label, use=on, verdict=found).text(
            lang
        )
    if decisive.licenses:
        labels = ", ".join(ref.label for ref in decisive.licenses)
        return Message(
            "%(name)s: %(use)s is %(verdict)s under %(where)s: %(why)s",
            name=label,
            use=on,
            verdict=found,
            where=" ".join([labels, *cite_place(decisive.citation, lang)]),
            why=decisive.why,
        ).text(lang)
    if len(decisive.path) > 1:
        return Message(
            "%(name)s: %(use)s is %(verdict)s because of %(origin)s: %(why)s",
            name=label,
            use=on,
            verdict=found,
            origin=name(decisive.path[-1]),
            why=decisive.why,
        ).text(lang)
    return Message(
        "%(name)s: %(use)s is %(verdict)s: %(why)s",
        name=label,
        use=on,
        verdict=found,
        why=decisive.why,
    ).text(lang)


def cite_place(citation: Citation | None, lang: str) -> Sequence[str]:
    """Where in a text a sentence stands, and of when the text is; nothing where that is not known."""
    if citation is None or not citation.section:
        return []
    dated = f"({citation.date})" if citation.date else ""
    return [part for part in (place_words(citation.section, lang), dated) if part]


def decides(answer: LicenseAnswer, lang: str = "en") -> str:
    """What makes the verdict, in one line; "" where nothing does."""
    made = answer.decisive
    if made is None:
        return ""
    labels = ", ".join(ref.label for ref in made.licenses)
    where = " ".join(filter(None, [labels, *cite_place(made.citation, lang)]))
    path = path_line(made.path, made.edges) if made.edges else ""
    parts = [made.why, where and f"[{where}]", path]
    return " ".join(filter(None, parts))


def doubts_of(made: DecisiveAnswer, lang: str) -> list[str]:
    """How sure it is that a clause decides, in a few words each."""
    words = words_in(lang)
    told = [sure_words(made.tier, made.read, lang)] if made.tier else []
    told += [words["disputed"]] if made.disputed else []
    return told + ([words["guessed"]] if made.doubtful else [])


def path_line(path: Sequence[str], edges: Sequence[str]) -> str:
    """A path on one line, from what was asked about to the origin."""
    steps = (f" ─{relation}→ {id}" for relation, id in zip(edges, path[1:], strict=True))
    return "".join([*path[:1], *steps])
