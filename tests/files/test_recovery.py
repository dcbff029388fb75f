"""Broken mappings and JSON: one bad line costs one field."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import DataError
from kg.files.recovery import salvage_json, salvage_mapping

GOOD = "license: mit\nbase_model:\n- a/b\n- c/d\n"


@pytest.mark.parametrize(
    ("bad", "key", "line", "lost"),
    [
        ("widget: [a: b", "widget", 5, True),
        ("title: My model: the best", "title", 5, False),
        ("{{ card }}: x", "{{ card }}", 5, False),
        ("{% if x %}", "{% if x %}", 5, True),
        ("? [a, b]\n: c", "? [a, b]", 5, True),
        ("text: 'open", "text", 5, True),
        ("name: @here", "name", 5, False),
        ("name: `x`", "name", 5, False),
        ("x: *nowhere", "x", 5, True),
        ("x: !!python/object y", "x", 5, True),
        ("x:\n  a: 1\n - b", "x", 5, True),
        ("only words", "only words", 5, True),
    ],
)
def test_one_bad_line_costs_one_field(bad: str, key: str, line: int, lost: bool) -> None:
    found = salvage_mapping(f"{GOOD}{bad}\nlanguage: no", "README.md")
    assert (found["license"], found["base_model"], found["language"]) == (
        "mit",
        ["a/b", "c/d"],
        "no",
    )
    assert (found.broken[0].key, found.broken[0].line, found.broken[0].lost) == (key, line, lost)
    assert lost == (key not in found)


def test_of_a_key_that_stands_twice_the_last_counts() -> None:
    found = salvage_mapping("tags: [a]\nlicense: mit\ntags: [b]\n", "x", first=2)
    assert found == {"tags": ["b"], "license": "mit"}
    assert [(one.key, one.line, one.lost, one.before) for one in found.broken] == [
        ("tags", 4, False, ["a"])
    ]


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("a: 1\rb: 2\r", {"a": 1, "b": 2}),
        ("a: 1\r\nb: 2", {"a": 1, "b": 2}),
        ("2024-05-01: x\nNaN: y", {"2024-05-01": "x", "NaN": "y"}),
        ("a:\n\t- x\nb: 2", {"a": ["x"], "b": 2}),
        ("", {}),
        ("# only a comment", {}),
    ],
)
def test_odd_texts_that_are_whole(text: str, fields: dict[str, object]) -> None:
    found = salvage_mapping(text, "x")
    assert found == fields and not any(one.lost for one in found.broken)


def test_what_is_no_mapping_is_broken() -> None:
    for text in ("- a\n- b", "just words"):
        found = salvage_mapping(text, "x")
        assert not found and found.broken[0].lost


@given(st.text("ab:-[]{}\"'\n\t &*!|>%@`#?,\x07", max_size=60))
def test_anything_is_read(text: str) -> None:
    salvage_mapping(text, "x")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1,}', {"a": 1}),
        ('{"a": [1, 2, ], // why\n "b": "x // y, ]"}', {"a": [1, 2], "b": "x // y, ]"}),
        ('{/* c */ "a": "/* kept */"}', {"a": "/* kept */"}),
        ('# c\n{"a": 1, // last\n}', {"a": 1}),
        ('{"a": -Infinity}', {"a": -math.inf}),
        ('{"a": "tab\there"}', {"a": "tab\there"}),
    ],
)
def test_json_as_people_write_it(text: str, value: object) -> None:
    assert salvage_json(text, "x.json") == value


@pytest.mark.parametrize("text", ["", "{", '{"a": }', "[" * 100_000, "{'a': 1}"])
def test_what_is_no_json(text: str) -> None:
    with pytest.raises(DataError, match=r"x\.json"):
        salvage_json(text, "x.json")
