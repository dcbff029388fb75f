"""llmfit's list: real rows, and what its program wrote where it knew nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.errors import DataError
from kg.ingest.ingest import IngestRequest, ingest
from tests.ingest.test_source_hub import REAL, Stored
from tests.reading import Found, as_json, read

ROWS = Path(__file__).parent / "llmfit.json"  # as llmfit has them; the last five are broken
PHI = "model/hf/microsoft/Phi-3-mini-4k-instruct"


@pytest.fixture(scope="module")
def found() -> Found:
    return read("llmfit", ROWS)


def row(name: str, **fields: object) -> dict[str, object]:
    shape = {"num_hidden_layers": 32, "hidden_size": 64, "vocab_size": 100, "architecture": "llama"}
    return shape | {"name": name, "release_date": "2026-01-01", "context_length": 8192} | fields


def values(found: Found, property: str) -> dict[str, object]:
    return {
        c.subject.removeprefix("model/hf/"): c.said.value
        for c in found.claims
        if c.property == property
    }


def test_every_record_says_something(found: Found) -> None:
    assert found.silent() == set()


def test_what_a_row_says(found: Found) -> None:
    said = {(c.property, c.said.value) for c in found.claims if c.subject == PHI}
    assert said == {
        ("label", "Phi-3-mini-4k-instruct"),
        ("hubId", "microsoft/Phi-3-mini-4k-instruct"),
        ("publisher", "org/hf/microsoft"),
        ("repositoryCreated", "2024-04-22"),
        ("downloads", 346178),
        ("likes", 1467),
        ("parameterCount", 3821079552),
        ("access", "open-weights"),
        ("contextLength", 4096),
        ("layerCount", 32),
        ("hiddenDimension", 3072),
        ("vocabularySize", 32064),
        ("attentionHeadCount", 32),
        ("task", "text-generation"),
        ("license", "license/mit"),
        ("language", "language/english"),
        ("language", "language/french"),
    }
    assert not values(found, "releaseDate")  # its creation is none
    assert "positions in config.json" in found.one(PHI, "contextLength").note


def test_weights_are_said_to_be_open_where_they_were_counted(found: Found) -> None:
    assert values(found, "access").keys() == values(found, "parameterCount").keys()


def test_numbers_that_its_program_filled_in(found: Found) -> None:
    doubts = {(i.rule, i.subject.removeprefix("model/hf/"), i.value) for i in found.issues}
    assert {
        ("default-value", "facebook/mms-tts-eng", "4096"),
        ("default-value", "meta-llama/Llama-3.1-8B-Instruct", "4096"),
        ("scaled-length", "unsloth/Llama-3.2-1B-Instruct-GGUF", "262144"),
        ("computed-value", "unsloth/Llama-3.2-1B-Instruct-GGUF", "1067974656"),
        ("computed-value", "unsloth/Qwen3-235B-A22B-GGUF", "235092836352"),
        ("packed-parameters", "drawais/Qwen3-Reranker-0.6B-AWQ-INT4", "599217544 of AWQ"),
        ("size-in-name", "RedHatAI/Llama-3.1-8B-Instruct-speculator.eagle3", "950186496"),
        ("too-few", "Fu01978/Nano-H", "2"),
        ("default-value", "Fu01978/Nano-H", "0"),
    } <= doubts
    counts, lengths = values(found, "parameterCount"), values(found, "contextLength")
    told = {(name, "parameterCount") for name in counts} | {(n, "contextLength") for n in lengths}
    doubted = {(i.subject.removeprefix("model/hf/"), i.property) for i in found.issues}
    assert not told & doubted
    assert lengths["OliverSundaram/Llama-3.2-1B-MathCodeInstruct-5k"] == 131072
    assert "Fu01978/Nano-H" not in values(found, "downloads")


def test_the_first_day_of_the_hub_is_no_date(found: Found) -> None:
    assert "distilbert/distilgpt2" in values(found, "hubId")
    assert "distilbert/distilgpt2" not in values(found, "repositoryCreated")


def test_licenses_and_languages(found: Found) -> None:
    both = {
        c.said.value
        for c in found.claims
        if (c.subject, c.property)
        == ("model/hf/tokyotech-llm/Llama-3.1-Swallow-8B-Instruct-v0.5", "license")
    }
    assert both == {"license/llama-3.3-license", "license/gemma-terms"}
    languages = {i.value for i in found.issues if i.rule == "language"}
    assert "ms-swift" in languages  # a tag of a tool, and no Malay


def test_spellings_of_one_repository(found: Found) -> None:
    assert [(link.left, link.right) for link in found.links] == [
        ("model/hf/microsoft/phi-3-mini-4k-instruct", PHI)
    ]


def test_broken_rows(found: Found) -> None:
    assert found.rules["empty"] == 2 and found.rules["hub-id"] == 2
    broken = {(i.rule, i.property) for i in found.issues if i.subject == "model/hf/o/m"}
    assert broken == {
        ("date", "repositoryCreated"),
        ("number", "downloads"),
        ("number", "parameterCount"),
        ("number", "hiddenDimension"),
    }


def test_4096_counts_where_most_of_its_kind_state_another_length(tmp_path: Path) -> None:
    rows = [row(f"o/{n}") for n in range(2)] + [row(f"o/d{n}", context_length=4096) for n in "ab"]
    assert len(values(read("llmfit", as_json(tmp_path, "a.json", rows)), "contextLength")) == 4
    rows += [row("o/dc", context_length=4096)]
    assert len(values(read("llmfit", as_json(tmp_path, "a.json", rows)), "contextLength")) == 2


def test_one_shorter_model_among_many_is_no_doubt(tmp_path: Path) -> None:
    rows = [row(f"o/{n}", context_length=1 << 18) for n in range(10)]
    rows += [row("o/short", context_length=1 << 17)]
    assert len(values(read("llmfit", as_json(tmp_path, "a.json", rows)), "contextLength")) == 11


def test_a_renamed_field_shows(tmp_path: Path) -> None:
    rows = [{"id" if key == "hf_likes" else key: 1 for key in row("o/m")} | {"name": "o/m"}]
    found = read("llmfit", as_json(tmp_path, "a.json", rows))
    missing = {i.value for i in found.issues if i.rule == "missing-field"}
    assert "hf_likes" in missing and "context_length" not in missing


def test_half_a_download_keeps_the_run_before(tmp_path: Path) -> None:
    path = tmp_path / "hf_models.json"
    path.write_text(json.dumps([row("o/m")]), "utf-8")
    before = Stored(tmp_path, ingest(tmp_path, IngestRequest("llmfit", str(path)))).bytes()
    path.write_text(json.dumps([row("o/m"), row("o/n")])[:-20], "utf-8")
    with pytest.raises(DataError, match="not JSON"):
        ingest(tmp_path, IngestRequest("llmfit", str(path)))
    path.write_text('{"models": []}', "utf-8")
    with pytest.raises(DataError, match="nothing that source llmfit reads"):
        ingest(tmp_path, IngestRequest("llmfit", str(path)))
    after = b"".join(p.read_bytes() for p in sorted((tmp_path / "runs" / "llmfit").iterdir()))
    assert after == before


def test_the_whole_list() -> None:
    path = REAL.parent / "catalog-sources" / "llmfit" / "hf_models.json"
    if not path.is_file():
        pytest.skip("../shared/catalog-sources/llmfit is not here")
    found = read("llmfit", path)
    assert len(found.records) == 16_849 and found.silent() == set()
    assert found.rules["missing-field"] == 0
    lengths, counts = values(found, "contextLength"), values(found, "parameterCount")
    assert lengths["deepseek-ai/DeepSeek-V3"] == 163_840
    assert "tiiuae/falcon-7b" not in lengths  # 4096 by default; it reads 2048
    assert counts["Qwen/Qwen3-0.6B"] == 751_632_384 and counts["openai/gpt-oss-20b"] > 2 * 10**10
