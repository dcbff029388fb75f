"""Every error Gyebo raises on purpose.

KGError                     the root: catch this at an edge
├── InputError              something a user wrote is wrong (exit code 2)
│   ├── ConfigError         a setting that cannot be used
│   ├── DataError           a file of data: carries file and line
│   ├── UnknownId           no such entity: carries the nearest ids
│   ├── UnknownFormat       no such export format: carries the known ones
│   ├── TooLargeToHold      a graph too large for a format that is made in memory
│   ├── Unacceptable        the format asked for does not suit the kind of answer
│   └── QueryError          a SPARQL query that cannot be run: carries line and column
│       └── UpdateRefused   an update: the service only reads
├── BuildError              a build that did not produce a snapshot (exit code 1)
│   └── CheckFailed         the data broke a rule that stops publication
├── DownloadFailed         another machine did not give what was asked for
├── NotInstalled            an optional part of the program is missing: carries its name
├── SnapshotError           the snapshot on disk cannot be served
│   ├── NoSnapshot          nothing has been built yet
│   └── WrongFormat         built by another version of the program
└── QueryFailed             a valid query that did not finish
    ├── QueryTimeout        it ran past its deadline
    ├── ResultTooLarge      its result passed the row or byte cap
    ├── QueryAborted        its worker died (memory cap, crash)
    └── QueryRefused        it was not started: carries the seconds to wait
        ├── Busy            too many queries wait
        └── OverShare       this client has had its share of computing time
"""

from __future__ import annotations

from collections.abc import Sequence


class KGError(Exception):
    """The root of the tree above."""


class InputError(KGError):
    """Something a user wrote is wrong."""


class ConfigError(InputError):
    """A setting that cannot be used."""


class DataError(InputError):
    """A file of data breaks a rule.

    Args:
        message: what is wrong and what to do.
        file: path as the user knows it.
        line: 1-based line number, 0 if the whole file is meant.
    """

    def __init__(self, message: str, file: str = "", line: int = 0) -> None:
        where = f"{file}:{line}: " if line else f"{file}: " if file else ""
        super().__init__(where + message)
        self.file, self.line = file, line


class UnknownId(InputError):
    """No entity has this id; `near` holds the ids that look like it."""

    def __init__(self, id: str, near: Sequence[str] = ()) -> None:
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        super().__init__(f"no entity has the id {id!r}{hint}")
        self.id, self.near = id, tuple(near)


class UnknownFormat(InputError):
    """No such format; `known` lists those there are."""

    def __init__(self, format: str, known: Sequence[str]) -> None:
        super().__init__(f"unknown format {format!r}; known are: {', '.join(known)}")
        self.format, self.known = format, tuple(known)


class TooLargeToHold(InputError):
    """A graph is too large for a format that is made in memory; `most` nodes and edges would do."""

    def __init__(self, format: str, most: int) -> None:
        super().__init__(
            f"the graph has more than {most:,} nodes and edges, and {format} is made in memory: narrow "
            "it with --model, --family or --query, or take dot, cytoscape, nodelink, csv or parquet"
        )
        self.format, self.most = format, most


class QueryError(InputError):
    """A SPARQL query that cannot be run as it stands (line and column 1-based, 0 if not known)."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(f"line {line}, column {column}: {message}" if line else message)
        self.message, self.line, self.column = message, line, column

    def moved(self, line: int, column: int) -> QueryError:
        """The same error at another place."""
        QueryError.__init__(self, self.message, line, column)
        return self


class UpdateRefused(QueryError):
    """An update; `keyword` is its first word."""

    def __init__(self, keyword: str = "", line: int = 0, column: int = 0) -> None:
        super().__init__(
            f"{keyword or 'an update'} is refused: this service only reads", line, column
        )
        self.keyword = keyword


class Unacceptable(InputError):
    """The kind of answer (select, ask or graph) has other formats than those asked for."""

    def __init__(self, kind: str, known: Sequence[str]) -> None:
        super().__init__(f"this query answers in: {', '.join(known)}")
        self.kind, self.known = kind, tuple(known)


class BuildError(KGError):
    """A build that did not produce a snapshot; the one before keeps serving."""


class CheckFailed(BuildError):
    """The data broke rules that stop publication; `issues` are their messages."""

    def __init__(self, issues: Sequence[str]) -> None:
        head = "\n  ".join(issues[:20])
        more = f"\n  … and {len(issues) - 20:,} more" if len(issues) > 20 else ""
        super().__init__(f"{len(issues):,} checks failed, nothing was published:\n  {head}{more}")
        self.issues = tuple(issues)


class DownloadFailed(KGError):
    """Another machine did not give what was asked for."""

    def __init__(self, url: str, why: str) -> None:
        super().__init__(f"{url} could not be fetched: {why}")
        self.url = url


class NotInstalled(KGError):
    """An optional part of the program is missing; `extra` is the name to install it by."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} need an optional part: pip install 'gyebo[{extra}]'")
        self.extra = extra


class SnapshotError(KGError):
    """The snapshot on disk cannot be served."""


class NoSnapshot(SnapshotError):
    """Nothing has been built yet."""

    def __init__(self, home: str) -> None:
        super().__init__(f"there is no snapshot in {home}; run `gyebo build` first")


class WrongFormat(SnapshotError):
    """The snapshot was built by another version of the program, which `found` and `expected` name."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(
            f"the snapshot was made by {found} and this is {expected}; run `gyebo build` to make it anew"
        )
        self.found, self.expected = found, expected


class QueryFailed(KGError):
    """A valid query that did not finish."""


class QueryTimeout(QueryFailed):
    """The query ran past its deadline."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the query was stopped after {seconds:g} seconds; narrow it or add LIMIT")
        self.seconds = seconds


class ResultTooLarge(QueryFailed):
    """The result passed the row or byte cap."""

    def __init__(self, limit: int, unit: str) -> None:
        super().__init__(f"the result is larger than {limit:,} {unit}; add LIMIT or narrow it")
        self.limit, self.unit = limit, unit


class QueryAborted(QueryFailed):
    """The query's worker died; the service goes on with a new one."""

    def __init__(self, why: str = "") -> None:
        super().__init__("the query was aborted" + (f": {why}" if why else "") + "; narrow it")


class QueryRefused(QueryFailed):
    """The query was not started; `retry_after` is how many seconds to wait."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(f"{message}; try again in {retry_after} seconds")
        self.retry_after = retry_after


class Busy(QueryRefused):
    """As many queries wait as may wait."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("too many queries are waiting", retry_after)


class OverShare(QueryRefused):
    """One client has used more computing time than its share."""

    def __init__(self, share: float, retry_after: int) -> None:
        super().__init__(f"your queries have used their {share:g} seconds a minute", retry_after)
