"""The labels of the judged projects hold together, and agreement is counted as it says."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from kg.files.yaml import read_yaml
from tests.scan.labels import (
    KEYS,
    KINDS,
    PROJECTS,
    Case,
    Counts,
    Found,
    Place,
    agree,
    kind_of_file,
    plain_name,
    read_cases,
    total,
)

KOREAN = re.compile("[가-힣]")


def test_there_are_enough_projects_and_half_are_held_apart() -> None:
    cases = read_cases()
    assert len(cases) >= 60
    assert sum(case.held for case in cases) * 2 == len(cases)
    assert sum(not case.expected for case in cases) >= 5  # projects without any model
    korean = [
        case
        for case in cases
        if any(
            KOREAN.search(path.read_text("utf-8"))
            for path in case.folder.rglob("*")
            if path.is_file()
        )
    ]
    assert len(korean) >= 6


@pytest.mark.parametrize("half", [False, True])
def test_each_half_has_every_kind_of_name_and_file(half: bool) -> None:
    cases = [case for case in read_cases() if case.held is half]
    assert {kind for case in cases for kind in case.expected.values()} == set(KINDS)
    files = Counter(kind_of_file(place.file) for case in cases for place in case.expected)
    assert {"Python", "notebook", "YAML", "JSON", "shell", "Modelfile", "GitHub"} <= set(files)


def test_each_project_says_where_it_is_from() -> None:
    sources = set()
    for case in read_cases():
        said = read_yaml(case.folder / "case.yaml").data
        assert set(said) <= KEYS, case.folder
        assert re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+", said["repository"])
        assert re.fullmatch(r"[0-9a-f]{40}", said["commit"])
        assert said["kept"] and said["license"]
        names = {row["file"] for row in said["files"]}
        present = {
            path.relative_to(case.folder).as_posix()
            for path in case.folder.rglob("*")
            if path.is_file()
        }
        assert names == present - {"case.yaml"}, case.folder
        sources.add(said["repository"])
    assert len(sources) == len(read_cases())


def test_each_name_stands_where_its_label_says() -> None:
    for case in read_cases():
        for place in (*case.expected, *case.may, *case.tempting):
            lines = (case.folder / place.file).read_text("utf-8").splitlines()
            assert place.name in lines[place.line - 1], (case.folder.name, place)
        assert not set(case.expected) & (case.may | case.tempting), case.folder
        assert set(case.expected.values()) <= set(KINDS)


def test_no_file_of_a_project_is_a_copy() -> None:
    for case in read_cases():
        for path in case.folder.rglob("*"):
            if path.is_file() and path.name != "case.yaml":
                assert len(path.read_text("utf-8").splitlines()) <= 45, path


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("hf://a/b", "a/b"),
        ("ollama://gemma2:2b", "gemma2:2b"),
        ("https://huggingface.co/a/b/resolve/main/c.bin", "a/b"),
        ("https://huggingface.co/datasets/a/b", "a/b"),
        ("./c.gguf", "c.gguf"),
        ("openai/a/b", "openai/a/b"),
    ],
)
def test_a_name_without_what_an_address_puts_around_it(written: str, name: str) -> None:
    assert plain_name(written) == name


def test_all_labels_found_and_nothing_else_is_perfect() -> None:
    for case in read_cases():
        found = [Found(place, kind) for place, kind in case.expected.items()]
        found += [Found(place, "model") for place in case.may]
        placed, named, kinds = total(tuple(agree(case, found * 2)))
        assert placed.precision == placed.recall == named.precision == named.recall == 1
        assert kinds == placed.right == len(case.expected)


def test_what_is_missed_wrong_or_on_another_line_is_counted() -> None:
    first, second = Place("a.py", 1, "a/b"), Place("a.py", 2, "c/d")
    case = Case(Path(), False, {first: "model", second: "dataset"}, frozenset(), frozenset())
    moved = Place("a.py", 9, "a/b")
    found = [Found(moved, "model"), Found(second, "model"), Found(Place("b.py", 1, "x/y"), "model")]
    one, other = agree(case, found)
    assert one.placed == Counts(2, 2, 1) and one.named == Counts(2, 2, 2) and one.kinds == 0
    assert one.missed == (first,) and one.wrong == (moved,)
    assert other.placed == other.named == Counts(0, 1, 0)
    assert other.placed.precision == 0 and other.placed.recall == 1


def test_a_project_of_no_model_has_a_recall_of_one() -> None:
    case = next(case for case in read_cases() if not case.expected)
    assert tuple(agree(case, [])) == ()
    assert Counts().precision == Counts().recall == 1
    assert PROJECTS in case.folder.parents
