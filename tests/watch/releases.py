"""A home of several releases in which a few models change in every way that is watched."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner

from kg.claims.judgements import append
from kg.cli.main import main
from kg.model.claim import Judgement
from kg.paths import DATA
from tests.conftest import Corner

FIRST = """
org/o: {label: {en: O}}
model/same: {label: {en: Same}, claims: {license: [{value: license/mit, from: gyebo}]}}
model/base: {label: {en: Base}, claims: {license: [{value: license/mit, from: gyebo}]}}
model/other: {label: {en: Other}, claims: {license: [{value: license/cc-by-nc-4.0, from: gyebo}]}}
model/child:
  label: {en: Child}
  claims:
    license: [{value: license/mit, from: gyebo}]
    fineTunedFrom: [{value: model/base, from: gyebo}]
    access: [{value: open-weights, from: gyebo}]
model/relicensed: {label: {en: Relicensed}, claims: {license: [{value: license/mit, from: gyebo}]}}
model/leaves: {label: {en: Leaves}, claims: {license: [{value: license/mit, from: gyebo}]}}
model/old-name: {label: {en: Named}, claims: {license: [{value: license/mit, from: gyebo}]}}
"""
SECOND = """
org/o: {label: {en: O, ko: 오}}
model/same: {label: {en: Same}, claims: {license: [{value: license/mit, from: gyebo}]}}
model/base: {label: {en: Base}, claims: {license: [{value: license/mit, from: gyebo}]}}
model/other: {label: {en: Other}, claims: {license: [{value: license/cc-by-nc-4.0, from: gyebo}]}}
model/child:
  label: {en: Child}
  claims:
    license: [{value: license/mit, from: gyebo}]
    fineTunedFrom: [{value: model/other, from: gyebo}]
    access: [{value: api-only, from: gyebo}]
    retirementDate: [{value: "2026-12-31", from: gyebo}]
model/relicensed: {label: {en: Relicensed}, claims: {license: [{value: license/cc-by-nc-4.0, from: gyebo}]}}
model/new-name:
  label: {en: Named}
  claims: {license: [{value: license/mit, from: gyebo}]}
model/next: {label: {en: Next}, claims: {successorOf: [{value: model/same, from: gyebo}]}}
"""
THIRD = SECOND.replace("label: {en: O, ko: 오}", "label: {en: O, ko: 오오}")
LABELS = """
license/mit: {label: {en: MIT License, ko: MIT 라이선스}}
license/cc-by-nc-4.0: {label: {en: CC BY-NC 4.0, ko: CC BY-NC 4.0}}
"""
KEPT_TEXTS = ("mit", "cc-by-nc-4.0")
LIST = """model/same
model/child
relicensed@v1  # a bare slug, with a revision
leaves
model/old-name
acme/private-7b
"""


def licensed(folder: Path) -> Corner:
    """A corner with the rules of licenses and two of their texts."""
    corner = Corner(folder)
    shutil.copy(DATA / "licenses.schema.json", corner.data / "licenses.schema.json")
    shutil.copytree(DATA / "ingest", corner.data / "ingest")
    left_out = [p.name for p in (DATA / "licenses/terms").iterdir() if p.stem not in KEPT_TEXTS]
    left_out.append("names.yaml")  # of licenses that are not here
    shutil.copytree(DATA / "licenses", corner.data / "licenses", ignore=lambda *_: left_out)
    corner.write(LABELS, "labels.yaml")
    return corner


def rename(corner: Corner) -> None:
    """Say that a model goes by a new id."""
    judged = Judgement(
        left="model/old-name",
        right="model/new-name",
        same=True,
        author="me",
        date="2026-11-29",
        reason="renamed",
    )
    append(corner.data / "judgements.yaml", [judged])


def reword(corner: Corner) -> None:
    """Let the text of a license say something else."""
    path = corner.data / "licenses" / "terms" / "mit.yaml"
    text = path.read_text(encoding="utf-8")
    assert "substantial portions" in text
    path.write_text(text.replace("substantial portions", "essential parts"), encoding="utf-8")


class Releases(NamedTuple):
    """A home of four releases, and what was written by the first."""

    home: Path
    versions: list[str]  # the first two are kept as briefs, the others stand whole
    lock: Path  # written by the first
    models: Path  # the list


def make_releases(folder: Path) -> Releases:
    """Build them, and let `gyebo watch` write a lock by the first."""
    corner = licensed(folder)
    models = folder / "models.txt"
    models.write_text(LIST, encoding="utf-8")
    versions = []
    for number, text in enumerate((FIRST, FIRST.replace("{en: O}", "{en: O1}"), SECOND, THIRD)):
        if text == SECOND:
            rename(corner)
            reword(corner)
        corner.write(text)
        snapshot = corner.build()
        versions.append(snapshot.manifest.version)
        snapshot.close()
        if number == 0:
            watched = ["--home", str(corner.config.home), "watch", str(models)]
            assert CliRunner().invoke(main, watched).exit_code == 0
    return Releases(corner.config.home, versions, folder / "gyebo.lock", models)
