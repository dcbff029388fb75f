"""The entities that also pass through pySHACL: all that people curated, and of the others every so-manieth."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import msgspec

from kg.build.inputs import Inputs
from kg.build.passes._pieces import Pieces, key_of
from kg.export.quads import Writer
from kg.model.claim import Entity, kind_of, slug_of
from kg.model.issues import Issue
from kg.snapshot.records import Records

SAMPLE = 400  # entities of a bulk build that also pass through pySHACL

_decoder = msgspec.json.Decoder(Entity)


class Sample:
    """Notes which entities are checked.

    Args:
        stride: of how many entities one is checked, curated or not.
    """

    def __init__(self, stride: int) -> None:
        self._stride = stride
        self._nodes = array("q")

    def add(self, nodes: range, curated: Collection[int]) -> None:
        """Note those of the next entities that are checked.

        Args:
            nodes: their lines in the release.
            curated: the places among them of those that people curated.
        """
        due = range(-nodes.start % self._stride, len(nodes), self._stride)
        self._nodes.extend(nodes[place] for place in sorted({*due, *curated}))

    def check(
        self, written: Records, inputs: Inputs, base: str, shapes: Path, pieces: Pieces
    ) -> Iterator[Issue]:
        """What pySHACL finds in the ontology and in the sample.

        Args:
            written: the entities of the release.
            inputs: what it was made from.
            base: start of every entity IRI.
            shapes: the folder of kg.ttl and the shapes.
            pieces: where the result is kept, by the graph and all shapes.
        """
        from importlib.metadata import version  # slow to load, and only a build needs it

        sample = [_decoder.decode(written[node]) for node in self._nodes]
        writer = Writer(base, inputs.vocabulary, inputs.bulk, inputs.guesses)
        around = _around(sample, written, inputs)
        graph = "".join(dict.fromkeys(line for e in around for line in writer.resolved(e)))
        files = sorted(path for path in shapes.iterdir() if path.is_file())
        made_by = version("pyshacl")
        key = key_of("shapes", made_by, graph, *(path.read_bytes() for path in files))
        yield from pieces.take(key, list[Issue], lambda: [*_shacl(graph, shapes)])


def _shacl(lines: str, shapes: Path) -> Iterator[Issue]:
    """pySHACL over the ontology and a graph in N-Triples."""
    from kg.build._shapes import check_lines, check_ontology  # only where nothing is kept

    yield from check_ontology(shapes)
    for issue in check_lines([lines], shapes / "shapes.ttl"):
        if issue.severity == "error":  # cycles and dangling parents: check_lineage tells them
            yield issue


def _around(sample: Sequence[Entity], written: Records, inputs: Inputs) -> Iterator[Entity]:
    """The sample, and of the entities it names only what they are.

    A license that only machine-read sources name may be described by nobody, such as an expression: it is one.
    """
    yield from sample
    known = {entity.id for entity in sample}
    named = {str(v) for e in sample for f in e.facts for v in f.values} - known
    bulk = inputs.bulk
    said = (said for e in sample for f in e.facts for said in f.claims)
    by_hand = {str(one.value) for one in said if one.source not in bulk}
    for id in sorted(named):
        if kind_of(id) in inputs.vocabulary.kinds:
            number = written.find(id)
            if number is not None:
                yield Entity(id, _decoder.decode(written[number]).labels)
            elif kind_of(id) == "license" and id not in by_hand:
                yield Entity(id, {"en": (slug_of(id),)})
