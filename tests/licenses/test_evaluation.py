"""The evaluation of license answers keeps its targets, and what is published of it is what it gives."""

from __future__ import annotations

from kg.paths import DATA
from kg.snapshot.snapshot import Snapshot
from tests.licenses.evaluate import evaluate, numbers, report


def test_targets_and_the_published_table(corners: Snapshot) -> None:
    result = evaluate(corners)
    assert result.models >= 60
    assert result.total.f1 >= 0.95
    assert result.with_path == result.findings
    for name, expected in (("EVALUATION.md", report), ("EVALUATION.json", numbers)):
        published = (DATA / "licenses" / name).read_text(encoding="utf-8")
        assert published == expected(result), "run make eval-licenses"
