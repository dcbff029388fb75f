"""Bills of materials as claims: CycloneDX 1.5 to 1.7 in JSON, SPDX 3.0 in JSON-LD.

`parse` turns a file into plain data or refuses it; `said` reads that data without touching anything
else. Models and data sets become subjects, software is left out and counted. A subject is called by
Gyebo's id where the document carries one, else by its id on the Hub, which a package URL, the address of its page or
the hash of a file tells, else `…/bom/<document>/<name>`, which nothing else is called by until someone judges it to
be the same. Declared licenses are claims, concluded ones are somebody's reasoning and are not. What may mean that a
model has a parent, and does not say so, is a claim that a parent cannot be resolved. What cannot be read is an `Issue`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from kg.errors import DataError
from kg.files.parsing import text
from kg.ingest.kit.kit import Kit, Place, Record
from kg.ingest.kit.source_record import SourceRecord
from kg.ingest.sources.bom_formats import _cyclonedx as cyclonedx
from kg.ingest.sources.bom_formats import _spdx as spdx
from kg.ingest.sources.bom_formats._spdx_elements import spec_version
from kg.messages.message import Message
from kg.model.claim import Claim
from kg.model.issues import Issue

SOURCE = SourceRecord(
    id="bom",
    label={"en": "Bill of materials", "ko": "BOM"},
    description={
        "en": "A bill of materials (CycloneDX 1.5 to 1.7 or SPDX 3.0, in JSON), with its models and datasets.",
        "ko": "모델과 데이터셋이 적힌 BOM으로, CycloneDX 1.5~1.7이나 SPDX 3.0의 JSON 파일입니다.",
    },
    source_type="bom",
    each=True,
)

MOST_BYTES = 256 << 20  # of one document, which is held in memory
_XML = Message(
    "this is XML: convert it to JSON (cyclonedx convert --output-format json) and read that"
)
_OLD = Message("SPDX 2 is not read; SPDX 3.0 in JSON-LD is")


def parse(content: bytes, name: str = "") -> Mapping[str, Any]:
    """A bill of materials as plain data.

    Args:
        content: the file.
        name: how messages call it.

    Raises:
        DataError: it is too large, not JSON, cut short, nested too deeply, or no bill of materials
            that is read here; the message says what to do.
    """
    if len(content) > MOST_BYTES:
        raise DataError(
            Message("larger than %(most)s MB: not read as one document", most=MOST_BYTES >> 20),
            name,
        )
    head = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] == b"<":
        raise DataError(_XML, name)
    if head.startswith(b"SPDXVersion:"):
        raise DataError(_OLD, name)
    try:
        document = msgspec.json.decode(head)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DataError(Message("not JSON, or cut short: %(error)s", error=error), name) from error
    except RecursionError as error:
        raise DataError(Message("nested too deeply for a bill of materials"), name) from error
    if isinstance(document, list) and any(isinstance(e, dict) and "@type" in e for e in document):
        document = {"@graph": document}  # JSON-LD without a context
    if not isinstance(document, dict):
        raise DataError(Message("a bill of materials is one JSON object"), name)
    reader(document, name)
    return document


Reader = Callable[[Mapping[str, Any], Kit, str], Iterator[Claim | Issue]]


def reader(document: Mapping[str, Any], name: str = "") -> Reader:
    """What reads a document.

    Raises:
        DataError: it is of no format and version that is read here.
    """
    if document.get("bomFormat") == "CycloneDX":
        return _of_version(cyclonedx, document.get("specVersion"), name)
    if "spdxVersion" in document:
        raise DataError(_OLD, name)
    if "@graph" in document or "spdx.org/rdf" in str(document.get("@context")):
        return _of_version(spdx, spec_version(document), name)
    raise DataError(Message("neither CycloneDX (bomFormat) nor SPDX 3 (@graph)"), name)


def _of_version(module: Any, version: Any, name: str) -> Reader:
    if version not in module.VERSIONS:
        raise DataError(
            Message(
                "%(title)s %(version)r is not read; read are: %(known)s",
                title=module.TITLE,
                version=str(version)[:20],
                known=module.VERSIONS,
            ),
            name,
        )
    found: Reader = module.claims
    return found


def fetch(place: Place) -> Iterator[Record | Issue]:
    """The bills of materials of a file, folder or archive."""
    pattern = "*.json" if place.path.is_dir() else "*"
    for found in place.documents(pattern, lambda file: parse(text(file).encode(), file.name)):
        yield found if isinstance(found, Issue) else Record(found[0].name, found[1])


def claims(records: Iterable[Record], kit: Kit) -> Iterator[Claim | Issue]:
    """What each of them says."""
    for record in records:
        yield from said(record.data, kit, record.locator)


def said(document: Mapping[str, Any], kit: Kit, name: str = "") -> Iterator[Claim | Issue]:
    """What a bill of materials says of models and data sets.

    Args:
        document: as `parse` gives it.
        kit: the source's.
        name: how messages call the document.

    Raises:
        DataError: it is of no format and version that is read here, or nests too deeply.
    """
    seen: set[Claim | Issue] = set()
    for one in reader(document, name)(document, kit, name):
        if one not in seen:
            seen.add(one)
            yield one
