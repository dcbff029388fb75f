"""What the Hub's repositories are called: one key may have had several names, a name several spellings.

Two and a half million names do not fit in memory beside everything else, so they stand in SQLite: those
of one run in a temporary file, those of all runs in names.sqlite in the folder that the source keeps,
so that a repository that was renamed between two runs is known again by its key (`_id`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from kg.claims.claim_files import decode_lines, encode
from kg.claims.runs import IdentityLink
from kg.model.claim import Claim

_CACHE = 64_000  # kilobytes

_TABLES = """
CREATE TEMP TABLE seen (key TEXT, name TEXT, listed INTEGER);
CREATE TEMP TABLE edge (child TEXT, parent TEXT);
CREATE TEMP TABLE newer (name TEXT, next TEXT);
CREATE TEMP TABLE told (line BLOB);
CREATE TABLE IF NOT EXISTS kept (key TEXT, name TEXT, day TEXT, PRIMARY KEY (key, name)) WITHOUT ROWID;
"""

# Made when all names are in, of those few that are asked for: to sort all of them would take most of the time.
_INDEXES = """
CREATE INDEX temp.children ON edge (lower(child));
CREATE TEMP TABLE several (key TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT INTO several SELECT key FROM kept GROUP BY key HAVING count(*) > 1;
CREATE TEMP TABLE met (key TEXT, name TEXT, listed INTEGER, PRIMARY KEY (key, name)) WITHOUT ROWID;
INSERT INTO met SELECT key, name, max(listed) FROM seen WHERE key IN several GROUP BY key, name;
CREATE TEMP TABLE known (name TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT INTO known SELECT DISTINCT name FROM seen WHERE listed AND name IN (SELECT next FROM newer);
CREATE TEMP TABLE lows (low TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT INTO lows SELECT DISTINCT lower(parent) FROM edge;
CREATE TEMP TABLE spelled (low TEXT PRIMARY KEY, name TEXT) WITHOUT ROWID;
INSERT INTO spelled SELECT lower(name) AS low, min(name) FROM seen WHERE listed AND lower(name) IN lows
  GROUP BY low HAVING count(DISTINCT name) = 1;
"""

# The names of every key that has several and was met in this run, the current one last.
_RENAMED = """
SELECT k.key, k.name FROM several JOIN kept k USING (key)
LEFT JOIN met USING (key, name)
WHERE EXISTS (SELECT 1 FROM met WHERE met.key = k.key)
ORDER BY k.key, k.day, coalesce(met.listed, -1), k.name
"""

# Parents that are not listed, where one listed name differs from theirs by case only.
_SPELLED = """
SELECT DISTINCT edge.parent, spelled.name FROM edge JOIN spelled ON spelled.low = lower(edge.parent)
WHERE edge.parent <> spelled.name ORDER BY 1
"""

_ABOVE = """
WITH RECURSIVE above(low) AS (
  SELECT lower(:name)
  UNION SELECT lower(edge.parent) FROM edge JOIN above ON lower(edge.child) = above.low)
SELECT 1 FROM above WHERE low = lower(:next)
"""

_LISTED = "SELECT 1 FROM known WHERE name = :next"


class Newer(NamedTuple):
    """A model and the one that its card names as its new version."""

    name: str
    next: str
    is_above: bool  # whether the new version is the model itself or one it comes from
    is_listed: bool  # whether the run tells more of the new version


class NameNotes(NamedTuple):
    """Names and edges that some records tell, each once; what HubNames takes."""

    seen: list[tuple[str | None, str, bool]]  # key, name, whether it is listed
    edge: list[tuple[str, str]]  # child, parent
    newer: list[tuple[str, str]]  # name, next
    told: list[tuple[bytes]]  # claims, as lines


class NoteTaker:
    """Takes names and edges as records come by."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str | None, str, bool], None] = {}
        self._edges: dict[tuple[str, str], None] = {}
        self._newer: dict[tuple[str, str], None] = {}
        self._told: dict[Claim, None] = {}

    def name(self, key: object, name: str, listed: bool) -> None:
        """A name, listed or only referred to, with the key of its repository if that is given."""
        self._seen[(key if isinstance(key, str) and key else None, name, listed)] = None

    def edge(self, child: str, parent: str) -> None:
        """One model comes from another."""
        self._edges[(child, parent)] = None

    def newer(self, name: str, next: str) -> None:
        """A card names a new version."""
        self._newer[(name, next)] = None

    def tell(self, name: Claim) -> None:
        """What something is called that many records speak of: a run tells it once."""
        self._told[name] = None

    def notes(self) -> NameNotes:
        """All of it."""
        told = [(encode(claim),) for claim in self._told]
        return NameNotes([*self._seen], [*self._edges], [*self._newer], told)


class HubNames:
    """Takes notes of a run piece by piece, in any order, and says at its end what follows.

    Args:
        folder: holds names.sqlite; None = remember nothing.
        day: of this run, ISO.
    """

    def __init__(self, folder: Path | None, day: str) -> None:
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        self._base = sqlite3.connect(folder / "names.sqlite" if folder else "")
        self._base.execute("PRAGMA temp_store = FILE")
        for schema in ("main", "temp"):
            self._base.execute(f"PRAGMA {schema}.cache_size = -{_CACHE}")
        self._base.executescript(_TABLES)
        self._day = day

    def take(self, notes: NameNotes) -> None:
        """Take what some records tell."""
        for table, rows in notes._asdict().items():
            if rows:
                marks = ", ".join("?" * len(rows[0]))
                self._base.executemany(f"INSERT INTO temp.{table} VALUES ({marks})", rows)

    def told(self) -> Iterator[Claim]:
        """The names that were told, each once, in the order of their ids."""
        lines = self._base.execute("SELECT DISTINCT line FROM temp.told ORDER BY line")
        return (claim for (line,) in lines for claim in decode_lines(line))

    def links(self) -> Iterator[IdentityLink]:
        """Old names to current ones, other spellings to the Hub's own."""
        self._base.execute(
            "INSERT INTO kept SELECT key, name, ? FROM seen WHERE key IS NOT NULL GROUP BY key, name "
            "ON CONFLICT (key, name) DO UPDATE SET day = max(day, excluded.day)",
            (self._day,),
        )
        self._base.commit()
        self._base.executescript(_INDEXES)
        yield from self._renamed()
        for written, spelled in self._base.execute(_SPELLED):
            yield IdentityLink(
                f"model/hf/{written}", f"model/hf/{spelled}", "the Hub's spelling of its id", True
            )

    def _renamed(self) -> Iterator[IdentityLink]:
        before: list[str] = []
        last = None
        for key, name in self._base.execute(_RENAMED):
            if key != last:
                yield from _to_last(before)
                last, before = key, []
            before.append(name)
        yield from _to_last(before)

    def successions(self) -> Iterator[Newer]:
        """The new versions that cards name; call after `links`."""
        wanted = self._base.execute("SELECT DISTINCT name, next FROM newer ORDER BY name, next")
        for name, next in wanted:
            pair = {"name": name, "next": next}
            yield Newer(name, next, self._holds(_ABOVE, pair), self._holds(_LISTED, pair))

    def _holds(self, query: str, values: dict[str, str]) -> bool:
        return self._base.execute(query, values).fetchone() is not None

    def close(self) -> None:
        """End."""
        self._base.close()


def _to_last(names: list[str]) -> Iterator[IdentityLink]:
    for old in names[:-1]:
        yield IdentityLink(
            f"model/hf/{old}", f"model/hf/{names[-1]}", "renamed on the Hub: the same _id", True
        )
