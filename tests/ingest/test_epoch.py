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


def tables(folder: Path, **rows: list[dict[str, str]]) -> Found:
    """Tables of Epoch, read together."""
    for name, held in rows.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(held[0]), restval="")
            writer.writeheader()
            writer.writerows(held)
    return read("epoch", folder)


NAMED = {
    "Model": "Deep-1",
    "Organization": "Deep",
    "Publication date": "2026-04-24",
    "Parameters": "284000000000.0",
    "Parameters notes": "284B total, 13B active",
    "Training compute (FLOP)": "2.4999999999999997e+24",
    "Model accessibility": "Open weights (unrestricted)",
    "Domain": "Language",
    "Link": "https://huggingface.co/deep-ai/deep-1\nhttps://huggingface.co/deep-ai/deep-1-Chat",
    "Base model": "",
}


def test_a_model_of_several_tables_is_said_once(tmp_path: Path) -> None:
    large = NAMED | {"Model": "Deep 1", "Training compute (FLOP)": "2.5e+24", "Parameters": "285e9"}
    found = tables(tmp_path, notable=[NAMED], large=[large])
    both = "large.csv:3; notable.csv:3"
    assert found.one("model/epoch/deep-1", "releaseDate").locator == both
    assert found.one("model/epoch/deep-1", "trainingFlop").locator == both
    sizes = {(v, at) for p, v, at in _placed(found) if p == "parameterCount"}
    assert sizes == {(284 * 10**9, "notable.csv:3"), (285 * 10**9, "large.csv:3")}
    assert values(found, "deep-1", "hubId") == {"deep-ai/deep-1"}
    assert found.rules == {}


def _placed(found: Found) -> set[tuple[str, object, str]]:
    return {(c.property, c.said.value, c.said.locator) for c in found.claims}


def test_a_name_twice_in_one_table_is_a_duplicate(tmp_path: Path) -> None:
    found = tables(tmp_path, notable=[NAMED, NAMED], large=[NAMED])
    assert [i.origin for i in found.issues] == ["notable.csv:3", "notable.csv:5"]
    assert found.rules == {"duplicate": 2}


def test_versions_are_read_for_their_model(tmp_path: Path) -> None:
    version = {
        "Model": "Deep-1",
        "id_model_version": "deep-1_high",
        "Display name": "Deep 1 (high)",
        "Organization": "Deep",
        "Version release date": "2026-07-31",
        "Publication date": "2026-04-24",
    }
    alone = {"Version release date": "2024-09-18", "id_model_version": "host/Coder-3B_16K"}
    nothing = {"Version release date": "2024-09-18"}
    rows = [version, version | {"id_model_version": "deep-1_low"}, alone, nothing]
    found = tables(tmp_path, notable=[NAMED], versions=rows)
    assert values(found, "deep-1", "releaseDate") == {"2026-04-24"}
    assert values(found, "deep-1", "label") == {"Deep-1"}
    assert values(found, "coder-3b", "releaseDate") == {"2024-09-18"}
    assert found.rules == {"empty": 1}


def test_a_version_without_organization_is_its_model(tmp_path: Path) -> None:
    alone = {"id_model_version": "deep-1", "Version release date": "2026-04-24"}
    found = tables(tmp_path, notable=[NAMED], versions=[alone])
    assert {s for s, p, _ in found.said if p == "label" and s.startswith("model/")} == {
        "model/epoch/deep-1"
    }


@pytest.mark.parametrize(
    ("size", "notes", "compute"),
    [
        ("284000000.0", "284B total, 13B active", ""),
        ("2100000000.0", 'it "will be the 2.1T model"', ""),
        ("284000000.0", "", "2.496e+24"),
        ("748000000000000", "748B total (196B of it tables)", ""),
    ],
)
def test_a_size_in_the_wrong_unit_is_no_claim(
    tmp_path: Path, size: str, notes: str, compute: str
) -> None:
    row = {"Parameters": size, "Parameters notes": notes, "Training compute (FLOP)": compute}
    found = tables(tmp_path, notable=[NAMED | row])
    assert found.rules == {"unit-slip": 1} and found.issues[0].value == size
    assert not values(found, "deep-1", "parameterCount")


@pytest.mark.parametrize(
    ("size", "notes", "compute"),
    [
        ("2800000000000.0", "104 billion active parameters", ""),
        ("692000000.0", "a vocabulary of 692K words", ""),
        ("600000000.0", "", "1.296e+23"),  # Qwen3-0.6B
        ("1000000000.0", "1B, of a teacher of 1T", ""),
    ],
)
def test_a_size_that_nothing_speaks_against_stands(
    tmp_path: Path, size: str, notes: str, compute: str
) -> None:
    row = {"Parameters": size, "Parameters notes": notes, "Training compute (FLOP)": compute}
    found = tables(tmp_path, notable=[NAMED | row])
    assert found.rules == {} and values(found, "deep-1", "parameterCount") == {int(float(size))}


def test_a_renamed_column_is_told(tmp_path: Path) -> None:
    renamed = {("Size" if key == "Parameters" else key): value for key, value in NAMED.items()}
    found = tables(tmp_path, notable=[renamed], other=[{"Name": "x", "Organization": "y"}])
    assert {(i.rule, i.subject or i.origin) for i in found.issues} == {
        ("column", "Parameters"),
        ("unreadable", "other.csv"),
    }


def test_the_whole_extract() -> None:
    folder = extract("epoch-ai-models")
    found = read("epoch", folder)
    (path,) = folder.glob("*.csv.gz")
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(found.records) == len(rows) == 1892 and found.silent() == set()
    bases = [  # one row is there twice, and what it says both times is one claim
        base
        for _, _, base in {
            (row["Model"].strip(), row["Organization"], base.strip())
            for row in rows
            for base in row["Base model"].split(",")
            if base.strip()
        }
    ]
    derived = [c for c in found.claims if c.property == "derivedFrom"]
    assert len(bases) == 416 == len(derived) + found.rules["self"]
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
