"""Declared beside inherited licenses, as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.answers.contract import Ref
from kg.answers.gaps.answer import AuditAnswer, AuditRequest, LicenseGapAnswer, MissingClause
from kg.licenses.verdicts import GAPS
from kg.licenses.wording import words_in
from kg.messages.message import Message
from kg.snapshot.snapshot import Snapshot


def audit_text(
    snapshot: Snapshot, answer: AuditAnswer, wanted: AuditRequest, lang: str = "en"
) -> str:
    """A list, for people."""
    words = {p.name: p.words.get(lang, p.name) for p in snapshot.vocabulary.properties.values()}
    told = "\n\n".join("\n".join(_row(row, words, lang)) for row in answer.rows)
    return "\n".join(filter(None, [told, *_footer(answer, wanted, lang)]))


def _row(row: LicenseGapAnswer, words: dict[str, str], lang: str) -> Iterator[str]:
    yield f"{row.label} ({row.id})"
    stated, governs = _names(row.stated), _names(row.governs)
    sentence = (
        Message(
            "The tag says %(stated)s; if the base is as inferred, the terms of %(governs)s come down as well.",
            stated=stated,
            governs=governs,
        )
        if row.assumed
        else Message(
            "The tag says %(stated)s; by its ancestry the terms of %(governs)s come down as well.",
            stated=stated,
            governs=governs,
        )
    )
    yield "   " + sentence.text(lang)
    for why in row.conflicts:
        yield f"   {words_in(lang)['clash']}: {why}"
    for path, lost in _by_path(row.missing).items():
        clauses = "; ".join(dict.fromkeys(f"{one.label} [{one.citation.section}]" for one in lost))
        yield f"   {words_in(lang)['drops']}: {clauses}"
        steps = " ".join(
            f"← {words.get(edge, edge)} {id}"
            for edge, id in zip(lost[0].edges, path[1:], strict=True)
        )
        yield f"      {path[0]} {steps}"


def _by_path(missing: Sequence[MissingClause]) -> dict[tuple[str, ...], list[MissingClause]]:
    found: dict[tuple[str, ...], list[MissingClause]] = {}
    for one in missing:
        found.setdefault(tuple(one.path), []).append(one)
    return found


def _names(refs: Sequence[Ref]) -> str:
    return ", ".join(ref.label for ref in refs)


def _footer(answer: AuditAnswer, wanted: AuditRequest, lang: str) -> Iterator[str]:
    words = words_in(lang)
    yield ""
    yield Message(
        "%(shown)d of %(total)d rows; %(examined)d models and data sets inherit terms or may.",
        shown=len(answer.rows),
        total=answer.total,
        examined=answer.examined,
    ).text(lang)
    counts = " · ".join(f"{words[gap]} ({gap}) {answer.counts[gap]}" for gap in GAPS)
    yield counts
    if not wanted.assumed:
        yield Message(
            "Left out is what rests on guessed or disputed parents (--assumed), and what its licensor has licensed anew."
        ).text(lang)
    yield words["advice"]
