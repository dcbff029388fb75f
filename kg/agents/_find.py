"""The tools `search` and `show`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from kg.agents._asked import SearchAsked, ShowAsked
from kg.agents._desk import ToolCall
from kg.agents._told import Rest, Sources, ToolAnswer, short, tell
from kg.answers.contract import (
    ClaimAnswer,
    FactAnswer,
    FamilyFactAnswer,
    HitAnswer,
    SearchAnswer,
    ShowAnswer,
    Shown,
)
from kg.answers.copies import count_copies
from kg.answers.search import search
from kg.answers.show import Labels, describe, show, tell_value
from kg.errors import InputError
from kg.messages.message import Message
from kg.model.vocabulary import DESCRIPTION, Property, Vocabulary

BUDGET = 1_400  # tokens of a short answer to a search, as data and as text together
_HITS = 8
_SNIPPET = 110  # characters
_VALUES = 8  # of a property
_TEXT = 300  # characters of a value
_SOURCES = 12
_FACTS = 24


def run_search(call: ToolCall, asked: SearchAsked) -> ToolAnswer:
    """Find entities by words; by default as many of the best as a short answer holds."""
    limit = asked.limit or _HITS
    told = _search(call, asked, limit)
    while asked.limit is None and asked.detail == "brief" and told.tokens > BUDGET and limit > 1:
        limit -= 1
        told = _search(call, asked, limit)
    return told


def _search(call: ToolCall, asked: SearchAsked, limit: int) -> ToolAnswer:
    snapshot, lang = call.snapshot, call.lang
    found = search(
        snapshot,
        asked.query,
        limit,
        kinds=[asked.kind] if asked.kind else [],
        lang=lang,
        order=asked.sort,
        cursor=asked.next,
        group=not asked.copies,
    )
    sources = Sources()
    labels = Labels(snapshot, lang)
    for hit in found.hits:
        _source_of(call, hit.id, sources, labels)
    brief = asked.detail == "brief"
    answer = msgspec.structs.replace(
        found,
        hits=[_hit(hit, brief) for hit in found.hits],
        facets={} if brief else found.facets,
    )
    rest = Rest(
        citations=sources.cited(),
        doubts=[
            *([found.missing.text] if found.missing else []),
            *(f"{hit.id}: {hit.lookalike}" for hit in found.hits if hit.lookalike),
        ],
        omitted={
            "hits": max(0, found.total - len(found.hits)) if found.next else 0,
            "facets": len(found.facets) if brief else 0,
        },
        more={"next": found.next} if found.next else {},
    )
    return tell(call, answer, _search_lines(call, answer), rest)


def _hit(hit: HitAnswer, brief: bool) -> HitAnswer:
    snippet = short(hit.snippet, _SNIPPET) if brief else hit.snippet
    return msgspec.structs.replace(hit, snippet=snippet, score=round(hit.score, 3))


def _source_of(call: ToolCall, id: str, sources: Sources, labels: Labels) -> None:
    """Note the source that tells what a hit is; of one that is not described, the first that speaks of it."""
    facts = call.snapshot.entity(id).facts
    told = [fact for fact in facts if fact.property == DESCRIPTION] or list(facts[:1])
    for said in [s for fact in told for s in fact.claims if s.rank != "rejected"][:1]:
        url, retrieved = labels.source(said.source)
        sources.add(id, said.source, said.url or url, said.retrieved or retrieved)


def _search_lines(call: ToolCall, answer: SearchAnswer) -> Iterator[str]:
    lang = call.lang
    if not answer.hits:
        yield Message("nothing found").text(lang)
    else:
        shown = Message("%(shown)s of %(total)s", shown=len(answer.hits), total=answer.total)
        if answer.hidden:
            shown = Message(
                "%(counts)s, and %(num)s copies of models (copies=true lists them)",
                counts=shown,
                num=answer.hidden,
            )
        yield shown.text(lang)
    if answer.suggestion:
        yield Message("read as %(text)s", text=answer.suggestion).text(lang)
    for meant in answer.understood:
        told = Message(
            "“%(words)s” is the filter %(filter)s",
            words=meant.words,
            filter=meant.filter or meant.value,
        )
        if not meant.applied:
            told = Message(
                "“%(words)s” is left out: nothing else passes %(filter)s",
                words=meant.words,
                filter=meant.filter or meant.value,
            )
        yield told.text(lang)
    if answer.left_out:
        yield Message("left out: %(words)s", words=answer.left_out).text(lang)
    yield from answer.notes
    for hit in answer.hits:
        copies = ", ".join(count_copies(hit.copies, call.snapshot.vocabulary, lang))
        told_copies = f" ({copies})" if copies else ""
        yield f"{hit.id} | {hit.label}{told_copies}" + (f" | {hit.snippet}" if hit.snippet else "")


def run_show(call: ToolCall, asked: ShowAsked) -> ToolAnswer:
    """What is known of one entity; each property once, with its sources, and every claim where they disagree."""
    vocabulary = call.snapshot.vocabulary
    if unknown := [name for name in asked.properties if name not in vocabulary.properties]:
        raise InputError(
            Message(
                "unknown property %(name)r; the resource %(resource)s lists them",
                name=unknown[0],
                resource="gyebo://schema",
            )
        )
    found = show(call.snapshot, asked.id, call.lang)
    wanted = set(asked.properties)
    facts = [fact for fact in found.facts if not wanted or fact.property in wanted]
    whole = asked.detail == "full" or bool(wanted)
    kept = facts if whole else facts[:_FACTS]
    sources = Sources()
    for fact in kept:
        for claim in fact.claims if fact.disputed or whole else _best(fact):
            sources.add(fact.property, claim.source, claim.url, claim.retrieved)
    described = describe(call.snapshot.entity(found.id), call.lang)
    answer = msgspec.structs.replace(
        found,
        facts=[fact if whole else brief_fact(fact, described) for fact in kept],
        names=found.names if asked.detail == "full" else [],
        from_family=[f for f in found.from_family if not wanted or f.property in wanted],
    )
    left = [fact for fact in found.facts if fact not in kept] if not wanted else []
    cited = sources.cited(None if whole else _SOURCES)
    omitted = {
        "facts": len(left),
        "values": sum(max(0, len(_listed(f.value)) - _VALUES) for f in kept) if not whole else 0,
        "claims": sum(len(f.claims) for f in kept if not f.disputed) if not whole else 0,
        "names": len(found.names) if asked.detail != "full" and not wanted else 0,
        "sources": len(sources) - len(cited),
    }
    rest = Rest(
        citations=cited,
        doubts=_show_doubts(call, answer),
        omitted=omitted,
        more={"detail": "full"} if any(omitted.values()) else {},
    )
    return tell(call, answer, _show_lines(call, answer, left), rest)


def _best(fact: FactAnswer) -> Sequence[ClaimAnswer]:
    held = _listed(fact.value)
    return [c for c in fact.claims if c.value in held and c.rank != "rejected"] or fact.claims[:1]


def _listed(value: Shown | list[Shown]) -> Sequence[Shown]:
    return value if isinstance(value, list) else [value]


def brief_fact(fact: FactAnswer, described: str = "") -> FactAnswer:
    """A fact without its claims, unless they disagree; of long values the beginning.

    Args:
        fact: any.
        described: the description in the language of the answer, instead of that in each.
    """
    value = fact.value
    if described and fact.property == DESCRIPTION:
        value = short(described, _TEXT)
    elif isinstance(value, list):
        value = value[:_VALUES]
    elif isinstance(value, str):
        value = short(value, _TEXT)
    claims = fact.claims if fact.disputed else []
    return msgspec.structs.replace(fact, value=value, claims=claims)


def _show_doubts(call: ToolCall, answer: ShowAnswer) -> Iterator[str]:
    if answer.lookalike:
        yield answer.lookalike
    for fact in answer.facts:
        label = label_of(call.snapshot.vocabulary, fact.property, call.lang)
        if fact.disputed:
            yield Message("sources disagree on: %(property)s", property=label).text(call.lang)
        if fact.rule:
            yield Message(
                "%(property)s is inferred by a rule, no source states it: %(rule)s",
                property=label,
                rule=fact.rule.label,
            ).text(call.lang)


def label_of(vocabulary: Vocabulary, name: str, lang: str) -> str:
    """What a property is called."""
    known = vocabulary.properties.get(name)
    return known.term.labels.get(lang, name) if known else name


def _show_lines(call: ToolCall, answer: ShowAnswer, left: Sequence[FactAnswer]) -> Iterator[str]:
    vocabulary, lang = call.snapshot.vocabulary, call.lang
    names = " · ".join(name for group in answer.labels.values() for name in group[:4])
    yield f"{answer.id} | {names}"
    for fact in answer.facts:
        known = vocabulary.properties[fact.property]
        yield f"{label_of(vocabulary, fact.property, lang)}: {values_text(fact, known, lang)}"
        for claim in fact.claims if fact.disputed else ():
            rank = f" ({claim.rank}: {claim.reason})" if claim.rank == "rejected" else ""
            yield f"  - {value_text(claim.value, known, lang)} [{claim.source}]{rank}"
    for found in answer.from_family:
        known = vocabulary.properties[found.property]
        family = Message("from the family %(name)s", name=found.family.label).text(lang)
        yield f"{label_of(vocabulary, found.property, lang)}: {values_text(found, known, lang)} ({family})"
    if left:
        more = ", ".join(fact.property for fact in left)
        yield Message("also known (ask with properties): %(names)s", names=more).text(lang)


def values_text(fact: FactAnswer | FamilyFactAnswer, known: Property, lang: str) -> str:
    """The values of a fact in words, the first of many."""
    values = _listed(fact.value)
    told = ", ".join(value_text(value, known, lang) for value in values[:_VALUES])
    return f"{told} …" if len(values) > _VALUES else told


def value_text(value: Shown, known: Property, lang: str) -> str:
    """A value in words, a long text shortened."""
    return tell_value(value, known, lang, lambda text: short(text, _TEXT))
