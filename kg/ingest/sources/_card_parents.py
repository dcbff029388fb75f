"""What model cards say of parents: the fields that name base models, and words for adapters and merges."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from functools import cache
from typing import Any, NamedTuple

from kg.ingest.kit._parent_words import parent_words
from kg.ingest.kit._unresolved import UNNAMED
from kg.ingest.kit._words import fold
from kg.ingest.kit.kit import Found, Kit
from kg.language.memo import remembered
from kg.messages.message import mark
from kg.model.claim import Claim
from kg.model.vocabulary import UNRESOLVED_PARENT, hub_relations, load_vocabulary

_BASE = "base_model"
_BETWEEN = re.compile(r"[\W_]+")  # what spellings of a key differ in
_TEXTS = {str}
_ALIKE = 0.88  # of the letters of two keys
_MADE = {"adapter": "adapterOf", "merge": "mergedFrom"}  # groups of data/ingest/words.yaml


class CardPlace(NamedTuple):
    """Whose card it is, and where it stands."""

    subject: str  # id
    hub_id: str  # "" if it is not of the Hub
    source: str  # id
    at: str  # locator, without the field


def strings(value: object) -> list[object]:
    """The values of a field that holds one or a list, in lists of any depth; none if it is missing.

    >>> strings(["a", ["b"]]), strings("a"), strings(None), strings("")
    (['a', 'b'], ['a'], [], [''])
    """
    if not isinstance(value, list | tuple):
        return [] if value is None else [value]
    if {*map(type, value)} == _TEXTS:
        return [*value]
    return [one for part in value for one in strings(part)]


def place_of(about: CardPlace, field: str) -> str:
    """The locator of a field."""
    return f"{about.at}#{field}" if about.at else field


def card_parents(card: Mapping[str, Any], about: CardPlace, kit: Kit) -> Iterator[Found]:
    """The parents that a card names, under the right key or a misspelled one."""
    said = str(card.get("base_model_relation") or "").strip()
    property = hub_relations().get(said.casefold(), "derivedFrom")
    note = f"base_model_relation: {said}" if said and property == "derivedFrom" else ""
    for key in _bases_keys(card):
        bases = strings(card[key])
        if key != _BASE:
            told = ", ".join(one.value for one in kit.parents(bases, about.hub_id))
            yield misspelled_key(key, _BASE, told, "derivedFrom", about, kit)
        yield from kit.derive(
            about.subject,
            property,
            bases,
            place_of(about, key),
            own=about.hub_id,
            note=note,
            source=about.source,
        )


def _bases_keys(card: Mapping[str, Any]) -> list[str]:
    """The keys under which base models stand, the right one first."""
    spelled = [key for key in card if key != _BASE and names_bases(key)]
    return [key for key in (_BASE, *spelled) if strings(card.get(key))]


@remembered
def names_bases(key: str) -> bool:
    """Whether a key means base models: in another spelling, or with a slip.

    >>> names_bases("Base-Models"), names_bases("bsae_model"), names_bases("base_model_relation")
    (True, True, False)
    """
    folded = _BETWEEN.sub("", key.casefold())
    alike = SequenceMatcher(None, folded, "basemodel").ratio() if "mod" in folded else 0
    return folded in parent_words("card_keys") or alike > _ALIKE


def card_bases(card: Mapping[str, Any]) -> Iterator[object]:
    """What stands in a card where base models should be named, also under a misspelled key."""
    for key in _bases_keys(card):
        yield from strings(card[key])


def misspelled_key(
    key: str, right: str, value: str, property: str, about: CardPlace, kit: Kit
) -> Found:
    """That a field stands under a key that the Hub does not read."""
    return kit.issue(
        "card-key",
        about.subject,
        f"the key is `{right}`",
        f"{key}: {value}",
        place_of(about, key),
        property,
        about.source,
    )


def unnamed_parents(card: Mapping[str, Any], about: CardPlace, kit: Kit) -> Iterator[Found]:
    """That a card calls its model an adapter or a merge: for one that names no parent at all.

    Args:
        card: `library_name` and `tags` of the card, or of the Hub.
        about: whose they are.
        kit: the source's.
    """
    for field in ("library_name", "tags"):
        for text in strings(card.get(field)):
            if relation := _MADE.get(kit.words.get(fold(str(text)), "")):
                yield from kit.unresolved(
                    about.subject,
                    relation,
                    place_of(about, field),
                    rule="parent-unnamed",
                    message=mark("it is called an adapter or a merge, and no parent is named"),
                    value=text,
                    written=f"{UNNAMED}; as written: {text}",
                    source=about.source,
                )
                return


def plain_value(value: object) -> object:
    """A value that can be compared; what is neither text nor number is shown as it is."""
    return value if isinstance(value, str | int | float) else str(value)


def states_parent(found: object) -> bool:
    """Whether something found says that a model has a parent, one that can be found or not."""
    if not isinstance(found, Claim):
        return False
    return found.property in _parent_properties()


@cache
def _parent_properties() -> frozenset[str]:
    return load_vocabulary().edges("weights") | {UNRESOLVED_PARENT}
