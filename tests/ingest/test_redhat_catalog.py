"""Red Hat's catalog: which times are dates, names that are on no hub, and the lists of images beside it."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest
import yaml

from kg.errors import DataError
from kg.ingest.ingest import IngestRequest, ingest
from tests.ingest.test_source_hub import REAL, Stored
from tests.reading import Found, as_yaml, read

MODELS = [
    {
        "name": "RedHatAI/Meta-Llama-3.1-8B-Instruct-quantized.w4a16",
        "provider": "Meta",
        "createTimeSinceEpoch": "1721952000000",
        "license": "llama3.1",
        "licenseLink": "https://github.com/meta-llama/llama-models/blob/main/models/llama3_1/LICENSE",
        "language": ["en", "ko"],
        "tasks": ["text-to-text"],
    },
    {
        "name": "granite-8b-lab-v1",
        "provider": "Red Hat",
        "createTimeSinceEpoch": "1739210683000",
        "license": "apache-2.0",
        "language": ["multilingual"],
        "tasks": [],
    },
    {
        "name": "RedHatAI/MiniMax-M2.5",
        "createTimeSinceEpoch": "lately",
        "license": "modified-mit",
        "licenseLink": "https://github.com/MiniMax-AI/MiniMax-M2.5/blob/main/LICENSE",
    },
    {"provider": "Nobody"},
    "no entry",
]
LLAMA = "model/hf/RedHatAI/Meta-Llama-3.1-8B-Instruct-quantized.w4a16"
LAB = "model/redhat-catalog/granite-8b-lab-v1"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    folder = tmp_path_factory.mktemp("redhat")
    as_yaml(folder, "data/models-catalog.yaml", {"source": "Red Hat", "models": MODELS})
    as_yaml(folder, "data/models-index.yaml", {"models": [{"type": "oci", "uri": "a.example/b"}]})
    as_yaml(folder, "input/other-models.yaml", {"models": MODELS})
    return read("redhat-catalog", folder)


def test_what_an_entry_says(found: Found) -> None:
    said = {(c.property, c.said.value) for c in found.claims if c.subject == LLAMA}
    assert said == {
        ("label", "Meta-Llama-3.1-8B-Instruct-quantized.w4a16"),
        ("hubId", "RedHatAI/Meta-Llama-3.1-8B-Instruct-quantized.w4a16"),
        ("publisher", "org/hf/RedHatAI"),
        ("releaseDate", "2024-07-26"),
        ("license", "license/llama-3.1-license"),
        ("language", "language/english"),
        ("language", "language/korean"),
        ("task", "text-to-text"),
    }
    assert found.one(LLAMA, "license").url.startswith("https://github.com/meta-llama")


def test_a_model_on_no_hub(found: Found) -> None:
    said = {(c.property, c.said.value) for c in found.claims if c.subject == LAB}
    assert said == {
        ("label", "granite-8b-lab-v1"),
        ("developer", "org/redhat-catalog/red-hat"),
        ("license", "license/apache-2.0"),
    }


def test_what_cannot_be_a_claim(found: Found) -> None:
    assert {(i.rule, i.subject, i.value) for i in found.issues if i.rule != "empty"} == {
        ("entry-time", LAB, "1739210683000"),
        ("language", LAB, "multilingual"),
        ("date", "model/hf/RedHatAI/MiniMax-M2.5", "lately"),
    }
    assert found.rules["empty"] == 2
    assert len(found.records) == 5 and found.silent() == set()


def test_one_list_without_a_head_is_read_as_well(tmp_path: Path) -> None:
    bare = read("redhat-catalog", as_yaml(tmp_path, "models.yaml", MODELS[:1]))
    assert bare.one(LLAMA, "releaseDate").value == "2024-07-26"


def test_a_renamed_field_shows(tmp_path: Path) -> None:
    models = [{"title" if key == "tasks" else key: v for key, v in MODELS[0].items()}]  # type: ignore[union-attr]
    found = read("redhat-catalog", as_yaml(tmp_path, "models.yaml", models))
    assert [i.value for i in found.issues if i.rule == "missing-field"] == ["tasks"]


def test_half_a_download_keeps_the_run_before(tmp_path: Path) -> None:
    catalog = tmp_path / "models-catalog.yaml"
    catalog.write_text(yaml.safe_dump({"models": MODELS * 50}), "utf-8")
    with tarfile.open(tmp_path / "main.tar.gz", "w:gz") as archive:
        archive.add(catalog, "repository-main/data/models-catalog.yaml")
    path = str(tmp_path / "main.tar.gz")
    before = Stored(tmp_path, ingest(tmp_path, IngestRequest("redhat-catalog", path))).bytes()
    whole = Path(path).read_bytes()
    Path(path).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError):
        ingest(tmp_path, IngestRequest("redhat-catalog", path))
    after = b"".join(
        p.read_bytes() for p in sorted((tmp_path / "runs" / "redhat-catalog").iterdir())
    )
    assert after == before


def test_the_whole_catalog() -> None:
    path = REAL.parent / "catalog-sources" / "redhat-catalog" / "models.yaml"
    if not path.is_file():
        pytest.skip("../shared/catalog-sources/redhat-catalog is not here")
    found = read("redhat-catalog", path)
    assert len(found.records) == 110 and found.rules["missing-field"] == 0
    assert sum(c.property == "releaseDate" for c in found.claims) == 39
