"""What every tool answers: an answer of kg/answers, with the sources, the doubts and the release it rests on."""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

from kg.answers.contract import CompareAnswer
from kg.licenses.terms import Use, Verdict

Answer = TypeVar("Answer")
Cell = str | int | float | bool | None


class SourceCited(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A source, or a clause of a license, and what of the answer rests on it."""

    source: str  # id of the source or of the license
    url: str = ""
    date: str = ""  # on which the source was read; of a license, that of its text
    section: str = ""  # of a license
    quote: str = ""  # the words of the clause
    supports: list[str] = []  # properties, ids or clauses


class Reply(msgspec.Struct, Generic[Answer], frozen=True, kw_only=True, omit_defaults=True):
    """An answer with what it rests on."""

    answer: Answer
    release: str  # version of the data
    data_of: str  # the last day on which a source of it was read
    citations: list[SourceCited] = []
    doubts: list[str] = []  # what is disputed, guessed or not known
    omitted: dict[str, int] = {}  # what this answer leaves out, counted
    more: dict[str, str | int] = {}  # arguments that, given besides, show what was left out


class SparqlAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a query gave: rows of a table, yes or no, or a graph in Turtle."""

    kind: str  # select, ask or graph
    total: int  # rows, or lines of Turtle
    columns: list[str] = []
    rows: list[list[Cell]] = []  # an IRI of ours stands as the id
    holds: bool | None = None  # the answer to ASK
    turtle: str = ""
    hints: list[str] = []  # terms of the query that do not exist


class ModelVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """What one may do with one of several models."""

    id: str
    use: Use
    verdict: Verdict
    sentence: str


class SideBySideAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Models side by side, with what one may do with each."""

    comparison: CompareAnswer
    verdicts: list[ModelVerdict]
