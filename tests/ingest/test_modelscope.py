"""Tables of trainers, ms-swift and LLaMA-Factory: which models of ModelScope and the Hub are one."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import DataError
from kg.ingest.ingest import IngestRequest, ingest
from tests.ingest.test_source_hub import Stored
from tests.reading import Found, as_json, read

SWIFT = """
register_model(
    ModelMeta(
        LLMModelType.acorn,
        [
            ModelGroup([
                Model('OAK/Acorn-7B', 'oak/acorn-7b'),
                Model('AI-ModelScope/Elm-7B', 'elm/Elm-7B'),
                Model('oak/Only-There'),
                Model(None, 'oak/Only-Here'),
                Model('oak/Llama-2-7b-ms', 'meta/Llama-2-7b-hf'),
            ], tags=['chat']),
            ModelGroup([Model('oak/Many:part', 'oak/Many:part'), Model(name, name)]),
        ],
        get_model,
        architectures=['AcornForCausalLM'],
    ))
register_model(ModelMeta(X.y, [ModelGroup([Model('b/Two', 'b/Two')])], architectures=['A', 'B']))
raise SystemExit("this is parsed, not run")
"""

FACTORY = """
register_model_group(
    models={
        "Acorn-7B": {
            DownloadSource.DEFAULT: "oak/Acorn-7B",
            DownloadSource.MODELSCOPE: "AI-ModelScope/acorn-7b",
            DownloadSource.OPENMIND: "Oak/acorn_7b",
        },
        "Elm-7B": {DownloadSource.DEFAULT: "elm/Elm-7B", DownloadSource.OPENMIND: "Elm/elm_7b"},
        "Gemma-7B": {DownloadSource.DEFAULT: "g/gemma-7b", DownloadSource.MODELSCOPE: "m/gemma-2b-it"},
        "Computed": {DownloadSource.DEFAULT: PREFIX + "x"},
        "Odd": everything,
    },
    template="acorn",
)
register_model_group(everything)
"""


def ties(found: Found) -> set[tuple[str, str]]:
    return {
        (link.left.removeprefix("model/ms/"), link.right.removeprefix("model/hf/"))
        for link in found.links
    }


@pytest.fixture
def swift(tmp_path: Path) -> Found:
    (tmp_path / "acorn.py").write_text(SWIFT, encoding="utf-8")
    (tmp_path / "other.py").write_text("def broken(:", encoding="utf-8")
    return read("ms-swift", tmp_path)


def test_one_model_on_two_hubs(swift: Found) -> None:
    assert ties(swift) == {
        ("OAK/Acorn-7B", "oak/acorn-7b"),
        ("AI-ModelScope/Elm-7B", "elm/Elm-7B"),
        ("b/Two", "b/Two"),
    }
    assert swift.one("model/hf/oak/acorn-7b", "modelScopeId").value == "OAK/Acorn-7B"
    assert ("model/ms/oak/Only-There", "modelScopeId", "oak/Only-There") in swift.said
    assert ("model/hf/oak/Only-Here", "hubId", "oak/Only-Here") in swift.said


def test_the_architecture_of_a_model(swift: Found) -> None:
    architecture = "architecture/ms-swift/acornforcausallm"
    assert ("model/hf/oak/acorn-7b", "usesArchitectureOf", architecture) in swift.said
    assert (architecture, "label", "AcornForCausalLM") in swift.said


def test_what_is_no_tie_in_ms_swift(swift: Found) -> None:
    assert swift.rules == {"modelscope-name": 1, "shape": 2, "architecture": 1}
    assert swift.silent() == set()


def test_llamafactorys_table(tmp_path: Path) -> None:
    (tmp_path / "constants.py").write_text(FACTORY, encoding="utf-8")
    found = read("llamafactory", tmp_path)
    assert ties(found) == {("AI-ModelScope/acorn-7b", "oak/Acorn-7B")}
    assert {v for _, p, v in found.said if p == "hubId"} == {
        "oak/Acorn-7B",
        "elm/Elm-7B",
        "g/gemma-7b",
    }
    assert found.rules == {"modelscope-name": 1, "shape": 2}
    assert found.silent() == set()


def test_lists_that_were_drawn_from_the_tables(tmp_path: Path) -> None:
    rows = [["Acorn", ["oak/Acorn", "ms/Acorn", "om/acorn"]], ["Elm", ["oak/Elm"]], ["Odd", []], 1]
    found = read("llamafactory", as_json(tmp_path, "extracted.json", rows))
    assert ties(found) == {("ms/Acorn", "oak/Acorn")} and found.rules == {"shape": 2}
    swift = [{"ms": "ms/Acorn", "hf": "oak/Acorn", "arch": None}, {"ms": "no id", "hf": None}, 7]
    found = read("ms-swift", as_json(tmp_path, "extracted.json", swift))
    assert ties(found) == {("ms/Acorn", "oak/Acorn")} and found.rules == {"shape": 1}


def test_a_modelscope_id_of_two_models_is_an_issue(tmp_path: Path) -> None:
    rows = [["A", ["oak/Acorn", "ms/Acorn"]], ["B", ["elm/Acorn", "ms/acorn"]]]
    found = read("llamafactory", as_json(tmp_path, "extracted.json", rows))
    assert ties(found) == set() and found.rules == {"modelscope-several": 2}


@pytest.mark.parametrize(
    ("source", "file", "good"),
    [("ms-swift", "models.py", SWIFT), ("llamafactory", "constants.py", FACTORY)],
)
def test_an_unknown_format_keeps_the_run_before(
    tmp_path: Path, source: str, file: str, good: str
) -> None:
    path = tmp_path / file
    path.write_text(good, encoding="utf-8")
    run = ingest(tmp_path, IngestRequest(source, str(path)))
    assert run.counts["links"] and "value" not in run.issues
    for text in ("MODELS = load('models.json')", "def broken(:", "[" * 10_000, ""):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(DataError, match=source):
            ingest(tmp_path, IngestRequest(source, str(path)))
    assert Stored(tmp_path, run).links()
