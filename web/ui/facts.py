"""An answer of `kg.answers.show.show` as a page shows it: rows of values, with numbered sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from kg.answers.contract import ClaimAnswer, FactAnswer, FamilyFactAnswer, Ref, ShowAnswer, Shown
from kg.export.mappings import page_address
from kg.language.dates import date
from kg.language.writing import language_of
from kg.licenses.wording import territory
from kg.model.claim import EDITORS, INFERRED
from kg.model.vocabulary import COUNTRY, DESCRIPTION, Property
from kg.snapshot.snapshot import Snapshot
from web.app.context import lang
from web.app.i18n import gettext
from web.ui.format import CODES, quantity


class Shape(NamedTuple):
    """A value, ready to print."""

    text: str
    id: str = ""  # of an entity
    url: str = ""  # of another site
    lang: str = ""  # of the text, if it is prose
    amount: float | None = None  # of a number


class Value(NamedTuple):
    """A value that holds, with the numbers of its sources."""

    shape: Shape
    sources: tuple[int, ...]


class ClaimRow(NamedTuple):
    """What one source says."""

    shape: Shape
    source: int
    claim: ClaimAnswer


class FactRow(msgspec.Struct, frozen=True, kw_only=True):
    """One property."""

    name: str
    label: str
    help: str
    values: tuple[Value, ...]
    claims: tuple[ClaimRow, ...]
    disputed: bool
    derived: bool  # by this program
    family: Ref | None = None  # of which it is said, where nothing is said of the entity itself
    rule: Ref | None = None  # that inferred it from a name
    seen: str = ""  # when a source was last read that says so, ISO


class SourceItem(msgspec.Struct, frozen=True, kw_only=True):
    """A source in the numbered list."""

    number: int
    id: str
    title: str
    url: str
    retrieved: str
    locators: tuple[str, ...]
    has_page: bool


class Description(NamedTuple):
    """The description, in the language of the page or else another."""

    text: str
    lang: str
    sources: tuple[int, ...]
    origin: str


class FactTable:
    """The rows and the sources of one entity.

    Args:
        snapshot: where the answer is from.
        answer: the entity.
        beside: the table of another entity on the same page, to number the sources of both alike.
    """

    def __init__(
        self, snapshot: Snapshot, answer: ShowAnswer, beside: FactTable | None = None
    ) -> None:
        self._snapshot, self._kind = snapshot, answer.kind
        self._claims: dict[str, list[ClaimAnswer]] = beside._claims if beside else {}
        self._numbers: dict[str, int] = beside._numbers if beside else {}
        self.description = self._description(answer)
        self.rows = self._rows(answer)

    @property
    def sources(self) -> list[SourceItem]:
        """The sources cited so far, by number."""
        return [self._source(id) for id in self._numbers]

    def cite(self, claim: ClaimAnswer) -> int:
        """The number of a claim's source; its place stands in the list of sources."""
        self._claims.setdefault(claim.source, []).append(claim)
        return self._numbers.setdefault(claim.source, len(self._numbers) + 1)

    def _rows(self, answer: ShowAnswer) -> list[FactRow]:
        """In the order of pages, with what is said of the families of the entity."""
        rows = [self._row(f) for f in answer.facts if f.property != DESCRIPTION]
        if not answer.from_family:
            return rows
        order = {name: place for place, name in enumerate(self._snapshot.vocabulary.properties)}
        rows += map(self._family_row, answer.from_family)
        return sorted(rows, key=lambda row: (row.derived, order[row.name]))

    def _family_row(self, found: FamilyFactAnswer) -> FactRow:
        known = self._snapshot.vocabulary.properties[found.property]
        values = found.value if isinstance(found.value, list) else [found.value]
        return FactRow(
            name=found.property,
            label=known.term.labels.get(lang(), found.property),
            help=known.term.comments.get(lang(), ""),
            values=tuple(Value(shape(value, known), ()) for value in values),
            claims=(),
            disputed=False,
            derived=False,
            family=found.family,
        )

    def _row(self, fact: FactAnswer) -> FactRow:
        known = self._snapshot.vocabulary.properties[fact.property]
        claims = tuple(
            ClaimRow(shape(c.value, known, c.lang or "", self._kind), self.cite(c), c)
            for c in fact.claims
        )
        values = fact.value if isinstance(fact.value, list) else [fact.value]
        labels, comments = known.term.labels, known.term.comments
        return FactRow(
            name=fact.property,
            label=labels.get(lang(), fact.property),
            help=comments.get(lang(), ""),
            values=tuple(_value(v, known, claims, self._kind) for v in values),
            claims=claims,
            disputed=fact.disputed,
            derived=fact.inferred,
            rule=fact.rule,
            seen=max(
                (c.retrieved for c in fact.claims if c.retrieved and c.rank != "rejected"),
                default="",
            ),
        )

    def _description(self, answer: ShowAnswer) -> Description | None:
        fact = next((f for f in answer.facts if f.property == DESCRIPTION), None)
        said = [c for c in fact.claims if c.rank != "rejected"] if fact else []
        best = min(said, key=lambda c: c.lang != lang(), default=None)
        if best is None:
            return None
        text = str(best.value)
        return Description(
            text, best.lang or language_of(text), (self.cite(best),), best.origin or ""
        )

    def _source(self, id: str) -> SourceItem:
        claims = self._claims[id]
        locators = dict.fromkeys(c.locator for c in claims if c.locator)
        return SourceItem(
            number=self._numbers[id],
            id=id,
            title=_title(self._snapshot, id),
            url=next((u for c in claims if (u := web_address(c.url))), ""),
            retrieved=next((c.retrieved for c in claims if c.retrieved), ""),
            locators=tuple(locators),
            has_page=self._snapshot.lines.find(id) is not None,
        )


def _title(snapshot: Snapshot, id: str) -> str:
    if snapshot.lines.find(id) is not None:
        return snapshot.label(id, lang())
    if id == INFERRED:
        return gettext("Derived by Gyebo from the facts")
    if id == EDITORS:
        return gettext("The editors of Gyebo")
    return snapshot.label(id, lang())


def _value(value: Shown, known: Property, claims: Sequence[ClaimRow], kind: str) -> Value:
    """A value with the sources that say it."""
    saying = [c for c in claims if c.claim.value == value and c.claim.rank != "rejected"]
    language = next((c.claim.lang for c in saying if c.claim.lang), None)
    numbers = dict.fromkeys(c.source for c in saying)
    return Value(shape(value, known, language or "", kind), tuple(numbers))


def web_address(text: object) -> str:
    """An address that may become a link, else nothing: data may hold anything.

    >>> web_address("https://example.org/"), web_address("javascript:alert(1)")
    ('https://example.org/', '')
    """
    return text if isinstance(text, str) and text.startswith(("https://", "http://")) else ""


def shape(value: Shown, known: Property, language: str = "", kind: str = "") -> Shape:
    """A value as people read it.

    Args:
        value: as an answer holds it.
        known: its property.
        language: of a text.
        kind: of what it is said of; ids on other sites lead there by it.
    """
    match value:
        case None:
            return Shape(gettext("unknown"))
        case Ref():
            return Shape(value.label, id=value.id)
        case bool():
            return Shape(gettext("yes") if value else gettext("no"))
        case int() | float():
            return Shape(quantity(value, known.unit), amount=value)
    if known.type == "date":
        return Shape(date(value, lang()))
    if known.type == "url":
        return Shape(value, url=web_address(value))
    if known.name == COUNTRY and (name := territory(value, lang())):
        return Shape(name)
    if word := known.code_word(value, lang()):
        return Shape(word)
    if page := page_address(kind, known.name, value):
        return Shape(value, url=page)
    if value in CODES:
        return Shape(gettext(CODES[value]))
    return Shape(value, lang=language or language_of(value))
