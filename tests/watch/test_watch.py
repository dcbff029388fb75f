"""`gyebo watch`: a lock is written, compared and accepted, and a list is compared with a day."""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kg.answers.license import license_verdict
from kg.cli.main import main
from kg.licenses.profile import NOBODY
from kg.licenses.terms import Use
from kg.snapshot.snapshot import Snapshot
from kg.watch.lock import Question, read_lock
from kg.watch.watch import watch_lock
from tests.watch.releases import Releases


def gyebo(home: Path, *arguments: str, code: int = 0) -> Result:
    done = CliRunner().invoke(main, ["--home", str(home), *arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert done.exit_code == code, done.output
    return done


@pytest.fixture
def used(releases: Releases, tmp_path: Path) -> Releases:
    """The list and the lock of the first release, to write on."""
    lock, models = tmp_path / "gyebo.lock", tmp_path / "models.txt"
    shutil.copy(releases.lock, lock)
    shutil.copy(releases.models, models)
    return releases._replace(lock=lock, models=models)


def told(answer: Any) -> dict[str, dict[str, tuple[Sequence[str], Sequence[str]]]]:
    return {
        model["model"]: {c["what"]: (c["before"], c["after"]) for c in model["changes"]}
        for model in answer["models"]
    }


def test_the_first_run_writes_what_is_true_one_line_a_model(used: Releases) -> None:
    head, *lines = used.lock.read_text(encoding="utf-8").splitlines()
    assert json.loads(head) == {"gyebo-lock": 1, "use": "commercial", "profile": {}}
    held = [json.loads(line) for line in lines]
    names = [one["model"] for one in held]
    assert names == sorted(names) and len(names) == 6
    child = next(one for one in held if one["model"] == "model/child")
    assert child.pop("terms").keys() == {"license/mit"}
    assert child == {
        "model": "model/child",
        "id": "model/child",
        "verdict": "allowed",
        "license": ["license/mit"],
        "base": ["fineTunedFrom model/base"],
        "access": "open-weights",
        "release": used.versions[0],
    }
    revision = next(one for one in held if one["model"] == "relicensed")
    assert (revision["id"], revision["revision"]) == ("model/relicensed", "v1")
    private = next(one for one in held if one["model"] == "acme/private-7b")
    assert private == {
        "model": "acme/private-7b",
        "verdict": "unknown",
        "release": used.versions[0],
    }


def check_changes(found: dict[str, dict[str, tuple[Sequence[str], Sequence[str]]]]) -> None:
    """Of each model of the list, what became otherwise between the first release and the last."""
    assert found["acme/private-7b"] == {}
    assert found["model/old-name"]["renamed"] == (["model/old-name"], ["model/new-name"])
    assert found["leaves"]["gone"] == (["model/leaves"], [])
    assert found["leaves"]["verdict"] == (["allowed"], ["unknown"])
    assert found["relicensed"]["license"] == (["license/mit"], ["license/cc-by-nc-4.0"])
    assert found["relicensed"]["verdict"] == (["allowed"], ["prohibited"])
    assert "terms" not in found["relicensed"], "another license has other terms: told once"
    assert found["model/same"]["superseded"] == ([], ["model/next"])
    (was,), (now,) = found["model/same"]["terms"]
    assert was.startswith("license/mit ") and now.startswith("license/mit ") and was != now
    child = found["model/child"]
    assert child["base"] == (["fineTunedFrom model/base"], ["fineTunedFrom model/other"])
    assert child["access"] == (["open-weights"], ["api-only"])
    assert child["retired"] == ([], ["2026-12-31"])
    assert child["verdict"] == (["allowed"], ["prohibited"])
    came = [one.partition(" ")[0] for one in child["terms"][1]]
    assert "license/cc-by-nc-4.0" in came


def test_it_says_what_changed_for_these_models_and_ends_with_4(used: Releases) -> None:
    before = used.lock.read_bytes()
    answer = json.loads(gyebo(used.home, "watch", str(used.models), "--json", code=4).stdout)
    check_changes(told(answer))
    assert answer["changed"] == 5 and not answer["written"]
    assert used.lock.read_bytes() == before, "only --update writes"


def test_a_list_is_compared_with_a_day_of_which_only_briefs_are_left(used: Releases) -> None:
    assert not (used.home / "snapshots" / "0001").exists()
    asked = ("watch", str(used.models), "--since", used.versions[0], "--json")
    answer = json.loads(gyebo(used.home, *asked, code=4).stdout)
    check_changes(told(answer))
    assert (answer["since"], answer["lock"]) == (used.versions[0], None)


def test_a_list_is_compared_with_a_release_that_stands_whole(used: Releases) -> None:
    asked = ("watch", str(used.models), "--since", used.versions[2], "--country", "KR")
    assert "Nothing changed" in gyebo(used.home, *asked).stdout


def test_verdicts_of_a_day_are_not_compared_under_a_profile(used: Releases) -> None:
    asked = ("watch", str(used.models), "--since", used.versions[0], "--country", "KR")
    answer = json.loads(gyebo(used.home, *asked, "--json", code=4).stdout)
    assert answer["uncompared"]
    found = told(answer)
    assert not any("verdict" in changes for changes in found.values())
    assert "license" in found["relicensed"]
    assert "not compared" in gyebo(used.home, *asked, code=4).stdout


def test_update_accepts_and_leaves_lines_that_still_hold(used: Releases) -> None:
    was = used.lock.read_text(encoding="utf-8").splitlines()
    assert "written anew" in gyebo(used.home, "watch", str(used.models), "--update").stdout
    now = used.lock.read_text(encoding="utf-8").splitlines()
    assert set(was) & set(now) == {was[0], was[1]}, "the head, and the model that is unknown still"
    assert sum(used.versions[3] in line for line in now) == 5
    assert "Nothing changed" in gyebo(used.home, "watch", str(used.models)).stdout
    assert "Nothing changed" in gyebo(used.home, "watch", str(used.lock)).stdout


def test_new_and_dropped_models_are_told(used: Releases) -> None:
    gyebo(used.home, "watch", str(used.models), "--update")
    used.models.write_text("model/same\nmodel/other\n", encoding="utf-8")
    answer = json.loads(gyebo(used.home, "watch", str(used.models), "--json", code=4).stdout)
    states = {model["model"]: model["state"] for model in answer["models"]}
    assert (states["model/same"], states["model/other"]) == ("same", "new")
    assert states["leaves"] == "dropped" and answer["changed"] == 1
    text = gyebo(used.home, "watch", str(used.models), code=4).stdout
    assert "new  model/other (Other): prohibited" in text and "dropped  leaves" in text
    used.models.write_text("model/same\n", encoding="utf-8")
    assert "--update" in gyebo(used.home, "watch", str(used.models)).stdout


def test_a_name_that_means_another_model_is_no_renaming(used: Releases) -> None:
    text = used.lock.read_text(encoding="utf-8")
    used.lock.write_text(text.replace('"id": "model/same"', '"id": "model/base"'), encoding="utf-8")
    answer = json.loads(gyebo(used.home, "watch", str(used.models), "--json", code=4).stdout)
    assert told(answer)["model/same"]["another"] == (["model/base"], ["model/same"])


def test_a_comment_in_markdown_in_both_languages(used: Releases) -> None:
    used.models.write_text("model/child\na|b`c\n", encoding="utf-8")
    asked = ("watch", str(used.models), "--format", "markdown")
    text = gyebo(used.home, *asked, code=4).stdout
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert all(line.replace("\\|", "").count("|") == 6 for line in rows), rows
    assert "| access | open-weights | api-only |" in text
    korean = gyebo(used.home, *asked, "--lang", "ko", code=4).stdout
    assert "| 공개 방식 | open-weights | api-only |" in korean and "금지" in korean
    assert "beside" not in korean and "otherwise" not in korean


def test_the_question_is_that_of_the_lock(used: Releases) -> None:
    used.lock.unlink()
    asked = ("watch", str(used.models), "--use", "redistribute", "--country", "kr", "--mau", "5")
    gyebo(used.home, *asked)
    assert json.loads(used.lock.read_text(encoding="utf-8").splitlines()[0]) == {
        "gyebo-lock": 1,
        "use": "redistribute",
        "profile": {"mau": 5, "country": "KR"},
    }
    answer = json.loads(gyebo(used.home, "watch", str(used.models), "--json").stdout)
    assert answer["use"] == "redistribute"
    gyebo(used.home, *asked)
    other = gyebo(used.home, "watch", str(used.models), "--country", "US", code=2)
    assert "another use or profile" in other.stderr
    gyebo(used.home, "watch", str(used.models), "--country", "US", "--update")


@pytest.mark.parametrize("use", ["commercial", "redistribute"])
def test_verdicts_are_those_of_gyebo_license(snapshot: Snapshot, tmp_path: Path, use: Use) -> None:
    """What the lock holds by briefs is what the license rules answer for each model, one by one."""
    ids = [snapshot.id_at(n) for n in range(*snapshot.kind_range("model"))][::10]
    ids += [snapshot.id_at(n) for n in range(*snapshot.kind_range("family"))][::5]
    lock = tmp_path / "gyebo.lock"
    watch_lock(snapshot, ids, lock, Question(use, NOBODY))
    held = read_lock(lock).held
    assert len(held) == len(ids) > 50
    wrong = [id for id in ids if held[id].verdict != license_verdict(snapshot, id, use)]
    assert wrong == []


# ---- a project ----

APP = """
import sys
from transformers import AutoModel
one = AutoModel.from_pretrained("o/child", revision="v2")
two = AutoModel.from_pretrained("initech/private-7b")
three = AutoModel.from_pretrained(sys.argv[1])
"""


def test_a_folder_is_scanned_and_its_lock_is_no_part_of_it(used: Releases, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "app.py").write_text(APP, encoding="utf-8")
    first = gyebo(used.home, "watch", str(project)).stdout
    assert "1 call names a model only when it runs" in first
    held = read_lock(project / "gyebo.lock").held
    assert {one.model: (one.id, one.revision, one.verdict) for one in held.values()} == {
        "initech/private-7b": ("", "", "unknown"),
        "o/child": ("", "v2", "unknown"),
    }
    (project / "app.py").write_text(APP.replace("v2", "v3").replace("initech", "umbra"), "utf-8")
    answer = json.loads(gyebo(used.home, "watch", str(project), "--json", code=4).stdout)
    assert told(answer)["o/child"] == {"revision": (["v2"], ["v3"])}
    states = {model["model"]: model["state"] for model in answer["models"]}
    assert (states["initech/private-7b"], states["umbra/private-7b"]) == ("dropped", "new")
    assert answer["unwatched"] == 1
    (project / "app.py").write_text("print(1)", encoding="utf-8")
    told_none = gyebo(used.home, "watch", str(project), code=2).stderr
    assert "names a model" in told_none and told_none.count("\n") == 1


# ---- what is wrong is one line ----


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("{models}", "--since", "yesterday"), "is no release"),
        (("{models}", "--since", "2026-02-30"), "there is no day"),
        (("{models}", "--since", "2019-01-01"), "no release of 2019-01-01 or before is kept here"),
        (("{models}", "--since", "9999-01-01"), "is still to come"),
        (("{models}", "--since", "0000000000"), "no release 0000000000 is kept here"),
        (("{models}", "--since", "abcd", "--update"), "reads and writes no lock"),
        (("{models}", "--country", "KR", "--country", "US"), "one country or one profile"),
        (("{folder}/nothing-here",), "cannot be read"),
        (("{folder}/none.txt",), "cannot be read"),
        (("{folder}/empty.txt",), "names no model"),
        (("{folder}/binary.txt",), "is not UTF-8"),
        (("{models}", "--lock", "{folder}/none/gyebo.lock"), "cannot write"),
    ],
)
def test_bad_input(used: Releases, arguments: tuple[str, ...], said: str) -> None:
    folder = used.models.parent
    (folder / "empty.txt").write_text("# nothing\n", encoding="utf-8")
    (folder / "binary.txt").write_bytes(b"\xff\xfe\x00")
    places = {"models": used.models, "folder": folder}
    done = gyebo(used.home, "watch", *(a.format(**places) for a in arguments), code=2)
    assert said in done.stderr and done.stderr.count("\n") == 1 and not done.stdout


def test_a_day_means_the_release_of_its_end(used: Releases) -> None:
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    asked = ("watch", str(used.models), "--since", today, "--json")
    answer = json.loads(gyebo(used.home, *asked).stdout)
    assert answer["since"] == used.versions[3]
