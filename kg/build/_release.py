"""The two passes that turn claims into a release: resolve, then infer, check and write.

Each pass works on ranges of subjects, which any process may take (kg/build/passes/_resolving.py, kg/build/passes/_writing.py). Here
stands what one process alone does, in the order of subjects: it gives the tasks, joins what came of them and writes.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from kg.build._check import check_lineage, check_links
from kg.build.inputs import Inputs, digest
from kg.build.passes._codes import CodeArrays
from kg.build.passes._pieces import Pieces
from kg.build.passes._resolving import Offsets, Resolved, Resolving, open_resolving
from kg.build.passes._sample import SAMPLE, Sample
from kg.build.passes._sorting import CLAIMS, ranges_of, sort_all
from kg.build.passes._writing import (
    ENTITIES,
    OFFSETS,
    OWN,
    STATE,
    Inferred,
    Packed,
    Told,
    Writing,
    WrittenPart,
    open_writing,
)
from kg.columns.states_file import write_states
from kg.errors import CheckFailed
from kg.files.progress import Stage, silent
from kg.licenses.rules import LicenseRules
from kg.licenses.states import Register
from kg.licenses.whole_graph import propagate_terms
from kg.lineage.graph import Collector, build_lineage
from kg.model.claim import kind_of
from kg.model.issues import Issues
from kg.model.vocabulary import DEVELOPER, IN_FAMILY
from kg.paths import KG, ONTOLOGY
from kg.snapshot.citations import Counting
from kg.snapshot.disputes import DisputeCount
from kg.snapshot.graph_file import GraphWriter
from kg.snapshot.layout import FORMAT, STATISTICS, TRENDS, Manifest, ReleaseFile
from kg.snapshot.records import Lines, Records, RecordWriter, run_of
from kg.snapshot.seal import checksum
from kg.snapshot.statistics import GraphCount
from kg.snapshot.trends import Trends
from kg.version import __version__
from kg.work.workers import Workers

ALL_FORMATS = 30_000  # entities up to which a build writes every format, not only the cheap ones
_CLAIMS = 5  # about so many are made of an entity: whether to share work is told from claims

_encoder = msgspec.json.Encoder()


class Crew(NamedTuple):
    """Who does the work of a build, and where results are kept."""

    workers: Workers
    pieces: Pieces


class Release:
    """A release in the making.

    Args:
        folder: the snapshot's folder.
        inputs: what it is made from.
        base: start of every entity IRI.
        crew: who does the work.
        shapes: the folder of kg.ttl and the shapes.
        stage: told how much is done.
    """

    def __init__(
        self,
        folder: Path,
        inputs: Inputs,
        base: str,
        crew: Crew,
        shapes: Path = ONTOLOGY,
        stage: Stage = silent,
    ) -> None:
        self._stage = stage
        self._inputs, self._base, self._shapes = inputs, base, shapes
        self._workers, self._pieces = crew
        self.folder = folder
        self.path = folder / "release"
        self._scratch = folder / "scratch"
        for path in (self.path, self._scratch, folder / "lineage"):
            path.mkdir()
        self._program = digest((KG, ONTOLOGY, shapes))
        self.counts: Counter[str] = Counter()
        self._as_of = ""

    def sort(self) -> None:
        """Read all claims and sort them, and cut them into ranges of subjects."""
        folder = self._scratch / CLAIMS
        folder.mkdir()
        self._read = sort_all(
            self._inputs, folder, self._workers, lambda done: self._stage("sort", done, 0)
        )

    def resolve(self) -> None:
        """First pass, after `sort`: claims to entities; collect their edges and build the lineage."""
        vocabulary = self._inputs.vocabulary
        relations = vocabulary.edges("weights", "distillation", "data") | {IN_FAMILY, DEVELOPER}
        collector, register = Collector(relations, loose={DEVELOPER}), Register()
        families: list[int] = []  # one run of numbers, because entities come sorted by id
        offsets = Offsets()
        self._entities = []
        with (self._scratch / ENTITIES).open("wb") as out:
            for part in self._resolved(relations):
                first = len(collector)
                for entity in part.entities:
                    node = collector.entity(entity.id, entity.date)
                    for parent, relation in entity.edges:
                        collector.edge(node, parent, relation)
                    if kind_of(entity.id) == "family":
                        families.append(node)
                    register.put(entity.license)
                    offsets.add(entity.length)
                out.write(part.lines)
                self._entities.append(range(first, len(collector)))
        offsets.save(self._scratch / OFFSETS)
        shutil.rmtree(self._scratch / CLAIMS)  # the room is needed by what comes
        self._lineage = build_lineage(
            collector, vocabulary.edges("weights"), self.folder / "lineage"
        )
        self._families = (families[0], families[-1] + 1) if families else (0, 0)
        rules = LicenseRules(self._inputs.terms)
        state, self._states = propagate_terms(self._lineage, register, rules)
        np.save(self._scratch / STATE, state)
        np.save(self._scratch / OWN, np.array(register.own, np.int32))
        self._kinds = register.kinds

    def _resolved(self, relations: frozenset[str]) -> Iterator[Resolved]:
        """The entities of one range of claims after the other."""
        inputs, claims = self._inputs, self._scratch / CLAIMS
        known = Resolving(
            program=self._program + _encoder.encode(inputs.terms.shared).decode(),
            vocabulary=inputs.vocabulary,
            standings=inputs.standings,
            memberships=inputs.memberships,
            settler=inputs.settler,
            relations=relations,
        )
        prepare = partial(open_resolving, claims, self._pieces.folder, known)
        ranges = ranges_of(claims)
        keys = self._workers.map(prepare, ranges, self._read // _CLAIMS)
        for done, key in enumerate(keys, 1):
            yield self._pieces.take(key, Resolved)
            self._stage("resolve", self._read * done // len(ranges), self._read)

    def write(self, stage: str = "write") -> None:
        """Second pass: infer, check and write entities and quads.

        Args:
            stage: what it is called where it is told how much is done.

        Raises:
            CheckFailed: the data broke a rule that stops publication.
        """
        lines = Lines(self._scratch / ENTITIES, self._scratch / OFFSETS)
        self._trends, self._citations, self._disputes = Trends(), Counting(), DisputeCount()
        self._counting = GraphCount()
        self._sample = Sample(max(1, self._lineage.size // SAMPLE))
        self._codes = CodeArrays()
        with closing(Issues(self.path / "issues.jsonl")) as self._issues:
            with RecordWriter(self.folder, lines) as records, GraphWriter(self.path) as quads:
                prepare = partial(open_writing, self._known())
                keys = self._workers.map(prepare, self._entities, len(lines))
                for nodes, part in zip(self._entities, keys, strict=True):
                    self._join(nodes, part, records, quads)
                    self._stage(stage, nodes.stop, len(lines))
            self._content = {"entities.jsonl": records.content, "graph.nq": quads.content}
            self._save()
            self._check({node: lines.id(node) for node in self._lineage.cycles})
        del lines, self._states, self._kinds  # the lines hold the scratch open
        shutil.rmtree(self._scratch)

    def _known(self) -> Writing:
        return Writing(
            folder=self.folder,
            scratch=self._scratch,
            pieces=self._pieces.folder,
            program=self._program,
            base=self._base,
            vocabulary=self._inputs.vocabulary,
            bulk=self._inputs.bulk,
            guesses=self._inputs.guesses,
            families=self._families,
            states=self._states,
            kinds=self._kinds,
        )

    def _join(
        self, nodes: range, part: WrittenPart, records: RecordWriter, quads: GraphWriter
    ) -> None:
        """Write what came of a range of entities, and add up what was counted."""
        inferred = self._pieces.take(part.inferred, Inferred)
        self._codes.add(inferred.codes)
        self._trends.merge(inferred.trends)
        packed = self._pieces.take(part.packed, Packed)
        records.put(inferred.lines, packed.records, packed.lengths)
        told = self._pieces.take(part.told, Told)
        quads.put(told.quads)
        self.counts.update(told.counts)
        self._as_of = max(self._as_of, told.as_of)
        self._counting.merge(told.statistics)
        self._citations.merge(nodes.start, told.citations)
        self._disputes.merge(nodes.start, told.disputes)
        for issue in told.issues:
            self._issues.add(issue)
        self._sample.add(nodes, told.curated)

    def _save(self) -> None:
        """Write what was gathered on the way."""
        self._citations.save(self.folder)
        self._disputes.save(self.folder, self._inputs.standings)
        models = slice(*run_of(Records(self.folder), "model"))
        write_states(self.folder, np.load(self._scratch / STATE)[models], self._states.all)
        (self.path / "redirects.json").write_bytes(_encoder.encode(self._redirects()) + b"\n")
        (self.path / "terms.json").write_bytes(_encoder.encode(self._inputs.terms) + b"\n")
        counted_all = _encoder.encode(self._counting.found())
        (self.path / STATISTICS).write_bytes(msgspec.json.format(counted_all) + b"\n")
        (self.path / TRENDS).write_bytes(_encoder.encode(self._trends.found()) + b"\n")
        self._codes.save(self.path, self.folder / "lineage", self._lineage.size)

    def _redirects(self) -> dict[str, str]:
        """The ids that go by another which is in this release: judgements may speak of sources not read."""
        written = Records(self.folder)
        redirects = self._inputs.linker.redirects
        known = {id for id in set(redirects.values()) if written.find(id) is not None}
        return {old: new for old, new in redirects.items() if new in known}

    def _check(self, cycles: Mapping[int, str]) -> None:
        dropped = self._inputs.linker.dropped
        lineage = check_lineage(self._lineage, cycles)
        checked = self._sample.check(
            Records(self.folder), self._inputs, self._base, self._shapes, self._pieces
        )
        for issue in (*check_links(dropped), *lineage, *checked):
            self._issues.add(issue)
        self.counts["warnings"] = self._issues.counts.total() - self._issues.error_count
        if self._issues.error_count:
            raise CheckFailed([str(issue) for issue in self._issues.errors])

    @property
    def is_small(self) -> bool:
        """Whether every format is written beside it."""
        return self.counts["entities"] <= ALL_FORMATS

    def draft(self) -> Manifest:
        """What the manifest says of the content, before anything is written beside it."""
        return self._summed(self._content)

    def manifest(self) -> Manifest:
        """Sum the release up, with all files that were written beside it."""
        files = sorted(p for p in self.path.rglob("*") if p.is_file())
        return self._summed(
            {str(p.relative_to(self.path)): checksum(p) for p in files} | self._content
        )

    def _summed(self, sums: Mapping[str, ReleaseFile]) -> Manifest:
        counts = dict(sorted(self.counts.items()))
        return Manifest(
            format=FORMAT,
            gyebo=__version__,
            base=self._base,
            counts=counts,
            files=dict(sorted(sums.items())),
            as_of=self._as_of,
        )
