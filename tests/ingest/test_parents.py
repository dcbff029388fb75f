"""What a text that should name a parent is; a path of somebody's machine is never told."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.ingest.kit.parents import ParentReference, classify


@pytest.mark.parametrize(
    ("text", "sort", "value"),
    [
        ("meta-llama/Llama-2-7b-hf", "hub", "meta-llama/Llama-2-7b-hf"),
        ("gpt2", "hub", "gpt2"),
        (" https://huggingface.co/google/gemma-2b ", "hub", "google/gemma-2b"),
        ("https://huggingface.co/gpt2", "hub", "gpt2"),
        ("https://huggingface.co/a/b/resolve/main/config.json", "hub", "a/b"),
        ("https://huggingface.co/datasets/a/b", "url", "https://huggingface.co/datasets/a/b"),
        ("https://github.com/a/b", "url", "https://github.com/a/b"),
        ("org/own", "self", "org/own"),
        ("ORG/OWN", "self", "ORG/OWN"),
        ("a mix of things", "prose", "a mix of things"),
        ("a/b (Merge)", "prose", "a/b (Merge)"),
        ("", "placeholder", ""),
        (None, "placeholder", ""),
        (False, "placeholder", ""),
        (["a/b"], "placeholder", None),
    ],
)
def test_sorts(text: object, sort: str, value: str | None) -> None:
    found = classify(text, "org/own")
    assert found.sort == sort
    assert value is None or found.value == value


PATHS = [
    "/root/autodl-tmp/models/qwythos-9b",
    "./model",
    "../model",
    "~/models/x",
    "C:\\Users\\kim\\model",
    "D:/models/x",
    "\\\\server\\share\\x",
    "file:///home/kim/x",
    "File:model",
    "$HOME/model",
    "outputs/run/checkpoint-500",
    "merged from /home/kim/x",
    "line\n/home/kim/x/",
]


@pytest.mark.parametrize("path", PATHS)
def test_paths_are_not_told(path: str) -> None:
    assert classify(path) == ParentReference("path", "")


@given(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.lists(st.text())), st.text()
)
def test_anything_is_sorted(text: object, own: str) -> None:
    found = classify(text, own)
    assert found.sort in ("hub", "url", "path", "prose", "self", "placeholder")
    assert found.sort != "path" or found == ParentReference("path", "")


parts = st.text(string.ascii_letters + string.digits + "._-", min_size=1, max_size=8)


@given(
    st.sampled_from(["/", "~/", "./", "../", "C:\\", "C:/", "file:///", "\\\\"]),
    st.lists(parts, min_size=1, max_size=4),
    st.text(" \n\t", max_size=2),
)
def test_no_path_is_told(start: str, names: list[str], space: str) -> None:
    separator = "\\" if "\\" in start else "/"
    assert classify(space + start + separator.join(names) + space) == ParentReference("path", "")


@given(parts, parts)
def test_a_hub_id_is_itself_however_it_is_written(org: str, name: str) -> None:
    plain = classify(f"{org}/{name}")
    address = classify(f"https://huggingface.co/{org}/{name}")
    if plain.sort == "hub" and org not in (
        "datasets",
        "spaces",
        "docs",
        "papers",
        "blog",
        "models",
    ):
        assert address.value == plain.value
