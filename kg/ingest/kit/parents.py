"""What stands where a parent model should be named: Hub ids, ids of ModelScope, addresses, paths, prose, nothing.

Nothing is guessed: only an id, an address or a path of a documented cache names a model, in whatever dress it is
written. All other texts stay texts. What may hold a user's name is never told.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from kg.ingest.kit._parent_places import dataset_path, is_hub_id
from kg.ingest.kit._parent_texts import (
    NAMES,
    NOT_TEXT,
    ParentReference,
    Sort,
    classify,
    is_template,
)
from kg.ingest.kit._parent_words import canonical_models, parent_words
from kg.licenses.naming.shared_names import LicenseBearer

__all__ = [
    "NOT_TEXT",
    "ParentReference",
    "Sort",
    "canonical_models",
    "classify",
    "hub_dataset",
    "is_hub_id",
    "is_template",
    "license_bearer",
    "read_parents",
]

_LONGEST = 2_000  # characters of a text that is taken apart
_BETWEEN = re.compile(
    r"\s*[,;|\n、，；]\s*(?:(?:and|und|or|및|그리고|또는)\s+)?|\s+(?:and|und|et|or|plus|&|\+|및|와|과|그리고|또는)\s+"
    r"|(?<=[\w`\")\]])(?:와|과|랑)\s+|(?<=\w)\+(?=[\w.-]+/)",
    re.IGNORECASE,
)


# ---- fields that hold several


def read_parents(
    field: object, own: str = "", nothing: Callable[[str], bool] = lambda text: False
) -> tuple[ParentReference, ...]:
    """The parents that a field names, each once, in their order.

    Args:
        field: a text, or lists and mappings of texts of any depth.
        own: Hub id of the model itself.
        nothing: whether a text stands for no value.

    >>> [one.value for one in read_parents("`a/b`, [c/d](https://huggingface.co/c/d) and e/f")]
    ['a/b', 'c/d', 'e/f']
    >>> read_parents({"name": "Pythia", "url": "https://huggingface.co/EleutherAI/pythia-1.4b"})[0].value
    'EleutherAI/pythia-1.4b'
    """
    found: dict[object, ParentReference] = {}
    for number, one in enumerate(_Fields(own, nothing).read(field)):
        named = (one.sort, one.value.casefold()) if one.value else number
        found.setdefault(named, one)
    return tuple(found.values())


class _Fields(NamedTuple):
    """How a field is taken apart."""

    own: str
    nothing: Callable[[str], bool]

    def read(self, field: object) -> Iterator[ParentReference]:
        if isinstance(field, list | tuple):
            for one in field:
                yield from self.read(one)
        elif isinstance(field, Mapping):
            yield from self._mapping(field)
        elif isinstance(field, str):
            yield from self._text(field)
        elif field is not None:
            yield self._one(field)

    def _one(self, text: object) -> ParentReference:
        return classify(text, self.own, self.nothing)

    def _text(self, text: str) -> Iterator[ParentReference]:
        whole = self._one(text)
        if whole.sort in NAMES or whole.sort == "placeholder" or len(text) > _LONGEST:
            yield whole
            return
        if (held := _written_out(text)) is not None:
            yield from self.read(held)
            return
        parts = [self._one(part) for part in _parts(text)]
        parts = [one for one in parts if one.sort != "placeholder" or one.value]
        named = any(one.sort in NAMES for one in parts)
        if len(parts) > 1 and (named or all(one.sort in ("path", "url") for one in parts)):
            yield from parts
        else:
            yield whole

    def _mapping(self, field: Mapping[Any, Any]) -> Iterator[ParentReference]:
        keys = {str(key).casefold().replace("-", "_"): key for key in field}
        told = [keys[word] for word in parent_words("keys") if word in keys]
        said = [one for key in told for one in self.read(field[key])]
        if not any(one.sort in NAMES for one in said):
            inner = [one for one in field.values() if isinstance(one, list | tuple | Mapping)]
            said += [one for value in inner for one in self.read(value)]
            said += [one for key in field if "/" in str(key) for one in self._text(str(key))]
        if named := [one for one in said if one.sort in NAMES]:
            revision = field.get("revision")
            if len(named) == 1 and isinstance(revision, str) and not named[0].revision:
                named = [named[0]._replace(revision=revision)]
            yield from named
        elif field:
            texts = [one for one in said if one.value] or said
            yield texts[0] if texts else ParentReference("prose", ", ".join(map(str, field)))


def _parts(text: str) -> list[str]:
    """The parts of a text between commas, plus signs and words like `and`; links stay whole."""
    inner = text.strip()
    if re.fullmatch(r"\[[^()]*\]", inner, re.S):
        inner = inner[1:-1]
    return [part for part in _BETWEEN.split(inner) if part and part.strip()]


def _written_out(text: str) -> object:
    """The list or mapping that a text is the writing of, in JSON or Python; None if it is none."""
    text = text.strip()
    if "\\" in text or not re.fullmatch(r"\{.*:.*\}|\[\s*[\"'{].*\]", text, re.S):
        return None
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None
    return value if isinstance(value, list | dict) else None


# ---- what else is made of references


def license_bearer(subject: str, hub: str, parents: Iterable[ParentReference]) -> LicenseBearer:
    """Whose a license is, for names that several texts share.

    Args:
        subject: id of the thing that bears it.
        hub: its Hub id; "" if its id is made of it.
        parents: what it was made from.

    >>> license_bearer("model/hf/a/b", "", [classify("c/d"), classify("/home/me")])
    LicenseBearer(own=('a/b',), bases=('c/d', ''))
    """
    own = hub or (subject.partition("/hf/")[2])
    bases = tuple(
        parent.value
        if parent.sort == "hub"
        else ""  # "" = one that cannot be found decides nothing
        for parent in parents
        if parent.sort not in ("self", "placeholder")
    )
    return LicenseBearer((own,) if own else (), bases)


def hub_dataset(address: str) -> str:
    """The Hub id of the dataset whose page an address is; "" if it is none.

    >>> hub_dataset("https://huggingface.co/datasets/allenai/c4/tree/main"), hub_dataset("https://a.example/b")
    ('allenai/c4', '')
    """
    parts = dataset_path(address)
    if len(parts) < 2 or parts[0] != "datasets":
        return ""
    beyond = len(parts) > 3 and parts[2] in ("tree", "blob", "resolve")
    name = parts[1] if len(parts) == 2 or beyond else "/".join(parts[1:3])
    return name if is_hub_id(name) else ""
