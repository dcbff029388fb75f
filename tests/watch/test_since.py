"""`--since`: what changed since any release that is known, and the verdict of its day."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from kg.snapshot.layout import Layout
from kg.snapshot.releases.past import find_release, past_releases
from kg.snapshot.snapshot import Snapshot
from kg.watch.since import changes_since
from tests.watch.releases import Releases
from tests.watch.test_watch import gyebo


def changed(answer: Any) -> dict[str, list[tuple[str, str | None]]]:
    return {
        one["id"]: sorted((c["what"], c["property"]) for c in one["changes"] if c["property"])
        or [(c["what"], None) for c in one["changes"]]
        for one in answer["entities"]
    }


def changes(releases: Releases, *arguments: str) -> Any:
    return json.loads(gyebo(releases.home, "changes", *arguments, "--json").stdout)


def test_since_the_release_before_is_what_changes_says(releases: Releases) -> None:
    usual = changes(releases)
    since = changes(releases, "--since", releases.versions[2])
    assert since.pop("since") == releases.versions[2] and usual.pop("since") is None
    assert since == usual and usual["entities"]


def test_since_a_release_that_is_kept_as_briefs(releases: Releases) -> None:
    answer = changes(releases, "--since", releases.versions[0])
    assert answer["briefs_only"] and answer["before"] == releases.versions[0]
    found = changed(answer)
    assert "org/o" not in found, "of organizations nothing is kept"
    assert found["model/leaves"] == [("entity-removed", None)]
    assert found["model/next"] == [("entity-added", None)]
    assert found["model/new-name"] == [("entity-renamed", None)]
    assert ("verdict-changed", "commercialVerdict") in found["model/relicensed"]
    assert ("value-changed", "fineTunedFrom") in found["model/child"]
    assert ("value-changed", "access") in found["model/child"]
    assert ("value-added", "retirementDate") in found["model/child"]
    text = gyebo(releases.home, "changes", "--since", releases.versions[0]).stdout
    assert "Of that release only" in text and "0 facts" not in text


def test_groups_and_kinds_are_chosen_as_without_since(releases: Releases) -> None:
    answer = changes(releases, "--since", releases.versions[0], "--only", "verdicts")
    assert changed(answer).keys() == {"model/child", "model/relicensed"} and answer["total"] == 2
    assert not changes(releases, "--since", releases.versions[0], "--kind", "family")["entities"]
    one = changes(releases, "--since", releases.versions[0], "--limit", "1")
    assert len(one["entities"]) == 1 < one["total"]


def test_briefs_tell_of_what_they_hold_what_the_whole_release_tells(
    releases: Releases, latest: Snapshot
) -> None:
    """Of a release that stands both ways, the briefs say nothing else than its facts."""
    layout = Layout(releases.home)
    whole = find_release(layout, releases.versions[2])
    assert whole.is_whole
    told = changes_since(latest, whole)
    assert [one.id for one in told.entities] == ["org/o"], "so nothing that is kept as a brief"


def test_the_verdict_of_a_day(releases: Releases) -> None:
    asked = ("license", "model/relicensed", "--since")
    past = gyebo(releases.home, *asked, releases.versions[0])
    assert "allowed" in past.stdout and releases.versions[0] in past.stderr
    whole = gyebo(releases.home, *asked, releases.versions[2], "--country", "KR", code=3)
    assert "prohibited" in whole.stdout and releases.versions[2] in whole.stderr
    answer = json.loads(gyebo(releases.home, *asked, releases.versions[1], "--json").stdout)
    assert (answer["verdict"], answer["known"]) == ("allowed", True)
    assert [one["id"] for one in answer["license"]] == ["license/mit"]


def test_the_verdict_of_a_day_by_old_and_new_names(releases: Releases) -> None:
    first = releases.versions[0]
    for name in ("model/new-name", "model/old-name", "model/leaves"):
        assert "allowed" in gyebo(releases.home, "license", name, "--since", first).stdout
    text = gyebo(releases.home, "license", "next", "--since", first, code=4).stdout
    assert "that release had no such model" in text
    assert (
        "did you mean"
        in gyebo(releases.home, "license", "nexxt", "--since", first, code=2).stderr.casefold()
    )
    listed = json.loads(
        gyebo(
            releases.home,
            *(
                "license",
                "model/same",
                "acme/x",
                "--since",
                first,
                "--json",
                "--use",
                "redistribute",
            ),
            code=4,
        ).stdout
    )
    assert [(one["id"], one["verdict"]) for one in listed] == [
        ("model/same", "allowed"),
        ("acme/x", "unknown"),
    ]


@pytest.mark.parametrize(
    "more", [("--country", "KR"), ("--all",), ("--format", "sarif"), ("--mau", "7")]
)
def test_what_needs_more_than_is_left_is_refused(releases: Releases, more: tuple[str, ...]) -> None:
    asked = ("license", "model/same", "--since", releases.versions[0], *more)
    assert "not their reasons" in gyebo(releases.home, *asked, code=2).stderr


def test_the_last_two_stand_whole_and_all_are_known(releases: Releases) -> None:
    known = past_releases(Layout(releases.home))
    assert [one.version for one in known] == releases.versions
    assert [one.is_whole for one in known] == [False, False, True, True]
    kept = sorted(p.name for p in (releases.home / "past" / "0001").iterdir())
    assert kept == ["briefs.jsonl.zst", "changes", "manifest.json"]


@pytest.fixture
def broken(releases: Releases, tmp_path: Path) -> Releases:
    """A copy to break."""
    home = tmp_path / "home"
    shutil.copytree(releases.home, home, symlinks=True)
    return releases._replace(home=home)


@pytest.mark.parametrize("cut", [0, 10, -1])
def test_damaged_briefs_are_one_line(broken: Releases, cut: int) -> None:
    path = broken.home / "past" / "0001" / "briefs.jsonl.zst"
    content = path.read_bytes()
    path.unlink()  # the file has other names
    path.write_bytes(content[:cut] if cut >= 0 else content[:-20] + b"\0" * 20)
    for asked in (("changes",), ("license", "same"), ("watch", str(broken.models))):
        told = gyebo(broken.home, *asked, "--since", broken.versions[0], code=1).stderr
        assert "is damaged" in told and told.count("\n") == 1


def test_a_release_that_was_deleted_is_said_to_be_gone(broken: Releases) -> None:
    shutil.rmtree(broken.home / "past" / "0001")
    told = gyebo(broken.home, "changes", "--since", broken.versions[0], code=2).stderr
    assert f"no release {broken.versions[0]} is kept here" in told and broken.versions[1] in told


def test_what_is_unreadable_among_the_kept_hides_nothing_else(broken: Releases) -> None:
    (broken.home / "past" / "0001" / "manifest.json").unlink()
    (broken.home / "past" / "0003.new").mkdir()
    (broken.home / "past" / "0000").mkdir()
    known = past_releases(Layout(broken.home))
    assert [one.version for one in known] == broken.versions[1:]
