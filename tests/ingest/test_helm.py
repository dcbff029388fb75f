"""HELM's list of models: access by its classes, dates under two keys, and a list that was cut short."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import DataError
from kg.ingest.ingest import IngestRequest, ingest
from tests.ingest.test_source_hub import REAL, Stored
from tests.reading import Found, read

# As src/helm/config/model_metadata.yaml has them, descriptions left out.
ENTRY = """\
  - name: {name}
    display_name: {shown}
    description: ""
    creator_organization_name: {maker}
    access: {access}
    {more}
    tags: [TEXT_MODEL_TAG]

"""
J1 = "model/helm/ai21-j1-jumbo"


def entry(name: str, shown: str, maker: str, access: str, more: str) -> str:
    return ENTRY.format(name=name, shown=shown, maker=maker, access=access, more=more)


MODELS = "# Comments of theirs\nmodels:\n\n" + "".join(
    (
        entry("simple/model1", "Simple Model 1", "Helm", "open", "release_date: 2023-01-01"),
        entry(
            "ai21/j1-jumbo",
            "J1-Jumbo v1 (178B)",
            "AI21 Labs",
            "limited",
            "num_parameters: 178000000000\n    release_date: 2021-08-11",
        ),
        entry("deepmind/gopher", "Gopher (280B)", "DeepMind", "closed", "num_parameters: 0"),
        entry(
            "meta/amazon-llama3-8b-instruct-v1:0",
            "Llama 3",
            "Meta",
            "limited",
            "num_parameters: 8.03e9",
        ),
        entry("amazon/nova-pro-v1:0", "Amazon Nova Pro", "Amazon", "limited", "release_date: soon"),
        entry("ibm/granite-3b", "Granite 3B", "IBM", "open", "release: 2024-6-18"),
        entry("ibm/granite-20b", "Granite 20B", "IBM", "semi", "release: 2024-18-4"),
        entry("ibm/granite-20b", "Granite 20B again", "unknown", "open", "release:"),
        entry('""', "Nobody", "Nobody", "open", "release_date:"),
    )
)


def helm(folder: Path, text: str) -> Found:
    path = folder / "model_metadata.yaml"
    path.write_text(text, "utf-8")
    return read("helm", path)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    return helm(tmp_path_factory.mktemp("helm"), MODELS)


def test_what_an_entry_says(found: Found) -> None:
    said = {(c.property, c.said.value) for c in found.claims if c.subject == J1}
    assert said == {
        ("label", "J1-Jumbo v1 (178B)"),
        ("developer", "org/helm/ai21-labs"),
        ("releaseDate", "2021-08-11"),
        ("parameterCount", 178_000_000_000),
        ("access", "api-only"),
    }
    assert found.one(J1, "access").note == "HELM's class: limited"
    assert found.one("model/helm/deepmind-gopher", "access").value == "unreleased"
    assert not any(c.property == "hubId" for c in found.claims)


def test_dates_under_another_key_and_without_zeros(found: Found) -> None:
    said = found.one("model/helm/ibm-granite-3b", "releaseDate")
    assert (said.value, said.note) == ("2024-06-18", "under the key release")


def test_what_cannot_be_a_claim(found: Found) -> None:
    assert {(i.rule, i.value) for i in found.issues if i.rule != "empty"} == {
        ("no-model", "simple/model1"),
        ("number", "0"),
        ("access", "limited"),
        ("access", "semi"),
        ("date", "soon"),
        ("date", "2024-18-4"),
        ("duplicate", ""),
    }
    assert found.rules["duplicate"] == 2 and found.rules["empty"] == 1 and not found.silent()
    assert found.one("model/helm/amazon-nova-pro-v1-0", "access").value == "api-only"


def test_a_list_cut_short_keeps_the_run_before(tmp_path: Path) -> None:
    path = tmp_path / "model_metadata.yaml"
    path.write_text(MODELS, "utf-8")
    before = Stored(tmp_path, ingest(tmp_path, IngestRequest("helm", str(path)))).bytes()
    half = MODELS.index("release: 2024-6-18")
    for text, why in ((MODELS[:half], "cut short"), ("models: [", "nothing that source helm")):
        path.write_text(text, "utf-8")
        with pytest.raises(DataError, match=why):
            ingest(tmp_path, IngestRequest("helm", str(path)))
    after = b"".join(p.read_bytes() for p in sorted((tmp_path / "runs" / "helm").iterdir()))
    assert after == before


def test_a_renamed_field_shows(tmp_path: Path) -> None:
    found = helm(tmp_path, MODELS.replace("num_parameters", "parameters"))
    assert [i.value for i in found.issues if i.rule == "missing-field"] == ["num_parameters"]


def test_the_whole_list() -> None:
    folder = REAL.parent / "catalog-sources" / "helm"
    if not folder.is_dir():
        pytest.skip("../shared/catalog-sources/helm is not here")
    found = read("helm", folder)
    assert len(found.records) == 632 and found.rules["missing-field"] == 0
    assert sum(c.property == "releaseDate" for c in found.claims) > 620
