"""The catalog of shipped facts: its files read back as written, made from raw files, taken up by a build."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest

from kg.claims.claim_files import read_claims
from kg.claims.runs import IdentityLink
from kg.errors import DataError, InputError
from kg.ingest.catalog._notice import notice_text
from kg.ingest.catalog._plan import read_plan
from kg.ingest.catalog.catalog import NOTICE, make_catalog
from kg.ingest.catalog.catalog_files import (
    FOLDER,
    CatalogFile,
    CatalogHead,
    catalog_files,
    encode_catalog,
)
from kg.ingest.ingest import IngestRequest, ingest
from kg.model.claim import Claim, Said
from kg.paths import DATA
from tests.conftest import Corner

HEAD = CatalogHead(
    source="source/open-llms",
    origin="a table",
    retrieved="2026-11",
    records=3,
    kept={"model": 2},
    left_out={},
    issues={"dangling": 1},
)


def said(value: str | int | None, **more: object) -> Said:
    return Said(value=value, source="source/open-llms", **more)  # type: ignore[arg-type]


CLAIMS = [
    Claim("model/hf/b/b", "label", said("b", locator="list:2", lang="en")),
    Claim("model/hf/b/b", "label", said("비", locator="list:2", lang="ko")),
    Claim("model/hf/b/b", "license", said(None, locator="list:2")),
    Claim("model/hf/b/b", "derivedFrom", said("model/hf/a/a", locator="list:9", note="by name")),
    Claim("model/hf/b/b", "derivedFrom", said("model/hf/c/c", locator="list:2", inferred=True)),
    Claim("model/hf/c/c", "derivedFrom", said("model/hf/d/d", locator="list:3", note="by name")),
    Claim("model/hf/a/a", "label", said("a", locator="list:1", lang="en")),
    Claim("model/hf/a/a", "parameterCount", said(7_000_000_000, locator="list:1")),
    Claim("model/hf/a/a", "gated", Said(value="no", source="source/hub", note="as of today")),
    Claim("source/open-llms", "label", Said(value="Open LLMs", source="source/gyebo", lang="en")),
]
LINKS = [
    IdentityLink("model/ms/a/a", "model/hf/a/a", "the source names both"),
    IdentityLink("model/hf/b/old", "model/hf/b/b", "renamed", True),
]


def write(folder: Path, content: bytes) -> CatalogFile:
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    path = folder / FOLDER / "open-llms.jsonl"
    path.write_bytes(content)
    return CatalogFile(path)


def test_a_file_says_what_it_was_made_from(tmp_path: Path) -> None:
    file = write(tmp_path, encode_catalog(HEAD, CLAIMS, LINKS))
    assert msgspec.structs.replace(file.head, notes={}) == HEAD
    assert file.head.notes == {"derivedFrom": "by name", "gated": "as of today"}
    key = repr
    assert sorted(file.claims(), key=key) == sorted(CLAIMS, key=key)
    assert sorted(file.links(), key=key) == sorted(LINKS, key=key)


def test_a_file_is_sorted_whatever_the_order_and_repeats_nothing() -> None:
    content = encode_catalog(HEAD, CLAIMS, LINKS)
    again = encode_catalog(HEAD, [*reversed(CLAIMS), *CLAIMS], [*reversed(LINKS), *LINKS])
    assert content == again
    ids = [line.split(b'"')[3] for line in content.splitlines()[1:]]
    assert ids == sorted(ids) and len(set(ids)) == len(ids)


def test_a_name_that_each_record_repeats_stands_once(tmp_path: Path) -> None:
    names = [
        Claim("org/open-llms/x", "label", said("X", locator=f"list:{line}", lang="en"))
        for line in range(9)
    ]
    assert len(list(write(tmp_path, encode_catalog(HEAD, names, [])).claims())) == 1


@pytest.mark.parametrize(
    "line", [b"{", b'{"at":"x"}', b'{"id":"model/a","license":{"note":"no value"}}', b"\xff", b"[]"]
)
def test_a_broken_line_is_told_with_file_and_line(tmp_path: Path, line: bytes) -> None:
    file = write(tmp_path, encode_catalog(HEAD, CLAIMS[:1], []) + line + b"\n")
    with pytest.raises(DataError, match=r"catalog/open-llms\.jsonl:3"):
        list(file.claims())


@pytest.mark.parametrize(
    "line",
    [
        b'{"same":[["model/a","why"]]}',
        b'{"id":"model/a","same":[7]}',
        b'{"id":"model/a","same":["ab"]}',
    ],
)
def test_a_broken_link_is_told_with_file_and_line(tmp_path: Path, line: bytes) -> None:
    file = write(tmp_path, encode_catalog(HEAD, CLAIMS[:1], []) + line + b"\n")
    with pytest.raises(DataError, match=r"catalog/open-llms\.jsonl:3"):
        list(file.links())


def test_a_file_without_a_head_is_no_catalog(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"open-llms\.jsonl:1"):
        write(tmp_path, b'{"id":"model/a"}\n')


TABLE = """\
# Open LLMs

| Language Model | Release Date | Checkpoints | Paper/Blog | Params (B) | Context Length | Licence |
| --- | --- | --- | --- | --- | --- | --- |
| T5 | 2019/10 | [T5](https://huggingface.co/t5-small) | [p](https://a.example) | 0.06 | 512 | Apache 2.0 |
"""


@pytest.fixture
def planned(tmp_path: Path) -> Path:
    """A data folder whose catalog is made of one table."""
    data = tmp_path / "planned"
    shutil.copytree(DATA, data, ignore=shutil.ignore_patterns(FOLDER, "curated", "evaluations"))
    (data / FOLDER).mkdir()
    (data / FOLDER / "catalog.yaml").write_text(
        "selection: {downloads: 1, languages: [], tasks: []}\n"
        "sources:\n  open-llms: {raw: open-llms/README.md, origin: a table, retrieved: 2026-11}\n"
    )
    raw = tmp_path / "raw" / "open-llms"
    raw.mkdir(parents=True)
    (raw / "README.md").write_text(TABLE)
    return data


def test_it_is_made_from_raw_files_and_the_same_again(planned: Path) -> None:
    heads = make_catalog([planned.parent / "raw"], planned)
    path = planned / FOLDER / "open-llms.jsonl"
    first = path.read_bytes()
    assert heads["open-llms"].records == 1 and heads["open-llms"].kept["model"] >= 1
    assert b'"at":"README.md:5' in first
    assert "Apache License 2.0" in (planned / FOLDER / NOTICE).read_text()
    make_catalog([planned.parent / "raw"], planned)
    assert path.read_bytes() == first


def test_a_source_without_raw_files_is_told_and_nothing_is_written(planned: Path) -> None:
    with pytest.raises(InputError, match="no raw files of open-llms"):
        make_catalog([planned.parent], planned)
    assert not list((planned / FOLDER).glob("*.jsonl"))


def test_a_source_without_a_license_is_not_shipped(planned: Path) -> None:
    plan = planned / FOLDER / "catalog.yaml"
    plan.write_text(plan.read_text().replace("open-llms:", "ecosystem-graphs:"))
    with pytest.raises(DataError, match="no license under which"):
        make_catalog([planned.parent / "raw"], planned)


def test_a_plan_with_an_unknown_field_is_refused(planned: Path) -> None:
    plan = planned / FOLDER / "catalog.yaml"
    plan.write_text(plan.read_text().replace("downloads", "download"))
    with pytest.raises(DataError, match=r"catalog\.yaml"):
        make_catalog([planned.parent / "raw"], planned)


def test_a_build_takes_it_up_and_a_run_takes_its_place(corner: Corner, planned: Path) -> None:
    make_catalog([planned.parent / "raw"], planned)
    for name in ("ingest", FOLDER):
        shutil.copytree(planned / name, corner.data / name)
    corner.write(
        "license/apache-2.0:\n  label: {en: Apache License 2.0, ko: 아파치 라이선스 2.0}\n"
    )
    snapshot = corner.build()
    t5 = snapshot.entity(snapshot.find("model/open-llms/t5"))
    assert t5 and t5.values("releaseDate") == ("2019-10",)
    assert {s.source for f in t5.facts for s in f.claims} == {"source/open-llms"}
    newer = corner.data.parent / "README.md"
    newer.write_text(TABLE.replace("2019/10", "2019/11"))
    run = ingest(corner.config.home, IngestRequest("open-llms", str(newer)), corner.data)
    again = corner.build()
    entity = again.entity(again.find("model/open-llms/t5"))
    assert entity and entity.values("releaseDate") == ("2019-11",)
    claims = corner.config.home / "runs" / run.name / "claims.jsonl"
    assert len(list(read_claims(claims))) > 0


def test_the_notice_names_what_is_shipped() -> None:
    assert (DATA / FOLDER / NOTICE).read_text() == notice_text(read_plan(DATA))
    assert {file.name for file in catalog_files(DATA)} == set(read_plan(DATA).sources)


def test_the_shipped_files_are_whole_and_small() -> None:
    files = catalog_files(DATA)
    assert sum(file.path.stat().st_size for file in files) <= 12e6
    hub = {c.subject for f in files for c in f.claims() if c.subject.startswith("model/hf/")}
    assert len(hub) >= 8_000
    for file in files:
        lines = file.path.read_bytes().splitlines()[1:]
        ids = [line.split(b'"')[3] for line in lines]
        assert ids == sorted(ids), file.name
        assert len(ids) == sum(file.head.kept.values()) or list(file.links()), file.name
