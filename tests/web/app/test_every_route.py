"""What holds of every answer, at every route of the application: readable from elsewhere, charset, gzip, 304, HEAD."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from kg.export.bom.formats import MODEL_FORMATS
from tests.pages import PAGES
from web import create_app
from web.app.context import site
from web.app.encoding import is_text
from web.app.representations import SUFFIXES
from web.ui.features import registry

MODEL = "/model/alpaca-7b"
# What the parts of a route stand for, where it has any; a new route with parts is named here.
VALUES: Mapping[str, list[dict[str, Any]]] = {
    "static": [{"filename": "app/theme.js"}, {"filename": "tree/lineage.css"}],
    "styles.style": [{"tag": "0"}],
    "downloads.file": [
        {"name": name} for name in ("graph.nq", "entities.jsonl", "exports/gyebo.ttl.gz")
    ],
    "ontology.page": [{"suffix": s} for s in SUFFIXES if s != "json"],
    "wellknown.void": [{"suffix": s} for s in SUFFIXES if s != "json"],
    "wellknown.sparql_examples": [{"suffix": "ttl"}],
    "cards.home": [{"format": "svg"}, {"format": "png"}],
    "trends.file": [{"name": "parameters", "format": f} for f in ("svg", "csv", "json")],
    "boards.page": [{"country": "kr"}],
    "boards.file": [{"country": "kr", "format": f} for f in ("svg", "csv", "json")],
    "embeds.page": [{"chart": "timeline"}, {"chart": "family/llama/lineage"}],
    "sitemap.part": [{"number": 1}],
    "citing.file": [{"suffix": suffix} for suffix in ("bib", "json", "txt")],
    "disagreements.fact": [{"name": "model/alpaca-7b/license"}],
}
# What depends on the version of a release or on a dump: tests/web/site/test_releases.py, tests/web/data/test_dumps.py.
ELSEWHERE = ("releases.one", "releases.thing", "dumps.file")
EXTRA = ("/sparql?query=ASK%7B%7D", "/sparql?query=CONSTRUCT+WHERE+%7B%3Fs+a+kg%3AModel%7D")
WRONG = (
    "/model/no-such-thing",
    "/data/no-such-file",
    "/sparql?query=ASK",
    "/search?limit=x",
    "/ontology.exe",
)
MOVED = ("/model/Alpaca-7B", "/family", "/sparql/", "/ontology/", "/data/")
FROM = {"Origin": "https://example.org"}


def _addresses(app: Flask) -> Iterator[str]:
    """An address of every rule that answers GET, and of every form and file of a model."""
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and rule.endpoint != "entities.entity":
                yield from (adapter.build(rule.endpoint, v) for v in _values(rule))
        yield MODEL
        yield from (f"{MODEL}.{suffix}" for suffix in SUFFIXES)
        yield from (f"{MODEL}/{f.suffix}" for f in MODEL_FORMATS.values())
        yield from (
            f"/family/llama{f.ending}" for f in registry(app).files if "lineage" in f.ending
        )
        yield from EXTRA


def _values(rule: Rule) -> list[dict[str, Any]]:
    if not rule.arguments:
        return [{}]
    return [v for v in VALUES.get(rule.endpoint, []) if {*v} == {*rule.arguments}]


def _app() -> Flask:
    from kg.config import load_config

    return create_app(load_config())


ADDRESSES = sorted({*_addresses(_app()), *PAGES.values()})
ALL = (*ADDRESSES, *WRONG, *MOVED)


def get(client: FlaskClient, path: str, **headers: str) -> Any:
    told = {name.replace("_", "-"): value for name, value in (FROM | headers).items()}
    return client.get(path, headers=told)


def test_every_route_is_tried(app: Flask) -> None:
    """A rule with parts that is not named in VALUES would be left out."""
    missing = [
        str(rule)
        for rule in app.url_map.iter_rules()
        if rule.arguments
        and rule.endpoint not in ("entities.entity", *ELSEWHERE)
        and not any({*v} == {*rule.arguments} for v in VALUES.get(rule.endpoint, []))
    ]
    assert not missing and len(ADDRESSES) > 60


@pytest.mark.parametrize("path", ALL)
def test_readable_from_anywhere(client: FlaskClient, path: str) -> None:
    for accept in ("*/*", "text/turtle, */*;q=0.1", "text/html"):
        with get(client, path, Accept=accept) as answer:
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            exposed = answer.headers["Access-Control-Expose-Headers"]
            assert "X-Request-ID" in exposed and "Link" in exposed
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
        if tag := answer.headers.get("ETag"):
            with get(client, path, Accept=accept, If_None_Match=tag) as again:
                assert again.status_code == 304 and not again.data
                assert again.headers["Access-Control-Allow-Origin"] == "*"
                assert again.headers["ETag"] == tag


@pytest.mark.parametrize("path", ALL)
def test_a_browser_may_ask_beforehand(client: FlaskClient, path: str) -> None:
    asked = {
        **FROM,
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "x-requested-with,authorization,cache-control,if-none-match",
    }
    answer = client.options(path, headers=asked)
    assert answer.status_code == 204 and not answer.data
    allowed = answer.headers["Access-Control-Allow-Headers"].lower().replace(" ", "").split(",")
    assert {"x-requested-with", "authorization", "cache-control", "if-none-match"} <= {*allowed}
    methods = answer.headers["Access-Control-Allow-Methods"].split(", ")
    assert {"GET", "HEAD"} <= {*methods} and ("POST" in methods) == (
        path.partition("?")[0] in ("/sparql", "/check", "/check.json")
    )


def text_by_requests(answer: Any) -> str:
    """What python-requests makes of an answer."""
    made = requests.Response()
    made.headers = requests.structures.CaseInsensitiveDict(answer.headers)
    made.encoding = requests.utils.get_encoding_from_headers(made.headers)
    made._content, made.status_code = answer.data, answer.status_code
    return made.text


@pytest.mark.parametrize("path", ALL)
def test_text_says_its_charset(client: FlaskClient, path: str) -> None:
    for accept in ("*/*", "text/html"):
        with get(client, path, Accept=accept, Accept_Language="ko") as answer:
            kind = answer.mimetype or ""
            body = answer.data
        assert kind or not body
        if kind.startswith("text/") or kind.endswith("xml"):
            assert answer.mimetype_params["charset"].lower() == "utf-8"
        if is_text(kind):
            assert text_by_requests(answer) == body.decode("utf-8")
        elif body:
            assert kind in (
                "image/png",
                "application/gzip",
                "image/x-icon",
                "image/vnd.microsoft.icon",
            )


@pytest.mark.parametrize("path", ALL)
def test_gzip_holds_the_same(client: FlaskClient, path: str) -> None:
    for accept in ("*/*", "text/html"):
        with (
            get(client, path, Accept=accept) as plain,
            get(
                client, path, Accept=accept, Accept_Encoding="br;q=1, gzip;q=0.8, *;q=0.1"
            ) as zipped,
        ):
            assert plain.status_code == zipped.status_code
            assert "Content-Encoding" not in plain.headers
            if not is_text(plain.mimetype or ""):
                assert "Content-Encoding" not in zipped.headers
                continue
            assert "accept-encoding" in zipped.vary.as_set() & plain.vary.as_set()
            for refused in ("gzip;q=0", "identity", "identity, gzip;q=0.5", "gzip;q=0, *"):
                with get(client, path, Accept=accept, Accept_Encoding=refused) as other:
                    assert "Content-Encoding" not in other.headers
            if len(plain.data) < 1000:
                continue
            assert zipped.headers["Content-Encoding"] == "gzip"
            timed = "ms" in plain.text and path.startswith("/sparql")  # how long it took
            if not timed and path != "/-/metrics":  # which counts itself
                assert gzip.decompress(zipped.data) == plain.data
            assert len(zipped.data) < len(plain.data)
            tag = zipped.headers.get("ETag", "W/")
            assert tag.startswith("W/")
            for header in ("Content-Security-Policy", "X-Content-Type-Options"):
                assert zipped.headers[header] == plain.headers[header]


@pytest.mark.parametrize("path", ALL)
def test_head_is_get_without_a_body(client: FlaskClient, path: str) -> None:
    for coding in ("identity", "gzip"):
        told = {**FROM, "Accept-Encoding": coding}
        with client.get(path, headers=told) as whole, client.head(path, headers=told) as head:
            assert head.status_code == whole.status_code and head.data == b""
            for name in ("Content-Type", "Content-Encoding", "ETag", "Vary", "Link", "Location"):
                assert head.headers.getlist(name) == whole.headers.getlist(name)


def test_pages_are_kept_compressed(snapshot_home: Any) -> None:
    from kg.config import load_config
    from tests.conftest import serving

    with serving(load_config(home=snapshot_home)) as app:
        client = app.test_client(use_cookies=False)
        first = get(client, MODEL, Accept="text/html")
        with app.app_context():
            kept = next(iter(site().pages._pages.values()))
        assert gzip.decompress(kept.body) == first.data and kept.size < len(first.data) / 2
        again = get(client, MODEL, Accept="text/html", Accept_Encoding="gzip")
        assert again.data == kept.body and again.headers["Content-Encoding"] == "gzip"
        plain = get(client, MODEL, Accept="text/html")
        assert plain.data == first.data and "Content-Encoding" not in plain.headers
        assert plain.headers["ETag"] == again.headers["ETag"]


@pytest.mark.parametrize(
    "rule", ["/sparql", "/ontology", "/data", "/about/licenses", "/search", "/trends"]
)
def test_a_slash_too_much_leads_on(client: FlaskClient, rule: str) -> None:
    answer = client.get(f"{rule}/?lang=ko&q=a%20b")
    assert (answer.status_code, answer.location) == (308, f"{rule}?lang=ko&q=a%20b")
