"""What somebody pasted: each thing in it is found, judged for each column, and never allowed by ignorance."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.answers.license import license_answer
from kg.errors import InputError
from kg.language.countries import read_countries
from kg.licenses.profile import NOBODY, Profile
from kg.licenses.rules import SEVERITY, USES
from kg.pasted.check import (
    MOST_TEXT,
    CheckAnswer,
    CheckedThing,
    CheckRequest,
    check_paste,
)
from kg.snapshot.snapshot import Snapshot

LLAMA, ALPACA, BERT = "model/llama-2-7b", "model/alpaca-7b", "model/bert-base"
PLACES = {code: Profile(country=code) for code in read_countries("Korea, France")}


def check(snapshot: Snapshot, text: str, **asked: object) -> CheckAnswer:
    return check_paste(snapshot, CheckRequest(text=text, **asked))  # type: ignore[arg-type]


def ids(answer: CheckAnswer) -> list[str | None]:
    return [thing.id for thing in answer.things]


def only(answer: CheckAnswer) -> CheckedThing:
    (thing,) = answer.things
    return thing


def bom(*components: dict[str, object]) -> str:
    return json.dumps(
        {
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "serialNumber": "urn:uuid:0",
            "components": components,
        }
    )


# ---- what is found


@pytest.mark.parametrize(
    "text",
    [
        "model/llama-2-7b",
        "Llama 2 7B",
        "meta-llama/Llama-2-7b-hf",
        "https://huggingface.co/meta-llama/Llama-2-7b-hf",
        "https://huggingface.co/meta-llama/Llama-2-7b-hf/tree/main",
        "hf.co/meta-llama/Llama-2-7b-hf",
        "pkg:huggingface/meta-llama/Llama-2-7b-hf@abc",
        "- [Llama 2](https://huggingface.co/meta-llama/Llama-2-7b-hf),",
        "`meta-llama/Llama-2-7b-hf`  # ours",
        "base_model: meta-llama/Llama-2-7b-hf\nother: 1\nx",
        '["meta-llama/Llama-2-7b-hf"]',
        'from transformers import AutoModel\nm = AutoModel.from_pretrained("meta-llama/Llama-2-7b-hf")',
        "llm:\n  model: meta-llama/Llama-2-7b-hf\n  port: 8000\n",
        "vllm serve meta-llama/Llama-2-7b-hf",
        "MODEL_ID=meta-llama/Llama-2-7b-hf",
        bom(
            {
                "type": "machine-learning-model",
                "name": "x",
                "purl": "pkg:huggingface/meta-llama/Llama-2-7b-hf@1",
            }
        ),
    ],
)
def test_one_model_in_many_dresses(snapshot: Snapshot, text: str) -> None:
    found = {thing.id: thing for thing in check(snapshot, text).things}
    assert found[LLAMA].verdict == license_answer(snapshot, LLAMA).verdict
    assert found[LLAMA].told_by == "data" and found[LLAMA].label == snapshot.label(LLAMA)


def test_many_on_a_line_and_each_once(snapshot: Snapshot) -> None:
    answer = check(snapshot, "alpaca-7b, bert-base;Llama 2 7B\n\nAlpaca 7B\n")
    assert ids(answer) == [ALPACA, BERT, LLAMA]
    assert answer.things[0].lines == [1, 3]


def test_a_name_with_its_maker_behind_it(snapshot: Snapshot) -> None:
    maker = snapshot.label(str(snapshot.entity(ALPACA).values("developer")[0]))
    assert only(check(snapshot, f"Alpaca 7B ({maker})")).id == ALPACA
    other = only(check(snapshot, "Alpaca 7B (our own fork)"))
    assert other.id is None and other.verdict == "unknown"


def test_a_data_set_is_not_the_model_of_its_path(snapshot: Snapshot) -> None:
    thing = only(check(snapshot, "https://huggingface.co/datasets/tatsu-lab/alpaca"))
    assert thing.kind == "dataset" and thing.id == snapshot.find("dataset/hf/tatsu-lab/alpaca")


def test_requirements_are_software_and_no_models(snapshot: Snapshot) -> None:
    answer = check(snapshot, "torch>=2.1\ntransformers==4.57.0\nsentence-transformers\n")
    assert answer.file == "requirements.txt"
    assert (answer.things, answer.counts, answer.notice) == ([], {}, "")


def test_a_sentence_is_passed_over_and_told(snapshot: Snapshot) -> None:
    answer = check(
        snapshot, "alpaca-7b\nWe took the first one of these because it was small enough for us\n"
    )
    assert ids(answer) == [ALPACA] and any("line 2" in note for note in answer.notes)


def test_families_parents_and_makers(snapshot: Snapshot) -> None:
    thing = only(check(snapshot, "alpaca-7b"))
    assert [ref.id for ref in thing.made_from] == ["model/llama-7b"]
    assert thing.families and thing.makers and thing.declared


# ---- verdicts side by side


def test_columns_are_uses_by_countries(snapshot: Snapshot) -> None:
    uses = ("commercial", "redistribute")
    answer = check(snapshot, "llama-4-scout-instruct\nbert-base", uses=uses, who=PLACES)
    assert [(one.use, one.who) for one in answer.columns] == [
        (use, place) for use in uses for place in ("KR", "FR")
    ]
    for thing in answer.things:
        for column, cell in zip(answer.columns, thing.cells, strict=True):
            there = license_answer(snapshot, thing.id or "", column.use, column.profile)
            assert (cell.verdict, cell.sentence) == (there.verdict, there.sentence)
    scout, bert = answer.things
    assert [cell.verdict for cell in scout.cells[:2]] == ["conditional", "prohibited"]
    assert scout.verdict == "prohibited" and bert.verdict == "allowed"
    assert answer.counts == {"allowed": 1, "prohibited": 1}


def test_a_broken_duty_stands_first(snapshot: Snapshot) -> None:
    name = {"": Profile(name="MyBot")}
    thing = only(check(snapshot, "llama-3.1-8b", uses=("redistribute",), who=name))
    assert thing.checklist[0].broken and "MyBot" in thing.checklist[0].text


def test_the_notice_is_of_all_of_it(snapshot: Snapshot) -> None:
    answer = check(snapshot, "llama-2-7b\nbert-base\nnobody/nothing")
    assert answer.notice.startswith("NOTICE\n\n")
    for part in ("Llama 2 7B", "BERT", "nobody/nothing", "Apache", "Meta Platforms"):
        assert part in answer.notice, part


# ---- what is not known is never allowed


@pytest.mark.parametrize(
    "text",
    [
        "nobody/nothing-9b",
        "https://huggingface.co/nobody/nothing-9b",
        "https://evil.example/bert-base",
        "https://github.com/nobody/nothing",
        "pkg:pypi/transformers@4",
        "./models/bert-base-9",
        "Composer 99",
        "org/meta",
        "Apache License 2.0",
        "<script>alert(1)</script>",
        "모르는모델 7B",
        bom(
            {
                "type": "machine-learning-model",
                "name": "ours",
                "licenses": [{"license": {"id": "MIT"}}],
            }
        ),
        bom({"type": "machine-learning-model", "name": "ours"}),
        bom({"type": "data", "name": "ours", "licenses": [{"license": {"id": "CC0-1.0"}}]}),
    ],
)
def test_what_nothing_goes_by_is_a_finding(snapshot: Snapshot, text: str) -> None:
    answer = check(snapshot, text, uses=USES)
    thing = only(answer)
    assert {cell.verdict for cell in thing.cells} == {"unknown"} and thing.gaps
    assert list(answer.counts) == ["unknown"]


def test_what_only_a_document_describes_may_be_forbidden(snapshot: Snapshot) -> None:
    base = {
        "type": "machine-learning-model",
        "bom-ref": "b",
        "name": "base",
        "purl": "pkg:huggingface/lmsys/vicuna-7b-delta-v0",
    }
    ours = {
        "type": "machine-learning-model",
        "bom-ref": "o",
        "name": "ours",
        "licenses": [{"license": {"id": "MIT"}}],
        "pedigree": {"ancestors": [base]},
    }
    found = {thing.what: thing for thing in check(snapshot, bom(ours)).things}
    assert found["ours"].told_by == "bom" and found["ours"].verdict == "prohibited"


def test_near_names_are_offered(snapshot: Snapshot) -> None:
    thing = only(check(snapshot, "alpacca-7b"))
    assert thing.id is None and ALPACA in [ref.id for ref in thing.near]


def test_a_card_is_judged_by_its_parents(snapshot: Snapshot) -> None:
    card = "---\nlicense: mit\nbase_model: {}\n---\n# Kim 8B\n"
    llama = only(check(snapshot, card.format("meta-llama/Llama-2-7b-hf")))
    assert (llama.told_by, [ref.id for ref in llama.made_from]) == ("card", [LLAMA])
    assert llama.verdict == "conditional"
    nobody = only(check(snapshot, card.format("nobody/nothing-9b")))
    assert nobody.verdict == "unknown"
    assert [ref.label for ref in nobody.made_from] == ["nobody/nothing-9b"]


@given(st.text(max_size=300))
def test_no_text_gets_a_verdict_that_nobody_gave(snapshot: Snapshot, text: str) -> None:
    try:
        answer = check(snapshot, text)
    except InputError:
        return
    for thing in answer.things:
        if thing.id is None and thing.told_by != "card":
            assert SEVERITY.index(thing.verdict) >= SEVERITY.index("unknown")


# ---- bounds and errors


def test_what_is_too_much_is_counted(snapshot: Snapshot) -> None:
    names = "\n".join(f"nobody/nothing-{number}" for number in range(200))
    one = check(snapshot, names)
    assert 0 < len(one.things) <= 60 and one.left_out > 0
    wide = check(snapshot, names, uses=USES, who=PLACES)
    assert len(wide.things) * len(wide.columns) <= 160 and wide.left_out > 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "paste something"),
        (" \n", "paste something"),
        ("x" * (MOST_TEXT + 1), "at most"),
        ('{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [', "cut short"),
        ('{"bomFormat": "CycloneDX", "specVersion": "9"}', "is not read"),
        ('<bom xmlns="http://cyclonedx.org/schema/bom/1.6"/>', "XML"),
        ("SPDXVersion: SPDX-2.3\n", "SPDX 2 is not read"),
        ("---\nbase_model: [a\n---\n", "YAML"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(snapshot: Snapshot, text: str, said: str) -> None:
    with pytest.raises(InputError) as raised:
        check(snapshot, text)
    assert said in str(raised.value) and "\n" not in str(raised.value)


def test_too_many_columns_are_refused(snapshot: Snapshot) -> None:
    who = {str(number): NOBODY for number in range(9)}
    with pytest.raises(InputError, match="choose at most 8"):
        check(snapshot, "gpt2", who=who)


def test_the_rows_of_a_table_are_read(snapshot: Snapshot) -> None:
    table = "| Model | License |\n|---|---|\n| bert-base | apache-2.0 |\n| ours-7b | mit |\n"
    answer = check(snapshot, table)
    assert [(thing.id, thing.what) for thing in answer.things] == [
        (BERT, "bert-base"),
        (None, "ours-7b"),
    ]
    assert ids(check(snapshot, "1. [x] Llama 2 7B\n")) == [LLAMA]


@pytest.mark.parametrize(
    "text",
    ["a/b," * 40_000, "a\n" * 80_000, "http://" * 20_000, "(" * 9_000 + "a (b) " * 9_000],
)
def test_what_is_long_is_read_in_bounds(snapshot: Snapshot, text: str) -> None:
    answer = check(snapshot, text)
    assert {thing.verdict for thing in answer.things} <= {"unknown"}
    assert all(len(thing.lines) <= 20 for thing in answer.things)
