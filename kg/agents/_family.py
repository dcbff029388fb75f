"""The tools `lineage` and `compare`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from kg.agents._asked import CompareAsked, LineageAsked
from kg.agents._desk import ToolCall
from kg.agents._find import brief_fact, label_of, values_text
from kg.agents._told import Rest, Sources, ToolAnswer, tell
from kg.agents.contract import ModelVerdict, SideBySideAnswer
from kg.answers.compare import compare
from kg.answers.contract import (
    CommonAnswer,
    ComparedFact,
    EdgeAnswer,
    LicenseAnswer,
    LineageAnswer,
    Ref,
)
from kg.answers.genealogy import Where
from kg.answers.license import license_answer
from kg.answers.lineage import lineage
from kg.answers.show import Labels
from kg.answers.tree.unresolved import unresolved_line
from kg.errors import InputError
from kg.licenses.profile import NOBODY, checked
from kg.licenses.verdicts import code_of
from kg.licenses.wording import MARKS, words_in
from kg.messages.message import Message, counted

_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_MOST_LIMIT = 1000
_SOURCES = 10


def run_lineage(call: ToolCall, asked: LineageAsked) -> ToolAnswer:
    """The nearest ancestors and descendants, each edge with its source or the rule that guessed it."""
    for date in filter(None, (asked.since, asked.until)):
        if not _DATE.fullmatch(date):
            raise InputError(Message("%(date)r is not YYYY, YYYY-MM or YYYY-MM-DD", date=date))
    where = Where(
        asked.depth, frozenset(), asked.since, asked.until, frozenset(map(code_of, asked.verdicts))
    )
    found = lineage(
        call.snapshot, asked.id, asked.direction, asked.edges, asked.limit, call.lang, where
    )
    sources, labels = Sources(), Labels(call.snapshot, call.lang)
    disputed = [edge for edge in found.edges if _note_edge(call, edge, sources, labels)]
    cited = sources.cited(_SOURCES)
    shown = sum(
        node.kind == "model" and node.role in ("ancestor", "descendant") for node in found.nodes
    )
    left = max(0, found.total - shown)
    rest = Rest(
        citations=cited,
        doubts=_lineage_doubts(call, found, disputed),
        omitted={"nodes": left, "sources": len(sources) - len(cited)},
        more={"limit": min(_MOST_LIMIT, asked.limit * 5)}
        if left and asked.limit < _MOST_LIMIT
        else {},
    )
    return tell(call, found, _lineage_lines(call, found, set(map(_ends, disputed))), rest)


def _ends(edge: EdgeAnswer) -> tuple[str, str, str]:
    return edge.child, edge.parent, edge.relation


def _note_edge(call: ToolCall, edge: EdgeAnswer, sources: Sources, labels: Labels) -> bool:
    """Note the sources of an edge; whether sources disagree on it."""
    if call.snapshot.lines.find(edge.child) is None:
        return False
    fact = call.snapshot.entity(edge.child).fact(edge.relation)
    if fact is None:
        return False
    for said in fact.claims:
        if said.value == edge.parent and said.rank != "rejected" and not said.inferred:
            url, retrieved = labels.source(said.source)
            sources.add(edge.child, said.source, said.url or url, said.retrieved or retrieved)
            break
    return fact.disputed


def _lineage_doubts(
    call: ToolCall, found: LineageAnswer, disputed: Sequence[EdgeAnswer]
) -> Iterator[str]:
    lang = call.lang
    for edge in disputed:
        yield Message(
            "sources disagree on %(relation)s of %(child)s",
            relation=edge.relation,
            child=edge.child,
        ).text(lang)
    guessed = [edge for edge in found.edges if edge.rule]
    if guessed:
        yield counted(
            "%(num)s edge is guessed by a rule, no source states it (marked ?)",
            "%(num)s edges are guessed by rules, no source states them (marked ?)",
            len(guessed),
        ).text(lang)
    yield from dict.fromkeys(unresolved_line(one).text(lang) for one in found.unresolved)


def _lineage_lines(
    call: ToolCall, found: LineageAnswer, disputed: set[tuple[str, str, str]]
) -> Iterator[str]:
    lang = call.lang
    label = call.snapshot.label(found.root, lang)
    among = counted(
        "%(num)s model among ancestors and descendants",
        "%(num)s models among ancestors and descendants",
        found.total,
    )
    yield f"{found.root} | {label}: {among.text(lang)}"
    if found.counts:
        words = (
            f"{label_of(call.snapshot.vocabulary, name, lang)} {n:,}"
            for name, n in found.counts.items()
        )
        yield Message("descendants: %(counts)s", counts=", ".join(words)).text(lang)
    roles: Mapping[str, str] = {node.id: node.role for node in found.nodes}
    for edge in found.edges:
        mark = "?" if edge.rule else ""
        mark += "!" if _ends(edge) in disputed else ""
        yield f"{edge.child} ─{edge.relation}{mark}→ {edge.parent}"
    linked = {id for edge in found.edges for id in (edge.child, edge.parent)}
    for node in found.nodes:
        if node.id not in linked and roles[node.id] != "root":
            yield f"{node.id} ({node.role})"
    if len(found.nodes) == 1 and not found.unresolved:
        yield Message("No relatives are recorded; that does not mean that there are none.").text(
            lang
        )


def run_compare(call: ToolCall, asked: CompareAsked) -> ToolAnswer:
    """Models side by side: what differs, where they meet, and what may be done with each."""
    snapshot, lang, brief = call.snapshot, call.lang, asked.detail == "brief"
    found = compare(snapshot, asked.ids, lang)
    profile = checked(asked.profile) if asked.profile else NOBODY
    judged = [license_answer(snapshot, one.id, asked.use, profile, lang) for one in found.models]
    kept = [fact for fact in found.facts if not brief or fact.result != "same"]
    comparison = msgspec.structs.replace(
        found,
        facts=[_brief_compared(fact) if brief else fact for fact in kept],
        common=[_brief_common(one) if brief else one for one in found.common],
        common_data=[_brief_common(one) if brief else one for one in found.common_data],
    )
    verdicts = [
        ModelVerdict(id=one.id, use=one.use, verdict=one.verdict, sentence=one.sentence)
        for one in judged
    ]
    sources = _first_sources(kept, found.models)
    cited = sources.cited(_SOURCES if brief else None)
    answer = SideBySideAnswer(comparison=comparison, verdicts=verdicts)
    rest = Rest(
        citations=cited,
        doubts=[*_doubted_verdicts(judged, lang), *_disputed_facts(call, kept, found.models)],
        omitted={"same": len(found.facts) - len(kept), "sources": len(sources) - len(cited)},
        more={"detail": "full"} if brief else {},
    )
    return tell(call, answer, _compare_lines(call, answer), rest)


def _doubted_verdicts(judged: Sequence[LicenseAnswer], lang: str) -> Iterator[str]:
    for one in judged:
        if one.decisive and (one.decisive.disputed or one.decisive.doubtful):
            yield Message(
                "the verdict on %(id)s rests on a disputed or guessed claim", id=one.id
            ).text(lang)


def _disputed_facts(
    call: ToolCall, facts: Sequence[ComparedFact], models: Sequence[Ref]
) -> Iterator[str]:
    for fact in facts:
        label = label_of(call.snapshot.vocabulary, fact.property, call.lang)
        for own, model in zip(fact.facts, models, strict=True):
            if own and own.disputed:
                yield Message(
                    "%(id)s: sources disagree on %(property)s", id=model.id, property=label
                ).text(call.lang)


def _first_sources(facts: Sequence[ComparedFact], models: Sequence[Ref]) -> Sources:
    """The source of the first claim on each fact."""
    sources = Sources()
    for fact in facts:
        for own, model in zip(fact.facts, models, strict=True):
            if own and own.claims:
                claim = own.claims[0]
                sources.add(model.id, claim.source, claim.url, claim.retrieved)
    return sources


def _brief_compared(compared: ComparedFact) -> ComparedFact:
    facts = [brief_fact(fact) if fact else None for fact in compared.facts]
    return msgspec.structs.replace(compared, facts=facts)


def _brief_common(common: CommonAnswer) -> CommonAnswer:
    """A common ancestor with the shortest way to it from each model."""
    return msgspec.structs.replace(common, paths=[ways[:1] for ways in common.paths])


def _compare_lines(call: ToolCall, answer: SideBySideAnswer) -> Iterator[str]:
    vocabulary, lang = call.snapshot.vocabulary, call.lang
    yield " | ".join(f"{model.id} {model.label}" for model in answer.comparison.models)
    for one in answer.verdicts:
        yield f"{MARKS[one.verdict]} {one.sentence}"
    unknown = Message("unknown").text(lang)
    for fact in answer.comparison.facts:
        known = vocabulary.properties[fact.property]
        both = zip(fact.facts, fact.from_family, strict=True)
        cells = (
            values_text(said, known, lang) if (said := own or far) else unknown for own, far in both
        )
        yield f"{label_of(vocabulary, fact.property, lang)}: {' | '.join(cells)}"
    for common in (*answer.comparison.common, *answer.comparison.common_data):
        yield Message(
            "common ancestor of %(models)s: %(id)s", models=common.models, id=common.id
        ).text(lang)
    if not answer.comparison.common and not answer.comparison.common_data:
        yield Message("No common ancestor is recorded.").text(lang)
    yield words_in(lang)["advice"]
