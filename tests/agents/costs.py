"""What the tools cost an agent, in tokens; docs/mcp.md has the table.

python -m tests.agents.costs HOME        measures the snapshot of a home folder and writes the table anew

`search` has a bound by the program itself (kg/agents/_find.py:BUDGET), the others by what they leave out.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from kg.agents._schemas import input_schema
from kg.agents._tools import INSTRUCTIONS, TOOLS
from kg.config import load_config
from tests.agents.calls import Agent
from tests.gendocs import ROOT

with warnings.catch_warnings():  # it reads its vocabularies by a function that Python 3.11 warns of
    warnings.simplefilter("ignore", DeprecationWarning)
    import bpe_openai

PAGE = ROOT / "docs" / "mcp.md"
VOCABULARY = "o200k_base"
MARKS = ("<!-- costs -->\n", "<!-- /costs -->")


class Case(NamedTuple):
    """A call by its default, and the most tokens its text and its data may take."""

    tool: str
    given: Mapping[str, Any]
    text: int
    data: int


SCANNED = """from transformers import pipeline
a = pipeline("text-generation", model="lmsys/vicuna-7b-delta-v0")
b = pipeline("text-generation", model="tiiuae/falcon-7b")
c = pipeline("text-generation", model="nobody/knows-this-7b")
"""
CASES = (
    Case("search", {"query": "Qwen3"}, 800, 1_000),
    Case("search", {"query": "알파카 7B 이하", "lang": "ko"}, 800, 1_000),
    Case("search", {"query": "GGUF", "copies": True, "kind": "model"}, 800, 1_000),
    Case("show", {"id": "alpaca-7b"}, 1_500, 2_500),
    Case("show", {"id": "vicuna-7b", "lang": "ko"}, 1_500, 2_500),
    Case("lineage", {"id": "koalpaca-polyglot-12.8b"}, 1_500, 3_500),
    Case("license", {"id": "falcon-7b"}, 1_500, 3_500),
    Case("license", {"id": "alpaca-7b", "lang": "ko"}, 1_500, 3_500),
    Case("license", {"planned": {"bases": ["llama-2-7b"]}}, 1_500, 3_500),
    Case("compare", {"ids": ["alpaca-7b", "vicuna-7b"]}, 2_000, 4_000),
    Case(
        "query", {"query": "SELECT ?m ?l { ?m a kg:Model ; rdfs:label ?l } LIMIT 100"}, 1_500, 2_000
    ),
    Case("scan", {"text": SCANNED, "name": "app.py"}, 1_500, 3_000),
    Case("changes", {}, 1_500, 2_500),
)


class Cost(NamedTuple):
    """What a call took."""

    case: Case
    text: int
    data: int


def tokens(text: str, vocabulary: str = VOCABULARY) -> int:
    return len(bpe_openai.get_encoding(vocabulary).encode(text))


def definition(name: str) -> int:
    """Tokens of a tool as a model is told of it: name, description, schema of its arguments."""
    tool = TOOLS[name]
    told = {
        "name": name,
        "description": tool.description,
        "inputSchema": input_schema(tool.asked),
    }
    return tokens(json.dumps(told, ensure_ascii=False, separators=(",", ":")))


def measure(agent: Agent, case: Case) -> Cost:
    text, data = agent.call(case.tool, **case.given)
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Cost(case, tokens(text), tokens(written))


def table(costs: list[Cost]) -> str:
    rows = ["| tool | its definition | a call | text | data |", "|---|--:|---|--:|--:|"]
    told = set()
    for cost in costs:
        name = cost.case.tool
        defined = "" if name in told else f"{definition(name):,}"
        told.add(name)
        given = json.dumps(cost.case.given, ensure_ascii=False)
        rows.append(f"| `{name}` | {defined} | `{given}` | {cost.text:,} | {cost.data:,} |")
    total = sum(map(definition, TOOLS)) + tokens(INSTRUCTIONS)
    return "\n".join([*rows, f"| all, with the instructions | {total:,} | | | |"])


def written(page: str, made: str) -> str:
    """The page with another table."""
    start, end = MARKS
    before, _, rest = page.partition(start)
    return f"{before}{start}{made}\n{end}{rest.partition(end)[2]}"


def main(home: Path) -> None:
    agent = Agent(load_config(home=home))
    costs = [measure(agent, case) for case in CASES]
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), table(costs)), encoding="utf-8")
    agent.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
