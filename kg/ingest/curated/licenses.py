"""The license terms: data/licenses/, checked strictly; data/licenses/README.md explains the files.

A data folder without licenses/ has no terms: every license in it is then a label whose text is not
known.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from kg.errors import DataError
from kg.files.yaml import Yaml, read_yaml
from kg.ingest.curated._license_names import NAMES, NamesRead, read_shared_names
from kg.ingest.curated._strict import load_validator, validate
from kg.licenses.scopes import Scope
from kg.licenses.terms import (
    Clause,
    ClauseKind,
    Conflict,
    EdgeClass,
    License,
    OwnWork,
    Terms,
    clause_id,
    fold,
)
from kg.licenses.wording import value_text, why
from kg.messages.message import Message
from kg.model.claim import ALIAS, EDITORS, LABEL, Claim, Said, Value, slug_of
from kg.model.vocabulary import (
    CLAUSE_KIND,
    CLAUSE_OF,
    CLAUSE_TIER,
    CLAUSE_VALUE,
    DESCRIPTION,
    QUOTE,
    SPDX_ID,
    URL,
)


def read_terms(data: Path) -> Terms:
    """Read data/licenses.

    Args:
        data: the data folder.

    Raises:
        DataError: the first thing wrong, with file and line.
    """
    folder = data / "licenses"
    if not folder.is_dir():
        return Terms(kinds={}, classes={}, conflicts={}, licenses={}, origins={}, names={})
    return _Reader(data).terms()


def read_terms_unchecked(data: Path) -> Terms:
    """Read data/licenses without its schema, for an ingest: loading what checks it takes longer than all else.

    A build and `gyebo check` check it. What cannot be read so is checked all the same, to say where.

    Args:
        data: the data folder.

    Raises:
        DataError: the first thing wrong, with file and line.
    """
    try:
        return _Reader(data, checked=False).terms()
    except (msgspec.ValidationError, AttributeError, KeyError, TypeError, OSError):
        return read_terms(data)


class _Reader:
    """Reads the files of one folder, and checks them against their schema."""

    def __init__(self, data: Path, *, checked: bool = True) -> None:
        self._data, self.folder, self._checked = data, data / "licenses", checked
        self._schema = json.loads((data / "licenses.schema.json").read_text("utf-8"))

    def terms(self) -> Terms:
        """All of it."""
        kinds = self._kinds()
        classes, conflicts, rest = self._edges(kinds)
        licenses: dict[str, License] = {}
        origins: dict[str, str] = {}
        names: dict[str, str] = {}
        for path in sorted((self.folder / "terms").glob("*.yaml")):
            file = self._file(path, "license")
            license = self._license(file, kinds, rest["scopes"])
            if license.id in licenses:
                raise DataError(
                    Message(
                        "%(id)s already stands in %(origin)s",
                        id=license.id,
                        origin=origins[license.id],
                    ),
                    file.name,
                    1,
                )
            licenses[license.id], origins[license.id] = license, f"{file.name}:1"
            for name in _spellings(license):
                other = names.setdefault(name, license.id)
                if other != license.id and name in map(fold, license.hub):
                    raise DataError(
                        Message("%(name)r already means %(other)s", name=name, other=other),
                        file.name,
                        file.line(("hub",)),
                    )
        shared = self._shared(licenses, names)
        undecided = {name: id for id, one in shared.licenses.items() for name in _spellings(one)}
        return Terms(
            kinds=kinds,
            classes=classes,
            conflicts=conflicts,
            licenses=licenses | shared.licenses,
            origins=origins | shared.origins,
            names=names | undecided,
            shared=shared.shared,
            **rest,
        )

    def _shared(self, licenses: Mapping[str, License], names: Mapping[str, str]) -> NamesRead:
        if not (self.folder / NAMES).exists():
            return NamesRead((), {}, {})
        return read_shared_names(self._file(self.folder / NAMES, "names"), licenses, names)

    def _file(self, path: Path, part: str) -> Yaml:
        file = read_yaml(path, str(path.relative_to(self._data.parent)))
        if self._checked:
            schema = {"$ref": f"#/$defs/{part}", "$defs": self._schema["$defs"]}
            validate(file, load_validator(schema))
        return file

    def _kinds(self) -> dict[str, ClauseKind]:
        file = self._file(self.folder / "kinds.yaml", "kinds")
        return {k: msgspec.convert(v | {"name": k}, ClauseKind) for k, v in file.data.items()}

    def _edges(
        self, kinds: Mapping[str, ClauseKind]
    ) -> tuple[dict[str, EdgeClass], dict[str, Conflict], dict[str, Any]]:
        file = self._file(self.folder / "edges.yaml", "edges")
        parts = file.data
        for name, body in parts["classes"].items():
            for i, rule in enumerate(body["passes"]):
                for kind in (*rule.get("kinds", ()), *filter(None, [rule.get("stopped-by")])):
                    self._known(kind, kinds, file, ("classes", name, "passes", i))
        classes = {
            k: msgspec.convert(v | {"name": k}, EdgeClass) for k, v in parts["classes"].items()
        }
        conflicts = {
            k: msgspec.convert(v | {"name": k}, Conflict) for k, v in parts["conflicts"].items()
        }
        rest = {
            "scopes": msgspec.convert(parts.get("scopes", {}), dict[str, Scope]),
            "own_work": msgspec.convert(parts.get("own-work"), OwnWork | None),
        }
        return classes, conflicts, rest

    def _license(
        self, file: Yaml, kinds: Mapping[str, ClauseKind], scopes: Mapping[str, Scope]
    ) -> License:
        for i, clause in enumerate(file.data["clauses"]):
            kind = self._known(clause["kind"], kinds, file, ("clauses", i, "kind"))
            if not _fits(kind.value, clause.get("value")):
                message = Message(
                    "%(name)s wants a value of the type %(value)s; see README.md",
                    name=kind.name,
                    value=kind.value,
                )
                raise DataError(message, file.name, file.line(("clauses", i)))
            if (models := clause.get("models", "")) and models not in scopes:
                raise DataError(
                    Message("unknown scope %(name)r; known: %(known)s", name=models, known=scopes),
                    file.name,
                    file.line(("clauses", i, "models")),
                )
        return msgspec.convert(file.data, License)

    def _known(
        self, name: str, kinds: Mapping[str, ClauseKind], file: Yaml, place: Any
    ) -> ClauseKind:
        if name not in kinds:
            raise DataError(
                Message("unknown kind %(name)r; known: %(known)s", name=name, known=kinds),
                file.name,
                file.line(place),
            )
        return kinds[name]


def _spellings(license: License) -> dict[str, None]:
    """What a license is called; in the order of the file, since a set's order differs by process."""
    given = (
        license.spdx,
        license.key,
        license.scancode,
        *license.hub,
        *license.names,
        slug_of(license.id),
    )
    return dict.fromkeys(fold(name) for name in given if name)


def _fits(type: str, value: Any) -> bool:
    """Whether a clause's value is of the type of its kind."""
    match type:
        case "none":
            return value is None
        case "list":
            return value is None or (
                isinstance(value, list) and all(isinstance(v, str) for v in value)
            )
        case "limit":
            limit = value if isinstance(value, dict) else {"over": value}
            amount, per = limit.get("over"), limit.get("per", "year")
            whole = isinstance(amount, int) and not isinstance(amount, bool)
            return whole and per in ("year", "month")
        case "targets":
            return isinstance(value, dict) and value.get("targets") in ("any", "llm", "competing")
    return isinstance(value, str)


def named_here(terms: Terms) -> dict[str, str]:
    """The licenses that only their terms define, with the place of the definition."""
    return {id: terms.origins[id] for id, one in terms.licenses.items() if one.label}


def term_claims(terms: Terms, curated: Iterable[Claim]) -> list[Claim]:
    """Licenses and their clauses as claims of the editors.

    Args:
        terms: what data/licenses says.
        curated: the curated claims, which name the other licenses.

    Raises:
        DataError: a license that has a name neither here nor there.
    """
    labels: dict[str, dict[str, str]] = {}
    for claim in curated:
        if claim.property == LABEL and claim.subject in terms.licenses:
            labels.setdefault(claim.subject, {})[claim.said.lang] = str(claim.said.value)
    claims: list[Claim] = []
    for id, license in terms.licenses.items():
        if not license.label and id not in labels:
            message = Message(
                "%(id)s is named nowhere: give its label here or define it in data/curated", id=id
            )
            raise DataError(message, terms.origins[id].rpartition(":")[0], 1)
        claims += _license_claims(license, terms)
        claims += _clause_claims(license, license.label or labels[id], terms)
    return claims


def _license_claims(license: License, terms: Terms) -> Iterator[Claim]:
    if not license.label:
        return
    say = _Editors(license.id, terms.origins[license.id])
    for lang, label in license.label.items():
        yield say.named(LABEL, label, lang)
    for lang, names in license.alias.items():
        for name in names:
            yield say.said(ALIAS, name, lang, "common usage")
    if license.spdx:
        yield say.said(SPDX_ID, license.spdx)
    if license.url:
        yield say.said(URL, license.url)


def _clause_claims(license: License, label: Mapping[str, str], terms: Terms) -> Iterator[Claim]:
    for place, clause in enumerate(license.clauses):
        kind = terms.kinds[clause.kind]
        say = _Editors(clause_id(license, place), terms.origins[license.id])
        for lang in label:
            yield say.named(LABEL, f"{label[lang]}: {kind.label[lang]}", lang)
        for lang in ("en", "ko"):
            yield say.said(DESCRIPTION, why(kind, clause, lang), lang)
        yield from _about(say, license, clause, kind)


def _about(say: _Editors, license: License, clause: Clause, kind: ClauseKind) -> Iterator[Claim]:
    cite, at = clause.cite, clause.cite.section
    yield say.said(CLAUSE_OF, license.id)
    yield say.said(CLAUSE_KIND, clause.kind)
    yield say.said(CLAUSE_TIER, clause.tier)
    if value := value_text(kind, clause.value, "en"):
        yield say.said(CLAUSE_VALUE, value)
    if cite.quote:
        yield say.said(QUOTE, cite.quote, locator=at)
    if url := cite.url or license.url:
        yield say.said(URL, url, locator=at)


class _Editors:
    """Claims of the editors on one entity."""

    def __init__(self, subject: str, origin: str) -> None:
        self._subject, self._origin = subject, origin

    def named(self, property: str, text: str, lang: str) -> Claim:
        """A main name."""
        reason = "the name Gyebo uses"
        said = Said(
            value=text,
            source=EDITORS,
            rank="preferred",
            reason=reason,
            lang=lang,
            origin=self._origin,
        )
        return Claim(self._subject, property, said)

    def said(
        self, property: str, value: Value, lang: str = "", note: str = "", locator: str = ""
    ) -> Claim:
        """A claim."""
        said = Said(
            value=value, source=EDITORS, locator=locator, note=note, lang=lang, origin=self._origin
        )
        return Claim(self._subject, property, said)
