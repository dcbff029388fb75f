"""Claim runs on disk: whole or not at all, and only of claims that fit the vocabulary."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.claims.claim_files import read_claims
from kg.claims.run_writing import RunWriter
from kg.claims.runs import IdentityLink, read_links, read_runs, remove_run, run_folders
from kg.errors import InputError
from kg.model.claim import Claim, Said
from kg.model.issues import Issue
from kg.model.vocabulary import load_vocabulary


def claim(subject: str, property: str, value: object) -> Claim:
    return Claim(subject, property, Said(value=value, source="source/s", locator="line 1"))  # type: ignore[arg-type]


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[RunWriter]:
    writer = RunWriter(tmp_path, "s", load_vocabulary())
    yield writer
    writer.close()


def test_what_is_added_is_there_after_finish_only(writer: RunWriter, tmp_path: Path) -> None:
    writer.add(claim("model/s/a", "parameterCount", 7))
    writer.add(Issue(severity="warning", rule="size", subject="model/s/a", message="odd"))
    writer.add(IdentityLink("model/s/a", "model/hf/o/a", "said so"))
    assert not run_folders(tmp_path)
    run = writer.finish([claim("source/s", "label", "S")], "source/s", "file", "2026-11-21")
    assert run.counts["claims"] == 1 and run.issues == {"size": 1}
    assert read_runs(tmp_path) == [run]
    assert [link.right for link in read_links(tmp_path / "s")] == ["model/hf/o/a"]


def test_a_run_that_breaks_off_leaves_the_one_before(writer: RunWriter, tmp_path: Path) -> None:
    writer.add(claim("model/s/a", "parameterCount", 7))
    writer.finish([], "source/s", "", "2026-11-21")
    second = RunWriter(tmp_path, "s", load_vocabulary())
    second.add(claim("model/s/b", "parameterCount", 8))
    second.close()
    (kept,) = read_claims(tmp_path / "s" / "claims.jsonl")
    assert kept.subject == "model/s/a"
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize(
    "wrong",
    [
        claim("no id", "parameterCount", 7),
        claim("nokind/a", "parameterCount", 7),
        claim("model/s/a", "noProperty", 7),
        claim("org/s/a", "parameterCount", 7),
        claim("model/s/a", "parameterCount", "seven"),
        claim("model/s/a", "parameterCount", 0),
        claim("model/s/a", "parameterCount", -1),
        claim("model/s/a", "parameterCount", float("nan")),
        claim("model/s/a", "contextLength", 0),
        claim("model/s/a", "releaseDate", "2023-02-30"),
        claim("model/s/a", "developer", "EleutherAI"),
        claim("model/s/a", "access", "Open weights"),
        claim("model/s/a", "access", "license/mit"),
        claim("model/s/a", "developer", "model/b"),
        claim("model/s/a", "url", "javascript:alert(1)"),
        claim("model/s/a", "label", " "),
        claim("model/s/a", "label", 7),
    ],
    ids=lambda c: f"{c.subject} {c.property} {c.said.value}",
)
def test_what_fits_no_property_is_an_issue(writer: RunWriter, tmp_path: Path, wrong: Claim) -> None:
    writer.add(wrong)
    assert writer.finish([], "source/s", "", "2026-11-21").counts["claims"] == 0
    issue = json.loads((tmp_path / "s" / "issues.jsonl").read_text())
    assert issue["rule"] == "value" and issue["origin"] == "line 1"


def test_a_hub_id_is_a_link(writer: RunWriter, tmp_path: Path) -> None:
    writer.add(claim("model/s/a", "hubId", "o/a"))
    writer.add(claim("model/hf/o/b", "hubId", "o/b"))
    writer.finish([], "source/s", "", "2026-11-21")
    assert [(link.left, link.right) for link in read_links(tmp_path / "s")] == [
        ("model/s/a", "model/hf/o/a")
    ]


@pytest.mark.parametrize("name", ["../x", "", "a/b", ".hidden", "a b", "x" * 200])
def test_names_that_cannot_be_folders(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot name a run"):
        RunWriter(tmp_path, name, load_vocabulary())
    with pytest.raises(InputError):
        remove_run(tmp_path, name)
