"""What a project uses as a CycloneDX 1.6 bill of materials: each model with the places that name it and all it comes from.

The project depends on what its files name. What the graph knows stands there as in the bill of materials of one model, with its
ancestry; what it does not know is a component by the name that is written, without license: nothing is guessed.
"""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Iterable, Sequence

from kg.export.bom._bom import bom_of_all
from kg.export.bom._cyclonedx import (
    SPACE,
    SPEC,
    Json,
    component_of,
    compositions,
    dependencies,
    written,
)
from kg.export.bom._parts import BomPart
from kg.export.bom._properties import PREFIX, Named, of_bom
from kg.model.purl import write_purl
from kg.scan.report import ScannedModel, ScanReport
from kg.snapshot.snapshot import Snapshot
from kg.version import __version__

_PROJECT = "project"
_WRITTEN, _VERDICT = f"{PREFIX}written-as", f"{PREFIX}scan:verdict"


def used_bom(
    snapshot: Snapshot, report: ScanReport, name: str, now: datetime.datetime, above: str = ""
) -> str:
    """A scan as CycloneDX 1.6.

    Args:
        snapshot: the one that judged it.
        report: what the project uses.
        name: of the project.
        now: when it is written.
        above: path of what was scanned within the repository, "" or with / at its end.
    """
    known: dict[str, list[ScannedModel]] = {}
    for model in report.models:
        if model.id:
            known.setdefault(model.id, []).append(model)
    unknown = [model for model in report.models if not model.id]
    bom = bom_of_all(snapshot, list(known)) if known else None
    parts: Sequence[BomPart] = list(bom.parts.values()) if bom else []
    components = [component_of(part, bom) for part in parts] if bom else []
    for component in components:
        if used := known.get(component["bom-ref"]):
            _add_use(component, used, above)
    others = [_unknown(model, above) for model in unknown]
    uses = [*known, *(one["bom-ref"] for one in others)]
    document = {
        "$schema": f"http://cyclonedx.org/schema/bom-{SPEC}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": SPEC,
        "version": 1,
        "metadata": {
            "timestamp": now.isoformat(timespec="seconds"),
            "tools": {
                "components": [{"type": "application", "name": "gyebo", "version": __version__}]
            },
            "component": {"type": "application", "bom-ref": _PROJECT, "name": name},
            "properties": written([*_asked(report), *(of_bom(bom) if bom else ())]),
        },
        "components": [*components, *others],
        "dependencies": [{"ref": _PROJECT, "dependsOn": uses}, *dependencies(parts)],
        "compositions": [_whole(report), *compositions(parts)],
    }
    serial = uuid.uuid5(SPACE, json.dumps(document, sort_keys=True)).urn
    return json.dumps({"serialNumber": serial, **document}, ensure_ascii=False, indent=2) + "\n"


def _asked(report: ScanReport) -> Iterable[Named]:
    """For which use, and for whom, the verdicts are."""
    yield f"{PREFIX}scan:use", report.use
    who = report.profile
    for field in who.__struct_fields__:
        value = getattr(who, field)
        if value is not None:
            told = ", ".join(map(str, value)) if isinstance(value, (tuple, list)) else str(value)
            yield f"{PREFIX}scan:{field}", told


def _whole(report: ScanReport) -> Json:
    """How complete the list is: a scan may miss a use, and says so where it knows that it did."""
    missed = report.dynamic or report.unread
    return {"aggregate": "incomplete" if missed else "unknown", "dependencies": [_PROJECT]}


def _add_use(component: Json, used: Sequence[ScannedModel], above: str) -> None:
    evidence = component.setdefault("evidence", {})
    evidence["occurrences"] = [one for model in used for one in _occurrences(model, above)]
    more = [(_WRITTEN, model.what) for model in used]
    component["properties"] += written([*dict.fromkeys(more), (_VERDICT, used[0].verdict)])
    if "version" not in component and (revision := _revision(used)):
        component["version"] = revision


def _unknown(model: ScannedModel, above: str) -> Json:
    """A component of which only the name is known."""
    kind = "data" if model.kind == "dataset" else "machine-learning-model"
    found: Json = {
        "type": kind,
        "bom-ref": f"{_PROJECT}/{model.host}/{model.kind}/{model.what}",
        "name": model.what,
    }
    if revision := _revision([model]):
        found["version"] = revision
    if model.host == "hub" and kind != "data" and "/" in model.what:
        found["purl"] = write_purl(model.what)
    found["evidence"] = {"occurrences": _occurrences(model, above)}
    found["properties"] = written(
        [(f"{PREFIX}described", "false"), (_WRITTEN, model.what), (_VERDICT, model.verdict)]
    )
    return found


def _occurrences(model: ScannedModel, above: str) -> list[Json]:
    return [
        {"location": above + place.file, "line": place.line, "additionalContext": place.use}
        for place in model.places
    ]


def _revision(used: Sequence[ScannedModel]) -> str:
    """The branch, tag or commit, where all places give the same."""
    said = {place.revision for model in used for place in model.places}
    return next(iter(said)) if len(said) == 1 else ""
