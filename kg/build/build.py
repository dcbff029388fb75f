"""The build: one command that writes a new snapshot and points `current` at it, or changes nothing."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec

from kg.build._beside import StagesBeside
from kg.build._release import Crew, Release
from kg.build._whole import write_from_all
from kg.build.documents._filters import copy_filters, meaningful_filters
from kg.build.documents._parts import open_parts
from kg.build.documents._survey import named_entities, survey
from kg.build.inputs import digest, read_inputs
from kg.build.passes._pieces import Pieces
from kg.claims.accounts import Accounts, read_accounts
from kg.config import Config
from kg.errors import BuildError, SnapshotDamaged, SnapshotError
from kg.export.release_files import export_release
from kg.files.progress import Stage, counted_lines, silent
from kg.messages.message import Message, reason_of
from kg.model.issues import Issue
from kg.model.vocabulary import load_vocabulary
from kg.paths import DATA, KG, ONTOLOGY
from kg.search.glossary import Glossary, read_glossary
from kg.search.index import engine_for
from kg.search.indexing import IndexPart, build_index
from kg.search.lexicon import lexicon
from kg.search.query_words import NO_WORDS, QueryWords, read_query_words
from kg.snapshot.graph_file import open_graph
from kg.snapshot.layout import Layout, Manifest, build_lock, check_program, read_manifest
from kg.snapshot.releases.history import former, write_changes
from kg.snapshot.seal import MANIFEST, check_bytes, write_last, write_seal
from kg.snapshot.snapshot import Snapshot
from kg.sparql.store import build_store
from kg.work.garbage import few_collections
from kg.work.workers import Start, Workers, count_processes, cut_ranges, start_processes


class Built(NamedTuple):
    """What a build did."""

    folder: Path
    manifest: Manifest
    seconds: dict[str, float]  # by stage; empty if nothing had to be done
    damage: Message | None = None  # what was wrong with the snapshot of before, made from the same


def build(
    config: Config,
    data: Path = DATA,
    *,
    force: bool = False,
    wait: bool = True,
    stage: Stage = silent,
    start: Start = start_processes,
) -> Built:
    """Build a snapshot from data and claim runs, and publish it.

    Args:
        config: home and base.
        data: the data folder.
        force: build even if nothing has changed.
        wait: wait for another build to finish, instead of failing.
        stage: called with the name of each stage as it begins, and as it goes on with how much of how much is done.
        start: gives an executor of as many processes as the configuration says; they see the same folders as this one.
            Processes of this machine are started only where there is much to do.

    Raises:
        DataError: a file of data is wrong; with file and line.
        CheckFailed: the data breaks a rule.
        BuildError: it cannot be written, as on a full disk, or another build holds the lock and `wait` is false.
    """
    layout = Layout(config.home)
    with build_lock(layout.lock, wait):
        inputs = inputs_digest(config, data)
        layout.sweep()
        damage = None
        try:
            if not force and (done := _unchanged(layout, inputs)):
                return done
        except SnapshotDamaged as error:
            damage = error.message
        folder = layout.new_folder()
        processes = count_processes(config.build_workers)
        try:
            pieces = Pieces(layout.cache)
            with few_collections(), Workers(processes, start, folder=folder) as workers:
                crew = Crew(workers, pieces)
                built = _fill(folder, config, data, layout, stage, crew)._replace(damage=damage)
            seal(folder, built.manifest, inputs)
            layout.publish(folder)
        except BaseException as error:
            shutil.rmtree(folder, ignore_errors=True)
            # Oxigraph's errors carry no errno, so a full disk is told by words
            if isinstance(error, OSError):
                message = Message(
                    "the snapshot cannot be written: %(why)s; nothing was published",
                    why=reason_of(error),
                )
                raise BuildError(message) from error
            raise
        layout.collect()
        pieces.sweep(config.build_cache_mb * 1_000_000)
        return built


def inputs_digest(config: Config, data: Path = DATA) -> str:
    """A checksum of all that a build would read: two builds with the same one give the same bytes."""
    folders = (data, ONTOLOGY, KG)
    return digest(folders, Layout(config.home).runs, config.base)


class Checked(NamedTuple):
    """What a check found."""

    counts: Mapping[str, int]
    warnings: list[Issue]


def check(config: Config, data: Path = DATA, *, stage: Stage = silent) -> Checked:
    """Do all of a build that can find something wrong, and publish nothing.

    Raises:
        DataError: a file of data is wrong; with file and line.
        CheckFailed: the data breaks a rule.
    """
    with ExitStack() as stack:
        stack.enter_context(few_collections())
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="gyebo-"))
        stage("read", 0, 0)
        pieces = Pieces(Path(folder) / "pieces")
        workers = stack.enter_context(Workers(count_processes(config.build_workers)))
        inputs = read_inputs(data, Layout(config.home).runs, load_vocabulary(), workers)
        release = Release(Path(folder), inputs, config.base, Crew(workers, pieces), stage=stage)
        release.sort()
        release.resolve()
        release.write("check")
        lines = (release.path / "issues.jsonl").read_bytes().splitlines()[:100]
        return Checked(release.counts, [msgspec.json.decode(x, type=Issue) for x in lines])


def _unchanged(layout: Layout, inputs: str) -> Built | None:
    """The current snapshot, if it was built from the same inputs.

    Raises:
        SnapshotDamaged: it was, and is not whole any more.
    """
    try:
        folder = layout.current_folder()
        if (folder / "inputs").read_text(encoding="ascii") == inputs:
            manifest = read_manifest(folder)
            check_program(manifest)
            check_bytes(folder)
            return Built(folder, manifest, {})
    except SnapshotDamaged:
        raise
    except (SnapshotError, OSError):
        pass
    return None


def _fill(
    folder: Path, config: Config, data: Path, layout: Layout, stage: Stage, crew: Crew
) -> Built:
    seconds: dict[str, float] = {}

    @contextmanager
    def timed(name: str) -> Iterator[None]:
        stage(name, 0, 0)
        start = time.perf_counter()
        yield
        seconds[name] = time.perf_counter() - start

    with timed("read"):
        inputs = read_inputs(data, layout.runs, load_vocabulary(), crew.workers)
    release = Release(folder, inputs, config.base, crew, stage=stage)
    with timed("sort"):
        release.sort()
    with timed("resolve"):
        release.resolve()
    with timed("write"):
        release.write()
    small, entities = release.is_small, release.counts["entities"]
    draft = release.draft()
    with StagesBeside(crew.workers, crew.workers.shares(entities), stage) as beside:
        with timed("export"):
            if small:  # else the edges alone are written, as the entities go by
                beside.task("export", partial(export_release, folder, config.base))
        with timed("store"):
            beside.thread("store", partial(_store, folder, release.counts["quads"]))
        with timed("compare"):
            write_changes(folder, draft, former(layout), inputs.vocabulary)
        with timed("search"), closing(Snapshot(folder, draft)) as snapshot:
            accounts = read_accounts(data)
            whole = partial(write_from_all, accounts=accounts, edges=not small)
            beside.read("columns", snapshot, whole)
            glossary = read_glossary(data / "glossary.yaml")
            engine = engine_for(entities)
            said = read_query_words(data / "query-words.yaml")
            index, workers = folder / "search", crew.workers
            write_index(snapshot, index, glossary, engine, accounts, beside.tell, workers, said)
        with timed("manifest"):
            beside.wait()
            manifest = release.manifest()
    return Built(folder, manifest, seconds)


def _store(folder: Path, quads: int, stage: Stage) -> None:
    with counted_lines(open_graph(folder), stage, "store", quads) as lines:
        build_store(lines, quads, folder / "store")


def seal(folder: Path, manifest: Manifest, inputs: str) -> None:
    """Make a filled folder a snapshot: what it was built from, the seal over all files, and the manifest.

    Args:
        folder: the snapshot's.
        manifest: what it is.
        inputs: checksum of what it was built from.
    """
    (folder / "inputs").write_text(inputs, encoding="ascii")
    written = msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"
    write_seal(folder, written)
    write_last(folder / MANIFEST, written)


def write_index(
    snapshot: Snapshot,
    folder: Path,
    glossary: Glossary,
    engine: str,
    accounts: Accounts,
    stage: Stage = silent,
    workers: Workers | None = None,
    said: QueryWords = NO_WORDS,
) -> None:
    """Write the search index of a snapshot.

    Args:
        snapshot: what is searched.
        folder: where the index is made.
        glossary: words that mean the same, besides names.
        engine: whoosh or tantivy.
        accounts: whose accounts on the Hub publish what they made.
        stage: told how many entities are done.
        workers: who make documents, where there are many; None = this process. What is written is the same.
        said: words of queries that mean filters.
    """
    parts, words = analyze_snapshot(snapshot, glossary, accounts, stage, workers)
    vocabulary = snapshot.vocabulary
    filters, copies = meaningful_filters(vocabulary), copy_filters(vocabulary)
    build_index(parts, folder, words, engine, filters, copies, said)


def analyze_snapshot(
    snapshot: Snapshot,
    glossary: Glossary,
    accounts: Accounts,
    stage: Stage = silent,
    workers: Workers | None = None,
) -> tuple[Iterator[IndexPart], Mapping[str, str]]:
    """All documents of a snapshot in terms, part by part, and the words that mean the same.

    Args:
        snapshot: what is searched.
        glossary: words that mean the same, besides names.
        accounts: whose accounts on the Hub publish what they made.
        stage: told how many entities are done.
        workers: who make documents, where there are many; None = this process.
    """
    named = named_entities(snapshot)
    words = lexicon(named, glossary)
    around = survey(snapshot, named, accounts)
    prepare = partial(open_parts, snapshot.folder, snapshot.manifest, around, words)
    total = len(snapshot.lines)
    made = (workers or Workers()).map(prepare, cut_ranges(total), total)
    return _told(made, stage, total), words


def _told(parts: Iterable[IndexPart], stage: Stage, total: int) -> Iterator[IndexPart]:
    """Parts as they come, with how many lines are done."""
    done = 0
    for part in parts:
        yield part
        done += part.lines
        stage("search", done, total)
