"""Accounts on the Hub by what they do: who publishes what they made, who publishes what others made.

They are data: data/ingest/accounts.yaml, and the accounts that data/judgements.yaml says to be an
organization of data/curated. The Hub tells no account from another by case, so nothing here does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.claims.judgements import FILE as JUDGEMENTS
from kg.claims.judgements import in_force, read_judgements
from kg.claims.runs import IdentityLink
from kg.errors import DataError
from kg.files.yaml import Yaml, read_yaml
from kg.messages.message import Message
from kg.model.claim import slug_of

QUANTIZES, MIRRORS = "quantizes", "mirrors"  # what an account does with what others made
_DEEDS = (QUANTIZES, MIRRORS)
_PARTS = ("makers", "reuploaders", "renamed")
_HUB_ORG = "org/hf/"


@dataclass(frozen=True, kw_only=True)
class Accounts:
    """What is known of accounts; all names in it are folded."""

    makers: frozenset[str] = frozenset()
    reuploaders: Mapping[str, frozenset[str]]  # what each does: `quantizes`, `mirrors`
    renamed: Mapping[str, str]  # former name -> the present one, as the Hub writes it

    def is_maker(self, account: str) -> bool:
        """Whether somebody publishes through an account the models that they made."""
        return account.casefold() in self.makers

    def is_maker_only(self, account: str) -> bool:
        """Whether an account is a maker's that does not publish what others made as well."""
        return self.is_maker(account) and not self.does_with_others(account)

    def copies(self, account: str) -> bool:
        """Whether an account publishes what others made, and nothing of its own."""
        return bool(self.does_with_others(account)) and not self.is_maker(account)

    def does_with_others(self, account: str) -> frozenset[str]:
        """What an account does with models that others made; nothing of most accounts."""
        return self.reuploaders.get(account.casefold(), frozenset())

    def present_name(self, account: str) -> str:
        """The name that an account goes by now."""
        return self.renamed.get(account.casefold(), account)


NOBODY = Accounts(reuploaders={}, renamed={})


def read_accounts(data: Path) -> Accounts:
    """Read the accounts of a data folder; a missing file names none.

    Args:
        data: the data folder.

    Raises:
        DataError: a file is wrong, or an account stands twice; with file and line.
    """
    path = data / "ingest" / "accounts.yaml"
    judged = frozenset(account.casefold() for account in _judged(data))
    if not path.exists():
        return Accounts(makers=judged, reuploaders={}, renamed={})
    file = read_yaml(path, "data/ingest/accounts.yaml")
    if not isinstance(file.data, dict) or file.data.keys() != set(_PARTS):
        raise DataError(Message("has the parts %(names)s", names=list(_PARTS)), file.name, 1)
    deeds = dict(_mapping(file, "reuploaders", _deeds))
    return Accounts(
        makers=judged.union(_list(file, "makers")),
        reuploaders={account: deeds[account] for account in sorted(deeds)},
        renamed=dict(_mapping(file, "renamed", _account)),
    )


def renamed_ids(ids: Iterable[str], accounts: Accounts) -> Iterator[IdentityLink]:
    """The ids of the Hub that stand under the former name of an account, with those of today.

    Args:
        ids: each once; of other places as well.
        accounts: which were renamed; the Hub leads from each old id to the new one.
    """
    for id in ids:
        kind, _, path = id.partition("/hf/")
        owner, slash, name = path.partition("/")
        present = accounts.present_name(owner)
        if present != owner and slash and "/" not in kind:
            new = f"{kind}/hf/{present}/{name}"
            yield IdentityLink(id, new, "its account was renamed", outdated=True)


def _judged(data: Path) -> Iterator[str]:
    """The accounts that a person judged to be an organization of data/curated."""
    for judgement in in_force(read_judgements(data / JUDGEMENTS)):
        for one, other in (
            (judgement.left, judgement.right),
            (judgement.right, judgement.left),
        ):
            if judgement.same and one.startswith(_HUB_ORG) and "/" not in slug_of(other):
                yield one.removeprefix(_HUB_ORG)


def _list(file: Yaml, part: str) -> Iterator[str]:
    """The accounts of a list, folded."""
    items = file.data[part]
    if not isinstance(items, list):
        raise DataError(
            Message("%(name)s must be a list of accounts", name=part), file.name, file.line((part,))
        )
    seen: set[str] = set()
    for place, item in enumerate(items):
        line = file.line((part, place))
        yield _once(_account(item, file, line), seen, file, line)


def _mapping(
    file: Yaml, part: str, read: Callable[[Any, Yaml, int], Any]
) -> Iterator[tuple[str, Any]]:
    """The accounts of a mapping, folded, each with what is said of it."""
    items = file.data[part]
    if not isinstance(items, dict):
        raise DataError(
            Message("%(name)s must say something of each account", name=part),
            file.name,
            file.line((part,)),
        )
    seen: set[str] = set()
    for key, value in items.items():
        line = file.line((part, key))
        yield _once(_account(key, file, line), seen, file, line), read(value, file, line)


def _account(item: Any, file: Yaml, line: int) -> str:
    if not isinstance(item, str) or not item or set(item) & set("/ "):
        raise DataError(
            Message("%(value)s is no name of an account", value=str(item)), file.name, line
        )
    return item


def _once(account: str, seen: set[str], file: Yaml, line: int) -> str:
    folded = account.casefold()
    if folded in seen:
        raise DataError(Message("the account %(name)s stands twice", name=account), file.name, line)
    seen.add(folded)
    return folded


def _deeds(value: Any, file: Yaml, line: int) -> frozenset[str]:
    if not isinstance(value, list) or not value or not set(map(str, value)) <= set(_DEEDS):
        raise DataError(
            Message("what an account does is a list of %(names)s", names=list(_DEEDS)),
            file.name,
            line,
        )
    return frozenset(map(str, value))
