"""The evaluation of license answers keeps its targets, and what is published of it is what it gives."""

from __future__ import annotations

from kg.files.yaml import read_yaml
from kg.licenses.rules import LicenseRules
from kg.licenses.terms import RELICENSE
from kg.paths import DATA
from kg.snapshot.snapshot import Snapshot
from tests.licenses.evaluate import HERE, evaluate, numbers, report
from tests.reading import license_terms


def test_targets_and_the_published_table(corners: Snapshot) -> None:
    result = evaluate(corners)
    assert result.models >= 60
    assert result.total.f1 >= 0.95
    assert result.with_path == result.findings
    for name, expected in (("EVALUATION.md", report), ("EVALUATION.json", numbers)):
        published = (DATA / "licenses" / name).read_text(encoding="utf-8")
        assert published == expected(result), "run make eval-licenses"


def test_each_labeled_text_is_filed_as_it_was_labeled() -> None:
    """Also of texts that no model of the evaluation comes under."""
    engine = LicenseRules(license_terms())
    texts = read_yaml(HERE / "evaluation.yaml").data["texts"]
    for name, ways in texts.items():
        filed = {term.kind for term in engine.own([f"license/{name}"], "held")}
        filed -= {*RELICENSE.values()}  # follow from the license's own rule, no clause
        labeled = {kind for kind in ways["held"] if kind != "service-contract"}
        assert filed - {"service-contract"} == labeled, name
