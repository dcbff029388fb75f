"""Names that several licenses share, such as `modified-mit`: whose model bears the name decides which text it means.

data/licenses/names.yaml says what each means for whom; data/licenses/README.md explains it.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import NamedTuple

import msgspec


class LicenseBearer(NamedTuple):
    """Whose license a name is, as far as it is known: ids of the Hub."""

    own: tuple[str, ...] = ()  # of the model itself, or of the model whose license file is linked
    bases: tuple[str, ...] = ()  # of what it says it was made from


class Meaning(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a shared name means on models of some makers."""

    license: str
    publisher: tuple[str, ...]  # accounts of the Hub
    models: tuple[str, ...] = ("*",)  # names of their models, with * and ?

    def holds(self, hub_id: str) -> bool:
        """Whether it is meant on a model of the Hub."""
        owner, _, model = hub_id.casefold().rpartition("/")
        return owner in map(str.casefold, self.publisher) and any(
            fnmatchcase(model, pattern.casefold()) for pattern in self.models
        )


class SharedName(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A name and what it means for whom."""

    name: str
    also: tuple[str, ...] = ()  # other spellings
    label: dict[str, str] = {}
    means: tuple[Meaning, ...]
    otherwise: str  # id of what is meant if nothing decides

    @property
    def candidates(self) -> tuple[str, ...]:
        """The licenses it may mean."""
        return tuple(dict.fromkeys(one.license for one in self.means))

    def decide(self, bearer: LicenseBearer, linked: str | None = None) -> str:
        """The license that is meant.

        The model itself decides, then the text it links to, then what it was made from if all of that agrees.

        Args:
            bearer: whose license it is.
            linked: the license whose text is linked beside the name.
        """
        for hub_id in bearer.own:
            if found := self.means_on(hub_id):
                return found
        if linked:
            return linked
        based = {self.means_on(hub_id) for hub_id in bearer.bases}
        return (based.pop() if len(based) == 1 else "") or self.otherwise

    def means_on(self, hub_id: str) -> str:
        """The license that is meant on a model of the Hub; "" if that is not known."""
        found = {one.license for one in self.means if one.holds(hub_id)}
        return found.pop() if len(found) == 1 else ""
