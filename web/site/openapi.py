"""The JSON API as OpenAPI 3.1: one table of operations; schemas come from the types that answer.

`/openapi.json` is made from OPERATIONS here, and so is the page `/about/api`; a test asks for every
example in it. A new route for programs is one entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, get_args

import msgspec

from kg.answers import changes as changes_answer
from kg.answers import compare as comparison
from kg.answers import contract
from kg.licenses.states import LICENSED
from kg.licenses.terms import Use
from kg.model.media import RDF_FORMATS, RESULT_FORMATS
from kg.model.vocabulary import load_vocabulary
from kg.search.clauses import Order
from kg.snapshot.layout import Manifest
from web.app.errors import Problem
from web.app.i18n import LANGS, mark
from web.app.negotiate import HTML, JSON, PROBLEM
from web.data.ontology import Completions
from web.data.protocol import LEAST_SECONDS
from web.search.request import LAST_PAGE, PARAMETERS
from web.search.suggest import MOST, SUGGESTIONS
from web.site import changes
from web.site.home import Health, Ready

Schema = Mapping[str, Any]

_SCHEMAS = "#/components/schemas/{name}"


class Parameter(NamedTuple):
    """A parameter of an operation."""

    name: str
    about: str
    schema: Schema = {"type": "string"}
    required: bool = False
    place: str = "query"

    @property
    def choices(self) -> Sequence[str]:
        """What it can be, if that is a short list."""
        return [str(c) for c in self.schema.get("enum", ())]


class Operation(NamedTuple):
    """What programs can ask for."""

    name: str
    path: str
    about: str
    answer: Any  # its type, or a schema for what is no JSON of ours
    example: str  # an address that answers
    parameters: tuple[Parameter, ...] = ()
    media: tuple[str, ...] = (JSON,)
    leads: bool = False  # answers with a redirect


def _one_of(values: object, default: str) -> Schema:
    return {"type": "string", "enum": [*get_args(values)], "default": default}


def _whole(least: int, most: int, default: int | None = None) -> Schema:
    found: dict[str, Any] = {"type": "integer", "minimum": least, "maximum": most}
    return found if default is None else found | {"default": default}


def _many(least: int = 0, most: int = 20) -> Schema:
    return {"type": "array", "items": {"type": "string"}, "minItems": least, "maxItems": most}


def _slug(*kinds: str) -> tuple[Parameter, ...]:
    names = sorted(kinds or load_vocabulary().kinds)
    return (
        Parameter(
            "kind", mark("kind of the entity"), {"type": "string", "enum": names}, True, "path"
        ),
        Parameter(
            "slug",
            mark("rest of its id; percent-encode a slash in it"),
            {"type": "string", "minLength": 1},
            True,
            "path",
        ),
    )


_LANG = Parameter(
    "lang",
    mark("language of labels"),
    {"type": "string", "enum": [*LANGS], "default": "en"},
)
_QUESTION = (
    Parameter("use", mark("what one wants to do"), _one_of(Use, "commercial")),
    Parameter("mau", mark("monthly active users"), _whole(0, 10**15)),
    Parameter(
        "revenue",
        mark("revenue a year in US dollars"),
        {"type": "number", "minimum": 0, "maximum": 10**15},
    ),
    Parameter(
        "country",
        mark("country, as ISO 3166-1 alpha-2, or EU"),
        {"type": "string", "pattern": "^[A-Za-z]{2}$"},
    ),
    Parameter(
        "competitor-of", mark("ids of organizations one competes with, with commas, or nobody")
    ),
    Parameter("name", mark("name of the model one releases"), {"type": "string", "maxLength": 200}),
)
_FACETS: Mapping[str, str] = {
    "kind": mark("kind of what is found"),
    "org": mark("organization, by id or name"),
    "license": mark("license, by id or name"),
    "verdict": mark("whether it may be used commercially"),
    "relation": mark("how it was derived, as fineTunedFrom"),
    "language": mark("language it is for"),
    "size": mark("class of parameter counts"),
    "year": mark("year of release"),
}

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "show",
        "/{kind}/{slug}.json",
        mark("Everything known of an entity: facts, who says what, where sources disagree."),
        contract.ShowAnswer,
        "/model/alpaca-7b.json",
        (*_slug(), _LANG),
    ),
    Operation(
        "lineage",
        "/{kind}/{slug}/lineage.json",
        mark("Ancestors and descendants of a model or family, with the edges between them."),
        contract.LineageAnswer,
        "/model/alpaca-7b/lineage.json?direction=up",
        (
            *_slug("model", "family", "dataset", "org"),
            Parameter(
                "direction", mark("which way to follow"), _one_of(contract.Direction, "both")
            ),
            Parameter(
                "edges", mark("which edges to follow"), _one_of(contract.EdgeChoice, "weights")
            ),
            Parameter(
                "limit", mark("most nodes beside the first, the nearest"), _whole(0, 1_000_000)
            ),
            _LANG,
        ),
    ),
    Operation(
        "license",
        "/{kind}/{slug}/license.json",
        mark("What one may do with an entity, clause by clause, with paths, sentences and doubts."),
        contract.LicenseAnswer,
        "/model/alpaca-7b/license.json?use=commercial&country=KR",
        (*_slug(*LICENSED), *_QUESTION, _LANG),
    ),
    Operation(
        "licenseOf",
        "/license-check.json",
        mark("The same for any name; leads to the answer."),
        None,
        "/license-check.json?id=alpaca-7b",
        (
            Parameter(
                "id",
                mark("id or name of a model, family, dataset or product"),
                {"type": "string", "minLength": 1},
                True,
            ),
            *_QUESTION,
        ),
        leads=True,
    ),
    Operation(
        "claims",
        "/source/{slug}/claims.json",
        mark(
            "Everything a source says, with rank, reason and the line in which it can be corrected."
        ),
        contract.SourceAnswer,
        "/source/survey-004/claims.json",
        (_slug("source")[1], _LANG),
    ),
    Operation(
        "search",
        "/search.json",
        mark("Hits, best first, with counts by facet. The empty query finds everything."),
        contract.SearchAnswer,
        "/search.json?q=알파카&kind=model&limit=3",
        (
            Parameter("q", mark("words, “phrases”, -words, a OR b, filters such as org:meta")),
            *(Parameter(PARAMETERS.get(f, f), about, _many()) for f, about in _FACETS.items()),
            Parameter("sort", mark("order of the hits"), _one_of(Order, "relevance")),
            Parameter("limit", mark("most hits in one answer"), _whole(0, 100, 20)),
            Parameter("page", mark("page of the hits"), _whole(1, LAST_PAGE, 1)),
            Parameter("cursor", mark("next of the answer before, for the hits that follow")),
            _LANG,
        ),
    ),
    Operation(
        "suggest",
        "/suggest",
        mark("What has a name that begins as typed; half-typed syllables count."),
        contract.SuggestAnswer,
        "/suggest?q=코알&format=json",
        (
            Parameter("q", mark("what was typed")),
            Parameter("limit", mark("most suggestions"), _whole(1, 20, MOST)),
            Parameter(
                "format",
                mark("our answer, or the array of OpenSearch"),
                {"type": "string", "enum": ["json", "opensearch"]},
            ),
            _LANG,
        ),
        (JSON, SUGGESTIONS),
    ),
    Operation(
        "compare",
        "/compare.json",
        mark("Models or families side by side, and their nearest common ancestors."),
        contract.CompareAnswer,
        "/compare.json?id=alpaca-7b&id=vicuna-7b",
        (
            Parameter(
                "id",
                mark("ids or names of what to compare"),
                _many(comparison.LEAST, comparison.MOST),
                True,
            ),
            _LANG,
        ),
    ),
    Operation(
        "sparql",
        "/sparql",
        mark("A SPARQL 1.1 query, by GET or POST; the Accept header or format chooses the form."),
        {"type": ["object", "string"]},
        "/sparql?query=ASK%20%7B%20%3Fs%20a%20kg%3AModel%20%7D&format=json",
        (
            Parameter("query", mark("the query"), {"type": "string", "minLength": 1}, True),
            Parameter(
                "format",
                mark("form of the answer; else as the Accept header says"),
                {"type": "string", "enum": sorted({*RESULT_FORMATS, *RDF_FORMATS})},
            ),
            Parameter(
                "timeout", mark("seconds it may run"), {"type": "number", "minimum": LEAST_SECONDS}
            ),
            Parameter("default-graph-uri", mark("graphs to query as the default graph"), _many()),
            Parameter("named-graph-uri", mark("graphs to query by name"), _many()),
        ),
        (*(f.media_type for f in (*RESULT_FORMATS.values(), *RDF_FORMATS.values())), HTML),
    ),
    Operation(
        "changes",
        "/changes.json",
        mark("What changed since the release before, entity by entity, with the reason."),
        changes_answer.ChangesAnswer,
        "/changes.json?only=entities",
        (
            Parameter(
                "only",
                mark("only such changes"),
                {"type": "string", "enum": [*changes_answer.GROUPS]},
            ),
            Parameter(
                "kind",
                mark("only entities of this kind"),
                {"type": "string", "enum": sorted(load_vocabulary().kinds)},
            ),
            Parameter(
                "limit", mark("most entities in one answer"), _whole(1, changes.MOST, changes.MOST)
            ),
            Parameter("page", mark("page of the entities"), _whole(1, 10**7, 1)),
            _LANG,
        ),
    ),
    Operation(
        "trends",
        "/trends.json",
        mark(
            "Parameter counts and context lengths of models with their dates, as the charts show them."
        ),
        {
            "type": "object",
            "required": ["rows"],
            "properties": {
                "chart": {"type": "string"},
                "rows": {"type": "array", "items": {"type": "object"}},
            },
        },
        "/trends.json",
    ),
    Operation(
        "release",
        "/data.json",
        mark("The release: version, counts, and every file with its checksum."),
        Manifest,
        "/data.json",
    ),
    Operation(
        "terms",
        "/ontology/terms.json",
        mark("Prefixes, classes and properties with their labels."),
        Completions,
        "/ontology/terms.json",
    ),
    Operation(
        "health", "/-/health", mark("Whether a snapshot is served, and which."), Health, "/-/health"
    ),
    Operation(
        "ready",
        "/-/ready",
        mark("Whether this process can answer: search and queries are tried."),
        Ready,
        "/-/ready",
    ),
)


@cache
def description() -> Mapping[str, Any]:
    """The whole description, but for the address of the server."""
    types = [op.answer for op in OPERATIONS if isinstance(op.answer, type)]
    _, schemas = msgspec.json.schema_components([*types, Problem], ref_template=_SCHEMAS)
    return {
        "paths": {op.path: _path(op) for op in OPERATIONS},
        "components": {
            "schemas": schemas,
            "responses": {
                "problem": {
                    "description": "What is wrong, and what to do (RFC 9457).",
                    "content": {PROBLEM: {"schema": {"$ref": _SCHEMAS.format(name="Problem")}}},
                }
            },
        },
    }


def document(version: str, server: str) -> dict[str, Any]:
    """The description as it is served.

    Args:
        version: of the program.
        server: address the paths stand under.
    """
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Gyebo",
            "version": version,
            "summary": "The genealogy of language models.",
            "license": {"name": "CC0-1.0 (data)", "identifier": "CC0-1.0"},
        },
        "servers": [{"url": server}],
        "externalDocs": {"url": f"{server}/about/api"},
        **description(),
    }


def _path(op: Operation) -> dict[str, Any]:
    get = {
        "operationId": op.name,
        "summary": op.about,
        "parameters": [_parameter(p) for p in op.parameters],
        "responses": {**dict(_answers(op)), "4XX": _PROBLEM, "5XX": _PROBLEM},
        "x-example": op.example,
    }
    return {"get": get} | ({"post": _posted(op, get)} if op.name == "sparql" else {})


_PROBLEM = {"$ref": "#/components/responses/problem"}


def _parameter(p: Parameter) -> dict[str, Any]:
    return {"name": p.name, "in": p.place, "description": p.about, "schema": dict(p.schema)} | (
        {"required": True} if p.required else {}
    )


def _answers(op: Operation) -> Iterator[tuple[str, dict[str, Any]]]:
    if not op.leads:
        schema = op.answer
        if isinstance(schema, type):
            schema = {"$ref": _SCHEMAS.format(name=schema.__name__)}
        content = {
            media: {
                "schema": schema
                if media == op.media[0] or isinstance(op.answer, dict)
                else {"type": "array"}
            }
            for media in op.media
        }
        yield "200", {"description": "The answer.", "content": content}
    if op.leads or "{slug}" in op.path:
        to = {"Location": {"schema": {"type": "string"}}}
        yield "302" if op.leads else "308", {"description": "It stands there.", "headers": to}


def _posted(op: Operation, get: Mapping[str, Any]) -> dict[str, Any]:
    """A query as the body, with or without the form around it."""
    fields = {p.name: dict(p.schema) for p in op.parameters}
    form = {"type": "object", "properties": fields, "required": ["query"]}
    bodies = {
        "application/x-www-form-urlencoded": {"schema": form},
        "application/sparql-query": {"schema": {"type": "string", "minLength": 1}},
    }
    return {
        **get,
        "operationId": f"{op.name}Posted",
        "parameters": [],
        "requestBody": {"required": True, "content": bodies},
    }
