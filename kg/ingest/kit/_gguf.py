"""Lists that give GGUF repositories for a model: whose quantizations they are.

Such lists go by names, so the model they give a repository for is often somebody's copy of it. The parent is lifted to
the maker's repository of that name, where there is one; where there is none, nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.claims.guesses import MakerRepositories, find_unquantized
from kg.claims.name_rules import GGUF
from kg.ingest.kit.kit import Found, Kit
from kg.ingest.kit.parents import is_hub_id


class GgufSources:
    """The GGUF repositories that a source gives, each told once.

    Args:
        kit: of the source.
        names: Hub ids of all models that the source knows.
    """

    def __init__(self, kit: Kit, names: Iterable[str]) -> None:
        self._kit = kit
        self._makers = MakerRepositories(kit.accounts)
        self._known: set[str] = set()
        self._told: dict[str, str] = {}  # repository -> the parent claimed of it
        self._unlifted: dict[str, str] = {}  # repository -> the model it was given for
        for name in names:
            self._known.add(name)
            self._makers.add(name)

    def claims(self, repository: object, model: str, locator: str) -> Iterator[Found]:
        """What follows from one repository that is given for a model.

        Args:
            repository: as the source has it.
            model: Hub id of the model that it is given for.
            locator: where that stands.
        """
        if not isinstance(repository, str) or not is_hub_id(repository) or "/" not in repository:
            message = "not an id of the Hub"
            yield self._kit.issue("hub-id", f"model/hf/{model}", message, repository, locator)
            return
        parent = self._lifted(repository, model)
        if not parent:
            self._unlifted.setdefault(repository, model)
        elif repository not in self._told:
            self._told[repository] = parent
            yield from self._describe(repository, parent, locator)

    def _lifted(self, repository: str, model: str) -> str:
        """The maker's repository that both names lead to; "" if they lead to none."""
        if self._kit.rules is None:
            return ""
        parent = find_unquantized(repository, self._kit.rules, self._makers)
        same = parent.partition("/")[2].casefold() == model.partition("/")[2].casefold()
        return parent if same else ""

    def _describe(self, repository: str, parent: str, locator: str) -> Iterator[Found]:
        subject = f"model/hf/{repository}"
        if repository not in self._known:
            yield self._kit.name(subject, repository.partition("/")[2], locator, lang="en")
            yield self._kit.say(subject, "hubId", repository, locator)
        if self._kit.rules:
            yield self._kit.rules.claim(GGUF, subject, f"model/hf/{parent}", locator)

    def issues(self) -> Iterator[Found]:
        """One issue for all repositories of whose parent nothing is known."""
        left = {name: model for name, model in self._unlifted.items() if name not in self._told}
        if left:
            first = ", ".join(f"{name} of {model}" for name, model in list(left.items())[:5])
            yield self._kit.issue(
                "gguf-parent",
                self._kit.source,
                f"{len(left)} GGUF repositories go by the name of no maker's repository",
                first,
                property="quantizedFrom",
            )
