"""Inspect AI's data of models: makers with snapshots, and hosts whose names are not the makers'."""

from __future__ import annotations

import pytest

from tests.reading import Found, read

MAKERS = """
acorn:
  display_name: Acorn
  models:
    # Retired on 2026-10-23.
    acorn-4:
      display_name: Acorn 4
      release_date: 2024-05-13
      knowledge_cutoff_date: 2023-11-30
      context_length: 128000
      aliases: [acorn-4-contributor]
      versions:
        acorn-4-2024-08-06: {snapshot: "2024-08-06", release_date: 2024-08-06, aliases: [acorn@4]}
        acorn-4-latest: {snapshot: latest}
        latest: {snapshot: latest}
        acorn-4-pro-0806: {snapshot: "0806"}
    acorn-4-pro:
      display_name: "4 Pro"
      versions:
        acorn-4-pro-0806: {snapshot: "0806"}
    acorn-chat:
      display_name: Acorn V3
      versions:
        Acorn-V3-0324: {release_date: 2025-03-24, snapshot: "0324"}
    ACORN-4:
      display_name: Acorn 4
      context_length: 1
    broken: 7
oak: just text
"""
TWICE = """
oak-org:
  display_name: Oak
  models:
    oak-1: &oak
      display_name: Oak 1
      context_length: 100000
    oak-1-FP8: *oak
oak-ai:
  display_name: Oak
  models: {oak-1: *oak}
fireworks:
  display_name: Fireworks
  models: {oak-1p0: *oak, oak-1p0-fp8: *oak}
"""
SERVED = """
acorn-org:
  display_name: Acorn organization
  models:
    Acorn-4: {display_name: acorn 4, context_length: 4096}
    Unknown-7B-Turbo: {display_name: Unknown 7B}
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    folder = tmp_path_factory.mktemp("archive") / "_model_data"
    folder.mkdir()
    for name, text in {"acorn": MAKERS, "oak": TWICE, "together": SERVED}.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    (folder.parent / "workflows").mkdir()
    (folder.parent / "workflows" / "ci.yml").write_text("on: {push: {}}", encoding="utf-8")
    return read("inspect-ai", folder.parent)


def values(found: Found, slug: str, property: str) -> set[object]:
    return {v for s, p, v in found.said if (s, p) == (f"model/inspect-ai/{slug}", property)}


@pytest.mark.parametrize(
    ("slug", "property", "value"),
    [
        ("acorn-acorn-4", "label", "Acorn 4"),
        ("acorn-acorn-4", "developer", "org/inspect-ai/acorn"),
        ("acorn-acorn-4", "releaseDate", "2024-05-13"),
        ("acorn-acorn-4", "knowledgeCutoff", "2023-11"),
        ("acorn-acorn-4", "contextLength", 128000),
        ("acorn-acorn-4-pro", "label", "Acorn 4 Pro"),
        ("acorn-acorn-v3-0324", "releaseDate", "2025-03-24"),
    ],
)
def test_what_a_maker_says(found: Found, slug: str, property: str, value: object) -> None:
    assert values(found, slug, property) == {value}


def test_names_of_snapshots_lead_to_their_model(found: Found) -> None:
    assert values(found, "acorn-acorn-4", "apiName") == {
        "acorn-4",
        "acorn-4-contributor",
        "acorn-4-2024-08-06",
        "acorn@4",
        "acorn-org/Acorn-4",
    }
    notes = {c.said.value: c.said.note for c in found.claims if c.property == "apiName"}
    assert notes["acorn-4-2024-08-06"] == "snapshot 2024-08-06, released 2024-08-06"
    assert notes["acorn-4"] == ""


def test_a_version_of_two_models_is_of_the_one_it_is_named_after(found: Found) -> None:
    assert "acorn-4-pro-0806" not in values(found, "acorn-acorn-4", "apiName")
    assert "acorn-4-pro-0806" in values(found, "acorn-acorn-4-pro", "apiName")


def test_a_version_of_another_name_is_a_model(found: Found) -> None:
    assert values(found, "acorn-acorn-v3-0324", "apiName") == {"Acorn-V3-0324"}
    assert values(found, "acorn-acorn-chat", "apiName") == {"acorn-chat"}


def test_a_model_told_again_is_one(found: Found) -> None:
    assert values(found, "oak-oak-1", "apiName") == {"oak-1", "oak-1p0"}
    assert not values(found, "oak-oak-1-fp8", "label")
    assert {i.value for i in found.issues if i.rule == "same-facts"} == {"oak-1", "oak-1-FP8"}


def test_a_host_is_no_maker_and_its_context_no_fact(found: Found) -> None:
    orgs = {v for s, p, v in found.said if p == "developer"}
    assert orgs == {"org/inspect-ai/acorn", "org/inspect-ai/oak"}
    assert {i.value for i in found.issues if i.rule == "host-name"} == {
        "acorn-org/Unknown-7B-Turbo",
        "oak-1p0-fp8",
    }


def test_what_is_no_claim(found: Found) -> None:
    assert found.rules == {
        "moving-name": 2,
        "shared-name": 1,
        "duplicate": 1,
        "empty": 1,
        "unreadable": 1,
        "same-facts": 2,
        "host-name": 2,
    }
    assert found.silent() == set()
