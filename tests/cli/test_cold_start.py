"""What a command loads: only what it uses. No test here measures a time."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

RUN = """
import sys
from kg.cli.main import main
try:
    main({arguments}, prog_name="gyebo")
except SystemExit as ended:
    assert not ended.code, ended.code
print(*sys.modules, file=sys.stderr)
"""
# Libraries that take longer to load than an answer takes.
SLOW = {
    *("babel", "flask", "huggingface_hub", "jsonschema", "license_expression", "networkx", "numpy"),
    *("pyarrow", "pyshacl", "rapidfuzz", "rdflib", "tantivy", "wcwidth", "whoosh", "yaml"),
    *("anyio", "asyncio", "importlib.metadata", "lark", "mcp", "pydantic", "starlette", "uvicorn"),
}
BUILD = {"babel", "importlib.metadata", "license_expression", "numpy", "rapidfuzz", "yaml"}
ALLOWED = {
    ("--help",): set(),
    ("--version",): set(),
    ("show", "--help"): set(),
    ("show", "koalpaca"): set(),
    ("show", "model/alpaca-7b", "--lang", "ko"): {"babel", "yaml"},
    ("search", "알파카"): {"numpy", "rapidfuzz", "tantivy"},
    ("lineage", "koalpaca"): {"numpy", "wcwidth"},
    ("lineage", "koalpaca", "--json"): {"numpy", "wcwidth"},
    ("license", "alpaca-7b", "--fail-on", "never"): {"babel", "numpy", "yaml"},
    ("changes",): {"numpy"},
    ("query", "--help"): set(),
    ("mcp", "--help"): set(),
    ("judge", "--help"): {"rapidfuzz", "yaml"},
    ("audit", "--help"): {"babel", "numpy", "yaml"},
    ("export", "--help"): {"babel", "numpy", "yaml"},
    ("document", "--help"): {"babel", "numpy", "yaml"},
    ("scan", "--help"): {"babel", "importlib.metadata", "license_expression", "numpy", "yaml"},
    ("verify",): set(),
    ("publish", "--help"): set(),
    ("pull", "--help"): {"importlib.metadata"},
    ("prune", "--help"): {"importlib.metadata"},
    ("backup", "--help"): set(),
    ("runs",): set(),
    ("serve", "--help"): {"importlib.metadata"},
    ("build", "--help"): BUILD,
    ("update", "--help"): BUILD,
    ("doctor",): BUILD - {"importlib.metadata"},
    ("catalog",): {"babel", "importlib.metadata", "license_expression", "rapidfuzz", "yaml"},
    ("ingest", "--list"): {
        *("babel", "importlib.metadata", "license_expression", "numpy", "rapidfuzz", "yaml"),
    },
}


def loaded(home: Path, arguments: tuple[str, ...], **environ: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", RUN.format(arguments=list(arguments))],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"GYEBO_HOME": str(home)} | environ,
    )
    return set(done.stderr.split())


@pytest.mark.parametrize("arguments", ALLOWED, ids=" ".join)
def test_a_command_loads_only_what_it_uses(snapshot_home: Path, arguments: tuple[str, ...]) -> None:
    modules = loaded(snapshot_home, arguments)
    assert "kg.cli" in modules
    assert modules & SLOW <= ALLOWED[arguments]


def test_a_folder_is_read_and_judged_without_what_a_build_needs(
    snapshot_home: Path, tmp_path: Path
) -> None:
    for name in ("snapshots", "current"):
        (tmp_path / name).symlink_to(snapshot_home / name)
    model = tmp_path / "my-model"
    model.mkdir()
    model.joinpath("README.md").write_text(
        "---\nlicense: mit\nbase_model: EleutherAI/polyglot-ko-5.8b\n---"
    )
    modules = loaded(tmp_path, ("ingest", "folder", str(model)))
    assert "kg.answers.local" in modules and "kg.build.build" not in modules
    assert modules & SLOW <= {"babel", "importlib.metadata", "license_expression", "numpy", "yaml"}


def test_completion_loads_no_command(snapshot_home: Path) -> None:
    asked = {"_GYEBO_COMPLETE": "bash_complete", "COMP_WORDS": "gyebo s", "COMP_CWORD": "1"}
    modules = loaded(snapshot_home, (), **asked)
    assert not modules & SLOW
    assert not {name for name in modules if name.startswith("kg.cli.commands")}
