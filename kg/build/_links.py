"""Which ids name the same thing, found in all that a build reads; large runs are looked through by several processes."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from itertools import chain
from pathlib import Path

import msgspec

from kg.build._stored_runs import StoredRun
from kg.build.passes._noting import Noted, cut_at, note_claims, open_noting
from kg.build.passes._sifting import open_picking, open_sifting
from kg.claims.accounts import Accounts
from kg.claims.claim_files import Wanted, cut_subjects, decode_lines, read_claims
from kg.claims.judgements import FILE, linker, read_judgements
from kg.claims.linking import FOUND, HANDED, Linker, Tie, harmless_ties, hub_ties
from kg.claims.runs import IdentityLink
from kg.claims.spellings import Spellings
from kg.claims.twins import HubSieve, find_twins, is_off_hub
from kg.ingest.catalog.catalog_files import CatalogFile
from kg.ingest.kit.parents import canonical_models
from kg.model.claim import Claim
from kg.work.workers import Workers


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
        self._starts: list[str] = []
        self._off_hub: dict[Path, list[range]] = {}  # of each run, where what is not on the Hub is

    def linker(self) -> Linker:
        """Judgements, exact ids and new names of accounts as one mapping, and what follows from names.

        Raises:
            DataError: a line of a run is not a claim; with file and line.
        """
        links = [one for run in self._trusted for one in run.links()]
        links += [one for file in self._files for one in file.links()]
        by_hand = list(hub_ties(self._curated))
        with closing(Spellings()) as spellings:
            for noted in self._noted():
                spellings.add(noted.spelled)
                links += noted.renamed
                self._starts += noted.starts
            links += spellings.links(tie.right for tie in by_hand)
        links += [
            IdentityLink(f"model/hf/{old}", f"model/hf/{new}", "the Hub gave it an owner", True)
            for old, new in canonical_models().items()
        ]
        outdated = {one.left for one in links if one.outdated}
        ties = [*by_hand, *(Tie(one.left, one.right, FOUND, one.reason) for one in links)]
        ties += self._twins(self._trusted, ties, outdated)
        if self._handed:
            stated = [one for run in self._handed for one in run.links()]
            outdated |= {one.left for one in stated if one.outdated}
            ties += self._harmless([(one.left, one.right, one.reason) for one in stated], ties)
            twins = self._twins([*self._trusted, *self._handed], ties, outdated)
            ties += self._harmless([(tie.left, tie.right, tie.why) for tie in twins], ties)
        return self._made(ties, outdated)

    def starts(self, linker: Linker) -> list[str]:
        """The ids before which sorted claims are cut, after `linker` has looked at all claims."""
        return cut_at(self._starts, self._workers.part, linker.redirects)

    def _noted(self) -> Iterator[Noted]:
        """What a first look tells, part by part."""
        part = self._workers.part
        yield note_claims(self._shipped, self._accounts, part)
        for run in (*self._trusted, *self._handed):
            prepare = partial(open_noting, run.path, self._accounts, part)
            found = self._off_hub[run.path] = []
            try:
                parts = [*cut_subjects(run.path)]
                noted = self._workers.map(prepare, parts, run.entities)
                for lines, one in zip(parts, noted, strict=True):
                    if one.off_hub:
                        found.append(lines)
                    yield one
            except (msgspec.DecodeError, UnicodeDecodeError):
                deque(read_claims(run.path), maxlen=0)  # raises what names the line
                raise

    def _twins(
        self, runs: Sequence[StoredRun], ties: Iterable[Tie], outdated: Collection[str]
    ) -> list[Tie]:
        """The ties that follow from names in curated data, the catalog and some runs."""
        off_hub = chain(
            (claim for claim in self._shipped if is_off_hub(claim.subject)),
            *(run.claims_in(self._off_hub[run.path], is_off_hub) for run in runs),
        )
        sift = (
            partial(self._sift, runs)
            if self._workers.shares(sum(run.entities for run in runs))
            else None
        )
        told, made = partial(self._told, runs), self._made(ties, outdated)
        return find_twins(off_hub, told, made, self._accounts, sift)

    def _sift(self, runs: Sequence[StoredRun], sieve: HubSieve) -> Iterator[str]:
        """The subjects that a sieve lets through; of runs several processes find them."""
        yield from sieve.sift(claim for claim in self._shipped if sieve.wants(claim.subject))
        for run in runs:
            prepare = partial(open_sifting, run.path, sieve)
            for part in self._workers.map(prepare, cut_subjects(run.path), run.entities):
                yield from part

    def _made(self, ties: Iterable[Tie], outdated: Collection[str]) -> Linker:
        return linker(self._judgements, ties, outdated, self._ids)

    def _harmless(self, stated: Iterable[tuple[str, str, str]], ties: Iterable[Tie]) -> list[Tie]:
        """What files say, or what follows from names in them, as far as it brings curated things no facts."""
        handed = [Tie(left, right, HANDED, why) for left, right, why in stated]
        return harmless_ties(handed, self._made(ties, ()), self._ids, self._spoken)

    def _spoken(self, ids: Collection[str]) -> Collection[str]:
        return {claim.subject for claim in self._told(self._trusted, ids.__contains__)}

    def _told(self, runs: Iterable[StoredRun], wanted: Wanted) -> Iterator[Claim]:
        """All claims of curated data, the catalog and some runs on some subjects, in their own ids."""
        yield from (claim for claim in self._shipped if wanted(claim.subject))
        for run in runs:
            prepare = partial(open_picking, run.path, wanted)
            for lines in self._workers.map(prepare, cut_subjects(run.path), run.entities):
                yield from decode_lines(lines)
