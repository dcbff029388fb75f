"""The tools, each with what it is asked, what it answers and when to call it, in one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from kg.agents._asked import (
    ChangesAsked,
    CompareAsked,
    LicenseAsked,
    LineageAsked,
    QueryAsked,
    ScanAsked,
    SearchAsked,
    ShowAsked,
)
from kg.agents._data import run_changes, run_query
from kg.agents._desk import ToolCall
from kg.agents._family import run_compare, run_lineage
from kg.agents._find import run_search, run_show
from kg.agents._terms import run_license
from kg.agents._told import ToolAnswer
from kg.agents._used import run_scan
from kg.agents.contract import Reply, SideBySideAnswer, SparqlAnswer
from kg.answers.changes import ChangesAnswer
from kg.answers.contract import LicenseAnswer, LineageAnswer, SearchAnswer, ShowAnswer
from kg.messages.message import mark
from kg.scan.report import ScanReport


class AgentTool(msgspec.Struct, frozen=True, kw_only=True):
    """A tool: `description` is written for a model, `title` for people."""

    name: str
    title: str
    description: str
    asked: type[msgspec.Struct]
    answer: Any
    run: Callable[[ToolCall, Any], ToolAnswer]


# As the model reads it before anything else.
INSTRUCTIONS = (
    "Gyebo is a read-only reference on language models: what a model is, what it derives from, what may be done "
    "with it. Every fact is a claim with sources. Call `search` when you have words, `scan` when you have a file, `show`, `lineage`, `license` "
    "and `compare` when you have a name or id; names need not be exact, and an ambiguous one is refused with "
    "candidates. Pass `lang` in the language of the user. Repeat to the user what `doubts` says: disputed, guessed "
    "and unknown things are no facts. A verdict other than `allowed` is no permission; `conditional` allows only who "
    "meets the conditions; `unknown` means do not rely on it. Give the addresses in `citations`. Answers are short; "
    "`omitted` counts what they leave out, `more` holds the arguments that show it."
)

_TOOLS = (
    AgentTool(
        name="search",
        title=mark("Search models, families, datasets, licenses"),
        description="Find models, families, datasets, organizations or licenses by words, in English or Korean, with filters. "
        "Use it first when you have a description (“Korean 7B for commercial use”) or are not sure of a name. Gives "
        "ids for the other tools. It does not say what may be done: ask `license`. A name that is not in the data is "
        "told in `doubts`; the hits are then only what is closest.",
        asked=SearchAsked,
        answer=Reply[SearchAnswer],
        run=run_search,
    ),
    AgentTool(
        name="show",
        title=mark("Show what is known of one thing"),
        description="Facts of one model, family, dataset, organization, license or source: developer, dates, size, context, "
        "stated license, parents, languages, scores. Use it for “what is X”. Where sources disagree every claim is "
        "given. `properties` narrows it to some facts with every claim and source.",
        asked=ShowAsked,
        answer=Reply[ShowAnswer],
        run=run_show,
    ),
    AgentTool(
        name="lineage",
        title=mark("Show the family tree"),
        description="What a model comes from and what comes from it, edge by edge; of an organization, of its models. Use it for "
        "“what is X based on”, “what derives from X”, and with edges=data for “what learned from the outputs of X”. "
        "An edge marked with a rule is a guess; declared parents that cannot be found stand in `doubts`. No "
        "relatives recorded does not mean trained from scratch.",
        asked=LineageAsked,
        answer=Reply[LineageAnswer],
        run=run_lineage,
    ),
    AgentTool(
        name="license",
        title=mark("Say what may be done with a model"),
        description="Whether a model (with all it inherits from parents and data) may be used commercially, redistributed, used "
        "to train other models, or relicensed: a verdict, the clause that decides with its text and address, what must "
        "be done, what would change it, what is not known. Use it for every question on permission, never the stated "
        "license of `show` alone. Give `profile` as far as the user told who they are. `planned` asks about a model "
        "that does not exist yet.",
        asked=LicenseAsked,
        answer=Reply[LicenseAnswer],
        run=run_license,
    ),
    AgentTool(
        name="compare",
        title=mark("Compare models"),
        description="Two to six models or families side by side: what differs, their common ancestors, and the verdict on one use "
        "for each. Use it to choose between bases.",
        asked=CompareAsked,
        answer=Reply[SideBySideAnswer],
        run=run_compare,
    ),
    AgentTool(
        name="query",
        title=mark("Run a SPARQL query"),
        description="A SPARQL 1.1 query over the whole graph, for counts, lists and joins that no other tool gives. Read the "
        'resources gyebo://schema and gyebo://queries first. Full text: SERVICE kg:search { ?m kg:query "…" }. '
        "Updates and other services are refused; write LIMIT. Prefixes kg:, rdfs:, schema: … are known.",
        asked=QueryAsked,
        answer=Reply[SparqlAnswer],
        run=run_query,
    ),
    AgentTool(
        name="scan",
        title=mark("Scan a text for models"),
        description="The models and data sets that a file names (its text is handed in), with lines, and what may be done with "
        "each. Use it for “may we use what this file uses”. What is not known here is `unknown`, which is a finding. "
        "The text is read, never run, and kept nowhere.",
        asked=ScanAsked,
        answer=Reply[ScanReport],
        run=run_scan,
    ),
    AgentTool(
        name="changes",
        title=mark("Say what changed since the release before"),
        description="What is otherwise than in the release of the data before: new and gone entities, facts, verdicts, disputes. "
        "Use it for “what is new”; for the state of one thing use `show`.",
        asked=ChangesAsked,
        answer=Reply[ChangesAnswer],
        run=run_changes,
    ),
)
TOOLS: Mapping[str, AgentTool] = {tool.name: tool for tool in _TOOLS}
