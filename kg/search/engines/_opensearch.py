"""An OpenSearch cluster as an engine: for more documents, or more searches, than one machine answers.

Terms come from us. A text is sent as it is written here, terms of one place between spaces and places between line
breaks; its analyzer, made of what every OpenSearch has, cuts at line breaks and then gives all terms of a place at that
place, so no plugin is needed. The tree of clauses is translated part by part; BM25 and the factor of a document are
the cluster's own, with our constants. Formats are those of the API specification of OpenSearch
(github.com/opensearch-project/opensearch-api-specification), which tests hold requests against.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache

import msgspec

from kg.search.clauses import (
    BETWEEN,
    COMPLETE,
    COUNTED,
    FILTER,
    K1,
    KEYS,
    NUMBERS,
    PLAIN,
    SORTED_BY,
    TEXT,
    TIE,
    B,
    Best,
    Clause,
    Counts,
    Every,
    Flat,
    Found,
    Hits,
    Indexed,
    Order,
    Phrase,
    SearchPlan,
    Some,
    TermClause,
)
from kg.search.engines._opensearch_client import Json, SearchServer

_PRIOR, _STANDING, _PLACE = "prior", "standing", "place"
_ANALYZER = "places"
DEEPEST = 100_000  # hits that may be skipped, as deep as pages of search go
_BULK = 4_000_000  # bytes of a request, about
_TERMS = 50_000  # whose number of documents is remembered


def index_settings(shards: int, copies: int) -> Json:
    """What an index is made with.

    Args:
        shards: parts that machines share.
        copies: of each part, besides the first.
    """
    fields: Json = {"id": {"type": "keyword", "index": False}}
    for field in TEXT:
        option = "freqs" if field in PLAIN else "positions"
        fields[field] = {"type": "text", "analyzer": _ANALYZER, "index_options": option}
    fields |= {field: {"type": "keyword"} for field in (KEYS, COMPLETE, FILTER)}
    fields |= {_facet(field): {"type": "keyword"} for field in COUNTED}
    fields |= {field: {"type": "double"} for field in (*NUMBERS, _PRIOR, _STANDING)}
    fields[_PLACE] = {"type": "long"}
    cutter = {"type": "pattern", "pattern": "\n"}
    terms = {"type": "pattern_capture", "preserve_original": False, "patterns": ["([^ ]+)"]}
    analyzer = {"type": "custom", "tokenizer": "lines", "filter": ["terms"]}
    analysis = {
        "tokenizer": {"lines": cutter},
        "filter": {"terms": terms},
        "analyzer": {_ANALYZER: analyzer},
    }
    counting_all = {"type": "BM25", "k1": K1, "b": B, "discount_overlaps": False}
    settings = {
        "number_of_shards": shards,
        "number_of_replicas": copies,
        "max_result_window": DEEPEST,
        "similarity": {"default": counting_all},
        "analysis": analysis,
    }
    mappings = {"dynamic": "strict", "_source": {"includes": ["id"]}, "properties": fields}
    return {"settings": {"index": settings}, "mappings": mappings}


def _facet(field: str) -> str:
    return f"facet_{field}"


def document_of(doc: Indexed, place: int) -> Json:
    """A document as it is sent; `place` is its number, by which equals are put in order."""
    made: Json = {"id": doc.id, _PLACE: place, _PRIOR: doc.prior, _STANDING: doc.standing}
    made |= {field: texts.split(BETWEEN) if texts else [] for field, texts in doc.text.items()}
    made |= {KEYS: doc.exact.split(), COMPLETE: doc.complete.split(), FILTER: doc.filters.split()}
    made |= {_facet(field): doc.values(field) for field in doc.facets}
    return made | dict(doc.numbers)


def write_documents(docs: Iterable[Indexed], server: SearchServer, index: str) -> int:
    """Send documents to an index that is there, and return how many.

    Raises:
        ConnectionError: the server did not take one of them.
    """
    count, waiting = 0, bytearray()
    for count, doc in enumerate(docs, 1):
        lines = ({"index": {"_id": str(count - 1)}}, document_of(doc, count - 1))
        waiting += b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
        if len(waiting) >= _BULK:
            server.bulk(index, bytes(waiting))
            waiting.clear()
    if waiting:
        server.bulk(index, bytes(waiting))
    return count


class OpenSearchEngine:
    """An index of a cluster.

    Args:
        server: the cluster.
        index: its name there.
        size: documents it holds.
    """

    def __init__(self, server: SearchServer, index: str, size: int) -> None:
        self._server, self._index, self.size = server, index, size
        self._often = lru_cache(_TERMS)(self._count)

    def find(
        self, plan: SearchPlan, limit: int, offset: int = 0, order: Order = "relevance"
    ) -> Hits:
        """See `Engine`.

        Raises:
            ConnectionError: the cluster did not answer, or only in part.
        """
        by: list[str | Json] = ["_score"]
        if order != "relevance":
            by = [{SORTED_BY[order]: {"order": "desc", "missing": "_last"}}]
        found = self._ask(
            {
                "query": query_of(plan, scored=order == "relevance"),
                "from": offset,
                "size": limit,
                "sort": [*by, {_PLACE: {"order": "asc"}}],
                "track_scores": order == "relevance",
                "track_total_hits": True,
                "_source": ["id"],
            }
        )
        hits = [
            Found(hit["_source"]["id"], round(hit.get("_score") or 0.0, 4))
            for hit in found["hits"]["hits"]
        ]
        return Hits(found["hits"]["total"]["value"], hits)

    def count(self, plan: SearchPlan) -> int:
        """See `Engine`.

        Raises:
            ConnectionError: as `find`.
        """
        query = query_of(plan, scored=False)
        found = self._ask({"query": query, "size": 0, "track_total_hits": True})
        return int(found["hits"]["total"]["value"])

    def counts(self, plan: SearchPlan, facets: Sequence[str], most: int) -> Counts:
        """See `Engine`; a part of the cluster tells more values than are asked for, so that sums are right.

        Raises:
            ConnectionError: as `find`.
        """
        asked = {
            f: {"terms": {"field": _facet(f), "size": most, "shard_size": 20 * most}}
            for f in facets
        }
        found = self._ask({"query": query_of(plan, scored=False), "size": 0, "aggs": asked})
        told = found["aggregations"]
        return {f: {b["key"]: b["doc_count"] for b in told[f]["buckets"]} for f in facets}

    def frequency(self, field: str, term: str) -> int:
        """See `Engine`."""
        return self._often(field, term)

    def _count(self, field: str, term: str) -> int:
        query = {"query": {"term": {field: {"value": term}}}}
        return int(self._server.ask("POST", f"/{self._index}/_count", query)["count"])

    def complete(self, start: str, limit: int) -> list[str]:
        """See `Engine`."""
        begins = {"prefix": {COMPLETE: {"value": start}}}
        sort = [{_STANDING: {"order": "desc"}}, {_PLACE: {"order": "asc"}}]
        found = self._ask({"query": begins, "size": limit, "sort": sort, "_source": ["id"]})
        return [hit["_source"]["id"] for hit in found["hits"]["hits"]]

    def close(self) -> None:
        """See `Engine`."""
        self._server.close()

    def _ask(self, body: Json) -> Json:
        """An answer of all parts of the index.

        Raises:
            ConnectionError: some part did not answer; a search that misses documents would be believed.
        """
        found = self._server.ask("POST", f"/{self._index}/_search", body)
        if found.get("timed_out") or found["_shards"]["failed"]:
            raise ConnectionError("a part of the index did not answer")
        return found


def query_of(plan: SearchPlan, *, scored: bool) -> Json:
    """A plan as a query.

    Args:
        plan: what is asked.
        scored: whether points count; where hits are put in another order, they need not be made.
    """
    match = _clause(plan.match) if plan.match is not None else _flat({"match_all": {}}, 1.0)
    made: Json = {"must": [match]} if scored else {"filter": [match]}
    made["filter"] = [*made.get("filter", ()), *map(_clause, plan.keep)]
    made["must_not"] = [_clause(clause) for clause in plan.drop]
    query: Json = {"bool": {name: parts for name, parts in made.items() if parts}}
    if not scored:
        return query
    factor = {"field": _PRIOR, "factor": 1.0, "modifier": "none", "missing": 1.0}
    return {
        "function_score": {
            "query": query,
            "functions": [{"field_value_factor": factor}],
            "boost_mode": "multiply",
        }
    }


def _clause(clause: Clause) -> Json:
    match clause:
        case TermClause(field, text, weight):
            return {"term": {field: {"value": text, "boost": weight}}}
        case Phrase(field, terms, weight):
            asked = {"query": "\n".join(terms), "analyzer": _ANALYZER, "boost": weight}
            return {"match_phrase": {field: asked}}
        case Every(parts, weight):
            return {"bool": {"must": [*map(_clause, parts)] or [_ALL], "boost": weight}}
        case Some(()) | Best(()):
            return _NONE
        case Some(parts):
            return {"bool": {"should": [*map(_clause, parts)], "minimum_should_match": 1}}
        case Best(parts):
            return {"dis_max": {"queries": [*map(_clause, parts)], "tie_breaker": TIE}}
        case Flat(part, points):
            return _flat(_clause(part), points)
        case _:
            bounds = {"gte": clause.low, "lte": clause.high}
            known = {name: value for name, value in bounds.items() if math.isfinite(value)}
            inside: Json = {"range": {clause.field: known}} if known else _exists(clause.field)
            return _flat(inside, 0.0)


_ALL: Json = {"match_all": {}}
_NONE: Json = {"match_none": {}}


def _flat(query: Json, points: float) -> Json:
    return {"constant_score": {"filter": query, "boost": points}}


def _exists(field: str) -> Json:
    return {"exists": {"field": field}}
