"""What a search finds, with labels and snippets, page by page."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from types import MappingProxyType

import msgspec

from kg.answers.contract import HitAnswer, SearchAnswer, Suggested, UnderstoodAnswer
from kg.answers.missing import find_missing
from kg.answers.show import describe, tell_lookalikes
from kg.errors import InputError
from kg.language.tokens import tokens
from kg.messages.message import Message
from kg.model.claim import Entity, kind_of, main_label
from kg.search.analyzer import completions
from kg.search.analyzer import typed as typed_form
from kg.search.clauses import FACETS, Found, Order
from kg.search.index import Chosen
from kg.search.query import Meant, parse
from kg.snapshot.snapshot import Snapshot

LONGEST = 2000  # characters of a query that are read
DEEPEST = 10_000  # hits that can be paged through
_MOVED = Message("the data has changed since the page before; these are the first hits")


def search(
    snapshot: Snapshot,
    text: str,
    limit: int = 20,
    offset: int = 0,
    kinds: Sequence[str] = (),
    lang: str = "en",
    *,
    chosen: Chosen = MappingProxyType({}),
    order: Order = "relevance",
    cursor: str = "",
    group: bool = True,
    as_words: Sequence[str] = (),
) -> SearchAnswer:
    """Find entities by words.

    Args:
        snapshot: an open snapshot.
        text: words in Korean or English, with the filters of kg/search/query.py.
        limit: most hits.
        offset: hits to skip; up to 10,000.
        kinds: only these kinds; empty = all.
        lang: language of labels and snippets.
        chosen: only these values of facets.
        order: relevance, date, downloads, descendants or size, the greatest first.
        cursor: `next` of the answer before, instead of an offset.
        group: copies (quantizations, conversions, mirrors) stand behind their original, which is the hit; one is a
            hit of its own only if the query names it or asks for copies. Totals and facets count what is listed.
            Filters without words list all that passes.
        as_words: words that are searched as words, though they may mean a filter.

    Raises:
        InputError: the cursor is none of ours, a facet is unknown, or the offset is too great.
    """
    asked = snapshot.index.settle(parse(text[:LONGEST]), as_words)
    notes: list[Message] = []
    if cursor:
        offset = _place(cursor, snapshot.manifest.version, notes)
    if offset > DEEPEST:
        raise InputError(
            Message("only the first %(most)s hits can be listed; narrow the query", most=DEEPEST)
        )
    narrowed = _known({**chosen, "kind": [*chosen.get("kind", ()), *kinds]})
    missing = find_missing(snapshot, asked.text, lang)
    if missing:
        asked = msgspec.structs.replace(asked, text=missing.rest)
    page = snapshot.index.search(asked, limit, offset, narrowed, order, group=group)
    hits = _hits(snapshot, page.hits, asked.text, lang)
    end = offset + len(hits)
    following = (
        _cursor(snapshot.manifest.version, end) if hits and end < min(page.total, DEEPEST) else None
    )
    told = [note.text(lang) for note in (*page.notes, *notes)]
    return SearchAnswer(
        total=page.total,
        hits=hits,
        facets=page.facets,
        suggestion=page.suggestion,
        notes=told,
        next=following,
        hidden=page.hidden,
        missing=missing.answer if missing else None,
        understood=[_understood(meant) for meant in asked.meant],
        left_out=list(asked.left_out),
    )


def _understood(meant: Meant) -> UnderstoodAnswer:
    return UnderstoodAnswer(
        words=meant.words,
        field=meant.field,
        value=meant.value,
        negated=meant.negated,
        filter=meant.typed,
        applied=meant.applied,
    )


def suggest(snapshot: Snapshot, start: str, limit: int = 8, lang: str = "en") -> list[Suggested]:
    """What has a name that begins so, the most popular first; each with the name that does.

    Args:
        snapshot: an open snapshot.
        start: the beginning of a name; a half-typed syllable or initial consonants will do.
        limit: most suggestions.
        lang: language of the labels.
    """
    typed = parse(start[:100]).typed.strip()
    found = [snapshot.entity(id) for id in snapshot.index.complete(typed, limit)]
    return [_suggested(entity, typed, lang) for entity in found]


def _suggested(entity: Entity, typed: str, lang: str) -> Suggested:
    label = main_label(entity, lang)
    names = [label, *(n for names in entity.labels.values() for n in names)]
    begins = typed_form(typed)
    name = next((n for n in names if any(c.startswith(begins) for c in completions(n))), label)
    return Suggested(entity.id, kind_of(entity.id), label, name)


def _known(chosen: Chosen) -> Chosen:
    if wrong := next((facet for facet in chosen if facet not in FACETS), None):
        raise InputError(
            Message("unknown facet %(facet)r; known are: %(known)s", facet=wrong[:40], known=FACETS)
        )
    return {facet: values for facet, values in chosen.items() if values}


def _cursor(version: str, place: int) -> str:
    return base64.urlsafe_b64encode(f"{version}.{place}".encode()).decode().rstrip("=")


def _place(cursor: str, version: str, notes: list[Message]) -> int:
    """Where a cursor points; an index never changes, so a place in it stays what it was."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        made, _, place = (
            base64.urlsafe_b64decode(padded.encode("ascii")).decode("ascii").partition(".")
        )
        at = int(place)
    except (binascii.Error, ValueError):
        raise InputError(
            Message("the cursor is damaged; take it from `next` of the answer before")
        ) from None
    if made != version:
        notes.append(_MOVED)
        return 0
    return max(0, at)


def _hits(snapshot: Snapshot, found: Sequence[Found], text: str, lang: str) -> list[HitAnswer]:
    copies = snapshot.index.copies([hit.id for hit in found if kind_of(hit.id) == "model"])
    return [
        _hit(snapshot.entity(hit.id), hit.score, text, lang, copies.get(hit.id, {}))
        for hit in found
    ]


def _hit(entity: Entity, score: float, text: str, lang: str, copies: dict[str, int]) -> HitAnswer:
    snippet = _snippet(entity, text, lang)
    label = main_label(entity, lang)
    return HitAnswer(
        id=entity.id,
        kind=kind_of(entity.id),
        label=label,
        score=score,
        snippet=snippet,
        copies=copies,
        lookalike=tell_lookalikes(entity, lang),
    )


def _snippet(entity: Entity, text: str, lang: str) -> str:
    """The description, before it the name that matched if the label does not show it."""
    wanted = {token.term for token in tokens(text)}
    label = main_label(entity, lang)
    others = [n for names in entity.labels.values() for n in names if n != label]
    shows = any(t.term in wanted for t in tokens(label))
    other = (
        "" if shows else next((n for n in others if any(t.term in wanted for t in tokens(n))), "")
    )
    return " · ".join(part for part in (other, describe(entity, lang)) if part)
