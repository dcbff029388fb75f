"""Which models are copies of which, and whose own each is: what search puts first and what it groups.

A copy is the same model in another form or place, by the relations that ontology/kg.ttl gives a word for
copies. A chain of copies leads to one original, so that a quantization of a mirror counts with the model
that both come from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from kg.answers.show import tell_lookalikes
from kg.claims.accounts import Accounts
from kg.language.tokens import key
from kg.model.claim import Entity, Value, kind_of
from kg.search.analyzer import Standing
from kg.snapshot.snapshot import Snapshot

_HUB = "model/hf/"
_REMEMBERED = 20_000  # models of which the original is known


class Copies:
    """The originals of copies, by the lineage of a snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._up = snapshot.lineage.up
        self._copying = snapshot.lineage.codes(snapshot.vocabulary.copies).tolist()
        self._models = range(*snapshot.kind_range("model"))
        self._parent = lru_cache(_REMEMBERED)(self._find_parent)

    def original(self, number: int) -> int | None:
        """What a model is a copy of, through further copies; None where it is none.

        A family, or a model that nothing describes, is nobody's original: a copy of it stands alone.
        Where sources lead in a circle, the first model of the circle by id is the original.
        """
        path = [number]
        while (parent := self._parent(path[-1])) is not None:
            if parent in path:
                path.append(min(path[path.index(parent) :]))
                break
            path.append(parent)
        return path[-1] if path[-1] != number else None

    def _find_parent(self, number: int) -> int | None:
        for parent, code in zip(*self._up.of(number), strict=True):
            if self._copying[code] and parent in self._models:
                return parent
        return None


class _Account(NamedTuple):
    """What is known of an account on the Hub."""

    folded: str
    is_maker: bool
    is_maker_only: bool
    copies: bool  # publishes what others made, and nothing of its own


class Standings:
    """Whose own the models of a snapshot are.

    Args:
        snapshot: the models.
        accounts: who publishes on the Hub what they made.
    """

    def __init__(self, snapshot: Snapshot, accounts: Accounts) -> None:
        self._accounts = accounts
        self._copies = frozenset(snapshot.vocabulary.copies)
        self._latest = _Account("", False, False, False)
        first, end = snapshot.kind_range("model")
        ids = (*(snapshot.lines.id(number) for number in range(first, end)), *snapshot.redirects)
        self._makers: dict[str, set[str]] = defaultdict(set)  # a repository's name -> makers of it
        for id in ids:
            if id.startswith(_HUB):
                owner, _, tail = id.removeprefix(_HUB).partition("/")
                if accounts.is_maker_only(owner):
                    self._makers[key(tail)].add(owner.casefold())

    def standing(self, entity: Entity, names: Sequence[str], relations: Iterable[str]) -> Standing:
        """Whether people described a model, or it is its maker's own, somebody else's, uploaded again, or looks alike.

        What stands on no Hub is its maker's own.

        Args:
            entity: the model, or anything else.
            names: its ids on the Hub.
            relations: by which it derives from something.
        """
        if not entity.names and tell_lookalikes(entity):
            return "alike"
        if kind_of(entity.id) != "model" or entity.names:
            return "curated"
        is_maker = not names
        for name in names:
            owner, _, tail = name.partition("/")
            account = self._account(owner)
            if self._is_again(account, tail):
                return "again"
            is_maker = is_maker or account.is_maker
        if is_maker:
            return "own"
        return "other" if self._copies.isdisjoint(relations) else "again"

    def _account(self, owner: str) -> _Account:
        """What an account does; the models of one come one after the other."""
        folded = owner.casefold()
        if folded != self._latest.folded:
            known = self._accounts
            self._latest = _Account(
                folded,
                known.is_maker(owner),
                known.is_maker_only(owner),
                known.copies(owner),
            )
        return self._latest

    def _is_again(self, account: _Account, tail: str) -> bool:
        if account.is_maker_only:
            return False
        makers = self._makers.get(key(tail))
        return account.copies or bool(makers and account.folded not in makers)

    def strangers(self, names: Iterable[str]) -> list[str]:
        """The accounts, not of makers, that a model stands under by its ids on the Hub."""
        owners = (name.partition("/")[0] for name in names)
        return [owner for owner in owners if not self._accounts.is_maker(owner)]


def hub_names(id: str, said: Iterable[Value]) -> list[str]:
    """The ids a model has on the Hub.

    Args:
        id: of the model.
        said: its ids there, as they are said of it.
    """
    names = [id.removeprefix(_HUB)] if id.startswith(_HUB) else []
    names += [name for value in said if "/" in (name := str(value or ""))]
    return list(dict.fromkeys(names))
