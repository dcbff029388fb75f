"""The two passes that turn claims into a release: resolve, then infer, check and write."""

from __future__ import annotations

import shutil
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import numpy as np

from kg.build._check import check_entity, check_lineage, check_links
from kg.build._infer import LicenseFacts, infer
from kg.build._stages import Stage, counted, silent
from kg.build.inputs import Inputs
from kg.claims.claim_files import sort_claims
from kg.claims.resolve import resolve
from kg.errors import CheckFailed
from kg.export.formats import Exporter, write_exports
from kg.export.quads import Writer
from kg.licenses.rules import LicenseRules
from kg.licenses.states import Register
from kg.licenses.whole_graph import propagate_terms
from kg.lineage.families import Families
from kg.lineage.graph import Collector, build_lineage
from kg.model.claim import Entity, kind_of, slug_of
from kg.model.issues import Issue, Issues
from kg.model.vocabulary import DEVELOPER, IN_FAMILY, RELEASE_DATE, RETRIEVED
from kg.paths import ONTOLOGY
from kg.snapshot.citations import Counting
from kg.snapshot.graph_file import GraphWriter, open_graph
from kg.snapshot.inheritance import Inheritance
from kg.snapshot.judged import JudgedEntities
from kg.snapshot.layout import FORMAT, STATISTICS, TRENDS, Manifest
from kg.snapshot.records import Lines, Records, RecordWriter
from kg.snapshot.seal import checksum
from kg.snapshot.statistics import GraphCount
from kg.snapshot.trends import Trends
from kg.version import __version__

ALL_FORMATS = 30_000  # entities up to which a build writes every format, not only the cheap ones
SAMPLE = 400  # entities of a bulk build that also pass through pySHACL

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Entity)


class Release:
    """A release in the making.

    Args:
        folder: the snapshot's folder.
        inputs: what it is made from.
        base: start of every entity IRI.
        shapes: the folder of kg.ttl and the shapes.
        stage: told how much is done.
    """

    def __init__(
        self,
        folder: Path,
        inputs: Inputs,
        base: str,
        shapes: Path = ONTOLOGY,
        stage: Stage = silent,
    ) -> None:
        self._stage = stage
        self._inputs, self._base, self._shapes = inputs, base, shapes
        self.folder = folder
        self.path = folder / "release"
        self._scratch = folder / "scratch"
        for path in (self.path, self._scratch, folder / "lineage"):
            path.mkdir()
        self._writer = Writer(base, inputs.vocabulary, inputs.bulk, inputs.guesses)
        self._issues = Issues(self.path / "issues.jsonl")
        self._sample: list[Entity] = []
        self.counts: Counter[str] = Counter()
        self._as_of = ""

    def sort(self) -> None:
        """Read all claims and sort them."""

        def told(name: str, done: int, total: int) -> None:
            self._read = done
            self._stage(name, done, total)

        self._read = 0
        claims = counted(self._inputs.claims(), told, "sort")
        self._pieces = self._scratch / "claims"
        self._pieces.mkdir()
        self._claims = sort_claims(claims, self._pieces)

    def resolve(self) -> None:
        """First pass, after `sort`: claims to entities; collect their edges and build the lineage."""
        vocabulary = self._inputs.vocabulary
        relations = vocabulary.edges("weights", "distillation", "data") | {IN_FAMILY, DEVELOPER}
        collector = Collector(relations, loose={DEVELOPER})
        families: list[int] = []  # one run of numbers, because entities come sorted by id
        register = Register()
        offsets = array("Q", [0])
        settled = self._inputs.settler.settle(self._claims)
        claims = counted(settled, self._stage, "resolve", self._read)
        with (self._scratch / "entities.jsonl").open("wb") as out:
            standings, memberships = self._inputs.standings, self._inputs.memberships
            for entity in resolve(claims, vocabulary, standings, memberships):
                node = _collect(entity, collector)
                if kind_of(entity.id) == "family":
                    families.append(node)
                register.add(entity)
                offsets.append(offsets[-1] + out.write(_encoder.encode(entity) + b"\n"))
        np.save(self._scratch / "offsets.npy", np.frombuffer(offsets, np.uint64))
        shutil.rmtree(self._pieces)  # the room is needed by what comes
        weights = vocabulary.edges("weights")
        self._lineage = build_lineage(collector, weights, self.folder / "lineage")
        first, end = (families[0], families[-1] + 1) if families else (0, 0)
        self._families = Families(self._lineage, first, end)
        state, states = propagate_terms(self._lineage, register, LicenseRules(self._inputs.terms))
        self._lines = Lines(self._scratch / "entities.jsonl", self._scratch / "offsets.npy")
        self._inheritance = Inheritance(self._lines, vocabulary)
        self._licenses = LicenseFacts(states, state, self._lineage, self._lines, register)

    def write(self, stage: str = "write") -> None:
        """Second pass: infer, check and write entities and quads.

        Args:
            stage: what it is called where it is told how much is done.

        Raises:
            CheckFailed: the data broke a rule that stops publication.
        """
        names: dict[int, str] = {}
        trends = Trends()
        cycles = frozenset(self._lineage.cycles)
        citations = Counting()
        counting = GraphCount(self._base)
        with (
            RecordWriter(self.folder, self._lines) as entities,
            GraphWriter(self.path) as quads,
        ):
            described = self._lineage.size - len(self._lineage.dangling)
            resolved = counted(self._resolved(), self._stage, stage, described)
            for node, entity in enumerate(resolved):
                entities.add(entity.id, _encoder.encode(entity) + b"\n")
                lines = list(self._writer.lines(entity))
                quads.add(lines)
                counting.add(lines)
                self._count(entity, len(lines))
                self._date(entity)
                citations.add(node, entity)
                self._examine(node, entity)
                trends.add(self._inheritance.widened(entity))
                if node in cycles:
                    names[node] = entity.id
        self._content = {"entities.jsonl": entities.content, "graph.nq": quads.content}
        citations.save(self.folder)
        (self.path / "redirects.json").write_bytes(_encoder.encode(self._redirects()) + b"\n")
        (self.path / "terms.json").write_bytes(_encoder.encode(self._inputs.terms) + b"\n")
        counted_all = _encoder.encode(counting.found())
        (self.path / STATISTICS).write_bytes(msgspec.json.format(counted_all) + b"\n")
        (self.path / TRENDS).write_bytes(_encoder.encode(trends.found()) + b"\n")
        self._licenses.save(self.path, self.folder / "lineage")
        self._check(names)
        del self._lines, self._inheritance, self._licenses  # they hold the scratch open
        shutil.rmtree(self._scratch)

    def _redirects(self) -> dict[str, str]:
        """The ids that go by another which is in this release: judgements may speak of sources not read."""
        written = Records(self.folder)
        redirects = self._inputs.linker.redirects
        known = {id for id in set(redirects.values()) if written.find(id) is not None}
        return {old: new for old, new in redirects.items() if new in known}

    def _resolved(self) -> Iterator[Entity]:
        """The entities of the first pass, with what follows from the lineage."""
        with (self._scratch / "entities.jsonl").open("rb") as file:
            for node, line in enumerate(file):
                entity = _decoder.decode(line)
                inferred = infer(entity, node, self._lineage, self._families)
                inferred += self._licenses.infer(entity, node)
                yield msgspec.structs.replace(entity, inferred=inferred) if inferred else entity

    def _count(self, entity: Entity, quads: int) -> None:
        self.counts[kind_of(entity.id)] += 1
        self.counts["entities"] += 1
        self.counts["quads"] += quads
        self.counts["facts"] += len(entity.facts) + len(entity.inferred)
        self.counts["claims"] += sum(len(fact.claims) for fact in entity.facts)
        self.counts["disputed"] += sum(fact.disputed for fact in entity.facts)

    def _date(self, entity: Entity) -> None:
        """Note the day a source was read, if it is later than that of those before."""
        if kind_of(entity.id) == "source":
            read = [str(day) for day in entity.values(RETRIEVED) if day]
            self._as_of = max(self._as_of, *read) if read else self._as_of

    def _examine(self, node: int, entity: Entity) -> None:
        """Check an entity; keep it for pySHACL if it is curated or its turn has come."""
        for issue in check_entity(entity, self._inputs.vocabulary):
            self._issues.add(issue)
        stride = max(1, self._lineage.size // SAMPLE)
        bulk = self._inputs.bulk
        if node % stride == 0 or any(s.source not in bulk for f in entity.facts for s in f.claims):
            self._sample.append(entity)

    def _check(self, cycles: Mapping[int, str]) -> None:
        dropped = self._inputs.linker.dropped
        lineage = check_lineage(self._lineage, cycles)
        for issue in (*check_links(dropped), *lineage, *self._shacl()):
            self._issues.add(issue)
        self._issues.close()
        self.counts["warnings"] = self._issues.counts.total() - self._issues.error_count
        if self._issues.error_count:
            raise CheckFailed([str(issue) for issue in self._issues.errors])

    def _shacl(self) -> Iterator[Issue]:
        """pySHACL over the ontology, the curated graph and the sample."""
        from kg.build._shapes import check_lines, check_ontology

        yield from check_ontology(self._shapes)
        lines = dict.fromkeys(line for e in self._around() for line in self._writer.resolved(e))
        for issue in check_lines(lines, self._shapes / "shapes.ttl"):
            if issue.severity == "error":  # cycles and dangling parents: check_lineage tells them
                yield issue

    def _around(self) -> Iterator[Entity]:
        """The sample, and of the entities it names only what they are.

        A license that only machine-read sources name may be described by nobody, such as an expression: it is one.
        """
        written = Records(self.folder)
        yield from self._sample
        known = {entity.id for entity in self._sample}
        named = {str(v) for e in self._sample for f in e.facts for v in f.values} - known
        bulk = self._inputs.bulk
        said = (said for e in self._sample for f in e.facts for said in f.claims)
        by_hand = {str(one.value) for one in said if one.source not in bulk}
        for id in sorted(named):
            if kind_of(id) in self._inputs.vocabulary.kinds:
                number = written.find(id)
                if number is not None:
                    yield Entity(id, _decoder.decode(written[number]).labels)
                elif kind_of(id) == "license" and id not in by_hand:
                    yield Entity(id, {"en": (slug_of(id),)})

    def export(self) -> None:
        """Write the standard formats beside the release."""
        written = Records(self.folder)
        vocabulary = self._inputs.vocabulary
        exporter = Exporter(
            lambda: map(_decoder.decode, written),
            lambda: open_graph(self.folder),
            vocabulary,
            inheritance=Inheritance(written, vocabulary),
            judged=JudgedEntities(self.folder, written),
        )
        write_exports(
            self.path,
            exporter,
            self._base,
            lambda id: written.find(id) is not None,
            self.counts["entities"] <= ALL_FORMATS,
        )

    def manifest(self) -> Manifest:
        """Sum the release up."""
        files = sorted(p for p in self.path.rglob("*") if p.is_file())
        sums = {str(p.relative_to(self.path)): checksum(p) for p in files} | self._content
        counts = dict(sorted(self.counts.items()))
        return Manifest(
            format=FORMAT,
            gyebo=__version__,
            base=self._base,
            counts=counts,
            files=dict(sorted(sums.items())),
            as_of=self._as_of,
        )


def _collect(entity: Entity, collector: Collector) -> int:
    """Number an entity and take its edges."""
    date = next(iter(entity.values(RELEASE_DATE)), None)
    node = collector.entity(entity.id, str(date or ""))
    for fact in entity.facts:
        if fact.property in collector.relations:
            for value in fact.values:
                collector.edge(node, str(value), fact.property)
    return node
