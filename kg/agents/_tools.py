"""The tools, each with what it is asked, what it answers and when to call it, in one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec

from kg.agents._asked import (
    ChangesAsked,
    CompareAsked,
    LicenseAsked,
    LineageAsked,
    QueryAsked,
    SearchAsked,
    ShowAsked,
)
from kg.agents._data import run_changes, run_query
from kg.agents._desk import Asking
from kg.agents._family import run_compare, run_lineage
from kg.agents._find import run_search, run_show
from kg.agents._terms import run_license
from kg.agents._told import Told
from kg.agents.contract import Reply, SideBySideAnswer, SparqlAnswer
from kg.answers.changes import ChangesAnswer
from kg.answers.contract import LicenseAnswer, LineageAnswer, SearchAnswer, ShowAnswer
from kg.messages.message import mark


class AgentTool(NamedTuple):
    """A tool: `description` is written for a model, `title` for people."""

    name: str
    title: str
    description: str
    asked: type[msgspec.Struct]
    answer: Any
    run: Callable[[Asking, Any], Told]


# As the model reads it before anything else.
INSTRUCTIONS = (
    "Gyebo is a read-only reference on language models: what a model is, what it derives from, what may be done "
    "with it. Every fact is a claim with sources. Call `search` when you have words, `show`, `lineage`, `license` "
    "and `compare` when you have a name or id; names need not be exact, and an ambiguous one is refused with "
    "candidates. Pass `lang` in the language of the user. Repeat to the user what `doubts` says: disputed, guessed "
    "and unknown things are no facts. A verdict other than `allowed` is no permission; `conditional` allows only who "
    "meets the conditions; `unknown` means do not rely on it. Give the addresses in `citations`. Answers are short; "
    "`omitted` counts what they leave out, `more` holds the arguments that show it."
)

_TOOLS = (
    AgentTool(
        "search",
        mark("Search models, families, datasets, licenses"),
        "Find models, families, datasets, organizations or licenses by words, in English or Korean, with filters. "
        "Use it first when you have a description (“Korean 7B for commercial use”) or are not sure of a name. Gives "
        "ids for the other tools. It does not say what may be done: ask `license`. A name that is not in the data is "
        "told in `doubts`; the hits are then only what is closest.",
        SearchAsked,
        Reply[SearchAnswer],
        run_search,
    ),
    AgentTool(
        "show",
        mark("Show what is known of one thing"),
        "Facts of one model, family, dataset, organization, license or source: developer, dates, size, context, "
        "stated license, parents, languages, scores. Use it for “what is X”. Where sources disagree every claim is "
        "given. `properties` narrows it to some facts with every claim and source.",
        ShowAsked,
        Reply[ShowAnswer],
        run_show,
    ),
    AgentTool(
        "lineage",
        mark("Show the family tree"),
        "What a model comes from and what comes from it, edge by edge; of an organization, of its models. Use it for "
        "“what is X based on”, “what derives from X”, and with edges=data for “what learned from the outputs of X”. "
        "An edge marked with a rule is a guess; declared parents that cannot be found stand in `doubts`. No "
        "relatives recorded does not mean trained from scratch.",
        LineageAsked,
        Reply[LineageAnswer],
        run_lineage,
    ),
    AgentTool(
        "license",
        mark("Say what may be done with a model"),
        "Whether a model (with all it inherits from parents and data) may be used commercially, redistributed, used "
        "to train other models, or relicensed: a verdict, the clause that decides with its text and address, what must "
        "be done, what would change it, what is not known. Use it for every question on permission, never the stated "
        "license of `show` alone. Give `profile` as far as the user told who they are. `planned` asks about a model "
        "that does not exist yet.",
        LicenseAsked,
        Reply[LicenseAnswer],
        run_license,
    ),
    AgentTool(
        "compare",
        mark("Compare models"),
        "Two to six models or families side by side: what differs, their common ancestors, and the verdict on one use "
        "for each. Use it to choose between bases.",
        CompareAsked,
        Reply[SideBySideAnswer],
        run_compare,
    ),
    AgentTool(
        "query",
        mark("Run a SPARQL query"),
        "A SPARQL 1.1 query over the whole graph, for counts, lists and joins that no other tool gives. Read the "
        'resources gyebo://schema and gyebo://queries first. Full text: SERVICE kg:search { ?m kg:query "…" }. '
        "Updates and other services are refused; write LIMIT. Prefixes kg:, rdfs:, schema: … are known.",
        QueryAsked,
        Reply[SparqlAnswer],
        run_query,
    ),
    AgentTool(
        "changes",
        mark("Say what changed since the release before"),
        "What is otherwise than in the release of the data before: new and gone entities, facts, verdicts, disputes. "
        "Use it for “what is new”; for the state of one thing use `show`.",
        ChangesAsked,
        Reply[ChangesAnswer],
        run_changes,
    ),
)
TOOLS: Mapping[str, AgentTool] = {tool.name: tool for tool in _TOOLS}
