"""License terms as data: kinds of clauses, what crosses which edge, and the clauses of each license.

Read from data/licenses; data/licenses/README.md explains the files. A data folder without
licenses/ has no terms: every license in it is then a label whose text is not known.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import unquote

import license_expression as le
import msgspec
from jsonschema import Draft202012Validator

from kg.errors import DataError
from kg.model import slug_of
from kg.sources.strict import validate
from kg.yamlfile import Yaml, read_yaml

Verdict = Literal["allowed", "conditional", "unknown", "contested", "prohibited"]
Use = Literal["commercial", "redistribute", "train-on-outputs", "relicense"]
Group = Literal["paperwork", "substance", "outputs", "unknown"]
Text = Mapping[str, str]  # language -> text

NO_LICENSE = "no-license"
UNKNOWN_LICENSE = "unknown-license"
UNRESOLVED = "unresolved-parent"


class _Struct(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    pass


class Ask(_Struct, frozen=True, kw_only=True):
    """What in a profile answers a clause."""

    field: str  # mau, revenue, country, competitor-of or name
    test: str


class Kind(_Struct, frozen=True, kw_only=True):
    """A kind of clause and what it does; see kinds.yaml."""

    name: str = ""
    group: Group
    label: dict[str, str]
    value: str
    why: dict[str, str]
    change: dict[str, str] = {}
    reach: tuple[str, ...] = ("weights", "dataset", "training")
    trigger: str = "use"
    flows: bool = False
    covered_by: tuple[str, ...] = ()
    effect: dict[str, Verdict] = {}
    changed: dict[str, Verdict] = {}
    learned: dict[str, Verdict] | None = None
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
    version: str | None = None
    date: str | None = None
    url: str | None = None
    read: dict[str, str] = {}
    unknown: dict[str, str] | None = None
    relicense: str | dict[str, tuple[str, ...]] = "own-terms"
    derivative: Derivative = Derivative()
    clauses: tuple[Clause, ...] = ()

    @property
    def key(self) -> str:
        """The id in license expressions: SPDX where there is one, else ScanCode's."""
        scancode = f"LicenseRef-scancode-{self.scancode}" if self.scancode else ""
        return self.spdx or scancode or f"LicenseRef-gyebo-{slug_of(self.id)}"

    @property
    def compatible(self) -> frozenset[str]:
        """Licenses that a derivative may carry besides, where the text lists them."""
        if isinstance(self.relicense, str):
            return frozenset()
        return frozenset(self.relicense["compatible"])


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


class Terms(NamedTuple):
    """Everything data/licenses says."""

    kinds: Mapping[str, Kind]
    classes: Mapping[str, EdgeClass]
    conflicts: Mapping[str, Conflict]
    licenses: Mapping[str, License]
    origins: Mapping[str, str]  # license id -> file:line
    names: Mapping[str, str]  # every spelling, case-folded -> license id

    def license(self, id: str) -> License:
        """The license an entity id stands for; one without clauses if its text is not known."""
        known = self.licenses.get(id) or self.licenses.get(self.names.get(_fold(slug_of(id)), ""))
        return known or self._expression(id)

    def _expression(self, id: str) -> License:
        """The license of an id whose slug is an SPDX expression, such as `MIT OR Apache-2.0`."""
        text = unquote(slug_of(id))
        try:
            parsed = self.parse(text) if " " in text else []
        except DataError:
            parsed = []
        if not parsed:
            return License(id=id, unknown={"en": "no text is known", "ko": "본문을 알 수 없음"})
        choice = min(parsed, key=lambda all: sum(self._weight(one) for one in all))
        return _joined(id, choice)

    def _weight(self, license: License) -> int:
        """How much a license asks, to choose between alternatives."""
        asked = sum(self.kinds[c.kind].group != "paperwork" for c in license.clauses)
        return asked * 100 + len(license.clauses) + (10_000 if license.unknown else 0)

    def parse(self, expression: str) -> list[list[License]]:
        """The alternatives of a license expression, each the licenses that hold together.

        Args:
            expression: SPDX ids, `LicenseRef-scancode-…` or tags of the Hub, with AND and OR.

        Raises:
            DataError: it is not an expression, or names a license without terms.
        """
        licensing = _licensing(self.licenses)
        try:
            tree = licensing.dnf(licensing.parse(expression, validate=True))
        except le.ExpressionError as error:
            raise DataError(f"{expression!r} is not a license expression known here: {error}") from error
        alternatives = tree.args if isinstance(tree, licensing.OR) else (tree,)
        return [[self.licenses[self.names[_fold(key)]] for key in licensing.license_keys(one)]
                for one in alternatives]  # fmt: skip


def _joined(id: str, all: list[License]) -> License:
    """Licenses that hold together, as one."""
    if len(all) == 1:
        return msgspec.structs.replace(all[0], id=id)
    first = max(all, key=lambda one: (one.relicense != "own-terms", len(one.clauses)))
    unknown = next((one.unknown for one in all if one.unknown), None)
    clauses = tuple(clause for one in all for clause in one.clauses)
    return msgspec.structs.replace(first, id=id, clauses=clauses, unknown=unknown)


def _licensing(licenses: Mapping[str, License]) -> le.Licensing:
    symbols = [le.LicenseSymbol(one.key, aliases=tuple(_aliases(one))) for one in _unique(licenses)]
    return le.Licensing(symbols)


def _aliases(license: License) -> Iterator[str]:
    """Spellings besides the key, as a parser of expressions can take them: no white space."""
    spellings = {_fold(name): name for name in (license.scancode or "", *license.hub) if name}
    return (name for fold, name in spellings.items() if fold != _fold(license.key))


def _unique(licenses: Mapping[str, License]) -> Iterable[License]:
    """Licenses whose keys no other has; of several versions under one key the first speaks."""
    return {_fold(one.key): one for one in reversed(list(licenses.values()))}.values()


def _fold(name: str) -> str:
    return name.strip().casefold().replace(" ", "-")


def read_terms(data: Path) -> Terms:
    """Read data/licenses.

    Args:
        data: the data folder.

    Raises:
        DataError: the first thing wrong, with file and line.
    """
    folder = data / "licenses"
    if not folder.is_dir():
        return Terms({}, {}, {}, {}, {}, {})
    return _Reader(data).terms()


class _Reader:
    """Reads and checks the files of one folder."""

    def __init__(self, data: Path) -> None:
        self._data, self._folder = data, data / "licenses"
        self._schema = json.loads((data / "licenses.schema.json").read_text("utf-8"))

    def terms(self) -> Terms:
        """All of it."""
        kinds = self._kinds()
        classes, conflicts = self._edges(kinds)
        licenses: dict[str, License] = {}
        origins: dict[str, str] = {}
        names: dict[str, str] = {}
        for path in sorted((self._folder / "terms").glob("*.yaml")):
            file = self._file(path, "license")
            license = self._license(file, kinds)
            if license.id in licenses:
                raise DataError(f"{license.id} already stands in {origins[license.id]}", file.name, 1)
            licenses[license.id], origins[license.id] = license, f"{file.name}:1"
            for name in _spellings(license):
                other = names.setdefault(name, license.id)
                if other != license.id and name in map(_fold, license.hub):
                    raise DataError(f"{name!r} already means {other}", file.name, file.line(("hub",)))
        return Terms(kinds, classes, conflicts, licenses, origins, names)

    def _file(self, path: Path, part: str) -> Yaml:
        file = read_yaml(path, str(path.relative_to(self._data.parent)))
        schema = {"$ref": f"#/$defs/{part}", "$defs": self._schema["$defs"]}
        validate(file, Draft202012Validator(schema))
        return file

    def _kinds(self) -> dict[str, Kind]:
        file = self._file(self._folder / "kinds.yaml", "kinds")
        return {k: msgspec.convert(v | {"name": k}, Kind) for k, v in file.data.items()}

    def _edges(
        self, kinds: Mapping[str, Kind]
    ) -> tuple[dict[str, EdgeClass], dict[str, Conflict]]:
        file = self._file(self._folder / "edges.yaml", "edges")
        parts = file.data
        for name, body in parts["classes"].items():
            for i, rule in enumerate(body["passes"]):
                for kind in (*rule.get("kinds", ()), *filter(None, [rule.get("stopped-by")])):
                    self._known(kind, kinds, file, ("classes", name, "passes", i))
        classes = {k: msgspec.convert(v | {"name": k}, EdgeClass)
                   for k, v in parts["classes"].items()}  # fmt: skip
        conflicts = {k: msgspec.convert(v | {"name": k}, Conflict)
                     for k, v in parts["conflicts"].items()}  # fmt: skip
        return classes, conflicts

    def _license(self, file: Yaml, kinds: Mapping[str, Kind]) -> License:
        for i, clause in enumerate(file.data["clauses"]):
            kind = self._known(clause["kind"], kinds, file, ("clauses", i, "kind"))
            if not _fits(kind.value, clause.get("value")):
                message = f"{kind.name} wants a value of the type {kind.value}; see README.md"
                raise DataError(message, file.name, file.line(("clauses", i)))
        return msgspec.convert(file.data, License)

    def _known(self, name: str, kinds: Mapping[str, Kind], file: Yaml, place: Any) -> Kind:
        if name not in kinds:
            known = ", ".join(kinds)
            raise DataError(f"unknown kind {name!r}; known: {known}", file.name, file.line(place))
        return kinds[name]


def _spellings(license: License) -> set[str]:
    given = (license.spdx, license.key, license.scancode, *license.hub, *license.names,
             slug_of(license.id))  # fmt: skip
    return {_fold(name) for name in given if name}


def _fits(type: str, value: Any) -> bool:
    """Whether a clause's value is of the type of its kind."""
    match type:
        case "none":
            return value is None
        case "list":
            return value is None or (isinstance(value, list) and all(isinstance(v, str) for v in value))
        case "limit":
            amount = value.get("over") if isinstance(value, dict) else value
            return isinstance(amount, int) and not isinstance(amount, bool)
        case "targets":
            return isinstance(value, dict) and value.get("targets") in ("any", "llm", "competing")
    return isinstance(value, str)
