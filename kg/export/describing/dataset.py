"""What there is to have here, for programs: the data set in VoID and DCAT.

Every figure is one a build counted (kg/snapshot/statistics.py) or summed up (the manifest). A node has an IRI
below {base}data#, so that the page of downloads and this description are one address. The whole data
set counts a triple once for each graph it stands in; class and property partitions are those of the
default graph, nested as the SIB profile nests them, which editors and language models read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby
from urllib.parse import quote

import msgspec
import pyoxigraph as ox

from kg.export.describing._description import (
    FORMAT,
    VOID,
    VOID_EXT,
    DescriptionNames,
    describe_in_both,
    local_name,
    typed,
    values_of,
    w3c_names,
)
from kg.export.formats import FORMATS
from kg.messages.message import Texts, mark, translate_all
from kg.model.iri import iri
from kg.model.media import RDF_FORMATS
from kg.model.vocabulary import DCT, KG, PREFIXES, RDFS, XSD, Vocabulary
from kg.snapshot.layout import ReleaseFile
from kg.snapshot.statistics import Count, Statistics

DCAT = "http://www.w3.org/ns/dcat#"
SD = "http://www.w3.org/ns/sparql-service-description#"
FOAF = "http://xmlns.com/foaf/0.1/"
SPDX = "http://spdx.org/rdf/terms#"
SH = "http://www.w3.org/ns/shacl#"
MEDIA = "https://www.iana.org/assignments/media-types/"
_LANGUAGES = "http://id.loc.gov/vocabulary/iso639-1/"
CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
DESCRIBED = {
    **PREFIXES,
    "void": VOID,
    "void-ext": VOID_EXT,
    "dcat": DCAT,
    "sd": SD,
    "foaf": FOAF,
    "spdx": SPDX,
    "sh": SH,
    "format": FORMAT,
}

_MEDIA_TYPES = {f.suffix: f.media_type for f in FORMATS.values()} | {
    "json": "application/json",
    "jsonl": "application/jsonl",
}
_DUMPS = {f.media_type for f in RDF_FORMATS.values()}
_TRANSLATED = "exports/gyebo-"  # other vocabularies: not this data set as it is
TITLE = translate_all(mark("Gyebo: the genealogy of language models"))
ABOUT = translate_all(
    mark(
        "Language models, what they were made from and what may be done with them; every fact with "
        "its sources."
    )
)
_WHOLE = translate_all(
    mark(
        "void:triples counts a triple once for each graph it stands in; the partitions are those of "
        "the default graph."
    )
)
_DEFAULT = translate_all(mark("Default graph: resolved facts"))


class DatasetFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a description is made from."""

    base: str
    version: str
    modified: datetime | None  # None: no day is known
    statistics: Statistics
    files: Mapping[str, ReleaseFile]
    titles: Mapping[str, Texts]  # what each file holds
    place: str = ""  # address before the names of files; "" = where the site has them


def dataset(told: DatasetFacts, vocabulary: Vocabulary) -> Iterator[ox.Triple]:
    """The data set: VoID with its partitions and graphs, DCAT with its files."""
    names = DescriptionNames(told.base)
    yield from _document(names)
    yield from _whole(told, names)
    yield from _default(told, names, vocabulary)
    for id, count in told.statistics.graphs.items():
        node = ox.NamedNode(iri(told.base, id))
        yield from describe_in_both(
            names.graph(id),
            typed(VOID + "Dataset", SD + "Graph"),
            *_sizes(count),
            (FOAF + "primaryTopic", node),
        )
        yield from describe_in_both(names.dataset, (VOID + "subset", names.graph(id)))
    for name, file in told.files.items():
        yield from _file(told, names, name, file)


def _document(names: DescriptionNames) -> Iterator[ox.Triple]:
    home = ox.NamedNode(names.base)
    yield from describe_in_both(
        ox.NamedNode(names.base + ".well-known/void"),
        typed(VOID + "DatasetDescription"),
        (DCT + "title", TITLE),
        (FOAF + "primaryTopic", names.dataset),
    )
    yield from describe_in_both(
        names.publisher,
        typed(FOAF + "Agent"),
        (FOAF + "name", translate_all(mark("Gyebo"))),
        (FOAF + "homepage", home),
    )
    yield from describe_in_both(
        names.part("catalog"),
        typed(DCAT + "Catalog"),
        (DCT + "title", TITLE),
        (DCT + "description", ABOUT),
        (DCT + "publisher", names.publisher),
        (FOAF + "homepage", home),
        (DCAT + "dataset", names.dataset),
        (DCAT + "service", names.service),
    )


def _whole(told: DatasetFacts, names: DescriptionNames) -> Iterator[ox.Triple]:
    s = told.statistics
    parts = [s.default, *s.graphs.values()]
    yield from describe_in_both(
        names.dataset,
        typed(VOID + "Dataset", DCAT + "Dataset", SD + "Dataset"),
        (DCT + "title", TITLE),
        (DCT + "description", ABOUT),
        (RDFS + "comment", _WHOLE),
        (DCT + "publisher", names.publisher),
        (DCT + "license", ox.NamedNode(CC0)),
        (DCT + "modified", told.modified or []),
        (DCAT + "version", told.version),
        (DCT + "language", [ox.NamedNode(_LANGUAGES + code) for code in TITLE]),
        (DCT + "conformsTo", ox.NamedNode(KG.removesuffix("#"))),
        (DCAT + "landingPage", ox.NamedNode(told.base + "data")),
        (FOAF + "homepage", ox.NamedNode(told.base)),
        (VOID + "vocabulary", [ox.NamedNode(ns) for ns in PREFIXES.values()]),
        (VOID + "uriSpace", told.base),
        (VOID + "sparqlEndpoint", names.service),
        (VOID + "feature", w3c_names(RDF_FORMATS.values())),
        (VOID + "triples", sum(part.triples for part in parts)),
        (VOID + "entities", s.default.subjects),
        (VOID + "subset", names.default),
    )


def _sizes(count: Count) -> list[tuple[str, object]]:
    return [(VOID + "triples", count.triples), (VOID + "distinctSubjects", count.subjects)]


def _default(
    told: DatasetFacts, names: DescriptionNames, vocabulary: Vocabulary
) -> Iterator[ox.Triple]:
    s = told.statistics
    yield from describe_in_both(
        names.default,
        typed(VOID + "Dataset", SD + "Graph"),
        (DCT + "title", _DEFAULT),
        *_sizes(s.default),
        (VOID + "classes", len(s.classes)),
        (VOID + "properties", len(s.properties)),
    )
    for property, count in s.properties.items():
        part = names.part(f"property/{local_name(property)}")
        yield from describe_in_both(names.default, (VOID + "propertyPartition", part))
        yield from describe_in_both(
            part, (VOID + "property", ox.NamedNode(property)), *_sizes(count)
        )
    for name, count in s.classes.items():
        part = names.part(f"class/{local_name(name)}")
        yield from describe_in_both(names.default, (VOID + "classPartition", part))
        yield from describe_in_both(
            part, (VOID + "class", ox.NamedNode(name)), (VOID + "entities", count.subjects)
        )
    yield from _uses(s, names, vocabulary)


def _uses(s: Statistics, names: DescriptionNames, vocabulary: Vocabulary) -> Iterator[ox.Triple]:
    """The properties of each class, and the classes and datatypes they lead to."""
    classes = {k.name: k.term.iri for k in vocabulary.kinds.values()}
    for (kind, property), group in groupby(s.uses, lambda use: (use.kind, use.property)):
        uses, outer = list(group), f"class/{local_name(classes[kind])}"
        part = names.part(f"{outer}/{local_name(property)}")
        yield from describe_in_both(names.part(outer), (VOID + "propertyPartition", part))
        yield from describe_in_both(
            part,
            (VOID + "property", ox.NamedNode(property)),
            (VOID + "triples", sum(use.triples for use in uses)),
        )
        for use in uses:
            if use.value:
                yield from values_of(
                    names,
                    part,
                    f"{outer}/{local_name(property)}",
                    classes.get(use.value, use.value),
                    use.triples,
                    use.value in classes,
                )


def _address(told: DatasetFacts, name: str) -> ox.NamedNode:
    return ox.NamedNode(f"{told.place or f'{told.base}data/'}{quote(name)}")


def _file(
    told: DatasetFacts, names: DescriptionNames, name: str, file: ReleaseFile
) -> Iterator[ox.Triple]:
    node, address = names.part(f"file/{name}"), _address(told, name)
    stem = name.removesuffix(".gz")
    media_type = _MEDIA_TYPES.get(stem.rpartition(".")[2], "application/octet-stream")
    checksum = names.part(f"file/{name}/sha256")
    packed = [(DCAT + "compressFormat", ox.NamedNode(MEDIA + "application/gzip"))]
    yield from describe_in_both(names.dataset, (DCAT + "distribution", node))
    yield from describe_in_both(
        node,
        typed(DCAT + "Distribution"),
        (DCT + "title", told.titles.get(name) or {"en": name}),
        (DCT + "license", ox.NamedNode(CC0)),
        (DCAT + "accessURL", ox.NamedNode(told.base + "data")),
        (DCAT + "downloadURL", address),
        (DCAT + "mediaType", ox.NamedNode(MEDIA + media_type)),
        (
            DCAT + "byteSize",
            ox.Literal(str(file.bytes), datatype=ox.NamedNode(XSD + "nonNegativeInteger")),
        ),
        (SPDX + "checksum", checksum),
        *(packed if stem != name else []),
    )
    yield from describe_in_both(
        checksum,
        typed(SPDX + "Checksum"),
        (SPDX + "checksumValue", file.sha256),
        (SPDX + "algorithm", ox.NamedNode(SPDX + "checksumAlgorithm_sha256")),
    )
    if media_type in _DUMPS and not name.startswith(_TRANSLATED):
        yield from describe_in_both(names.dataset, (VOID + "dataDump", address))
