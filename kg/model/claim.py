"""The plain data of Gyebo.

A `Claim` is what one source says, never rewritten. All claims on one subject and property make a
`Fact`: the resolved value or values beside everything that was said. Facts make an `Entity`.
An id is `kind/slug`; it holds no white space and no character below `#` in ASCII, so that sorting
encoded lines by bytes sorts them by id (kg/claims/claim_files.py and kg/snapshot/layout.py rest on this).
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

Value = str | int | float | bool | None
Rank = Literal["preferred", "normal", "rejected"]

# Names are claims as well, under these two words; they become `Entity.labels`, not facts.
LABEL = "label"
ALIAS = "alias"

EDITORS = "source/gyebo"  # who says names and descriptions of curated entities
RULE = "rule"  # the sourceType of rules by which this program infers from names; data/trust.yaml
INFERRED = "source/inferred"  # the graph, and the source, of facts this program derives

_ID = re.compile(r"[a-z]+/[^\s!\"<>\\^`{|}\x00-\x20\x7f]+")


def is_id(text: str) -> bool:
    """Whether a text has the shape of an id.

    >>> is_id("model/alpaca-7b"), is_id("alpaca 7b"), is_id("model/hf/org/name")
    (True, False, True)
    """
    return _ID.fullmatch(text) is not None


def kind_of(id: str) -> str:
    """The kind an id names.

    >>> kind_of("model/hf/org/name")
    'model'
    """
    return id.partition("/")[0]


def slug_of(id: str) -> str:
    """The part of an id after its kind.

    >>> slug_of("model/hf/org/name")
    'hf/org/name'
    """
    return id.partition("/")[2]


class Said(
    msgspec.Struct,
    frozen=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    gc=False,
    kw_only=True,
):
    """A claim without its subject and property: the value and who says it, where, how it ranks."""

    value: Value
    source: str  # id, `source/…`
    locator: str = ""  # line, line range, page, section or field in the source
    rank: Rank = "normal"
    reason: str = ""  # why it is preferred or rejected
    note: str = ""
    lang: str = ""  # of a text value: en, ko
    inferred: bool = False  # follows from the source, is not written in it
    url: str = ""  # where it differs from the source's
    retrieved: str = ""  # likewise, ISO date
    origin: str = ""  # file:line in data/, where a person can correct it
    outranked: bool = False  # set as claims are resolved: a far more trusted one says otherwise


class Claim(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """What one source says of one property of one subject. Field order is sort order."""

    subject: str
    property: str  # local name of a property of ontology/kg.ttl
    said: Said


class Fact(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What holds of one property of an entity, beside all that was said of it."""

    property: str
    values: tuple[Value, ...]  # resolved; empty if unknown
    claims: tuple[Said, ...]
    disputed: bool = False
    doubtful: bool = False  # rests only on rules that decide nothing alone


class Entity(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Everything known of one id. The first label of a language is its main one."""

    id: str
    labels: dict[str, tuple[str, ...]]  # language -> main label, then aliases
    facts: tuple[Fact, ...] = ()
    names: tuple[Said, ...] = ()  # who uses which name, of sources that are not bulk
    inferred: tuple[Fact, ...] = ()

    def fact(self, property: str) -> Fact | None:
        """The fact of a property, if anything was said of it."""
        for fact in self.facts:
            if fact.property == property:
                return fact
        return None

    def values(self, property: str) -> tuple[Value, ...]:
        """The resolved values of a property."""
        # As `fact` does, without the call: it is asked a dozen times of each entity
        for fact in self.facts:
            if fact.property == property:
                return fact.values
        return ()


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """Two ids name the same thing, or do not, as a person decided."""

    left: str
    right: str
    same: bool
    author: str
    date: str
    reason: str
    origin: str = ""  # file:line


def main_label(entity: Entity, lang: str = "en") -> str:
    """The label to show in a language, else in any other, else the slug."""
    for candidate in (lang, "en", "ko", *entity.labels):
        if entity.labels.get(candidate):
            return entity.labels[candidate][0]
    return slug_of(entity.id)


def label_lang(entity: Entity, lang: str) -> str:
    """The language `main_label` falls back to."""
    for candidate in (lang, "en", "ko", *entity.labels):
        if entity.labels.get(candidate):
            return candidate
    return ""
