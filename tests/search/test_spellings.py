"""One understanding of what was typed, at every entry point: forms, sizes, versions, keys, initials."""

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from kg.answers import search as search_answer
from kg.answers.sparql import find_hits
from kg.answers.tree.forest import find_forest
from kg.answers.tree.selection import find_members
from kg.cli.main import main
from kg.search.query import parse
from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner

FORMS: dict[str, Callable[[str], str]] = {
    "composed": str,
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "full width": lambda text: text.translate({c: c + 0xFEE0 for c in range(0x30, 0x7B)}),
    "hidden marks": lambda text: "\u200b".join(text) + "\u00ad",
    "letters apart": lambda text: text.replace("알파카", "ㅇㅏㄹㅍㅏㅋㅏ").replace(
        "메타", "ㅁㅔㅌㅏ"
    ),
}
form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)


def first(snapshot: Snapshot, text: str) -> str:
    hits = search_answer.search(snapshot, text, limit=1).hits
    return hits[0].id if hits else ""


@form
def test_every_form_is_one_for_answers(snapshot: Snapshot, form: Callable[[str], str]) -> None:
    assert first(snapshot, form("알파카")) == "family/alpaca"
    assert search_answer.suggest(snapshot, form("알파카"), 1)[0].id == "family/alpaca"
    assert find_hits(snapshot, form("알파카"), 1)[0][0] == "family/alpaca"
    assert snapshot.find(form("알파카 7B")) == "model/alpaca-7b"
    number = snapshot.number("family/alpaca")
    members = find_members(snapshot, find_forest(snapshot, number), form("알파카 7B"))
    assert snapshot.number("model/alpaca-7b") in members
    assert parse(form("메타")).text == "메타"
    by_maker = search_answer.search(snapshot, "org:" + form("메타"))
    assert by_maker.total == search_answer.search(snapshot, "org:메타").total > 0


@form
def test_every_form_is_one_on_the_site(client: FlaskClient, form: Callable[[str], str]) -> None:
    name = form("알파카 7B")
    found = client.get("/search.json", query_string={"q": form("알파카"), "limit": 1}).json
    assert found["hits"][0]["id"] == "family/alpaca"
    begun = client.get(
        "/suggest", query_string={"q": form("알파카")}, headers={"Accept": "application/json"}
    )
    assert "family/alpaca" in begun.text
    maker = client.get("/search.json", query_string={"org": form("메타"), "limit": 1}).json
    assert maker["total"] > 0
    asked = client.get("/license-check.json", query_string={"id": name})
    assert "alpaca-7b" in asked.headers["Location"]
    compared = client.get("/compare.json", query_string={"id": [name, "model/vicuna-7b"]})
    assert "model/alpaca-7b" in compared.text


@form
def test_every_form_is_one_on_the_command_line(
    snapshot_home: Path, form: Callable[[str], str]
) -> None:
    for command in ("show", "license", "lineage"):
        run = CliRunner().invoke(
            main, [command, form("알파카 7B"), "--json"], env={"GYEBO_HOME": str(snapshot_home)}
        )
        assert "model/alpaca-7b" in run.output, (command, run.output)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("70억 알파카", "model/alpaca-7b"),
        ("70억 매개변수 알파카", "model/alpaca-7b"),
        ("칠십억 알파카", "model/alpaca-7b"),
        ("팔콘 1,800억", "model/falcon-180b"),
        ("claude-3-5-sonnet-20240620", "model/claude-3.5-sonnet"),
        ("claude 3-5 sonnet", "model/claude-3.5-sonnet"),
        ("클로드3.5소넷", "model/claude-3.5-sonnet"),
        ("claude 35 sonnet", "model/claude-3.5-sonnet"),
        ("llama_3_1", "family/llama-3.1"),
        ("llama31", "family/llama-3.1"),
        ("gemma_2_9b", "model/gemma-2-9b"),
        ("llama_3_1_8b", "model/llama-3.1-8b"),
        ("라마 삼점일", "family/llama-3.1"),
        ("라마 투", "family/llama-2"),
        ("라마쓰리", "family/llama-3"),
        ("라마 버전 2", "family/llama-2"),
        ("llama three", "family/llama-3"),
        ("퍄쳐ㅜㅁ", "family/vicuna"),
        ("므므ㅠㅁ", "family/mamba"),
        ("ㅡㅑㄴㅅㄱ미 7b", "model/mistral-7b"),
        ("ㅣㅣ므ㅁ 2", "family/llama-2"),
        ("dkfvkzk", "family/alpaca"),
        ("라ak 2", "family/llama-2"),
        ("ㅇㅍㅋ", "family/alpaca"),
        ("ㅋㅇㅍㅋ", "family/koalpaca"),
        ("폴리글ㄹ", "family/polyglot"),
        ("Ko Alpaca", "family/koalpaca"),
    ],
)
def test_what_was_asked_for_comes_first(snapshot: Snapshot, text: str, wanted: str) -> None:
    assert first(snapshot, text) == wanted


@pytest.mark.parametrize(
    ("text", "same"),
    [("라마2 700억", "라마2 70b"), ("130억 라마", "13b 라마"), ("7 billion llama", "7b llama")],
)
def test_a_size_in_words_is_the_size(snapshot: Snapshot, text: str, same: str) -> None:
    ids = [[hit.id for hit in search_answer.search(snapshot, t).hits] for t in (text, same)]
    assert ids[0] == ids[1] != []


def test_what_was_read_is_told(snapshot: Snapshot, snapshot_home: Path) -> None:
    read = {"퍄쳐ㅜㅁ": "vicuna", "ㅇㅍㅋ": "알파카", "dkfvkzk": "알파카", "폴리글ㄹ": "폴리글랏"}
    assert {text: search_answer.search(snapshot, text).suggestion for text in read} == read
    run = CliRunner().invoke(main, ["search", "퍄쳐ㅜㅁ"], env={"GYEBO_HOME": str(snapshot_home)})
    assert "read as vicuna" in run.output


@pytest.mark.parametrize(
    ("text", "meant"), [("70억", "7b"), ("70억..1,800억", "7b..180b"), ("70억~130억", "7b..13b")]
)
def test_a_filter_takes_sizes_in_words(snapshot: Snapshot, text: str, meant: str) -> None:
    assert parse(f"params:{text}").filters == parse(f"params:{meant}").filters != ()
    assert search_answer.search(snapshot, f"params:{text}").total > 0


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("llama 2", "llama 2"),
        ("큐원이 뭐야", "큐원이 뭐야"),
        ("라마 사과", "라마 사과"),
        ("gpt-4", "gpt-4"),
    ],
)
def test_what_is_called_as_it_was_typed_stays(snapshot: Snapshot, text: str, same: str) -> None:
    assert snapshot.index.understanding.respelled(text) == same


def test_another_version_is_never_suggested(snapshot: Snapshot) -> None:
    for text in ("mistral-7b-v0.1.Q4_K_M.gguf", "vicuna v0.9", "llama 2.9"):
        suggested = search_answer.search(snapshot, text).suggestion
        assert suggested is None, (text, suggested)


def test_no_common_word_is_taken_for_a_slip(snapshot: Snapshot) -> None:
    words = (Path(__file__).parent / "common_words.txt").read_text("utf-8").split()
    assert len(words) == 300
    for word in words:
        for text in (word, f"라마 {word}", f"llama {word}"):
            asked = parse(text)
            assert snapshot.index.search(asked, 1, facets=()).suggestion is None, text
            assert not snapshot.index.understanding.read(asked.text).mended, text


def test_the_small_engine_reads_alike(corner: Corner) -> None:
    corner.write(
        """
family/alpaca:
  label: {en: Alpaca, ko: 알파카}
family/llama-3.1:
  label: {en: Llama 3.1, ko: 라마 3.1}
model/alpaca-7b:
  label: {en: Alpaca 7B, ko: 알파카 7B}
family/llama:
  label: {en: Llama, ko: 라마}
"""
    )
    with corner.build() as small:
        found = {
            text: first(small, text)
            for text in ("ㅇㅍㅋ", "라마 삼점일", "미ㅔㅁㅊㅁ", "70억 알파카", "llama31")
        }
    assert found == {
        "ㅇㅍㅋ": "family/alpaca",
        "라마 삼점일": "family/llama-3.1",
        "미ㅔㅁㅊㅁ": "family/alpaca",
        "70억 알파카": "model/alpaca-7b",
        "llama31": "family/llama-3.1",
    }
