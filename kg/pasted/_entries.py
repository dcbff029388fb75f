"""The things that the lines of a list name: ids, addresses, package URLs, names in either language.

A line that names several has them between commas. What a line names and nothing here goes by stays as it is
written; only a sentence in which no model is named is passed over, and counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from kg.errors import InputError
from kg.ingest.kit.parents import classify, hub_dataset
from kg.licenses.states import LICENSED
from kg.messages.message import Message
from kg.model.claim import Claim, kind_of
from kg.model.purl import is_purl
from kg.model.vocabulary import DEVELOPER
from kg.scan.finding import FindingKind, ScanFinding
from kg.scan.identity import identify_finding
from kg.scan.scan import scan_text
from kg.snapshot.snapshot import Snapshot

LONGEST = 200  # characters of a name
_LONGEST_ADDRESS = 2_000
_WORDS = 8  # a line of more is a sentence
_SENTENCES = 1_000  # that are searched
_URL = re.compile(r"https?://[^\s<>\"'`]+", re.IGNORECASE)
_BETWEEN = re.compile(r"[,;|\t、，；]")
_BULLET = re.compile(r"(?:[-*•‣+]|\d{1,3}[.)]|\[[ xX]\])\s+")
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_RULE = re.compile(r"[\s|:=-]+")  # between the head of a table and its rows
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


class LineReader:
    """Reads the lines of a list.

    Args:
        snapshot: an open snapshot.
        known: what the graph has, as kg/scan/identity.py tells it.
        most: names to look up; each once, however often it stands there.
    """

    def __init__(self, snapshot: Snapshot, known: Known, most: int) -> None:
        self._snapshot, self._known, self._most = snapshot, known, most
        self._looked_up: dict[str, PastedEntry] = {}
        self._searched: dict[str, list[PastedEntry]] = {}
        self.read = 0  # lines, blank ones not counted
        self.passed: list[int] = []  # sentences in which nothing is named

    def entries(self, lines: Sequence[str]) -> Iterator[PastedEntry]:
        """What each line names, until all names are looked up that may be."""
        for number, line in enumerate(lines, 1):
            if self._is_full():
                return
            self.read += bool(line.strip())
            text = _bare(line)
            if not text or _RULE.fullmatch(text) or _is_head(lines, number):
                continue
            found = False
            for one in self._of_line(text):
                found = True
                yield msgspec.structs.replace(one, lines=(number,))
            if not found:
                self.passed.append(number)

    def _of_line(self, text: str) -> Iterator[PastedEntry]:
        if addresses := [found.rstrip(".,;:)]}'\"") for found in _URL.findall(text)]:
            yield from map(self._name, addresses)
            return
        is_name = len(text.split()) <= _WORDS
        whole = self._name(text) if is_name else None
        if whole and (whole.id or is_purl(text)):
            yield whole
            return
        parts = [part.strip("\"'` ") for part in _BETWEEN.split(text)]
        parts = [part for part in parts if part and not part.isdecimal()]
        if parts and parts != [text] and all(len(part.split()) <= _WORDS for part in parts):
            yield from self._of_parts(parts)
        elif _FIELD.match(text) and (found := self._search(text, "pasted.yaml")):
            yield from found
        elif whole:
            yield whole
        else:
            yield from self._search(text, "pasted.md")

    def _of_parts(self, parts: Iterable[str]) -> Iterator[PastedEntry]:
        """The names of a line that has several; a license or a maker that is known stands beside them."""
        for part in parts:
            one = self._name(part)
            if not one.id or one.kind in LICENSED:
                yield one
            if self._is_full():
                return

    def _is_full(self) -> bool:
        return len(self._looked_up) >= self._most or len(self._searched) >= _SENTENCES

    def _search(self, text: str, file: str) -> list[PastedEntry]:
        """What a line of settings, or a sentence, names."""
        if text not in self._searched:
            found = scan_text(text, file, self._known)
            self._searched[text] = [entry_of(self._snapshot, one) for one in found]
        return self._searched[text]

    def _name(self, text: str) -> PastedEntry:
        if text not in self._looked_up:
            self._looked_up[text] = name_entry(self._snapshot, text)
        return self._looked_up[text]


def _bare(line: str) -> str:
    """A line without comment, marks of a list and quotes around it."""
    text = _COMMENT.sub("", line).strip()
    while found := _BULLET.match(text):
        text = text[found.end() :]
    return text.strip("\"'` ,|")


def _is_head(lines: Sequence[str], number: int) -> bool:
    """Whether a line is the head of a table, which a rule follows."""
    below = lines[number].strip() if number < len(lines) else ""
    return "|" in lines[number - 1] and bool(_RULE.fullmatch(below)) and "-" in below


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
    text = text[:_LONGEST_ADDRESS]
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
    if not id or maker not in {str(value) for value in snapshot.entity(id).values(DEVELOPER)}:
        return None
    return id
