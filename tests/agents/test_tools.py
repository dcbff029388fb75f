"""What each tool answers: the contract's own values, with sources, doubts, conditions and the release."""

from __future__ import annotations

from typing import Any, get_args

import msgspec
import pytest

from kg.agents._tools import TOOLS
from kg.answers.contract import to_json
from kg.answers.license import license_answer
from kg.licenses.terms import Use
from kg.snapshot.snapshot import Snapshot
from tests.agents.calls import Agent, list_tools
from tests.agents.costs import SCANNED


def test_every_tool_says_that_it_only_reads(agent: Agent) -> None:
    tools = agent.ask(list_tools)
    assert [tool.name for tool in tools] == list(TOOLS)
    for tool in tools:
        assert tool.annotations and tool.annotations.read_only_hint
        assert tool.annotations.destructive_hint is False and tool.title
        assert tool.input_schema["additionalProperties"] is False
        assert "$ref" not in str(tool.input_schema) and "lang" in tool.input_schema["properties"]
        assert tool.output_schema and tool.output_schema["type"] == "object"


def test_a_search_gives_ids_for_the_other_tools(agent: Agent, snapshot: Snapshot) -> None:
    text, data = agent.call("search", query="알파카", lang="ko")
    ids = [hit["id"] for hit in data["answer"]["hits"]]
    assert "model/alpaca-7b" in ids and "model/alpaca-7b | 알파카 7B" in text
    assert data["release"] == snapshot.manifest.version in text
    assert data["citations"] and "출처:" in text


def test_what_follows_a_search_is_asked_for_by_its_next(agent: Agent) -> None:
    _, first = agent.call("search", query="instruct", limit=2)
    _, second = agent.call("search", query="instruct", limit=2, **first["more"])
    shown = [hit["id"] for one in (first, second) for hit in one["answer"]["hits"]]
    assert len(set(shown)) == 4 and first["omitted"]["hits"] == first["answer"]["total"] - 2


def test_a_search_for_what_is_not_there_says_so(agent: Agent) -> None:
    text, data = agent.call("search", query="Llama 9 Ultra")
    assert data["doubts"][0].startswith("No model Llama 9 is known")
    assert data["doubts"][0] in text


def test_where_sources_disagree_every_claim_is_shown(agent: Agent) -> None:
    text, data = agent.call("show", id="vicuna-7b")
    facts = {fact["property"]: fact for fact in data["answer"]["facts"]}
    assert facts["license"]["disputed"] and len(facts["license"]["claims"]) == 2
    assert facts["parameterCount"]["claims"] == [] and data["omitted"]["claims"]
    assert "sources disagree on: license" in data["doubts"]
    assert "rejected: LMSYS withdrew this license" in text


def test_a_few_properties_come_with_all_their_claims(agent: Agent) -> None:
    _, data = agent.call("show", id="alpaca-7b", properties=["license"])
    (fact,) = data["answer"]["facts"]
    assert fact["property"] == "license" and fact["claims"][0]["source"].startswith("source/")
    assert any(one.get("url", "").startswith("https://") for one in data["citations"])


def test_a_rule_that_guessed_an_edge_is_a_doubt(agent: Agent, snapshot: Snapshot) -> None:
    guessed = next(
        entity.id
        for entity in snapshot.entities("model")
        for fact in entity.facts
        if fact.property == "quantizedFrom" and fact.claims[0].source == "source/rule-gguf"
    )
    text, data = agent.call("lineage", id=guessed, direction="up")
    assert any(edge.get("rule") for edge in data["answer"]["edges"])
    assert any("no source states" in doubt for doubt in data["doubts"])
    assert "quantizedFrom?" in text
    assert any(
        "inferred by a rule" in doubt for doubt in agent.call("show", id=guessed)[1]["doubts"]
    )


def test_lineage_tells_how_many_it_leaves_out(agent: Agent) -> None:
    _, data = agent.call("lineage", id="llama-7b", direction="down", limit=5)
    nodes = data["answer"]["nodes"]
    shown = [n for n in nodes if n["kind"] == "model" and n["role"] == "descendant"]
    assert data["omitted"]["nodes"] == data["answer"]["total"] - len(shown) > 0
    _, more = agent.call("lineage", id="llama-7b", direction="down", **data["more"])
    assert len(more["answer"]["nodes"]) > len(nodes)


@pytest.mark.parametrize("use", get_args(Use))
@pytest.mark.parametrize(
    "id", ["alpaca-7b", "llama-3.2-11b-vision-instruct", "falcon-7b", "vicuna-7b"]
)
def test_a_short_license_answer_keeps_verdict_conditions_and_doubts(
    agent: Agent, snapshot: Snapshot, id: str, use: Use
) -> None:
    whole = license_answer(snapshot, id, use)
    text, data = agent.call("license", id=id, use=use)
    short = data["answer"]
    assert short["verdict"] == whole.verdict and whole.sentence in text
    assert [duty["text"] for duty in short["checklist"]] == [duty.text for duty in whole.checklist]
    assert all(duty.text in text for duty in whole.checklist)
    assert [gap["text"] for gap in short.get("gaps", [])] == [gap.text for gap in whole.gaps]
    assert all(gap.text in text for gap in whole.gaps) and all(u in text for u in whole.unknowns)
    assert len(short.get("claim_sets", [])) == len(whole.claim_sets)
    assert text.count("This is not legal advice.") == 1
    left = data.get("omitted", {}).get("clauses", 0)
    assert len(short["findings"]) + left == len(whole.findings)


def test_the_clause_that_decides_is_quoted_with_its_address(agent: Agent) -> None:
    text, data = agent.call("license", id="alpaca-7b")
    cited = data["citations"][0]
    assert cited["source"] == "license/cc-by-nc-4.0" and cited["section"] == "2(a)(1)"
    assert cited["quote"] in text and cited["url"] in text


def test_a_profile_settles_what_it_answers_and_nothing_else(agent: Agent) -> None:
    model = "llama-3.2-11b-vision-instruct"
    verdicts = {
        country: agent.call("license", id=model, profile={"country": country})[1]["answer"][
            "verdict"
        ]
        for country in ("KR", "FR")
    }
    assert verdicts == {"KR": "conditional", "FR": "prohibited"}


def test_a_planned_model_answers_as_the_command_does(agent: Agent) -> None:
    _, data = agent.call("license", planned={"bases": ["llama-2-7b"], "license": "apache-2.0"})
    assert data["answer"]["verdict"] == "conditional"
    _, data = agent.call("license", planned={"bases": ["nobody/knows-this"], "license": "mit"})
    assert data["answer"]["verdict"] not in ("allowed", "conditional")


def test_the_full_answer_is_the_contract_itself(agent: Agent, snapshot: Snapshot) -> None:
    whole = license_answer(snapshot, "alpaca-7b")
    _, data = agent.call("license", id="alpaca-7b", detail="full")
    assert msgspec.convert(data["answer"], type(whole)) == msgspec.json.decode(
        to_json(whole), type=type(whole)
    )
    assert not data.get("omitted")


def test_models_side_by_side_have_a_verdict_each(agent: Agent) -> None:
    text, data = agent.call("compare", ids=["alpaca-7b", "falcon-7b"])
    verdicts = {one["id"]: one["verdict"] for one in data["answer"]["verdicts"]}
    assert verdicts == {"model/alpaca-7b": "prohibited", "model/falcon-7b": "allowed"}
    assert data["omitted"]["same"] and "✗ Alpaca 7B" in text


def test_a_query_gives_values_and_what_follows(agent: Agent) -> None:
    asked = "SELECT ?m ?n { ?m a kg:Model ; kg:parameterCount ?n } ORDER BY DESC(?n) ?m LIMIT 7"
    _, data = agent.call("query", query=asked, limit=3)
    answer = data["answer"]
    assert answer["columns"] == ["m", "n"] and answer["total"] == 7 and len(answer["rows"]) == 3
    assert answer["rows"][0][0].startswith("model/") and isinstance(answer["rows"][0][1], int)
    _, rest = agent.call("query", query=asked, limit=9, **data["more"])
    assert len(rest["answer"]["rows"]) == 4 and "more" not in rest


def test_a_query_may_ask_or_construct(agent: Agent) -> None:
    _, data = agent.call("query", query="ASK { <model/alpaca-7b> a kg:Model }")
    assert data["answer"]["holds"] is True
    _, data = agent.call("query", query="DESCRIBE <model/alpaca-7b>", limit=5)
    assert data["answer"]["turtle"].count("\n") == 4 and data["more"] == {"offset": 5}


def test_a_term_that_does_not_exist_is_told(agent: Agent) -> None:
    text, data = agent.call("query", query="SELECT * { ?m kg:licence ?l }")
    assert "did you mean kg:license" in data["answer"]["hints"][0] and "kg:license" in text


def test_full_text_works_in_a_query(agent: Agent) -> None:
    asked = 'SELECT ?m { SERVICE kg:search { ?m kg:query "알파카" } }'
    _, data = agent.call("query", query=asked)
    assert ["model/alpaca-7b"] in data["answer"]["rows"]


def test_changes_of_a_second_release(corner: Any) -> None:
    line = "model/one:\n  label: {en: One, ko: 하나}\n  claims:\n    parameterCount: [{value: %d, from: gyebo}]\n"
    corner.write(line % 1000)
    corner.build()
    corner.write(line % 2000)
    corner.build()
    agent = Agent(corner.config)
    text, data = agent.call("changes")
    (one,) = [e for e in data["answer"]["entities"] if e["id"] == "model/one"]
    assert {change["what"] for change in one["changes"]} & {
        "value-added",
        "value-removed",
        "value-changed",
    }
    assert "model/one | One" in text and data["answer"]["before"]
    agent.close()


def test_a_text_that_is_handed_in_is_scanned(agent: Agent) -> None:
    text, data = agent.call("scan", text=SCANNED, name="app.py")
    verdicts = {one["what"]: one["verdict"] for one in data["answer"]["models"]}
    assert verdicts == {
        "lmsys/vicuna-7b-delta-v0": "prohibited",
        "nobody/knows-this-7b": "unknown",
        "tiiuae/falcon-7b": "allowed",
    }
    assert data["answer"]["verdict"] == "prohibited" and data["doubts"]
    assert "model/vicuna-7b" in text and [c["supports"] for c in data["citations"]]


def test_a_scan_gives_back_nothing_but_names(agent: Agent) -> None:
    secret = "hf_" + "a1B2" * 9
    code = f'TOKEN = "{secret}"\nload = from_pretrained("{secret}")\n' + SCANNED
    text, data = agent.call("scan", text=code, name="app.py")
    assert secret not in text and secret not in str(data)
