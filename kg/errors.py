"""Every error Gyebo raises on purpose.

KGError                     the root: catch this at an edge; carries a Message
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
├── RemoteFailed            another machine did not do what was asked
│   ├── DownloadFailed      it did not give what was asked for
│   ├── TransferFailed      a release could not be sent to a storage or fetched from it
│   └── LoadFailed          a SPARQL server did not take the release, or not as it is
├── NotInstalled            an optional part of the program is missing: carries its name
├── SnapshotError           the snapshot on disk cannot be served
│   ├── NoSnapshot          nothing has been built yet
│   ├── SnapshotDamaged     a file is not as its build wrote it: carries its path
│   └── WrongFormat         built by another version of the program
└── QueryFailed             a valid query that did not finish
    ├── QueryTimeout        it ran past its deadline
    ├── ResultTooLarge      its result passed the row or byte cap
    ├── QueryAborted        its worker died (memory cap, crash)
    └── QueryRefused        it was not started, or not to its end: carries the seconds to wait
        ├── Busy            too many queries wait
        ├── TooManyWaiting  too many queries of this client wait
        ├── OverShare       this client has had its share of computing time
        └── ServerAway      the SPARQL server that answers elsewhere is down, slow or holds another release
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from kg.messages.message import Message, mark

_TOLD = 20  # failed checks that a message lists
_TOO_LARGE = {
    "rows": mark("the result is larger than %(limit)s rows; add LIMIT or narrow it"),
    "triples": mark("the result is larger than %(limit)s triples; add LIMIT or narrow it"),
    "bytes": mark("the result is larger than %(limit)s bytes; add LIMIT or narrow it"),
}


class KGError(Exception):
    """The root of the tree above; `str()` of it is English, `message` is in every language.

    Args:
        message: what is wrong and what to do.
    """

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


class InputError(KGError):
    """Something a user wrote is wrong."""


class ConfigError(InputError):
    """A setting that cannot be used."""


class DataError(InputError):
    """A file of data breaks a rule.

    Args:
        what: what is wrong and what to do.
        file: path as the user knows it.
        line: 1-based line number, 0 if the whole file is meant.
    """

    def __init__(self, what: Message, file: str = "", line: int = 0) -> None:
        if line:
            placed = Message("%(file)s:%(line)d: %(what)s", file=file, line=line, what=what)
        else:
            placed = Message("%(file)s: %(what)s", file=file, what=what) if file else what
        super().__init__(placed)
        self.what, self.file, self.line = what, file, line


class UnknownId(InputError):
    """No entity has this id; `near` holds the ids that look like it.

    Args:
        id: what nothing goes by.
        near: ids that may have been meant.
        missing: what is not there, in sentences, where that is known.
    """

    def __init__(self, id: str, near: Sequence[str] = (), missing: Message | None = None) -> None:
        said = missing or Message("no entity has the id %(id)r", id=id)
        if near and missing:
            said = Message("%(said)s Did you mean %(near)s?", said=missing, near=list(near))
        elif near:
            said = Message("%(said)s; did you mean %(near)s?", said=said, near=list(near))
        super().__init__(said)
        self.id, self.near, self.missing = id, tuple(near), missing


class UnknownFormat(InputError):
    """No such format; `known` lists those there are."""

    def __init__(self, format: str, known: Sequence[str]) -> None:
        told = Message(
            "unknown format %(format)r; known are: %(known)s", format=format, known=list(known)
        )
        super().__init__(told)
        self.format, self.known = format, tuple(known)


class TooLargeToHold(InputError):
    """A graph is too large for a format that is made in memory."""


class QueryError(InputError):
    """A SPARQL query that cannot be run as it stands (line and column 1-based, 0 if not known).

    Args:
        what: what is wrong and what to do, without the place.
        line: where it begins.
        column: where it begins in that line.
    """

    def __init__(self, what: Message, line: int = 0, column: int = 0) -> None:
        placed = Message(
            "line %(line)d, column %(column)d: %(what)s", line=line, column=column, what=what
        )
        super().__init__(placed if line else what)
        self.what, self.line, self.column = what, line, column

    def moved(self, line: int, column: int) -> QueryError:
        """The same error at another place."""
        QueryError.__init__(self, self.what, line, column)
        return self


class UpdateRefused(QueryError):
    """An update; `keyword` is its first word."""

    def __init__(self, keyword: str = "", line: int = 0, column: int = 0) -> None:
        if keyword:
            what = Message("%(keyword)s is refused: this service only reads", keyword=keyword)
        else:
            what = Message("an update is refused: this service only reads")
        super().__init__(what, line, column)
        self.keyword = keyword


class Unacceptable(InputError):
    """The kind of answer (select, ask or graph) has other formats than those asked for."""

    def __init__(self, kind: str, known: Sequence[str]) -> None:
        super().__init__(Message("this query answers in: %(known)s", known=list(known)))
        self.kind, self.known = kind, tuple(known)


class BuildError(KGError):
    """A build that did not produce a snapshot; the one before keeps serving."""


class CheckFailed(BuildError):
    """The data broke rules that stop publication.

    Args:
        issues: what the rules say, in English as it is written into the release.
    """

    def __init__(self, issues: Sequence[str]) -> None:
        told = "\n  ".join(issues[:_TOLD])
        failed = Message(
            "%(num)s checks failed, nothing was published:\n  %(issues)s",
            num=len(issues),
            issues=told,
        )
        if (more := len(issues) - _TOLD) > 0:
            failed = Message("%(failed)s\n  … and %(num)s more", failed=failed, num=more)
        super().__init__(failed)
        self.issues = tuple(issues)


class RemoteFailed(KGError):
    """Another machine did not do what was asked; what was current here still is.

    Args:
        place: its address, without passwords.
        why: what is wrong.
        told: both in one sentence.
    """

    def __init__(self, place: str, why: Message, told: str = mark("%(place)s: %(why)s")) -> None:
        super().__init__(Message(told, place=place, why=why))
        self.place, self.why = place, why


class DownloadFailed(RemoteFailed):
    """It did not give what was asked for."""

    def __init__(self, place: str, why: Message) -> None:
        super().__init__(place, why, mark("%(place)s could not be fetched: %(why)s"))


class TransferFailed(RemoteFailed):
    """A release could not be sent to a storage or fetched from it; the place may be the folder of this machine."""


class LoadFailed(RemoteFailed):
    """A SPARQL server did not take the release, or holds something else than it."""

    def __init__(self, place: str, why: Message) -> None:
        super().__init__(place, why, mark("%(place)s does not hold the release: %(why)s"))


class NotInstalled(KGError):
    """An optional part of the program is missing; `extra` is the name to install it by, `how` where it is another program."""

    def __init__(self, what: Message, extra: str, how: Message | None = None) -> None:
        how = how or Message("pip install 'gyebo[%(extra)s]'", extra=extra)
        super().__init__(Message("%(what)s need an optional part: %(how)s", what=what, how=how))
        self.extra = extra


class SnapshotError(KGError):
    """The snapshot on disk cannot be served."""


class NoSnapshot(SnapshotError):
    """Nothing has been built yet."""

    def __init__(self, home: str) -> None:
        told = Message("there is no snapshot in %(home)s; run `gyebo build` first", home=home)
        super().__init__(told)


class WrongFormat(SnapshotError):
    """The snapshot was built by another version of the program, which `found` and `expected` name."""

    def __init__(self, found: Message, expected: Message) -> None:
        super().__init__(
            Message(
                "the snapshot was made by %(found)s and this is %(expected)s; run `gyebo build` to "
                "make it anew",
                found=found,
                expected=expected,
            )
        )
        self.found, self.expected = found, expected


class SnapshotDamaged(SnapshotError):
    """A file of the snapshot `name` is not as its build wrote it; `why` says what is wrong with it."""

    def __init__(self, name: str, file: str, why: Message) -> None:
        place = f"{name}/{file}"
        told = Message("snapshot file %(place)s is damaged: %(why)s", place=place, why=why)
        hint = Message(
            "%(what)s; run `gyebo build`, or `gyebo rollback` for the one before", what=told
        )
        super().__init__(hint)
        self.file, self.why = file, why


class QueryFailed(KGError):
    """A valid query that did not finish."""


class QueryTimeout(QueryFailed):
    """The query ran past its deadline."""

    def __init__(self, seconds: float) -> None:
        told = Message(
            "the query was stopped after %(seconds)g seconds; narrow it or add LIMIT",
            seconds=seconds,
        )
        super().__init__(told)
        self.seconds = seconds


class ResultTooLarge(QueryFailed):
    """The result passed the cap on its rows, triples or bytes."""

    def __init__(self, limit: int, unit: Literal["rows", "triples", "bytes"]) -> None:
        super().__init__(Message(_TOO_LARGE[unit], limit=limit))
        self.limit, self.unit = limit, unit


class QueryAborted(QueryFailed):
    """The query's worker died; the service goes on with a new one."""

    def __init__(self, why: Message | None = None) -> None:
        told = Message("the query was aborted: %(why)s; narrow it", why=why) if why else None
        super().__init__(told or Message("the query was aborted; narrow it"))


class QueryRefused(QueryFailed):
    """The query was not started, or not to its end; `retry_after` is how many seconds to wait."""

    def __init__(self, why: Message, retry_after: int) -> None:
        super().__init__(
            Message("%(why)s; try again in %(seconds)s seconds", why=why, seconds=retry_after)
        )
        self.retry_after = retry_after


class Busy(QueryRefused):
    """As many queries wait as may wait."""


class TooManyWaiting(QueryRefused):
    """As many queries of one client wait as may wait."""


class OverShare(QueryRefused):
    """One client has used more computing time than its share."""


class ServerAway(QueryRefused):
    """The SPARQL server elsewhere cannot answer now; what is told names no address of it."""
