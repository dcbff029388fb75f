"""Hub ids in another case: one spelling is chosen, whatever the order."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from contextlib import closing

from kg.claims.runs import IdentityLink
from kg.claims.spellings import Spellings, spelled_ids
from kg.model.claim import Claim, Said

CLAIMS = [
    Claim("model/hf/o/Known-7B", "hubId", Said(value="o/Known-7B", source="source/a")),
    Claim("model/hf/x/child", "derivedFrom", Said(value="model/hf/o/known-7b", source="source/a")),
    Claim("model/hf/o/KNOWN-7b", "label", Said(value="k", source="source/b", lang="en")),
    Claim("model/hf/x/child", "mergedFrom", Said(value="model/hf/p/None-7b", source="source/a")),
    Claim("model/hf/y/child", "derivedFrom", Said(value="model/hf/p/NONE-7b", source="source/a")),
    Claim("dataset/hf/o/known-7b", "label", Said(value="d", source="source/a", lang="en")),
    Claim("model/kim/o/A", "label", Said(value="model/kim/o/a", source="source/a", lang="en")),
]
RIGHT = {
    ("model/hf/o/KNOWN-7b", "model/hf/o/Known-7B"),
    ("model/hf/o/known-7b", "model/hf/o/Known-7B"),
    ("model/hf/p/None-7b", "model/hf/p/NONE-7b"),  # neither is described: the smaller
}


def find_spellings(claims: Sequence[Claim], certain: Iterable[str] = ()) -> list[IdentityLink]:
    """The links, where claims are looked at in two parts."""
    with closing(Spellings()) as spellings:
        for part in (claims[:3], claims[3:]):
            spellings.add(spelled_ids(part))
        return spellings.links(certain)


def test_ids_that_differ_in_case_are_one() -> None:
    for seed in range(5):
        claims = random.Random(seed).sample(CLAIMS, len(CLAIMS))
        links = find_spellings(claims)
        assert {(link.left, link.right) for link in links} == RIGHT
        assert all(link.outdated for link in links)


def test_what_data_names_is_the_spelling() -> None:
    links = find_spellings(CLAIMS, ["model/hf/o/known-7b"])
    assert ("model/hf/o/Known-7B", "model/hf/o/known-7b") in {(k.left, k.right) for k in links}


def test_nothing_is_spelled_variously() -> None:
    assert find_spellings(CLAIMS[:1]) == [] == find_spellings([])
