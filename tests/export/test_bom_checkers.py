"""Bills of materials as independent programs check them: what buyers run (`make checkers` installs them)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from kg.export.bom.formats import model_file
from kg.paths import DATA
from kg.snapshot.snapshot import Snapshot

CHECKERS = DATA.parent / ".venv" / "checkers"
CHECKER = shutil.which("ntia-checker") or shutil.which("ntia-checker", path=CHECKERS / "bin")
NODE = shutil.which("node")
MODULES = os.environ.get("NODE_PATH") or str(CHECKERS / "node_modules")
LIBRARY = any((Path(p) / "@cyclonedx/cyclonedx-library").exists() for p in MODULES.split(":"))
# A family with members as a parent, a dispute, data of a family, a chain, nothing known, products as sources.
MODELS = [
    "koalpaca-llama",
    "alpaca-7b",
    "kovicuna-13b",
    "gpt-4o",
    "koalpaca-polyglot-5.8b",
    "kogpt2",
]
VALIDATE = """
const {Validation, Spec} = require("@cyclonedx/cyclonedx-library");
const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
const text = require("node:fs").readFileSync(0, "utf8");
validator.validate(text).then(error => process.stdout.write(JSON.stringify(error)));
"""


def validate(text: str) -> object:
    """What the JavaScript library of CycloneDX finds wrong with a document, None if nothing."""
    assert NODE
    environment = {**os.environ, "NODE_PATH": MODULES}
    command = [NODE, "-e", VALIDATE]
    done = subprocess.run(
        command, input=text, env=environment, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


@pytest.mark.slow
@pytest.mark.skipif(not NODE or not LIBRARY, reason="needs node and `make checkers`")
@pytest.mark.parametrize("model", MODELS)
def test_cyclonedx_is_valid_for_another_validator(snapshot: Snapshot, model: str) -> None:
    made = model_file(snapshot, snapshot.find(model), "cyclonedx")
    assert validate(made) is None
    assert validate(made.replace('"bomFormat"', '"format"')) is not None


@pytest.mark.slow
@pytest.mark.skipif(not CHECKER, reason="needs `make checkers`")
@pytest.mark.parametrize("model", MODELS)
def test_spdx_has_its_dependencies_for_the_ntia_checker(
    snapshot: Snapshot, model: str, tmp_path: Path
) -> None:
    path = tmp_path / "bom.spdx.json"
    path.write_text(model_file(snapshot, snapshot.find(model), "spdx"), encoding="utf-8")
    assert CHECKER
    command = [CHECKER, "--sbom-spec", "spdx3", "--skip-validation", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = {
        k.strip(): v.strip() for k, _, v in (x.partition("|") for x in done.stdout.split("\n"))
    }
    assert lines["Dependency relationships provided?"] == "True", done.stdout
    assert "floating" not in done.stdout + done.stderr


def test_everything_hangs_together_in_spdx(snapshot: Snapshot) -> None:
    """What the checker walks along: the slow test asks the checker itself."""
    made = json.loads(model_file(snapshot, snapshot.find("kovicuna-13b"), "spdx"))
    below: dict[str, list[str]] = {}
    for one in made["@graph"]:
        if one.get("relationshipType") in ("dependsOn", "contains"):
            below.setdefault(one["from"], []).extend(one["to"])
    [bom] = [one for one in made["@graph"] if one["type"] == "software_Sbom"]
    ahead, reached = list(bom["rootElement"]), set()
    while ahead:
        reached.add(one := ahead.pop())
        ahead += [other for other in below.get(one, ()) if other not in reached]
    types = ("ai_AIPackage", "dataset_DatasetPackage", "software_Package")
    packages = {one["spdxId"] for one in made["@graph"] if one["type"] in types}
    assert packages <= reached and len(packages) > 5
