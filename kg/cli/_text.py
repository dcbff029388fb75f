"""Answers as text for a terminal."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from kg.answers.contract import (
    FactAnswer,
    FamilyFactAnswer,
    HitAnswer,
    SearchAnswer,
    ShowAnswer,
)
from kg.answers.copies import count_copies
from kg.answers.show import tell_value
from kg.language.remarks import remark
from kg.messages.message import Message, mark, translate
from kg.model.vocabulary import Property, Vocabulary, load_vocabulary

if TYPE_CHECKING:  # a build needs much that no answer needs
    from kg.build.build import Built, Checked

_RANKS = {"preferred": mark("preferred"), "rejected": mark("rejected")}


def built(done: Built) -> str:
    """What a build made."""
    counts = done.manifest.counts
    head = f"snapshot {done.folder.name} ({done.manifest.version})"
    if not done.seconds:
        return f"{head} is up to date"
    seconds = sum(done.seconds.values())
    return (
        f"{head}: {counts['entities']:,} entities, {counts['claims']:,} claims, "
        f"{counts['quads']:,} quads, {counts['warnings']:,} warnings, {seconds:.1f} s"
    )


def checked(done: Checked) -> str:
    """What a check found; errors are raised, so these are warnings."""
    counts = done.counts
    head = f"{counts['entities']:,} entities, {counts['claims']:,} claims: no errors"
    return "\n".join([f"{head}, {counts['warnings']:,} warnings", *map(str, done.warnings)])


def hits(answer: SearchAnswer, lang: str = "en") -> str:
    """Search hits, one a line; before them what the query names and nothing is, behind each its copies."""
    missing = [answer.missing.text] if answer.missing else []
    missing += [line.text(lang) for line in _understood(answer)]
    if not answer.hits:
        if missing:
            return "\n".join([*missing, *answer.notes])
        nothing = Message("nothing found")
        if answer.suggestion:
            nothing = Message("nothing found; did you mean %(text)s?", text=answer.suggestion)
        return "\n".join([nothing.text(lang), *answer.notes])
    width = max(len(hit.id) for hit in answer.hits)
    lines = [
        f"{hit.id:<{width}}  {_called(hit, lang)}  {hit.snippet}".rstrip() for hit in answer.hits
    ]
    counts = Message("%(shown)s of %(total)s", shown=len(answer.hits), total=answer.total)
    if answer.hidden:
        counts = Message(
            "%(counts)s, and %(num)s copies of models; --ungrouped lists them as well",
            counts=counts,
            num=answer.hidden,
        )
    read = [Message("read as %(text)s", text=answer.suggestion)] if answer.suggestion else []
    told = (message.text(lang) for message in (*read, counts))
    return "\n".join([*missing, *lines, *told, *answer.notes])


def _understood(answer: SearchAnswer) -> Iterator[Message]:
    """How a query was understood."""
    for meant in answer.understood:
        words, filter = meant.words, meant.filter or meant.value
        if not meant.applied:
            yield Message(
                "“%(words)s” is left out: nothing else passes %(filter)s",
                words=words,
                filter=filter,
            )
        elif meant.field == "name" and meant.negated:
            yield Message(
                "“%(words)s” leaves out what is called %(filter)s", words=words, filter=filter
            )
        elif meant.field == "name":
            yield Message("“%(words)s” is what is called %(filter)s", words=words, filter=filter)
        else:
            yield Message("“%(words)s” is the filter %(filter)s", words=words, filter=filter)
    if answer.left_out:
        yield Message("left out: %(words)s", words=answer.left_out)


def _called(hit: HitAnswer, lang: str) -> str:
    """The label of a hit, with its copies: Qwen3 8B (12 quantizations, 3 mirrors)."""
    copies = count_copies(hit.copies, load_vocabulary(), lang)
    called = f"{hit.label} ({', '.join(copies)})" if copies else hit.label
    return f"{called}  ⚠ {hit.lookalike}" if hit.lookalike else called


def entity(answer: ShowAnswer, vocabulary: Vocabulary, lang: str) -> str:
    """An entity: names, then its facts with their sources."""
    names = " · ".join(name for group in answer.labels.values() for name in group)
    lines = [answer.id, f"  {names}"]
    if answer.lookalike:
        lines.append(f"  ⚠ {answer.lookalike}")
    for fact in answer.facts:
        known = vocabulary.properties[fact.property]
        disagree = Message("sources disagree").text(lang)
        mark = f"  ({disagree})" if fact.disputed else ""
        if fact.rule:
            guess = Message("inferred by a rule: %(rule)s", rule=fact.rule.label)
            mark += f"  ({guess.text(lang)})"
        label = known.term.labels.get(lang, fact.property)
        lines.append(f"{label}: {_values(fact, known, lang)}{mark}")
        lines += [f"    {line}" for line in _claims(fact, known, lang)]
    for found in answer.from_family:
        known = vocabulary.properties[found.property]
        label = known.term.labels.get(lang, found.property)
        family = Message("from the family %(name)s", name=tell_value(found.family, known, lang))
        lines.append(f"{label}: {_values(found, known, lang)}  ({family.text(lang)})")
    return "\n".join(lines)


def brief(answer: ShowAnswer, vocabulary: Vocabulary, properties: Collection[str]) -> str:
    """An entity in a few lines: names, then some of its facts, each with who says it."""
    lines = [answer.id, "  " + " · ".join(n for group in answer.labels.values() for n in group)]
    for fact in answer.facts:
        if fact.property in properties:
            known = vocabulary.properties[fact.property]
            label = known.term.labels.get("en", fact.property)
            sources = ", ".join(dict.fromkeys(claim.source for claim in fact.claims))
            lines.append(f"  {label}: {_values(fact, known, 'en')}  [{sources}]")
    return "\n".join(lines)


def _values(fact: FactAnswer | FamilyFactAnswer, known: Property, lang: str) -> str:
    values = fact.value if isinstance(fact.value, list) else [fact.value]
    return ", ".join(tell_value(value, known, lang) for value in values)


def _claims(fact: FactAnswer, known: Property, lang: str) -> Iterator[str]:
    for claim in fact.claims:
        place = f"{claim.source}:{claim.locator}" if claim.locator else claim.source
        rank = ""
        if claim.rank in _RANKS:
            rank = (
                f"  {translate(_RANKS[claim.rank], lang=lang)}: {remark(claim.reason or '', lang)}"
            )
        said = f"{tell_value(claim.value, known, lang)}  " if fact.disputed else ""
        yield f"{said}[{place}]{rank}" + (f"  {remark(claim.note, lang)}" if claim.note else "")
