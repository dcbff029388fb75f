"""What is otherwise with one model than it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

import msgspec

from kg.watch.lock import LockLine

Difference = Literal[
    "known",
    "gone",
    "renamed",
    "another",
    "revision",
    "verdict",
    "license",
    "terms",
    "base",
    "access",
    "retired",
    "superseded",
]


class Differs(msgspec.Struct, frozen=True):
    """One thing that is otherwise than it was."""

    what: Difference
    before: tuple[str, ...]  # ids, codes, days; of terms "license stamp"
    after: tuple[str, ...]


def compare(was: LockLine, now: LockLine, redirects: Mapping[str, str]) -> Iterator[Differs]:
    """What is otherwise with one model.

    Args:
        was: what was true.
        now: what is true.
        redirects: old id -> the id it goes by now.
    """
    if was.id != now.id:
        yield Differs(_of_id(was, now, redirects), _some(was.id), _some(now.id))
    if was.revision != now.revision:
        yield Differs("revision", _some(was.revision), _some(now.revision))
    if was.verdict != now.verdict:
        yield Differs("verdict", (was.verdict,), (now.verdict,))
    if not (was.id and now.id):
        return  # nothing is known of one of both
    yield from _sets("license", _moved(was.license, redirects), now.license)
    own = {*was.license} ^ {*now.license}  # told already
    terms = ([f"{k} {v}" for k, v in one.terms.items() if k not in own] for one in (was, now))
    yield from _sets("terms", *terms)
    yield from _sets("base", [_moved_base(one, redirects) for one in was.base], now.base)
    for what in ("access", "retired"):
        if (before := getattr(was, what)) != (after := getattr(now, what)):
            yield Differs("access" if what == "access" else "retired", _some(before), _some(after))
    yield from _sets("superseded", _moved(was.superseded, redirects), now.superseded)


def _of_id(was: LockLine, now: LockLine, redirects: Mapping[str, str]) -> Difference:
    if not was.id:
        return "known"
    if not now.id:
        return "gone"
    return "renamed" if redirects.get(was.id) == now.id else "another"


def _some(text: str) -> tuple[str, ...]:
    return (text,) if text else ()


def _moved(ids: Iterable[str], redirects: Mapping[str, str]) -> list[str]:
    return [redirects.get(id, id) for id in ids]


def _moved_base(base: str, redirects: Mapping[str, str]) -> str:
    relation, _, parent = base.partition(" ")
    return f"{relation} {redirects.get(parent, parent)}"


def _sets(what: Difference, was: Iterable[str], now: Iterable[str]) -> Iterator[Differs]:
    """What went and what came, of things without an order."""
    before, after = list(was), list(now)
    gone = tuple(one for one in before if one not in after)
    come = tuple(one for one in after if one not in before)
    if gone or come:
        yield Differs(what, gone, come)
