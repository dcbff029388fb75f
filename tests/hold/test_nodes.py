"""Three nodes behind nginx: a release is switched, a node is killed, one is started anew, and no request is lost."""

from __future__ import annotations

import http.client
import shutil
import time
from contextlib import closing
from pathlib import Path

import pytest
import valkey

from kg.build.build import build
from kg.snapshot.current import EVERY
from kg.snapshot.layout import Layout
from kg.travel.publish import publish_release
from kg.travel.storage import open_storage
from tests.conftest import Corner
from tests.hold.nodes import Node, Readers, balancer, nodes_on, status, upstream
from tests.waiting import wait_until
from tests.web.shared.servers import SECRET, needs_server, server

needs_nginx = pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed")
QUERY = "SELECT * { ?s ?p ?o } LIMIT 5"
REQUESTS = (
    ("GET", "/-/health", ""),
    ("GET", "/model/a", ""),
    ("GET", "/model/a.json", ""),
    ("GET", "/search?q=a", ""),
    ("GET", "/sparql?format=json&query=ASK%7B%7D", ""),
    ("GET", "/-/health", ""),
    ("POST", "/sparql", QUERY),
    ("GET", "/static/app/theme.js", ""),
    ("GET", "/data/entities.jsonl", ""),
)
TAGGED = (
    *("/", "/model/a", "/model/a.json", "/model/a.ttl", "/search?q=a", "/about/api", "/ontology"),
    *("/model/a/lineage.svg", "/data", "/data/graph.nq", "/data/redirects.json", "/changes.atom"),
    *(
        "/sparql?format=json&query=ASK%7B%7D",
        "/static/app/theme.js",
        "/openapi.json",
        "/models.csv",
    ),
)


def built(corner: Corner, label: str) -> Path:
    """A release in which a model has a name; the folder of its snapshot."""
    corner.write(f"model/a: {{label: {{en: {label}}}}}")
    build(corner.config, corner.data)
    return Layout(corner.config.home).current_folder()


def version_of(node: Node) -> str:
    with closing(http.client.HTTPConnection(node.address, timeout=20)) as client:
        client.request("GET", "/-/health")
        return client.getresponse().read().decode().partition('"version": "')[2].partition('"')[0]


@pytest.mark.slow
@needs_nginx
def test_a_release_is_switched_and_a_node_killed_under_load_and_no_request_fails(
    corner: Corner, tmp_path: Path
) -> None:
    first = built(corner, "First")
    settings = {"GYEBO_SPARQL_CLIENT_SECONDS": "0"}  # all readers are one client here
    with nodes_on(tmp_path / "nodes", first, settings=settings) as nodes:
        before = version_of(nodes[0])
        second = built(corner, "Second")
        with balancer(tmp_path / "nginx", nodes) as address:
            with Readers(address, REQUESTS) as readers:
                time.sleep(3)
                switched = max(node.take(second) for node in nodes)
                time.sleep(EVERY + 3)
                nodes[0].kill()
                time.sleep(3)
                nodes[1].stop()
                time.sleep(1)
                nodes[1].start()
                time.sleep(3)
                nodes[2].kill()  # now the one that was started anew serves alone
                time.sleep(3)
            after = version_of(nodes[1])
    said = [one for one in readers.asked if one.release]
    print(f"{len(readers.asked)} requests, {len(readers.failed)} failed")
    assert readers.failed == []
    assert {one.path for one in readers.asked} == {path for _, path, _ in REQUESTS}
    assert before != after and {one.release for one in said} == {before, after}
    late = [one for one in said if one.began > switched + EVERY]
    assert len(late) > 20 and {one.release for one in late} == {after}


@pytest.mark.slow
@needs_nginx
def test_nodes_that_follow_a_storage_are_switched_and_no_request_fails(
    corner: Corner, tmp_path: Path
) -> None:
    """With empty disks at first; nothing but the storage is shared."""
    storage = (tmp_path / "storage").as_uri()
    built(corner, "First")
    publish_release(corner.config.home, open_storage(storage))
    settings = {"GYEBO_SPARQL_CLIENT_SECONDS": "0", "GYEBO_POLL_SECONDS": "2"}
    with nodes_on(tmp_path / "nodes", storage, settings=settings) as nodes:
        before = version_of(nodes[0])
        built(corner, "Second")
        with balancer(tmp_path / "nginx", nodes) as address, Readers(address, REQUESTS) as readers:
            time.sleep(2)
            publish_release(corner.config.home, open_storage(storage))
            published = time.monotonic()
            wait_until(lambda: before not in {version_of(node) for node in nodes})
            taken = time.monotonic() - published
            nodes[0].kill()
            time.sleep(3)
        tags = {answer_of(node, "/model/a.json")[2]["etag"] for node in nodes[1:]}
    print(f"{len(readers.asked)} requests; on all nodes {taken:.1f} s after it was published")
    assert readers.failed == [] and len(tags) == 1
    assert len({one.release for one in readers.asked if one.release}) == 2


@pytest.mark.slow
@needs_nginx
def test_every_node_says_the_same_with_the_same_tag(corner: Corner, tmp_path: Path) -> None:
    with nodes_on(tmp_path, built(corner, "First")) as nodes:
        for path in TAGGED:
            told = [answer_of(node, path) for node in nodes]
            assert told[0][0] == 200 and told[1:] == told[:-1], path
            tag = told[0][2]["etag"]
            for node in nodes:  # whichever is asked next knows what another one sent
                again = answer_of(node, path, {"If-None-Match": tag})
                assert again[0] == 304 and again[2]["etag"] == tag, path


def answer_of(
    node: Node, path: str, headers: dict[str, str] | None = None
) -> tuple[int, bytes, dict[str, str]]:
    with closing(http.client.HTTPConnection(node.address, timeout=60)) as client:
        client.request("GET", path, headers={"Host": "gyebo.example", **(headers or {})})
        answer = client.getresponse()
        named = {name.lower(): value for name, value in answer.getheaders()}
        said = {name: named[name] for name in named.keys() - {"date", "x-request-id"}}
        return answer.status, answer.read(), said


@pytest.mark.slow
@needs_nginx
@needs_server
def test_a_share_of_queries_is_one_for_all_nodes_and_outlives_the_server(
    corner: Corner, tmp_path: Path
) -> None:
    """One client asks through the balancer, which asks the nodes in turn; then what they share is killed."""
    (tmp_path / "valkey").mkdir()
    settings = {
        "GYEBO_SPARQL_CLIENT_SECONDS": "0.001",
        "GYEBO_PAGE_CACHE_MB": "0",
        "GYEBO_SHARED_SECRET": SECRET,
    }
    path = "/sparql?format=json&query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D"
    with server(tmp_path / "valkey") as shared:
        settings["GYEBO_SHARED"] = shared
        with (
            nodes_on(tmp_path / "nodes", built(corner, "First"), settings=settings) as nodes,
            balancer(tmp_path / "nginx", nodes) as address,
        ):
            assert status(address, path) == 200
            wait_until(lambda: [status(node.address, path) for node in nodes] == [429] * 3)
            with Readers(address, REQUESTS[1:4]) as readers:
                time.sleep(1)
                shut_down(shared)
                time.sleep(3)
            assert readers.failed == [] and len(readers.asked) > 10


def shut_down(shared: str) -> None:
    with closing(valkey.Valkey.from_url(shared)) as client:
        client.shutdown(nosave=True, now=True)


def test_the_list_of_nodes_is_the_example_with_other_addresses() -> None:
    text = upstream(["127.0.0.1:1", "127.0.0.1:2"])
    assert text.count("    server ") == 2 and "800" not in text and "keepalive 64;" in text
