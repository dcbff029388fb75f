"""What a drafted document says, as data."""

from __future__ import annotations

from typing import Literal

import msgspec

from kg.answers.contract import Ref

# Whose fact a statement is: of the model, of its family, of a model that it comes from, of data, of its licenses.
Way = Literal["own", "family", "base", "data", "license"]
LineState = Literal["filled", "inherited", "doubtful", "unknown"]


class CitedPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A claim that a statement rests on: the number of its source in the list, and where in it."""

    source: int
    locator: str = ""
    rank: str = "normal"
    reason: str = ""  # of the rank
    note: str = ""
    inferred: bool = False  # follows from what stands there, and is not written there


class DraftDetail(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is told of what a statement names: a license, what a data set holds."""

    text: str
    cited: list[CitedPlace]
    doubts: list[str] = []


class DraftStatement(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is known for a line."""

    text: str
    way: Way
    about: Ref  # whose fact it is
    cited: list[CitedPlace]
    doubts: list[str] = []  # why it is not sure
    against: bool = False  # a source says it against what holds
    missing: bool = False  # says what is not known, and fills nothing
    details: list[DraftDetail] = []


class DraftLine(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked, and what is known of it."""

    point: str
    asked: str
    state: LineState
    statements: list[DraftStatement]
    hint: str = ""


class DraftSection(msgspec.Struct, frozen=True):
    """Lines under one heading."""

    title: str
    lines: list[DraftLine]


class DraftSource(msgspec.Struct, frozen=True, kw_only=True):
    """A source of the list at the end."""

    number: int
    id: str  # "" of the text of a license
    label: str
    url: str
    date: str  # when it was read, "" if that is not known


class DraftBasis(msgspec.Struct, frozen=True, kw_only=True):
    """The law or guide that the document follows."""

    name: str
    place: str
    url: str
    date: str
    read: str


class DocumentAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A document, drafted."""

    form: str
    title: str
    model: Ref
    lookalike: str  # that a name of the model holds letters of another script, and which
    basis: DraftBasis
    who: str
    release: str  # of the data
    as_of: str  # when sources were read, "" if none says
    gyebo: str
    total: int  # lines
    filled: int  # with a fact of the model itself, of which nothing is doubted
    inherited: int  # only with what is said of its family or of a model that it comes from
    doubtful: int  # with something that is disputed, guessed or incomplete
    unknown: int
    sections: list[DraftSection]
    sources: list[DraftSource]
    advice: str


class FormAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A form that there is."""

    form: str
    title: str
    basis: DraftBasis
    lines: int
