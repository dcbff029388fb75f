"""The front matter of a card: where it stands in a file, and its fields, the broken ones apart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from kg.files.recovery import BrokenField, SalvagedFields, salvage_mapping
from kg.ingest.sources._card_parents import names_bases

LICENSES = ("license", "licence", "License", "licenses", "LICENSE", "Licence", "Licenses")

_OPENING = re.compile(r"-{3,}[ \t]*")
_CLOSING = re.compile(r"(?:-{3,}|\.\.\.)[ \t]*")
_COMMENT = re.compile(r"(?:\s*<!--.*?-->)+\s*|(?:#[^\n]*\n)+(?=---)", re.DOTALL)
_FIELD = re.compile(r"[\w\"'][\w \"'.-]*:(?:\s|\Z)")
_BASES = re.compile(r"base[\W_]{0,3}models?", re.IGNORECASE)
_PLAIN = re.compile(r"[A-Za-z_][\w-]*")  # a key as cards have them
# Keys of which one stands in what is front matter although something stands before it
_KNOWN = frozenset(
    {"license", "tags", "language", "datasets", "library_name", "pipeline_tag", "base_model"}
)


class FrontMatter(NamedTuple):
    """The lines of YAML at the head of a card."""

    text: str
    line: int  # of its first line in the file
    odd: str  # what is unusual about where it stands


def find_front_matter(whole: str) -> FrontMatter | None:
    """The front matter of a card; None if it has none.

    >>> find_front_matter("---\\na: 1\\n---\\n# Hi"), find_front_matter("# Hi\\n\\n---\\n")
    (FrontMatter(text='a: 1', line=2, odd=''), None)
    >>> find_front_matter("---\\nlicense: mit\\n\\n# Hi")
    FrontMatter(text='license: mit\\n', line=2, odd='the front matter is not closed by ---')
    """
    whole = re.sub(r"\r\n?", "\n", whole).removeprefix("\ufeff")
    before = _COMMENT.match(whole)
    lines = whole[before.end() if before else 0 :].split("\n")
    blank = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    if blank == len(lines) or not _OPENING.fullmatch(lines[blank].strip()):
        return None
    start = blank + 1
    first = start + 1 + (before[0].count("\n") if before else 0)
    end = next((n for n in range(start, len(lines)) if _CLOSING.fullmatch(lines[n])), None)
    odd = "a comment stands before the front matter" if before else ""
    if end is None:
        odd = "the front matter is not closed by ---"
        end = _open_end(lines, start)
    text = "\n".join(lines[start:end])
    if (odd or lines[blank].strip() != "---") and not (
        _KNOWN & {line.partition(":")[0].strip() for line in lines[start:end]}
    ):
        return None
    return FrontMatter(text, first, odd)


def _open_end(lines: list[str], start: int) -> int:
    """Where front matter that is not closed ends: at a heading, or where prose begins."""
    for number in range(start, len(lines)):
        line, after_blank = lines[number], number > start and not lines[number - 1].strip()
        is_prose = not _FIELD.match(line) and not line.startswith((" ", "\t", "-", "#"))
        if after_blank and line.strip() and (line.startswith("#") or is_prose):
            return number
    return len(lines)


def read_fields(text: str, name: str, first: int = 1, odd: str = "") -> SalvagedFields:
    """The fields of a card; of base models and licenses that stand twice both count.

    Args:
        text: YAML without its fences.
        name: how messages call the file.
        first: the number of its first line there.
        odd: what is unusual about where it stands.
    """
    found = salvage_mapping(text, name, first)
    broken = found.broken
    if odd:
        broken = (BrokenField(key="---", line=max(first - 1, 1), why=odd, lost=False), *broken)
    for one in found.broken:
        if one.before is not None and (names_bases(one.key) or one.key in LICENSES):
            found[one.key] = [one.before, found[one.key]]
    return SalvagedFields(found, broken)


def loses_bases(card: Mapping[str, Any]) -> bool:
    """Whether base models were named where they cannot be read, as far as the broken lines tell.

    A key without a value says nothing. But the value may be what is broken below it, or be taken for a key.

    >>> loses_bases(read_fields("base_model:\\nlicense: mit", "c"))
    False
    >>> loses_bases(read_fields("base_model:\\nx a/b\\nlicense: mit", "c"))
    True
    """
    broken = card.broken if isinstance(card, SalvagedFields) else ()
    if any(one.lost and (names_bases(one.key) or _BASES.search(one.text)) for one in broken):
        return True
    empty = [n for n, key in enumerate(card) if card[key] is None and names_bases(key)]
    keys = [*card, "end"] if empty else []
    return any(broken or not _PLAIN.fullmatch(keys[number + 1]) for number in empty)


def loses_license(card: Mapping[str, Any]) -> bool:
    """Whether a license was named where it cannot be read."""
    broken = card.broken if isinstance(card, SalvagedFields) else ()
    return any(one.lost and "licen" in one.text.casefold() for one in broken)
