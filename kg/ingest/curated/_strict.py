"""What all hand-written files share: a schema, known ids, known properties, and errors with a line."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from kg.errors import DataError
from kg.files.yaml import Path_, Yaml
from kg.messages.message import Message
from kg.model.claim import Said, kind_of, slug_of
from kg.model.values import mistake
from kg.model.vocabulary import Property, Vocabulary

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator, ValidationError

_OWN = "#/$defs/"


def load_validator(
    schema: Mapping[str, Any], beside: Mapping[str, Any] = {}
) -> Draft202012Validator:
    """What `validate` checks a file with; loaded here, as jsonschema takes longer than all else.

    Args:
        schema: a JSON schema.
        beside: schemas it refers to, by the name it uses.
    """
    from jsonschema import Draft202012Validator
    from referencing import Registry, Resource

    named = [(name, Resource.from_contents(other)) for name, other in beside.items()]
    registry: Registry[Any] = Registry().with_resources(named)
    return Draft202012Validator(_written_out(schema, schema), registry=registry)


def _written_out(part: Any, schema: Mapping[str, Any]) -> Any:
    """A part of a schema with its own definitions where it refers to them: to look each up takes two fifths of a check.

    None of ours refers to itself.
    """
    if isinstance(part, list):
        return [_written_out(one, schema) for one in part]
    if not isinstance(part, Mapping):
        return part
    name = str(part.get("$ref", ""))
    if len(part) == 1 and name.startswith(_OWN):
        return _written_out(schema["$defs"][name.removeprefix(_OWN)], schema)
    return {key: _written_out(value, schema) for key, value in part.items()}


def validate(file: Yaml, validator: Draft202012Validator) -> None:
    """Check a file against its schema.

    Raises:
        DataError: the first thing wrong, with file and line.
    """
    if file.data is None:
        return
    errors = sorted(validator.iter_errors(file.data), key=lambda e: _place(file, e))
    for error in errors:
        path = tuple(error.path)
        field = "".join(f"{p}." for p in path)[:-1]
        wrong = Message("%(error)s", error=error.message)
        told = Message("%(name)s: %(wrong)s", name=field, wrong=wrong) if field else wrong
        raise DataError(told, file.name, file.line(path))


def _place(file: Yaml, error: ValidationError) -> tuple[int, bool]:
    """By line; a misspelled key before the key that is missing because of it."""
    return file.line(tuple(error.path)), error.validator != "additionalProperties"


class ClaimReader:
    """Reads the claims in one file.

    Args:
        file: the file, for messages.
        vocabulary: kinds and properties.
        known: every id that is defined in any file.
    """

    def __init__(self, file: Yaml, vocabulary: Vocabulary, known: Collection[str]) -> None:
        self._file, self._vocabulary, self._known = file, vocabulary, known

    def property(self, id: str, name: str, path: Path_) -> Property:
        """The property of that name, if it is one for such an entity."""
        known = self._vocabulary.properties
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            if near:
                told = Message(
                    "unknown property %(name)r; did you mean %(near)s?", name=name, near=near
                )
            else:
                told = Message("unknown property %(name)r; see ontology/README.md", name=name)
            raise self.error(told, path)
        domain = known[name].domain
        if domain and kind_of(id) not in domain:
            raise self.error(
                Message(
                    "%(name)s is for %(kinds)s, not for %(kind)s",
                    name=name,
                    kinds=sorted(domain),
                    kind=kind_of(id),
                ),
                path,
            )
        return known[name]

    def said(self, prop: Property, item: Mapping[str, Any], path: Path_) -> Said:
        """One claim, its value and source checked."""
        value = item["value"]
        if prop.type == "date" and type(value) is int:
            value = str(value)  # a bare year
        if value is not None and (wrong := mistake(prop, value)):
            raise self.error(
                Message("%(name)s: %(wrong)s", name=prop.name, wrong=wrong), (*path, "value")
            )
        # What is rejected may be known from an ingested source only.
        elsewhere = item.get("rank") == "rejected" and "/" in slug_of(str(value))
        if prop.type == "entity" and value is not None and not elsewhere:
            self.defined(value, (*path, "value"))
        slug, _, locator = item["from"].partition(":")
        source = self.defined(f"source/{slug}", (*path, "from"))
        rest = {k: v for k, v in item.items() if k not in ("value", "from")}
        return Said(
            value=value, source=source, locator=locator.strip(), origin=self.origin(path), **rest
        )

    def defined(self, id: str, path: Path_) -> str:
        """An id, if some file defines it."""
        if id not in self._known:
            near = difflib.get_close_matches(id, self._known, 1)
            if near:
                told = Message(
                    "%(id)s is defined in no file of data/curated; did you mean %(near)s?",
                    id=id,
                    near=near,
                )
            else:
                told = Message("%(id)s is defined in no file of data/curated", id=id)
            raise self.error(told, path)
        return id

    def origin(self, path: Path_) -> str:
        """Where a part of the file stands, as file:line."""
        return f"{self._file.name}:{self._file.line(path)}"

    def error(self, what: Message, path: Path_) -> DataError:
        """An error that names a part of the file."""
        return DataError(what, self._file.name, self._file.line(path))
