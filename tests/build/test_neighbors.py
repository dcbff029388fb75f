"""What a document is found by descent from, and by whose names."""

from __future__ import annotations

import pickle

from kg.build.documents._documents import Documents
from kg.build.documents._neighbors import Neighbors
from kg.build.documents._survey import named_entities, survey
from kg.claims.accounts import NOBODY
from kg.search.indexing import PartAnalyzer
from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner

# Who comes from whom: a branch, a merge, a circle, a model of a whole family, and a family whose members come from it.
PARENTS = {
    "base": (),
    "tuned": ("model/base",),
    "packed": ("model/tuned",),
    "both": ("model/packed", "model/other"),
    "other": (),
    "a": ("model/b",),
    "b": ("model/c",),
    "c": ("model/b",),
    "of-family": ("family/all",),
    "after": ("model/of-family",),
    "first": ("model/after",),
    "self": ("model/self", "model/base"),
}
MEMBERS = ("first", "after")


def agree(snapshot: Snapshot) -> int:
    """How many entities come from others; each by the same ones as the lineage says."""
    neighbors, families, found = Neighbors(snapshot), snapshot.families, 0
    for kind in ("model", "family"):
        for number in range(*snapshot.kind_range(kind)):
            parents, codes = snapshot.lineage.up.of(number)
            told = {value[0] for value in neighbors.ancestors(number, parents, codes)}
            reach = families.ancestors(number)
            assert told == {snapshot.id_at(at) for at in (*reach.models, *reach.families)}, number
            found += bool(told)
    return found


def test_all_that_is_above_is_found(snapshot: Snapshot) -> None:
    assert agree(snapshot) > 50


def test_circles_and_whole_families(corner: Corner) -> None:
    lines = ["family/all:\n  label: {en: All}"]
    for name, parents in PARENTS.items():
        said = [f"      - {{value: {parent}, from: gyebo}}" for parent in parents]
        claims = ["    fineTunedFrom:", *said] if said else []
        if name in MEMBERS:
            claims += ["    inFamily:", "      - {value: family/all, from: gyebo}"]
        lines.append(f"model/{name}:\n  label: {{en: {name}}}")
        lines += ["  claims:", *claims] if claims else []
    corner.write("\n".join(lines) + "\n")
    snapshot = corner.build()
    assert agree(snapshot) >= 8
    number = snapshot.number("model/both")
    parents, codes = snapshot.lineage.up.of(number)
    told = Neighbors(snapshot).ancestors(number, parents, codes)
    assert {value[0] for value in told} == {
        f"model/{name}" for name in ("packed", "tuned", "base", "other")
    }


def test_documents_go_from_one_process_to_another(snapshot: Snapshot) -> None:
    made = Documents(snapshot, survey(snapshot, named_entities(snapshot), NOBODY))
    first, end = snapshot.kind_range("model")
    part = PartAnalyzer({"라마": "llama"})(
        map(made.document, range(first, min(end, first + 200))), 7
    )
    again = pickle.loads(pickle.dumps(part))
    assert again == part
    assert again.lines == 7 and len(again.docs) > 100 and again.words
