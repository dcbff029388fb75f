"""License terms as data: kinds of clauses, what crosses which edge, and the clauses of each license.

data/licenses/README.md explains the fields; kg/ingest/curated/licenses.py reads the files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal
from urllib.parse import unquote

import msgspec

from kg.errors import DataError
from kg.licenses.naming.shared_names import SharedName
from kg.licenses.scopes import Scope
from kg.messages.message import Message, mark, translate_all
from kg.model.claim import slug_of

Verdict = Literal["allowed", "conditional", "unknown", "contested", "prohibited"]
Use = Literal["commercial", "redistribute", "train-on-outputs", "relicense"]
Group = Literal["paperwork", "substance", "outputs", "unknown"]
Consistency = Literal[  # how a declared license stands to what was inherited
    "consistent",
    "adds",
    "drops-paperwork",
    "drops-substance",
    "unsatisfiable",
    "undeclared",
    "cannot-tell",
]
Reading = Literal["full", "part", "summary", "label"]  # how much of a license's text was read

NO_LICENSE = "no-license"
UNKNOWN_LICENSE = "unknown-license"
PARTLY_READ = "partly-read"
UNRESOLVED = "unresolved-parent"
NO_WEIGHTS = "no-weights"
RELICENSE = {"same": "same-license", "none": "no-sublicense"}  # by a license's own rule
NOT_KNOWN_HERE = "not-known-here"


READINGS: tuple[Reading, ...] = ("full", "part", "summary", "label")  # the best read first
# By `read.how`: at the licensor's page or in a copy of it is in full.
_HOW: Mapping[str, Reading] = {
    "text": "full",
    "copy": "full",
    "part": "part",
    "summary": "summary",
    "label": "label",
}


class _Struct(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    pass


class Ask(_Struct, frozen=True, kw_only=True):
    """What in a profile answers a clause."""

    field: str  # mau, dau, revenue, country, competitor-of or name
    test: str


class ClauseKind(_Struct, frozen=True, kw_only=True):
    """A kind of clause and what it does; see kinds.yaml."""

    name: str = ""
    group: Group
    label: dict[str, str]
    value: str
    why: dict[str, str]
    change: dict[str, str] = {}
    changes: dict[str, dict[str, str]] = {}  # by use, where it differs
    duty: dict[str, str] = {}  # what must be done, as a line of a checklist
    duty_passed_on: dict[str, str] = {}  # likewise, where it must be passed on as a term
    gap: dict[str, str] = {}  # what is not known of {things}
    reach: tuple[str, ...] = ("weights", "dataset", "training")
    trigger: str = "use"
    flows: bool = False
    each: bool = False  # that of another license does not count as it
    covered_by: tuple[str, ...] = ()
    effect: dict[str, Verdict] = {}
    changed: dict[str, Verdict] = {}
    learned: dict[str, Verdict] | None = None
    covenant: dict[str, str] = {}  # of a promise that binds who made it: what that means for others
    third_party: Verdict | None = None
    soften: dict[str, Verdict] = {}
    asks: Ask | None = None


class Cite(_Struct, frozen=True, kw_only=True):
    """Where a sentence stands."""

    section: str
    quote: str | None = None
    url: str | None = None
    date: str | None = None


class Clause(_Struct, frozen=True, kw_only=True):
    """One clause of one license."""

    kind: str
    value: Any = None
    tier: int = 1
    cite: Cite = Cite(section="")
    trigger: str = ""
    reach: tuple[str, ...] | None = None
    pass_on: bool = False
    uses: tuple[Use, ...] = ()  # of which the text speaks; none = as the kind
    models: str = ""  # the only ones of which it speaks: a scope of edges.yaml
    verbatim: bool = False  # the sentence cited is the very notice that the text asks for
    # Who cannot keep it beside other terms may not pass anything on
    or_not_at_all: Cite | None = None
    note: dict[str, str] = {}


class Derivative(_Struct, frozen=True, kw_only=True):
    """What a license's text counts as a derivative."""

    weights: str = "silent"
    distill: str = "none"
    outputs: str = "none"


class License(_Struct, frozen=True, kw_only=True):
    """One version of one license."""

    id: str = msgspec.field(name="license")
    label: dict[str, str] = {}
    alias: dict[str, tuple[str, ...]] = {}
    spdx: str | None = None
    scancode: str | None = None
    hub: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    family: str = ""
    licensor: str = ""  # id of an organization
    version: str | None = None
    date: str | None = None
    url: str | None = None
    links: tuple[str, ...] = ()  # other addresses of the same text
    read: dict[str, str] = {}
    unknown: dict[str, str] | None = None
    relicense: str | dict[str, tuple[str, ...]] = "own-terms"
    relicense_cite: Cite | None = None
    derivative: Derivative = Derivative()
    clauses: tuple[Clause, ...] = ()

    @property
    def key(self) -> str:
        """The id in license expressions: SPDX where there is one, else ScanCode's."""
        scancode = f"LicenseRef-scancode-{self.scancode}" if self.scancode else ""
        return self.spdx or scancode or f"LicenseRef-gyebo-{slug_of(self.id)}"

    @property
    def reading(self) -> Reading:
        """How much of its text was read: in full, in part, only a summary of it, or only its label."""
        if self.unknown is not None:
            return "label"
        return _HOW.get(self.read.get("how", ""), "summary")

    @property
    def compatible(self) -> frozenset[str]:
        """Licenses that a derivative may carry besides, where the text lists them."""
        if isinstance(self.relicense, str):
            return frozenset()
        return frozenset(self.relicense["compatible"])


class TextRead(msgspec.Struct, frozen=True, kw_only=True):
    """How the text of a license was read on which an answer rests."""

    license: str
    label: str
    read: Reading  # in full, in part, only a summary of it, or only its label
    date: str | None  # when it was read
    url: str | None


class Pass(_Struct, frozen=True, kw_only=True):
    """One rule of an edge class; see edges.yaml."""

    source: str = msgspec.field(name="from")
    to: str
    tier: int | str
    needs: str = ""
    mode: str = ""
    kinds: tuple[str, ...] = ()
    stopped_by: str = ""


class EdgeClass(_Struct, frozen=True, kw_only=True):
    """What crosses one class of edges."""

    name: str = ""
    label: dict[str, str]
    relations: tuple[str, ...]
    passes: tuple[Pass, ...]
    note: dict[str, str] = {}
    cite: Cite | None = None


class Conflict(_Struct, frozen=True, kw_only=True):
    """Terms that cannot all be kept."""

    name: str = ""
    label: dict[str, str]
    effect: dict[str, Verdict]
    why: dict[str, str]


class OwnWork(_Struct, frozen=True, kw_only=True):
    """Why a maker may license a model made from another of its own."""

    note: dict[str, str]
    cite: Cite


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """Everything data/licenses says."""

    kinds: Mapping[str, ClauseKind]
    classes: Mapping[str, EdgeClass]
    conflicts: Mapping[str, Conflict]
    licenses: Mapping[str, License]
    origins: Mapping[str, str]  # license id -> file:line
    names: Mapping[str, str]  # every spelling, case-folded -> license id
    scopes: Mapping[str, Scope] = {}
    own_work: OwnWork | None = None
    shared: tuple[SharedName, ...] = ()  # spellings that mean several licenses

    def license(self, id: str) -> License:
        """The license an entity id stands for; one without clauses if its text is not known."""
        known = self.licenses.get(id) or self.licenses.get(self.names.get(fold(slug_of(id)), ""))
        return known or self._expression(id)

    def _expression(self, id: str) -> License:
        """The license of an id whose slug is an SPDX expression, such as `MIT OR Apache-2.0`."""
        text = unquote(slug_of(id))
        try:
            parsed = self.parse(text) if " " in text else []
        except DataError:
            parsed = []
        if not parsed:
            return License(id=id, unknown=dict(translate_all(mark("no text is known"))))
        choice = min(parsed, key=lambda all: sum(self._weight(one) for one in all))
        return _joined(id, choice)

    def _weight(self, license: License) -> int:
        """How much a license asks, to choose between alternatives."""
        asked = sum(self.kinds[c.kind].group != "paperwork" for c in license.clauses)
        return asked * 100 + len(license.clauses) + 10_000 * READINGS.index(license.reading)

    def parse(self, expression: str) -> list[list[License]]:
        """The alternatives of a license expression, each the licenses that hold together.

        Args:
            expression: SPDX ids, `LicenseRef-scancode-…` or tags of the Hub, with AND and OR.

        Raises:
            DataError: it is not an expression, or names a license without terms.
        """
        from kg.licenses.naming._expressions import split_expression

        symbols = ((one.key, tuple(_aliases(one))) for one in _unique(self.licenses))
        try:
            alternatives = split_expression(expression, symbols)
        except ValueError as error:
            raise DataError(
                Message(
                    "%(expression)r is not a license expression known here: %(error)s",
                    expression=expression,
                    error=error,
                )
            ) from error
        return [[self.licenses[self.names[fold(key)]] for key in keys] for keys in alternatives]


def _joined(id: str, all: list[License]) -> License:
    """Licenses that hold together, as one."""
    if len(all) == 1:
        return msgspec.structs.replace(all[0], id=id)
    first = max(all, key=lambda one: (one.relicense != "own-terms", len(one.clauses)))
    unknown = next((one.unknown for one in all if one.unknown), None)
    least = max(all, key=lambda one: READINGS.index(one.reading))
    clauses = tuple(clause for one in all for clause in one.clauses)
    return msgspec.structs.replace(first, id=id, clauses=clauses, unknown=unknown, read=least.read)


def _aliases(license: License) -> Iterator[str]:
    """Spellings besides the key, as a parser of expressions can take them: no white space."""
    spellings = {fold(name): name for name in (license.scancode or "", *license.hub) if name}
    spellings.pop(fold(license.key), None)
    return iter(spellings.values())


def _unique(licenses: Mapping[str, License]) -> Iterable[License]:
    """Licenses whose keys no other has; of several versions under one key the first speaks."""
    return {fold(one.key): one for one in reversed(list(licenses.values()))}.values()


def fold(name: str) -> str:
    """A spelling as names are compared: case and spaces do not matter."""
    return name.strip().casefold().replace(" ", "-")


def clause_id(license: License, place: int) -> str:
    """The id of a clause: its license's slug, its kind, and which of its kind it is."""
    kind = license.clauses[place].kind
    before = sum(clause.kind == kind for clause in license.clauses[:place])
    return f"clause/{slug_of(license.id)}/{kind}" + (f"-{before + 1}" if before else "")
