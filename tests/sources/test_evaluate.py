"""make eval-sources: what exists is read, what does not is named."""

from pathlib import Path

import pytest

from kg.ingest.registry import load_source
from tests.sources.evaluate import COVERED, SHARED, evaluate, parents, paths, problems, table

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is not there")


@needs_shared
def test_every_source_with_an_extract_is_covered() -> None:
    for source in COVERED:
        if source not in ("wikidata",):
            assert paths(source), source


@needs_shared
def test_sources_are_read_and_missing_ones_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {"open-llms": load_source("open-llms")}
    monkeypatch.setattr("tests.sources.evaluate.SOURCES", known)
    rows = evaluate(tmp_path)
    assert {row.source for row in rows if row.missing} == COVERED.keys() - known.keys()
    text = "\n".join([*table(rows), *problems(rows), *parents(tmp_path)])
    assert "| open-llms | 1 | 82 |" in text and "there is no such source yet" in text
    assert "refused" not in text and "not read" in text


def test_without_extracts_nothing_is_read(tmp_path: Path) -> None:
    rows = evaluate(tmp_path, tmp_path / "none")
    assert all(row.missing for row in rows)
