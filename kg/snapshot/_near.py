"""The ids that look like a text that names nothing.

However large a snapshot is, a text is compared with the ids around its place only, and what was read of
these is remembered by blocks of lines. rapidfuzz takes a while to load, so this module is imported when it is
first needed (kg/snapshot/snapshot.py).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz import fuzz, process

from kg.language.forms import readable
from kg.language.tokens import FILLERS
from kg.model.claim import kind_of, slug_of
from kg.search.query import parse
from kg.snapshot.memo import memo

if TYPE_CHECKING:
    from kg.snapshot.snapshot import Snapshot

BLOCK = 2_500  # lines that are read together; a text is compared with two blocks
_BLOCKS = 8  # remembered, half a megabyte each
_MOST = 20  # ids that anyone asks for; who asks for fewer gets the first of them
_SAME = 16  # names remembered, for an answer asks several times for the ids near one
MOST_WORDS = 8  # of a name that is searched for
_ALIKE = 60  # of 100: how much of two slugs together stands in both, in order
_LONGEST = 200  # characters of a text
_WORD = re.compile(r"[^\s/_-]+")


class _Block(NamedTuple):
    """Some lines of the release."""

    ids: list[str]
    slugs: list[str]  # in lower case


def find_near(snapshot: Snapshot, text: str, most: int = 5) -> list[str]:
    """Ids that look like a text, the nearest first; if none does, what a search finds by it.

    Args:
        snapshot: the release.
        text: an id that is none, or any name.
        most: ids to give, 20 at most.
    """
    text = readable(text[:_LONGEST])
    kind = kind_of(text) if "/" in text else ""
    known = kind in snapshot.vocabulary.kinds
    return list(_find_near(snapshot, text if known else f"model/{text}")[:most])


@memo(most=_SAME)
def _find_near(snapshot: Snapshot, text: str) -> tuple[str, ...]:
    wanted = slug_of(text)
    scored = [
        (-score, slug, block.ids[place])
        for block in _blocks_around(snapshot, text)
        for slug, score, place in process.extract(
            wanted.lower(), block.slugs, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=2 * _MOST
        )
    ]
    near: dict[str, str] = {}  # of things with one slug the first
    for _, slug, id in sorted(scored):
        near.setdefault(slug, id)
    ids = [*near.values()][:_MOST]
    return tuple(ids or snapshot.index.best(parse(telling_words(wanted)), _MOST))


def telling_words(name: str) -> str:
    """The words of a name that tell what it names: the first of them, without those that say little.

    Args:
        name: such as `llama-5-model`; one of nothing but such words is left as it is.
    """
    words = list(_WORD.finditer(name))
    said = [word for word in words if word[0].lower() not in FILLERS]
    if len(words) == len(said) <= MOST_WORDS:
        return name
    return " ".join(word[0] for word in (said or words)[:MOST_WORDS])


def _blocks_around(snapshot: Snapshot, id: str) -> list[_Block]:
    """The block that an id would stand in and the nearer of its neighbors; all where there are few."""
    last = max(0, len(snapshot.lines) - 1) // BLOCK
    line = snapshot.lines.bisect(id)
    place = min(line // BLOCK, last)
    side = 1 if line % BLOCK >= BLOCK // 2 else -1
    other = place + (side if 0 <= place + side <= last else -side)
    return [_block(snapshot, number) for number in sorted({place, min(max(0, other), last)})]


@memo(most=_BLOCKS)
def _block(snapshot: Snapshot, number: int) -> _Block:
    lines = snapshot.lines
    ids = lines.ids(number * BLOCK, min((number + 1) * BLOCK, len(lines)))
    return _Block(ids, [id.partition("/")[2].lower() for id in ids])
