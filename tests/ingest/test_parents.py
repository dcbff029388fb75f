"""What a text that should name a parent is; what may hold a user's name is never told."""

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.ingest.kit._parent_words import canonical_models
from kg.ingest.kit.parents import ParentReference, classify, read_parents

SORTS = ("hub", "modelscope", "url", "path", "prose", "self", "placeholder")


def rows() -> list[tuple[str, str]]:
    """The table of parents.txt: what is written, and what it names."""
    lines = (Path(__file__).parent / "parents.txt").read_text("utf-8").splitlines()
    pairs = [line.rpartition(" => ") for line in lines if not line.startswith("# ")]
    return [(text.replace("\\n", "\n"), right.strip()) for text, _, right in pairs]


def shown(one: ParentReference) -> str:
    revision = f"@{one.revision}" if one.revision else ""
    return " ".join(filter(None, (one.sort, one.value, revision)))


@pytest.mark.parametrize(("text", "right"), rows())
def test_the_table(text: str, right: str) -> None:
    assert " ; ".join(map(shown, read_parents(text, "org/own"))) == right


def test_the_table_is_whole() -> None:
    assert len(rows()) >= 200
    assert {right.split()[0] for _, right in rows()} == set(SORTS)


@pytest.mark.parametrize(
    ("field", "right"),
    [
        (None, []),
        ([], []),
        ({}, []),
        ("", ["placeholder"]),
        (False, ["placeholder"]),
        (7, ["placeholder 7"]),
        (["a/b", ["c/d", "a/b"]], ["hub a/b", "hub c/d"]),
        (["/root/a", "p/q", "/root/b"], ["path", "hub p/q", "path"]),
        ([{"name": "a/b"}, {"model": {"path": "c/d", "revision": "x"}}], ["hub a/b", "hub c/d @x"]),
        ({"name": "Pythia", "url": "https://huggingface.co/a/b"}, ["hub a/b"]),
        ({"Model-Name": "a/b", "path": "/data/kim"}, ["hub a/b"]),
        ({"model": "a/b", "lora": "c/d"}, ["hub a/b", "hub c/d"]),
        ({"repo_id": "a/b", "revision": "v1"}, ["hub a/b @v1"]),
        ({"a/b": 0.5, "c/d": None}, ["hub a/b", "hub c/d"]),
        ({"models": [{"model": "a/b"}, {"model": "c/d"}]}, ["hub a/b", "hub c/d"]),
        ({"name": "my mix"}, ["prose my mix"]),
        ({"weight": 0.5}, ["prose weight"]),
    ],
)
def test_fields_of_any_shape(field: object, right: list[str]) -> None:
    assert [shown(one) for one in read_parents(field)] == right


def test_a_quantization_is_told() -> None:
    assert classify("a/b-GGUF:Q4_K_M").note == "Q4_K_M"


@pytest.mark.parametrize("name", sorted(canonical_models()))
def test_models_that_the_hub_kept_without_an_owner(name: str) -> None:
    assert shown(classify(name)) == f"hub {name}"
    assert canonical_models()[name].count("/") == 1


anything = st.one_of(st.none(), st.booleans(), st.integers(), st.text())


@given(st.recursive(anything, st.lists) | st.dictionaries(st.text(), anything), st.text())
def test_anything_is_sorted(field: object, own: str) -> None:
    assert all(one.sort in SORTS for one in (classify(field, own), *read_parents(field, own)))


parts = st.text(string.ascii_letters + string.digits + "._-", min_size=1, max_size=8)


@given(
    st.sampled_from(["/home/", "~/", "/Users/", "C:\\Users\\", "D:/users/", "file:///", "\\\\"]),
    st.lists(parts, min_size=1, max_size=4),
    st.text(" \n\t", max_size=2),
)
def test_no_path_of_a_user_is_told(start: str, names: list[str], space: str) -> None:
    separator = "\\" if "\\" in start else "/"
    found = classify(space + start + separator.join(names) + space)
    assert found.sort in ("path", "modelscope") and "kim" not in found.value
    assert found.sort == "modelscope" or found.value == ""


@given(
    st.sampled_from(["/", "C:\\", "/opt/", "./", "../"]), st.lists(parts, min_size=1, max_size=4)
)
def test_of_a_path_from_a_root_only_its_end_is_told(start: str, names: list[str]) -> None:
    separator = "\\" if "\\" in start else "/"
    found = classify(start + separator.join(names))
    end = ["", *(name for name in names if name not in (".", ".."))][-1]
    assert found.sort == "modelscope" or found.value.rstrip(".") in ("", end.rstrip("."))


@given(parts, parts)
def test_a_hub_id_is_itself_however_it_is_written(org: str, name: str) -> None:
    plain = classify(f"{org}/{name}")
    if plain.sort == "hub":
        for dress in ("https://huggingface.co/%s", "hf.co/%s", "<%s>", "[x](hf://%s)", "`%s/`"):
            assert classify(dress % plain.value)[:2] == plain[:2]
