"""Which ids name the same thing, found in all that a build reads; large runs are looked through by several processes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from kg.build._stored_runs import StoredRun
from kg.build.passes._sifting import cut_subjects, open_sifting
from kg.claims.accounts import Accounts, renamed_ids
from kg.claims.claim_files import Wanted
from kg.claims.judgements import FILE, linker, read_judgements
from kg.claims.linking import FOUND, HANDED, Linker, Tie, harmless_ties, hub_ties
from kg.claims.runs import IdentityLink
from kg.claims.spellings import Spellings
from kg.claims.twins import Claims, HubSieve, find_twins
from kg.ingest.catalog.catalog_files import CatalogFile
from kg.ingest.kit.parents import canonical_models
from kg.model.claim import Claim
from kg.work.workers import Workers

_ENTITY = 400  # about so many bytes of a run are on one: whether to share work is told from them


class IdentityLinks:
    """Which ids name the same thing, from all that a build reads.

    Args:
        data: the data folder.
        curated: what stands in it.
        files: those of its catalog that are read.
        catalog: what they say.
        runs: the stored runs.
        accounts: on the Hub, by what they do.
        workers: who look through large runs.
    """

    def __init__(
        self,
        data: Path,
        *,
        curated: Sequence[Claim],
        files: Sequence[CatalogFile],
        catalog: Sequence[Claim],
        runs: Sequence[StoredRun],
        accounts: Accounts,
        workers: Workers,
    ) -> None:
        self._curated, self._shipped = curated, [*curated, *catalog]
        self._files, self._accounts, self._workers = files, accounts, workers
        self._trusted = [run for run in runs if not run.handed_in]
        self._handed = [run for run in runs if run.handed_in]
        self._judgements = read_judgements(data / FILE)
        self._ids = frozenset(claim.subject for claim in curated)

    def linker(self) -> Linker:
        """Judgements, exact ids and new names of accounts as one mapping, and what follows from names."""
        links = [one for run in self._trusted for one in run.links()]
        links += [one for file in self._files for one in file.links()]
        spellings, by_hand = Spellings(), list(hub_ties(self._curated))
        links += renamed_ids(spellings.watch(self._all()), self._accounts)
        links += spellings.links(self._all(), (tie.right for tie in by_hand))
        links += [
            IdentityLink(f"model/hf/{old}", f"model/hf/{new}", "the Hub gave it an owner", True)
            for old, new in canonical_models().items()
        ]
        outdated = {one.left for one in links if one.outdated}
        ties = [*by_hand, *(Tie(one.left, one.right, FOUND, one.reason) for one in links)]
        ties += self._twins(self._told, self._trusted, ties, outdated)
        if self._handed:
            stated = [one for run in self._handed for one in run.links()]
            outdated |= {one.left for one in stated if one.outdated}
            ties += self._harmless([(one.left, one.right, one.reason) for one in stated], ties)
            twins = self._twins(self._all, [*self._trusted, *self._handed], ties, outdated)
            ties += self._harmless([(tie.left, tie.right, tie.why) for tie in twins], ties)
        return self._made(ties, outdated)

    def _twins(
        self,
        claims: Claims,
        runs: Sequence[StoredRun],
        ties: Iterable[Tie],
        outdated: Collection[str],
    ) -> list[Tie]:
        """The ties that follow from names in curated data, the catalog and some runs."""
        size = sum(run.path.stat().st_size for run in runs)
        sift = partial(self._sift, runs) if self._workers.shares(size // _ENTITY) else None
        return find_twins(claims, self._made(ties, outdated), self._accounts, sift)

    def _sift(self, runs: Sequence[StoredRun], sieve: HubSieve) -> Iterator[str]:
        """The subjects that a sieve lets through; of runs several processes find them."""
        yield from sieve.sift(_wanted(sieve.wants, self._shipped, ()))
        for path in (run.path for run in runs):
            prepare = partial(open_sifting, path, sieve)
            entities = path.stat().st_size // _ENTITY
            for part in self._workers.map(prepare, cut_subjects(path), entities):
                yield from part

    def _made(self, ties: Iterable[Tie], outdated: Collection[str]) -> Linker:
        return linker(self._judgements, ties, outdated, self._ids)

    def _harmless(self, stated: Iterable[tuple[str, str, str]], ties: Iterable[Tie]) -> list[Tie]:
        """What files say, or what follows from names in them, as far as it brings curated things no facts."""
        handed = [Tie(left, right, HANDED, why) for left, right, why in stated]
        return harmless_ties(handed, self._made(ties, ()), self._ids, self._spoken)

    def _spoken(self, ids: Collection[str]) -> Collection[str]:
        return {claim.subject for claim in self._told(ids.__contains__)}

    def _told(self, wanted: Wanted | None = None) -> Iterator[Claim]:
        """What is said by all but what somebody handed in, of some subjects."""
        return _wanted(wanted, self._shipped, self._trusted)

    def _all(self, wanted: Wanted | None = None) -> Iterator[Claim]:
        return _wanted(wanted, self._shipped, [*self._trusted, *self._handed])


def _wanted(
    wanted: Wanted | None, shipped: Iterable[Claim], runs: Iterable[StoredRun]
) -> Iterator[Claim]:
    """All claims on some subjects, in their own ids; None = on all."""
    yield from (c for c in shipped if wanted is None or wanted(c.subject))
    for run in runs:
        yield from run.claims(wanted)
