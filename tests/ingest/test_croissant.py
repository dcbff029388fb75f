"""Croissant: one dataset however its JSON-LD is written, and JSON that means harm."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.reading import Found, as_json, extract, read

SCHEMA = "https://schema.org/"
PLAIN: dict[str, Any] = {
    "@context": {"@vocab": SCHEMA, "sc": SCHEMA, "cr": "http://mlcommons.org/croissant/"},
    "@type": "sc:Dataset",
    "name": "c4",
    "alternateName": "C4 corpus",
    "description": "A cleaned\n crawl.",
    "url": "https://huggingface.co/datasets/allenai/c4",
    "license": ["https://creativecommons.org/licenses/by/4.0/deed.en", "odc-by"],
    "creator": [
        {"@type": "sc:Organization", "name": "AllenAI"},
        {"@type": "Person", "name": "A. B."},
    ],
    "publisher": {"@type": "Organization", "name": "Hub"},
    "version": "1.0.0",
    "datePublished": "2023-05-01T00:00:00Z",
    "citeAs": "@article{x}",
    "distribution": [
        {
            "@type": "cr:FileObject",
            "name": "a.csv",
            "contentSize": "117743 B",
            "encodingFormat": "text/csv",
        },
        {
            "@type": "cr:FileObject",
            "name": "b.csv",
            "contentSize": "2 KB",
            "encodingFormat": "text/csv",
        },
        {"@type": "cr:FileSet", "name": "set", "encodingFormat": "application/x-parquet"},
    ],
    "recordSet": [
        {"@type": "cr:RecordSet", "name": "split", "data": [{"n": 1}, {"n": 2}]},
        {"name": "rows"},
    ],
}
ID = "dataset/croissant/huggingface.co-datasets-allenai-c4"


def as_dataset(folder: Path, data: Any) -> Found:
    return read("croissant", as_json(folder, "metadata.json", data))


def prefixed(data: dict[str, Any], prefix: str) -> dict[str, Any]:
    own = (
        "name",
        "description",
        "url",
        "license",
        "version",
        "creator",
        "publisher",
        "datePublished",
    )
    return {prefix + key if key in own else key: value for key, value in data.items()}


def wrapped(data: dict[str, Any]) -> dict[str, Any]:
    texts = {
        k: [{"@value": data[k], "@language": "en"}] for k in ("name", "description", "version")
    }
    return (
        data
        | texts
        | {"@type": ["Thing", "https://schema.org/Dataset"], "url": {"@id": data["url"]}}
    )


@pytest.mark.parametrize(
    "written",
    [
        PLAIN,
        prefixed(PLAIN, "sc:"),
        prefixed(PLAIN, "http://schema.org/"),
        wrapped(PLAIN),
        {"@graph": [{"@type": "Person", "name": "x"}, PLAIN]},
        [PLAIN],
    ],
    ids=["plain", "prefixed", "whole", "wrapped", "graph", "list"],
)
def test_the_same_however_it_is_written(tmp_path: Path, written: Any) -> None:
    found = as_dataset(tmp_path, written)
    assert {(p, v) for s, p, v in found.said if s == ID} == {
        ("label", "c4"),
        ("alias", "C4 corpus"),
        ("url", PLAIN["url"]),
        ("hubId", "allenai/c4"),
        ("developer", "org/croissant/allenai"),
        ("developer", "person/croissant/a.-b"),
        ("publisher", "org/croissant/hub"),
        ("license", "license/cc-by-4.0"),
        ("license", "license/odc-by-1.0"),
        ("releaseDate", "2023-05-01"),
        ("describedAs", "A cleaned crawl."),
        ("feature", "version: 1.0.0"),
        ("feature", "citeAs: @article{x}"),
        ("format", "text/csv"),
        ("format", "application/x-parquet"),
        ("size", 119_743),
        ("itemCount", 2),
    }
    assert not found.issues and found.silent() == set()


def test_sizes_count_only_when_every_file_has_one(tmp_path: Path) -> None:
    files = [*PLAIN["distribution"], {"@type": "cr:FileObject", "contentSize": " B"}]
    found = as_dataset(tmp_path, PLAIN | {"distribution": files})
    assert not [c for c in found.claims if c.property == "size"]


def test_two_publishers_of_one_name_are_two(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text(json.dumps(PLAIN | {"url": "https://www.b.example/c4"}))
    found = as_dataset(tmp_path, PLAIN)
    assert {s for s, p, _ in found.said if p == "label" and s.startswith("dataset/")} == {
        ID,
        "dataset/croissant/b.example-c4",
    }


def test_words_for_nothing(tmp_path: Path) -> None:
    found = as_dataset(
        tmp_path, {"@type": "Dataset", "name": "Mini", "url": "None", "citeAs": "None"}
    )
    assert found.said == {("dataset/croissant/mini", "label", "Mini")}


@pytest.mark.parametrize(
    "data",
    [
        None,
        7,
        "text",
        {},
        {"@type": "Dataset"},
        {"@type": "Thing", "name": "x"},
        {"@graph": [3]},
        [[]],
        {"@type": {"a": 1}, "name": {"b": {"name": []}}},
    ],
)
def test_what_is_no_dataset(tmp_path: Path, data: Any) -> None:
    found = as_dataset(tmp_path, data)
    assert not found.claims and found.silent() == set()


@pytest.mark.parametrize(
    "key", ["distribution", "recordSet", "creator", "license", "url", "description", "version"]
)
@pytest.mark.parametrize("value", [7, "x", {"y": {"z": [None]}}, [[1], "a", None], True])
def test_any_value_anywhere_is_survived(tmp_path: Path, key: str, value: Any) -> None:
    found = as_dataset(tmp_path, {"@type": "Dataset", "name": "x", key: value})
    assert found.claims


@pytest.mark.parametrize(
    "text",
    [b'{"@type": "Dataset", "name": ', b"[" * 100_000, b"\xff\xff", b'{"name": "a"} {}'],
    ids=["cut short", "deep", "encoding", "two documents"],
)
def test_hostile_files_are_named_and_the_others_read(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "bad.json").write_bytes(text)
    found = as_dataset(tmp_path, PLAIN)
    assert found.rules == {"unreadable": 1} and found.records == {"metadata.json"}


def test_a_deep_wrapping_does_not_end_the_program(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        '{"@type":"Dataset","name":' + '{"name":' * 900 + '"x"' + "}" * 901
    )
    found = read("croissant", tmp_path)
    assert found.silent() == set()


def test_the_whole_extract() -> None:
    folder = extract("croissant")
    found = read("croissant", folder)
    documents = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]
    assert (
        len(found.records) == len(documents) == 8 and found.silent() == set() and not found.issues
    )
    licenses = [c.said for c in found.claims if c.property == "license"]
    assert len(licenses) == 8 and all(str(s.value).startswith("license/") for s in licenses)
    hubs = {
        d["url"].partition("/datasets/")[2]
        for d in documents
        if "huggingface.co/datasets/" in d["url"]
    }
    assert {c.said.value for c in found.claims if c.property == "hubId"} == hubs
    versions = sum("version" in d for d in documents)
    assert sum(str(c.said.value).startswith("version: ") for c in found.claims) == versions
