"""The files of data/catalog: what one source says, a subject a line, in JSON, so that changes can be read.

    data/catalog/<source>.jsonl     the first line says what the source is and what was read of it
                                    {"id":"model/hf/a/b","at":"list.json:7","license":"license/mit",…}

`at` is where the line's facts stand in the source. A fact is its bare value, or an object where there is
more to say of it (`value`, `note`, `at`, …); several are a list. The note that most facts of a property have
stands in the first line. `same` names ids of the same thing. A file
stands for the claim run of its name: a run that a user stored takes its place in a build.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby
from pathlib import Path
from types import NoneType
from typing import Any

import msgspec

from kg.claims.runs import IdentityLink
from kg.errors import DataError
from kg.messages.message import Message
from kg.model.claim import ALIAS, LABEL, Claim, Said

FOLDER = "catalog"  # of data/
_NAMES = (LABEL, ALIAS)
_NAME_LANG = "en"  # of a name that tells none
_BARE = frozenset((str, int, float, bool, NoneType))
_KEYS = ("id", "at", "same")  # of a line; the others are properties


class CatalogHead(msgspec.Struct, frozen=True, kw_only=True):
    """The first line of a file: what was read, and what became of it."""

    source: str  # id of the source that says all but what names another
    origin: str  # what was read, in words: package and version, repository and commit
    retrieved: str  # ISO date of what was read
    records: int  # of the source
    kept: dict[str, int]  # things that are kept of each kind
    left_out: dict[str, int]  # things that were read and are not kept, of each kind
    issues: dict[str, int]  # what could not become a claim, by rule
    notes: dict[str, str] = {}  # property -> the note of its facts that have no other


class CatalogFile:
    """One file of data/catalog.

    Args:
        path: the file; its name is that of the run it stands for.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.name = path, path.stem
        with path.open("rb") as file:
            self.head = self._decoded(1, file.readline(), CatalogHead)

    def claims(self) -> Iterator[Claim]:
        """The claims, sorted by subject.

        Raises:
            DataError: a line cannot be read; with file and line.
        """
        for number, line in self._lines():
            yield from self._claims(number, line)

    def links(self) -> Iterator[IdentityLink]:
        """The pairs of ids that name the same thing.

        Raises:
            DataError: a line cannot be read; with file and line.
        """
        for number, line in self._lines(holding=b'"same":'):
            for one in line.get("same", ()):
                row = [line["id"], *one] if isinstance(one, list) else one
                yield self._converted(number, row, _LinkRow).link()

    def _lines(self, holding: bytes = b"") -> Iterator[tuple[int, dict[str, Any]]]:
        """The lines that hold something, parsed; others cost next to nothing."""
        with self.path.open("rb") as file:
            file.readline()
            for number, line in enumerate(file, 2):
                if holding in line:
                    found = self._decoded(number, line, dict[str, Any])
                    if not isinstance(found.get("id"), str):
                        raise self._error(number, Message("a line names its subject with id"))
                    yield number, found

    def _claims(self, number: int, line: dict[str, Any]) -> Iterator[Claim]:
        subject, at = line["id"], line.get("at", "")
        for property, value in line.items():
            if property not in _KEYS:
                for one in value if isinstance(value, list) else (value,):
                    yield Claim(subject, property, self._said(number, property, one, at))

    def _said(self, number: int, property: str, one: Any, at: str) -> Said:
        head, lang = self.head, _NAME_LANG if property in _NAMES else ""
        note = head.notes.get(property, "")
        if type(one) in _BARE and type(at) is str:  # most are bare values, which need no check
            return Said(value=one, source=head.source, locator=at, note=note, lang=lang)
        fields = dict(one) if isinstance(one, dict) else {"value": one}
        fields["locator"] = fields.pop("at", at)
        fields.setdefault("source", head.source)
        fields.setdefault("note", note)
        fields.setdefault("lang", lang)
        said: Said = self._converted(number, fields, Said)
        return said

    def _decoded(self, number: int, line: bytes, type: Any) -> Any:
        try:
            return msgspec.json.decode(line, type=type)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise self._broken(number, error) from error

    def _converted(self, number: int, value: Any, type: Any) -> Any:
        try:
            return msgspec.convert(value, type)
        except msgspec.ValidationError as error:
            raise self._broken(number, error) from error

    def _broken(self, number: int, error: Exception) -> DataError:
        return self._error(number, Message("not a line of the catalog: %(error)s", error=error))

    def _error(self, number: int, message: Message) -> DataError:
        return DataError(message, f"{FOLDER}/{self.path.name}", number)


class _LinkRow(msgspec.Struct, frozen=True, array_like=True):
    left: str
    right: str
    reason: str
    outdated: bool = False

    def link(self) -> IdentityLink:
        return IdentityLink(self.left, self.right, self.reason, self.outdated)


def catalog_files(data: Path) -> list[CatalogFile]:
    """The files of a data folder's catalog, by name; none if it has no catalog.

    Raises:
        DataError: the first line of a file cannot be read.
    """
    return [CatalogFile(path) for path in sorted((data / FOLDER).glob("*.jsonl"))]


def encode_catalog(
    head: CatalogHead, claims: Iterable[Claim], links: Iterable[IdentityLink]
) -> bytes:
    """A file of the catalog.

    Args:
        head: its first line.
        claims: in any order.
        links: likewise.
    """
    same: dict[str, list[IdentityLink]] = {}
    for link in links:
        same.setdefault(link.left, []).append(link)
    said = {
        subject: list(group)
        for subject, group in groupby(sorted(set(claims), key=_order), key=lambda c: c.subject)
    }
    head = msgspec.structs.replace(head, notes=_common_notes(chain.from_iterable(said.values())))
    lines = [msgspec.json.encode(head)]
    for subject in sorted(said.keys() | same.keys()):
        line = _line(subject, said.get(subject, ()), same.get(subject, ()), head)
        lines.append(msgspec.json.encode(line))
    return b"\n".join(lines) + b"\n"


def _common_notes(claims: Iterable[Claim]) -> dict[str, str]:
    """The note of each property that more than half of its claims have, if they have one."""
    notes: dict[str, Counter[str]] = defaultdict(Counter)
    for claim in claims:
        notes[claim.property][claim.said.note] += 1
    most = {name: n.most_common(1)[0] for name, n in sorted(notes.items())}
    return {
        name: note
        for name, (note, count) in most.items()
        if note and 2 * count > notes[name].total()
    }


def _order(claim: Claim) -> tuple[str, bool, str, bytes]:
    return claim.subject, claim.property != LABEL, claim.property, msgspec.json.encode(claim.said)


def _line(
    subject: str, claims: Sequence[Claim], links: Iterable[IdentityLink], head: CatalogHead
) -> Mapping[str, Any]:
    places = Counter(claim.said.locator for claim in claims)
    at = min(places, key=lambda place: (-places[place], place), default="")
    line: dict[str, Any] = {"id": subject}
    if at:
        line["at"] = at
    for property, group in groupby(_without_repeated_names(claims), lambda claim: claim.property):
        values = [_fact(claim, at, head) for claim in group]
        line[property] = values[0] if len(values) == 1 else values
    if rows := sorted({_same(link) for link in links}):
        line["same"] = rows
    return line


def _same(link: IdentityLink) -> tuple[Any, ...]:
    return (link.right, link.reason, True) if link.outdated else (link.right, link.reason)


def _without_repeated_names(claims: Sequence[Claim]) -> Iterator[Claim]:
    """Claims, each name told once: a source that calls its maker so in each record says it once more often."""
    told: set[tuple[str, object, str, str]] = set()
    for claim in claims:
        said = claim.said
        name = (claim.property, said.value, said.lang, said.source)
        if claim.property not in _NAMES or name not in told:
            told.add(name)
            yield claim


def _fact(claim: Claim, at: str, head: CatalogHead) -> Any:
    """A claim as it stands in a line, without what the line says once for all."""
    fields = msgspec.to_builtins(claim.said)
    if (locator := fields.pop("locator", "")) != at:
        fields["at"] = locator
    if fields["source"] == head.source:
        del fields["source"]
    if (note := fields.pop("note", "")) != head.notes.get(claim.property, ""):
        fields["note"] = note
    if claim.property in _NAMES and fields.get("lang") == _NAME_LANG:
        del fields["lang"]
    return fields["value"] if fields.keys() == {"value"} else fields
