"""Package URLs: `pkg:huggingface/owner/name@revision` (github.com/package-url/purl-spec).

A revision says which files are meant; what Gyebo knows is said of the model, so that a package URL of any revision names
the model. The specification knows models only; data sets are told apart as tools write them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import parse_qs, quote, unquote

from kg.errors import InputError
from kg.messages.message import Message

_PURL = re.compile(r"pkg:/*([\w.+-]+)/([^@?#]+)(?:@([^?#]*))?(?:\?([^#]*))?(?:#(.*))?", re.I)
_HUB = re.compile(r"(?:www\.)?(?:huggingface\.co|hf\.co)/", re.I)
_DATA_TYPES = ("huggingface-dataset", "huggingface-datasets")
_DATASETS = "datasets/"
_WORD = re.compile(r"(?<!\S)pkg:\S+", re.I)


class PackageUrl(NamedTuple):
    """A package URL, in its parts."""

    type: str
    name: str  # with its namespace
    qualifiers: Mapping[str, str]
    piece: str  # the path within the package, "" of the whole


class HubPackage(NamedTuple):
    """What a package URL of the Hub names."""

    path: str  # owner/name
    is_data: bool


def read_purl(text: str) -> PackageUrl | None:
    """A package URL in its parts, None if it is none.

    >>> read_purl("pkg:huggingface/org/name@abc#part/one")[::3]
    ('huggingface', 'part/one')
    """
    found = _PURL.fullmatch(text.strip())
    if found is None:
        return None
    named = {key: values[0] for key, values in parse_qs(found[4] or "").items()}
    name = unquote(found[2]).strip("/")
    return PackageUrl(found[1].casefold(), name, named, unquote(found[5] or "").strip("/"))


def hub_package(purl: PackageUrl) -> HubPackage | None:
    """What a package URL of the Hub names; None for one of another place.

    >>> hub_package(read_purl("pkg:huggingface/datasets/o/d@1"))
    HubPackage(path='o/d', is_data=True)
    >>> hub_package(read_purl("pkg:huggingface/o/m?repository_url=https://hub.example.org")) is None
    True
    """
    at = re.sub(r"^https?://", "", purl.qualifiers.get("repository_url", ""), flags=re.I)
    if purl.type not in ("huggingface", *_DATA_TYPES) or (at and not _HUB.match(f"{at}/")):
        return None
    is_data = purl.type in _DATA_TYPES or purl.name.startswith(_DATASETS)
    is_data |= "dataset" in (purl.qualifiers.get("repo_type"), purl.qualifiers.get("type"))
    return HubPackage(purl.name.removeprefix(_DATASETS), is_data)


def write_purl(path: str) -> str:
    """The package URL of a model on the Hub.

    >>> write_purl("Qwen/Qwen3-8B"), write_purl("gpt2")
    ('pkg:huggingface/Qwen/Qwen3-8B', 'pkg:huggingface/gpt2')
    """
    return f"pkg:huggingface/{quote(path, safe='/')}"


def is_purl(text: str) -> bool:
    """Whether a text means to be a package URL.

    >>> is_purl("PKG:pypi/x"), is_purl("package"), is_purl("pkg:")
    (True, False, True)
    """
    return text.strip()[:4].casefold() == "pkg:"


def id_of_purl(text: str) -> str:
    """The id of what a package URL names.

    >>> id_of_purl("pkg:huggingface/Qwen/Qwen3-8B@abc"), id_of_purl("pkg:huggingface/datasets/o/d")
    ('model/hf/Qwen/Qwen3-8B', 'dataset/hf/o/d')

    Raises:
        InputError: it is none, or names no model of the Hub.
    """
    purl = read_purl(text)
    package = hub_package(purl) if purl else None
    if package is None:
        raise InputError(
            Message(
                "%(text)r names no model: of package URLs only those of the Hub are read, "
                "as pkg:huggingface/owner/name",
                text=text.strip()[:200],
            )
        )
    return f"{'dataset' if package.is_data else 'model'}/hf/{package.path}"


def with_hub_paths(text: str) -> str:
    """Words with each package URL of the Hub as the path it names.

    >>> with_hub_paths("pkg:huggingface/Qwen/Qwen3-8B@abc 7b"), with_hub_paths("pkg:pypi/x")
    ('Qwen/Qwen3-8B 7b', 'pkg:pypi/x')
    """
    return _WORD.sub(lambda found: _path_of(found[0]), text)


def _path_of(word: str) -> str:
    purl = read_purl(word)
    package = hub_package(purl) if purl else None
    return package.path if package else word
