"""A name that passes for another is told wherever it is shown, and comes after what it passes for."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from kg.answers.license import license_answer
from kg.answers.search import search
from kg.answers.show import show
from kg.claims.run_writing import RunWriter
from kg.claims.runs import RunOrigin
from kg.cli.main import main
from kg.errors import UnknownId
from kg.ingest.ingest import IngestRequest, ingest
from kg.model.claim import Claim, Said
from kg.model.vocabulary import load_vocabulary
from kg.paths import DATA
from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner, serving

REAL, FALSE = "model/hf/meta-llama/Nimbus-7B", "model/hf/meta-llаma/Nimbus-7B"
ONLY = "model/hf/meta-llаma/Only-9B"
TOLD = "this name holds letters of another script: U+0430"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corner]:
    corner = Corner(tmp_path_factory.mktemp("lookalikes"))
    shutil.copytree(DATA / "ingest", corner.data / "ingest")
    corner.write("license/mit: {label: {en: MIT}}\n")
    writer = RunWriter(corner.config.home / "runs", "hub", load_vocabulary())
    for id, downloads in ((REAL, 5), (FALSE, 10**12), (ONLY, 10**12)):
        for property, value in (
            ("label", id.rpartition("/")[2]),
            ("hubId", id.removeprefix("model/hf/")),
            ("license", "license/mit"),
            ("downloads", downloads),
        ):
            lang = "en" if property == "label" else ""
            said = Said(value=value, source="source/hub", lang=lang)  # type: ignore[arg-type]
            writer.add(Claim(id, property, said))
    about = [
        Claim("source/hub", "label", Said(value="Hub", source="source/gyebo", lang="en")),
        Claim("source/hub", "sourceType", Said(value="hub-card", source="source/hub")),
    ]
    writer.finish(about, "source/hub", "x.json", "2026-11-29", RunOrigin(path="/x.json"))
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "components": [{"type": "machine-learning-model", "name": "Gеmma 9"}],
    }
    path = corner.data.parent / "stranger.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    ingest(corner.config.home, IngestRequest("bom", str(path)), corner.data)
    corner.build()
    yield corner
    for snapshot in corner.opened:
        snapshot.close()


@pytest.fixture
def built(home: Corner) -> Snapshot:
    return home.opened[0]


def test_answers_tell_it(built: Snapshot) -> None:
    assert show(built, FALSE).lookalike == TOLD and show(built, REAL).lookalike == ""
    assert "U+0430" in show(built, FALSE, "ko").lookalike
    assert show(built, FALSE, "ko").lookalike != TOLD
    (hit,) = (hit for hit in search(built, "Gеmma 9").hits if "bom" in hit.id)
    assert hit.lookalike == "this name holds letters of another script: U+0435"
    assert license_answer(built, FALSE).lookalike == TOLD
    assert license_answer(built, REAL).lookalike == ""


def test_it_never_comes_before_what_it_passes_for(built: Snapshot) -> None:
    for text in ("nimbus 7b", "meta-llama nimbus", "meta-llama/Nimbus-7B"):
        hits = search(built, text).hits
        assert [hit.id for hit in hits][:1] == [REAL], text
        assert {hit.id: bool(hit.lookalike) for hit in hits}.get(FALSE, True)


def test_a_name_leads_to_what_is_written_so_only(built: Snapshot) -> None:
    assert show(built, "meta-llama/Nimbus-7B").id == REAL
    assert show(built, "meta-llаma/Nimbus-7B").id == FALSE
    with pytest.raises(UnknownId):
        show(built, "meta-llama/Only-9B")
    with pytest.raises(UnknownId, match=r"letters of another script: U\+0430"):
        show(built, "meta-llamа/Nimbus-7B")


@pytest.mark.parametrize("command", [("show", FALSE), ("search", "nimbus"), ("license", FALSE)])
def test_the_terminal_and_the_pages_tell_it(home: Corner, command: tuple[str, str]) -> None:
    asked = ["--home", str(home.config.home), *command]
    assert TOLD in CliRunner().invoke(main, asked).output
    assert "U+0430" in CliRunner().invoke(main, [*asked, "--lang", "ko"]).output


@pytest.mark.parametrize("path", [f"/{FALSE}", "/search?q=nimbus", f"/license-check?id={FALSE}"])
def test_pages_tell_it(home: Corner, path: str) -> None:
    with serving(home.config) as app:
        client = app.test_client()
        for lang in ("en", "ko"):
            text = client.get(
                f"{path}{'&' if '?' in path else '?'}lang={lang}",
                headers={"Accept": "text/html"},
                follow_redirects=True,
            ).text
            assert "U+0430" in text
