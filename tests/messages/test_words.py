"""One thing has one word in Korean: what docs/korean.md decides holds in every place that people read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from babel.messages.pofile import read_po

from kg.answers.tree.tree import family_tree
from kg.paths import ONTOLOGY
from kg.snapshot.snapshot import Snapshot
from tests.genmessages import KOREAN, ROOT

TABLE = ROOT / "docs" / "korean.md"
_ROW = re.compile(
    r"^\| (?P<english>[^|]+) \| (?P<korean>[^|]+) \| (?P<avoided>[^|]*)\|$", re.MULTILINE
)
_HANGUL = re.compile(r"[가-힣]")


def avoided_words() -> dict[str, str]:
    """The words that are not used, with those that are."""
    rows = list(_ROW.finditer(TABLE.read_text(encoding="utf-8")))[1:]
    return {
        word: row["korean"]
        for row in rows
        for word in filter(None, map(str.strip, row["avoided"].split(",")))
    }


def messages() -> Iterator[tuple[str, str]]:
    """The Korean of every sentence, with the English."""
    with KOREAN.open("rb") as file:
        for entry in read_po(file, locale="ko"):
            english = entry.id if isinstance(entry.id, str) else entry.id[0]
            korean = entry.string if isinstance(entry.string, str) else entry.string[0]
            if english:
                yield english, korean


def texts(value: Any, where: str) -> Iterator[tuple[str, str]]:
    """The Korean texts of a file of data; neither quotations nor other names of a thing."""
    if isinstance(value, dict):
        for key, held in value.items():
            if key not in ("quote", "alias", "names", "title"):
                yield from texts(held, where)
    elif isinstance(value, list):
        for held in value:
            yield from texts(held, where)
    elif isinstance(value, str) and _HANGUL.search(value):
        yield where, value


def data() -> Iterator[tuple[str, str]]:
    """The Korean of clauses, documents, names and descriptions."""
    for room in ("curated", "licenses", "documents"):
        for path in sorted((ROOT / "data" / room).rglob("*.yaml")):
            held = yaml.safe_load(path.read_text(encoding="utf-8"))
            if room == "curated":  # claims say what sources say
                held = [[v.get("label"), v.get("description")] for v in held.values()]
            yield from texts(held, path.name)


def ontology() -> Iterator[tuple[str, str]]:
    """Labels and comments in Korean; other names of a kind are for searches."""
    for path in sorted(ONTOLOGY.glob("*.ttl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if "skos:altLabel" not in line:
                yield from (
                    (path.name, text) for text in re.findall(r'"((?:[^"\\]|\\.)*)"@ko', line)
                )


def test_the_table_is_read() -> None:
    assert avoided_words()["조직"] == "기관"
    assert len(avoided_words()) > 25


@pytest.mark.parametrize("place", [messages, data, ontology])
def test_a_thing_has_one_word(place: Any) -> None:
    said = list(place())
    assert len(said) > 100
    avoided = avoided_words()
    found = [(word, where, text) for where, text in said for word in avoided if word in text]
    assert found == [], "docs/korean.md says which word is used"


def test_no_alias_is_the_name_of_a_thing() -> None:
    """Of a thing with other names in Korean the main one is written, also where it is the original."""
    for path in sorted((ROOT / "data" / "curated").glob("*.yaml")):
        for id, held in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            assert "ko" not in held.get("alias", {}) or "ko" in held["label"], id


@pytest.mark.parametrize(
    ("id", "name"),
    [
        ("model/gpt4all", "GPT4All"),
        ("model/gpt-4o", "GPT-4o"),
        ("model/kogpt2", "KoGPT2"),
        ("model/alpaca-lora", "Alpaca-LoRA"),
        ("model/albert-xxlarge", "ALBERT xxlarge"),
        ("family/llama", "라마"),
        ("family/alpaca", "알파카"),
        ("family/koalpaca", "코알파카"),
    ],
)
def test_names_are_those_that_koreans_write(snapshot: Snapshot, id: str, name: str) -> None:
    assert snapshot.label(id, "ko") == name
    drawn = family_tree(snapshot, id, "ko", 10)
    assert drawn.label == name
    assert {node.label for node in drawn.nodes if node.id == id} <= {name}


def test_readers_are_addressed_in_one_way() -> None:
    """합니다 and 하세요; brackets follow their word; particles after a place are written for both sounds."""
    odd = re.compile(
        r"십시오|습니까|ㅂ니까|합니까|니까\?|알려줍|보여줍|보여주|알려주"
        r"|[가-힣] \((?!%)|[가-힣] \(%|‘"
        r"|%\(\w+\)[sr](?:은|는|이|가|을|를|와|과) "
    )
    assert [(id, text) for id, text in messages() if odd.search(text)] == []


def test_full_stops_are_those_of_the_english() -> None:
    """A sentence on a page ends in one, a line of the command line in none; a list may stand behind a colon."""
    listed = re.compile(r"[:?]$|: [^.]*%\(\w+\)s$")
    assert [
        (english, korean)
        for english, korean in messages()
        if english.endswith(".") != korean.endswith(".")
        and not english.endswith((":", " ."))
        and not listed.search(korean)
    ] == []
