"""All claims that a build would resolve."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from kg.build.inputs import Inputs
from kg.build.passes._sorting import SortedClaims, ranges_of, sort_all
from kg.claims.claim_files import decode_lines
from kg.model.claim import Claim
from kg.work.workers import Workers


def sorted_claims(inputs: Inputs) -> Iterator[Claim]:
    """All claims of a build's inputs, in the ids that things go by, with what rules infer from names."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        sort_all(inputs, folder, Workers(), lambda done: None)
        for number in ranges_of(folder):
            yield from decode_lines(SortedClaims(folder).read(number))
