"""What every source module works with: records in, claims and issues out.

A module of kg/ingest/sources that `gyebo ingest` runs has its metadata (kg/ingest/kit/source_record.py) and two functions:

    SOURCE = SourceRecord(id=…, label=…, …)            what the source is

    fetch(place) -> Iterator[Record | Issue]           what there is, record by record
    claims(records, kit) -> Iterator[Claim | Issue]    what each record says

Neither keeps what it has read, unless its source is small and its records name each other. What a
record says that cannot be a claim becomes an issue, with the value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec

from kg.claims.accounts import NOBODY, Accounts
from kg.claims.name_rules import NameRules
from kg.errors import DataError
from kg.files.intake import IntakeFile, files
from kg.ingest.fingerprints._published import Fingerprints
from kg.ingest.kit import _unresolved as lost
from kg.ingest.kit._parent_words import parent_words
from kg.ingest.kit._privacy import redact
from kg.ingest.kit._words import ABSENT, NOTHING, UNKNOWN, fold
from kg.ingest.kit.parents import (
    ParentReference,
    classify,
    is_template,
    license_bearer,
    read_parents,
)
from kg.ingest.kit.source_record import SourceRequest
from kg.language.writing import language_of, slug
from kg.licenses.naming.names import LicenseNames
from kg.model.claim import LABEL, Claim, Said, Value
from kg.model.issues import Issue
from kg.model.vocabulary import UNRESOLVED_PARENT

T = TypeVar("T")
Progress = Callable[[int], None]  # bytes, or records, that were read since the last call
Found = Claim | Issue


class Record(NamedTuple):
    """One thing a source speaks of, as parsed."""

    locator: str  # where in the source: `file:line`, a row, an id
    data: Any


class Place(NamedTuple):
    """Where to read."""

    path: Path  # what was named, or what was downloaded
    where: str = ""  # as the user wrote it; "" if the source itself was meant
    progress: Progress = lambda amount: None
    wanted: SourceRequest = SourceRequest()

    def files(self, pattern: str = "*", count: bool = True) -> Iterator[IntakeFile]:
        """The files below the path that match a pattern; archives are read in place.

        Args:
            pattern: as for kg.files.intake.files.
            count: whether to report each file as progress; a module that streams reports itself.
        """
        for file in files(self.path, pattern):
            yield file
            if count:
                self.progress(file.size)

    def documents(
        self, pattern: str, read: Callable[[IntakeFile], T], folder: str = ""
    ) -> Iterator[tuple[IntakeFile, T] | Issue]:
        """The files that match a pattern, read; what cannot be read becomes an issue.

        Args:
            pattern: of names, as for `files`.
            read: such as kg.files.parsing.yaml_document.
            folder: if given, only files in a folder of this name or in what the user named itself,
                as `assets` picks assets/x.yaml from the archive of a whole repository.
        """
        for file in self.files(pattern):
            above = file.name.rpartition("/")[0].rpartition("/")[2]
            if folder and above not in ("", folder):
                continue
            try:
                yield file, read(file)
            except DataError as error:
                yield Issue(
                    severity="error",
                    rule="unreadable",
                    subject=file.name,
                    message=str(error.what),
                    origin=f"{file.name}:{error.line}" if error.line else file.name,
                )


class Kit(msgspec.Struct, frozen=True, kw_only=True):
    """How a source speaks: its id, and what is known beforehand."""

    source: str  # id
    prefix: str  # slugs of what only this source names begin with it: `epoch` in model/epoch/bert
    words: Mapping[str, str]  # folded word -> group, data/ingest/words.yaml
    licenses: LicenseNames
    accounts: Accounts = NOBODY  # on the Hub, by what they do
    rules: NameRules | None = None  # that infer from names; data/ingest/name_rules.yaml
    fingerprints: Fingerprints | None = None  # of published models; data/fingerprints
    kept: Path | None = None  # folder that the source may use from one run to the next
    retrieved: str = ""  # ISO date

    def say(
        self,
        subject: str,
        property: str,
        value: Value,
        locator: str,
        *,
        note: str = "",
        lang: str = "",
        url: str = "",
        source: str = "",
    ) -> Claim:
        """One claim."""
        note = redact(note) if note else ""
        source = source or self.source
        said = Said(value=value, source=source, locator=locator, note=note, lang=lang, url=url)
        return Claim(subject, property, said)

    def name(
        self, subject: str, text: str, locator: str, lang: str = "", source: str = ""
    ) -> Claim:
        """What a thing is called."""
        tidy = redact(" ".join(text.split()))
        lang = lang or language_of(tidy) or "en"
        return self.say(subject, LABEL, tidy, locator, lang=lang, source=source)

    def id(self, kind: str, name: str) -> str:
        """The id of something that the source names only by a name."""
        return f"{kind}/{self.prefix}/{slug(name)}"

    def issue(
        self,
        rule: str,
        subject: str,
        message: str,
        value: object = "",
        locator: str = "",
        property: str = "",
        source: str = "",
    ) -> Issue:
        """Something that cannot be a claim; kept with its value."""
        return Issue(
            severity="warning",
            rule=rule,
            subject=subject,
            message=message,
            property=property,
            value=redact(str(value)[:500]),
            source=source or self.source,
            origin=locator,
        )

    def group(self, text: object) -> str:
        """Which group of words for a missing value a text belongs to; "" if it is a value."""
        group = NOTHING if text is None else self.words.get(fold(str(text)), "")
        if not group and isinstance(text, str) and is_template(text):
            return UNKNOWN
        return group if group in ABSENT else ""

    def parent(self, text: object, own: str = "") -> ParentReference:
        """What one text that should name a parent is."""
        return classify(text, own, self._is_blank)

    def parents(self, field: object, own: str = "") -> tuple[ParentReference, ...]:
        """What a field that should name parents holds: a text, or lists and mappings of texts."""
        return read_parents(field, own, self._is_blank)

    def _is_blank(self, text: str) -> bool:
        """Whether a text stands for no value; dots alone are a folder."""
        is_dots = text.strip() and not text.strip(" .")
        return not is_dots and self.group(text) in (NOTHING, UNKNOWN)

    def value(
        self, subject: str, property: str, field: object, locator: str, *, note: str = ""
    ) -> Iterator[Claim]:
        """What a plain field says: nothing, unknown, or its text."""
        match self.group(field):
            case "nothing":
                return
            case "unknown":
                yield self.say(subject, property, None, locator, note=note)
            case _:
                yield self.say(subject, property, str(field).strip(), locator, note=note)

    def derive(
        self,
        subject: str,
        property: str,
        field: object,
        locator: str,
        *,
        own: str = "",
        note: str = "",
        source: str = "",
        place: tuple[int, int] = (1, 1),
    ) -> Iterator[Found]:
        """What a field that should name parents says: of each a claim, or that it cannot be resolved.

        Args:
            subject: the child.
            property: how it derives.
            field: a text, or lists and mappings of texts.
            locator: where it stands.
            own: Hub id of the child.
            note, source: for the claims; another source than the kit's.
            place: which of how many fields that name parents.
        """
        found = self.parents(field, own) or (ParentReference("placeholder", ""),)
        for number, parent in enumerate(found, 1):
            where = (number, len(found)) if len(found) > 1 else place
            if id := parent.model:
                told = "; ".join(filter(None, (note, *parent.notes)))
                url = parent.page
                yield self.say(subject, property, id, locator, note=told, url=url, source=source)
                continue
            nothing = (
                parent.sort == "placeholder"
                and self.group(parent.value) == NOTHING
                and fold(parent.value) not in parent_words("withheld")
            )
            yield from self.unresolved(
                subject,
                property,
                locator,
                rule=f"parent-{parent.sort}",
                message=lost.NO_PARENT[parent.sort],
                value=lost.shown_address(parent.value),
                written=lost.what_is_written(parent, property, nothing, where),
                source=source,
            )

    def unresolved(
        self,
        subject: str,
        property: str,
        locator: str,
        *,
        rule: str,
        message: str,
        value: object = "",
        written: str = "",
        source: str = "",
    ) -> Iterator[Found]:
        """What a source says of a parent that nothing can find: an issue and, with `written`, a claim."""
        yield self.issue(rule, subject, message, value, locator, property, source)
        if written and (relation := lost.declared_relation(subject, property)):
            property = UNRESOLVED_PARENT
            yield self.say(subject, property, relation, locator, note=written, source=source)

    def packed(self, subject: str, total: int, types: Iterable[str], locator: str) -> Issue:
        """A count of numbers that each hold several weights, as in 4-bit quantization."""
        return self.issue(
            "packed-parameters",
            subject,
            "packed numbers are no count of parameters",
            f"{total} of {', '.join(sorted(types))}",
            locator,
            "parameterCount",
        )

    def license(
        self,
        subject: str,
        text: object,
        locator: str,
        *,
        name: str = "",
        link: str = "",
        note: str = "",
        property: str = "license",
        source: str = "",
        hub: str = "",
        bases: Iterable[object] = (),
    ) -> Iterator[Found]:
        """What a license field says; a name that several texts share is decided by whose model bears it.

        Args:
            subject: whose license it is.
            text: the field.
            locator: where it stands.
            name, link: the license's own name and address, where the field says only `other`.
            note: for the claim, beside the field's own words.
            property, source: the property to claim; another source than the kit's.
            hub: Hub id of the subject, where its id is not made of it.
            bases: what the record says it was made from.
        """
        found = None if name or link else self.licenses.read_alone(text, self.group)
        if found is None:
            bearer = license_bearer(subject, hub, self.parents([*bases]))
            found = self.licenses.read(text, name, link, self.group, bearer)
        if found.nothing:
            return
        id, note = found.id, "; ".join(part for part in (note, found.note) if part)
        if found.name:  # a license that nobody here has read: it gets an id of its own
            id = self.id("license", redact(found.name))
            yield self.name(id, found.name, locator, source=source)
        yield self.say(subject, property, id, locator, note=note, url=link, source=source)


def unreadable(message: str, at: str, source: str) -> Issue:
    """A file or record that could not be read; the others are read all the same."""
    return Issue(
        severity="warning",
        rule="unreadable",
        subject="",
        message=redact(message),
        source=source,
        origin=at,
    )
