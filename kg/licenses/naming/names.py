"""Spellings of licenses, as sources write them, to ids of licenses.

Exact spellings stand in data/licenses; besides, SPDX expressions are read with license-expression
and a spelling may differ in case, spaces, `-`, dots outside numbers, `license`, `agreement` and `version`; an address is that of the
license's text. A name that several texts share is decided by whose model bears it. Anything else stays a name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote

import license_expression as le

from kg.errors import DataError
from kg.language.memo import remembered
from kg.licenses.naming._addresses import text_address
from kg.licenses.naming.shared_names import LicenseBearer
from kg.licenses.terms import License, Terms, fold
from kg.model.claim import slug_of

_FILLERS = re.compile(
    r"\b(the|licen[sc]e|licensed|agreement|version|v(?=\d)|ver)\b|[^\w.+]|(?<!\d)\.|\.(?!\d)",
    re.IGNORECASE,
)

LONGEST = 120  # characters of a license's name
TITLED, _TITLE = 2_000, 6  # characters, and lines that are not empty, in which a text has its title
UNNAMED = "other"  # the shared name of a license that is not named
NOBODY = LicenseBearer()


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
        self._looser: dict[str, str | None] = {}
        for name, id in terms.names.items():
            key = _barer(name)
            self._looser[key] = id if self._looser.get(key, id) == id else None
        self._shared = {_bare(name): one for one in terms.shared for name in (one.name, *one.also)}
        self._links = _by_address(terms.licenses.values())
        self._spdx = le.get_spdx_licensing()

    def find(self, text: str, bearer: LicenseBearer = NOBODY) -> str | None:
        """The id of a license by its name, SPDX id, Hub tag, address or expression; None if not known.

        Args:
            text: as written.
            bearer: whose license it is.
        """
        if "://" in text:
            return self.by_link(text)
        if re.search(r"[?!*]", text):  # a doubt, a denial, or a note that stands elsewhere
            return None
        if shared := self._shared.get(_bare(text)):
            return shared.decide(bearer)
        exact = self._terms.names.get(fold(text)) or self._loose.get(_bare(text))
        return (
            exact
            or self._expression(text, bearer)
            or self._looser.get(_barer(text))
            or self._abbreviated(text)
            or self._choice(text, bearer)
        )

    def find_all(self, names: Iterable[str], bearer: LicenseBearer = NOBODY) -> str | None:
        """The id of licenses that hold together, all of them or each for a part; None if one is not known."""
        return self._joined(names, bearer, " AND ")

    def _abbreviated(self, text: str) -> str | None:
        """By a name with its own abbreviation behind it, as in `The MIT License (MIT)`."""
        found = re.fullmatch(r"([^()]+)\(([^()]+)\)", text.strip())
        ids = {self.find(part.strip()) for part in found.groups()} if found else set()
        return ids.pop() if len(ids) == 1 else None

    def _choice(self, text: str, bearer: LicenseBearer) -> str | None:
        """Licenses to choose from, as in `MIT/Apache-2.0`, if all are known.

        A stroke may also stand between the licenses of two parts, as in `apache-2.0/llama2`. Where one of them bears
        on commercial use, all are taken to hold, which is never more than either reading allows.
        """
        names = re.split(r"\s*/\s*|\s+or\s+", text, flags=re.IGNORECASE)
        if len(names) < 2:
            return None
        strict = "/" in text and any(self._bears_on_commerce(self.find(name)) for name in names)
        return self._joined(names, bearer, " AND " if strict else " OR ")

    def titled(self, text: str) -> str | None:
        """The id of a license that bears on commercial use, by its title in the first lines of its text.

        A permissive text beside a model is often that of its code, so it says nothing here.
        """
        lines = (re.sub(r"^[\W_]+|[\W_]+$", "", line) for line in text[:TITLED].splitlines())
        found = (self.find(line) for line in [one for one in lines if one][:_TITLE])
        return next((id for id in found if id and self._bears_on_commerce(id)), None)

    def _bears_on_commerce(self, id: str | None) -> bool:
        license = self._terms.licenses.get(id or "")
        if license is None or license.unknown is not None:
            return True
        kinds = [self._terms.kinds[clause.kind] for clause in license.clauses]
        return any("commercial" in kind.effect for kind in kinds)

    def by_link(self, link: str) -> str | None:
        """The id of the license whose text stands at an address.

        Where texts replaced each other at an address, a commit tells which is meant; without one it is the newest.
        """
        address = text_address(link)
        named = re.fullmatch(r"spdx\.org/licenses/([\w.+-]+?)(\.html|\.json)?", address.place)
        if named:
            return self._terms.names.get(named[1])
        return _of_revision(self._links.get(address.place, {}), address.revision)

    def read_alone(self, text: object, group: Callable[[object], str]) -> Reading | None:
        """What a license field says that is a known name, whoever bears it and with nothing beside it.

        Args:
            text: the field.
            group: of words.yaml.

        Returns:
            what `read` gives; None where it takes more to tell.
        """
        raw = " ".join(text.split()) if isinstance(text, str) else ""
        if fold(raw) not in self._terms.names or _bare(raw) in self._shared or group(text):
            return None
        found = self.find(raw)
        return _known(found, raw) if found else None

    def read(
        self,
        text: object,
        name: str,
        link: str,
        group: Callable[[object], str],
        bearer: LicenseBearer = NOBODY,
    ) -> Reading:
        """What a license field says; arguments as those of Kit.license, groups as in words.yaml."""
        raw = " ".join(str(text or "").split())
        said = f"as written: {raw}" if raw else ""
        linked = text_address(link).model
        bearer = bearer._replace(own=(linked, *bearer.own)) if linked else bearer
        match group(text):
            case "nothing" if not name and not link:
                return Reading(nothing=True)
            case "unknown":
                return Reading(note=said)
            case "no_license":
                return Reading(note=said)
            case "other_license" | "nothing":
                return self._named(name, link, said, group, bearer)
        found = self._by_name_or_link(raw, link, bearer, name)
        if found:
            return _known(found, raw)
        if len(raw) > LONGEST:  # terms told in prose, or a list: not the name of a license
            return Reading("license/other", note=said[:500])
        return Reading(name=raw)

    def _named(
        self,
        name: str,
        link: str,
        said: str,
        group: Callable[[object], str],
        bearer: LicenseBearer,
    ) -> Reading:
        """What a field says that does not name the license itself."""
        if found := self._by_name_or_link(name, link, bearer):
            return Reading(found, note=f"license_name: {name}" if name else said)
        if name and not group(name):
            return Reading(name=name)
        unnamed = self._shared.get(UNNAMED)
        return Reading(unnamed.decide(bearer) if unnamed else "license/other", note=said)

    def _by_name_or_link(
        self, name: str, link: str, bearer: LicenseBearer, beside: str = ""
    ) -> str | None:
        """By a name, or by the address of a text where the name is not known or means several.

        Args:
            name: as written.
            link: an address beside it.
            bearer: whose license it is.
            beside: another name of the license.
        """
        linked = self.by_link(link) if link else None
        if name and (shared := self._shared.get(_bare(name))):
            return shared.decide(bearer, linked)
        named = [self.find(one) for one in (name, beside) if one and _bare(one) not in self._shared]
        return self._agreed([id for id in (*named, linked) if id])

    def _agreed(self, ids: Sequence[str]) -> str | None:
        """The first of the licenses that one record names; all of them where they are no versions of one.

        What contradicts itself, as `mit` with the name `llama2` beside it, must not be taken at its mildest.
        """
        known = {id: self._terms.licenses[id] for id in ids if id in self._terms.licenses}
        families = {one.family or id for id, one in known.items()}
        if len(known) < len(set(ids)) or len(families) < 2:
            return ids[0] if ids else None
        return _expression_id(" AND ".join(one.key for one in known.values()))

    def _expression(self, text: str, bearer: LicenseBearer) -> str | None:
        joined = re.split(r"-and-", text, flags=re.IGNORECASE)  # as a license_name is written
        if len(joined) > 1:
            return self._joined(joined, bearer, " AND ")
        if not re.search(r"\b(AND|OR|WITH)\b", text, re.IGNORECASE):
            return self._single(text)
        try:
            self._terms.parse(text)
        except DataError:
            return None
        return _expression_id(text)

    def _joined(self, names: Iterable[str], bearer: LicenseBearer, word: str) -> str | None:
        """Several licenses as one expression, if all are known."""
        ids = dict.fromkeys(self.find(name, bearer) or "" for name in names if name.strip())
        found = [self._terms.licenses.get(id) for id in ids]
        if not found or not all(found):
            return None
        keys = [one.key for one in found if one]
        return _expression_id(word.join(keys)) if len(keys) > 1 else next(iter(ids))

    def _single(self, text: str) -> str | None:
        """By another of its SPDX or ScanCode keys, such as GPL-3.0-only."""
        try:
            parsed = self._spdx.parse(text, validate=True)
        except (le.ExpressionError, le.ExpressionParseError, IndexError):  # the last: brackets
            return None
        return self._terms.names.get(fold(str(parsed))) if parsed else None


def _known(id: str, raw: str) -> Reading:
    """A license that a text names, with that text where it is spelled in another way."""
    return Reading(id, note="" if fold(raw) == slug_of(id) else f"as written: {raw}")


def _expression_id(text: str) -> str:
    return "license/" + quote(" ".join(text.split()), safe="()+")


@remembered
def _bare(name: str) -> str:
    return _FILLERS.sub("", name.casefold())


@remembered
def _barer(name: str) -> str:
    """A name as it is compared at last: `3_1` is 3.1, a version may lack its `.0`, `FLUX.1` its dot.

    >>> _barer("apache2") == _barer("Apache License, Version 2.0"), _barer("llama3_1") == _barer("Llama 3")
    (True, False)
    """
    name = re.sub(r"^licenseref-(scancode-)?", "", name.strip().casefold())
    name = re.sub(r"(?<=\d)[-_ ](?=\d)", ".", name)
    name = re.sub(r"(?<=\d)\.0(?![.\d])", "", name).replace("_", " ")
    return _bare(re.sub(r"(?<=[^\W\d])\.(?=\d)", "", name))


def _by_address(licenses: Iterable[License]) -> dict[str, dict[str, str]]:
    """Which license an address is that of, by revision; "" is what stands there now."""
    at: dict[str, dict[str, list[License]]] = defaultdict(lambda: defaultdict(list))
    for one in licenses:
        for link in filter(None, (one.url, *one.links)):
            address = text_address(link)
            at[address.place][address.revision].append(one)
            if address.revision:
                at[address.place][""].append(one)
    return {
        address: {revision: id for revision, all in held.items() if (id := _newest(all))}
        for address, held in at.items()
    }


def _newest(licenses: Iterable[License]) -> str | None:
    """Of several versions the newest; a page that many unversioned licenses cite is none of them."""
    held = {one.id: one for one in licenses}
    versions = [one for one in held.values() if one.version] if len(held) > 1 else [*held.values()]
    return max(versions, key=lambda one: str(one.date or "")).id if versions else None


def _of_revision(held: Mapping[str, str], revision: str) -> str | None:
    """The license of a revision; of one that is not known only if the file was always the same here."""
    exact = held.get(revision) or next(
        (id for known, id in held.items() if len(revision) >= 7 and known.startswith(revision)),
        None,
    )
    return exact or (held.get("") if len(set(held.values())) == 1 else None)
