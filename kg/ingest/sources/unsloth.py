"""Unsloth's table of copies: which repositories hold a model again, at 4, 8 or 16 bits.

The table is a Python file, unsloth/models/mapper.py: name of the 4-bit copy -> its 16-bit copy and the original.
It is parsed and never run. A JSON list of pairs [copy, original], drawn from it, says the same. Whether a
copy is quantized or a plain upload its name says.
"""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from kg.files.intake import IntakeFile
from kg.ingest.kit.kit import Found, Kit, Place, Record
from kg.ingest.kit.source_record import SourceRecord
from kg.ingest.sources._copies import is_quantized, owner, plain_name, tuned_alike
from kg.ingest.sources._python import literal, parse_python, read_tables
from kg.ingest.sources._repositories import hub_model, is_repository
from kg.model.issues import Issue

SOURCE = SourceRecord(
    id="unsloth",
    label={"en": "Unsloth's table of copies", "ko": "Unsloth 사본 표"},
    description={
        "en": "Which repositories on the Hub hold a model again, quantized or as it is.",
        "ko": "한 모델을 양자화하거나 그대로 다시 올린 허브 저장소를 정리한 표입니다.",
    },
    source_type="database",
    license="license/apache-2.0",
    homepage="https://github.com/unslothai/unsloth",
    fetch="https://raw.githubusercontent.com/unslothai/unsloth/main/unsloth/models/mapper.py",
)


class _Pair(NamedTuple):
    copy: str
    original: str
    at: str


def fetch(place: Place) -> Iterator[Record | Issue]:
    """The pairs of copy and original."""
    return read_tables(place, "source/unsloth", "mapper.py", _table)


def _table(file: IntakeFile) -> Iterator[Record]:
    """The pairs of every dictionary in the file that maps names to names."""
    for node in ast.walk(parse_python(file)):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                name, given = literal(key), literal(value)
                if isinstance(name, str) and "/" in name:
                    at = f"{file.name}:{value.lineno}"
                    yield from (Record(at, pair) for pair in _entry(name, given))


def _entry(name: str, given: object) -> Iterator[object]:
    """The pairs of an entry: those of 16 bits name the original, the first of another account than the copy's."""
    by_bits = given if isinstance(given, dict) else {"16": given}
    full = [x for x in _items(by_bits.get("16")) if isinstance(x, str)]
    less = [x for x in _items(by_bits.get("8")) if isinstance(x, str)]
    others = [x for x in full if owner(x) != owner(name)] or full[:1]
    if not others:
        yield [name, given]
    for copy in dict.fromkeys((name, *full, *less)):
        if copy not in others:
            yield from ([copy, original] for original in others)


def _items(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()


def claims(records: Iterable[Record], kit: Kit) -> Iterator[Found]:
    """What the pairs say; they are few, and one copy may stand in several."""
    pairs: dict[tuple[str, str], _Pair] = {}
    for record in records:
        if pair := _pair(record):
            pairs.setdefault((pair.copy, pair.original), pair)
        else:
            yield kit.issue("shape", "", "no pair of Hub ids", record.data, record.locator)
    originals: dict[str, list[str]] = defaultdict(list)
    for pair in pairs.values():
        originals[pair.copy].append(pair.original)
    sides = Counter(owner(pair.original) for pair in pairs.values())
    sides.subtract(owner(pair.copy) for pair in pairs.values())
    makers = {account for account, balance in sides.items() if balance >= 0}
    told: set[str] = set()
    for pair in pairs.values():
        for id in (pair.copy, pair.original):
            if id not in told:
                told.add(id)
                yield from hub_model(kit, id, pair.at)
        yield from _edge(pair, originals, makers, kit)


def _pair(record: Record) -> _Pair | None:
    match record.data:
        case [str(copy), str(original)] if is_repository(copy) and is_repository(original):
            return _Pair(copy, original, record.locator)
    return None


def _edge(
    pair: _Pair, originals: Mapping[str, list[str]], makers: set[str], kit: Kit
) -> Iterator[Found]:
    copy, original = pair.copy, pair.original
    subject, parent = f"model/hf/{copy}", f"model/hf/{original}"
    property = "quantizedFrom" if is_quantized(copy) else "mirrorOf"
    if why := _doubt(pair, originals[copy], property, makers):
        rule, message = why
        yield kit.issue(rule, subject, message, original, pair.at, property)
        return
    note = "" if plain_name(copy) == plain_name(original) else "under another name"
    yield kit.say(subject, property, parent, pair.at, note=note)


def _doubt(
    pair: _Pair, originals: list[str], property: str, makers: set[str]
) -> tuple[str, str] | None:
    """Why a pair is no edge: rule and message."""
    alike = [x for x in originals if plain_name(x) == plain_name(pair.copy)]
    if len(originals) > 1 and alike != [pair.original]:
        return (
            "several-originals",
            "the copy has several originals; this one is not the one of its name",
        )
    if is_quantized(pair.original):
        return "quantized-original", "the original is quantized itself"
    if not tuned_alike(pair.copy, pair.original):
        return "other-model", "one name says tuned, the other not"
    if property == "mirrorOf" and owner(pair.copy) == owner(pair.original):
        return "same-owner", "one account holds both, and neither name says quantized"
    if property == "mirrorOf" and owner(pair.copy) in makers:
        return (
            "direction",
            "the copy stands under an account whose models the table calls originals",
        )
    return None
