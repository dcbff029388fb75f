"""What both readers of bills of materials share: what a part is called, and its claims."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

from kg.model.claim import LABEL, Claim, Said, Value, is_id, kind_of
from kg.model.issues import Issue
from kg.model.vocabulary import HUB_ID, LICENSE, load_vocabulary

TRAINED_ON = "trainedOn"
DEEPEST = 100  # components within components
_HUB = re.compile(
    r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/(datasets/)?([\w.-]+/[\w.-]+)(?:/.*)?"
)
_PURL = re.compile(r"pkg:huggingface/([^@?#]+)", re.I)
_NOT_HUB = ("spaces", "docs", "blog", "papers", "collections", "api", "models", "datasets")
_UNFIT = re.compile(r"[^\w.+-]+")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_UNKNOWN = ("", "noassertion", "none", "unknown", "n/a")  # placeholders, lower case


class DocumentPart(NamedTuple):
    """A model or data set of a document."""

    id: str
    ref: str  # what the document calls it, for locators


class DocumentNames:
    """The ids of what a document speaks of.

    Args:
        source: id of the source.
        licenses: the id of a license as documents write it.
        document: what tells this document from others: its serial number or namespace.
    """

    def __init__(self, source: str, licenses: Callable[[str], str], document: str = "") -> None:
        self.source, self._licenses, self._document = source, licenses, document

    def of(self, document: str) -> DocumentNames:
        """The same, for parts that only one document names."""
        return DocumentNames(self.source, self._licenses, document)

    def part(self, kind: str, known: str, addresses: Iterable[str], name: str) -> str:
        """The id of a part.

        Args:
            kind: model, dataset or product.
            known: Gyebo's id, "" if the document carries none.
            addresses: package URLs and web addresses of it.
            name: what the document calls it.
        """
        if is_id(known) and kind_of(known) in (kind, "family", "product"):
            return known
        hub = next(filter(None, (hub_id(kind, address) for address in addresses)), "")
        return f"{kind}/hf/{hub}" if hub else self.local(kind, name)

    def local(self, kind: str, name: str) -> str:
        """The id of what only this document names."""
        document = hashlib.sha256(f"{self.source} {self._document}".encode()).hexdigest()[:8]
        slug = _UNFIT.sub("-", name.casefold()).strip("-.") or "unnamed"
        return f"{kind}/bom/{document}/{slug}"

    def license(self, text: str) -> str:
        """The id of a license as the document writes it, "" of a placeholder."""
        return "" if text.strip().casefold() in _UNKNOWN else self._licenses(text.strip())

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
        where = f"{part.ref} {locator}".strip()
        return Claim(
            part.id,
            property,
            Said(
                value=value,
                source=self.source,
                locator=where,
                note=note,
                lang=lang,
                inferred=inferred,
            ),
        )

    def text(
        self,
        part: DocumentPart,
        property: str,
        text: Any,
        locator: str,
        note: str = "",
        lang: bool = True,
    ) -> Iterator[Claim]:
        """A claim whose value is a text, unless there is none."""
        if isinstance(text, str) and text.strip().casefold() not in _UNKNOWN:
            yield self.claim(
                part, property, text.strip(), locator, note, language(text) if lang else ""
            )

    def named(self, part: DocumentPart, name: Any, version: Any = "") -> Iterator[Claim]:
        """The name of a part, with its version as a note, and its id on the Hub."""
        note = f"version {version}" if isinstance(version, str) and version else ""
        yield from self.text(part, LABEL, name, "name", note)
        kind, _, hub = part.id.partition("/hf/")
        if hub and kind in ("model", "dataset"):
            yield self.claim(part, HUB_ID, hub)

    def maker(self, part: DocumentPart, property: str, kind: str, name: Any) -> Iterator[Claim]:
        """Who made or published a part, known by name only."""
        if isinstance(name, str) and name.strip().casefold() not in _UNKNOWN:
            id = self.local(kind, name)
            yield self.claim(part, property, id, property)
            yield from self.text(DocumentPart(id, part.ref), LABEL, name, property)

    def licensed(self, part: DocumentPart, text: Any, locator: str) -> Iterator[Claim]:
        """A declared license."""
        if isinstance(text, str) and (id := self.license(text)):
            yield self.claim(part, LICENSE, id, locator, note=text if is_compound(text) else "")


def hub_id(kind: str, address: str) -> str:
    """The id on the Hub that an address names, "" if none.

    >>> hub_id("model", "pkg:huggingface/org/name@abc"), hub_id("model", "https://example.org/a/b")
    ('org/name', '')
    >>> hub_id("dataset", "https://huggingface.co/datasets/org/name/tree/main")
    'org/name'
    """
    if purl := _PURL.match(address):
        found = unquote(purl[1]).strip("/")
        return found if kind == "model" and re.fullmatch(r"[\w.-]+(/[\w.-]+)?", found) else ""
    url = _HUB.fullmatch(address)
    if url is None or bool(url[1]) != (kind == "dataset") or url[2].split("/")[0] in _NOT_HUB:
        return ""
    return url[2]


def language(text: str) -> str:
    """The language of a text, of the two that names are kept in."""
    return "ko" if _HANGUL.search(text) else "en"


def is_compound(text: str) -> bool:
    """Whether a license expression names more than one license."""
    return bool(re.search(r"\s(AND|OR|WITH)\s", text, re.I))


def license_id(text: str) -> str:
    """The id of a license by its spelling alone.

    >>> license_id("Apache-2.0"), license_id("MIT OR Apache-2.0")
    ('license/apache-2.0', 'license/MIT%20OR%20Apache-2.0')
    """
    if is_compound(text):
        return f"license/{quote(text, safe='()+.:-')}"
    return f"license/{_UNFIT.sub('-', text.casefold()).strip('-.')}"


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
        message = f"{number} {what} are neither models nor data"
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
