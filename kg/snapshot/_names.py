"""What a person's text means in a snapshot: the id it names, or the ids that look like it."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kg.errors import InputError, UnknownId
from kg.messages.message import Message
from kg.model.claim import is_id, kind_of, slug_of

if TYPE_CHECKING:
    from kg.snapshot.snapshot import Snapshot

_LONGEST_NAME, _NAMESAKES = 200, 20  # characters of a name; things whose names begin with it
_NEAR_SCAN = 5_000  # ids compared with a mistyped one; past it only those around its place


def find_id(snapshot: Snapshot, text: str) -> str:
    """The canonical id that a text names: kind/slug, bare slug, Hub id, IRI of ours or name.

    Raises:
        UnknownId: nothing goes by that name; carries the nearest ids.
        InputError: a bare slug that several kinds share, or a name of several things.
    """
    text = _without_base(text.strip(), snapshot.manifest.base)
    for candidate in (text, f"model/hf/{text}", f"dataset/hf/{text}", f"org/hf/{text}"):
        known = snapshot.redirects.get(candidate, candidate)
        if is_id(known) and snapshot.lines.find(known) is not None:
            return known
    slugs = (f"{kind}/{text}" for kind in snapshot.vocabulary.kinds)
    named = [id for id in slugs if snapshot.lines.find(id) is not None] or _find_names(
        snapshot, text
    )
    if len(named) > 1:
        raise InputError(
            Message("%(text)r names several things: %(names)s", text=text, names=named)
        )
    if not named:
        raise UnknownId(text, find_near(snapshot, text))
    return named[0]


def find_near(snapshot: Snapshot, text: str, most: int = 5) -> list[str]:
    """Ids that look like a text, the nearest first."""
    kind = kind_of(text) if "/" in text else ""
    known = kind in snapshot.vocabulary.kinds
    slugs: dict[str, str] = {}
    for number in _lines_around(snapshot, text if known else f"model/{text}"):
        id = snapshot.lines.id(number)
        slugs.setdefault(slug_of(id), id)
    wanted = slug_of(text) if known else text
    return [slugs[s] for s in difflib.get_close_matches(wanted.lower(), slugs, most)]


def _find_names(snapshot: Snapshot, name: str) -> list[str]:
    """What has exactly this name in any language, by letters alone: `Alpaca 7B`, 알파카 7B."""
    from kg.language.tokens import key

    begins = [] if "/" in name else snapshot.index.complete(name[:_LONGEST_NAME], _NAMESAKES)
    return [
        e.id
        for e in snapshot.those(begins)
        if any(key(name) == key(n) for names in e.labels.values() for n in names)
    ]


def _lines_around(snapshot: Snapshot, id: str) -> Sequence[int]:
    """The lines that are compared with an id that is none."""
    if len(snapshot.lines) <= _NEAR_SCAN:
        return range(len(snapshot.lines))
    place, half = snapshot.lines.bisect(id), _NEAR_SCAN // 2
    return range(max(0, place - half), min(len(snapshot.lines), place + half))


def _without_base(text: str, base: str) -> str:
    if text.startswith(base):
        return text[len(base) :]
    parts = urlsplit(text) if text.startswith("https://huggingface.co/") else None
    return parts.path.strip("/").removeprefix("datasets/") if parts else text
