"""A pasted text as the things it names, whatever it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

import msgspec

from kg.messages.message import Message
from kg.pasted._boms import read_bom
from kg.pasted._entries import LineReader, PastedEntry, entry_of
from kg.pasted._shapes import TEXT, PasteSort, find_shape
from kg.scan.identity import known_in
from kg.scan.scan import scan_text
from kg.snapshot.snapshot import Snapshot

_LOOKED_UP = 3  # times as many names as things are judged: several may be of one
_FINDS = 5_000  # that are gone through
_LINES = 20  # that are told of a thing
_CODE = Message(
    "Only names that stand in the text are found, not those that it puts together or reads when it runs."
)
_PROSE = Message("In running text only addresses and ids are found, not names in words.")
CARD = "card"  # the kind of an entry that is the model of a pasted card


class PasteContent(msgspec.Struct, frozen=True, kw_only=True):
    """What a pasted text is, and names."""

    sort: PasteSort
    file: str  # how it was read, of code
    entries: Sequence[PastedEntry]
    left_out: int  # lines, or finds, beyond the most that are read
    notes: Sequence[Message]  # what was not read of it


def read_paste(snapshot: Snapshot, text: str, file: str, most: int) -> PasteContent:
    """What a pasted text names, each thing once, in the order of the text.

    Args:
        snapshot: an open snapshot.
        text: what was pasted.
        file: the name of the file that it is from; "" if that is not said.
        most: things to read.

    Raises:
        DataError: it is a bill of materials that cannot be read.
    """
    shape, notes = find_shape(text, file), list[Message]()
    left = 0
    match shape.sort:
        case "bom":
            entries, left = _first(read_bom(snapshot, text, notes), most)
        case "card":
            entries = [PastedEntry(what="", kind=CARD)]
        case "code":
            found = scan_text(text, shape.file, known_in(snapshot))
            entries, left = _first((entry_of(snapshot, one) for one in found), most)
            notes.append(_PROSE if shape.file == TEXT else _CODE)
        case "list":
            lines = shape.names or text.splitlines()
            entries, left = _listed(snapshot, lines, most, notes)
    return PasteContent(
        sort=shape.sort, file=shape.file, entries=entries, left_out=left, notes=notes
    )


def _listed(
    snapshot: Snapshot, lines: Sequence[str], most: int, notes: list[Message]
) -> tuple[list[PastedEntry], int]:
    """What the lines of a list name, and how many lines or names were not read."""
    reader = LineReader(snapshot, known_in(snapshot), _LOOKED_UP * most)
    entries, left = _first(reader.entries(lines), most)
    if passed := reader.passed:
        notes.append(
            Message(
                "Sentences in which no model is named were passed over: line %(lines)s.",
                lines=[str(number) for number in passed[:_LINES]],
            )
        )
    return entries, left + sum(bool(line.strip()) for line in lines) - reader.read


def _first(found: Iterable[PastedEntry], most: int) -> tuple[list[PastedEntry], int]:
    """The first things that were found, each once with all its lines, and how many finds are left out."""
    kept: dict[tuple[str, str], PastedEntry] = {}
    left = 0
    for one in islice(found, _FINDS):
        key = one.kind, one.id or one.what.casefold()
        if held := kept.get(key):
            if len(held.lines) < _LINES:
                lines = tuple(dict.fromkeys([*held.lines, *one.lines]))
                kept[key] = msgspec.structs.replace(held, lines=lines)
        elif len(kept) < most:
            kept[key] = one
        else:
            left += 1
            if left >= most:
                break
    return list(kept.values()), left
