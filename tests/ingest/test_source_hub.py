"""The Hub, offline: every shape its records come in, and every irregularity seen in real ones."""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from kg.claims.claim_files import read_claims
from kg.claims.runs import Run, read_links
from kg.errors import DataError
from kg.ingest.ingest import IngestRequest, ingest

REAL = Path(__file__).parents[3] / "shared" / "data"
real = pytest.mark.skipif(not REAL.is_dir(), reason="needs ../shared/data")

Said = set[tuple[str, str, object, str]]


class Stored:
    """A run that was stored, to be asked."""

    def __init__(self, home: Path, run: Run) -> None:
        self.run, self.folder = run, home / "runs" / run.name

    def said(self, subject: str = "") -> Said:
        """Subject, property, value and source of each claim."""
        return {
            (c.subject, c.property, c.said.value, c.said.source)
            for c in read_claims(self.folder / "claims.jsonl")
            if not subject or c.subject == f"model/hf/{subject}"
        }

    def values(self, subject: str, property: str) -> list[object]:
        """What is said of a property of a model."""
        return sorted({v for _, p, v, _ in self.said(subject) if p == property}, key=str)

    def issues(self, rule: str = "") -> list[dict[str, str]]:
        """The issues, of one rule."""
        lines = (self.folder / "issues.jsonl").read_text("utf-8").splitlines()
        return [i for line in lines if (i := json.loads(line))["rule"] == rule or not rule]

    def links(self) -> set[tuple[str, str]]:
        return {(link.left, link.right) for link in read_links(self.folder)}

    def bytes(self) -> bytes:
        return b"".join(path.read_bytes() for path in sorted(self.folder.iterdir()))


def stored(home: Path, models: Iterable[object], name: str = "in.json", **asked: str) -> Stored:
    """Ingest some records of the API."""
    path = home / name
    path.write_text(json.dumps(list(models)), encoding="utf-8")
    return Stored(home, ingest(home, IngestRequest("hub", str(path), **asked)))


def model(id: str = "o/m", **fields: Any) -> dict[str, Any]:
    return {"id": id, **fields}


def test_the_hub_and_the_author_are_two_sources(tmp_path: Path) -> None:
    found = stored(
        tmp_path,
        [
            model(
                author="o",
                _id="a" * 24,
                createdAt="2024-05-01T10:00:00.000Z",
                downloads=5,
                likes=2,
                gated="manual",
                pipeline_tag="text-generation",
                library_name="peft",
                sha="x",
                lastModified="2024-06-01T00:00:00.000Z",
                safetensors={"parameters": {"BF16": 7}, "total": 7},
                tags=[
                    "base_model:p/q",
                    "base_model:adapter:p/q",
                    "license:mit",
                    "arxiv:2302.13971",
                ],
                baseModels={"relation": "adapter", "models": [{"_id": "b" * 24, "id": "p/q"}]},
                cardData={
                    "license": "apache-2.0",
                    "language": ["ko", "en"],
                    "base_model": "p/q",
                    "datasets": ["d/e"],
                },
            )
        ],
    )
    said = found.said("o/m")
    id = "model/hf/o/m"
    for property, value in {
        "hubId": "o/m",
        "hubObjectId": "a" * 24,
        "publisher": "org/hf/o",
        "downloads": 5,
        "likes": 2,
        "gated": "manual",
        "access": "on-request",
        "task": "text-generation",
        "library": "peft",
        "repositoryCreated": "2024-05-01",
        "modified": "2024-06-01",
        "parameterCount": 7,
        "adapterOf": "model/hf/p/q",
    }.items():
        assert (id, property, value, "source/hub") in said, property
    for property, value in {
        "license": "license/apache-2.0",
        "language": "language/korean",
        "derivedFrom": "model/hf/p/q",
        "trainedOn": "dataset/hf/d/e",
    }.items():
        assert (id, property, value, "source/hub-cards") in said, property
    assert not [p for _, p, _, _ in said if p in ("paper", "developer")]
    assert found.values("o/m", "license") == ["license/apache-2.0"]


@pytest.mark.parametrize(
    ("fields", "access"),
    [
        ({"gated": False, "safetensors": {"total": 7}}, ["open-weights"]),
        ({"gated": False, "gguf": {"total": 7}}, ["open-weights"]),
        ({"gated": "auto", "safetensors": {"total": 7}}, ["on-request"]),
        ({"gated": False}, []),  # what holds no weights gives none out
        ({"gated": False, "gguf": {"total": 0}}, []),
        ({"gated": "later", "gguf": {"total": 7}}, []),
        ({"safetensors": {"total": 7}}, []),  # nothing is said of gates
    ],
)
def test_access_by_gate_and_weights(
    tmp_path: Path, fields: dict[str, Any], access: list[str]
) -> None:
    assert stored(tmp_path, [model(**fields)]).values("o/m", "access") == access


@pytest.mark.parametrize(
    ("relation", "property"),
    [
        ("finetune", "fineTunedFrom"),
        ("adapter", "adapterOf"),
        ("quantized", "quantizedFrom"),
        ("merge", "mergedFrom"),
        ("", "derivedFrom"),
        ("something-new", "derivedFrom"),
    ],
)
def test_relations(tmp_path: Path, relation: str, property: str) -> None:
    found = stored(tmp_path, [model(baseModels={"relation": relation, "models": [{"id": "p/q"}]})])
    assert found.values("o/m", property) == ["model/hf/p/q"]


def test_every_parent_of_a_merge_stays(tmp_path: Path) -> None:
    found = stored(
        tmp_path,
        [
            model(
                baseModels={"relation": "merge", "models": [{"id": "a/a"}, {"id": "b/b"}]},
                tags=["base_model:merge:a/a", "base_model:merge:c/c", "base_model:a/a"],
                cardData={"base_model": ["a/a", "d/d"], "base_model_relation": "merge"},
            )
        ],
    )
    parents = {(v, s) for _, p, v, s in found.said("o/m") if p == "mergedFrom"}
    hub = {(f"model/hf/{name}", "source/hub") for name in ("a/a", "b/b", "c/c")}
    assert parents == hub | {(f"model/hf/{name}", "source/hub-cards") for name in ("a/a", "d/d")}
    assert found.values("o/m", "derivedFrom") == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("/root/autodl-tmp/models/kim/x", "parent-path"),
        (r"D:\models\kim", "parent-path"),
        ("D:/models/kim/x", "parent-path"),
        ("./out/kim", "parent-path"),
        ("my own blend of kim@corp.example", "parent-prose"),
        ("O/M", "parent-self"),
        ("https://github.com/a/b", "parent-url"),
        ("", "parent-placeholder"),
        ("None", "parent-placeholder"),
        (7, "parent-placeholder"),
        ({"a": 1}, "parent-prose"),
    ],
)
def test_what_is_no_parent_is_an_issue(tmp_path: Path, text: object, rule: str) -> None:
    tags = [f"base_model:adapter:{text}"] if isinstance(text, str) and text else []
    found = stored(tmp_path, [model(tags=tags, cardData={"base_model": text})])
    issues = found.issues(rule)
    assert {i["source"] for i in issues} == {"source/hub-cards", *(["source/hub"] * bool(tags))}
    assert not found.values("o/m", "derivedFrom") and not found.values("o/m", "adapterOf")
    assert b"kim" not in found.bytes() or rule == "parent-prose"
    assert b"corp.example" not in found.bytes()


def test_an_address_of_the_hub_is_an_id(tmp_path: Path) -> None:
    address = "https://huggingface.co/meta-llama/Llama-2-7b-chat-hf"
    found = stored(tmp_path, [model(cardData={"base_model": address})])
    assert found.values("o/m", "derivedFrom") == ["model/hf/meta-llama/Llama-2-7b-chat-hf"]


def test_a_renamed_repository_is_the_same(tmp_path: Path) -> None:
    old, new = model("gpt2", _id="1"), model("openai-community/gpt2", _id="1")
    child = model(baseModels={"relation": "finetune", "models": [{"id": "GPT2", "_id": "1"}]})
    found = stored(tmp_path, [old, child, new], retrieved="2024-01-01")
    to = "model/hf/openai-community/gpt2"
    assert ("model/hf/gpt2", to) in found.links() and ("model/hf/GPT2", to) in found.links()


def test_a_rename_between_two_runs(tmp_path: Path) -> None:
    stored(tmp_path, [model("old/name", _id="1")], "a.json", retrieved="2024-01-01")
    found = stored(tmp_path, [model("new/name", _id="1")], "b.json", retrieved="2025-01-01")
    assert found.links() == {("model/hf/old/name", "model/hf/new/name")}
    again = stored(tmp_path, [model("new/name", _id="1")], "b.json", retrieved="2025-01-01")
    assert again.bytes() == found.bytes()
    other = stored(tmp_path, [model("x/y", _id="2")], "c.json", retrieved="2025-01-01")
    assert not other.links()


def test_another_spelling_links_where_one_listed_id_has_it(tmp_path: Path) -> None:
    listed = [model("mistralai/Mistral-7B-Instruct-v0.2"), model("x/Y"), model("X/y"), model("e/E")]
    child = model(
        cardData={"base_model": ["mistralai/mistral-7b-instruct-v0.2", "x/y", "e/E", "no/where"]}
    )
    found = stored(tmp_path, [*listed, child])
    written = "model/hf/mistralai/mistral-7b-instruct-v0.2"
    assert found.links() == {(written, "model/hf/mistralai/Mistral-7B-Instruct-v0.2")}


def test_new_versions(tmp_path: Path) -> None:
    found = stored(
        tmp_path,
        [
            model("o/v1", cardData={"new_version": "o/v2"}),
            model("o/self", cardData={"new_version": "o/self"}),
            model("o/child", cardData={"base_model": "o/parent", "new_version": "O/Grand"}),
            model("o/parent", cardData={"base_model": "o/grand"}),
        ],
    )
    assert found.values("o/v2", "successorOf") == ["model/hf/o/v1"]
    assert found.values("o/v2", "label") == ["v2"]
    assert [i["subject"] for i in found.issues("new-version-self")] == ["model/hf/o/self"]
    assert [i["subject"] for i in found.issues("new-version-ancestor")] == ["model/hf/o/child"]


@pytest.mark.parametrize(
    ("card", "license"),
    [
        ({"license": "llama3.1"}, ["license/llama-3.1-license"]),
        ({"license": "other", "license_name": "exaone", "license_link": "LICENSE"}, None),
        ({"licence": "license"}, []),
        ({"licence": "mit"}, ["license/mit"]),
        ({}, []),
        ({"license": ["mit", "apache-2.0"]}, ["license/MIT%20AND%20Apache-2.0"]),  # both hold
        ({"license": "other", "license_name": "My own"}, ["license/hub/my-own"]),
        ({"license": 1.0}, ["license/hub/1.0"]),
        ({"license": "unknown"}, [None]),
    ],
)
def test_licenses(tmp_path: Path, card: dict[str, Any], license: list[object] | None) -> None:
    found = stored(tmp_path, [model(cardData={"x": 1, **card})])
    values = found.values("o/m", "license")
    assert values == license if license is not None else len(values) == 1
    assert bool(found.issues("card-key")) == ("licence" in card)


MODIFIED = {"license": "other", "license_name": "modified-mit"}


@pytest.mark.parametrize(
    ("name", "more", "license"),
    [
        ("moonshotai/Kimi-K2.5", {}, "license/kimi-k2.5-modified-mit"),
        ("o/copy", {}, "license/modified-mit"),
        ("o/copy", {"base_model": "moonshotai/Kimi-K2.5"}, "license/kimi-k2.5-modified-mit"),
        ("o/copy", {"base_model": ["moonshotai/Kimi-K2.5", "o/own"]}, "license/modified-mit"),
        ("o/copy", {"base_model": "/home/me/kimi"}, "license/modified-mit"),
    ],
)
def test_whose_model_it_is_decides_a_shared_name(
    tmp_path: Path, name: str, more: dict[str, Any], license: str
) -> None:
    found = stored(tmp_path, [model(name, cardData={**MODIFIED, **more})])
    assert found.values(name, "license") == [license]


def test_the_parent_in_the_tags_decides_a_shared_name(tmp_path: Path) -> None:
    tags = ["license:modified-mit", "base_model:quantized:MiniMaxAI/MiniMax-M2.7"]
    found = stored(tmp_path, [model("o/copy", tags=tags)])
    assert found.values("o/copy", "license") == ["license/minimax-m2.7-nc"]


def test_a_license_in_the_repository_is_linked_to(tmp_path: Path) -> None:
    found = stored(
        tmp_path,
        [model(cardData={"license": "other", "license_name": "Mine", "license_link": "LICENSE"})],
    )
    claims = read_claims(found.folder / "claims.jsonl")
    urls = [c.said.url for c in claims if c.property == "license"]
    assert urls == ["https://huggingface.co/o/m/blob/main/LICENSE"]


def test_norwegian_is_a_language(tmp_path: Path) -> None:
    yaml = "language:\n- no\n- nb\n- pt-BR\n- en\nlicense: mit"
    found = stored(
        tmp_path,
        [
            model("o/a", cardData=yaml),
            model("o/b", cardData={"language": False}),
            model("o/c", cardData={"language": ["code", "klingonish"]}),
        ],
    )
    assert "language/norwegian" in found.values("o/a", "language")
    assert "language/portuguese" in found.values("o/a", "language")
    assert found.values("o/b", "language") == ["language/norwegian"]
    assert {i["value"] for i in found.issues("language")} == {"code", "klingonish"}


def test_packed_tensors_are_no_parameter_count(tmp_path: Path) -> None:
    found = stored(
        tmp_path,
        [
            model("o/q", safetensors={"parameters": {"U32": 900, "F16": 100}, "total": 1000}),
            model("o/b", safetensors={"parameters": {"F32": 1000, "I64": 5}, "total": 1005}),
            model("o/g", gguf={"total": 8, "context_length": 4096}),
        ],
    )
    assert found.values("o/q", "parameterCount") == [] and found.issues("packed-parameters")
    assert found.values("o/b", "parameterCount") == [1005]
    assert found.values("o/g", "parameterCount") == [8]
    assert found.values("o/g", "contextLength") == [4096]


def test_the_first_day_of_the_hub_is_no_date(tmp_path: Path) -> None:
    found = stored(tmp_path, [model(createdAt="2022-03-02T23:29:04.000Z")])
    assert found.values("o/m", "repositoryCreated") == []


def test_datasets(tmp_path: Path) -> None:
    names = [
        "generator",
        "squad",
        "https://huggingface.co/datasets/a/b",
        "our own data",
        "/home/kim/d",
    ]
    found = stored(tmp_path, [model(cardData={"datasets": names})])
    assert found.values("o/m", "trainedOn") == ["dataset/hf/a/b", "dataset/hf/squad"]
    assert {i["rule"] for i in found.issues()} == {"dataset-prose", "dataset-path"}
    assert b"kim" not in found.bytes()


SECRETS = [
    "{{ bos_token }}",
    "imatrix",
    "/home/kim",
    "kim@corp.example",
    "please tell us your name",
]


@pytest.mark.parametrize("name", ["in.json", "in.jsonl", "in.jsonl.gz", "in.parquet"])
def test_nothing_private_is_stored(tmp_path: Path, name: str) -> None:
    record = model(
        "o/m",
        gguf={
            "total": 8,
            "context_length": 5,
            "chat_template": SECRETS[0],
            "quantize_imatrix_file": "/home/kim/imatrix.dat",
        },
        tags=["base_model:adapter:/home/kim/base", "kim@corp.example"],
        cardData={
            "extra_gated_prompt": SECRETS[4],
            "license": "other",
            "license_name": "ask kim@corp.example",
            "base_model": "/home/kim/base",
            "datasets": "mail kim@corp.example",
        },
    )
    path = tmp_path / name
    write(path, [record])
    data = Stored(tmp_path, ingest(tmp_path, IngestRequest("hub", str(path)))).bytes()
    assert b'"parameterCount"' in data
    for secret in SECRETS:
        assert secret.encode() not in data, secret


def write(path: Path, models: list[dict[str, Any]]) -> None:
    """Write records as JSON, JSON lines, or Parquet in the shape of hub-stats."""
    if path.suffix == ".parquet":
        arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
        rows = [{**m, "cardData": json.dumps(m.get("cardData"))} for m in models]
        parquet.write_table(arrow.Table.from_pylist(rows), path, row_group_size=3)
    elif path.suffix == ".json":
        path.write_text(json.dumps(models), encoding="utf-8")
    else:
        data = "".join(json.dumps(m) + "\n" for m in models).encode()
        path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)


def test_every_shape_says_the_same(tmp_path: Path) -> None:
    models = [
        model(
            f"o/m{i}",
            _id=f"{i}",
            author="o",
            downloads=i,
            likes=1,
            tags=["license:mit"],
            gated=False,
            baseModels={"relation": "finetune", "models": [{"_id": "f", "id": "p/q"}]},
            safetensors={"parameters": {"BF16": 5}, "total": 5},
            pipeline_tag="x",
            cardData={"license": "mit", "language": "ko"},
        )
        for i in range(10)
    ]
    found = []
    for name in ("in.json", "in.jsonl", "in.jsonl.gz", "in.parquet"):
        write(tmp_path / name, models)
        run = Stored(tmp_path, ingest(tmp_path, IngestRequest("hub", str(tmp_path / name))))
        found.append((run.folder / "claims.jsonl").read_bytes())
        assert not run.issues()
    assert len(set(found)) == 1


def test_parquet_without_most_columns(tmp_path: Path) -> None:
    write(tmp_path / "in.parquet", [{"id": "o/m", "tags": ["license:mit", "ko"], "cardData": None}])
    found = Stored(tmp_path, ingest(tmp_path, IngestRequest("hub", str(tmp_path / "in.parquet"))))
    assert found.values("o/m", "license") == ["license/mit"]
    assert found.values("o/m", "language") == ["language/korean"]


def test_a_dump_of_python_objects(tmp_path: Path) -> None:
    tree = {
        "models": [
            {
                "model_id": "o/m",
                "children": [],
                "card": "---\nlicense: mit\nlanguage: no\n---\n# hi",
                "metadata": json.dumps(
                    {
                        "modelId": "o/m",
                        "created_at": "2025-03-18 22:47:32+00:00",
                        "card_data": "base_model: p/q",
                        "gguf": None,
                    }
                ),
            }
        ]
    }
    (tmp_path / "tree.json").write_text(json.dumps(tree), encoding="utf-8")
    found = Stored(tmp_path, ingest(tmp_path, IngestRequest("hub", str(tmp_path / "tree.json"))))
    assert found.values("o/m", "repositoryCreated") == ["2025-03-18"]
    assert found.values("o/m", "derivedFrom") == ["model/hf/p/q"]
    assert found.values("o/m", "license") == ["license/mit"]


def test_bad_records_do_not_stop_the_others(tmp_path: Path) -> None:
    lines = [
        '{"id": "o/a"}',
        '{"id": "o/b"',
        "7",
        '{"likes": 3}',
        '{"id": "a b"}',
        '{"id": "o/p", "private": true}',
        '{"id": "o/c", "cardData": "a: [", "tags": 5, "safetensors": [], "downloads": "x", "author": 4}',
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    found = Stored(tmp_path, ingest(tmp_path, IngestRequest("hub", str(tmp_path / "in.jsonl"))))
    assert {s for s, *_ in found.said() if s.startswith("model/")} == {
        "model/hf/o/a",
        "model/hf/o/c",
    }
    rules = {i["rule"]: i for i in found.issues()}
    assert set(rules) == {"unreadable", "hub-id", "private", "card-yaml"}
    assert (
        len(found.issues("unreadable")) == 3
        and "in.jsonl:2" in found.issues("unreadable")[0]["origin"]
    )
    assert b"o/p" not in found.bytes()


@pytest.mark.parametrize("name", ["in.json", "in.parquet", "in.jsonl.gz"])
def test_a_file_that_is_cut_short(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, [model(f"o/m{i}") for i in range(50)])
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match="nothing that") as told:
        ingest(tmp_path, IngestRequest("hub", str(tmp_path / name)))
    assert str(told.value).count(f"{name}: ") == 1 and ": :" not in str(told.value)


def test_parquet_in_an_archive_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "in.parquet", [model()])
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        archive.write(tmp_path / "in.parquet", "in.parquet")
    with pytest.raises(DataError, match="unpack it"):
        ingest(tmp_path, IngestRequest("hub", str(tmp_path / "in.zip")))


@real
def test_every_parent_of_the_family_trees_is_kept(tmp_path: Path) -> None:
    """Counted independently of the importer: what tags and cards name, by record."""
    yaml = pytest.importorskip("yaml")
    folder = REAL / "hf-model-trees"
    declared: set[tuple[str, str, str]] = set()
    records = 0
    for path in sorted(folder.glob("*.json.gz")):
        for one in json.loads(gzip.decompress(path.read_bytes()))["models"]:
            records += 1
            meta = json.loads(one["metadata"])
            card = (
                meta.get("card_data")
                or (one.get("card") or "").strip().removeprefix("---").split("\n---")[0]
            )
            bases = (yaml.safe_load(card) or {}).get("base_model") or []
            bases = bases if isinstance(bases, list) else [bases]
            declared |= {(one["model_id"], base, "source/hub-cards") for base in bases}
            tags = [t.split(":")[-1] for t in meta["tags"] if t.startswith("base_model:")]
            declared |= {(one["model_id"], tag, "source/hub") for tag in tags}
    found = Stored(tmp_path, ingest(tmp_path, IngestRequest("hub", str(folder))))
    kept = {
        (s.removeprefix("model/hf/"), str(v).removeprefix("model/hf/"), source)
        for s, p, v, source in found.said()
        if str(v).startswith("model/hf/") and p != "successorOf"
    }
    kept |= {
        (i["subject"].removeprefix("model/hf/"), i.get("value", ""), i["source"])
        for i in found.issues()
        if i["rule"].startswith("parent-")
    }
    assert records == found.run.counts["records"] == 372
    assert len(declared) > 700 and declared == kept


@real
def test_recorded_answers(tmp_path: Path) -> None:
    found = Stored(tmp_path, ingest(tmp_path, IngestRequest("hub", str(REAL / "hf-api-recorded"))))
    assert found.run.counts["records"] == 7 and not found.issues()
    assert found.values("google/gemma-3-4b-it", "fineTunedFrom") == [
        "model/hf/google/gemma-3-4b-pt"
    ]
    for secret in (b"trimmed", b"imatrix", b"ifm|begin", b"Acknowledge"):
        assert secret not in found.bytes()
