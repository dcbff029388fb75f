"""What a build starts from: curated files, shipped facts, stored claim runs, judgements, trust of sources."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

import msgspec

from kg.build._links import IdentityLinks
from kg.build._said import Saying
from kg.build._stored_runs import StoredRun, stored_runs
from kg.claims.accounts import read_accounts
from kg.claims.linking import Linker
from kg.claims.name_rules import read_name_rules
from kg.claims.resolve import Memberships, Standing, Standings, is_editors_name
from kg.claims.runs import run_folders
from kg.claims.trust import trust_levels
from kg.ingest.catalog.catalog_files import catalog_files
from kg.ingest.curated.curated import read_curated
from kg.ingest.curated.evaluations import read_evaluations
from kg.ingest.curated.licenses import named_here, read_terms, term_claims
from kg.licenses.naming.settled_names import NameSettler
from kg.licenses.terms import Terms
from kg.model.claim import RULE, Claim, kind_of
from kg.model.vocabulary import IN_FAMILY, PUBLICATION_DATE, RETRIEVED, SOURCE_TYPE, Vocabulary
from kg.version import __version__
from kg.work.workers import Workers

# Of data/trust.yaml: who names what stands in data/, and what a user hands in.
_EDITORS, _HANDED_IN = "editors", "handed-in"


class Inputs(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a build reads, ready to stream."""

    curated: list[Claim]
    runs: list[StoredRun]  # of `gyebo ingest`
    catalog: list[Claim]  # of files of data/catalog whose source has no run
    saying: Saying
    starts: Sequence[str]  # the ids before which sorted claims are cut, in their order
    standings: Standings
    memberships: Memberships
    terms: Terms

    @property
    def vocabulary(self) -> Vocabulary:
        """Kinds and properties."""
        return self.saying.vocabulary

    @property
    def linker(self) -> Linker:
        """Which ids name the same thing."""
        return self.saying.linker

    @property
    def settler(self) -> NameSettler:
        """What settles names that several licenses share by what all sources tell of a model."""
        weights, redirects = self.vocabulary.edges("weights"), self.linker.redirects
        return NameSettler(self.terms.shared, weights, redirects, partial(_decides, self.standings))

    @property
    def guesses(self) -> frozenset[str]:
        """The sources that are rules of ours."""
        return self.saying.guesses

    @property
    def bulk(self) -> frozenset[str]:
        """The sources that were read by machine."""
        return frozenset(id for id, standing in self.standings.items() if standing.bulk)


def read_inputs(
    data: Path, runs: Path, vocabulary: Vocabulary, workers: Workers | None = None
) -> Inputs:
    """Read curated data and judgements, and find the stored runs and the shipped facts beside them.

    Args:
        data: the data folder.
        runs: the folder of claim runs; may be missing.
        vocabulary: kinds and properties.
        workers: who look through large runs; None = this process.

    Raises:
        DataError: anything wrong in a file; with file and line.
    """
    terms = read_terms(data)
    curated = read_curated(data, vocabulary, named_here(terms))
    curated += term_claims(terms, curated)
    curated += read_evaluations(data, vocabulary, curated)
    folders = stored_runs(runs, data)
    replaced = {run.name for run in folders if not run.handed_in}
    files = [file for file in catalog_files(data) if file.name not in replaced]
    catalog = [claim for file in files for claim in file.claims()]
    about_runs = [c for run in folders if not run.handed_in for c in run.about()]
    about_handed = [c for run in folders if run.handed_in for c in run.about()]
    about_catalog = [c for c in catalog if kind_of(c.subject) == "source"]
    levels = trust_levels(data / "trust.yaml")
    accounts = read_accounts(data)
    rules = read_name_rules(data)
    about_rules = list(rules.about()) if rules else []
    deciding = rules.deciding if rules else frozenset()
    standings = dict(_standings(curated, levels, deciding, bulk=False))
    about_bulk = [*about_runs, *about_catalog, *about_rules]
    standings |= _standings(about_handed, levels, deciding, bulk=True, handed_in=True)
    standings |= _standings(about_bulk, levels, deciding, bulk=True)
    named = frozenset(c.subject for c in curated if is_editors_name(c.property, c.said))
    links = IdentityLinks(
        data,
        curated=curated,
        files=files,
        catalog=catalog,
        runs=folders,
        accounts=accounts,
        workers=workers or Workers(),
    )
    saying = Saying(
        linker=(linker := links.linker()),
        vocabulary=vocabulary,
        accounts=accounts,
        rules=rules,
        named=named,
        guesses=frozenset(id for id, standing in standings.items() if standing.guesses),
    )
    return Inputs(
        curated=curated + about_runs + about_handed + about_rules,
        runs=folders,
        catalog=catalog,
        saying=saying,
        starts=links.starts(linker),
        standings=standings,
        memberships=_memberships(curated),
        terms=terms,
    )


def _decides(standings: Standings, source: str, named: bool) -> bool:
    """Whether what a source says of an original may settle a name of a model, which the editors named or not."""
    standing = standings.get(source)
    return standing is None or (standing.decides and not (named and standing.tells_only))


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
    claims: Iterable[Claim],
    levels: dict[str, int],
    deciding: frozenset[str],
    *,
    bulk: bool,
    handed_in: bool = False,
) -> Iterator[tuple[str, Standing]]:
    about: dict[str, dict[str, str]] = {}
    for claim in claims:
        if kind_of(claim.subject) == "source":
            about.setdefault(claim.subject, {})[claim.property] = str(claim.said.value)
    least = max(levels.values())
    editors, files = levels.get(_EDITORS, least), levels.get(_HANDED_IN, least)
    for id, facts in about.items():
        kind = facts.get(SOURCE_TYPE, "")
        level = levels.get(kind, least)
        yield (
            id,
            Standing(
                level=level,
                date=facts.get(PUBLICATION_DATE) or facts.get(RETRIEVED) or "",
                bulk=bulk,
                guesses=kind == RULE,
                decides=kind != RULE or id in deciding,
                tells_only=bulk
                and kind != RULE
                and max(level, files if handed_in else 0) > editors,
            ),
        )


def digest(folders: Iterable[Path], runs: Path | None = None, base: str = "") -> str:
    """A checksum of everything a build depends on, to tell whether one is needed.

    Args:
        folders: data, ontology and the program itself; every file is read.
        runs: claim runs, if they count; large, so only their sizes and times do.
        base: the base IRI.
    """
    hash = hashlib.sha256(f"{__version__}\n{base}\n".encode())
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc"):
            hash.update(f"{path.relative_to(folder)}\n".encode() + path.read_bytes())
    found = run_folders(runs) if runs else ()
    for path in sorted(p for folder in found for p in folder.glob("*.jsonl")):
        stat = path.stat()
        hash.update(f"{path.parent.name}/{path.name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return hash.hexdigest()
