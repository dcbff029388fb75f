"""A release's tables described in Croissant 1.0 (mlcommons.org/croissant/1.0), which readers of data sets load by.

Each table is a record set, each column a field with its type and meaning (kg/export/columns.py); ids refer to each other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from kg.export.columns import TABLES, Column, columns_of
from kg.export.describing.dataset import ABOUT, CC0, TITLE
from kg.model.vocabulary import Vocabulary

CONFORMS_TO = "http://mlcommons.org/croissant/1.0"
MEDIA_TYPE = "application/ld+json"
PARQUET = "application/x-parquet"  # as readers of Croissant call it
_TYPES = {"integer": "sc:Integer", "decimal": "sc:Float", "boolean": "sc:Boolean"}
_KEYS: Mapping[str, tuple[str, ...]] = {
    "nodes": ("id",),
    "models": ("id",),
    "verdicts": ("id", "use"),
    "scores": ("id",),
}
_REFERENCES: Mapping[str, tuple[str, ...]] = {  # columns that name what stands in `nodes`
    "edges": ("child", "parent"),
}
# The context that the specification prints, as readers compare it with theirs.
_CONTEXT: Mapping[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataBiases": "cr:dataBiases",
    "dataCollection": "cr:dataCollection",
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "personalSensitiveInformation": "cr:personalSensitiveInformation",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


class DescribedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a release, for its description."""

    name: str
    address: str  # absolute, or beside the description
    bytes: int
    sha256: str
    media_type: str
    about: str
    table: str = ""  # of TABLES, if it holds one as Parquet


class CroissantFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a description is made from."""

    base: str
    version: str  # of the release
    as_of: str  # ISO date, "" if none is known
    files: tuple[DescribedFile, ...]


def croissant(told: CroissantFacts, vocabulary: Vocabulary) -> bytes:
    """The description as JSON-LD, the same bytes for the same release.

    Args:
        told: what is described; without tables it has no record sets.
        vocabulary: kinds and properties.
    """
    made: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": "gyebo",
        "alternateName": TITLE["en"],
        "description": ABOUT["en"],
        "conformsTo": CONFORMS_TO,
        "license": CC0,
        "url": told.base + "data",
        "identifier": told.version,
        "version": _version(told.as_of),
        "citeAs": f"{TITLE['en']}, release {told.version}{_dated(told.as_of)}. {told.base}data",
        "creator": {"@type": "sc:Organization", "name": "Gyebo", "url": told.base},
        "inLanguage": [*TITLE],
    }
    if told.as_of:
        made["datePublished"] = told.as_of
    made["distribution"] = [_file(file) for file in told.files]
    held = {file.table: file for file in told.files if file.table}
    made["recordSet"] = [_records(table, held, vocabulary) for table in TABLES if table in held]
    return json.dumps(made, indent=2, ensure_ascii=False).encode() + b"\n"


def _version(as_of: str) -> str:
    """The day of a release as MAJOR.MINOR.PATCH, which Croissant asks for.

    >>> _version("2026-11-09"), _version("2026-11"), _version("")
    ('2026.11.9', '2026.11.0', '0.0.0')
    """
    parts = [int(part) for part in as_of.split("-") if part.isdigit()]
    return ".".join(map(str, (*parts, 0, 0, 0)[:3]))


def _dated(as_of: str) -> str:
    return f" ({as_of})" if as_of else ""


def _file(file: DescribedFile) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.name,
        "name": file.name,
        "description": file.about,
        "contentUrl": file.address,
        "contentSize": f"{file.bytes} B",
        "encodingFormat": file.media_type,
        "sha256": file.sha256,
    }


def _records(
    table: str, held: Mapping[str, DescribedFile], vocabulary: Vocabulary
) -> dict[str, Any]:
    columns = columns_of(table, vocabulary)
    made: dict[str, Any] = {
        "@type": "cr:RecordSet",
        "@id": table,
        "name": table,
        "description": TABLES[table],
        "field": [*_fields(table, held, columns)],
    }
    if keys := [{"@id": f"{table}/{name}"} for name in _KEYS.get(table, ())]:
        made["key"] = keys[0] if len(keys) == 1 else keys
    return made


def _fields(
    table: str, held: Mapping[str, DescribedFile], columns: tuple[Column, ...]
) -> Iterator[dict[str, Any]]:
    for column in columns:
        refers = column.name in _REFERENCES.get(table, ()) and "nodes" in held
        yield {
            "@type": "cr:Field",
            "@id": f"{table}/{column.name}",
            "name": column.name,
            "description": column.meaning,
            "dataType": _TYPES.get(column.type, "sc:Text"),
            "source": {
                "fileObject": {"@id": held[table].name},
                "extract": {"column": column.name},
            },
            **({"references": {"field": {"@id": "nodes/id"}}} if refers else {}),
        }
