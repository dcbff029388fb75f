"""YAML in one pass over its events: as PyYAML reads it, with a line for each part."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import DataError
from kg.files.yaml import parse_documents, parse_yaml

WORDS = st.text("ab계보:-#'\"[]{} \n", max_size=6).filter(lambda text: text == text.strip())
VALUES = st.recursive(
    WORDS | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=12,
)


@given(st.lists(VALUES, min_size=1, max_size=3), st.booleans())
def test_what_is_written_is_read(documents: list[object], flow: bool) -> None:
    text = yaml.safe_dump_all(
        documents, allow_unicode=True, default_flow_style=flow, explicit_start=True
    )
    assert [one.data for one in parse_documents(text, "x.yaml")] == documents


def test_every_part_has_its_line() -> None:
    read = parse_yaml("a:\n  - 1\n  - b: 2\n    c: {d: 3}\n", "x.yaml")
    assert read.data == {"a": [1, {"b": 2, "c": {"d": 3}}]}
    assert [read.line(p) for p in ((), ("a",), ("a", 0), ("a", 1, "c"), ("a", 1, "c", "d"))] == [
        *(1, 1, 2, 4, 4)
    ]
    assert read.line(("a", 1, "not", "there")) == 3


def test_an_alias_repeats_what_its_anchor_names() -> None:
    read = parse_yaml("a: &x {b: [1]}\nc: *x\nd: [*x, *x]\n&k e: *k\n", "x.yaml")
    assert read.data == {
        "a": {"b": [1]},
        "c": {"b": [1]},
        "d": [{"b": [1]}, {"b": [1]}],
        "e": "e",
    }
    assert read.line(("d", 1, "b", 0)) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: *x", "x.yaml:2: no anchor has the name 'x'"),
        ("a: &x 1\n---\nb: *x", "x.yaml:3: no anchor has the name 'x'"),
        ("a: &x 1\nb: &x 2", "x.yaml:2: the anchor 'x' stands twice"),
        ("a: &x [1, *x]", "x.yaml:1: its anchors expand to more than"),
        ("[" * 101 + "]" * 101, "x.yaml:1: nested deeper than 100 levels"),
        ("- " * 50_000, "x.yaml:1: nested deeper than 100 levels"),
        ("a: 1\n[b]: 2", "x.yaml:2: a key must be plain text"),
        ("a: 1\na: 2", "x.yaml:2: the key 'a' stands twice"),
        ("a: !!python/name:os.system x", "x.yaml:1: the tag 'tag:yaml.org,2002:python/name"),
        ('a: "b\n', "x.yaml:2: not YAML: found unexpected end of stream"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, message: str) -> None:
    with pytest.raises(DataError) as failed:
        parse_documents(text, "x.yaml")
    assert str(failed.value).startswith(message)


def test_a_hundred_levels_are_read() -> None:
    assert str(parse_yaml("[" * 100 + "]" * 100, "x.yaml").data) == "[" * 100 + "]" * 100
