"""Names that several licenses share, settled by what only all sources together tell: the model's id, its original.

An importer decides a name by the record that bears it (kg/licenses/naming/names.py). A record of a copy often names no
original, and another source does: `unsloth/Kimi-K2.6`, tagged modified-mit, is under the modified MIT of Moonshot AI.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

import msgspec

from kg.claims.resolve import is_editors_name
from kg.licenses.naming.shared_names import LicenseBearer, SharedName
from kg.model.claim import Claim, slug_of
from kg.model.vocabulary import LICENSE

_HUB = "model/hf/"


class NameSettler:
    """Settles shared names in sorted claims.

    Args:
        shared: the names.
        weights: the properties that name what a model was made from.
        redirects: ids of the same thing, to the id it goes by.
        is_told: whether what a source says of an original may decide, by the source's id, and whether the editors
            named the model.
    """

    def __init__(
        self,
        shared: Iterable[SharedName],
        weights: Collection[str],
        redirects: Mapping[str, str],
        is_told: Callable[[str, bool], bool],
    ) -> None:
        self._undecided = {one.otherwise: one for one in shared if one.label}
        self._weights, self._is_told = weights, is_told
        self._hub: dict[str, list[str]] = {}
        for id, canonical in redirects.items():
            if id.startswith(_HUB):
                self._hub.setdefault(canonical, []).append(_hub_id(id))

    def may_settle(self, values: Collection[str]) -> bool:
        """Whether claims with some values may bear an undecided name: of others `settle` changes nothing."""
        return any(id in values for id in self._undecided)

    def hub_ids(self, id: str) -> tuple[str, ...]:
        """The ids on the Hub that an id goes by; nothing else is asked of redirects."""
        own = [_hub_id(id)] if id.startswith(_HUB) else []
        return (*own, *self._hub.get(id, ()))

    def settle(self, claims: Iterable[Claim]) -> Iterator[Claim]:
        """The claims, those of an undecided name with the license that it means.

        Args:
            claims: sorted by subject, in canonical ids.
        """
        for _, group in groupby(claims, lambda claim: claim.subject):
            said = list(group)
            if any(self._name_of(claim) for claim in said):
                yield from self._settled(said)
            else:
                yield from said

    def _name_of(self, claim: Claim) -> SharedName | None:
        return self._undecided.get(str(claim.said.value)) if claim.property == LICENSE else None

    def _settled(self, said: Sequence[Claim]) -> Iterator[Claim]:
        named = any(is_editors_name(claim.property, claim.said) for claim in said)
        bases = {
            str(claim.said.value)
            for claim in said
            if claim.property in self._weights
            and claim.said.value is not None
            and claim.said.rank != "rejected"
            and self._is_told(claim.said.source, named)
        }
        for claim in said:
            name = self._name_of(claim)
            yield self._decided(claim, name, sorted(bases)) if name else claim

    def _decided(self, claim: Claim, name: SharedName, bases: Iterable[str]) -> Claim:
        originals = [self._telling(base, name) for base in bases]
        bearer = LicenseBearer(own=self.hub_ids(claim.subject), bases=tuple(originals))
        found = name.decide(bearer)
        if found == name.otherwise:
            return claim
        why = (
            f"{name.name}, as on {', '.join(filter(None, originals)) or 'the model of that Hub id'}"
        )
        note = "; ".join(part for part in (claim.said.note, why) if part)
        said = msgspec.structs.replace(claim.said, value=found, note=note)
        return msgspec.structs.replace(claim, said=said)

    def _telling(self, base: str, name: SharedName) -> str:
        """Of the Hub ids of an original one that decides the name; "" if it has none."""
        ids = self.hub_ids(base)
        return next((id for id in ids if name.means_on(id)), ids[0] if ids else "")


def _hub_id(id: str) -> str:
    return slug_of(id).removeprefix("hf/")
