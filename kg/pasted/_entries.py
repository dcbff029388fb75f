"""The things that the lines of a list name: ids, addresses, package URLs, names in either language.

A line that names several has them between commas. What a line names and nothing here goes by stays as it is
written; only a sentence in which no model is named is passed over, and counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

import msgspec

from kg.errors import InputError
from kg.ingest.kit.parents import classify, hub_dataset
from kg.messages.message import Message
from kg.model.claim import Claim, kind_of
from kg.model.purl import is_purl
from kg.model.vocabulary import DEVELOPER
from kg.scan.finding import FindingKind, ScanFinding
from kg.scan.identity import identify_finding
from kg.scan.scan import scan_text
from kg.snapshot.snapshot import Snapshot

LONGEST = 200  # characters of a name
_WORDS = 8  # a line of more is a sentence
_URL = re.compile(r"https?://[^\s<>\"'`]+", re.IGNORECASE)
_BETWEEN = re.compile(r"[,;|\t、，；]")
_BULLET = re.compile(r"(?:[-*•‣+]|\d{1,3}[.)]|\[[ xX]\])\s+")
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_TABLE = re.compile(r"[\s|:=-]+")  # a rule between the rows of a table
_OF_MAKER = re.compile(r"(?P<name>[^()]+?)\s*\((?P<maker>[^()]+)\)")
_FIELD = re.compile(r"\s*(?:-\s+)?[\w.\"'-]+\s*[:=]\s*\S")

Known = Callable[[str], FindingKind | None]


class PastedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a text names."""

    what: str  # as written
    lines: tuple[int, ...] = ()  # 1-based, on which it stands
    kind: str = "model"
    id: str | None = None  # of the graph
    why: Message | None = None  # why it is not known, where that is said already
    claims: tuple[Claim, ...] = ()  # what the pasted document says of it


def read_lines(
    snapshot: Snapshot, lines: Iterable[tuple[int, str]], known: Known, passed: list[int]
) -> Iterator[PastedEntry]:
    """What each line of a list names.

    Args:
        snapshot: an open snapshot.
        lines: with their numbers.
        known: what the graph has, as kg/scan/identity.py tells it.
        passed: takes the numbers of the sentences in which nothing is named.
    """
    for number, line in lines:
        text = _COMMENT.sub("", line).strip()
        text = _BULLET.sub("", text, count=1).strip("\"'` ,")
        if not text or _TABLE.fullmatch(text):
            continue
        found = list(_of_line(snapshot, text, known))
        if not found:
            passed.append(number)
        for one in found:
            yield msgspec.structs.replace(one, lines=(number,))


def _of_line(snapshot: Snapshot, text: str, known: Known) -> Iterator[PastedEntry]:
    if addresses := [found.rstrip(".,;:)]}'\"") for found in _URL.findall(text)]:
        yield from (name_entry(snapshot, one) for one in addresses)
        return
    whole = name_entry(snapshot, text)
    if whole.id or is_purl(text):
        yield whole
        return
    parts = [part.strip("\"'` ") for part in _BETWEEN.split(text)]
    if len(parts := [part for part in parts if part]) > 1 and all(
        len(part.split()) <= _WORDS for part in parts
    ):
        yield from (name_entry(snapshot, part) for part in parts)
        return
    if _FIELD.match(text) and (found := scan_text(text, "pasted.yaml", known)):
        yield from (entry_of(snapshot, one) for one in found)
    elif len(text.split()) > _WORDS:
        yield from (entry_of(snapshot, one) for one in scan_text(text, "pasted.md", known))
    else:
        yield whole


def entry_of(snapshot: Snapshot, found: ScanFinding) -> PastedEntry:
    """The entry that a find of a scan is."""
    kind = "dataset" if found.kind == "dataset" else "model"
    what, why, id = found.what[:LONGEST], None, None
    try:
        id = identify_finding(snapshot, found.what, found.kind, found.host)
    except InputError as error:
        why = error.message
    if found.host == "file":
        why = Message("a file of weights that does not say which model it is")
    return PastedEntry(what=what, lines=(found.line,), kind=kind, id=id, why=why)


def name_entry(snapshot: Snapshot, text: str) -> PastedEntry:
    """The entry that a name, an id or an address is."""
    what, named = text[:LONGEST], classify(text)
    dataset = hub_dataset(text)
    kind = "dataset" if dataset else "model"
    path = named.value if named.sort in ("hub", "modelscope") else ""
    try:
        if dataset:
            id = _of_dataset(snapshot, dataset)
        else:
            id = snapshot.identify(path or text[:LONGEST]) or _of_maker(snapshot, text)
    except InputError as error:
        return PastedEntry(what=what, kind=kind, why=error.message)
    return PastedEntry(what=what, kind=kind_of(id) if id else kind, id=id)


def _of_dataset(snapshot: Snapshot, path: str) -> str | None:
    """The id of a data set of the Hub; a model of the same path is another thing."""
    id = snapshot.identify(f"dataset/hf/{path}") or snapshot.identify(path)
    return id if id and kind_of(id) == "dataset" else None


def _of_maker(snapshot: Snapshot, text: str) -> str | None:
    """The id of a thing that is named with its maker behind it, `Alpaca 7B (Stanford)`."""
    found = _OF_MAKER.fullmatch(text[:LONGEST])
    id = snapshot.identify(found["name"]) if found else None
    maker = snapshot.identify(found["maker"]) if found and id else None
    if not id or maker not in map(str, snapshot.entity(id).values(DEVELOPER)):
        return None
    return id
