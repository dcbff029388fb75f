"""The notebooks of docs/notebooks run as they are written, use the public face only, and keep no outputs."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import kg
from tests.gendocs import ROOT

FOLDER = ROOT / "docs" / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
MOST_BYTES = 20_000
# asyncio's loop of pyzmq, and sockets that jupyter_client closes late: none of ours.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def code_of(notebook: nbformat.NotebookNode) -> str:
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_small_and_uses_the_public_face(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert path.stat().st_size < MOST_BYTES
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code and not any(cell.outputs or cell.execution_count for cell in code)
    assert set(
        re.findall(r"\bkg\.(\w+)", re.sub(r"'''.*?'''", "", code_of(notebook), flags=re.S))
    ) <= {*kg.__all__}
    assert notebook.cells[0].source.startswith("# ")
    assert path.name in (FOLDER / "README.md").read_text("utf-8")


def test_there_are_four() -> None:
    assert len(NOTEBOOKS) == 4


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path: Path, snapshot_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GYEBO_HOME", str(snapshot_home))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    outputs = [out for cell in notebook.cells if cell.cell_type == "code" for out in cell.outputs]
    assert not [out for out in outputs if out.output_type == "error"]
    shown = [out.get("data", {}) for out in outputs]
    assert outputs and CHECKED[path.stem](shown), f"{path.name} shows nothing of what it says"


def shows_tables(shown: list[dict[str, str]]) -> bool:
    """At least two tables with a row."""
    tables = [data["text/html"] for data in shown if "<tbody>" in data.get("text/html", "")]
    return sum("<td>" in table for table in tables) >= 2


CHECKED = {
    "choose_a_base": lambda shown: (
        shows_tables(shown) and any("commercial use" in data.get("text/html", "") for data in shown)
    ),
    "audit_a_list": shows_tables,
    "draw_a_family": lambda shown: any("<svg" in data.get("text/html", "") for data in shown),
    "sparql_to_a_plot": lambda shown: sum("image/png" in data for data in shown) == 2,
}
