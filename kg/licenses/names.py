"""Spellings of licenses, as sources write them, to ids of licenses.

Exact spellings stand in data/licenses; besides, SPDX expressions are read with license-expression
and a spelling may differ in case, spaces, `-`, `license`, `agreement` and `version`; an address is that of the
license's text. Anything else stays a name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple
from urllib.parse import quote

import license_expression as le

from kg.errors import DataError
from kg.licenses.terms import License, Terms, fold
from kg.model.claim import slug_of

_FILLERS = re.compile(
    r"\b(the|licen[sc]e|licensed|agreement|version|v(?=\d)|ver)\b|[^\w.+]", re.IGNORECASE
)

LONGEST = 120  # characters of a license's name


class Reading(NamedTuple):
    """What a license field says: an id, a name nobody here has read, unknown, or nothing."""

    id: str | None = None  # None with neither `name` nor `nothing`: said to be unknown
    name: str = ""
    note: str = ""
    nothing: bool = False


class LicenseNames:
    """The known spellings.

    Args:
        terms: what data/licenses says.
    """

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._loose: dict[str, str | None] = {}
        for name, id in terms.names.items():
            key = _bare(name)
            self._loose[key] = id if self._loose.get(key, id) == id else None
        self._links = _by_address(terms.licenses.values())
        self._spdx = le.get_spdx_licensing()

    def find(self, text: str) -> str | None:
        """The id of a license by its name, SPDX id, Hub tag, address or expression; None if not known."""
        if "://" in text:
            return self.by_link(text)
        exact = self._terms.names.get(fold(text))
        return exact or self._loose.get(_bare(text)) or self._expression(text)

    def by_link(self, link: str) -> str | None:
        """The id of the license whose text stands at an address."""
        address = _address(link)
        named = re.fullmatch(r"spdx\.org/licenses/([\w.+-]+?)(\.html|\.json)?", address)
        return self._terms.names.get(named[1]) if named else self._links.get(address)

    def read(self, text: object, name: str, link: str, group: Callable[[object], str]) -> Reading:
        """What a license field says; arguments as those of Kit.license, groups as in words.yaml."""
        raw = " ".join(str(text or "").split())
        said = f"as written: {raw}" if raw else ""
        match group(text):
            case "nothing" if not name and not link:
                return Reading(nothing=True)
            case "unknown":
                return Reading(note=said)
            case "no_license":
                return Reading(note=said)
            case "other_license" | "nothing":
                return self._named(name, link, said, group)
        found = self.find(raw)
        if found:
            return Reading(found, note="" if fold(raw) == slug_of(found) else said)
        if len(raw) > LONGEST:  # terms told in prose, or a list: not the name of a license
            return Reading("license/other", note=said[:500])
        return Reading(name=raw)

    def _named(self, name: str, link: str, said: str, group: Callable[[object], str]) -> Reading:
        found = self.find(name) if name else None
        found = found or self.by_link(link)
        if found:
            return Reading(found, note=f"license_name: {name}" if name else said)
        if name and not group(name):
            return Reading(name=name)
        return Reading("license/other", note=said)

    def _expression(self, text: str) -> str | None:
        if not re.search(r"\b(AND|OR|WITH)\b", text, re.IGNORECASE):
            return self._single(text)
        try:
            self._terms.parse(text)
        except DataError:
            return None
        return "license/" + quote(" ".join(text.split()), safe="()+")

    def _single(self, text: str) -> str | None:
        """By another of its SPDX or ScanCode keys, such as GPL-3.0-only."""
        try:
            parsed = self._spdx.parse(text, validate=True)
        except (le.ExpressionError, le.ExpressionParseError, IndexError):  # the last: brackets
            return None
        return self._terms.names.get(fold(str(parsed))) if parsed else None


def _bare(name: str) -> str:
    return _FILLERS.sub("", name.casefold())


def _by_address(licenses: Iterable[License]) -> dict[str, str]:
    """Which license an address is that of: of several versions the newest, which stands there now."""
    at: dict[str, list[License]] = defaultdict(list)
    for one in licenses:
        if one.url:
            at[_address(one.url)].append(one)
    found = {}
    for address, held in at.items():
        versions = [one for one in held if one.version] if len(held) > 1 else held
        if versions:  # a page that many unversioned licenses cite is none of them
            found[address] = max(versions, key=lambda one: str(one.date or "")).id
    return found


def _address(link: str) -> str:
    """An address without what does not tell licenses apart.

    >>> _address("http://www.creativecommons.org/licenses/by/4.0/deed.en")
    'creativecommons.org/licenses/by/4.0'
    """
    address = re.sub(r"^https?://(www\.)?|/+$", "", link.strip().casefold())
    return re.sub(r"(?<=\d)/(legalcode|deed)(\.[a-z-]+)?$", "", address)
