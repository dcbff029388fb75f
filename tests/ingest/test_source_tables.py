"""The Open LLM Leaderboard and models.dev: what their rows and files say, and what they do not."""

from __future__ import annotations

import json
from pathlib import Path

from kg.ingest.ingest import IngestRequest, ingest
from tests.ingest.test_source_hub import REAL, Stored, real

HEAD = "Model,fullname,Type,Hub License,#Params (B),Merged,Upload To Hub Date,Base Model\n"
LINK = '"<a target=""_blank"" href=""https://huggingface.co/o/linked"">o/linked</a> <a href=""x"">📑</a>"'


def board(home: Path, *rows: str, head: str = HEAD) -> Stored:
    path = home / "board.csv"
    path.write_text(head + "\n".join(rows), encoding="utf-8")
    return Stored(home, ingest(home, IngestRequest("open-llm-leaderboard", str(path))))


def test_a_base_model(tmp_path: Path) -> None:
    found = board(tmp_path, "x,o/a,🔶 fine-tuned,apache-2.0,7.242,False,2024-04-13,p/q")
    assert found.values("o/a", "derivedFrom") == ["model/hf/p/q"]
    assert found.values("o/a", "parameterCount") == [7_242_000_000]
    assert found.values("o/a", "license") == ["license/apache-2.0"]
    assert found.values("o/a", "repositoryCreated") == ["2024-04-13"]


def test_what_is_no_base_model(tmp_path: Path) -> None:
    found = board(
        tmp_path,
        "x,o/a,💬,,-1.0,False,,o/a",
        "x,o/b,🤝 base merges and moerges,,0.0,True,,o/b (Merge)",
        "x,o/c,,,,False,,Removed",
        "x,o/d,,,1,False,,p/q (Merge)",
    )
    rules = sorted((i["subject"], i["rule"]) for i in found.issues())
    assert rules == [
        ("model/hf/o/a", "parent-self"),
        ("model/hf/o/a", "size"),
        ("model/hf/o/b", "parent-self"),
        ("model/hf/o/b", "size"),
        ("model/hf/o/c", "parent-placeholder"),
    ]
    assert found.values("o/d", "mergedFrom") == ["model/hf/p/q"]
    assert not found.values("o/a", "parameterCount")


def test_a_row_that_holds_its_model_as_a_link(tmp_path: Path) -> None:
    found = board(tmp_path, f"{LINK},,🟢,mit,1,False,,", "has been flagged! See #213,,,,,,,")
    assert found.values("o/linked", "hubId") == ["o/linked"]
    assert len(found.issues("hub-id")) == 1


def test_a_model_in_two_precisions_is_told_once(tmp_path: Path) -> None:
    row = "x,o/a,,mit,7,False,2024-01-01,p/q"
    assert (
        board(tmp_path, row, row).run.counts["claims"] == board(tmp_path, row).run.counts["claims"]
    )


def test_version_1_has_a_byte_order_mark_and_no_parameters(tmp_path: Path) -> None:
    found = board(
        tmp_path,
        "o/a,73.8,100.0,https://huggingface.co/o/a",
        head="\ufeffModel,Average,Parameters,URL\n",
    )
    assert found.values("o/a", "hubId") == ["o/a"] and not found.values("o/a", "parameterCount")


MODEL = """
name = "Llama 3.3"
family = "llama"
release_date = "2024-12"
knowledge = "2023-12"
open_weights = true
license = "MIT"
[limit]
context = 128_000
[[weights]]
url = "https://huggingface.co/meta/Llama-3.3"
[[weights]]
url = "https://huggingface.co/meta/Llama-3.3-FP8"
quantization = "fp8"
"""


def dev(home: Path, **files: str) -> Stored:
    """models.dev with some files: `__` in a name stands for /."""
    for name, body in files.items():
        path = (
            home / "dev" / f"{name.replace('__', '/')}.{'json' if body.startswith('{') else 'toml'}"
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body, encoding="utf-8")
    return Stored(home, ingest(home, IngestRequest("models.dev", str(home / "dev"))))


def test_a_model_and_its_repository(tmp_path: Path) -> None:
    found = dev(tmp_path, models__meta__llama=MODEL)
    me = "model/models.dev/meta-llama"
    said = {(p, v) for s, p, v, _ in found.said() if s == me}
    assert {
        ("hubId", "meta/Llama-3.3"),
        ("developer", "org/models.dev/meta"),
        ("contextLength", 128000),
        ("releaseDate", "2024-12"),
        ("knowledgeCutoff", "2023-12"),
        ("license", "license/mit"),
        ("inFamily", "family/models.dev/llama"),
        ("access", "open-weights"),
    } <= said
    assert found.links() == {(me, "model/hf/meta/Llama-3.3")}


def test_access_by_whether_the_weights_are_open(tmp_path: Path) -> None:
    closed = MODEL.replace("open_weights = true", "open_weights = false")
    unsaid = MODEL.replace("open_weights = true", "")
    found = dev(tmp_path, models__a__closed=closed, models__a__unsaid=unsaid)
    said = {(s, v) for s, p, v, _ in found.said() if p == "access"}
    assert said == {("model/models.dev/a-closed", "api-only")}


def test_two_repositories_link_nothing(tmp_path: Path) -> None:
    found = dev(tmp_path, models__meta__llama=MODEL.replace('quantization = "fp8"', ""))
    assert not found.links() and len(found.issues("hub-id")) == 1


def test_base_model_of_an_offer_is_no_derivation(tmp_path: Path) -> None:
    offer = 'base_model = "meta/llama"\nname = "Llama 3.3 at X"\n[cost]\ninput = 1'
    own = 'name = "solar"\n[limit]\ncontext = 5'
    found = dev(
        tmp_path,
        models__meta__llama=MODEL,
        providers__x__models__llama=offer,
        providers__x__provider='name = "X"',
        providers__up__models__solar=own,
    )
    assert found.run.counts["records"] == 1 and found.run.counts["edges"] == 0
    assert {s for s, p, v, _ in found.said() if s.startswith("model/")} == {
        "model/models.dev/meta-llama"
    }


def test_access_and_the_name_of_an_api(tmp_path: Path) -> None:
    found = dev(
        tmp_path,
        models__acorn__oak_1='name = "Oak 1"\nopen_weights = false',
        models__acorn__oak_2='name = "Oak 2"\nopen_weights = true',
        **{"models__acorn__oak-latest": 'name = "Oak"\nopen_weights = false'},
        models__meta__llama=MODEL.replace("open_weights = true", "open_weights = false"),
    )
    names = {(s, v) for s, p, v, _ in found.said() if p == "apiName"}
    assert names == {("model/models.dev/acorn-oak_1", "oak_1")}
    told = {(i["rule"], i["subject"].rpartition("/")[2]) for i in found.issues()}
    assert {("access", "meta-llama"), ("moving-name", "acorn-oak-latest")} <= told


def test_an_id_of_openrouter_names_what_a_file_describes(tmp_path: Path) -> None:
    models = [{"id": "meta/llama", "name": "Meta: Llama", "context_length": 7}]
    found = dev(tmp_path, router=json.dumps({"data": models}), models__meta__llama=MODEL)
    said = {(p, v) for s, p, v, _ in found.said() if s == "model/models.dev/meta-llama"}
    assert ("apiName", "meta/llama") in said and ("contextLength", 7) not in said
    assert not [s for s, *_ in found.said() if "openrouter" in s]


def test_openrouter_names_hub_ids(tmp_path: Path) -> None:
    models = [
        {"id": "q/a", "hugging_face_id": "Q/A", "name": "Q: A", "context_length": 7},
        {"id": "q/a:free"},
        {"id": "q/b", "hugging_face_id": ""},
        {"id": "q/c", "hugging_face_id": None},
        {"id": 7},
        8,
    ]
    found = dev(tmp_path, openrouter=json.dumps({"data": models}))
    assert found.links() == {("model/models.dev/openrouter-q-a", "model/hf/Q/A")}
    assert found.run.counts["records"] == 3 and not found.issues()


def test_broken_files_do_not_stop_the_others(tmp_path: Path) -> None:
    found = dev(
        tmp_path,
        models__meta__llama=MODEL,
        models__meta__bad='name = "',
        models__meta__renamed='title = "Llama 4"',
        router="{",
    )
    assert found.run.counts["records"] == 1 and len(found.issues("unreadable")) == 3


@real
def test_real_tables(tmp_path: Path) -> None:
    """The figures of evidence/data.md: 1,146 + 1,636 name themselves, 404 are removed, 5 sizes are none."""
    path = REAL / "open-llm-leaderboard-v2"
    found = Stored(tmp_path, ingest(tmp_path, IngestRequest("open-llm-leaderboard", str(path))))
    by_rule = found.run.issues
    assert found.run.counts["records"] == 3827
    assert by_rule["parent-placeholder"] == 404 and by_rule["size"] == 5
    assert abs(by_rule["parent-self"] - (1146 + 1636)) <= 5  # letter case apart
    first = Stored(
        tmp_path,
        ingest(
            tmp_path, IngestRequest("open-llm-leaderboard", str(REAL / "open-llm-leaderboard-v1"))
        ),
    )
    assert first.run.counts["records"] == 1291


@real
def test_real_models_dev(tmp_path: Path) -> None:
    found = Stored(
        tmp_path, ingest(tmp_path, IngestRequest("models.dev", str(REAL / "models.dev")))
    )
    assert (
        found.run.counts["edges"] == 0
        and found.run.counts["links"] > 200
        and not found.issues("unreadable")
    )
