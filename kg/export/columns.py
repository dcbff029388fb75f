"""The tables of a release and their columns: names and types are kept, further ones may come.

docs/data.md is made from this, and so is the description of a dump (kg/export/describing/croissant.py). What is missing is null in
Parquet and Arrow, and empty in CSV. Several values in one cell stand beside each other with a space.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kg.licenses.doubts import MEANINGS
from kg.licenses.rules import SEVERITY, USES
from kg.messages.message import mark
from kg.model.vocabulary import (
    ACCESS,
    COMMERCIAL_VERDICT,
    DEVELOPER,
    HUB_ID,
    LICENSE,
    PARAMETER_COUNT,
    RELEASE_DATE,
    REPOSITORY_CREATED,
    REVISION_DATE,
    Property,
    Vocabulary,
)

# table -> what its file in a release holds
TABLES: Mapping[str, str] = {
    "edges": mark("Derivations and memberships as a Parquet table"),
    "models": mark("Models with their resolved values as a Parquet table"),
    "claims": mark("Everything that sources say, claim by claim, as a Parquet table"),
    "nodes": mark(
        "Models and families as a Parquet table, with names, developers, licenses, sizes and dates"
    ),
    "gaps": mark("Clauses that stated licenses lack of what was inherited, as a Parquet table"),
    "verdicts": mark("What may be done with each entity, use by use, as a Parquet table"),
    "scores": mark("Scores on benchmarks, as published, as a Parquet table"),
    "identities": mark("What hubs, APIs and package URLs call each entity, as a Parquet table"),
}
SHOWN = (  # of a node, beside its names
    *(RELEASE_DATE, DEVELOPER, LICENSE, COMMERCIAL_VERDICT, ACCESS),
    *(PARAMETER_COUNT, HUB_ID, REPOSITORY_CREATED, REVISION_DATE),
)


class Column(NamedTuple):
    """A column: its type is string, integer, decimal or boolean."""

    name: str
    type: str
    meaning: str


def _text(name: str, meaning: str) -> Column:
    return Column(name, "string", meaning)


def _flag(name: str, meaning: str) -> Column:
    return Column(name, "boolean", meaning)


_NAMED = (
    _text("id", "Gyebo's id: kind/slug"),
    _text("label", "name, in English where there is one"),
    _text("label_ko", "name in Korean"),
)
_KIND = _text("kind", "kind of the entity")
_DISPUTED = _flag("disputed", "whether sources contradict each other on it")
_DOUBTS = "; ".join(f"{name}: {meaning}" for name, meaning in MEANINGS.items())
_EDGES = (
    _text("child", "id of what derives, or is a member"),
    _text("parent", "id of what it derives from, or of its family"),
    _text("relation", "property of the ontology that joins them"),
    _text("source", "ids of the sources that say so"),
    _text("edge_kind", "what passes along: weights, distillation, or family for a membership"),
    _DISPUTED,
    _flag("doubtful", "whether only rules infer it from names, so that it decides nothing alone"),
)
_CLAIMS = (
    _text("subject", "id of what is spoken of"),
    _text("property", "property of the ontology"),
    _text("value", "what is said; missing where a source says that it is not known"),
    _text("rank", "preferred, normal or rejected"),
    _text("reason", "why it is preferred or rejected"),
    _text("source", "id of the source that says so"),
    _text("locator", "line, page, section or field in the source"),
    _text("lang", "language of a text: en or ko"),
    _flag("inferred", "whether it follows from the source and is not written in it"),
    _text("note", "what the reader of the source notes"),
    _text("origin", "file and line in data/ where it can be corrected"),
    _flag("holds", "whether this value is the resolved one, or one of several"),
    _flag("disputed", "whether sources contradict each other on this property of the subject"),
    _flag("doubtful", "whether the property rests only on rules that infer it from names"),
)
_GAPS = (
    *_NAMED,
    _text("stated", "ids of the licenses that are stated"),
    _text("gap", "drops-substance, drops-paperwork or unsatisfiable"),
    _text("clause", "id of a clause that is inherited and not carried"),
    _text("through", "the edge or license that brings it"),
)
_VERDICTS = (
    _text("id", "Gyebo's id: kind/slug"),
    _text("label", "name, in English where there is one"),
    _KIND,
    _text("use", f"use asked about: {', '.join(USES)}"),
    _text("verdict", f"{', '.join(SEVERITY)}; each is an answer of its own"),
    _text("doubt", f"what is not sure about the verdict, missing where nothing is. {_DOUBTS}"),
    _text("license", "ids of the licenses that are stated"),
)
_SCORES = (
    _text("id", "id of the evaluation"),
    _text("model", "id of the model, or family, that got the score"),
    _text("benchmark", "id of the benchmark"),
    _text("metric", "what is measured; missing if the source does not say"),
    _text("setting", "how the model was asked"),
    Column("score", "decimal", "as published; missing where the table leaves it out"),
    _text("unit", "unit of the score"),
    _text("table", "table of the source that holds it"),
    _text("source", "ids of the sources that give this score"),
    _DISPUTED,
)
_IDENTITIES = (
    _text("id", "Gyebo's id: kind/slug"),
    _KIND,
    _text(
        "scheme",
        "huggingface (path on the Hub), modelscope (path there), api (name in an API), ollama (name in Ollama's "
        "library) or purl (package URL)",
    ),
    _text("identifier", "what it is called there"),
    _text("source", "ids of the sources that say so; missing where the id is made of it"),
)
_FIXED: Mapping[str, tuple[Column, ...]] = {
    "edges": _EDGES,
    "claims": _CLAIMS,
    "gaps": _GAPS,
    "verdicts": _VERDICTS,
    "scores": _SCORES,
    "identities": _IDENTITIES,
}


def columns_of(table: str, vocabulary: Vocabulary) -> tuple[Column, ...]:
    """The columns of a table, in their order.

    Args:
        table: one of TABLES.
        vocabulary: models have a column for each property of one value, nodes some.
    """
    if table == "nodes":
        return (*_NAMED, _KIND, *(_property(vocabulary.properties[name]) for name in SHOWN))
    if table == "models":
        family = _text("from_family", "the properties whose value is that of the model's family")
        return (*_NAMED, *map(_property, model_properties(vocabulary)), family)
    return _FIXED[table]


def model_properties(vocabulary: Vocabulary) -> Sequence[Property]:
    """The properties that are columns of the table of models."""
    return [
        p
        for p in vocabulary.properties.values()
        if p.single and p.type != "text" and (not p.domain or "model" in p.domain)
    ]


def _property(known: Property) -> Column:
    return Column(known.name, known.type, known.term.comments["en"].removesuffix("."))
