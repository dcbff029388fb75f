"""What a build starts from: curated files, shipped facts, stored claim runs, judgements, trust of sources."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from kg.claims.accounts import Accounts, read_accounts, renamed_ids
from kg.claims.claim_files import read_claims
from kg.claims.guesses import Guesses
from kg.claims.judgements import FILE, linker, read_judgements
from kg.claims.linking import FOUND, Linker, Tie, hub_ties, link
from kg.claims.name_rules import NameRules, read_name_rules
from kg.claims.resolve import Memberships, Standing, Standings
from kg.claims.runs import IdentityLink, read_links, run_folders
from kg.claims.spellings import find_spellings
from kg.claims.trust import trust_levels
from kg.claims.twins import find_twins
from kg.ingest.catalog.catalog_files import CatalogFile, catalog_files
from kg.ingest.curated.curated import read_curated
from kg.ingest.curated.evaluations import read_evaluations
from kg.ingest.curated.licenses import named_here, read_terms, term_claims
from kg.ingest.kit.parents import canonical_models
from kg.licenses.settled_names import NameSettler
from kg.licenses.terms import Terms
from kg.model.claim import RULE, Claim, kind_of
from kg.model.vocabulary import IN_FAMILY, PUBLICATION_DATE, RETRIEVED, SOURCE_TYPE, Vocabulary
from kg.version import __version__


class Inputs(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a build reads, ready to stream."""

    curated: list[Claim]
    runs: list[Path]  # claim files of `gyebo ingest`, in home/runs/<name>/claims.jsonl
    catalog: list[CatalogFile]  # files of data/catalog whose source has no run
    linker: Linker
    standings: Standings
    memberships: Memberships
    vocabulary: Vocabulary
    terms: Terms
    accounts: Accounts
    rules: NameRules | None  # on names; None = none are known

    def claims(self) -> Iterator[Claim]:
        """All claims, with canonical ids; at the end what rules infer from the ids that they speak of."""
        said = _said(self.curated, self.catalog, self.runs)
        return link(self._with_guesses(said), self.linker, self.vocabulary)

    def _with_guesses(self, said: Iterable[Claim]) -> Iterator[Claim]:
        if self.rules is None:
            yield from said
            return
        edges, canonical = self.vocabulary.edges("weights"), self.linker.canonical
        guesses = Guesses(self.rules, self.accounts, canonical, edges)
        for tie in hub_ties(self.curated):
            guesses.note(tie.right)
        yield from guesses.watch(said)
        yield from guesses.claims()

    @property
    def settler(self) -> NameSettler:
        """What settles names that several licenses share by what all sources tell of a model."""
        weights, redirects = self.vocabulary.edges("weights"), self.linker.redirects
        return NameSettler(self.terms.shared, weights, redirects, self._decides)

    def _decides(self, source: str) -> bool:
        standing = self.standings.get(source)
        return standing is None or standing.decides

    @property
    def guesses(self) -> frozenset[str]:
        """The sources that are rules of ours."""
        return frozenset(id for id, standing in self.standings.items() if standing.guesses)

    @property
    def bulk(self) -> frozenset[str]:
        """The sources that were read by machine."""
        return frozenset(id for id, standing in self.standings.items() if standing.bulk)


def read_inputs(data: Path, runs: Path, vocabulary: Vocabulary) -> Inputs:
    """Read curated data and judgements, and find the stored runs and the shipped facts beside them.

    Args:
        data: the data folder.
        runs: the folder of claim runs; may be missing.
        vocabulary: kinds and properties.

    Raises:
        DataError: anything wrong in a file; with file and line.
    """
    terms = read_terms(data)
    curated = read_curated(data, vocabulary, named_here(terms))
    curated += term_claims(terms, curated)
    curated += read_evaluations(data, vocabulary, curated)
    folders = run_folders(runs)
    stored = {folder.name for folder in folders}
    catalog = [file for file in catalog_files(data) if file.name not in stored]
    about_runs = [c for f in folders for c in read_claims(f / "sources.jsonl")]
    about_catalog = [c for file in catalog for c in file.claims("source")]
    levels = trust_levels(data / "trust.yaml")
    accounts = read_accounts(data)
    rules = read_name_rules(data)
    about_rules = list(rules.about()) if rules else []
    deciding = rules.deciding if rules else frozenset()
    standings = dict(_standings(curated, levels, deciding, bulk=False))
    about_bulk = [*about_runs, *about_catalog, *about_rules]
    standings |= _standings(about_bulk, levels, deciding, bulk=True)
    return Inputs(
        curated=curated + about_runs + about_rules,
        runs=[f / "claims.jsonl" for f in folders],
        catalog=catalog,
        linker=_linker(data, curated, folders, catalog, accounts),
        standings=standings,
        memberships=_memberships(curated),
        vocabulary=vocabulary,
        terms=terms,
        accounts=accounts,
        rules=rules,
    )


def _said(
    curated: Iterable[Claim], catalog: Iterable[CatalogFile], runs: Iterable[Path]
) -> Iterator[Claim]:
    """All claims, in their own ids."""
    yield from curated
    for file in catalog:
        yield from file.claims()
    for run in runs:
        yield from read_claims(run)


def _linker(
    data: Path,
    curated: list[Claim],
    runs: Sequence[Path],
    catalog: list[CatalogFile],
    accounts: Accounts,
) -> Linker:
    """Judgements, exact ids and new names of accounts as one mapping, and what follows from names."""
    files = [folder / "claims.jsonl" for folder in runs]
    links = [one for folder in runs for one in read_links(folder)]
    links += [one for file in catalog for one in file.links()]
    renamed = list(renamed_ids(_said(curated, catalog, files), accounts))
    by_hand = list(hub_ties(curated))
    links += find_spellings(lambda: _said(curated, catalog, files), (tie.right for tie in by_hand))
    links += [
        IdentityLink(f"model/hf/{old}", f"model/hf/{new}", "the Hub gave it an owner", True)
        for old, new in canonical_models().items()
    ]
    found = [Tie(one.left, one.right, FOUND, one.reason) for one in (*links, *renamed)]
    outdated = {one.left for one in (*links, *renamed) if one.outdated}
    ties = [*by_hand, *found]
    judgements = read_judgements(data / FILE)
    sure = linker(judgements, ties, outdated)
    named = find_twins(lambda: _said(curated, catalog, files), sure, accounts)
    return linker(judgements, [*ties, *named], outdated)


def _memberships(curated: Iterable[Claim]) -> Memberships:
    """The families of each curated model, families of families included."""
    within: dict[str, set[str]] = {}
    for claim in curated:
        if claim.property == IN_FAMILY and claim.said.rank != "rejected":
            within.setdefault(claim.subject, set()).add(str(claim.said.value))
    for families in within.values():
        ahead = list(families)
        while ahead:
            further = within.get(ahead.pop(), set()) - families
            families |= further
            ahead += further
    return {id: frozenset(families) for id, families in within.items()}


def _standings(
    claims: Iterable[Claim], levels: dict[str, int], deciding: frozenset[str], bulk: bool
) -> Iterator[tuple[str, Standing]]:
    about: dict[str, dict[str, str]] = {}
    for claim in claims:
        if kind_of(claim.subject) == "source":
            about.setdefault(claim.subject, {})[claim.property] = str(claim.said.value)
    for id, facts in about.items():
        kind = facts.get(SOURCE_TYPE, "")
        level = levels.get(kind, max(levels.values()))
        date = facts.get(PUBLICATION_DATE) or facts.get(RETRIEVED) or ""
        guesses = kind == RULE
        yield id, Standing(level, date, bulk, guesses, not guesses or id in deciding)


def digest(folders: Iterable[Path], runs: Path, base: str) -> str:
    """A checksum of everything a build depends on, to tell whether one is needed.

    Args:
        folders: data, ontology and the program itself; every file is read.
        runs: claim runs; large, so only their sizes and times count.
        base: the base IRI.
    """
    hash = hashlib.sha256(f"{__version__}\n{base}\n".encode())
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc"):
            hash.update(f"{path.relative_to(folder)}\n".encode() + path.read_bytes())
    for path in sorted(p for folder in run_folders(runs) for p in folder.glob("*.jsonl")):
        stat = path.stat()
        hash.update(f"{path.relative_to(runs)} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return hash.hexdigest()
