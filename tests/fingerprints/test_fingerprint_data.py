"""The published fingerprints: made from their source byte by byte, and measured as the rule and the page say."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from kg.files.yaml import read_yaml
from kg.ingest.fingerprints._published import Fingerprints, MeasuredRule, read_fingerprints
from kg.paths import DATA
from tests.fingerprints import evaluate, generate


@pytest.fixture(scope="module")
def published() -> Fingerprints:
    read = read_fingerprints(DATA)
    assert read
    return read


@pytest.mark.skipif(not generate.SOURCE.is_dir(), reason="the fingerprints' source is not here")
def test_the_file_is_made_from_its_source() -> None:
    assert generate.text(generate.SOURCE) == generate.WRITTEN.read_bytes()


def test_the_notice_names_source_license_and_files() -> None:
    folder = DATA / "fingerprints"
    notice = (folder / "NOTICE").read_text("utf-8")
    assert all(path.name in notice for path in folder.iterdir() if path.name != "NOTICE")
    assert "Apache License 2.0" in notice and "Copyright 2026 Cisco" in notice


def test_each_model_has_a_shape_and_a_place(published: Fingerprints) -> None:
    ids = [one.id for one in published.models]
    assert len(ids) == len(set(map(str.casefold, ids))) == 152
    assert ids == sorted(ids, key=str.casefold)
    assert all(one.signals.hidden and one.signals.heads for one in published.models)


def test_each_line_says_where_its_maker_says_so() -> None:
    for first, others in read_yaml(DATA / "fingerprints" / "lines.yaml").data.items():
        assert others and first not in others
        assert all(urlsplit(address).scheme == "https" for address in others.values())


def test_what_the_rule_says_was_measured(published: Fingerprints) -> None:
    one = evaluate.measure(published)
    assert published.rule.measured == MeasuredRule(one.said, one.right, one.related)
    assert one.precision >= published.rule.precise_from >= 0.98
    assert one.strangers == 0
    page = evaluate.PAGE.read_text("utf-8")
    assert f"| {one.threshold} (used) | {one.said} | {one.right} | {one.precision:.3f} |" in page
    assert f"reach {one.threshold} of 100 points and are within {published.rule.margin} " in page


def test_threshold_and_margin_hold_on_the_half_they_were_not_chosen_on(
    published: Fingerprints,
) -> None:
    first, second = evaluate.halves(published)
    lines = [{published.line(id) for id in half} for half in (first, second)]
    assert not lines[0] & lines[1] and len(first | second) == len(published.models)
    assert evaluate.measure(published, second).precision >= published.rule.precise_from


def test_a_lower_threshold_is_less_precise(published: Fingerprints) -> None:
    lower = evaluate.measure(evaluate.with_threshold(published, 50))
    assert lower.precision < published.rule.precise_from
