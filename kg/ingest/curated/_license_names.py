"""data/licenses/names.yaml: names that several licenses share. data/licenses/README.md explains it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from kg.errors import DataError
from kg.files.yaml import Yaml
from kg.language.writing import slug
from kg.licenses.naming.shared_names import SharedName
from kg.licenses.terms import License, fold
from kg.messages.message import LANGUAGES, Message
from kg.model.claim import slug_of

NAMES = "names.yaml"


class NamesRead(NamedTuple):
    """What the file says."""

    shared: tuple[SharedName, ...]
    licenses: dict[str, License]  # one for each name that nothing decides: no text, and why
    origins: dict[str, str]


def read_shared_names(
    file: Yaml, licenses: Mapping[str, License], names: Mapping[str, str]
) -> NamesRead:
    """Check the entries against the licenses.

    Args:
        file: checked against its schema.
        licenses: those with terms, by id.
        names: every other spelling, folded, with the id of its license.

    Raises:
        DataError: an entry names a license without terms, or a name means something already; with file and line.
    """
    read = NamesRead((), {}, {})
    shared: list[SharedName] = []
    seen: dict[str, str] = {}
    for i, data in enumerate(file.data):
        undecided = data.get("otherwise") or f"license/{slug(data['name'])}"
        one = msgspec.convert({**data, "otherwise": undecided}, SharedName)
        for j, meaning in enumerate(one.means):
            _known(meaning.license, licenses, file, (i, "means", j))
        if "otherwise" in data:
            _known(undecided, licenses, file, (i, "otherwise"))
        elif undecided in licenses:
            raise _means_already(one.name, undecided, file, i)
        else:
            read.licenses[undecided] = _undecided(one, licenses)
            read.origins[undecided] = f"{file.name}:{file.line((i,))}"
        for name in map(fold, (one.name, *one.also)):
            other = names.get(name, undecided)
            if other != undecided or name in seen:
                raise _means_already(name, seen.get(name, other), file, i)
            seen[name] = undecided
        shared.append(one)
    return read._replace(shared=tuple(shared))


def _known(id: str, licenses: Mapping[str, License], file: Yaml, place: tuple[Any, ...]) -> None:
    if id not in licenses:
        raise DataError(Message("%(id)s has no terms", id=id), file.name, file.line(place))


def _means_already(name: str, other: str, file: Yaml, place: int) -> DataError:
    message = Message("%(name)r already means %(other)s", name=name, other=other)
    return DataError(message, file.name, file.line((place, "name")))


def _undecided(one: SharedName, licenses: Mapping[str, License]) -> License:
    """What is known of a license whose name does not tell its text."""
    makers = list(dict.fromkeys(meaning.publisher[0] for meaning in one.means))
    unknown = {}
    for lang in LANGUAGES:
        texts = [_label(licenses[id], lang) for id in one.candidates]
        why = Message(
            "several texts are called %(name)s, and nothing stated decides which this is: %(texts)s",
            name=one.name,
            texts=texts,
        )
        if len(makers) > 1:
            why = Message(
                "each of %(makers)s calls another text %(name)s, and nothing stated decides which this is",
                name=one.name,
                makers=makers,
            )
        unknown[lang] = why.text(lang)
    return License(
        id=one.otherwise,
        label=one.label,
        names=(one.name, *one.also),
        family=slug_of(one.otherwise),
        read={"how": "label"},
        unknown=unknown,
        relicense="none",
    )


def _label(license: License, lang: str) -> str:
    """Its name here; of one that data/curated names, its slug."""
    return license.label.get(lang) or license.label.get("en") or slug_of(license.id)
