"""The JSON API is as /openapi.json describes it: complete, valid, and kept to under random requests."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import pytest
import schemathesis
import yaml
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import validate
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from kg.config import load_config
from kg.version import __version__
from tests.listening import listening
from web import create_app
from web.site.docs import EXAMPLES
from web.ui.features import registry
from web.ui.operations import Operation

# GYEBO_FUZZ=500 python -m pytest -m slow tests/web/site/test_openapi.py      for a long run
TRIES = int(os.environ.get("GYEBO_FUZZ", "12"))


@pytest.fixture(scope="module")
def described(app: Flask) -> dict[str, Any]:
    """What the site says of its API."""
    return dict(app.test_client().get("/openapi.json").get_json())


@pytest.fixture(scope="module")
def schema(app: Flask) -> schemathesis.BaseSchema:
    """The same, as the tests' generator reads it."""
    return schemathesis.openapi.from_wsgi("/openapi.json", app)


STATED = registry(create_app(load_config()))  # beside the routes; opens no snapshot
OPERATIONS = STATED.operations
# Files for other tools and for our own scripts, which are described where those are.
NO_OPERATIONS = {
    *(
        "/lineage.map.json",
        "/lineage.names.json",
        "/lineage.found.json",
        "/license-mix.json",
        "/scores.json",
    ),
    *("/bom.cdx.json", "/bom.spdx.json", "/lineage.nodelink.json"),
}
CALLS = [*((op.path, "GET") for op in OPERATIONS), ("/sparql", "POST"), ("/check.json", "POST")]
LENIENT = [negative_data_rejection, positive_data_acceptance, not_a_server_error]
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
# What else than random text stands in a request, half of the time.
REAL = {
    "kind": ["model", "family", "org", "dataset"],
    "slug": ["alpaca-7b", "llama", "meta", "alpaca-52k", "survey-004", "koalpaca-polyglot-12.8b"],
    "id": [["alpaca-7b", "llama"], ["model/vicuna-7b", "model/dolly-2", "nothing"]],
    "q": ["알파카", "llama params:7b..13b", "-", '"', "kind:model OR"],
    "query": ["ASK { }", "SELECT * { ?s a kg:Family } LIMIT 3", "DESCRIBE <model/llama-7b>"],
}


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.value)
@pytest.mark.parametrize(("path", "method"), CALLS)
def test_the_api_is_as_described(schema: Any, path: str, method: str, mode: GenerationMode) -> None:
    """Numbers out of range are brought into it, so that what does not fit need not be refused."""
    operation = schema[path][method]
    if mode is GenerationMode.NEGATIVE and not (operation.query or operation.body):
        return  # nothing in it could be wrong

    @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
    @settings(
        max_examples=TRIES, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    def holds(case: schemathesis.Case, data: st.DataObject) -> None:
        for place in (case.path_parameters, case.query):
            for name in REAL.keys() & (place or {}):
                if data.draw(st.booleans()):
                    place[name] = data.draw(st.sampled_from(REAL[name]))
        plain = {"Accept-Encoding": "identity"}  # the checks do not unpack what is packed
        answer = case.call_and_validate(headers=plain, excluded_checks=LENIENT)
        assert answer.status_code != 500  # others are described: 503 and 504 are for slow machines

    holds()


@pytest.mark.parametrize("form", ["json", "jsonld"])
def test_answers_of_sparql_are_as_described(
    client: FlaskClient, described: dict[str, Any], form: str
) -> None:
    op = next(op for op in OPERATIONS if op.name == "sparql")
    query = "ASK { ?s ?p ?o }" if form == "json" else "DESCRIBE <model/llama-7b>"
    answer = client.get(op.path, query_string={"query": query, "format": form})
    validator(described, op).validate(answer.get_json(force=True))


def test_the_description_is_valid_and_names_the_server(described: dict[str, Any]) -> None:
    validate(described)
    assert described["openapi"].startswith("3.1") and described["servers"] == [
        {"url": "http://localhost"}
    ]


def test_every_route_for_programs_is_described(app: Flask) -> None:
    routes = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.endswith(".json") and rule.endpoint != "docs.openapi"
    }
    assert routes <= {op.path for op in OPERATIONS}
    files = [file for file in STATED.files if file.ending.endswith(".json")]
    assert {file.ending for file in files if not file.operation} == NO_OPERATIONS
    for file in files:
        assert not file.operation or file.operation.path.endswith("{slug}" + file.ending)
    assert len({op.name for op in OPERATIONS}) == len(OPERATIONS)


def validator(described: dict[str, Any], op: Operation) -> jsonschema.Draft202012Validator:
    answer = described["paths"][op.path]["get"]["responses"]["200"]["content"][op.media[0]][
        "schema"
    ]
    return jsonschema.Draft202012Validator({**answer, "components": described["components"]})


@pytest.mark.parametrize("op", OPERATIONS, ids=lambda op: op.name)
def test_every_example_answers_as_described(
    client: FlaskClient, described: dict[str, Any], op: Operation
) -> None:
    answer = client.get(op.example, headers={"Accept": "application/json"}, follow_redirects=True)
    assert answer.status_code == 200 and answer.headers["Access-Control-Allow-Origin"] == "*"
    if not op.leads:
        validator(described, op).validate(answer.get_json())
        assert answer.get_json() not in ({}, [])


@pytest.fixture(scope="module")
def live(app: Flask) -> Iterator[str]:
    """The site on a port."""
    with listening(app) as address:
        yield address


def lines(app: Flask, live: str, language: str) -> list[str]:
    """The lines of the page /about/api that call its examples."""
    found = re.findall(
        rf'data-code="{language}"><code>(.*?)</code>',
        app.test_client().get("/about/api", base_url=live).text,
        re.DOTALL,
    )
    assert len(found) == len(OPERATIONS)
    return [
        re.sub(r"&#39;", "'", code).replace("&amp;", "&").replace("&#34;", '"').replace("&gt;", ">")
        for code in found
    ]


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_the_lines_for_curl_run(app: Flask, live: str) -> None:
    script = "set -e\n" + "\necho\n".join(f"{line} --fail" for line in lines(app, live, "curl"))
    done = subprocess.run(
        ["bash", "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | {"no_proxy": "*"},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("{") >= len(OPERATIONS)


def test_the_lines_of_python_run(app: Flask, live: str) -> None:
    script = "\n".join(lines(app, live, "Python"))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | {"no_proxy": "*"},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == len(OPERATIONS)


def test_a_problem_is_as_described(client: FlaskClient, described: dict[str, Any]) -> None:
    problem = described["components"]["schemas"]["Problem"]
    for path, status in (
        ("/model/lama-7b.json", 404),
        ("/search.json?sort=x", 400),
        ("/compare.json", 400),
        ("/model/x/y.json", 404),
        ("/sparql?query=x", 400),
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
        jsonschema.validate(answer.get_json(), problem)


def test_the_library_example_runs(app: Flask) -> None:
    home = str(app.extensions["gyebo"].config.home)
    done = subprocess.run(
        [sys.executable, "-W", "error", EXAMPLES / "library.py"],
        text=True,
        timeout=120,
        capture_output=True,
        env=os.environ | {"GYEBO_HOME": home},
    )
    assert (done.returncode, done.stderr) == (0, "")
    for said in ("family/alpaca", "parameterCount", "model/llama-7b", "DiGraph", "prohibited"):
        assert said in done.stdout


def test_the_citation_file_is_current() -> None:
    path = EXAMPLES.parents[1] / "CITATION.cff"
    if not path.exists():
        pytest.skip("not a checkout")
    cited = yaml.safe_load(path.read_text("utf-8"))
    assert cited["version"] == __version__
    assert {"cff-version", "title", "message", "authors"} <= cited.keys()


def test_addresses_of_the_description_have_the_prefix(mounted: Flask) -> None:
    said = mounted.test_client().get("/gyebo/openapi.json").get_json()
    assert said["servers"] == [{"url": "http://localhost/gyebo"}]
    assert urlsplit(said["externalDocs"]["url"]).path == "/gyebo/about/api"
    assert json.dumps(said)
