"""One ingest: a source is fetched, read, and stored as a claim run. Nothing is built.

A source is a module of kg/ingest/sources: its SOURCE says what it is, and its two functions, which
kg/ingest/kit/kit.py describes, how it is read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from kg.claims.accounts import read_accounts
from kg.claims.name_rules import read_name_rules
from kg.claims.run_writing import RunWriter
from kg.claims.runs import Run, RunOrigin, check_name
from kg.errors import InputError
from kg.files.download import download, without_secrets
from kg.ingest._reading import read_source
from kg.ingest.catalog.catalog_files import catalog_files
from kg.ingest.curated.licenses import read_terms_unchecked
from kg.ingest.fingerprints._published import read_fingerprints
from kg.ingest.kit._words import read_words
from kg.ingest.kit.kit import Kit, Place, Progress
from kg.ingest.kit.parents import classify
from kg.ingest.kit.source_record import SourceRecord, SourceRequest
from kg.ingest.origin import home_of
from kg.ingest.registry import SourceModule, is_divided, load_source
from kg.language.writing import slug
from kg.licenses.naming.names import LicenseNames
from kg.messages.message import Message
from kg.model.claim import EDITORS, LABEL, Claim, Said
from kg.model.vocabulary import DESCRIPTION, LICENSE, RETRIEVED, SOURCE_TYPE, URL, load_vocabulary
from kg.paths import DATA
from kg.snapshot.layout import Layout, build_lock
from kg.work.workers import Start, Workers, start_processes

_PACKED = (".gz", ".zip", ".tar", ".tgz")  # of which more bytes come out than went in


class IngestRequest(NamedTuple):
    """What a user wants ingested."""

    source: str
    where: str = ""  # path or address; "" = the source itself
    name: str = ""  # of the run; "" = by source and path
    retrieved: str = ""  # ISO date; "" = today
    wanted: SourceRequest = SourceRequest()  # of a source that can be asked itself


# Told what begins and how many bytes it has, 0 if that is not known; gives what to call as it goes on.
Watch = Callable[[str, int], Progress]


def silent(stage: str, total: int) -> Progress:
    """Watch nothing."""
    return lambda amount: None


def ingest(
    home: Path,
    asked: IngestRequest,
    data: Path = DATA,
    watch: Watch = silent,
    *,
    renew: bool = False,
    vouched: bool = False,
    processes: int = 1,
    start: Start = start_processes,
) -> Run:
    """Read a source and store what it says as a claim run.

    Args:
        home: holds raw/ and runs/.
        asked: what to read.
        data: the data folder.
        watch: called with the name of each stage.
        renew: nobody looks on: a run that says what the one before says leaves that as it is, and one
            that lost much of that, or of what data/catalog says, is refused (kg/claims/_renewal.py).
        vouched: the user answers for the path or address: what it says is the source's own word.
        processes: how many may read, where there is much to read and the source is read in pieces.
        start: gives an executor of so many processes, which see the home folder; those of another machine get every piece.

    Raises:
        InputError: no such source or path, or nothing in it could be read.
        DataError: a file is broken as a whole, or `renew` refuses what was read.
        BuildError: another ingest of this run is under way.
        DownloadFailed: it could not be fetched.
    """
    module = load_source(asked.source)
    source = module.SOURCE
    origin, address = _origin(asked, vouched), _address(source, asked, data)
    asked = asked._replace(retrieved=asked.retrieved or dt.date.today().isoformat())
    kit, name = _kit(home, source, asked, data), asked.name or _run_name(source, asked)
    layout = Layout(home)
    with (
        build_lock(layout.runs / f".{check_name(name)}.lock", wait=False),
        closing(RunWriter(layout.runs, name, load_vocabulary())) as writer,
        Workers(processes, start, folder=writer.folder) as workers,
    ):
        place = _place(home, module, asked, address, watch)
        read_source(module, place, kit, writer, workers)
        quoted = (source, *source.also)
        claims = chain.from_iterable(_about_claims(one, kit, asked) for one in quoted)
        where = without_secrets(asked.where) if "://" in asked.where else asked.where
        where = where or " ".join(asked.wanted.ids) or asked.wanted.author or source.homepage
        shipped = (f.claims() for f in catalog_files(data) if f.name == name)
        return writer.finish(
            claims,
            kit.source,
            where,
            asked.retrieved,
            origin,
            renew=renew,
            shipped=chain.from_iterable(shipped),
        )


def _origin(asked: IngestRequest, vouched: bool) -> RunOrigin:
    """What it takes to read the same again, without the secrets of an address."""
    if "://" in asked.where:
        address, _, _ = asked.where.partition("#")
        kept = without_secrets(address)
        return RunOrigin(address=kept, cut=kept != address, vouched=vouched)
    if asked.where:
        path = str(Path(asked.where).absolute())
        return RunOrigin(path=path, dated=asked.retrieved, vouched=vouched)
    ids, author, limit = asked.wanted
    return RunOrigin(ids=ids, author=author, limit=limit)


def _address(source: SourceRecord, asked: IngestRequest, data: Path) -> str:
    """The address to fetch; "" for a path that is there, or a source that is asked itself.

    Raises:
        InputError: there is neither.
    """
    where = asked.where
    address = where if "://" in where else "" if where else home_of(source, data)
    if not address and not where and not source.live:
        raise InputError(
            Message("%(name)s needs a path: gyebo ingest %(name)s PATH", name=source.id)
        )
    if not address and where and not Path(where).exists():
        raise InputError(Message("there is no file or folder %(path)s", path=where))
    return address


def _place(
    home: Path, module: SourceModule, asked: IngestRequest, address: str, watch: Watch
) -> Place:
    """What is to be read, fetched if it is elsewhere."""
    folder = home / "raw" / module.SOURCE.id
    if address:
        path = download(address, folder, lambda total: watch("fetch", total))
        return Place(path, address, watch("read", _size(module, path)))
    path = Path(asked.where) if asked.where else folder
    total = _size(module, path) if asked.where else 0
    return Place(path, asked.where, watch("read", total), asked.wanted)


def _size(module: SourceModule, path: Path) -> int:
    """Bytes that will have been told when all is read; 0 where that is not known, as of what is packed."""
    if not is_divided(module):
        return 0
    files = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
    packed = any(one.suffix in _PACKED for one in files)
    return 0 if packed else sum(one.stat().st_size for one in files)


def _kit(home: Path, source: SourceRecord, asked: IngestRequest, data: Path) -> Kit:
    names = _license_names(data)
    id = f"source/{source.id}" + (f"/{_stem(asked.where)}" if source.each else "")
    kept = home / "raw" / source.id
    return Kit(
        source=id,
        prefix=source.slug_prefix,
        words=read_words(data),
        licenses=names,
        accounts=read_accounts(data),
        rules=read_name_rules(data),
        fingerprints=read_fingerprints(data),
        kept=kept,
        retrieved=asked.retrieved,
    )


@cache
def _license_names(data: Path) -> LicenseNames:
    return LicenseNames(read_terms_unchecked(data))


def _run_name(source: SourceRecord, asked: IngestRequest) -> str:
    part = _stem(asked.where) if source.each else asked.wanted.name
    return f"{source.id}-{part}" if part else source.id


def _stem(where: str) -> str:
    """What tells a path of a source from others: a README goes by its folder or its Hub id."""
    hub = classify(where) if "://" in where else None
    if hub and hub.sort == "hub":
        return slug(hub.value)
    path = Path(without_secrets(where)) if hub else Path(where or ".").resolve()
    name = path.parent.name if path.name.casefold() == "readme.md" else path.name
    return slug(name.removesuffix(".json").removesuffix(".md"))


def _about_claims(about: SourceRecord, kit: Kit, asked: IngestRequest) -> Iterator[Claim]:
    id = kit.source if about.each else f"source/{about.id}"
    suffix = f": {_stem(asked.where)}" if about.each else ""
    for lang, label in about.label.items():
        yield Claim(id, LABEL, Said(value=label + suffix, source=EDITORS, lang=lang))
    for lang, text in about.description.items():
        yield Claim(id, DESCRIPTION, Said(value=text, source=EDITORS, lang=lang))
    facts = {
        SOURCE_TYPE: about.source_type,
        LICENSE: about.license,
        URL: about.homepage,
        RETRIEVED: asked.retrieved,
    }
    for property, value in facts.items():
        if value:
            yield Claim(id, property, Said(value=value, source=id))
