"""`gyebo document`, Word documents, and the documents beside a model on the site."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kg.documents.document import draft_document
from kg.documents.docx import word_document
from kg.documents.form import forms
from kg.documents.markdown import document_markdown
from kg.errors import KGError, NotInstalled
from kg.snapshot.snapshot import Snapshot
from tests.cli.test_cli import gyebo

ASKED = ("document", "eu-annex-xi", "--model", "alpaca-7b")


def test_the_command_writes_what_is_drafted(
    snapshot: Snapshot, snapshot_home: Path, tmp_path: Path
) -> None:
    expected = document_markdown(draft_document(snapshot, "eu-annex-xi", "alpaca-7b", "ko"), "ko")
    path = tmp_path / "annex.md"
    done = gyebo(snapshot_home, *ASKED, "--lang", "ko", "-o", str(path))
    assert path.read_text("utf-8") == expected and "알 수 없어 (?)" in done.stderr
    assert gyebo(snapshot_home, *ASKED, "--lang", "ko").stdout == expected


def test_the_command_answers_programs(snapshot_home: Path, tmp_path: Path) -> None:
    answer = json.loads(gyebo(snapshot_home, *ASKED, "--json").stdout)
    assert (
        answer["model"]["id"] == "model/alpaca-7b"
        and answer["total"] == forms()["eu-annex-xi"].lines
    )
    path = tmp_path / "annex.json"
    gyebo(snapshot_home, *ASKED, "-o", str(path))
    assert json.loads(path.read_bytes()) == answer


def test_the_forms_are_listed(snapshot_home: Path) -> None:
    text = gyebo(snapshot_home, "document", "--list", "--lang", "ko").stdout
    assert all(name in text for name in forms()) and "제53조 제1항 (a)호" in text
    listed = json.loads(gyebo(snapshot_home, "document", "--list", "--json").stdout)
    assert [one["form"] for one in listed] == [*forms()]
    assert all(one["basis"]["url"].startswith("https://") for one in listed)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "name a form and a model"),
        (("eu-annex-xi",), "name a form and a model"),
        (("annex", "--model", "alpaca-7b"), "unknown form 'annex'; known are: eu-annex-xi"),
        (("eu-annex-xi", "--model", "llama-9000"), "llama-9000"),
        (("eu-annex-xi", "--model", "family/llama"), "is not a model"),
        (("eu-annex-xi", "--model", "alpaca-7b", "-o", "a.pdf"), "is written as .md, .docx, .json"),
        (("eu-annex-xi", "--model", "alpaca-7b", "-o", "a.md", "--json"), "ends in .json"),
        (("eu-annex-xi", "--model", "alpaca-7b", "-o", "none/a.md"), "cannot write none/a.md"),
    ],
)
def test_what_cannot_be_drafted_is_told_in_a_line(
    snapshot_home: Path, arguments: tuple[str, ...], message: str
) -> None:
    done = gyebo(snapshot_home, "document", *arguments, code=2)
    assert message in done.stderr and not done.stdout
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_draft_that_somebody_completed_is_not_written_over(
    snapshot_home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "annex.md"
    path.write_text("completed")
    done = gyebo(snapshot_home, *ASKED, "-o", str(path), code=2)
    assert "--force writes over it" in done.stderr and path.read_text() == "completed"
    gyebo(snapshot_home, *ASKED, "-o", str(path), "--force")
    assert path.read_text("utf-8").startswith("# Technical documentation")


# ---- Word


def program(folder: Path, text: str) -> None:
    """A program called pandoc."""
    path = folder / "pandoc"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def test_without_pandoc_one_line_says_so(
    snapshot_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotInstalled, match="Word documents need an optional part: install pandoc"):
        word_document("# a")
    path = tmp_path / "a.docx"
    done = gyebo(snapshot_home, *ASKED, "-o", str(path), code=1)
    assert "install pandoc" in done.stderr and not path.exists()


def test_pandoc_is_given_the_text_in_its_sandbox(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, 'echo "$SOURCE_DATE_EPOCH $@"; cat')
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    said = word_document("# 한국어").decode()
    assert said.startswith("315532800 --sandbox --from=commonmark --to=docx")
    assert said.endswith("# 한국어")


def test_what_pandoc_says_is_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "echo Unknown option --sandbox. >&2; exit 6")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(KGError, match="pandoc failed: Unknown option --sandbox"):
        word_document("# a")


# ---- the site


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_documents_stand_beside_their_model(
    client: FlaskClient, snapshot: Snapshot, lang: str
) -> None:
    page = client.get(f"/model/alpaca-7b?lang={lang}", headers={"Accept": "text/html"}).text
    for name in forms():
        address = f"/model/alpaca-7b/document/{name}.md?lang={lang}"
        assert f'href="{address}"' in page
    answer = client.get(address)
    document = draft_document(snapshot, name, "alpaca-7b", lang)
    assert answer.text == document_markdown(document, lang)
    assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8"
    data = client.get(address.replace(".md", ".json"))
    assert json.loads(data.text)["unknown"] == document.unknown


def test_what_has_no_documents(client: FlaskClient) -> None:
    assert client.get("/family/llama/document/eu-annex-xi.md").status_code == 404
    assert client.get("/model/alpaca-7b/document/none.md").status_code == 404
    assert client.get("/model/alpaca-7b/document/eu-annex-xi.md?lang=xx").status_code == 400
    assert "document/" not in client.get("/family/llama", headers={"Accept": "text/html"}).text
