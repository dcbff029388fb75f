"""Parts of the search index: the entities of some lines of a release as documents in terms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from kg.build.documents._documents import Documents
from kg.build.documents._survey import UNSEARCHED, Surroundings
from kg.model.claim import kind_of
from kg.search.indexing import IndexPart, PartAnalyzer
from kg.snapshot.layout import Manifest
from kg.snapshot.snapshot import Snapshot


@contextmanager
def open_parts(
    folder: Path, manifest: Manifest, around: Surroundings, glossary: Mapping[str, str]
) -> Iterator[Callable[[range], IndexPart]]:
    """Open a snapshot that is being built, and give what makes parts of its index.

    Args:
        folder: the snapshot's.
        manifest: what will be written there.
        around: what was found out about all entities.
        glossary: words that mean the same.
    """
    analyze = PartAnalyzer(glossary)
    with closing(Snapshot(folder, manifest)) as snapshot:
        made, lines = Documents(snapshot, around), snapshot.lines

        def make_part(numbers: range) -> IndexPart:
            ids = lines.ids(numbers.start, numbers.stop)
            wanted = [
                n for n, id in zip(numbers, ids, strict=True) if kind_of(id) not in UNSEARCHED
            ]
            return analyze(map(made.document, wanted), len(numbers))

        yield make_part
