"""Rules that infer from the name of a repository what it derives from: data/ingest/name_rules.yaml.

This module says which rules there are and reads them; kg/claims/guesses.py applies them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from kg.errors import DataError
from kg.files.yaml import Yaml, read_yaml
from kg.messages.message import Message
from kg.model.claim import EDITORS, LABEL, RULE, Claim, Said
from kg.model.vocabulary import DESCRIPTION, SOURCE_TYPE

QUANTIZATION, INSTRUCT, GGUF = "rule-quantization", "rule-instruct", "rule-gguf"


class _Struct(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    pass


class Measured(_Struct, frozen=True, kw_only=True):
    """How many of a rule's edges were checked against the key, and how many are right."""

    right: int
    checked: int

    @property
    def precision(self) -> float:
        """The share that is right; 0 if nothing was checked."""
        return self.right / self.checked if self.checked else 0.0


class NameRule(_Struct, frozen=True, kw_only=True):
    """One rule: how it is called, what it claims, how often it is right."""

    label: Mapping[str, str]
    description: Mapping[str, str]
    relation: str
    note: str
    decides: bool  # whether its edges may decide a license answer alone
    measured: Measured


class _Endings(_Struct, frozen=True, kw_only=True):
    marks: tuple[str, ...]
    fillers: tuple[str, ...]


class _Parts(_Struct, frozen=True, kw_only=True):
    tuned: tuple[str, ...]
    last: tuple[str, ...]
    bases: tuple[str, ...]


class _File(_Struct, frozen=True, kw_only=True):
    decide_from: float
    rules: Mapping[str, NameRule]
    quantization: _Endings
    instruct: _Parts


@dataclass(frozen=True, kw_only=True)
class NameRules:
    """The rules of a data folder."""

    rules: Mapping[str, NameRule]  # by slug of the source
    mark: re.Pattern[str]  # matches the end of a quantization's name
    filler: re.Pattern[str]
    tuned: frozenset[str]  # parts of a tuned model's name
    tuned_last: frozenset[str]  # that only stand at its end
    bases: tuple[str, ...]

    def claim(self, slug: str, child: str, parent: str, locator: str = "") -> Claim:
        """What a rule says of a child; both are ids of entities."""
        rule = self.rules[slug]
        said = Said(
            value=parent, source=f"source/{slug}", locator=locator, note=rule.note, inferred=True
        )
        return Claim(child, rule.relation, said)

    def about(self) -> Iterator[Claim]:
        """What is said of the rules themselves, as sources."""
        for slug, rule in self.rules.items():
            id = f"source/{slug}"
            for lang, text in rule.label.items():
                yield Claim(id, LABEL, Said(value=text, source=EDITORS, lang=lang))
            for lang, text in rule.description.items():
                yield Claim(id, DESCRIPTION, Said(value=text, source=EDITORS, lang=lang))
            yield Claim(id, SOURCE_TYPE, Said(value=RULE, source=EDITORS))

    @property
    def deciding(self) -> frozenset[str]:
        """The sources whose edges may decide a license answer alone."""
        return frozenset(f"source/{slug}" for slug, rule in self.rules.items() if rule.decides)


def read_name_rules(data: Path) -> NameRules | None:
    """Read the rules of a data folder; None if it has none.

    Args:
        data: the data folder.

    Raises:
        DataError: the file is wrong, or a rule decides that is not right often enough; with file and line.
    """
    path = data / "ingest" / "name_rules.yaml"
    if not path.exists():
        return None
    file = read_yaml(path, "data/ingest/name_rules.yaml")
    try:
        read = msgspec.convert(file.data, _File)
    except msgspec.ValidationError as error:
        raise DataError(Message("%(error)s", error=error), file.name, 1) from error
    for slug, rule in read.rules.items():
        if rule.decides and rule.measured.precision < read.decide_from:
            raise DataError(
                Message(
                    "%(name)s was right in %(right)s of %(checked)s: too few for a rule that decides",
                    name=slug,
                    right=rule.measured.right,
                    checked=rule.measured.checked,
                ),
                file.name,
                file.line(("rules", slug)),
            )
    return NameRules(
        rules=read.rules,
        mark=_ending(file, "marks", read.quantization.marks),
        filler=_ending(file, "fillers", read.quantization.fillers),
        tuned=frozenset(map(str.casefold, read.instruct.tuned)),
        tuned_last=frozenset(map(str.casefold, read.instruct.last)),
        bases=read.instruct.bases,
    )


def _ending(file: Yaml, part: str, patterns: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern for one part at the end of a name."""
    for place, pattern in enumerate(patterns):
        try:
            re.compile(pattern)
        except re.error as error:
            line = file.line(("quantization", part, place))
            raise DataError(Message("%(error)s", error=_why(error)), file.name, line) from error
    return re.compile(rf"[-._](?:{'|'.join(patterns)})$", re.IGNORECASE)


def _why(error: Any) -> str:
    return f"not a regular expression: {error}"
