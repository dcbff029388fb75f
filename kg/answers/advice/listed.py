"""Many names at once: each is answered, and one that nothing goes by is a finding, not the end."""

from __future__ import annotations

from kg.answers.advice.decisive import find_decisive, verdict_sentence
from kg.answers.contract import Citation, FindingAnswer, GapAnswer, LicenseAnswer
from kg.answers.license import license_answer
from kg.answers.show import Labels, tell_missing
from kg.errors import InputError, UnknownId
from kg.licenses.profile import NOBODY, Profile
from kg.licenses.terms import NOT_KNOWN_HERE, ClauseKind, Use, Verdict
from kg.messages.message import Message
from kg.snapshot.snapshot import Snapshot


def listed_answer(
    snapshot: Snapshot,
    text: str,
    use: Use = "commercial",
    profile: Profile = NOBODY,
    lang: str = "en",
) -> LicenseAnswer:
    """What one may do with an entry of a list; unknown where nothing goes by it, or no license could.

    Args:
        snapshot: an open snapshot.
        text: an id or name, as somebody wrote it.
        use: what it is to be used for.
        profile: what is known of who asks.
        lang: language of the sentences.
    """
    try:
        return license_answer(snapshot, text, use, profile, lang)
    except UnknownId as error:
        why = tell_missing(snapshot, error, lang).message
    except InputError as error:
        why = error.message
    return unknown_answer(snapshot, text, use, profile, lang, why)


def unknown_answer(
    snapshot: Snapshot, text: str, use: Use, profile: Profile, lang: str, why: Message
) -> LicenseAnswer:
    """The answer on what the snapshot does not know: unknown, never a permission.

    Args:
        snapshot: an open snapshot.
        text: what was asked about, as somebody wrote it.
        use: what it is to be used for.
        profile: what is known of who asks.
        lang: language of the sentences.
        why: why nothing is known.
    """
    kind = snapshot.states.engine.terms.kinds[NOT_KNOWN_HERE]
    verdict: Verdict = kind.effect[use]
    found = _finding(kind, text, verdict, why, lang)
    labels = Labels(snapshot, lang)
    decisive = find_decisive(verdict, [found], [], labels)
    return LicenseAnswer(
        id=text,
        use=use,
        verdict=verdict,
        parts={"weights": verdict, "data": verdict},
        file_alone=None,
        declared=[],
        consistency="cannot-tell",
        would_satisfy=[],
        findings=[found],
        label=text,
        changes=[found.change] if found.change else [],
        profile=profile,
        sentence=verdict_sentence(text, use, verdict, decisive, lang, labels.name),
        decisive=decisive,
        gaps=[GapAnswer(clause=kind.name, text=found.why, ids=[text], weighs=True)],
    )


def _finding(
    kind: ClauseKind, text: str, verdict: Verdict, why: Message, lang: str
) -> FindingAnswer:
    return FindingAnswer(
        clause=kind.name,
        license=None,
        path=[text],
        edges=[],
        tier=1,
        effect=verdict,
        why=why.text(lang),
        citation=Citation("", None, None),
        group=kind.group,
        label=kind.label.get(lang, kind.name),
        way="held",
        license_label=None,
        change=kind.change.get(lang, kind.change["en"]),
    )
