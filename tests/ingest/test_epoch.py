"""Epoch AI's table: cells with several values, base models by name, figures with their confidence."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest

from kg.errors import DataError
from tests.reading import Found, extract, read

PREFIX = "model/epoch"
COLUMNS = (
    "Model",
    "Domain",
    "Task",
    "Organization",
    "Publication date",
    "Link",
    "Parameters",
    "Parameters notes",
    "Training compute (FLOP)",
    "Training dataset",
    "Training hardware",
    "Training compute cost (2023 USD)",
    "Hardware quantity",
    "Confidence",
    "Model accessibility",
    "Base model",
    "Foundation model",
    "Hugging Face developer id",
)
ROWS = [
    {
        "Model": "Zephyr\t\t\t",
        "Domain": "Language",
        "Task": "Chat,Translation",
        "Parameters": "141000000000.0",
        "Organization": 'Hugging Face,"SambaNova Systems, Inc"',
        "Base model": "base,Llama 3-8B, Twin",
        "Publication date": "2024-04-10",
        "Link": "https://x.example/a \nhttps://x.example/b ",
        "Parameters notes": "141B\n39B active",
        "Training compute (FLOP)": "1.2e+24",
        "Confidence": "Likely",
        "Training hardware": "NVIDIA A100,Google TPU v4",
        "Hardware quantity": "8.0",
        "Foundation model": "checked",
        "Model accessibility": "Open weights (non-commercial)",
        "Hugging Face developer id": "HuggingFaceH4",
        "Training compute cost (2023 USD)": "$9551.59",
    },
    {
        "Model": "Base",
        "Parameters": "694894.94",
        "Confidence": "Unknown",
        "Model accessibility": "Unreleased",
        "Publication date": "1950-07-02",
        "Training dataset": "Unspecified unreleased",
        "Base model": "Base",
    },
    {
        "Model": "Twin",
        "Organization": "A",
        "Parameters": "many",
        "Model accessibility": "API access",
        "Training dataset": 'Wikipedia,"Books (A, B)"',
    },
    {"Model": "TWIN", "Organization": "B"},
    {"Model": "Net++", "Organization": "C"},
    {"Model": "Net", "Organization": "C"},
    {"Model": "Net", "Organization": "C"},
    {"Model": " ", "Organization": "nobody"},
]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Found:
    path = tmp_path_factory.mktemp("epoch") / "models.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(ROWS)
    return read("epoch", path)


@pytest.mark.parametrize(
    ("slug", "property", "value", "note"),
    [
        ("zephyr", "parameterCount", 141_000_000_000, "confidence: Likely; 141B 39B active"),
        ("zephyr", "trainingFlop", 1.2e24, "confidence: Likely"),
        ("zephyr", "trainingCost", 9551.59, "in US dollars of 2023; confidence: Likely"),
        ("zephyr", "trainingChipCount", 8, "confidence: Likely"),
        ("zephyr", "commercialUse", "not allowed", "as written: Open weights (non-commercial)"),
        ("zephyr", "openness", "model: Open weights (non-commercial)", ""),
        ("zephyr", "describedAs", "foundation model", ""),
        ("zephyr", "publisher", "org/hf/HuggingFaceH4", ""),
        ("zephyr", "label", "Zephyr", ""),
        ("base", "parameterCount", 694895, "confidence: Unknown; as written: 694894.94"),
        ("base", "trainedOn", None, ""),
        (
            "base",
            "announcedDate",
            "1950-07-02",
            "publication, announcement or release, whichever came first",
        ),
        ("zephyr", "access", "open-weights", ""),
        ("base", "access", "unreleased", ""),
        ("twin-a", "access", "api-only", ""),
    ],
)
def test_one_value(table: Found, slug: str, property: str, value: object, note: str) -> None:
    said = table.one(f"{PREFIX}/{slug}", property)
    assert (said.value, said.note) == (value, note)


def values(table: Found, slug: str, property: str) -> set[object]:
    return {v for s, p, v in table.said if (s, p) == (f"{PREFIX}/{slug}", property)}


def test_cells_with_several_values(table: Found) -> None:
    assert values(table, "zephyr", "developer") == {
        "org/epoch/hugging-face",
        "org/epoch/sambanova-systems-inc",
    }
    assert values(table, "zephyr", "task") == {"Chat", "Translation"}
    assert values(table, "zephyr", "url") == {"https://x.example/a", "https://x.example/b"}
    assert values(table, "zephyr", "trainingHardware") == {
        "hardware/epoch/nvidia-a100",
        "hardware/epoch/google-tpu-v4",
    }
    assert values(table, "twin-a", "trainedOn") == {
        "dataset/epoch/wikipedia",
        "dataset/epoch/books-a-b",
    }


def test_base_models_by_name(table: Found) -> None:
    assert values(table, "zephyr", "derivedFrom") == {
        f"{PREFIX}/base",
        f"{PREFIX}/llama-3-8b",
        f"{PREFIX}/twin-a",
    }
    assert (f"{PREFIX}/llama-3-8b", "label", "Llama 3-8B") in table.said


def test_what_names_do_not_tell_apart(table: Found) -> None:
    assert {s for s, p, _ in table.said if p == "label" and s.startswith(PREFIX)} == {
        f"{PREFIX}/{slug}"
        for slug in ("zephyr", "base", "twin-a", "twin-b", "net", "net-plus-plus", "llama-3-8b")
    }


def test_what_is_no_claim(table: Found) -> None:
    assert table.rules == {"self": 1, "dangling": 1, "duplicate": 2, "number": 1, "empty": 1}
    assert table.silent() == set()


def test_a_row_too_long_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "models.csv"
    path.write_text("Model,Link\na,b,c\n", encoding="utf-8")
    with pytest.raises(DataError, match="more cells"):
        read("epoch", path)


def test_the_whole_extract() -> None:
    folder = extract("epoch-ai-models")
    found = read("epoch", folder)
    (path,) = folder.glob("*.csv.gz")
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(found.records) == len(rows) == 1892 and found.silent() == set()
    bases = [base.strip() for row in rows for base in row["Base model"].split(",") if base.strip()]
    derived = [c for c in found.claims if c.property == "derivedFrom"]
    assert len(bases) == 417 == len(derived) + found.rules["self"]
    known = {" ".join(row["Model"].split()) for row in rows}
    assert found.rules["dangling"] == sum(base not in known for base in bases)
    for column, property in (
        ("Parameters", "parameterCount"),
        ("Training compute (FLOP)", "trainingFlop"),
    ):
        said = [c.said.value for c in found.claims if c.property == property]
        assert sorted(map(float, said)) == sorted(  # type: ignore[arg-type]
            float(round(float(row[column])) if property == "parameterCount" else row[column])
            for row in rows
            if row[column]
        )
