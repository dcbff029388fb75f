"""What a model looks like by its config and tokenizer: signals read, compared, and said of a folder that names no parent."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import DataError
from kg.files.intake import IntakeFile
from kg.ingest.curated.licenses import read_terms
from kg.ingest.fingerprints._folder import likenesses
from kg.ingest.fingerprints._matching import compare_signals, find_resemblances
from kg.ingest.fingerprints._published import (
    Fingerprints,
    PublishedModel,
    ResemblanceRule,
    read_fingerprints,
)
from kg.ingest.fingerprints._signals import Signals, config_signals, joined
from kg.ingest.fingerprints._tokenizer import tokenizer_signals
from kg.ingest.ingest import IngestRequest, ingest
from kg.ingest.kit.kit import Kit
from kg.licenses.naming.names import LicenseNames
from kg.paths import DATA
from tests.ingest.test_source_folder import ME, folder
from tests.ingest.test_source_hub import Stored

CONFIG = {
    "model_type": "llama",
    "hidden_size": 64,
    "num_hidden_layers": 3,
    "num_attention_heads": 8,
    "num_key_value_heads": 2,
    "intermediate_size": 176,
    "vocab_size": 300,
    "max_position_embeddings": 2048,
    "rope_theta": 10000,
    "tie_word_embeddings": False,
}
MERGES = ["▁ a", "a b", "▁a b"]
TOKENIZER = {
    "model": {
        "type": "BPE",
        "vocab": {"a": 0, "b": 1, "▁": 2, "<0x0A>": 3, "▁a": 4, "ab": 5, "▁ab": 6},
        "merges": [merge.split(" ") for merge in MERGES],
    },
    "added_tokens": [{"id": 7, "content": "</s>", "special": True}],
}
PUBLISHED = Signals(
    kind="llama",
    hidden=64,
    layers=3,
    heads=8,
    kv_heads=2,
    inner=176,
    rows=300,
    context=2048,
    rope_base=10000.0,
    tied=False,
    tokens=8,
    merges=3,
    merges_hash=hashlib.sha256("▁ a\na b\n▁a b".encode()).hexdigest()[:16],
    token_length=2.5,
    longest=6,
    single=0.375,
    spaced=0.375,
    byted=0.125,
)


def stream(text: str | bytes, name: str = "tokenizer.json") -> IntakeFile:
    data = text.encode() if isinstance(text, str) else text
    return IntakeFile(name, len(data), lambda: BytesIO(data))


def rule() -> ResemblanceRule:
    read = read_fingerprints(DATA)
    assert read
    return read.rule


def test_the_signals_of_files_are_those_that_fingerprints_hold() -> None:
    read = joined([config_signals(CONFIG), tokenizer_signals(stream(json.dumps(TOKENIZER)))])
    assert read == PUBLISHED


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ({"n_embd": 8, "n_layer": 2, "n_head": 4, "n_positions": 9}, (8, 2, 4, 9)),
        (
            {"model_type": "x", "text_config": {"hidden_size": 8, "num_hidden_layers": 2}},
            (8, 2, None, None),
        ),
        ({"thinker_config": {"text_config": {"hidden_size": 8}}}, (8, None, None, None)),
        ({"hidden_size": True, "num_hidden_layers": "2"}, (None, None, None, None)),
        ({"hidden_size": 0, "num_attention_heads": -4, "n_ctx": 10**30}, (None,) * 4),
        ({"text_config": [1], "decoder": None}, (None,) * 4),
    ],
)
def test_what_classes_call_the_same_thing(config: dict[str, Any], told: tuple[Any, ...]) -> None:
    read = config_signals(config)
    assert (read.hidden, read.layers, read.heads, read.context) == told


@pytest.mark.parametrize(
    ("rope", "told"),
    [
        ({"rope_theta": 5e5}, (5e5, None)),
        ({"rotary_emb_base": 10000, "rotary_pct": 0.25}, (1e4, 0.25)),
        ({"rope_parameters": {"rope_theta": 7.0, "partial_rotary_factor": 0.5}}, (7.0, 0.5)),
        ({"rope_theta": 3, "rope_scaling": {"rope_theta": 7, "factor": 8}}, (3.0, None)),
        ({"rope_theta": float("inf"), "rope_scaling": "linear"}, (None, None)),
    ],
)
def test_rotary_positions(rope: dict[str, Any], told: tuple[Any, ...]) -> None:
    read = config_signals(rope)
    assert (read.rope_base, read.rotary) == told


@given(st.randoms(use_true_random=False), st.dictionaries(st.text(min_size=9), st.integers()))
def test_order_and_further_keys_do_not_matter(order: random.Random, more: dict[str, int]) -> None:
    keys = list(CONFIG)
    order.shuffle(keys)
    changed = {f"x-{key}": value for key, value in more.items()} | {k: CONFIG[k] for k in keys}
    assert config_signals(changed) == config_signals(CONFIG)


NAMES = st.sampled_from([*CONFIG, "text_config", "thinker_config", "rope_scaling", "n_embd"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
)


@given(st.dictionaries(NAMES, VALUES))
def test_any_config_is_read(config: dict[str, Any]) -> None:
    read = config_signals(config)
    assert compare_signals(read, read, rule()) is None  # without a tokenizer nothing is compared
    assert msgspec.json.decode(msgspec.json.encode(read), type=Signals) == read


def test_merges_are_the_same_however_they_are_written() -> None:
    lines = {**TOKENIZER, "model": {**TOKENIZER["model"], "merges": MERGES}}  # type: ignore[dict-item]
    text = "#version: 0.2\n" + "\n".join(MERGES) + "\n"
    pairs, strings, plain = (
        tokenizer_signals(one)
        for one in (
            stream(json.dumps(TOKENIZER)),
            stream(json.dumps(lines)),
            stream(text, "merges.txt"),
        )
    )
    assert pairs == strings
    assert (plain.merges, plain.merges_hash) == (pairs.merges, pairs.merges_hash)
    assert plain.tokens is None


def test_many_merges_are_counted_and_the_first_decide() -> None:
    many = [f"a{number} b" for number in range(120)]
    texts = ["\n".join(many), "#version: 0.2\n" + "\n".join(many), "\n".join([*many, "x y"])]
    read = [tokenizer_signals(stream(text, "merges.txt")) for text in texts]
    assert [one.merges for one in read] == [120, 120, 121]
    assert {one.merges_hash for one in read} == {
        hashlib.sha256("\n".join(many[:50]).encode()).hexdigest()[:16]
    }
    other = tokenizer_signals(stream("\n".join(["x y", *many]), "merges.txt"))
    assert other.merges_hash != read[0].merges_hash


def test_a_vocabulary_without_merges() -> None:
    unigram = {"model": {"type": "Unigram", "vocab": [["▁a", -1.5], ["b", -2]]}}
    read = tokenizer_signals(stream(json.dumps(unigram)))
    assert (read.tokens, read.merges, read.merges_hash, read.spaced) == (2, None, None, 0.5)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"model": 5}',
        '{"model": {"vocab": {"a": "b"}}}',
        '{"model": {"merges": [["a"]]}}',
        "[" * 100_000,
        b"\xff\xfe\x00",
        "version https://git-lfs.github.com/spec/v1\noid sha256:6bdf\nsize 712\n",
    ],
)
def test_what_is_no_tokenizer_is_refused(text: str | bytes) -> None:
    with pytest.raises(DataError):
        tokenizer_signals(stream(text))


def changed(**signals: Any) -> Signals:
    return msgspec.structs.replace(PUBLISHED, **signals)


@pytest.mark.parametrize("name", ["hidden", "layers", "heads", "kv_heads", "inner"])
def test_another_shape_is_another_model(name: str) -> None:
    assert compare_signals(changed(**{name: 5}), PUBLISHED, rule()) is None


@pytest.mark.parametrize("name", ["hidden", "layers", "merges"])
def test_without_what_is_needed_nothing_is_compared(name: str) -> None:
    assert compare_signals(changed(**{name: None}), PUBLISHED, rule()) is None


def test_what_agrees_and_what_differs_is_told() -> None:
    alike = compare_signals(PUBLISHED, PUBLISHED, rule())
    assert alike and (alike.points, alike.near, alike.different) == (98, (), ())  # rotary: unknown
    other = changed(rows=302, context=4096, kind="mistral", tied=None)
    told = compare_signals(other, PUBLISHED, rule())
    assert told and (told.near, told.different) == (("rows",), ("kind", "context"))
    assert told.points < alike.points
    assert told == compare_signals(PUBLISHED, other, rule())


def test_another_tokenizer_on_the_same_shape_is_too_little() -> None:
    other = changed(merges_hash="0" * 16, tokens=90, token_length=4.0, rows=90)
    told = compare_signals(other, PUBLISHED, rule())
    assert told and told.points < rule().threshold


def test_more_merges_than_chance_adds_are_another_tokenizer() -> None:
    many = changed(merges=280_147)
    told = compare_signals(many, changed(merges=264_306), rule())
    assert told and "merges" in told.different


def family(*models: tuple[str, Signals], lines: dict[str, str] | None = None) -> Fingerprints:
    """Fingerprints to compare with; of each line the first comes first."""
    order = {id: place for place, (id, _) in enumerate(models)}
    published = tuple(PublishedModel(id, signals) for id, signals in models)
    return Fingerprints(models=published, lines=lines or {}, order=order, rule=rule())


def test_of_a_line_the_oldest_is_named_and_of_several_lines_each() -> None:
    line = {"o/new": "o/old", "o/old": "o/old"}
    among = family(
        ("p/twin", PUBLISHED),
        ("o/old", PUBLISHED),
        ("o/new", changed(context=4096)),
        ("q/far", changed(kind="x", rope_base=1.0, context=1, rows=900, tied=True)),
        lines=line,
    )
    found = find_resemblances(PUBLISHED, among)
    assert [(one.id, one.line) for one in found] == [
        ("o/old", ("o/old", "o/new")),
        ("p/twin", ("p/twin",)),
    ]
    assert [one.id for one in find_resemblances(PUBLISHED, among, {"o/old"})] == [
        "p/twin",
        "o/new",
    ]


# ---- a folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with the fingerprints of four models: maker/base and what is made of it, and two others."""
    path = tmp_path / "data"
    shutil.copytree(DATA / "ingest", path / "ingest")
    prints = path / "fingerprints"
    prints.mkdir()
    models = [
        PublishedModel("maker/base", PUBLISHED),
        PublishedModel("maker/chat", PUBLISHED),
        PublishedModel("maker/pruned", changed(layers=2)),
        PublishedModel("other/large", changed(layers=9)),
    ]
    (prints / "models.jsonl").write_bytes(b"\n".join(map(msgspec.json.encode, models)))
    line = "maker/base:\n  maker/chat: https://a.example\n  maker/pruned: https://b.example\n"
    (prints / "lines.yaml").write_text(line, encoding="utf-8")
    shutil.copy(DATA / "fingerprints" / "rule.yaml", prints)
    return path


def looks(tmp_path: Path, data: Path, card: str = "license: mit", **files: object) -> list[object]:
    """What a folder with the config and tokenizer of maker/base is said to look like."""
    card = f"---\n{card}\n---\n"
    files = {"config_json": CONFIG, "tokenizer_json": TOKENIZER, "README_md": card} | files
    path = folder(tmp_path, **{name: body for name, body in files.items() if body is not None})
    found = Stored(tmp_path, ingest(tmp_path, IngestRequest("folder", str(path)), data))
    said = [v for s, p, v, _ in found.said() if (s, p) == (ME, "resembles")]
    assert len(found.issues("parent-looks-like")) == bool(said)
    return said


@pytest.mark.parametrize(
    "card",
    [
        "license: mit",  # no parent
        "base_model: /root/kim/base",  # none that can be found
        "base_model: other/large",  # which is published, and looks otherwise
    ],
)
def test_a_folder_that_does_not_name_what_it_looks_like(
    tmp_path: Path, data: Path, card: str
) -> None:
    assert looks(tmp_path, data, card) == ["model/hf/maker/base"]


@pytest.mark.parametrize(
    "card",
    [
        "base_model: maker/base",
        "base_model: Maker/Chat",  # the Hub's way
        "base_model: maker/pruned",  # of another shape, and of the same line
        "base_model: someone/tune",  # of which no fingerprint is published
        "base_model: [someone/tune, other/large]",
    ],
)
def test_a_folder_that_names_its_parent(tmp_path: Path, data: Path, card: str) -> None:
    assert looks(tmp_path, data, card) == []


def test_files_that_say_too_little(tmp_path: Path, data: Path) -> None:
    assert looks(tmp_path, data, tokenizer_json=None) == []
    (tmp_path / "my-model" / "tokenizer.json").write_text('{"model": {}}', encoding="utf-8")
    assert looks(tmp_path, data, tokenizer_json="no JSON") == []


def test_the_note_tells_the_signals_and_the_source_is_a_rule(tmp_path: Path, data: Path) -> None:
    looks(tmp_path, data)
    (said,) = (c["said"] for c in stored_lines(tmp_path, "claims") if c["property"] == "resembles")
    assert said["source"] == "source/model-fingerprints" and said["inferred"]
    assert said["note"] == (
        "it names no parent; 98 of 100 points; same: shape, rows, kind, rope_base, context, tied, "
        "merges, tokens, statistics; 1 more made from it look alike"
    )
    sources = stored_lines(tmp_path, "sources")
    told = {(c["property"], c["said"]["value"]) for c in sources if c["subject"] == said["source"]}
    assert {("sourceType", "rule"), ("license", "license/apache-2.0")} <= told


def stored_lines(home: Path, name: str) -> list[dict[str, Any]]:
    (path,) = (home / "runs").glob(f"*/{name}.jsonl")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize(("own", "many"), [("", 2), ("o/mine", 2), ("Maker/Chat", 0)])
def test_a_published_model_does_not_look_like_itself(data: Path, own: str, many: int) -> None:
    kit = Kit(
        source="source/x",
        prefix="x",
        words={},
        licenses=LicenseNames(read_terms(data)),
        fingerprints=read_fingerprints(data),
    )
    read = [("config", CONFIG), ("tokenizer", tokenizer_signals(stream(json.dumps(TOKENIZER))))]
    assert len(list(likenesses(read, "model/x/me", own, [], kit))) == many  # a claim and an issue


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("lines.yaml", "maker/base:\n  maker/none: https://a.example\n", 2),
        ("models.jsonl", '{"id": 5}', 0),
        ("rule.yaml", "threshold: high", 1),
    ],
)
def test_broken_data_is_refused(data: Path, name: str, text: str, line: int) -> None:
    (data / "fingerprints" / name).write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as error:
        read_fingerprints(data)
    assert f"data/fingerprints/{name}" in str(error.value)
    assert not line or f":{line}" in str(error.value)


def test_a_rule_that_is_right_too_rarely_is_refused(data: Path) -> None:
    path = data / "fingerprints" / "rule.yaml"
    text = path.read_text("utf-8").replace("right: 66", "right: 60")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match="60 of 66"):
        read_fingerprints(data)


def test_a_folder_of_a_tokenizer_is_no_model(tmp_path: Path, data: Path) -> None:
    inner = folder(tmp_path, config_json=CONFIG) / "tokenizer"
    inner.mkdir()
    (inner / "tokenizer.json").write_text(json.dumps(TOKENIZER), encoding="utf-8")
    ingest(tmp_path, IngestRequest("folder", str(inner.parent)), data)
    assert {claim["subject"] for claim in stored_lines(tmp_path, "claims")} == {ME}


def test_no_fingerprints_no_resemblance(tmp_path: Path, data: Path) -> None:
    shutil.rmtree(data / "fingerprints")
    assert looks(tmp_path, data) == []
