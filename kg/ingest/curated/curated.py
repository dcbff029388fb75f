"""The curated data: data/curated/*.yaml, written by hand, checked strictly, as claims.

The format is described in data/README.md and data/curated.schema.json.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kg.errors import DataError
from kg.files.yaml import Path_, Yaml, read_yaml
from kg.ingest.curated._strict import ClaimReader, load_validator, validate
from kg.messages.message import Message
from kg.model.claim import ALIAS, EDITORS, LABEL, Claim, Rank, Said, is_id, kind_of
from kg.model.vocabulary import DESCRIPTION, Vocabulary


def read_curated(
    data: Path, vocabulary: Vocabulary, others: Mapping[str, str] | None = None
) -> list[Claim]:
    """Read every curated file.

    Args:
        data: the folder that holds curated/ and curated.schema.json.
        vocabulary: kinds and properties claims may use.
        others: ids that other files define, with the places of their definitions.

    Raises:
        DataError: the first thing wrong, with file and line.
    """
    validator = load_validator(json.loads((data / "curated.schema.json").read_text("utf-8")))
    files = [
        read_yaml(path, f"{data.name}/curated/{path.name}")
        for path in sorted((data / "curated").glob("*.yaml"))
    ]
    for file in files:
        validate(file, validator)
    places = _places(files, others or {})
    return [
        claim
        for file in files
        for id, body in (file.data or {}).items()
        for claim in _Entities(file, vocabulary, places).claims(id, body)
    ]


def _places(files: Iterable[Yaml], others: Mapping[str, str]) -> dict[str, str]:
    """Every id that is defined, with the place of its definition."""
    places = dict(others)
    for file in files:
        for id in file.data or {}:
            line = file.line((id,))
            if id in places:
                raise DataError(
                    Message("%(id)s is already defined in %(place)s", id=id, place=places[id]),
                    file.name,
                    line,
                )
            places[id] = f"{file.name}:{line}"
    return places


class _Entities:
    """Reads the entities of one file."""

    def __init__(self, file: Yaml, vocabulary: Vocabulary, places: Mapping[str, str]) -> None:
        self._reader = ClaimReader(file, vocabulary, places)
        self._kinds = vocabulary.kinds
        self._name = vocabulary.properties[DESCRIPTION]  # a name is text in a language, like it

    def claims(self, id: str, body: Mapping[str, Any]) -> Iterator[Claim]:
        """The claims of one entity."""
        if not is_id(id) or kind_of(id) not in self._kinds:
            message = Message(
                "%(id)r is not an id: write kind/slug, kind one of %(kinds)s",
                id=id,
                kinds=self._kinds,
            )
            raise self._reader.error(message, (id,))
        yield from self._names(id, body)
        for name, items in (body.get("claims") or {}).items():
            path = (id, "claims", name)
            prop = self._reader.property(id, name, path)
            for i, item in enumerate(items):
                yield Claim(id, name, self._reader.said(prop, item, (*path, i)))

    def _names(self, id: str, body: Mapping[str, Any]) -> Iterator[Claim]:
        for lang, label in body["label"].items():
            said = self._editors(label, lang, (id, "label", lang), "preferred")
            yield Claim(id, LABEL, said)
        for lang, aliases in (body.get("alias") or {}).items():
            for i, alias in enumerate(aliases):
                yield Claim(id, ALIAS, self._alias(alias, lang, (id, "alias", lang, i)))
        for lang, text in (body.get("description") or {}).items():
            yield Claim(id, DESCRIPTION, self._editors(text, lang, (id, "description", lang)))

    def _alias(self, alias: Any, lang: str, path: Path_) -> Said:
        if isinstance(alias, str):
            return self._editors(alias, lang, path, note="common usage")
        return self._reader.said(self._name, alias | {"lang": lang}, path)

    def _editors(
        self, text: str, lang: str, path: Path_, rank: Rank = "normal", note: str = ""
    ) -> Said:
        reason = "the name Gyebo uses" if rank == "preferred" else ""
        origin = self._reader.origin(path)
        return Said(
            value=text,
            source=EDITORS,
            rank=rank,
            reason=reason,
            note=note,
            lang=lang,
            origin=origin,
        )
