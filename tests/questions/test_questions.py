"""The questions that users put to the surveys, each asked as a user would ask it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.answers import lineage as lineage_answer
from kg.answers import search as search_answer
from kg.answers import show as answers
from kg.answers.contract import Ref
from kg.answers.license import license_answer
from kg.files.yaml import read_yaml
from kg.model.iri import id_of
from kg.model.vocabulary import KG
from kg.paths import ONTOLOGY
from kg.snapshot.snapshot import Snapshot
from kg.sparql.pool import Pool

QUESTIONS: list[dict[str, Any]] = read_yaml(Path(__file__).parent / "questions.yaml").data
Row = tuple[object, ...]


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    opened = Pool()
    yield opened
    opened.close()


def ids(means: str) -> list[Any]:
    return [pytest.param(q, id=q["id"]) for q in QUESTIONS if means in q["ask"]]


def test_all_are_here() -> None:
    assert len({q["id"].partition("-")[0] for q in QUESTIONS if q["id"][0] != "X"}) >= 52


def test_every_saved_query_is_asked() -> None:
    asked = {name for q in QUESTIONS for name in (q["ask"].get("example"), q["ask"].get("graph"))}
    saved = {path.stem for path in (ONTOLOGY / "examples").glob("*.rq")}
    assert len(saved) >= 20
    assert saved <= asked


@pytest.mark.parametrize("question", ids("search"))
def test_search(question: dict[str, Any], snapshot: Snapshot) -> None:
    hits = [h.id for h in search_answer.search(snapshot, question["ask"]["search"]).hits]
    expect = question["expect"]
    assert expect.get("first", hits[0]) == hits[0]
    assert expect.get("never-first") != hits[0]
    for most, wanted in expect.get("among", {}).items():
        assert set(wanted) <= set(hits[: int(most)])


@pytest.mark.parametrize("question", ids("lineage"))
def test_lineage(question: dict[str, Any], snapshot: Snapshot) -> None:
    ask, expect = question["ask"], question["expect"]
    answer = lineage_answer.lineage(snapshot, ask["lineage"], ask["direction"])
    listed = {n.id for n in answer.nodes if n.role in ("ancestor", "descendant")}
    assert listed == set(expect["exact"])
    assert not listed & set(expect["never"])


def plain(term: dict[str, str] | None, base: str) -> object:
    """A term of a result: our ids and property names, numbers, text."""
    if term is None:
        return None
    if term["type"] == "uri":
        value = term["value"]
        return value.removeprefix(KG) if value.startswith(KG) else id_of(base, value)
    kind = term.get("datatype", "").rpartition("#")[2]
    return float(term["value"]) if kind in ("integer", "decimal", "double") else term["value"]


def rows_of(ask: dict[str, Any], snapshot: Snapshot, pool: Pool) -> list[Row]:
    text = (ONTOLOGY / "examples" / f"{ask['example']}.rq").read_text(encoding="utf-8")
    found = json.loads(pool.query(snapshot.dataset, text).body)
    names = ask.get("columns") or ([ask["column"]] if "column" in ask else found["head"]["vars"])
    base = snapshot.manifest.base
    return [tuple(plain(row.get(n), base) for n in names) for row in found["results"]["bindings"]]


@pytest.mark.parametrize("question", ids("example"))
def test_saved_query(question: dict[str, Any], snapshot: Snapshot, pool: Pool) -> None:
    rows, expect = rows_of(question["ask"], snapshot, pool), question["expect"]
    if "rows" in expect:
        wanted = [tuple(row) for row in expect["rows"]]
        assert [
            tuple("ANY" if w == "ANY" else cell for w, cell in zip(wanted[i], row, strict=True))
            for i, row in enumerate(rows[: len(wanted)])
        ] == wanted
        assert len(rows) == len(wanted)
    assert {tuple(row) for row in expect.get("has-rows", ())} <= set(rows)
    first = [row[0] for row in rows]
    assert set(expect.get("contains", ())) <= set(first)
    assert not set(expect.get("never", ())) & set(first)
    assert expect.get("size", len(set(first))) == len(set(first))


@pytest.mark.parametrize("question", ids("graph"))
def test_saved_graph(question: dict[str, Any], snapshot: Snapshot, pool: Pool) -> None:
    path = ONTOLOGY / "examples" / f"{question['ask']['graph']}.rq"
    body = pool.query(snapshot.dataset, path.read_text(encoding="utf-8"), graph="ntriples").body
    base = snapshot.manifest.base
    edges = [
        [id_of(base, iri.strip("<>")) for iri in line.split()[::2][:2]]
        for line in body.decode().splitlines()
    ]
    assert sorted(map(str, edges)) == sorted(map(str, question["expect"]["edges"]))


@pytest.mark.parametrize("question", ids("license"))
def test_license(question: dict[str, Any], snapshot: Snapshot) -> None:
    expect = question["expect"]
    answer = license_answer(snapshot, question["ask"]["license"])
    assert answer.verdict == expect["verdict"]
    paths = [finding.path for finding in answer.findings if finding.effect == answer.verdict]
    assert expect.get("path", paths[0] if paths else None) in [*paths, None]
    reached = {finding.path[-1] for finding in answer.findings if finding.effect != "allowed"}
    assert set(expect.get("reasons", ())) <= reached
    held = {finding.path[-1] for finding in answer.findings}
    assert set(expect.get("rests-on", ())) <= held


@pytest.mark.parametrize("question", ids("show"))
def test_show(question: dict[str, Any], snapshot: Snapshot) -> None:
    expect = question["expect"]
    facts = {f.property: f for f in answers.show(snapshot, question["ask"]["show"]).facts}
    for name, wanted in expect.get("values", {}).items():
        assert _id(facts[name].value) == wanted
    for name, wanted in expect.get("contains", {}).items():
        value = facts[name].value
        assert set(wanted) <= set(map(_id, value if isinstance(value, list) else [value]))
    for name, wanted in expect.get("rejected", {}).items():
        rejected = {_id(c.value) for c in facts[name].claims if c.rank == "rejected" and c.reason}
        assert set(wanted) <= rejected


def _id(value: object) -> object:
    return value.id if isinstance(value, Ref) else value
