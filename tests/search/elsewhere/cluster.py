"""What OpenSearch's documentation says of the requests that Gyebo sends, read slowly over documents in memory.

No OpenSearch can be had where these tests run. This is no OpenSearch: it takes the few kinds of query, mapping and
aggregation that are sent, says what each means word by word, refuses all others, and answers over HTTP as the
specification has it. Every request is held against the schemas of the published API (schema.json) first.
"""

from __future__ import annotations

import json
import math
import re
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

Json = dict[str, Any]
Points = dict[int, float]
_SCHEMA: Json = json.loads((Path(__file__).parent / "schema.json").read_bytes())
_CHECKS = {
    name: Draft202012Validator({"$defs": _SCHEMA["$defs"], **body})
    for name, body in _SCHEMA["bodies"].items()
}
GAP = 100  # places between two texts of a field, which is the default of OpenSearch


class Refused(Exception):
    """A request that OpenSearch would not take."""


def check(kind: str, body: Json) -> None:
    """Hold a request against the published schema."""
    for error in _CHECKS[kind].iter_errors(body):
        raise Refused(f"{kind}: {list(error.absolute_path)}: {error.message[:300]}")


class Index:
    """One index; `checked`: searches are held against the schema, which takes seconds for a large one."""

    def __init__(self, body: Json, checked: bool = True) -> None:
        check("create", body)
        self._checked = checked
        self.settings, self.mappings = body["settings"]["index"], body["mappings"]
        self.docs: list[Json] = []
        self.meta: Json = {}
        self._placed: dict[str, list[list[tuple[str, int]]]] = {}  # terms by field and document

    def add(self, doc: Json) -> None:
        unknown = doc.keys() - self.mappings["properties"].keys()
        if unknown and self.mappings["dynamic"] == "strict":
            raise Refused(f"mapping set to strict, dynamic introduction of {unknown}")
        self.docs.append(doc)
        self._placed.clear()

    def placed(self, field: str) -> list[list[tuple[str, int]]]:
        """The terms of a field in each document."""
        if field not in self._placed:
            self._placed[field] = [self.terms(field, doc) for doc in self.docs]
        return self._placed[field]

    def terms(self, field: str, doc: Json) -> list[tuple[str, int]]:
        """The terms of a field with their places, as its analyzer gives them."""
        known = self.mappings["properties"][field]
        values = doc.get(field, [])
        values = values if isinstance(values, list) else [values]
        if known["type"] == "keyword":
            return [(value, 0) for value in values]
        placed, place = [], 0
        for value in values:
            for group in self.analyze(known["analyzer"], value):
                placed += [(term, place) for term in group]
                place += 1
            place += GAP
        return placed

    def analyze(self, analyzer: str, text: str) -> list[list[str]]:
        """Terms by place: the tokenizer `pattern` splits, `pattern_capture` gives all it finds at the place."""
        analysis = self.settings["analysis"]
        made = analysis["analyzer"][analyzer]
        cut = analysis["tokenizer"][made["tokenizer"]]
        (name,) = made["filter"]
        capture = analysis["filter"][name]
        assert (cut["type"], capture["type"]) == ("pattern", "pattern_capture")
        assert not capture["preserve_original"]
        (pattern,) = capture["patterns"]
        tokens = [token for token in re.split(cut["pattern"], text) if token]
        return [re.findall(pattern, token) or [token] for token in tokens]

    def points(self, query: Json) -> Points:
        """The documents that match and their scores."""
        ((kind, body),) = query.items()
        found: Points = getattr(self, f"_{kind}")(body)
        return found

    def _match_all(self, body: Json) -> Points:
        return dict.fromkeys(range(len(self.docs)), body.get("boost", 1.0))

    def _match_none(self, body: Json) -> Points:
        return {}

    def _term(self, body: Json) -> Points:
        ((field, asked),) = body.items()
        return self._bm25(field, [asked["value"]], asked.get("boost", 1.0))

    def _match_phrase(self, body: Json) -> Points:
        ((field, asked),) = body.items()
        places = self.analyze(asked["analyzer"], asked["query"])
        assert all(len(terms) == 1 for terms in places)
        return self._bm25(field, [terms[0] for terms in places], asked.get("boost", 1.0))

    def _prefix(self, body: Json) -> Points:
        ((field, asked),) = body.items()
        return {
            i: 1.0
            for i, placed in enumerate(self.placed(field))
            if any(term.startswith(asked["value"]) for term, _ in placed)
        }

    def _range(self, body: Json) -> Points:
        ((field, asked),) = body.items()
        low, high = asked.get("gte", -math.inf), asked.get("lte", math.inf)
        known = {i: doc[field] for i, doc in enumerate(self.docs) if field in doc}
        return {i: 1.0 for i, value in known.items() if low <= value <= high}

    def _exists(self, body: Json) -> Points:
        return {i: 1.0 for i, doc in enumerate(self.docs) if body["field"] in doc}

    def _constant_score(self, body: Json) -> Points:
        return dict.fromkeys(self.points(body["filter"]), body.get("boost", 1.0))

    def _dis_max(self, body: Json) -> Points:
        tie = body["tie_breaker"]
        return {
            i: max(worth) + tie * (sum(worth) - max(worth))
            for i, worth in self._each(body["queries"]).items()
        }

    def _bool(self, body: Json) -> Points:
        must, keep = body.get("must", ()), body.get("filter", ())
        should, drop = body.get("should", ()), body.get("must_not", ())
        needed = body.get("minimum_should_match", 0 if must or keep or not should else 1)
        sums = Counter[int](dict.fromkeys(range(len(self.docs)), 0))
        points: Points = dict(sums)
        for query in must:
            found = self.points(query)
            points = {i: p + found[i] for i, p in points.items() if i in found}
        for query in keep:
            points = {i: points[i] for i in points.keys() & self.points(query).keys()}
        each = self._each(should)
        points = {
            i: p + sum(each.get(i, ())) for i, p in points.items() if len(each.get(i, ())) >= needed
        }
        for query in drop:
            points = {i: points[i] for i in points.keys() - self.points(query).keys()}
        return {i: p * body.get("boost", 1.0) for i, p in points.items()}

    def _function_score(self, body: Json) -> Points:
        (function,) = body["functions"]
        factor = function["field_value_factor"]
        assert (factor["modifier"], body["boost_mode"]) == ("none", "multiply")
        return {
            i: p * factor["factor"] * self.docs[i].get(factor["field"], factor["missing"])
            for i, p in self.points(body["query"]).items()
        }

    def _each(self, queries: Sequence[Json]) -> dict[int, list[float]]:
        each: dict[int, list[float]] = {}
        for query in queries:
            for i, worth in self.points(query).items():
                each.setdefault(i, []).append(worth)
        return each

    def _bm25(self, field: str, terms: list[str], weight: float) -> Points:
        """BM25 as Lucene has it, over all terms of a field (discount_overlaps is false)."""
        similarity = self.settings["similarity"]["default"]
        assert not similarity["discount_overlaps"]
        k1, b = similarity["k1"], similarity["b"]
        placed = self.placed(field)
        rarity, held = 0.0, set(range(len(placed)))
        for term in terms:
            having = {i for i, one in enumerate(placed) if any(term == found for found, _ in one)}
            rarity += math.log(1 + (len(placed) - len(having) + 0.5) / (len(having) + 0.5))
            held &= having
        mean = sum(map(len, placed)) / len(placed) or 1
        points = {}
        for i in sorted(held):
            one = placed[i]
            stands = set(one)
            starts = [place for term, place in one if term == terms[0]]
            if len(terms) > 1:
                starts = sorted(set(starts))
            times = sum(
                all((term, place + k) in stands for k, term in enumerate(terms)) for place in starts
            )
            if times:
                norm = k1 * (1 - b + b * len(one) / mean)
                points[i] = weight * rarity * (1 + k1) * times / (times + norm)
        return points

    def search(self, body: Json) -> Json:
        if self._checked:
            check("search", body)
        points = self.points(body["query"])
        start, size = body.get("from", 0), body.get("size", 10)
        if start + size > self.settings["max_result_window"]:
            raise Refused("Result window is too large")
        ranked = sorted(points, key=lambda i: self._sort_key(i, points[i], body.get("sort", [])))
        hits = [
            {"_id": f"{i}", "_score": points[i], "_source": {"id": self.docs[i]["id"]}}
            for i in ranked[start : start + size]
        ]
        counted = {
            name: {"buckets": self._buckets(agg["terms"], points)}
            for name, agg in body.get("aggs", {}).items()
        }
        return {
            "timed_out": False,
            "_shards": {"total": 1, "successful": 1, "failed": 0},
            "hits": {"total": {"value": len(points), "relation": "eq"}, "hits": hits},
            "aggregations": counted,
        }

    def _sort_key(self, i: int, score: float, sort: list[str | Json]) -> list[tuple[bool, float]]:
        key = []
        for one in sort:
            # _score, the best first
            one = {one: {"order": "desc"}} if isinstance(one, str) else one
            ((field, how),) = one.items()
            value = score if field == "_score" else self.docs[i].get(field)
            assert value is not None or how["missing"] == "_last"
            sign = -1 if how["order"] == "desc" else 1
            key.append((value is None, sign * (value or 0)))
        return key

    def _buckets(self, terms: Json, points: Points) -> list[Json]:
        counted = Counter(v for i in points for v in self.docs[i].get(terms["field"], ()))
        return [{"key": k, "doc_count": n} for k, n in counted.most_common(terms["size"])]


class Cluster:
    """Indexes by name, with what they were asked; `broken` says what a request is answered with instead."""

    def __init__(self, checked: bool = True) -> None:
        self._checked = checked
        self.indexes: dict[str, Index] = {}
        self.asked: list[str] = []
        self.headers: list[str] = []
        self.broken: tuple[int, bytes] | None = None

    def answer(self, method: str, path: str, body: bytes) -> Json:
        self.asked.append(f"{method} {path}")
        _, name, *rest = path.split("/")
        match method, rest:
            case "GET", ["_mapping"]:
                wanted = [n for n in self.indexes if n.startswith(name.rstrip("*"))]
                return {n: {"mappings": {"_meta": self.indexes[n].meta}} for n in wanted}
            case "PUT", []:
                self.indexes[name] = Index(json.loads(body), self._checked)
                return {"acknowledged": True}
            case "DELETE", []:
                del self.indexes[name]
                return {"acknowledged": True}
        index = self.indexes[name]
        match method, rest:
            case "PUT", ["_mapping"]:
                check("put_mapping", json.loads(body))
                index.meta = json.loads(body)["_meta"]
                return {"acknowledged": True}
            case "POST", ["_refresh"]:
                return {"_shards": {"failed": 0}}
            case "POST", ["_bulk"]:
                return self._bulk(index, body)
            case "POST", ["_count"]:
                check("count", json.loads(body))
                return {"count": len(index.points(json.loads(body)["query"]))}
            case "POST", ["_search"]:
                return index.search(json.loads(body))
        raise Refused(f"{method} {path}")

    def _bulk(self, index: Index, body: bytes) -> Json:
        if not body.endswith(b"\n"):
            raise Refused("The bulk request must be terminated by a newline")
        lines = [json.loads(line) for line in body.splitlines()]
        items = []
        for action, doc in zip(lines[::2], lines[1::2], strict=True):
            assert action["index"]["_id"] == f"{len(index.docs)}"
            try:
                index.add(doc)
                items.append({"index": {"status": 201}})
            except Refused as error:
                items.append({"index": {"status": 400, "error": {"reason": f"{error}"}}})
        return {"errors": any("error" in item["index"] for item in items), "items": items}


@contextmanager
def running(cluster: Cluster) -> Iterator[str]:
    """The address at which a cluster answers."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            cluster.headers.append(self.headers.get("Authorization", ""))
            status, said = 200, b""
            try:
                said = json.dumps(cluster.answer(self.command, self.path, body)).encode()
            except (Refused, KeyError) as error:
                status, said = 400, json.dumps({"error": {"reason": str(error)}}).encode()
            if cluster.broken:
                status, said = cluster.broken
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, format: str, *args: object) -> None:
            pass

    for method in ("GET", "PUT", "POST", "DELETE"):
        setattr(Handler, f"do_{method}", Handler._answer)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
