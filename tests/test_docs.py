"""Documentation is true: generated parts are current, lists are complete, commands run as written."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import chdir, suppress
from dataclasses import fields
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from packaging.requirements import Requirement
from packaging.version import Version

from kg.claims.trust import trust_levels
from kg.cli.main import main
from kg.config import Config
from kg.messages.message import translate
from kg.paths import DATA
from kg.snapshot.snapshot import Snapshot
from kg.sparql import pool as sparql
from tests.gendocs import FILES, ROOT


@pytest.mark.parametrize(("name", "generate"), FILES.items())
def test_generated_documentation_is_current(name: str, generate: Callable[[str], str]) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert text == generate(text), "run python -m tests.gendocs"


TEXTS = [ROOT / "docs" / "architecture.md", ROOT / "docs" / "adding.md"]
TEXTS += [page for top in ("kg", "web") for page in sorted((ROOT / top).rglob("README.md"))]
MADE = {
    *("kg/ingest/sources/acorn_list.py", "web/site/counts.py"),  # by who follows docs/adding.md
    *("kg/a.py", "tests/a.py"),  # by tests of scans
}


def named_things(text: str) -> Iterator[str]:
    """What a text names in backticks of this program: kg/x/y.py, kg/x/y.py:name, kg.x.y.name."""
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)
    for quoted in re.findall(r"`([^`\n]+)`", prose):
        if re.fullmatch(r"(kg|web|tests)(/\w+)+\.py(:[\w.]+)?|(kg|web)(\.\w+)+", quoted):
            yield quoted


def exists(name: str) -> bool:
    """Whether there is such a file, or such a name in it."""
    path, _, inner = name.partition(":")
    if path.endswith(".py"):
        if not (ROOT / path).is_file() or not inner:
            return (ROOT / path).is_file()
        path, inner = path.removesuffix(".py").replace("/", "."), f".{inner}"
    words = (path + inner).split(".")
    for end in range(len(words), 0, -1):
        with suppress(ModuleNotFoundError):
            found = import_module(".".join(words[:end]))
            return all((found := getattr(found, word, None)) is not None for word in words[end:])
    return False


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_text_names_exists(path: Path) -> None:
    named = set(named_things(path.read_text(encoding="utf-8")))
    assert sorted(name for name in named - MADE if not exists(name)) == []
    assert not [name for name in MADE if exists(name)]


def test_names_that_do_not_exist_are_told() -> None:
    text = "`kg/model/claim.py:main_label` `kg.show` `kg/none.py` `kg/model/claim.py:nothing` `kg.none.x`"
    assert [exists(name) for name in named_things(text)] == [True, True, False, False, False]


def test_comments_name_files_that_exist() -> None:
    """In code, data, templates and texts; the changelog and decisions speak of what was, too."""
    told = re.compile(r"(?<![\w/.])(?:kg|web|tests)/[\w/]+\.(?:py|yaml)\b")
    folders = ("kg", "web", "tests", "ontology", "data", "docs")
    kinds = {".py", ".md", ".html", ".yaml", ".ttl", ".css", ".js", ".toml"}
    paths = [path for name in folders for path in (ROOT / name).rglob("*") if path.suffix in kinds]
    paths += [
        ROOT / name for name in ("README.md", "CONTRIBUTING.md", "pyproject.toml", "Makefile")
    ]
    missing = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in paths
        if path.parent.name != "decisions" and path != Path(__file__)
        if "projects" not in path.parts  # of projects that are scanned
        for name in told.findall(path.read_text(encoding="utf-8"))
        if name not in MADE and not (ROOT / name).exists()
    }
    assert sorted(missing) == []


def test_the_architecture_names_where_things_happen() -> None:
    """Each question is answered by a sentence without names, then by where it happens."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    answers = re.findall(r"^### ([^\n]+\?)\n\n(.+?)\n(?=\n|\Z)", text, re.DOTALL | re.MULTILINE)
    assert len(answers) == text.count("\n### ") >= 17
    for question, answer in answers:
        first = re.split(r"[.:;](?=\s)", answer)[0]
        assert re.search(r"`(kg|web)/", answer) or "`data/" in answer, question
        assert "web/" not in first, question


def test_the_index_of_decisions_is_complete() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^- \[(\d+)\. (.+)\]\((\S+)\)$", index, re.MULTILINE)
    pages = sorted(path for path in folder.glob("*.md") if path.name != "README.md")
    assert [name for _, _, name in listed] == [path.name for path in pages]
    for number, ((place, title, name), path) in enumerate(zip(listed, pages, strict=True), 1):
        head = path.read_text(encoding="utf-8").partition("\n")[0]
        assert head == f"# {place}. {title}", name
        assert int(place) == number == int(name[:4])


def test_links_between_documents_lead_somewhere() -> None:
    folders = (
        "*.md",
        "*/README.md",
        "*/*/README.md",
        "docs/*.md",
        "docs/use/*.md",
        "docs/decisions/*.md",
    )
    for page in [page for pattern in folders for page in ROOT.glob(pattern)]:
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
    assert set(tracked) <= {"image.lock", "requirements.lock", "tests/browser/requirements.lock"}
    assert not [name for name in tracked if "://" in (ROOT / name).read_text(encoding="utf-8")]


def tour() -> list[str]:
    """The commands of the README, but for those that ask other machines, and the server that waits for an agent."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = re.findall(r"^(gyebo .*?)(?:\s+#.*)?$", text, re.MULTILINE)
    elsewhere = ("gyebo ingest hub ", "gyebo update", "gyebo mcp")
    return [line for line in lines if not line.startswith(elsewhere)]


@pytest.fixture
def visited(snapshot_home: Path, tmp_path: Path) -> Path:
    """A folder where the commands of the README can run, and a home in it."""
    home = tmp_path / "home"  # the snapshot of all tests, and runs of its own
    home.mkdir()
    (home / "snapshots").symlink_to(snapshot_home / "snapshots")
    (home / "current").symlink_to((snapshot_home / "current").readlink())
    (tmp_path / "ontology").symlink_to(ROOT / "ontology")
    (tmp_path / "my-model").mkdir()
    (tmp_path / "models.txt").write_text("dolly-2\n", encoding="utf-8")
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


def test_fragments_of_the_changelog_are_of_known_types() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    types = {known["directory"] for known in settings["tool"]["towncrier"]["type"]}
    fragments = {p.name for p in (ROOT / "docs" / "changes").iterdir()} - {"README.md"}
    named = re.compile(rf"(\d+|\+[a-z0-9-]+)\.({'|'.join(sorted(types))})\.md")
    assert [name for name in fragments if not named.fullmatch(name)] == []
