"""How many license claims of the catalog reach terms: `make eval-licenses` prints it, with the labels that do not.

A claim that names no license (unknown, `other`) does not count. Terms are a text that was read, at least in part or in
summary, or only the name of a license: that gives no permission, but an answer can say what is not known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from kg.ingest.catalog.catalog_files import catalog_files
from kg.ingest.curated.licenses import read_terms
from kg.licenses.terms import Terms
from kg.model.claim import Claim, slug_of
from kg.paths import DATA

UNNAMED = {None, "license/other", "license/unknown"}


class CatalogShare(NamedTuple):
    """Counts of claims."""

    claims: int
    unnamed: int
    read: int
    named: Counter[str]  # ids of licenses of which only the name is known
    without: Counter[str]  # ids without terms

    @property
    def of_named(self) -> int:
        """Claims that name a license."""
        return self.claims - self.unnamed

    @property
    def reached(self) -> float:
        """Of those, how many reach terms."""
        return 1 - self.without.total() / self.of_named

    @property
    def known(self) -> float:
        """Of those, how many reach a text that was read."""
        return self.read / self.of_named


def catalog_share(claims: Iterable[Claim], terms: Terms) -> CatalogShare:
    """Count the license claims on models."""
    unnamed, read = 0, 0
    named: Counter[str] = Counter()
    without: Counter[str] = Counter()
    for claim in claims:
        if claim.property != "license" or not claim.subject.startswith("model/"):
            continue
        id = claim.said.value
        license = terms.license(str(id))
        if id in UNNAMED:
            unnamed += 1
        elif license.unknown is None:
            read += 1
        elif str(id) in terms.licenses:
            named[str(id)] += 1
        else:
            without[str(id)] += 1
    total = unnamed + read + named.total() + without.total()
    return CatalogShare(total, unnamed, read, named, without)


def shipped_share(data: Path = DATA) -> CatalogShare:
    """The share of the catalog that comes with Gyebo."""
    claims = (claim for file in catalog_files(data) for claim in file.claims())
    return catalog_share(claims, read_terms(data))


def told(share: CatalogShare) -> str:
    """The share in words."""
    lines = [
        f"License claims of the catalog: {share.claims}, {share.of_named} of them name a license",
        f"- reach terms: {share.reached:.2%}",
        f"- reach a text that was read: {share.known:.2%}",
        f"- only the name is known ({share.named.total()}): {_listed(share.named)}",
        f"- without terms ({share.without.total()}): {_listed(share.without)}",
    ]
    return "\n".join(lines)


def _listed(counts: Counter[str]) -> str:
    return ", ".join(
        f"{slug_of(id)} {count}" if count > 1 else slug_of(id)
        for id, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    )


if __name__ == "__main__":
    print(told(shipped_share()))
