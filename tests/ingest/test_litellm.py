"""LiteLLM's table: makers' own services, snapshots, hosts, and days of retirement."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reading import Found, as_json, read

CHAT = {"mode": "chat", "max_input_tokens": 272000}


def offer(provider: str, retired: str = "", **more: object) -> dict[str, object]:
    """An entry of the table."""
    day = {"deprecation_date": retired} if retired else {}
    return CHAT | {"litellm_provider": provider} | day | more


TABLE = {
    "sample_spec": {"litellm_provider": "one of many", "mode": "one of chat", "max_tokens": "set"},
    "gpt-4o": offer("openai", "2027-01-14"),
    "gpt-4o-2024-05-13": offer("openai", "2026-10-23"),
    "gpt-4o-2024-08-06": offer("openai", "2027-01-14"),
    "gpt-4o-latest": offer("openai"),
    "ft:gpt-4o-2024-08-06": offer("openai", "2027-01-14"),
    "openai/container": {"litellm_provider": "openai", "mode": "chat", "session": 0.03},
    "gpt-image-2": offer("openai", mode="image_generation"),
    "gpt-4o-audio-2024-12-17": offer("openai", "2027-01-20"),
    "gpt-4o-audio-2025-06-03": offer("openai", "2027-01-20"),
    "gpt-4o-sound-2024-12-17": offer("openai", "2026-01-20"),
    "gpt-4o-sound-2025-06-03": offer("openai"),
    "gpt-4": offer("openai"),
    "gpt-4-0613": offer("openai", "2026-10-23"),
    "claude-haiku-4-5-20251001": offer("anthropic"),
    "claude-exp-1206": offer("anthropic"),
    "deepseek/deepseek-v3": offer("deepseek"),
    "mistral/mistral-large-2512": offer("mistral", "2027-04-30"),
    "mistral/deepseek-v3": offer("mistral"),
    "mistral/deepseek-v4-1-flash": offer("mistral", "2026-10-31"),
    "azure/eu/gpt-4o-2024-08-06": offer("azure", "2026-03-31"),
    "us.anthropic.claude-haiku-4-5-20251001-v1:0": offer("bedrock"),
    "bedrock/eu-west-1/us.anthropic.claude-haiku-4-5-20251001-v1:0": offer("bedrock"),
    "vertex_ai/claude-haiku-4-5@20251001": offer("vertex_ai-anthropic_models"),
    "databricks/databricks-claude-haiku-4-5": offer("databricks"),
    "host/gpt-4o@latest": offer("host"),
    "openrouter/alias": CHAT | {"alias_of": "x"},
    "broken": 7,
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    folder = as_json(tmp_path_factory.mktemp("litellm"), "prices.json", TABLE)
    as_json(folder, "other.json", {"data": []})
    (folder / "half.json").write_text('{"gpt-4o": {"litellm_prov', encoding="utf-8")
    return read("litellm", folder)


def values(found: Found, slug: str, property: str) -> set[object]:
    return {v for s, p, v in found.said if (s, p) == (f"model/litellm/{slug}", property)}


def test_a_model_has_the_names_of_its_snapshots_and_retires_on_its_own_day(found: Found) -> None:
    names = {"gpt-4o", "gpt-4o-2024-05-13", "gpt-4o-2024-08-06"}
    assert values(found, "openai-gpt-4o", "apiName") == names
    assert values(found, "openai-gpt-4o", "retirementDate") == {"2027-01-14"}
    assert values(found, "openai-gpt-4o", "label") == {"gpt-4o"}
    assert values(found, "openai-gpt-4o", "developer") == {"org/litellm/openai"}
    notes = {c.said.value: c.said.note for c in found.claims if c.property == "apiName"}
    assert notes["gpt-4o-2024-05-13"] == "snapshot, served until 2026-10-23"


def test_a_model_of_snapshots_alone_retires_with_them_if_they_agree(found: Found) -> None:
    assert values(found, "openai-gpt-4o-audio", "retirementDate") == {"2027-01-20"}
    assert not values(found, "openai-gpt-4o-sound", "retirementDate")
    assert [i.value for i in found.issues if i.rule == "snapshot-dates"] == [", 2026-01-20"]


def test_the_day_of_a_snapshot_is_not_that_of_its_model(found: Found) -> None:
    assert values(found, "openai-gpt-4", "apiName") == {"gpt-4", "gpt-4-0613"}
    assert not values(found, "openai-gpt-4", "retirementDate")


def test_four_digits_are_a_day_only_beside_the_name_without_them(found: Found) -> None:
    assert values(found, "anthropic-claude-exp-1206", "label") == {"claude-exp-1206"}
    assert values(found, "mistral-ai-mistral-large-2512", "retirementDate") == {"2027-04-30"}


def test_a_host_says_nothing_of_the_model_but_its_name(found: Found) -> None:
    assert values(found, "anthropic-claude-haiku-4-5", "apiName") == {
        "claude-haiku-4-5-20251001",
        "us.anthropic.claude-haiku-4-5-20251001-v1:0",
        "claude-haiku-4-5@20251001",
    }
    assert {i.value for i in found.issues if i.rule == "host-date"} == {"2026-03-31", "2026-10-31"}
    assert {i.value for i in found.issues if i.rule == "host-name"} == {
        "databricks-claude-haiku-4-5",
        "deepseek-v4-1-flash",
        "gpt-4o@latest",
    }


def test_a_maker_that_hosts_another_is_not_its_maker(found: Found) -> None:
    assert values(found, "deepseek-deepseek-v3", "developer") == {"org/litellm/deepseek"}
    models = {s for s, p, _ in found.said if p == "label" and "mistral-ai-" in s}
    assert models == {"model/litellm/mistral-ai-mistral-large-2512"}


def test_the_most_tokens_of_a_prompt_are_no_context(found: Found) -> None:
    assert {p for s, p, _ in found.said} == {"label", "developer", "apiName", "retirementDate"}


def test_what_is_no_claim(found: Found) -> None:
    assert found.rules == {
        "moving-name": 1,
        "snapshot-dates": 1,
        "host-date": 2,
        "host-name": 3,
        "empty": 2,
        "unreadable": 2,
    }
    assert not any("sample_spec" in at or "container" in at for at in found.records)


def test_a_table_of_another_form_is_told(tmp_path: Path) -> None:
    found = read("litellm", as_json(tmp_path, "x.json", [1]))
    assert found.rules == {"unreadable": 1} and not found.claims
