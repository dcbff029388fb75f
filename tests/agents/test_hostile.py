"""Arguments that anybody may have written: refused in one line, and the server goes on answering."""

from __future__ import annotations

import pytest
from mcp.client.client import Client
from mcp.shared.exceptions import MCPError

from tests.agents.calls import Agent, one_line

REFUSED = {
    ("show", "nothing"): ({}, "required field `id`"),
    ("show", "type"): ({"id": 5}, "Expected `str`"),
    ("show", "null"): ({"id": None}, "Expected `str`"),
    ("show", "list"): ({"id": ["alpaca-7b"]}, "Expected `str`"),
    ("show", "empty"): ({"id": ""}, "length >= 1"),
    ("show", "megabyte"): ({"id": "x" * 1_000_000}, "length <= 300"),
    ("show", "control"): ({"id": "alpaca\x00-7b"}, "control characters"),
    ("show", "line"): ({"id": "alpaca\n-7b"}, "control characters"),
    ("show", "misspelled"): ({"idd": "alpaca-7b"}, "did you mean id?"),
    ("show", "near"): ({"id": "alpacca-7b"}, "model/alpaca-7b"),
    ("show", "path"): ({"id": "../../etc/passwd"}, "etc/passwd"),
    ("show", "property"): ({"id": "alpaca-7b", "properties": ["nope"]}, "gyebo://schema"),
    ("show", "detail"): ({"id": "alpaca-7b", "detail": "everything"}, "everything"),
    ("search", "lang"): ({"query": "a", "lang": "fr"}, "'fr'"),
    ("search", "long lang"): ({"query": "a", "lang": "f" * 1_000_000}, "lang"),
    ("search", "long"): ({"query": "a" * 1_000_000}, "length <= 2000"),
    ("search", "limit"): ({"query": "a", "limit": 10**30}, "<= 50"),
    ("search", "limit text"): ({"query": "a", "limit": "ten"}, "Expected `int"),
    ("search", "cursor"): ({"query": "a", "next": "%%%"}, "cursor is damaged"),
    ("search", "nested"): ({"query": [[[[[[[[[[[[]]]]]]]]]]]]}, "nest"),
    ("lineage", "date"): ({"id": "alpaca", "since": "tomorrow"}, "YYYY-MM"),
    ("lineage", "verdict"): ({"id": "alpaca", "verdicts": ["yes"]}, "yes"),
    ("license", "neither"): ({}, "give either id"),
    ("license", "both"): (
        {"id": "alpaca-7b", "planned": {"bases": ["alpaca-7b"]}},
        "give either id",
    ),
    ("license", "use"): ({"id": "alpaca-7b", "use": "anything"}, "anything"),
    ("license", "country"): ({"id": "alpaca-7b", "profile": {"country": "Narnia"}}, "two letters"),
    ("license", "profile"): ({"id": "alpaca-7b", "profile": {"users": 5}}, "users"),
    ("license", "unknown"): ({"id": "nobody/knows-this"}, "No model nobody/knows-this is known"),
    ("license", "kind"): ({"id": "org/stanford"}, "org/stanford"),
    ("license", "nothing planned"): ({"planned": {}}, "name a base"),
    ("compare", "one"): ({"ids": ["alpaca-7b"]}, "length >= 2"),
    ("compare", "same"): ({"ids": ["alpaca-7b", "alpaca-7b"]}, "compare 2 to 6"),
    ("query", "update"): ({"query": "INSERT DATA { <a> <b> <c> }"}, "this service only reads"),
    ("query", "service"): (
        {"query": "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }"},
        "SERVICE is not",
    ),
    ("query", "deep"): ({"query": "{" * 3_000}, "nested more than"),
    ("query", "long"): ({"query": "#" * 1_000_001}, "length <= 1000000"),
    ("query", "no query"): ({"query": "hello"}, "line 1"),
    ("query", "control"): ({"query": "ASK {\x00 }"}, "control characters"),
    ("query", "slow"): (
        {"query": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a", "timeout": 0.5},
        "stopped after 0.5 seconds",
    ),
    ("scan", "long"): ({"text": "x" * 500_001}, "length <= 500000"),
    ("scan", "folder"): ({"text": "x", "name": "../app.py"}, "without folders"),
    ("scan", "control"): ({"text": "x\x00"}, "control characters"),
    ("changes", "kind"): ({"kind": "people"}, "unknown kind"),
}


@pytest.mark.parametrize("case", REFUSED, ids=" ".join)
def test_what_cannot_be_answered_is_refused_in_one_line(
    agent: Agent, case: tuple[str, str]
) -> None:
    given, told = REFUSED[case]
    assert told in agent.refused(case[0], **given)
    assert agent.call("query", query="ASK { }")[1]["answer"]["holds"] is True


def test_a_refusal_speaks_the_language_asked_for(agent: Agent) -> None:
    assert "제어 문자" in agent.refused("show", id="a\x07", lang="ko")
    assert "인수" in agent.refused("show", id=5, lang="ko")


def test_a_name_of_several_things_gives_candidates(agent: Agent) -> None:
    told = agent.refused("show", id="중국어")
    assert "language/mandarin" in told and "language/chinese" in told


@pytest.mark.parametrize(
    "address",
    [
        "gyebo://nope",
        "gyebo://card/",
        "gyebo://card/nobody/knows-this",
        "gyebo://card/org/stanford",
        "gyebo://query/../../kg.ttl",
        "file:///etc/passwd",
        "gyebo://card/%00",
        "gyebo://card/" + "x" * 100_000,
        "",
    ],
)
def test_an_address_that_is_none_is_refused_in_one_line(agent: Agent, address: str) -> None:
    async def read(client: Client) -> None:
        await client.read_resource(address)

    with pytest.raises(MCPError) as refused:
        agent.ask(read)
    one_line(refused.value.message)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("nope", {}),
        ("identify", {}),
        ("identify", {"model": "x" * 5_000}),
        ("identify", {"model": "a\x00b"}),
        ("identify", {"model": "alpaca", "more": "x"}),
    ],
)
def test_a_prompt_that_cannot_be_filled_is_refused(
    agent: Agent, name: str, given: dict[str, str]
) -> None:
    async def get(client: Client) -> None:
        await client.get_prompt(name, given)

    with pytest.raises(MCPError) as refused:
        agent.ask(get)
    one_line(refused.value.message)


def test_a_tool_that_there_is_not_is_refused(agent: Agent) -> None:
    with pytest.raises(MCPError, match="there is no tool 'build'"):
        agent.result("build", {})
