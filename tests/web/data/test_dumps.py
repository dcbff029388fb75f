"""The page of downloads: the dump where one was made, Croissant, and lines that run as they are printed."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from html import unescape
from pathlib import Path

import duckdb
import pytest
from flask.testing import FlaskClient

from kg.export.dump import SUMS, write_dump
from kg.messages.message import translate
from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner, serving
from tests.web.app.test_web import spaced
from web.data._files import STARTS, Start
from web.data.dumps import RECIPES


@pytest.fixture(scope="module")
def folder(snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(write_dump(snapshot, tmp_path_factory.mktemp("dumps")).folder)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.question[:30])
def test_the_lines_run_as_they_are_printed(folder: Path, client: FlaskClient, recipe) -> None:  # type: ignore[no-untyped-def]
    page = unescape(client.get("/data").text)
    assert f"<code>{recipe.code}</code>" in page
    assert translate(recipe.question, lang="ko") in spaced(
        unescape(client.get("/data?lang=ko").text)
    )
    if recipe.tool == "DuckDB":
        with duckdb.connect() as base:
            base.execute(f"SET file_search_path = '{folder}'")
            assert base.sql(recipe.code).fetchall()
    else:
        *first, last = recipe.code.splitlines()
        code = "\n".join([*first, f"print(({last}).to_string())"])
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True
        )
        assert len(done.stdout.splitlines()) > 2


@pytest.mark.parametrize("start", STARTS, ids=lambda start: start.heading)
def test_a_beginning_runs_where_its_file_was_saved(
    client: FlaskClient, snapshot: Snapshot, tmp_path: Path, start: Start
) -> None:
    page = unescape(client.get("/data").text)
    assert f"<code>{start.code}</code>" in page and f'href="/data/{start.file}"' in page
    name = start.file.rpartition("/")[2]
    assert f'"{name}"' in start.code
    (tmp_path / name).write_bytes((snapshot.folder / "release" / start.file).read_bytes())
    run = [sys.executable, "-c", start.code]
    subprocess.run(run, cwd=tmp_path, capture_output=True, check=True)


def test_each_file_of_the_release_is_in_one_group(client: FlaskClient, snapshot: Snapshot) -> None:
    page = client.get("/data").text.partition('<h2 id="tables">')[2]
    for name, file in snapshot.manifest.files.items():
        assert page.count(f'<a href="/data/{name}">') == 1
        assert f"{file.sha256}  {name}" in page


def test_the_answers_are_no_false_permission(folder: Path, snapshot: Snapshot) -> None:
    with duckdb.connect() as base:
        base.execute(f"SET file_search_path = '{folder}'")
        found = [row[0] for row in base.sql(RECIPES[0].code).fetchall()]
    for id in found:
        assert snapshot.verdicts[snapshot.number(id)][0] == 1


def test_the_dump_is_served_where_one_was_made(corner: Corner) -> None:
    corner.write("model/a: {label: {en: A}}")
    built = corner.build()
    folder = Path(write_dump(built, corner.config.home / "dumps").folder)
    with serving(corner.config) as app:
        client = app.test_client()
        assert 'href="/data/dump/models.parquet"' in client.get("/data").text
        for line in (folder / SUMS).read_text().splitlines():
            sha256, name = line.split("  ")
            answer = client.get(f"/data/dump/{name}", buffered=True)
            assert hashlib.sha256(answer.data).hexdigest() == sha256
            assert answer.headers["Content-Disposition"].startswith("attachment")
            known = {"If-None-Match": f'"{sha256}"'}
            with client.get(f"/data/dump/{name}", headers=known) as again:
                assert again.status_code == 304
        for name in ("SHA256SUMS.part", "..%2f..%2fcurrent", "nothing", "%00", ".."):
            assert client.get(f"/data/dump/{name}").status_code == 404


def test_croissant_of_the_site(client: FlaskClient, snapshot: Snapshot) -> None:
    answer = client.get("/data/croissant.json")
    assert answer.content_type == "application/ld+json"
    for file in json.loads(answer.data)["distribution"]:
        name = file["contentUrl"].removeprefix(snapshot.manifest.base)
        assert (
            hashlib.sha256(client.get(f"/{name}", buffered=True).data).hexdigest() == file["sha256"]
        )


def test_a_package_url_leads_to_the_page(client: FlaskClient) -> None:
    found = client.get("/pkg:huggingface/meta-llama/Llama-2-7b-hf@abc")
    assert found.status_code == 308 and found.location == "/model/llama-2-7b"
    told = client.get("/pkg:pypi/transformers", headers={"Accept": "application/json"})
    assert told.status_code == 400 and "pkg:huggingface/owner/name" in told.json["detail"]  # type: ignore[index]
    page = client.get("/search.json?q=pkg:huggingface/meta-llama/Llama-2-7b-hf")
    assert "model/llama-2-7b" in [hit["id"] for hit in page.json["hits"][:3]]  # type: ignore[index]
