"""Sources are modules that define SOURCE: what each must say, and how they are found and loaded."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from click.testing import CliRunner

from kg.cli.main import main
from kg.errors import InputError
from kg.ingest.kit.source_record import SourceRecord
from kg.ingest.registry import find_sources, load_source
from kg.paths import DATA

SOURCES = find_sources()
RECORDS = [
    pytest.param(record, id=record.id)
    for module in SOURCES.values()
    for record in (module.SOURCE, *module.SOURCE.also)
]
MODULE = """
from kg.source_record import SourceRecord
SOURCE = SourceRecord(id="{id}", label={{}}, description={{}}, source_type="list")
"""


@pytest.mark.parametrize("record", RECORDS)
def test_a_source_says_what_it_is(record: SourceRecord) -> None:
    for texts in (record.label, record.description):
        assert texts.keys() == {"en", "ko"} and all(text.strip() for text in texts.values())
    assert record.source_type in yaml.safe_load((DATA / "trust.yaml").read_text("utf-8"))
    assert not record.license or record.license.startswith("license/")
    for address in (record.homepage, record.fetch):
        assert not address or address.startswith("https://")
    assert not record.query or (record.fetch and (DATA / "ingest" / record.query).is_file())
    assert not (record.each and (record.fetch or record.live)), "of many paths, none is its home"


def test_a_module_is_named_after_its_source() -> None:
    assert len(SOURCES) > 10 and list(SOURCES) == sorted(SOURCES)
    for id, module in SOURCES.items():
        assert load_source(id) is module
    also = [quoted.id for module in SOURCES.values() for quoted in module.SOURCE.also]
    assert len({*also, *SOURCES}) == len(also) + len(SOURCES)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A package of two sources and of a module that is none."""
    folder = tmp_path / "oaks"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "helper.py").write_text("SOURCE = 'a text'\n")
    (folder / "red_oak.py").write_text(MODULE.format(id="red.oak"))
    (folder / "white_oak.py").write_text(MODULE.format(id="white-oak"))
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in ("oaks", "oaks.helper", "oaks.red_oak", "oaks.white_oak"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return import_module("oaks")


def test_sources_are_found_by_being_there(package: ModuleType) -> None:
    assert list(find_sources(package)) == ["red.oak", "white-oak"]


def test_one_source_is_loaded_without_the_others(package: ModuleType) -> None:
    assert load_source("red.oak", package).SOURCE.id == "red.oak"
    assert "oaks.red_oak" in sys.modules and "oaks.white_oak" not in sys.modules


@pytest.mark.parametrize("id", ["", "helper", "red-oak", "red_oak", "oak", "../red.oak", "red oak"])
def test_what_is_no_source_is_refused(package: ModuleType, id: str) -> None:
    with pytest.raises(InputError, match=r"no source .*; known: red\.oak, white-oak"):
        load_source(id, package)


def test_the_command_completes_sources() -> None:
    done = CliRunner().invoke(
        main,
        env={
            "_ROOT_COMPLETE": "bash_complete",
            "COMP_WORDS": "root ingest open-llm",
            "COMP_CWORD": "2",
        },
        prog_name="root",
    )
    names = [line.partition(",")[2] for line in done.stdout.splitlines()]
    assert names == ["open-llm-leaderboard", "open-llms"]


def test_the_list_loads_nothing_that_takes_long() -> None:
    code = "import sys, kg.cli\ntry: kg.cli.main()\nfinally: print(*sys.modules, file=sys.stderr)"
    arguments = [sys.executable, "-c", code, "ingest", "--list"]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    assert all(f"{id} " in done.stdout for id in SOURCES)
    heavy = {"jsonschema", "huggingface_hub", "pyarrow", "pandas", "rdflib", "pyshacl", "networkx"}
    assert not heavy & {*done.stderr.split()}
