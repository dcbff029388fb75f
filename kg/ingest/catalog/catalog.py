"""The catalog made: each source of the plan read by its importer, cut to what is kept, and written."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from kg.claims.accounts import read_accounts
from kg.claims.claim_files import read_claims
from kg.claims.runs import IdentityLink, Run, read_links
from kg.errors import DataError, InputError
from kg.files.output import write_file
from kg.ingest.catalog._notice import may_be_shipped, notice_text
from kg.ingest.catalog._plan import PLAN, CatalogPlan, PlannedSource, read_plan
from kg.ingest.catalog._selection import select_things
from kg.ingest.catalog.catalog_files import FOLDER, CatalogHead, encode_catalog
from kg.ingest.ingest import IngestRequest, Watch, ingest, silent
from kg.ingest.registry import load_source
from kg.language.remarks import remark
from kg.messages.message import Message
from kg.model.claim import Claim, kind_of
from kg.model.vocabulary import load_vocabulary
from kg.paths import DATA
from kg.snapshot.layout import Layout

NOTICE = "NOTICE"
_LONGEST = 100  # characters of a part of a note


class SourceRead(NamedTuple):
    """One source as its importer read it."""

    planned: PlannedSource
    run: Run
    claims: Sequence[Claim]
    links: Sequence[IdentityLink]


def make_catalog(
    raw: Sequence[Path], data: Path = DATA, watch: Watch = silent
) -> dict[str, CatalogHead]:
    """Make the files of data/catalog anew from the raw files of its sources.

    Args:
        raw: folders of raw files; each source of catalog.yaml is read from the first that has it.
        data: the data folder; its catalog is written.
        watch: called with the name of each stage.

    Raises:
        InputError: a source has no raw files in the folders.
        DataError: a file is broken as a whole, or a source may not be shipped.
    """
    plan, vocabulary = _checked(read_plan(data)), load_vocabulary()
    places = {name: _raw(name, planned, raw) for name, planned in plan.sources.items()}
    with tempfile.TemporaryDirectory(prefix="gyebo-catalog-") as folder:
        home = Path(folder)
        found = {n: _read(home, n, plan.sources[n], p, data, watch) for n, p in places.items()}
    kept = select_things(
        [one.claims for one in found.values() if not one.planned.cut],
        [one.claims for one in found.values() if one.planned.cut],
        plan.selection,
        read_accounts(data),
        vocabulary,
    )
    heads = {}
    for name, one in found.items():
        heads[name] = _write(data / FOLDER / f"{name}.jsonl", one, kept)
    write_notice(data)
    return heads


def _checked(plan: CatalogPlan) -> CatalogPlan:
    for name in plan.sources:
        if not may_be_shipped(load_source(name).SOURCE):
            raise DataError(
                Message(
                    "source %(source)s names no license under which its facts may be shipped",
                    source=name,
                ),
                f"{FOLDER}/{PLAN}",
            )
    return plan


def _raw(name: str, planned: PlannedSource, folders: Sequence[Path]) -> Path:
    found = next((f / planned.raw for f in folders if (f / planned.raw).exists()), None)
    if found is None:
        raise InputError(
            Message(
                "there are no raw files of %(source)s: no %(path)s in %(folders)s",
                source=name,
                path=planned.raw,
                folders=[str(folder) for folder in folders],
            )
        )
    return found


def _read(
    home: Path, name: str, planned: PlannedSource, raw: Path, data: Path, watch: Watch
) -> SourceRead:
    asked = IngestRequest(name, str(raw), name, planned.retrieved)
    run = ingest(home, asked, data, lambda stage, size: watch(f"{stage} {name}", size))
    folder = Layout(home).runs / name
    claims = [*read_claims(folder / "sources.jsonl"), *read_claims(folder / "claims.jsonl")]
    return SourceRead(planned, run, claims, list(read_links(folder)))


def _write(path: Path, one: SourceRead, kept: Collection[str]) -> CatalogHead:
    subjects = {claim.subject for claim in one.claims}
    told = {id for id in subjects if id in kept or kind_of(id) == "source"}
    head = CatalogHead(
        source=one.run.source,
        origin=one.planned.origin,
        retrieved=one.planned.retrieved,
        records=one.run.counts["records"],
        kept=_by_kind(told),
        left_out=_by_kind(subjects - told),
        issues=one.run.issues,
    )
    claims = [_without_prose(claim) for claim in one.claims if claim.subject in told]
    links = [link for link in one.links if link.left in kept or link.right in kept]
    content = encode_catalog(head, claims, links)
    write_file(path, lambda out: out.write(content))
    return head


def _without_prose(claim: Claim) -> Claim:
    """A claim whose note has only words of our importers, which data/remarks.yaml knows, and short quotes in them."""
    parts = claim.said.note.split("; ") if claim.said.note else []
    ours = [part for part in parts if len(part) <= _LONGEST and remark(part, "ko") != part]
    if len(ours) == len(parts):
        return claim
    said = msgspec.structs.replace(claim.said, note="; ".join(ours))
    return Claim(claim.subject, claim.property, said)


def _by_kind(ids: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(map(kind_of, ids)).items()))


def write_notice(data: Path) -> None:
    """Write data/catalog/NOTICE, which names each source of the plan with its license."""
    text = notice_text(read_plan(data))
    write_file(data / FOLDER / NOTICE, lambda out: out.write(text.encode()))
