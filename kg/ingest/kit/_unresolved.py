"""Parents that a source declares and that nothing can find by what it wrote: why, and what may be told of it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kg.ingest.kit.parents import NOT_TEXT, ParentReference, Sort
from kg.messages.message import mark
from kg.model.claim import kind_of
from kg.model.vocabulary import DERIVED_FROM, UNRESOLVED_PARENT, load_vocabulary

# Why a text that should name a parent is no claim; the rules are `parent-` and the sort.
NO_PARENT: Mapping[Sort, str] = {
    "url": mark("its parent is an address outside the Hub"),
    "path": mark("its parent is a local path or file, which names nothing outside that machine"),
    "prose": mark("its parent is told in words"),
    "self": mark("it names itself as its parent"),
    "placeholder": mark("a word stands where its parent should"),
}
UNNAMED, PATH = "none is named", "a path on a disk"
_MOST = 200  # characters of what was written


def what_is_written(
    parent: ParentReference, property: str, nothing: bool, place: tuple[int, int] = (1, 1)
) -> str:
    """What may be told of a text that names no parent; "" if it declares none.

    "Derived from" itself or nothing declares none; an adapter or a merge of itself or nothing has another.

    Args:
        parent: what the text was read as.
        property: how the child derives.
        nothing: whether it is a word for no value.
        place: which of how many parents of the field.
    """
    told = _told(parent, nothing)
    if property == DERIVED_FROM and (nothing or parent.sort == "self"):
        return ""
    return f"{told}; parent {place[0]} of {place[1]}" if place[1] > 1 else told


def _told(parent: ParentReference, nothing: bool) -> str:
    if nothing:
        return UNNAMED
    if parent.sort == "path":
        return f"{PATH}; {_written(parent.value)}" if parent.value else PATH
    if parent.sort == "self":
        return "its own name"
    if parent.note == NOT_TEXT:
        return NOT_TEXT
    return _written(shown_address(parent.value))


def _written(text: str) -> str:
    return f"as written: {text[:_MOST]}"


def declared_relation(subject: str, property: str) -> str:
    """How a thing derives from a parent that cannot be resolved; "" if no weights come from it."""
    known = load_vocabulary()
    if property not in known.edges("weights") or kind_of(subject) != "model":
        return ""
    return property if property in known.properties[UNRESOLVED_PARENT].codes else DERIVED_FROM


def shown_address(text: str) -> str:
    """A text as it may be shown: an address without user, password, query and fragment.

    >>> shown_address("https://kim:secret@a.example/b?token=1"), shown_address("Llama 2 (Meta)")
    ('https://a.example/b', 'Llama 2 (Meta)')
    """
    if not re.match(r"https?://", text, re.IGNORECASE):
        return text
    return re.sub(r"(?i)^(https?://)([^/?#]*@)?", r"\1", re.split(r"[?#]", text)[0])
