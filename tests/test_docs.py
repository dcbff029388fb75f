"""Documentation is true: generated parts are current, lists are complete, commands run as written."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable
from contextlib import chdir
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from packaging.requirements import Requirement
from packaging.version import Version

from kg.build.inputs import trust_levels
from kg.cli.main import main
from kg.config import Config
from kg.ingest.registry import find_sources
from kg.messages.message import translate
from kg.paths import DATA
from kg.snapshot.snapshot import Snapshot
from kg.sparql import pool as sparql
from tests.gendocs import FILES, ROOT


@pytest.mark.parametrize(("name", "generate"), FILES.items())
def test_generated_documentation_is_current(name: str, generate: Callable[[str], str]) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert text == generate(text), "run python -m tests.gendocs"


def test_every_module_is_on_the_map() -> None:
    text = (ROOT / "kg" / "README.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| \d+ \| `([\w/]+)` \|", text, re.MULTILINE))
    there = {str(p.relative_to(ROOT / "kg").with_suffix("")) for p in (ROOT / "kg").rglob("*.py")}
    sources = {m.__name__.removeprefix("kg.").replace(".", "/") for m in find_sources().values()}
    assert listed == {name for name in there - sources if not name.endswith("__init__")}


def test_links_between_documents_lead_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *ROOT.glob("*/README.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page}: {target}"


@pytest.mark.parametrize(
    "path", sorted((ROOT / "ontology" / "examples").glob("*.rq")), ids=lambda p: p.stem
)
def test_example_queries_have_titles_and_rows(path: Path, snapshot: Snapshot) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.match(r"# en: \S.*\n# ko: \S.*[가-힣]", text)
    pool = sparql.Pool()
    result = pool.query(snapshot.dataset, text, "csv", "ntriples")
    pool.close()
    assert len(result.body.splitlines()) > 1


def requirements() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    named = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    return [Requirement(name) for name in named]


def locked() -> dict[str, Version]:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    found = re.findall(r"^([\w.-]+)==([^ ;\\]+)", text, re.MULTILINE)
    return {name.lower(): Version(version) for name, version in found}


@pytest.mark.parametrize("requirement", requirements(), ids=lambda r: r.name)
def test_the_lock_agrees_with_pyproject(requirement: Requirement) -> None:
    assert requirement.specifier.contains(locked()[requirement.name.lower()])


def test_the_lock_has_hashes_and_no_address() -> None:
    for name in ("requirements.lock", "tests/browser/requirements.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert text.count("--hash=sha256:") >= text.count("==") > 0
        assert "://" not in text


def test_no_lock_records_download_addresses() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "*.lock", "*lock.json"],
        cwd=ROOT,
        text=True,
        capture_output=True,
        check=False,
    ).stdout.split()
    assert set(tracked) <= {"requirements.lock", "tests/browser/requirements.lock"}


def tour() -> list[str]:
    """The commands of the README, but for the one that asks another machine."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = re.findall(r"^(gyebo .*?)(?:\s+#.*)?$", text, re.MULTILINE)
    return [line for line in lines if not line.startswith("gyebo ingest hub ")]


@pytest.fixture
def visited(snapshot_home: Path, tmp_path: Path) -> Path:
    """A folder where the commands of the README can run, and a home in it."""
    home = tmp_path / "home"  # the snapshot of all tests, and runs of its own
    home.mkdir()
    (home / "snapshots").symlink_to(snapshot_home / "snapshots")
    (home / "current").symlink_to((snapshot_home / "current").readlink())
    (tmp_path / "ontology").symlink_to(ROOT / "ontology")
    (tmp_path / "my-model").mkdir()
    card = tmp_path / "my-model" / "README.md"
    card.write_text("---\nbase_model: huggyllama/llama-7b\n---\n", encoding="utf-8")
    return tmp_path


def test_readme_commands_are_right(visited: Path) -> None:
    assert len(tour()) >= 6
    with chdir(visited):
        for line in tour():
            words = ["--home", "home", *shlex.split(line)[1:]]
            done = CliRunner().invoke(main, words)
            assert (done.exit_code, done.stderr) == (0, ""), line
            assert done.stdout or "-o" in line


@pytest.mark.slow
def test_readme_commands_run_as_written(visited: Path) -> None:
    """The tour of the README, line by line."""
    program = f'gyebo() {{ {sys.executable} -m kg.cli --home home "$@"; }}\ncd {visited}\n'
    for line in tour():
        done = subprocess.run(["bash", "-c", program + line], capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, ""), line
        assert done.stdout or "-o" in line


def test_make_knows_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\w+)", text, re.MULTILINE):
        done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, check=False)
        assert done.returncode == 0, target


def test_every_setting_says_what_it_is_in_korean() -> None:
    helps = {field.name: field.metadata["help"] for field in fields(Config)}
    assert all(translate(text, lang="ko") != text for text in helps.values())


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_page_on_sources_is_the_file_the_build_reads(client: FlaskClient, lang: str) -> None:
    text = client.get(f"/about/sources?lang={lang}", headers={"Accept": "text/html"}).text
    levels = trust_levels(DATA / "trust.yaml")
    rows = re.findall(
        r'<th scope="row" class="num">(\d+)</th><td>([^<]+)</td><td class="num">(\d+)<', text
    )
    assert [int(level) for level, _, _ in rows] == sorted(levels.values())
    assert not {name for _, name, _ in rows} & {"hub-card", "license-text"}  # in words
    assert sum(int(count) for _, _, count in rows) > 100
