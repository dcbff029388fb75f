"""The curated data: data/curated/*.yaml, written by hand, checked strictly, as claims.

The format is described in data/README.md and data/curated.schema.json.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

from kg.errors import DataError
from kg.model import ALIAS, LABEL, Claim, Said, is_id, kind_of
from kg.rdf import EDITORS
from kg.values import mistake
from kg.vocab import DESCRIPTION, Property, Vocabulary
from kg.yamlfile import Yaml, read_yaml


def read_curated(data: Path, vocabulary: Vocabulary) -> list[Claim]:
    """Read every curated file.

    Args:
        data: the folder that holds curated/ and curated.schema.json.
        vocabulary: kinds and properties claims may use.

    Raises:
        DataError: the first thing wrong, with file and line.
    """
    validator = Draft202012Validator(json.loads((data / "curated.schema.json").read_text("utf-8")))
    files = [
        read_yaml(path, f"{data.name}/curated/{path.name}")
        for path in sorted((data / "curated").glob("*.yaml"))
    ]
    for file in files:
        _validate(file, validator)
    entities = _entities(files)
    return [
        claim
        for file in files
        for id, body in (file.data or {}).items()
        for claim in _Reader(file, vocabulary, entities).claims(id, body)
    ]


def _validate(file: Yaml, validator: Draft202012Validator) -> None:
    if file.data is None:
        return
    errors = sorted(validator.iter_errors(file.data), key=lambda e: _place(file, e))
    for error in errors:
        path = tuple(error.path)
        field = ".".join(str(p) for p in path)
        raise DataError(f"{field}: {error.message}", file.name, file.line(path))


def _place(file: Yaml, error: ValidationError) -> tuple[int, bool]:
    """By line; a misspelled key before the key that is missing because of it."""
    return file.line(tuple(error.path)), error.validator != "additionalProperties"


def _entities(files: Iterable[Yaml]) -> dict[str, str]:
    """Every id that is defined, with the place of its definition."""
    places: dict[str, str] = {}
    for file in files:
        for id in file.data or {}:
            line = file.line((id,))
            if id in places:
                raise DataError(f"{id} is already defined in {places[id]}", file.name, line)
            places[id] = f"{file.name}:{line}"
    return places


class _Reader:
    """Reads one file, knowing every id that is defined in any."""

    def __init__(self, file: Yaml, vocabulary: Vocabulary, entities: Mapping[str, str]) -> None:
        self._file, self._vocabulary, self._entities = file, vocabulary, entities

    def claims(self, id: str, body: Mapping[str, Any]) -> Iterator[Claim]:
        """The claims of one entity."""
        if not is_id(id) or kind_of(id) not in self._vocabulary.kinds:
            kinds = ", ".join(self._vocabulary.kinds)
            raise self._error(f"{id!r} is not an id: write kind/slug, kind one of {kinds}", (id,))
        yield from self._names(id, body)
        for name, items in (body.get("claims") or {}).items():
            prop = self._property(id, name)
            for i, item in enumerate(items):
                path = (id, "claims", name, i)
                yield Claim(id, name, self._said(prop, item, path))

    def _names(self, id: str, body: Mapping[str, Any]) -> Iterator[Claim]:
        for lang, label in body["label"].items():
            path = (id, "label", lang)
            yield Claim(id, LABEL, self._editors(label, lang, path, "preferred"))
        for lang, aliases in (body.get("alias") or {}).items():
            for i, alias in enumerate(aliases):
                yield Claim(id, ALIAS, self._editors(alias, lang, (id, "alias", lang, i)))
        for lang, text in (body.get("description") or {}).items():
            path = (id, "description", lang)
            yield Claim(id, DESCRIPTION, self._editors(text, lang, path))

    def _editors(
        self, text: str, lang: str, path: tuple[str | int, ...], rank: str = "normal"
    ) -> Said:
        origin = self._origin(path)
        reason = "the name Gyebo uses" if rank == "preferred" else ""
        return Said(text, EDITORS, rank=rank, reason=reason, lang=lang, origin=origin)  # type: ignore[arg-type]

    def _property(self, id: str, name: str) -> Property:
        known = self._vocabulary.properties
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"; did you mean {near[0]}?" if near else "; see ontology/README.md"
            raise self._error(f"unknown property {name!r}{hint}", (id, "claims", name))
        domain = known[name].domain
        if domain and kind_of(id) not in domain:
            kinds = ", ".join(sorted(domain))
            raise self._error(f"{name} is for {kinds}, not for {kind_of(id)}", (id, "claims", name))
        return known[name]

    def _said(self, prop: Property, item: Mapping[str, Any], path: tuple[str | int, ...]) -> Said:
        value = item["value"]
        if prop.type == "date" and type(value) is int:
            value = str(value)  # a bare year
        if value is not None and (wrong := mistake(prop, value)):
            raise self._error(f"{prop.name}: {wrong}", (*path, "value"))
        if prop.type == "entity" and value is not None:
            self._defined(value, (*path, "value"))
        slug, _, locator = item["from"].partition(":")
        self._defined(f"source/{slug}", (*path, "from"))
        rest = {k: v for k, v in item.items() if k not in ("value", "from")}
        return Said(value, f"source/{slug}", locator.strip(), origin=self._origin(path), **rest)

    def _defined(self, id: str, path: tuple[str | int, ...]) -> None:
        if id not in self._entities:
            near = difflib.get_close_matches(id, self._entities, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise self._error(f"{id} is defined in no file of data/curated{hint}", path)

    def _origin(self, path: tuple[str | int, ...]) -> str:
        return f"{self._file.name}:{self._file.line(path)}"

    def _error(self, message: str, path: tuple[str | int, ...]) -> DataError:
        return DataError(message, self._file.name, self._file.line(path))
