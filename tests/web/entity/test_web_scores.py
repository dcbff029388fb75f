"""Benchmark scores: one table for a model, rankings for a benchmark, and nothing mixed."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

import web.entity.scores
from kg.paths import DATA
from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner, serving
from tests.web.app.test_web import browse

ENTITIES = """
source/s: {label: {en: S}}
source/t: {label: {en: T}}
benchmark/b: {label: {en: Bench, ko: 벤치}}
model/m1: {label: {en: M1}}
model/m2: {label: {en: M2}}
model/m3: {label: {en: M3}}
family/f: {label: {en: F}}
"""
TABLE_S = """label: {en: Table S}
from: s
rows:
  - {benchmark: benchmark/b, setting: "0-shot, CoT", metric: accuracy, unit: percent, at: 4,
     scores: {model/m1: 50, model/m2: 61.5, model/m3: null}}
  - {benchmark: benchmark/b, setting: 10-shot, metric: accuracy, unit: percent, at: 5,
     scores: {model/m1: 99}}
  - {benchmark: benchmark/b, setting: 5-shot, metric: rank, unit: place, at: 6,
     scores: {model/m1: 3, model/m2: 1}}
  - {benchmark: benchmark/b, unit: points, at: 7, scores: {model/m1: 12}}
"""
TABLE_T = """label: {en: Table T}
from: t
rows:
  - benchmark: benchmark/b
    setting: 0-shot CoT
    metric: accuracy
    unit: percent
    at: Table 2
    scores: {family/f: 61.5}
    claims:
      evaluatedModel:
        - {value: model/m3, from: s, rank: preferred, reason: says which member}
  - {benchmark: benchmark/b, setting: 0-shot CoT, metric: accuracy, unit: percent, at: Table 2,
     scores: {model/m1: {value: 50, note: read from a chart}}}
  - {benchmark: benchmark/b, unit: points, at: 9, scores: {model/m2: 11}}
"""


@pytest.fixture
def bench(corner: Corner) -> Iterator[FlaskClient]:
    corner.write(ENTITIES)
    shutil.copy(DATA / "evaluations.schema.json", corner.data)
    (corner.data / "evaluations").mkdir()
    for name, text in {"s": TABLE_S, "t": TABLE_T}.items():
        (corner.data / "evaluations" / f"{name}.yaml").write_text(text, encoding="utf-8")
    corner.build()
    with serving(corner.config) as app:
        yield app.test_client()


class Tables(HTMLParser):
    """The tables with a caption: caption and rows of cell texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: dict[str, list[list[str]]] = {}
        self._caption, self._cell = "", False
        self._row: list[str] = []
        self.feed(text.partition('id="scores"')[2].partition('id="facts"')[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "caption":
            self._caption, self._cell, self._row = "", True, [""]
        elif tag == "tr":
            self._row = []
        elif tag in ("td", "th"):
            self._row.append("")
            self._cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "caption":
            self._caption = self._row[0]
            self.found[self._caption] = []
        elif tag == "tr":
            self.found[self._caption].append(self._row)
        self._cell = self._cell and tag not in ("caption", "td", "th")

    def handle_data(self, data: str) -> None:
        if self._cell:
            self._row[-1] += data


def rankings(client: FlaskClient, path: str, lang: str = "en") -> dict[str, list[list[str]]]:
    found = Tables(browse(client, path, lang).text).found
    return {caption: [row[:3] for row in rows[1:]] for caption, rows in found.items()}


def test_two_scores_of_gpt_4_on_one_benchmark(client: FlaskClient) -> None:
    """Two tables give a score on HumanEval; both stand, each with its table and line."""
    ((_, *rows),) = Tables(browse(client, "/family/gpt-4").text).found.values()
    found = [row for row in rows if row[:2] == ["GPT-4", "HumanEval"]]
    assert sorted(
        (row[5].partition("table")[0].split("the line")[0].strip(), row[4]) for row in found
    ) == [("Claude 3 comparison", "67%"), ("Gemini section", "67%")]
    places = sorted(re.search(r"line \d+", row[6]).group() for row in found)  # type: ignore[union-attr]
    assert places == ["line 143", "line 211"]


def test_mmlu_with_five_examples_in_order(client: FlaskClient, snapshot: Snapshot) -> None:
    rows = rankings(client, "/benchmark/mmlu")["5-shotaccuracy"]
    assert rows[:2] == [["1", "Claude 3 Opus", "86.8%"], ["2", "GPT-4", "86.4%"]]
    scores = [float(row[2].rstrip("%")) for row in rows]
    assert scores == sorted(scores, reverse=True)
    known = [
        e
        for e in snapshot.entities("evaluation")
        if e.values("setting") == ("5-shot",) and e.values("onBenchmark") == ("benchmark/mmlu",)
    ]
    assert len(rows) == len(known)


def test_every_score_of_a_benchmark_is_ranked_once(client: FlaskClient, snapshot: Snapshot) -> None:
    for benchmark in ("mmlu", "humaneval", "gpqa", "kobest-copa", "truthfulqa"):
        known = [
            e.id
            for e in snapshot.entities("evaluation")
            if e.values("onBenchmark") == (f"benchmark/{benchmark}",)
        ]
        text = browse(client, f"/benchmark/{benchmark}").text
        links = re.findall(r'class="num"><a href="/([^"]+)"', text)
        assert sorted(links) == sorted(known) != []


def test_settings_are_never_mixed(bench: FlaskClient) -> None:
    assert rankings(bench, "/benchmark/b") == {
        "0-shot, CoTaccuracy": [
            ["1", "M2", "61.5%"],
            ["1", "M3", "61.5%"],
            ["3", "M1", "50%"],
            ["3", "M1", "50%"],
            ["–", "M3", "not reported"],
        ],
        "5-shotrank": [["1", "M2", "1 place"], ["2", "M1", "3 place"]],
        "10-shotaccuracy": [["1", "M1", "99%"]],
        "setting not statedmetric not statedTable S": [["1", "M1", "12 points"]],
        "setting not statedmetric not statedTable T": [["1", "M2", "11 points"]],
    }


def test_korean_words(bench: FlaskClient) -> None:
    found = rankings(bench, "/benchmark/b", "ko")
    assert found["설정 미기재지표 미기재Table S"] == [["1", "M1", "12점"]]
    assert found["0-shot, CoT정확도"][-1] == ["–", "M3", "보고되지 않음"]


def test_rows_link_model_evaluation_and_place(bench: FlaskClient) -> None:
    text = browse(bench, "/benchmark/b").text
    assert '<th scope="row"><a href="/model/m2">M2</a></th>' in text
    assert '<a href="/evaluation/s/b-0-shot-cot/m2">61.5%</a>' in text
    assert re.search(r'<a class="src" href="#s\d+"[^>]*>\d+</a> (?:<span[^>]*>)?line 4<', text)
    assert "Table 2" in text and "read from a chart" in text
    number = re.search(r'<li id="s(\d+)"><a href="/source/t">', text)
    assert number and f'href="#s{number[1]}"' in text.partition('id="scores"')[2]


def test_a_corrected_score_says_so_and_moves(bench: FlaskClient) -> None:
    text = browse(bench, "/model/m3").text
    mark = '<a class="badge b-mixed" href="/evaluation/t/b-0-shot-cot/f#evaluatedModel">'
    assert mark in text and "corrected: model" in text
    assert 'id="scores"' not in browse(bench, "/family/f").text
    assert 'id="scores"' not in browse(bench, "/source/s").text


def test_what_holds_of_every_row_is_said_once(client: FlaskClient) -> None:
    section = browse(client, "/benchmark/kobest-copa").text.partition('id="scores"')[2]
    tables = section.count('<caption id="ranking-')
    assert tables == 4 and section.partition('id="facts"')[0].count("corrected: ") == tables


def test_a_model_has_one_table(bench: FlaskClient) -> None:
    ((head, *rows),) = Tables(browse(bench, "/model/m1").text).found.values()
    assert head == ["Benchmark", "Metric", "Setting", "Score", "Table", "Source"]
    assert [row[2:4] for row in rows] == [
        ["not stated", "12 points"],
        ["0-shot CoT", "50%"],
        ["0-shot, CoT", "50%"],
        ["5-shot", "3 place"],
        ["10-shot", "99%"],
    ]


def test_many_scores_are_cut_with_a_query_for_all(
    bench: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web.entity.scores, "MOST", 2)
    text = browse(bench, "/benchmark/b").text
    address = re.search(r'href="(/sparql\?query=[^"]+)"', text)
    assert "the first 2" in text and address
    rows = bench.get(address[1], headers={"Accept": "text/csv"}).text.splitlines()
    assert len(rows) == 1 + 10 and "/model/m2," in "".join(rows)
