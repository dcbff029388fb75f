"""Reading a snapshot: entities by id, names people type, the search index and the lineage.

The parts that need NumPy, Whoosh or the license rules are imported when they are first asked for: `gyebo show`
needs none of them, and all together take longer to load than most commands to run.
"""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

import msgspec

from kg.errors import SnapshotDamaged, SnapshotError, UnknownId
from kg.messages.message import Message, reason_of
from kg.model.claim import Entity, main_label, slug_of
from kg.model.vocabulary import Vocabulary, load_vocabulary
from kg.snapshot._names import find_id, find_spelled, identify
from kg.snapshot.inheritance import Inheritance
from kg.snapshot.layout import (
    ENTITIES,
    REMEMBERED,
    STATISTICS,
    TRENDS,
    Layout,
    Manifest,
    check_program,
    read_manifest,
)
from kg.snapshot.memo import memo
from kg.snapshot.records import Records, run_of
from kg.snapshot.seal import check_sizes

if TYPE_CHECKING:
    from kg.licenses.states import States
    from kg.licenses.verdicts import Consistencies, Verdicts
    from kg.lineage.families import Families
    from kg.lineage.graph import Lineage
    from kg.search.index import SearchIndex
    from kg.snapshot.citations import Citations
    from kg.snapshot.releases.history import History
    from kg.snapshot.statistics import Statistics
    from kg.snapshot.trends import Trend
    from kg.sparql.request import Dataset

_T = TypeVar("_T")

_entity = msgspec.json.Decoder(Entity)


class _Named(msgspec.Struct):
    """The part of an entity that names it."""

    id: str
    labels: dict[str, tuple[str, ...]]


_named = msgspec.json.Decoder(_Named)
_FACTS = b'},"facts":['


class Snapshot:
    """An open snapshot. It keeps a lease, so that no build deletes it, until it is closed.

    Args:
        folder: a complete snapshot directory.
        manifest: given by the build, which indexes a snapshot before its manifest is written.
        cluster: address of an OpenSearch cluster that may hold its search index too.

    Raises:
        SnapshotError: it cannot be read by this program.
    """

    def __init__(self, folder: Path, manifest: Manifest | None = None, cluster: str = "") -> None:
        self.folder, self._cluster = folder, cluster
        self.manifest = manifest or read_manifest(folder)
        check_program(self.manifest)
        if manifest is None:
            check_sizes(folder)
        self._lease = (folder / "lease").open("rb")
        fcntl.flock(self._lease, fcntl.LOCK_SH)
        self.lines = Records(folder)
        redirects = folder / "release" / "redirects.json"
        self.redirects: dict[str, str] = msgspec.json.decode(redirects.read_bytes())

    @staticmethod
    def current(home: Path, cluster: str = "") -> Snapshot:
        """Open the snapshot that `current` names, as above.

        Raises:
            SnapshotError: there is none, or it cannot be read.
        """
        return Snapshot(Layout(home).current_folder(), cluster=cluster)

    @cached_property
    def memory(self) -> dict[object, Callable[..., Any]]:
        """What functions have found out about this snapshot; filled by kg/snapshot/memo.py alone."""
        return {}

    def former(self, id: str) -> Sequence[str]:
        """The other ids that lead to an id."""
        return self._former.get(id, ())

    @cached_property
    def _former(self) -> Mapping[str, Sequence[str]]:
        former: dict[str, list[str]] = {}
        for old, id in self.redirects.items():
            former.setdefault(id, []).append(old)
        return former

    @property
    def vocabulary(self) -> Vocabulary:
        """The vocabulary this program reads it with."""
        return load_vocabulary()

    @cached_property
    def dataset(self) -> Dataset:
        """What SPARQL queries run on."""
        from kg.sparql.request import Dataset

        return Dataset(self.folder / "store", self.manifest.base, self.manifest.version)

    @cached_property
    def lineage(self) -> Lineage:
        """The derivation graph."""
        from kg.lineage.graph import Lineage

        return Lineage(self.folder / "lineage")

    @cached_property
    def families(self) -> Families:
        """The families over the derivation graph."""
        from kg.lineage.families import Families

        return Families(self.lineage, *self.kind_range("family"))

    @cached_property
    def inheritance(self) -> Inheritance:
        """What is said of families and reaches their members."""
        return Inheritance(self.lines, self.vocabulary)

    @cached_property
    def states(self) -> States:
        """The license rules this snapshot was built with."""
        from kg.licenses.rules import LicenseRules
        from kg.licenses.states import States
        from kg.licenses.terms import Terms

        terms = (self.folder / "release" / "terms.json").read_bytes()
        return States(LicenseRules(msgspec.json.decode(terms, type=Terms)))

    @cached_property
    def verdicts(self) -> Verdicts:
        """What may be done with each entity, by its number and the use."""
        from kg.licenses.verdicts import load_verdicts

        return load_verdicts(self.folder / "release")

    @cached_property
    def consistencies(self) -> Consistencies:
        """How the license of each entity stands to what it inherited, by its number."""
        from kg.licenses.verdicts import load_consistencies

        return load_consistencies(self.folder / "release")

    @cached_property
    def index(self) -> SearchIndex:
        """The search index."""
        from kg.search.index import SearchIndex

        return SearchIndex(self.folder / "search", self._cluster, self.manifest.version)

    @cached_property
    def citations(self) -> Citations:
        """What each source speaks of."""
        from kg.snapshot.citations import Citations

        return Citations(self.folder)

    @cached_property
    def history(self) -> History:
        """What changed since the release before."""
        from kg.snapshot.releases.history import History

        return History(self.folder)

    @cached_property
    def statistics(self) -> Statistics:
        """What the release holds, counted.

        Raises:
            SnapshotError: the snapshot was built before releases were counted.
        """
        from kg.snapshot.statistics import Statistics

        return self._read(STATISTICS, Statistics)

    @cached_property
    def trends(self) -> dict[str, Trend]:
        """Sizes and context lengths over time, by property.

        Raises:
            SnapshotError: the snapshot was built before they were gathered.
        """
        from kg.snapshot.trends import Trend

        return self._read(TRENDS, dict[str, Trend])

    def _read(self, name: str, type: type[_T]) -> _T:
        path = self.folder / "release" / name
        try:
            return msgspec.json.decode(path.read_bytes(), type=type)
        except (OSError, msgspec.MsgspecError) as error:
            raise SnapshotError(
                Message("%(path)s cannot be read; run `gyebo build`", path=path)
            ) from error

    def entity(self, id: str) -> Entity:
        """The entity with exactly this id.

        Raises:
            UnknownId: there is none; carries the nearest ids.
        """
        return self.entity_at(self.number(id))

    def number(self, id: str) -> int:
        """The line of an id in the release, which is its node in the lineage.

        Raises:
            UnknownId: there is no such entity; carries the nearest ids.
        """
        number = self.lines.find(id)
        if number is None:
            raise UnknownId(id, self.near(id))
        return number

    @memo(most=512)  # an answer reads some of them several times
    def entity_at(self, number: int) -> Entity:
        """The entity on a line of the release; a dangling parent is an entity without facts."""
        return self.read_entity(number)

    def read_entity(self, number: int) -> Entity:
        """The same for who reads each entity once: none is kept."""
        if number >= len(self.lines):
            return Entity(self.lineage.dangling[number - len(self.lines)], {})
        return self._decoded(_entity, self.lines[number])

    def named(self, number: int) -> Entity:
        """The entity on a line with its names only, which is quicker to read."""
        if number >= len(self.lines):
            return self.entity_at(number)
        line, cut, _ = self.lines[number].partition(_FACTS)  # no string in JSON holds this
        known = self._decoded(_named, line + b"}}" if cut else line)
        return Entity(known.id, known.labels)

    def _decoded(self, decoder: msgspec.json.Decoder[_T], line: bytes) -> _T:
        try:
            return decoder.decode(line)
        except msgspec.MsgspecError as error:
            name = f"release/{ENTITIES}"
            raise SnapshotDamaged(self.folder.name, name, reason_of(error)) from error

    def id_at(self, number: int) -> str:
        """The id of a node of the lineage."""
        if number >= len(self.lines):
            return self.lineage.dangling[number - len(self.lines)]
        return self.lines.id(number)

    def entities(self, kind: str = "") -> Iterator[Entity]:
        """All entities, or those of one kind, by id."""
        start, end = self.kind_range(kind) if kind else (0, len(self.lines))
        yield from map(self.read_entity, range(start, end))

    def those(self, ids: Iterable[str]) -> Iterator[Entity]:
        """The entities with these ids that are described."""
        for id in ids:
            if (number := self.lines.find(id)) is not None:
                yield self.entity_at(number)

    @memo(most=64)
    def kind_range(self, kind: str) -> tuple[int, int]:
        """The lines that hold one kind."""
        return run_of(self.lines, kind)

    def label(self, id: str, lang: str = "en") -> str:
        """The label of an id, or its slug if nothing is known of it."""
        number = self.lines.find(id)
        return slug_of(id) if number is None else self._label_at(number, lang)

    @memo(most=REMEMBERED)
    def _label_at(self, number: int, lang: str) -> str:
        return main_label(self.named(number), lang)

    def near(self, text: str, most: int = 5) -> list[str]:
        """Ids that look like a text, the nearest first; if none does, what a search finds by it."""
        from kg.snapshot._near import find_near

        return find_near(self, text, most)

    find, identify, spelled = find_id, identify, find_spelled

    def close(self) -> None:
        """Give up the lease."""
        self._lease.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *args: object) -> None:
        self.close()
