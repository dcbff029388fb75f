"""A release as files to hand on: whole, the same bytes each time, described as they are."""

from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import rdflib
from click.testing import CliRunner
from flask.testing import FlaskClient

import kg
from kg.cli.main import main
from kg.export import dump as dumps
from kg.export import table_files
from kg.export.columns import TABLES, columns_of
from kg.export.dump import SUMS, DumpAnswer, dump_name, read_sums, write_dump
from kg.model.vocabulary import load_vocabulary
from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner
from tests.released import released

DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")


@pytest.fixture(scope="module")
def dump(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> DumpAnswer:
    return write_dump(snapshot, tmp_path_factory.mktemp("dumps") / "new")


@pytest.fixture
def folder(dump: DumpAnswer) -> Path:
    return Path(dump.folder)


def test_it_is_dated_and_whole(snapshot: Snapshot, folder: Path, dump: DumpAnswer) -> None:
    assert folder.name == f"gyebo-{snapshot.manifest.as_of}-{snapshot.manifest.version}"
    there = {path.name for path in folder.iterdir()}
    assert there == {*dump.files, SUMS} and {f"{table}.parquet" for table in TABLES} < there
    assert not list(folder.parent.glob("*.part"))
    assert read_sums(folder) == {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in dump.files
    }
    assert {name: file.bytes for name, file in dump.files.items()} == {
        name: (folder / name).stat().st_size for name in dump.files
    }


def test_the_same_release_gives_the_same_bytes(
    snapshot: Snapshot, folder: Path, tmp_path: Path
) -> None:
    again = Path(write_dump(snapshot, tmp_path).folder)
    assert (again / SUMS).read_bytes() == (folder / SUMS).read_bytes()
    assert write_dump(snapshot, tmp_path).folder == str(again)  # what stands there is left


def test_another_folder_of_this_name_is_not_touched(snapshot: Snapshot, tmp_path: Path) -> None:
    stands = tmp_path / dump_name(snapshot)
    stands.mkdir()
    (stands / "mine.txt").write_text("mine")
    with pytest.raises(kg.InputError, match="move it away"):
        write_dump(snapshot, tmp_path)
    assert [path.name for path in tmp_path.rglob("*")] == [stands.name, "mine.txt"]


def test_tables_are_those_of_the_library(snapshot: Snapshot, folder: Path) -> None:
    for name in ("models", "edges", "claims", "verdicts", "scores", "identities"):
        assert pq.read_table(folder / f"{name}.parquet").equals(getattr(kg, name)(snapshot))


def test_the_graph_is_that_of_the_release(snapshot: Snapshot, folder: Path) -> None:
    assert gzip.decompress((folder / "gyebo.nq.gz").read_bytes()).decode() == released(
        snapshot.folder, "graph.nq"
    )


def test_verdicts_in_json_are_those_of_the_table(folder: Path) -> None:
    told = json.loads((folder / "verdicts.json").read_bytes())
    rows = pq.read_table(folder / "verdicts.parquet").to_pylist()
    found = {
        (id, use): (verdict, " ".join(doubts) or None)
        for id, uses in told["verdicts"].items()
        for use, (verdict, *doubts) in zip(told["uses"], uses, strict=True)
    }
    assert found == {(row["id"], row["use"]): (row["verdict"], row["doubt"]) for row in rows}


def test_every_source_has_its_license_or_none(snapshot: Snapshot, folder: Path) -> None:
    text = (folder / "NOTICE.md").read_text("utf-8")
    assert (folder / "LICENSE").read_text().startswith("Creative Commons Legal Code")
    sources = [entity.id for entity in snapshot.entities("source")]
    lines = [line for line in text.splitlines() if line.startswith("| source/")]
    assert [line.split(" | ")[0].removeprefix("| ") for line in lines] == sources
    (litellm,) = [line for line in lines if "source/litellm " in line]
    assert "| MIT License |" in litellm or "MIT" in litellm
    (unknown,) = [line for line in lines if "source/survey-000 " in line]
    assert "| none known |" in unknown


# ---- descriptions


def test_croissant_names_what_is_there(snapshot: Snapshot, folder: Path) -> None:
    told = json.loads((folder / "croissant.json").read_bytes())
    sums = read_sums(folder)
    for file in told["distribution"]:
        assert file["sha256"] == sums[file["contentUrl"]]
        assert file["contentSize"] == f"{(folder / file['contentUrl']).stat().st_size} B"
    records = {one["name"]: one for one in told["recordSet"]}
    assert [*records] == [*TABLES]
    for name, one in records.items():
        known = columns_of(name, load_vocabulary())
        assert [field["name"] for field in one["field"]] == [c.name for c in known]
        assert [field["description"] for field in one["field"]] == [c.meaning for c in known]
    assert told["datePublished"] == snapshot.manifest.as_of
    assert "dump.invalid" not in (folder / "dcat.ttl").read_text("utf-8")


def test_keys_are_keys(folder: Path) -> None:
    told = json.loads((folder / "croissant.json").read_bytes())
    for one in told["recordSet"]:
        keys = one.get("key", [])
        names = [k["@id"].partition("/")[2] for k in (keys if isinstance(keys, list) else [keys])]
        if names and one["name"] != "scores":
            rows = pq.read_table(folder / f"{one['name']}.parquet", columns=names).to_pylist()
            assert len({tuple(row.values()) for row in rows}) == len(rows), one["name"]
    nodes = {row["id"] for row in pq.read_table(folder / "nodes.parquet").to_pylist()}
    edges = pq.read_table(folder / "edges.parquet").to_pylist()
    assert {row["parent"] for row in edges} | {row["child"] for row in edges} <= nodes


def test_dcat_names_files_beside_it(folder: Path) -> None:
    place = "https://dumps.example/2026/"
    graph = rdflib.Graph().parse(folder / "dcat.ttl", format="turtle", publicID=f"{place}dcat.ttl")
    sums = read_sums(folder)
    found = {str(address): node for node, address in graph.subject_objects(DCAT.downloadURL)}
    assert {f"{place}{name}" for name in TABLES_AND_GRAPH} <= found.keys()
    for address, node in found.items():
        checksum = graph.value(graph.value(node, SPDX.checksum), SPDX.checksumValue)
        assert str(checksum) == sums[address.removeprefix(place)]


TABLES_AND_GRAPH = (*(f"{table}.parquet" for table in TABLES), "gyebo.nq.gz", "verdicts.json")


@pytest.mark.slow
def test_mlcroissant_takes_the_description(folder: Path, tmp_path: Path) -> None:
    """The reference implementation finds no error in it, and reads the rows of the tables by it."""
    pytest.importorskip("mlcroissant")
    code = f"""
import itertools, json, mlcroissant as mlc
made = mlc.Dataset(jsonld={str(folder / "croissant.json")!r})
print(json.dumps({{
    "errors": [*made.metadata.ctx.issues.errors], "warnings": [*made.metadata.ctx.issues.warnings],
    "row": [str(v) for v in next(iter(made.records("verdicts"))).values()],
    "n": sum(1 for _ in made.records("scores")),
}}))"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["errors"] == [] and told["warnings"] == [] and "not standard" not in done.stderr
    assert told["n"] == pq.read_table(folder / "scores.parquet").num_rows
    assert any(
        "prohibited" in value or "unknown" in value or "allowed" in value for value in told["row"]
    )


# ---- the command, the site


def test_the_command(snapshot_home: Path, tmp_path: Path) -> None:
    run = CliRunner().invoke
    args = ["--home", str(snapshot_home), "dump", str(tmp_path / "d")]
    done = run(main, [*args, "--json"])
    assert done.exit_code == 0, done.output
    assert Path(json.loads(done.output)["folder"]).is_dir()
    assert "파일" in run(main, [*args, "--lang", "ko"]).output
    (tmp_path / "file").touch()
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        failed = run(main, ["--home", str(snapshot_home), "dump", str(place)])
        assert failed.exit_code == 2 and len(failed.output.strip().splitlines()) <= 4
    assert run(main, ["--home", str(tmp_path / "no"), "dump", str(tmp_path)]).exit_code == 1


def test_without_pyarrow(
    snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dumps, "HAS_PARQUET", False)
    monkeypatch.setattr(table_files, "HAS_PARQUET", False)
    with pytest.raises(kg.NotInstalled, match=r"gyebo\[parquet\]"):
        write_dump(snapshot, tmp_path / "d")
    assert not (tmp_path / "d").exists()


def test_names_that_markdown_would_read(corner: Corner, tmp_path: Path) -> None:
    corner.write("""
source/odd:
  label: {en: 'a | <b>\\ c'}
  claims: {sourceType: [{value: list, from: gyebo}]}
""")
    folder = Path(write_dump(corner.build(), tmp_path).folder)
    (line,) = [
        s for s in (folder / "NOTICE.md").read_text("utf-8").splitlines() if "source/odd" in s
    ]
    assert line == "| source/odd | a \\| &lt;b>\\\\ c | none known |  |  |"


def test_an_undated_release(corner: Corner, tmp_path: Path) -> None:
    corner.write("model/a: {label: {en: A}}")
    built = corner.build()
    folder = Path(write_dump(built, tmp_path).folder)
    told = json.loads((folder / "croissant.json").read_bytes())
    if not built.manifest.as_of:
        assert folder.name.startswith("gyebo-undated-") and "datePublished" not in told
        assert (
            told["version"] == "0.0.0" and "dct:modified" not in (folder / "dcat.ttl").read_text()
        )


def test_nothing_is_served_where_no_dump_was_made(client: FlaskClient) -> None:
    page = client.get("/data").text
    assert "/data/dump/" not in page and "/data/croissant.json" in page
    assert client.get("/data/dump/models.parquet").status_code == 404
