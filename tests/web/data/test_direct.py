"""Queries answered before Flask: the same as Flask says, whatever is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from kg.config import Config
from tests.conftest import serving
from web.app.metrics import REQUESTS
from web.data import _direct

SUBJECT = "SELECT ?p ?o { <model/llama-7b> ?p ?o }"
ANSWERED = (
    (f"{SUBJECT} LIMIT 3", {}),
    (SUBJECT, {"Accept-Encoding": "gzip"}),
    (SUBJECT, {"Accept": "text/csv", "Accept-Language": "ko", "Cookie": "lang=en"}),
    ('SELECT ?m { ?m rdfs:label "라마" }', {"Accept-Language": "ko"}),
    ("CONSTRUCT WHERE { <model/llama-7b> ?p ?o }", {"Accept": "text/turtle"}),
    ("ASK { ?s a kg:Model }", {"Accept": "application/sparql-results+xml, text/turtle;q=0.1"}),
    ('SELECT ?m { SERVICE kg:search { ?m kg:query "llama" } }', {}),
    ("SELECT ?s ?p ?o { ?s ?p ?o }", {}),  # long: it stands in a file
    ("SELECT ?s ?p ?o { ?s ?p ?o }", {"Accept-Encoding": "gzip"}),
)
LEFT = (
    ("SELECT (NOW() AS ?now) {}", {}),
    ("ASK { ?s a kg:Modell }", {}),  # its answer links to the ontology
    ("SELECT * { ?s ?p", {}),
    ("SELECT * { ?s ?p ?o ", {"Accept-Language": "ko"}),
    ("INSERT DATA { <a> <b> <c> }", {}),
    ("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }", {}),
    ("SELECT ?s { ?s a kg:Model }", {"Accept": "text/html"}),
    ("SELECT ?s { ?s a kg:Model }", {"Accept": "image/png"}),
    ("SELECT ?s { ?s a kg:Model }", {"Accept": "text/turtle"}),
    ("  ", {}),
)


@pytest.fixture
def app(snapshot_home: Path) -> Iterator[Flask]:
    with serving(Config(home=snapshot_home, page_cache_mb=0)) as app:
        yield app


def ask(app: Flask, text: str, headers: Mapping[str, str], **more: str) -> TestResponse:
    address = f"/sparql?{urlencode({'query': text, **more})}"
    return app.test_client(use_cookies=False).get(address, headers=dict(headers))


def told(answer: TestResponse) -> tuple[int, list[tuple[str, str]], bytes]:
    headers = [h for h in answer.headers if h[0] != "X-Request-ID"]
    body = answer.data
    answer.close()  # a long one stands in a file
    return answer.status_code, sorted(headers), body


def by_flask(app: Flask, text: str, headers: Mapping[str, str]) -> TestResponse:
    """A tag that nothing has leaves the answer as it is, and needs Flask to be compared."""
    return ask(app, text, {**headers, "If-None-Match": '"other"'})


@pytest.mark.parametrize(("text", "headers"), ANSWERED)
def test_what_is_answered_before_flask_is_what_flask_says(
    app: Flask, text: str, headers: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    by_view = told(by_flask(app, text, headers))
    assert by_view[0] == 200
    with monkeypatch.context() as without:
        without.setattr(Flask, "full_dispatch_request", None)  # so Flask itself could not answer
        assert told(ask(app, text, headers)) == by_view


@pytest.mark.parametrize(("text", "headers"), LEFT)
def test_what_is_left_to_flask_is_the_same_too(
    app: Flask, text: str, headers: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    by_view = told(by_flask(app, text, headers))
    asked = told(ask(app, text, headers))
    if "NOW()" in text or "text/html" in headers.values():  # the time, and what it took
        by_view, asked = (by_view[0], [], b""), (asked[0], [], b"")
    assert asked == by_view


def test_a_query_that_fails_runs_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    pool, times = app.extensions["gyebo"].pool, []
    real = pool.query
    monkeypatch.setattr(pool, "query", lambda *given: times.append(given) or real(*given))
    for text in ("SELECT * {", "SELECT (RAND() AS ?n) {}"):
        ask(app, text, {})
    assert len(times) == 2


def test_a_long_answer_is_the_same_and_runs_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 20000"  # stands in a file
    by_view = told(by_flask(app, text, {}))
    pool = app.extensions["gyebo"].pool
    times: list[object] = []
    real = pool.query
    monkeypatch.setattr(pool, "query", lambda *given: times.append(given) or real(*given))
    assert told(ask(app, text, {})) == by_view
    assert len(times) == 1 and len(by_view[2]) > 1 << 20


def test_what_was_found_on_an_older_release_is_found_anew(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = app.extensions["gyebo"].pool
    times: list[object] = []
    real = pool.query
    monkeypatch.setattr(pool, "query", lambda *given: times.append(given) or real(*given))
    run_before = _direct._run

    def on_an_older_release(*given: Any) -> Any:
        return run_before(*given)._replace(release=object())

    monkeypatch.setattr(_direct, "_run", on_an_older_release)
    assert ask(app, "SELECT (RAND() AS ?n) {}", {}).status_code == 200
    assert len(times) == 2


def test_a_query_before_flask_is_counted(app: Flask) -> None:
    counted = REQUESTS.labels("sparql.sparql", "200")
    before = counted._value.get()
    assert ask(app, SUBJECT, {}).status_code == 200
    assert counted._value.get() == before + 1


def test_the_tag_of_an_answer_before_flask_is_known_to_flask(app: Flask) -> None:
    first = ask(app, SUBJECT, {})
    again = ask(app, SUBJECT, {"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("name", ["lang", "bom", "unknown", "update"])
def test_other_parameters_are_for_flask(app: Flask, name: str) -> None:
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/sparql",
        "QUERY_STRING": urlencode({"query": SUBJECT, name: "1"}),
    }
    assert _direct._asked(environ, app.extensions["gyebo"]) is None


def test_an_answer_before_flask_stands_under_a_prefix(snapshot_home: Path) -> None:
    config = Config(home=snapshot_home, page_cache_mb=0, prefix="/gyebo")
    with serving(config) as app:
        address = f"/gyebo/sparql?{urlencode({'query': SUBJECT})}"
        client = app.test_client(use_cookies=False)
        assert told(client.get(address)) == told(
            client.get(address, headers={"If-None-Match": '"other"'})
        )


def test_an_answer_before_flask_is_kept_and_given_again(
    snapshot_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(Config(home=snapshot_home)) as app:
        first = told(ask(app, SUBJECT, {}))
        monkeypatch.setattr(_direct, "_run", None)  # so that nothing could be found anew
        assert told(ask(app, SUBJECT, {})) == first
        kept = ask(app, SUBJECT, {"If-None-Match": dict(first[1])["ETag"]})
        assert (kept.status_code, kept.data) == (304, b"")


def test_what_asks_for_chance_is_not_kept(snapshot_home: Path) -> None:
    with serving(Config(home=snapshot_home)) as app:
        answers = {told(ask(app, "SELECT (RAND() AS ?n) {}", {}))[2] for _ in range(3)}
        assert len(answers) == 3
