"""What both readers of bills of materials share: the claims of a part."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from kg.ingest.kit._unresolved import UNNAMED
from kg.ingest.kit._words import NOTHING, UNKNOWN
from kg.ingest.kit.kit import Found, Kit
from kg.ingest.sources.bom_formats._identity import (
    PartEvidence,
    PartIdentity,
    identify,
    local_names,
    slug_of_name,
)
from kg.model.claim import LABEL, Claim, Said, Value, is_id, kind_of
from kg.model.issues import Issue
from kg.model.vocabulary import HUB_ID, LICENSE, load_vocabulary

TRAINED_ON = "trainedOn"
DERIVED, DATA_DERIVED = "derivedFrom", "dataDerivedFrom"
DEEPEST = 100  # components within components
_HANGUL = re.compile("[\uac00-\ud7a3]")


class DocumentPart(NamedTuple):
    """A model or data set of a document."""

    id: str
    ref: str  # what the document calls it, for locators
    piece: str = ""  # of what the id names, where it is not the whole

    @property
    def note(self) -> str:
        """What to say of claims on a part that is not the whole."""
        return f"of its part {self.piece}" if self.piece else ""


class DocumentNames:
    """The ids and the claims of what a document speaks of.

    Args:
        kit: the source's.
        document: what tells this document from others: its serial number or namespace.
        name: how messages call it.
    """

    def __init__(self, kit: Kit, document: str, name: str) -> None:
        self.kit, self.name = kit, name
        self._document = hashlib.sha256(f"{kit.source} {document}".encode()).hexdigest()[:8]
        self.edges: set[tuple[str, str]] = set()  # child and parent of what is claimed

    def parts(self, told: Sequence[PartEvidence]) -> list[tuple[DocumentPart, PartIdentity]]:
        """The parts of a document, each by what tells it from others."""
        found = identify(told)
        nameless = [part for part, one in zip(told, found, strict=True) if not one.id]
        names = iter(local_names(nameless))
        return [
            (
                DocumentPart(
                    one.id or self.local(part.kind, next(names)), part.ref or part.name, one.piece
                ),
                one,
            )
            for part, one in zip(told, found, strict=True)
        ]

    def local(self, kind: str, name: str) -> str:
        """The id of what only this document names."""
        return f"{kind}/bom/{self._document}/{slug_of_name(name)}"

    def is_nothing(self, text: object) -> bool:
        """Whether a text is none, or a word that stands where a value should be."""
        return not isinstance(text, str) or self.kit.group(text) in (NOTHING, UNKNOWN)

    def claim(
        self,
        part: DocumentPart,
        property: str,
        value: Value,
        locator: str = "",
        note: str = "",
        lang: str = "",
        inferred: bool = False,
    ) -> Claim:
        """A claim on a part; its locator begins with what the document calls the part."""
        said = Said(
            value=value,
            source=self.kit.source,
            locator=f"{part.ref} {locator}".strip(),
            note="; ".join(filter(None, (note, part.note))),
            lang=lang,
            inferred=inferred,
        )
        return Claim(part.id, property, said)

    def issue(self, rule: str, part: DocumentPart, message: str, value: str = "") -> Issue:
        """Something said of a part that could not be read."""
        return issue(rule, part.id, message, self.kit.source, value, self.name)

    def text(
        self,
        part: DocumentPart,
        property: str,
        text: Any,
        locator: str,
        note: str = "",
        lang: bool = True,
    ) -> Iterator[Claim]:
        """A claim whose value is a text, unless there is none or the part is a piece of something."""
        if not part.piece and not self.is_nothing(text):
            text = str(text).strip()
            yield self.claim(part, property, text, locator, note, language(text) if lang else "")

    def named(self, part: DocumentPart, name: Any, version: Any = "") -> Iterator[Claim]:
        """The name of a part, with its version as a note, and its id on the Hub."""
        note = "" if self.is_nothing(version) else f"version {version}"
        yield from self.text(part, LABEL, name, "name", note)
        kind, _, hub = part.id.partition("/hf/")
        if hub and kind in ("model", "dataset"):
            yield self.claim(part._replace(piece=""), HUB_ID, hub)

    def maker(self, part: DocumentPart, property: str, kind: str, name: Any) -> Iterator[Claim]:
        """Who made or published a part, known by name only."""
        if not part.piece and not self.is_nothing(name):
            id = self.local(kind, name)
            yield self.claim(part, property, id, property)
            yield from self.text(DocumentPart(id, part.ref), LABEL, name, property)

    def licensed(
        self, part: DocumentPart, text: str, locator: str, link: str = "", known: str = ""
    ) -> Iterator[Found]:
        """A declared license: by its name or expression, by the address of its text, or by Gyebo's id."""
        if is_id(known) and kind_of(known) == "license":
            yield self.claim(part, LICENSE, known, locator)
            return
        if self.is_nothing(text) and not link:
            return
        text = "" if self.is_nothing(text) else text.strip()
        note = "; ".join(filter(None, (text if is_compound(text) else "", part.note)))
        where = f"{part.ref} {locator}".strip()
        yield from self.kit.license(part.id, text, where, link=link, note=note)

    def edge(
        self,
        part: DocumentPart,
        relation: str,
        above: DocumentPart,
        where: str,
        note: str = "",
        inferred: bool = False,
    ) -> Found:
        """That a part comes from another; an issue if they are one."""
        if part.id == above.id:
            return self.issue("bom-self", part, f"is its own {relation}", above.ref)
        self.edges.add((part.id, above.id))
        notes = (note, f"its part {above.piece}" if above.piece else "")
        note = "; ".join(filter(None, notes))
        return self.claim(part, relation, above.id, where, note, inferred=inferred)

    def unclear(
        self, part: DocumentPart, rule: str, where: str, message: str, value: str = ""
    ) -> Iterator[Found]:
        """What may mean that a part has a parent which is not told: an issue and, of a model, a claim."""
        yield from self.kit.unresolved(
            part.id,
            DERIVED,
            f"{part.ref} {where}".strip(),
            rule=rule,
            message=message,
            value=value,
            written=f"{message}: {value}" if value else message,
        )

    def not_found(self, part: DocumentPart, relation: str, value: str) -> Iterator[Found]:
        """A parent that a Gyebo document says nothing can find."""
        yield from self.kit.unresolved(
            part.id,
            relation,
            f"{part.ref} properties",
            rule="parent-unresolved",
            message="its document says that a parent cannot be found",
            value=value,
            written=UNNAMED if self.is_nothing(value) else value,
        )

    def leaning(
        self, part: DocumentPart, on: DocumentPart, where: str, how: str
    ) -> Iterator[Found]:
        """That a part depends on another, which does not say that it was made from it.

        Of a model and a model it makes an answer doubtful, unless the document tells elsewhere how one
        comes from the other.
        """
        told = {(part.id, on.id), (on.id, part.id)} & self.edges
        if part.id == on.id or told or kind_of(part.id) not in ("model", "dataset"):
            return
        if kind_of(on.id) in ("model", "family") and kind_of(part.id) == "model":
            message = f"{how}, and nothing says whether it derives from it"
            yield from self.unclear(part, "bom-depends", where, message, on.id)
        else:
            yield self.issue("bom-depends", part, f"{how}, and nothing says what for", on.id)

    def doubts(self, part: DocumentPart, one: PartIdentity) -> Iterator[Issue]:
        """That an address of a part was not taken for what it is."""
        if one.doubt:
            message = "the address given for it is that of something of another name"
            yield self.issue("bom-identity", part, message, one.doubt)


def language(text: str) -> str:
    """The language of a text, of the two that names are kept in."""
    return "ko" if _HANGUL.search(text) else "en"


def is_compound(text: str) -> bool:
    """Whether a license expression names more than one license."""
    return bool(re.search(r"\s(AND|OR|WITH)\s", text, re.I))


def relation_of(named: Mapping[str, str], child: str, default: str) -> str:
    """The relation a document names for an edge, if it is one for such a child."""
    name = named.get("gyebo:relation", "")
    known = load_vocabulary().properties.get(name)
    edge = known is not None and known.edge and kind_of(child) in known.domain
    return name if edge else default


def note_of(named: Mapping[str, str]) -> str:
    """What a document adds to an edge."""
    said = (("gyebo:disputed", "sources disagree"), ("gyebo:said-of", "said of {}"))
    return "; ".join(text.format(named[name]) for name, text in said if name in named)


def count_software(number: int, what: str, source: str, name: str) -> Iterator[Issue]:
    """How many parts of a document are no models and no data, if any; `what` is its word for a part."""
    if number:
        message = f"{number} {what} are neither models nor data sets"
        yield issue("bom-software", source, message, source, name=name)


def issue(
    rule: str, subject: str, message: str, source: str, value: str = "", name: str = ""
) -> Issue:
    """Something in a document that could not be read."""
    return Issue(
        severity="warning",
        rule=rule,
        subject=subject,
        message=message,
        value=value[:200],
        source=source,
        origin=name,
    )
