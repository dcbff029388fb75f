"""Which ids name the same thing: judgements and exact Hub ids, as one mapping to canonical ids.

Invariant: `canonical` is a pure function of the set of links; their order does not matter.
A curated slug is canonical before a Hub path, a Hub path before the id another source made, that
before a local one; then a current name before an old one; then the smallest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from kg.errors import DataError
from kg.model import Claim, Judgement, is_id, kind_of, slug_of
from kg.vocab import HUB_ID, Vocabulary
from kg.yamlfile import Yaml, read_yaml

_FIELDS = {"left", "right", "same", "author", "date", "reason"}


class Linker:
    """Maps ids to canonical ids.

    Args:
        pairs: ids that name the same thing.
        outdated: ids that are old names or wrong spellings.
    """

    def __init__(
        self, pairs: Iterable[tuple[str, str]] = (), outdated: Collection[str] = ()
    ) -> None:
        parent: dict[str, str] = {}

        def preference(id: str) -> tuple[int, bool, str]:
            prefix, slash, _ = slug_of(id).partition("/")
            return {"hf": 1, "local": 3}.get(prefix, 2) if slash else 0, id in outdated, id

        def root(id: str) -> str:
            while (up := parent.setdefault(id, id)) != id:
                parent[id] = id = parent[up]
            return id

        for left, right in pairs:
            first, second = sorted((root(left), root(right)), key=preference)
            parent[second] = first
        self._canonical = {id: root(id) for id in tuple(parent) if root(id) != id}

    def canonical(self, id: str) -> str:
        """The id that an id goes by."""
        return self._canonical.get(id, id)

    @property
    def redirects(self) -> Mapping[str, str]:
        """Every id that goes by another, with that other."""
        return dict(sorted(self._canonical.items()))


def link(claims: Iterable[Claim], linker: Linker, vocabulary: Vocabulary) -> Iterator[Claim]:
    """Put canonical ids into claims, as subjects, sources and values."""
    entity_properties = {p.name for p in vocabulary.properties.values() if p.type == "entity"}
    aliases = linker.redirects
    for claim in claims:
        value = claim.said.value
        if claim.subject in aliases or (claim.property in entity_properties and value in aliases):
            claim = _relink(claim, linker, claim.property in entity_properties)
        yield claim


def _relink(claim: Claim, linker: Linker, is_entity: bool) -> Claim:
    said = claim.said
    if is_entity and isinstance(said.value, str):
        said = msgspec.structs.replace(said, value=linker.canonical(said.value))
    return Claim(linker.canonical(claim.subject), claim.property, said)


def hub_links(claims: Iterable[Claim]) -> Iterator[tuple[str, str]]:
    """The links that follow from exact Hub ids: an entity and its path `kind/hf/…`."""
    for claim in claims:
        if claim.property == HUB_ID and claim.said.rank != "rejected":
            yield claim.subject, f"{kind_of(claim.subject)}/hf/{claim.said.value}"


def read_judgements(path: Path) -> list[Judgement]:
    """Read data/judgements.yaml; a missing file holds none.

    Raises:
        DataError: a judgement is incomplete or unclear; with file and line.
    """
    if not path.exists():
        return []
    file = read_yaml(path, f"{path.parent.name}/{path.name}")
    items = file.data or []
    if not isinstance(items, list):
        raise DataError("must be a list of judgements", file.name, 1)
    return [_judgement(file, i, item) for i, item in enumerate(items)]


def _judgement(file: Yaml, index: int, item: Any) -> Judgement:
    line = file.line((index,))
    if not isinstance(item, dict) or item.keys() != _FIELDS:
        raise DataError(f"a judgement has the fields {', '.join(sorted(_FIELDS))}", file.name, line)
    if not isinstance(item["same"], bool):
        raise DataError("same must be true or false", file.name, line)
    for side in ("left", "right"):
        if not isinstance(item[side], str) or not is_id(item[side]):
            raise DataError(f"{side} must be an id such as model/alpaca-7b", file.name, line)
    author, date, reason = (str(item[field]) for field in ("author", "date", "reason"))
    return Judgement(item["left"], item["right"], item["same"], author, date, reason)
