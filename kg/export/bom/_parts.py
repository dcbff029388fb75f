"""What a bill of materials is made of: one model, its parts, their links, licenses and sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from kg.answers.show import Labels
from kg.answers.tree.unresolved import UnresolvedAnswer
from kg.licenses.terms import Reading, Use, Verdict
from kg.model.claim import Entity, main_label

NO_DATE = "1970-01-01"  # where no source says when it was read; SPDX asks for a date


class BomLink(msgspec.Struct, frozen=True, kw_only=True):
    """A direct parent, or a data set something was trained on."""

    parent: str
    relation: str
    disputed: bool = False
    via: str = ""  # the family of which it is said
    rule: str = ""  # that infers it from a name, as the id of a source; "" where a source states it
    doubtful: bool = False  # the rule is not right often enough to decide a license answer


class BomLicense(msgspec.Struct, frozen=True, kw_only=True):
    """A license as bills of materials name it."""

    id: str = ""
    key: str  # SPDX id, LicenseRef-…, or an expression of them
    label: str = ""
    url: str = ""
    listed: bool = True  # whether the key is one id of the SPDX list
    read: Reading = "full"  # how much of its text was read for what is said of it


class Source(NamedTuple):
    """What one source says of a part, and where."""

    id: str
    label: str
    url: str
    says: tuple[tuple[str, str], ...]  # properties, each with its place in the source
    date: str  # when it was read, "" if that is not known

    def places(self, words: Mapping[str, str] = {}) -> str:
        """What it says and where, in a line; the properties in words where there are words."""
        named = ((words.get(name, name), place) for name, place in self.says)
        return ", ".join(f"{name} ({place})" if place else name for name, place in named)


class Held(NamedTuple):
    """The licenses in force on a part."""

    certain: bool = False  # false if a license that reached it is not known
    licenses: tuple[BomLicense, ...] = ()  # whose terms reached what it is made of, its own first
    by_data: tuple[BomLicense, ...] = ()  # whose terms may bind by way of training data
    # Licenses whose terms bind if a parent that only a rule infers is one
    by_guess: tuple[BomLicense, ...] = ()


class BomPart(msgspec.Struct, frozen=True, kw_only=True):
    """One entity of an ancestry."""

    entity: Entity
    known: bool  # false for a parent that no entity describes
    declared: BomLicense | None = None
    rivals: tuple[BomLicense, ...] = ()  # what other sources say the license is
    held: Held = Held()
    verdicts: Mapping[Use, Verdict] = {}
    links: tuple[BomLink, ...] = ()
    members: tuple[str, ...] = ()  # of a family, those that are parts as well
    sources: tuple[Source, ...] = ()
    member_count: int = 0  # of a family, all of them
    unresolved: tuple[UnresolvedAnswer, ...] = ()  # parents that are declared and cannot be found

    @property
    def id(self) -> str:
        """The id of the entity."""
        return self.entity.id

    @property
    def name(self) -> str:
        """Its main English label."""
        return main_label(self.entity)

    @property
    def concluded(self) -> tuple[BomLicense, ...] | None:
        """The licenses that hold together; None if one of them is not known."""
        return self.held.licenses if self.held.certain else None


class Bom(msgspec.Struct, frozen=True, kw_only=True):
    """A model and all it comes from; the model is the first part."""

    root: str
    parts: Mapping[str, BomPart]
    base: str
    version: str  # of the snapshot
    gyebo: str  # version of the program that built it
    labels: Labels

    @property
    def date(self) -> str:
        """The day the newest of the sources was read."""
        return max((s.date for p in self.parts.values() for s in p.sources), default="") or NO_DATE

    def label(self, id: str) -> str:
        """The label of any entity."""
        return self.labels.name(id)
