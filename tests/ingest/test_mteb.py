"""MTEB's modules, read without running them: names in them, models behind an API, and tasks that are variants."""

from __future__ import annotations

import json
import shutil
import tarfile
from pathlib import Path

import pytest

from kg.errors import DataError
from kg.ingest.ingest import IngestRequest, ingest
from kg.model.claim import LABEL
from tests.ingest.test_source_hub import REAL, Stored
from tests.reading import Found, read

MODULES = Path(__file__).parent / "mteb.txt"
ARCTIC = "model/hf/Snowflake/snowflake-arctic-embed-m"
OPENAI = "model/mteb/openai-text-embedding-3-large"
CONAN = "model/mteb/tencentbac-conan-embedding-v2"
CLIP = "model/mteb/quansun-eva02-clip-b-16"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The modules of the text, as files."""
    made = tmp_path_factory.mktemp("mteb")
    (made / "model_implementations").mkdir()
    for part in MODULES.read_text("utf-8").split("### ")[1:]:
        name, _, body = part.partition("\n")
        (made / "model_implementations" / name).write_text(body, "utf-8")
    return made


@pytest.fixture(scope="module")
def found(folder: Path) -> Found:
    return read("mteb", folder)


def said(found: Found, subject: str) -> set[tuple[str, object]]:
    return {
        (c.property, c.said.value)
        for c in found.claims
        if c.subject == subject and c.property != LABEL
    }


def test_a_model_of_the_hub(found: Found) -> None:
    assert said(found, ARCTIC) == {
        ("hubId", "Snowflake/snowflake-arctic-embed-m"),
        ("publisher", "org/hf/Snowflake"),
        ("url", "https://huggingface.co/Snowflake/snowflake-arctic-embed-m"),
        ("revisionDate", "2024-07-08"),
        ("parameterCount", 109_000_000),
        ("contextLength", 512),
        ("license", "license/apache-2.0"),
        ("access", "open-weights"),
        ("language", "language/english"),
        ("derivedFrom", "model/hf/intfloat/e5-base-unsupervised"),
        ("trainedOn", "dataset/mteb/fever"),
        ("trainedOn", "dataset/mteb/nq"),
    }
    assert "go unnamed" in found.one(ARCTIC, "derivedFrom").note


def test_names_calls_and_sums_in_modules(found: Found) -> None:
    newer = said(found, f"{ARCTIC}-v2.0")
    assert {
        ("parameterCount", 305_000_000),
        ("language", "language/english"),
        ("language", "language/chinese"),
        ("derivedFrom", "model/hf/Alibaba-NLP/gte-multilingual-base"),
        ("successorOf", ARCTIC),
    } <= newer
    assert "contextLength" not in dict(newer)  # infinite
    assert found.one("model/hf/google/embeddinggemma-300m", "parameterCount").value == 106_066_176


def test_a_model_behind_an_api_has_no_hub_id(found: Found) -> None:
    assert ("access", "api-only") in said(found, OPENAI)
    assert "hubId" not in dict(said(found, OPENAI))
    # It is closed; how it is offered is not said
    assert not {"hubId", "access"} & set(dict(said(found, CONAN)))


def test_a_hub_id_that_only_the_files_tell(found: Found) -> None:
    gemma = said(found, "model/hf/google/embeddinggemma-300m")
    assert ("hubId", "google/embeddinggemma-300m") in gemma
    assert ("license", "license/gemma-terms") in gemma  # by the address of its text
    assert ("trainingCodeAvailable", True) in gemma


def test_what_cannot_be_a_claim_is_an_issue(found: Found) -> None:
    issues = {(i.rule, i.subject, i.value) for i in found.issues}
    assert {
        ("variant-dataset", ARCTIC, "FEVER-NL, FEVERHardNegatives, NanoNQRetrieval"),
        (
            "unread",
            "model/hf/google/embeddinggemma-300m",
            "release_date_of('google/embeddinggemma-300m')",
        ),
        ("language", f"{ARCTIC}-v2.0", "lua-Code"),
        ("parent-prose", OPENAI, "XLM-RoBERTa"),
        ("parent-path", "model/hf/google/embeddinggemma-300m", ""),
        ("number", CONAN, "-1"),
        ("dangling", CONAN, "TencentBAC/Conan-embedding-v3"),
        ("self", CLIP, "QuanSun/EVA02-CLIP-B-16"),
        ("hub-id", CLIP, "https://huggingface.co/QuanSun/EVA-CLIP"),
        ("no-model", "", "mteb/baseline-bm25s"),
        ("no-model", "", "openai/text-embedding-3-large (embed_dim=512)"),
    } <= issues
    assert found.rules["unreadable"] == 1 and found.rules["empty"] == 1
    # A list that holds itself
    assert any(i.rule == "unread" and i.subject == OPENAI for i in found.issues)
    assert said(found, CLIP) >= {("derivedFrom", OPENAI), ("license", "license/other")}
    assert found.one(CONAN, "license").value is None
    assert found.silent() == set()


def test_only_the_modules_of_models_are_read_from_the_repository(
    folder: Path, tmp_path: Path
) -> None:
    source = folder / "model_implementations" / "shared_data.py"
    with tarfile.open(tmp_path / "main.tar.gz", "w:gz") as archive:
        for folder in ("mteb/models/model_implementations", "mteb/tasks"):
            archive.add(source, f"mteb-main/{folder}/shared_data.py")
        archive.add(MODULES.with_name("llmfit.json"), "mteb-main/mteb/descriptive_stats/a.json")
    found = read("mteb", tmp_path / "main.tar.gz")
    assert len(found.records) == 6


def test_the_same_calls_as_json(tmp_path: Path) -> None:
    models = [
        {
            "name": "o/m",
            "reference": "https://huggingface.co/o/m",
            "n_parameters": {"$call": "int", "args": [9.24e9]},
            "max_tokens": {"$attr": "inf"},
            "languages": {"$name": "bgem3_languages"},
            "training_datasets": {"$call": "set", "args": []},
        },
        "no record",
    ]
    (tmp_path / "extracted.json").write_text(json.dumps(models), "utf-8")
    found = read("mteb", tmp_path / "extracted.json")
    assert found.one("model/hf/o/m", "parameterCount").value == 9_240_000_000
    assert [i.value for i in found.issues if i.rule == "unread"] == ["bgem3_languages"]
    missing = {i.value for i in found.issues if i.rule == "missing-field"}
    assert "license" in missing and "languages" not in missing


def test_half_a_download_keeps_the_run_before(folder: Path, tmp_path: Path) -> None:
    before = Stored(tmp_path, ingest(tmp_path, IngestRequest("mteb", str(folder)))).bytes()
    whole = Path(shutil.make_archive(str(tmp_path / "main"), "gztar", folder)).read_bytes()
    (tmp_path / "half.tar.gz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "half.json").write_text('[{"name": "o/m", "license"', "utf-8")
    for name in ("half.tar.gz", "half.json"):
        with pytest.raises(DataError):
            ingest(tmp_path, IngestRequest("mteb", str(tmp_path / name)))
    after = b"".join(p.read_bytes() for p in sorted((tmp_path / "runs" / "mteb").iterdir()))
    assert after == before


def test_the_whole_list() -> None:
    path = REAL.parent / "catalog-sources" / "mteb" / "extracted.json"
    if not path.is_file():
        pytest.skip("../shared/catalog-sources/mteb is not here")
    found = read("mteb", path)
    assert len(found.records) == 969 and found.rules["missing-field"] == 0
    closed = {
        c.subject for c in found.claims if (c.property, c.said.value) == ("access", "api-only")
    }
    hub = {c.subject for c in found.claims if c.property == "hubId"}
    assert len(closed) > 40 and len(hub) > 850 and not closed & hub
