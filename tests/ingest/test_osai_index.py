"""The European Open Source AI Index: which base and which repository its systems really name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kg.errors import DataError
from kg.ingest.ingest import IngestRequest, ingest
from kg.ingest.registry import load_source
from tests.ingest.test_source_hub import Stored
from tests.reading import Found, as_yaml, read

HUB = "https://huggingface.co/"
PARTS = (
    "datasources_basemodel",
    "datasources_endmodel",
    "weights_basemodel",
    "weights_endmodel",
    "trainingcode",
    "code",
    "hardware_architecture",
    "preprint",
    "paper",
    "modelcard",
    "datasheet",
    "licenses",
)


def system(
    base: tuple[str | None, str | None], end: tuple[str | None, str | None]
) -> dict[str, Any]:
    """A file of the index, by the names of both models and where they are linked to on the Hub."""
    body: dict[str, Any] = {part: {"class": "closed", "link": None} for part in PARTS}
    body["weights_basemodel"] = {"class": "open", "link": base[1] and HUB + base[1]}
    body["weights_endmodel"] = {"class": "open", "link": end[1] and HUB + end[1]}
    body["org"] = {"name": "Maker & Other"}
    body["system"] = {
        "name": "Sys",
        "link": "https://sys.example/",
        "basemodelname": base[0],
        "endmodelname": end[0],
        "endmodellicense": "Apache-2.0",
        "releasedate": "2025-09",
    }
    return body


def index(folder: Path, *systems: dict[str, Any]) -> Found:
    for number, body in enumerate(systems):
        body["system"]["name"] = f"Sys {number}"
        as_yaml(folder, f"{number}.yaml", body)
    return read("osai-index", folder)


def parents(found: Found) -> set[object]:
    return {v for _, p, v in found.said if p == "derivedFrom"}


GOOD = (("Acorn-7B", "oak/acorn_7b/tree/main"), ("Acorn-7B-Chat", "elm/Acorn-7B-Chat"))


def test_a_system(tmp_path: Path) -> None:
    body = system(*GOOD)
    body["datasheet"] = {"class": "partial", "link": ["x", f"{HUB}a/b"], "notes": "n"}
    found = index(tmp_path, body)
    subject = "model/osai-index/acorn-7b-chat"
    assert {
        (subject, "derivedFrom", "model/hf/oak/acorn_7b"),
        (subject, "hubId", "elm/Acorn-7B-Chat"),
        (subject, "license", "license/apache-2.0"),
        (subject, "releaseDate", "2025-09"),
        (subject, "access", "open-weights"),
        (subject, "developer", "org/osai-index/maker"),
        (subject, "developer", "org/osai-index/other"),
    } <= found.said
    judged = {c.said.value: c.said for c in found.claims if c.property == "openness"}
    assert len(judged) == 12
    assert (judged["datasheet: partial"].url, judged["datasheet: partial"].note) == (
        f"{HUB}a/b",
        "n",
    )
    assert found.rules == {}


@pytest.mark.parametrize(
    ("base", "end", "rule"),
    [
        (("Guru-32B", "Qwen/Qwen2.5-32B"), ("Qwen2.5-32B", "oak/guru-32B"), "mixed-up"),
        (("Acorn-7B", "oak/Acorn-7B-Chat"), ("Acorn-7B-Chat", "oak/Acorn-7B-Chat"), "base-is-end"),
        (("Acorn-7B", "oak/acorn-7b-it"), ("Elm", "elm/Elm"), "base-name"),
        (("Acorn-7B?", "oak/acorn-7b"), ("Elm", "elm/Elm"), "guess"),
        (("Acorn-7B", None), ("Elm", "elm/Elm"), "dangling"),
    ],
)
def test_a_base_that_is_not_named_and_linked_alike_is_no_parent(
    tmp_path: Path,
    base: tuple[str | None, str | None],
    end: tuple[str | None, str | None],
    rule: str,
) -> None:
    found = index(tmp_path, system(base, end))
    assert parents(found) == set() and found.rules[rule] == 1


def test_what_was_mixed_up_is_said_of_the_system(tmp_path: Path) -> None:
    mixed = system(("Guru-32B", "Qwen/Qwen2.5-32B"), ("Qwen2.5-32B", "oak/guru-32B"))
    found = index(tmp_path, mixed)
    assert {s for s, p, _ in found.said if p == "license"} == {"model/osai-index/sys-0"}
    assert not {v for _, p, v in found.said if p in ("hubId", "access")}


def test_a_base_model_alone_was_made_from_nothing_here(tmp_path: Path) -> None:
    same = (("Acorn", "oak/Acorn"), ("Acorn", "oak/Acorn"))
    only = (("Elm-7B", "elm/Elm-7B"), (None, None))
    unknown = (("unknown", None), ("Fir", "fir/Fir"))
    found = index(tmp_path, system(*same), system(*only), system(*unknown))
    assert {(s, v) for s, p, v in found.said if p == "derivedFrom"} == {
        ("model/osai-index/fir", None)
    }
    assert found.rules == {}


def test_the_address_of_the_system_may_name_its_model(tmp_path: Path) -> None:
    body = system(("Acorn", "oak/Acorn"), ("Acorn-12B", "oak/acorn-7b"))
    other = system(("Acorn", "oak/Acorn"), ("Elm-12B", "oak/elm-7b"))
    body["system"]["link"] = f"{HUB}oak/acorn-12b"
    found = index(tmp_path, body, other)
    assert ("model/osai-index/acorn-12b", "hubId", "oak/acorn-12b") in found.said
    assert found.rules == {"hub-id": 1}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("MIT License", "license/mit"),
        ("Unknown (research purposes only)", None),
        ("Apache-2.0 and CC-BY-NC-4.0", "issue"),
    ],
)
def test_licenses(tmp_path: Path, written: str, value: str | None) -> None:
    body = system(*GOOD)
    body["system"]["endmodel license"] = written  # as four files spell it
    del body["system"]["endmodellicense"]
    found = index(tmp_path, body)
    said = {v for s, p, v in found.said if p == "license" and s.startswith("model/")}
    assert said == (set() if value == "issue" else {value})
    assert found.rules["license"] == (value == "issue")


def test_what_is_no_system(tmp_path: Path) -> None:
    template = system((None, None), (None, None))
    template["system"] = dict.fromkeys(template["system"])
    as_yaml(tmp_path, "template.yaml", template)
    as_yaml(tmp_path, "parameters.yaml", {"weights": 2})
    as_yaml(tmp_path, "text.yaml", {"system": "a text"})
    (tmp_path / "broken.yaml").write_text("a: [", encoding="utf-8")
    found = read("osai-index", tmp_path)
    assert len(found.records) == 2 and found.claims == []
    assert found.rules == {"empty": 2, "unreadable": 1}


def test_an_unknown_format_keeps_the_run_before(tmp_path: Path) -> None:
    path = as_yaml(tmp_path / "in", "acorn.yaml", system(*GOOD)) / "acorn.yaml"
    run = ingest(tmp_path, IngestRequest("osai-index", str(path)))
    assert run.counts["edges"] == 1 and run.issues == {}
    path.write_text("project: {name: Acorn}", encoding="utf-8")
    with pytest.raises(DataError, match="osai-index"):
        ingest(tmp_path, IngestRequest("osai-index", str(path)))
    assert Stored(tmp_path, run).said()


def test_the_source_before_points_to_this_one(tmp_path: Path) -> None:
    folder = as_yaml(tmp_path / "in", "acorn.yaml", system(*GOOD))
    with pytest.raises(DataError, match="gyebo ingest osai-index"):
        ingest(tmp_path, IngestRequest("opening-up-chatgpt", str(folder)))
    assert load_source("osai-index").SOURCE.fetch
