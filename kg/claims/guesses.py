"""What names of repositories say of their parents, by the rules of data/ingest/name_rules.yaml.

The rules run over all Hub ids that a build meets, as the claims stream by: what makers publish is kept by name, and
the names that look like quantizations are put aside on disk. What follows is worked out at the end, so the order in
which ids are met does not matter. A claim of a rule never holds beside a stated parent, one that can be found or not; kg/claims/resolve.py sees to it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

import msgspec

from kg.claims.accounts import Accounts
from kg.claims.name_rules import INSTRUCT, QUANTIZATION, NameRules
from kg.model.claim import Claim

_HUB = "model/hf/"


class MakerRepositories:
    """The repositories of makers' accounts by their names, the Hub's way: without case.

    Args:
        accounts: who is a maker.
        canonical: gives the one id that several ids of a thing go by.
    """

    def __init__(self, accounts: Accounts, canonical: Callable[[str], str] = str) -> None:
        self._accounts, self._canonical = accounts, canonical
        # name -> owner, by its present name -> the id as it is written
        self._named: dict[str, dict[str, str]] = {}

    def add(self, hub_id: str) -> bool:
        """Keep a repository if it is a maker's, and say whether it is."""
        owner, _, name = hub_id.partition("/")
        if not _is_made(owner, name, self._accounts):
            return False
        owners = self._named.setdefault(name.casefold(), {})
        present = self._accounts.present_name(owner).casefold()
        held = owners.setdefault(present, hub_id)
        if held != hub_id:
            owners[present] = min(held, hub_id, key=self._worse_spelled)
        return True

    def _worse_spelled(self, hub_id: str) -> tuple[bool, str]:
        owner = hub_id.partition("/")[0]
        return self._accounts.present_name(owner) != owner, hub_id

    def find(self, name: str, owner: str = "") -> str:
        """The one maker's repository of a name; "" if there is none, or several.

        An owner's own repository comes first, then those of accounts that publish nothing of others.

        Args:
            name: of a repository, or the maker's account and a name, as in Qwen_Qwen3-8B.
            owner: of the repository whose parent is sought.
        """
        owners = self._named.get(name.casefold(), {})
        own = owners.get(self._accounts.present_name(owner).casefold(), "")
        return own or self._only(owners) or self._named_with_maker(name)

    def _only(self, owners: dict[str, str]) -> str:
        pure = [id for owner, id in owners.items() if self._accounts.is_maker_only(owner)]
        found = sorted(pure or owners.values())
        things = {self._canonical(_HUB + id) for id in found}
        return found[0] if len(things) == 1 else ""

    def _named_with_maker(self, name: str) -> str:
        """The repository that a name with its maker before it names."""
        for separator in "_.":
            maker, _, rest = name.partition(separator)
            if rest and self._accounts.is_maker(maker):
                present = self._accounts.present_name(maker).casefold()
                return self._named.get(rest.casefold(), {}).get(present, "")
        return ""

    def made(self) -> Iterator[str]:
        """The repositories of accounts that publish nothing of others."""
        for owners in self._named.values():
            yield from (id for owner, id in owners.items() if self._accounts.is_maker_only(owner))


def _is_made(owner: str, name: str, accounts: Accounts) -> bool:
    """Whether a repository is that of an account through which somebody publishes what they made."""
    return bool(name) and accounts.is_maker(owner)


class NamesMet(msgspec.Struct, frozen=True):
    """The Hub ids in some claims that the rules ask for."""

    made: list[str]  # repositories of makers' accounts
    quantized: list[str]  # called like quantizations


class NameWatch:
    """Notes what the rules on names ask for, as claims go by; any process may do it.

    Args:
        rules: the rules; None = there are none, and nothing is noted.
        accounts: who is a maker.
        relations: edges whose values name repositories as well.
    """

    def __init__(
        self, rules: NameRules | None, accounts: Accounts, relations: Collection[str] = ()
    ) -> None:
        self._rules, self._accounts, self._relations = rules, accounts, relations
        self._made: dict[str, None] = {}
        self._quantized: dict[str, None] = {}

    def watch(self, claims: Iterable[Claim]) -> Iterable[Claim]:
        """Pass claims on, and note the ids they speak of."""
        return claims if self._rules is None else self._watched(claims)

    def _watched(self, claims: Iterable[Claim]) -> Iterator[Claim]:
        last = ""
        for claim in claims:
            if claim.subject != last:  # claims on one subject mostly stand together
                last = claim.subject
                self.note(last)
            if claim.property in self._relations:
                value = str(claim.said.value)
                if value.startswith(_HUB):
                    self._note_made(value.removeprefix(_HUB))
            yield claim

    def note(self, id: str) -> None:
        """Note an id that a source speaks of; only models of the Hub matter."""
        if self._rules and id.startswith(_HUB):
            hub_id = id.removeprefix(_HUB)
            self._note_made(hub_id)
            if self._rules.mark.search(hub_id):
                self._quantized[hub_id] = None

    def _note_made(self, hub_id: str) -> None:
        owner, _, name = hub_id.partition("/")
        if _is_made(owner, name, self._accounts):
            self._made[hub_id] = None

    def met(self) -> NamesMet:
        """What was noted."""
        return NamesMet([*self._made], [*self._quantized])


class Guesses:
    """The claims of the rules on names, over all ids that claims speak of.

    Args:
        rules: the rules.
        accounts: who is a maker.
        canonical: gives the one id that several ids of a thing go by.
    """

    def __init__(
        self, rules: NameRules, accounts: Accounts, canonical: Callable[[str], str] = str
    ) -> None:
        self._rules, self._canonical = rules, canonical
        self._makers = MakerRepositories(accounts, canonical)
        self._quantized = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  # until the end

    def add(self, met: NamesMet) -> None:
        """Take in what some claims speak of."""
        for hub_id in met.made:
            self._makers.add(hub_id)
        self._quantized.writelines(f"{hub_id}\n" for hub_id in met.quantized)

    def claims(self) -> Iterator[Claim]:
        """What follows from all ids that were taken in."""
        for slug, child, parent in (*self._tuned(), *self._from_quantized()):
            one, other = _HUB + child, _HUB + parent
            if self._canonical(one) != self._canonical(other):
                yield self._rules.claim(slug, one, other)

    def _from_quantized(self) -> Iterator[tuple[str, str, str]]:
        self._quantized.seek(0)
        with self._quantized:
            for line in self._quantized:
                child = line.rstrip("\n")
                if parent := find_unquantized(child, self._rules, self._makers):
                    yield QUANTIZATION, child, parent

    def _tuned(self) -> Iterator[tuple[str, str, str]]:
        for child in self._makers.made():
            if parent := find_base(child, self._rules, self._makers):
                yield INSTRUCT, child, parent


def find_unquantized(child: str, rules: NameRules, makers: MakerRepositories) -> str:
    """The maker's repository whose name a quantization's is without its suffix; "" if there is none.

    Args:
        child: Hub id of the quantization.
        rules: the endings.
        makers: the repositories to find it among.
    """
    owner, _, name = child.partition("/")
    marked = False
    while True:
        end = rules.mark.search(name)
        if end:
            marked = True
        elif not (end := rules.filler.search(name)):
            return ""
        name = name[: end.start()]
        found = makers.find(name, owner) if marked else ""
        if found:
            return found


def find_base(child: str, rules: NameRules, makers: MakerRepositories) -> str:
    """The base model of the same maker that a tuned model's name names; "" if there is none.

    Args:
        child: Hub id of a maker's model.
        rules: the parts of names.
        makers: the repositories to find it among.
    """
    owner, _, name = child.partition("/")
    parts = name.split("-")
    if rules.mark.search(name):
        return ""
    for place, part in enumerate(parts):
        word, last = part.casefold(), place == len(parts) - 1
        if place and (word in rules.tuned or (last and word in rules.tuned_last)):
            for one in _base_names(parts[:place], parts[place + 1 :], rules.bases):
                found = makers.find(one, owner)
                if found.partition("/")[0].casefold() == owner.casefold():
                    return found
    return ""


def _base_names(before: list[str], after: list[str], bases: Sequence[str]) -> Iterator[str]:
    """What a base may be called whose tuned model has another part between some: the surest first."""
    for base in bases:
        yield "-".join((*before, base, *after))
    for base in bases:
        yield "-".join((*before, *after, base))
    yield "-".join((*before, *after))
