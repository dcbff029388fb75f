"""The tools `query` and `changes`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from kg.agents._asked import ChangesAsked, QueryAsked
from kg.agents._desk import ToolCall
from kg.agents._find import label_of
from kg.agents._told import Rest, Sources, ToolAnswer, tell
from kg.agents.contract import Cell, SparqlAnswer
from kg.answers.changes import (
    WHAT_WORDS,
    WHY_WORDS,
    ChangeAnswer,
    ChangedAnswer,
    ChangesAnswer,
    changes,
)
from kg.answers.contract import Ref, Shown
from kg.answers.show import Labels
from kg.answers.sparql import ask
from kg.errors import InputError
from kg.messages.message import Message, translate
from kg.model.iri import id_of
from kg.sparql.pool import Result
from kg.sparql.request import Options
from kg.sparql.terms import unknown_terms

LEAST_SECONDS = 0.1
_CHANGES = 5  # of one entity
_CELL = 2_000  # characters
_INTEGERS = {"integer", "int", "long", "nonNegativeInteger", "positiveInteger"}
_REALS = {"decimal", "double", "float"}
_XSD = "http://www.w3.org/2001/XMLSchema#"


def run_query(call: ToolCall, asked: QueryAsked) -> ToolAnswer:
    """The answer to a SPARQL query, as the site's endpoint gives it, some rows at a time."""
    seconds = asked.timeout or call.desk.config.sparql_default_timeout
    options = Options(seconds=max(seconds, LEAST_SECONDS), client=call.client)
    result = ask(call.desk.pool, call.snapshot, asked.query, "json", "turtle", options)
    body = _body(result)
    first, last = asked.offset, asked.offset + asked.limit
    hints = [term.told.text(call.lang) for term in unknown_terms(asked.query)]
    if result.kind == "graph":
        lines = body.decode().splitlines()
        turtle = "\n".join(lines[first:last])
        answer = SparqlAnswer(kind="graph", total=len(lines), turtle=turtle, hints=hints)
    else:
        answer = _table(json.loads(body), call.snapshot.manifest.base, first, last, hints)
    left = max(0, answer.total - last)
    rest = Rest(
        doubts=[
            *hints,
            Message(
                "A query sees what holds, not who disputes it: `show` has the sources of each fact."
            ).text(call.lang),
        ],
        omitted={"rows": left},
        more={"offset": last} if left else {},
    )
    return tell(call, answer, _query_lines(answer, call.lang), rest)


def _body(result: Result) -> bytes:
    """The whole body; a file it stood in is closed."""
    body = result.body
    if result.file:
        result.file.close()
    return body


def _table(
    found: Mapping[str, Any], base: str, first: int, last: int, hints: list[str]
) -> SparqlAnswer:
    if "boolean" in found:
        return SparqlAnswer(kind="ask", total=1, holds=bool(found["boolean"]), hints=hints)
    columns = list(found["head"]["vars"])
    rows = found["results"]["bindings"]
    return SparqlAnswer(
        kind="select",
        total=len(rows),
        columns=columns,
        rows=[[_cell(row.get(name), base) for name in columns] for row in rows[first:last]],
        hints=hints,
    )


def _cell(term: Mapping[str, Any] | None, base: str) -> Cell:
    """A term as a value: an IRI of ours as its id, a number as a number."""
    if term is None:
        return None
    value = term["value"]
    if not isinstance(value, str):  # a triple term
        return json.dumps(value, ensure_ascii=False)[:_CELL]
    if term["type"] == "uri":
        return id_of(base, value) or value
    type = str(term.get("datatype", "")).removeprefix(_XSD)
    try:
        if type in _INTEGERS:
            return int(value)
        if type in _REALS:
            return float(value)
    except ValueError:
        return value
    if type == "boolean":
        return value in ("true", "1")
    return value if len(value) <= _CELL else f"{value[:_CELL]}…"


def _query_lines(answer: SparqlAnswer, lang: str) -> Iterator[str]:
    if answer.kind == "ask":
        yield "true" if answer.holds else "false"
    elif answer.kind == "graph":
        yield answer.turtle
    else:
        yield "\t".join(answer.columns)
        yield from ("\t".join(map(_text, row)) for row in answer.rows)
        shown = Message("%(shown)s of %(total)s", shown=len(answer.rows), total=answer.total)
        yield shown.text(lang)


def _text(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return "" if cell is None else " ".join(str(cell).split())


def run_changes(call: ToolCall, asked: ChangesAsked) -> ToolAnswer:
    """What is otherwise than in the release before, some entities at a time."""
    snapshot, lang = call.snapshot, call.lang
    if asked.kind and asked.kind not in snapshot.vocabulary.kinds:
        raise InputError(
            Message(
                "unknown kind %(kind)r; known: %(known)s",
                kind=asked.kind,
                known=snapshot.vocabulary.kinds,
            )
        )
    found = changes(
        snapshot, group=asked.only, kind=asked.kind, first=asked.offset, most=asked.limit, lang=lang
    )
    kept = [msgspec.structs.replace(one, changes=one.changes[:_CHANGES]) for one in found.entities]
    answer = msgspec.structs.replace(found, entities=kept)
    labels, sources = Labels(snapshot, lang), Sources()
    for one in kept:
        for source in {source for change in one.changes for source in change.sources}:
            sources.add(one.id, source, *labels.source(source))
    end = asked.offset + len(kept)
    rest = Rest(
        citations=sources.cited(),
        doubts=_change_doubts(kept, lang),
        omitted={
            "entities": max(0, found.total - end),
            "changes": sum(len(one.changes) for one in found.entities)
            - sum(len(one.changes) for one in kept),
        },
        more={"offset": end} if found.total > end else {},
    )
    return tell(call, answer, _changes_lines(call, answer), rest)


def _change_doubts(kept: Sequence[ChangedAnswer], lang: str) -> Iterator[str]:
    for one in kept:
        for change in one.changes:
            if change.what == "dispute-began":
                yield Message(
                    "%(id)s: sources disagree on %(property)s", id=one.id, property=change.property
                ).text(lang)


def _changes_lines(call: ToolCall, answer: ChangesAnswer) -> Iterator[str]:
    lang = call.lang
    if answer.before is None:
        yield Message(
            "%(version)s is the first release here; there is none to compare it with",
            version=answer.version,
        ).text(lang)
        return
    yield Message(
        "%(before)s → %(version)s, built %(date)s",
        before=answer.before,
        version=answer.version,
        date=answer.built,
    ).text(lang)
    figures = ", ".join(
        f"{translate(WHAT_WORDS[what], lang=lang)} {n:,}" for what, n in _whats(answer)
    )
    yield figures or Message("nothing changed").text(lang)
    for one in answer.entities:
        yield f"{one.id} | {one.label}"
        yield from (f"  {_change(call, change)}" for change in one.changes)


def _whats(answer: ChangesAnswer) -> Iterator[tuple[Any, int]]:
    yield from sorted(answer.whats.items())


def _change(call: ToolCall, change: ChangeAnswer) -> str:
    lang = call.lang
    name = label_of(call.snapshot.vocabulary, change.property, lang) if change.property else ""
    values = " → ".join(filter(None, map(_joined, (change.before, change.after))))
    told = " ".join(filter(None, [name, values]))
    why = translate(WHY_WORDS[change.why], lang=lang) if change.why else ""
    reason = "; ".join(filter(None, [why, change.reason or ""]))
    text = ": ".join(filter(None, [translate(WHAT_WORDS[change.what], lang=lang), told]))
    return f"{text} ({reason})" if reason else text


def _joined(values: Sequence[Shown]) -> str:
    return ", ".join(value.label if isinstance(value, Ref) else str(value) for value in values)
