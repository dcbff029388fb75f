"""`gyebo judge`, on a list of three models beside curated data."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result

from kg.claims.judgements import read_judgements
from kg.cli.main import main
from kg.ingest.ingest import IngestRequest, ingest
from tests.conftest import Corner

LIST = """
| 이름 | 사이즈 | 제작자 | 베이스 모델 | 상업적 사용 여부 | 가중치 |
|---|---|---|---|---|---|
| KoX | 7B, 13B | [Korea Univ](https://x.example/ku) | llama | ❌ | ❓ |
"""
# What a build joins by itself does not wait: here a size stands in one name only, and "the" in one.
CURATED = """
model/kox-7b:
  label: {en: KoX}
  claims:
    developer: [{value: org/ku, from: gyebo}]
    parameterCount: [{value: 7000000000, from: gyebo}]
family/kox:
  label: {en: KoX}
org/ku:
  label: {en: The Korea Univ}
license/cc0-1.0:
  label: {en: CC0}
"""
LEFT, RIGHT = "model/kox-7b", "model/awesome-korean-llm/kox-7b"


def prepared(corner: Corner) -> Corner:
    corner.write(CURATED)
    path = corner.data.parent / "README.md"
    path.write_text(LIST, encoding="utf-8")
    ingest(corner.config.home, IngestRequest("awesome-korean-llm", str(path)))
    corner.build()
    return corner


@pytest.fixture
def home(corner: Corner) -> Corner:
    return prepared(corner)


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corner]:
    """A home for tests that write nothing."""
    corner = prepared(Corner(tmp_path_factory.mktemp("still")))
    yield corner
    corner.opened[0].close()


def judge(corner: Corner, *args: str) -> Result:
    command = ["--home", str(corner.config.home), "judge", "--data", str(corner.data), *args]
    return CliRunner().invoke(main, command)


def pairs(corner: Corner, *args: str) -> set[tuple[str, str]]:
    answer = json.loads(judge(corner, "--json", *args).output)
    return {(c["left"]["id"], c["right"]["id"]) for c in answer["candidates"]}


def test_candidates_are_of_one_kind_and_size(still: Corner) -> None:
    assert pairs(still) == {
        (LEFT, RIGHT),
        ("family/kox", "family/awesome-korean-llm/kox"),
        ("org/ku", "org/awesome-korean-llm/korea-univ"),
    }
    assert pairs(still, "--kind", "org") == {("org/ku", "org/awesome-korean-llm/korea-univ")}
    assert "the same name; the same size; the same maker" in judge(still).output
    assert (
        "1 of" not in judge(still, "--limit", "1").output
        and "2 more" in judge(still, "--limit", "1").output
    )


def test_a_judged_pair_goes_away_and_the_build_takes_it_up(home: Corner) -> None:
    result = judge(
        home, LEFT, RIGHT, "--same", "--reason", "name, size: all agree", "--author", "t"
    )
    assert result.exit_code == 0, result.output
    assert (LEFT, RIGHT) not in pairs(home)
    (judged,) = read_judgements(home.data / "judgements.yaml")
    assert (judged.left, judged.right, judged.same, judged.author) == (LEFT, RIGHT, True, "t")
    snapshot = home.build()
    assert snapshot.redirects[RIGHT] == LEFT
    assert "source/awesome-korean-llm/awesome-korean-llm" in {
        said.source for fact in snapshot.entity(LEFT).facts for said in fact.claims
    }


def test_a_wrong_merge_is_undone_by_one_line(home: Corner) -> None:
    for word in ("--same", "--different"):
        assert judge(home, RIGHT, LEFT, word, "--reason", "r").exit_code == 0
        home.build()
    assert RIGHT not in home.opened[-1].redirects
    assert (LEFT, RIGHT) not in pairs(home)


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ([LEFT, RIGHT, "--same"], "--reason TEXT"),
        ([LEFT, RIGHT, "--reason", "r"], "--same or --different"),
        ([LEFT, "--same", "--reason", "r"], "judge two ids"),
        ([LEFT, "model/no-such", "--same", "--reason", "r"], "No model no-such is known"),
        ([LEFT, "org/ku", "--same", "--reason", "r"], "never the same"),
        ([LEFT, LEFT, "--same", "--reason", "r"], "the same as itself"),
        (["--same"], "name the two ids"),
        (["--ask"], "needs a terminal"),
    ],
)
def test_bad_input_writes_nothing(still: Corner, args: list[str], says: str) -> None:
    result = judge(still, *args)
    assert result.exit_code == 2 and says in result.output
    assert not (still.data / "judgements.yaml").exists()


def test_saying_it_twice_or_against_a_chain_is_refused(home: Corner) -> None:
    other = "model/awesome-korean-llm/kox-13b"
    assert judge(home, LEFT, RIGHT, "--same", "--reason", "r").exit_code == 0
    assert "says so already" in judge(home, RIGHT, LEFT, "--same", "--reason", "r").output
    assert judge(home, RIGHT, other, "--same", "--reason", "r").exit_code == 0
    before = (home.data / "judgements.yaml").read_bytes()
    refused = judge(home, LEFT, other, "--different", "--reason", "two sizes")
    assert refused.exit_code == 2 and "delete one of these lines" in refused.output
    assert (home.data / "judgements.yaml").read_bytes() == before


def test_asked_on_a_terminal(home: Corner) -> None:
    ours, theirs = pty.openpty()
    command = [
        sys.executable,
        "-m",
        "kg.cli",
        "--home",
        str(home.config.home),
        "judge",
        "--ask",
        "--data",
        str(home.data),
        "--author",
        "t",
    ]
    os.write(ours, b"y\n\nn\nanother maker\nq\n")
    done = subprocess.run(command, stdin=theirs, capture_output=True, text=True, check=False)
    os.close(ours)
    os.close(theirs)
    assert done.returncode == 0, done.stderr
    first, second = read_judgements(home.data / "judgements.yaml")
    assert (first.same, second.same, second.reason) == (True, False, "another maker")
    assert "1 of 3" in done.stdout and "Korea Univ" in done.stdout


def test_a_wheel_has_no_place_for_judgements(
    still: Corner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.cli.commands.judge.CHECKOUT", False)
    command = ["--home", str(still.config.home), "judge", LEFT, RIGHT, "--same", "--reason", "r"]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 2 and "clone Gyebo's repository" in result.output


def test_the_checkout_is_the_default_place(still: Corner) -> None:
    result = CliRunner().invoke(main, ["--home", str(still.config.home), "judge", "--limit", "1"])
    assert result.exit_code == 0
