"""Searches asked of an OpenSearch cluster find what the oracle finds, and a cluster that fails is never noticed."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kg.cli.main import main
from kg.errors import ConfigError, LoadFailed
from kg.search.clauses import COUNTED, FILTER, SORTED_BY, TEXT, Indexed, SearchPlan, TermClause
from kg.search.engines import elsewhere
from kg.search.engines._opensearch import OpenSearchEngine, document_of, index_settings
from kg.search.engines._opensearch_client import SearchServer
from kg.search.engines.elsewhere import ElsewhereEngine, index_name, load_index
from kg.search.index import SearchIndex
from kg.search.query import parse
from kg.snapshot.snapshot import Snapshot
from tests.search.elsewhere.cluster import Cluster, Index, running
from tests.search.oracle import Oracle
from tests.search.test_engines import (
    QUICK,
    WORDS,
    contents,
    falling,
    indexed,
    plans,
    scores,
)

NAME = "gyebo-test"


class InMemory(SearchServer):
    """A server without the way to it, so that many examples take little time."""

    def __init__(self, cluster: Cluster) -> None:
        super().__init__("http://127.0.0.1:1")
        self._cluster = cluster

    def _send(self, method: str, path: str, body: bytes | None, *_: Any) -> dict[str, Any]:
        return self._cluster.answer(method, path, body or b"")


def opened(docs: list[Indexed]) -> OpenSearchEngine:
    cluster = Cluster()
    index = cluster.indexes[NAME] = Index(index_settings(1, 0))
    for place, doc in enumerate(docs):
        index.add(document_of(doc, place))
    return OpenSearchEngine(InMemory(cluster), NAME, len(docs))


@given(st.lists(contents, min_size=1, max_size=8), st.lists(plans, min_size=1, max_size=12))
@QUICK
def test_the_query_that_is_sent_means_the_plan(
    documents: list[dict[str, Any]], asked: list[SearchPlan]
) -> None:
    docs = [indexed(i, content) for i, content in enumerate(documents)]
    engine, oracle = opened(docs), Oracle(docs)
    for plan in asked:
        ours, theirs = engine.find(plan, 100), oracle.find(plan, 100)
        assert ours.total == theirs.total
        assert scores(ours.hits) == pytest.approx(scores(theirs.hits), abs=2e-3, rel=1e-3)
        assert falling([hit.score for hit in ours.hits])
        counts = engine.counts(plan, COUNTED, 50)
        assert {f: dict(v) for f, v in counts.items()} == oracle.counts(plan, COUNTED, 50)
        for order in SORTED_BY:
            assert [h.id for h in engine.find(plan, 100, 0, order).hits] == [
                h.id for h in oracle.find(plan, 100, 0, order).hits
            ]


@given(
    st.lists(contents, min_size=1, max_size=12),
    st.sampled_from([*WORDS, "l", "알", "", ".*", "llama"]),
)
@QUICK
def test_completions_and_frequencies(documents: list[dict[str, Any]], start: str) -> None:
    docs = [indexed(i, content) for i, content in enumerate(documents)]
    engine, oracle = opened(docs), Oracle(docs)
    assert set(engine.complete(start, 50)) == set(oracle.complete(start, 50))
    for field in (*TEXT, FILTER):
        assert engine.frequency(field, start) == oracle.frequency(field, start)


@pytest.fixture
def cluster() -> Cluster:
    return Cluster()


@pytest.fixture
def address(cluster: Cluster) -> Iterator[str]:
    with running(cluster) as url:
        yield url


LLAMA = SearchPlan(TermClause("name", "llama"))


def llamas(count: int) -> list[Indexed]:
    content = {"text": {"name": ["llama"]}, "filters": [], "facets": {"kind": ["model"]}}
    alike = content | {"numbers": {}, "prior": 1.0, "standing": 1.0}
    return [indexed(i, alike) for i in range(count)]


def test_an_index_is_whole_when_it_says_so(cluster: Cluster, address: str) -> None:
    assert load_index(llamas(25), address, NAME, shards=3, copies=1) == 25
    index = cluster.indexes[NAME]
    assert index.meta == {"documents": 25}
    assert (index.settings["number_of_shards"], index.settings["number_of_replicas"]) == (3, 1)
    asked = len(cluster.asked)
    assert load_index(llamas(25), address, NAME) == 25
    assert cluster.asked[asked:] == [f"GET /{NAME}*/_mapping"]
    index.meta = {}  # an attempt that broke off
    assert load_index(llamas(7), address, NAME) == 7 == len(cluster.indexes[NAME].docs)


def test_a_server_that_takes_only_a_part_is_told(cluster: Cluster, address: str) -> None:
    bad = [*llamas(2), llamas(1)[0].__class__(**{**_fields(llamas(1)[0]), "numbers": {"x": 1.0}})]
    with pytest.raises(LoadFailed, match=r"did not take a document: .*strict"):
        load_index(bad, address, NAME)
    assert cluster.indexes[NAME].meta == {}
    with pytest.raises(LoadFailed, match=r"127\.0\.0\.1:1 does not hold the release"):
        load_index(llamas(1), "http://me:secret@127.0.0.1:1", NAME)


def _fields(doc: Indexed) -> dict[str, Any]:
    return {name: getattr(doc, name) for name in doc.__struct_fields__}


def test_what_the_server_cannot_answer_is_answered_here(
    cluster: Cluster, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    docs, now = llamas(25), [0.0]
    load_index(docs, address, NAME)
    with_password = address.replace("http://", "http://me:s%40fe@")
    engine = ElsewhereEngine(Oracle(docs), with_password, NAME, lambda: now[0])
    searches = f"POST /{NAME}/_search"
    assert engine.find(LLAMA, 5).total == 25
    assert cluster.asked[-1] == searches and cluster.headers[-1].startswith("Basic ")
    for status, said in ((503, b"{}"), (200, b"<html>"), (200, b'{"hits": 3}'), (200, b"[]")):
        now[0] += 10
        cluster.broken, before = (status, said), cluster.asked.count(searches)
        with caplog.at_level(logging.WARNING):
            assert [hit.id for hit in engine.find(LLAMA, 2).hits] == ["model/000", "model/001"]
            assert engine.counts(LLAMA, ["kind"], 5) == {"kind": {"model": 25}}
        assert cluster.asked.count(searches) == before + 1  # left alone for a while
    assert "s@fe" not in caplog.text and "s%40fe" not in caplog.text
    assert "searches are answered here" in caplog.text
    cluster.broken, now[0] = None, now[0] + 10
    before = cluster.asked.count(searches)
    assert engine.find(LLAMA, 5).total == 25 and cluster.asked.count(searches) == before + 1
    assert engine.find(LLAMA, 5, 200_000).total == 25  # deeper than it looks
    assert cluster.asked.count(searches) == before + 1


def test_one_reader_waits_for_a_server_that_says_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(elsewhere, "_PATIENCE", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        engine = ElsewhereEngine(Oracle(llamas(25)), url, NAME, clock=lambda: 0.0)
        found: list[int] = []
        readers = [
            threading.Thread(target=lambda: found.append(engine.count(LLAMA))) for _ in range(6)
        ]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        assert found == [25] * 6
        silent.setblocking(False)
        silent.accept()[0].close()
        with pytest.raises(BlockingIOError):  # nobody else has called
            silent.accept()
        engine.close()


@pytest.mark.parametrize("said", [b"[]", b'{"%s": 3}' % NAME.encode(), b"{}", b'{"count": "x"}'])
def test_a_server_that_is_no_opensearch(cluster: Cluster, address: str, said: bytes) -> None:
    engine = ElsewhereEngine(Oracle(llamas(25)), address, NAME)
    cluster.broken = (200, said)
    assert engine.find(LLAMA, 5).total == 25
    with pytest.raises(LoadFailed, match="127"):
        load_index(llamas(25), address, NAME)


def test_another_release_on_the_server_is_not_asked(cluster: Cluster, address: str) -> None:
    load_index(llamas(24), address, NAME)
    engine = ElsewhereEngine(Oracle(llamas(25)), address, NAME)
    assert engine.find(LLAMA, 5).total == 25
    assert not any("_search" in asked for asked in cluster.asked)


@pytest.mark.parametrize(
    "url", ["", "host:9200", "ftp://h", "http://h/path", "http://h:9200/?q=1", "http://a b"]
)
def test_what_is_no_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ConfigError, match="is like http://host:9200"):
        SearchServer(url)


def test_a_release_is_handed_on_and_searched_there(
    snapshot: Snapshot, snapshot_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elsewhere, "_PATIENCE", 60.0)  # this cluster reads its documents one by one
    cluster = Cluster(checked=False)
    with running(cluster) as address:
        _hand_on(snapshot, snapshot_home, cluster, address)


def _hand_on(snapshot: Snapshot, snapshot_home: Path, cluster: Cluster, address: str) -> None:
    asked = ["--home", f"{snapshot_home}", "publish", "--search", address, "--json"]
    done = CliRunner().invoke(main, asked)
    assert done.exit_code == 0, done.output
    folder, version = snapshot.folder / "search", snapshot.manifest.version
    assert index_name(folder, version) in done.stdout
    (held,) = cluster.indexes.values()
    for field in (*TEXT, FILTER):
        held.placed(field)  # takes longer than a search may
    here, there = SearchIndex(folder), SearchIndex(folder, address, version)
    for text in ("알파카", "Llama 2 한국어", "license:mit", '"llama 2"', "임베딩 모델", "qwen"):
        before = len(cluster.asked)
        ours, theirs = here.search(parse(text), 30), there.search(parse(text), 30)
        assert ours.total == theirs.total, text
        assert {hit.id for hit in ours.hits} == {hit.id for hit in theirs.hits}, text
        assert ours.facets == theirs.facets, text
        assert any("_search" in line for line in cluster.asked[before:]), text
