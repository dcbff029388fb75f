"""Repositories that tables of other programs name: models of the Hub, and where the same stand on ModelScope.

A model on ModelScope is the one on the Hub where a table lists both in one row and they have one name; the
accounts may differ. What has another name, or two models of the Hub beside it, is no tie.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kg.claims.runs import IdentityLink
from kg.ingest.kit.kit import Found, Kit
from kg.ingest.kit.parents import is_hub_id


class TwinPair(NamedTuple):
    """A repository on ModelScope and one on the Hub that a table names in one row."""

    modelscope: str
    hub: str
    at: str

    @property
    def named_alike(self) -> bool:
        """Whether both have one name, whatever the account and case."""
        return _tail(self.modelscope) == _tail(self.hub)


def is_repository(id: object) -> bool:
    """Whether something is the id of a repository with its account.

    >>> is_repository("Qwen/Qwen3-8B"), is_repository("gpt2"), is_repository(None)
    (True, False, False)
    """
    return isinstance(id, str) and "/" in id and is_hub_id(id)


def hub_model(kit: Kit, id: str, at: str) -> Iterator[Found]:
    """What every source says of a model of the Hub: its name and its id."""
    subject = f"model/hf/{id}"
    yield kit.name(subject, id.rpartition("/")[2], at, lang="en")
    yield kit.say(subject, "hubId", id, at)


def modelscope_ties(pairs: Iterable[TwinPair], kit: Kit) -> Iterator[Found | IdentityLink]:
    """Where the models of a table stand on ModelScope, each said once.

    Args:
        pairs: of the whole table, for a second row may contradict the first.
        kit: speaks for the source.
    """
    tied: dict[str, dict[str, TwinPair]] = defaultdict(dict)
    told = set()
    for pair in pairs:
        row = (pair.modelscope.casefold(), pair.hub.casefold())
        if pair.named_alike:
            tied[row[0]].setdefault(row[1], pair)
        elif row not in told:
            told.add(row)
            yield _doubt("modelscope-name", "the names on the two hubs differ", pair, kit)
    for found in tied.values():
        for pair in found.values():
            if len(found) > 1:
                message = "stands beside several models of the Hub"
                yield _doubt("modelscope-several", message, pair, kit)
                continue
            subject = f"model/hf/{pair.hub}"
            yield kit.say(subject, "modelScopeId", pair.modelscope, pair.at)
            yield IdentityLink(
                f"model/ms/{pair.modelscope}", subject, "the source lists both as one model"
            )


def _doubt(rule: str, message: str, pair: TwinPair, kit: Kit) -> Found:
    subject = f"model/hf/{pair.hub}"
    return kit.issue(rule, subject, message, pair.modelscope, pair.at, "modelScopeId")


def _tail(id: str) -> str:
    return id.rpartition("/")[2].casefold()
