"""Which things are kept in the catalog: all of most sources, of very large ones a part.

A thing is kept with what it refers to, so that no line names a thing that a source tells of and no line does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from kg.claims.accounts import Accounts
from kg.ingest.catalog._plan import SelectionRules
from kg.model.claim import Claim, kind_of, slug_of
from kg.model.vocabulary import LANGUAGE, LICENSE, Vocabulary

Claims = Sequence[Claim]


class _Model:
    """What a source that is cut says of a model, as far as it decides."""

    __slots__ = ("values",)

    def __init__(self) -> None:
        self.values: dict[str, set[object]] = defaultdict(set)


def select_things(
    whole: Iterable[Claims],
    cut: Iterable[Claims],
    rules: SelectionRules,
    accounts: Accounts,
    vocabulary: Vocabulary,
) -> frozenset[str]:
    """The ids that are kept.

    Args:
        whole: claims of the sources that are kept whole.
        cut: claims of those that are not.
        rules: which models of theirs are kept.
        accounts: tell the makers' accounts on the Hub.
        vocabulary: says what refers to what.
    """
    references = {name for name, p in vocabulary.properties.items() if p.type == "entity"}
    refers: dict[str, set[str]] = defaultdict(set)  # what a thing refers to
    kept: set[str] = set()
    for claims in whole:
        for claim in claims:
            kept.add(claim.subject)
            if claim.property in references and claim.said.value:
                refers[claim.subject].add(str(claim.said.value))
    models: dict[str, _Model] = defaultdict(_Model)
    for claims in cut:
        for claim in claims:
            models[claim.subject].values[claim.property].add(claim.said.value)
            if claim.property in references and claim.said.value:
                refers[claim.subject].add(str(claim.said.value))
    wanted = _wanted(rules, accounts)
    kept |= {id for id, model in models.items() if kind_of(id) == "model" and wanted(id, model)}
    kept |= _with_references(kept, refers)
    weights = vocabulary.edges("weights")
    kept |= {id for id, model in models.items() if _is_child(model, weights, kept)}
    return frozenset(_with_references(kept, refers))


def _wanted(rules: SelectionRules, accounts: Accounts) -> Callable[[str, _Model], bool]:
    def wanted(id: str, model: _Model) -> bool:
        values = model.values
        if rules.tasks & values["task"]:
            return False
        owner = slug_of(id).removeprefix("hf/").partition("/")[0]
        if accounts.is_maker(owner) or rules.languages & values[LANGUAGE]:
            return True
        counts = [value for value in values["downloads"] if isinstance(value, int)]
        licensed = bool(values[LICENSE] - {None})
        return licensed and max(counts, default=0) >= rules.downloads

    return wanted


def _is_child(model: _Model, weights: Collection[str], kept: Collection[str]) -> bool:
    parents = {value for name in weights for value in model.values.get(name, ())}
    return any(parent in kept for parent in parents)


def _with_references(kept: Iterable[str], refers: Mapping[str, set[str]]) -> set[str]:
    """Things with all they refer to, directly or not."""
    found, ahead = set(kept), list(kept)
    while ahead:
        further = refers.get(ahead.pop(), set()) - found
        found |= further
        ahead += further
    return found
