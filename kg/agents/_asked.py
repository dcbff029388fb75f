"""What each tool may be asked: the arguments, as records from which their schemas are made."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from kg.answers.changes import GROUPS
from kg.answers.contract import Direction, EdgeChoice
from kg.licenses.profile import Profile
from kg.licenses.terms import Use, Verdict
from kg.search.clauses import Order
from kg.sparql.screen import MAX_QUERY

MOST_TEXT = 500_000  # characters of a text to scan
MOST_CARD = 100_000  # characters, as kg/answers/advice/what_if.py reads
Lang = Annotated[
    Literal["en", "ko"] | None, Meta(description="Language of the answer; that of the user.")
]
Detail = Annotated[
    Literal["brief", "full"],
    Meta(description="`full` has everything; it costs many times as much."),
]
Name = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=300,
        description="An id as given by another tool (model/alpaca-7b), a Hugging Face id "
        "(Qwen/Qwen3-8B) or address, or a name in English or Korean.",
    ),
]
Who = Annotated[
    Profile | None,
    Meta(
        description="Who asks, as far as the user said so; what is not given stays a condition. revenue is "
        "in US dollars a year, country a name or ISO 3166-1 alpha-2 code (KR), competitor-of a list of org ids ([] = of nobody), "
        "name that of the model to be released."
    ),
]
Purpose = Annotated[
    Use,
    Meta(
        description="commercial (use in a product), redistribute (pass on), train-on-outputs (train other "
        "models on its answers), relicense (release a derivative under other terms)."
    ),
]


class _Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every tool takes."""

    lang: Lang = None


class SearchAsked(_Asked, frozen=True, kw_only=True):
    """Arguments of `search`."""

    query: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=2000,
            description='Words in Korean or English, "phrases", -without, a OR b, and filters: org:meta, '
            "family:llama, license:apache-2.0, access:open-weights, params:7b..13b, descendants-of:ID, "
            "copy-of:ID, lang:korean, year:2024, verdict:allowed. Words such as “7B 이하” or “commercial” count as filters; the answer says so.",
        ),
    ]
    kind: Annotated[
        Literal["", "model", "family", "dataset", "org", "license"],
        Meta(description="Only this kind."),
    ] = ""
    sort: Annotated[Order, Meta(description="The greatest or newest first.")] = "relevance"
    copies: Annotated[
        bool, Meta(description="List quantizations, conversions and mirrors as hits of their own.")
    ] = False
    limit: (
        Annotated[
            int,
            Meta(
                ge=1,
                le=50,
                description="Most hits; by default as many of the best 8 as a short answer holds.",
            ),
        ]
        | None
    ) = None
    next: Annotated[
        str, Meta(max_length=200, description="`more.next` of the answer before, for what follows.")
    ] = ""
    detail: Detail = "brief"


class ShowAsked(_Asked, frozen=True, kw_only=True):
    """Arguments of `show`."""

    id: Name
    properties: Annotated[
        list[Annotated[str, Meta(max_length=60)]],
        Meta(
            max_length=40,
            description="Only these (license, releaseDate …), with every claim and source.",
        ),
    ] = []
    detail: Detail = "brief"


class LineageAsked(_Asked, frozen=True, kw_only=True):
    """Arguments of `lineage`."""

    id: Name
    direction: Annotated[
        Direction, Meta(description="up = what it comes from, down = what comes from it.")
    ] = "both"
    edges: Annotated[
        EdgeChoice,
        Meta(
            description="weights = who took whose weights; data = who learned from whose text; all = both."
        ),
    ] = "weights"
    depth: Annotated[int, Meta(ge=0, le=1000, description="Most steps.")] | None = None
    since: Annotated[
        str, Meta(max_length=10, description="Released then or later: YYYY, YYYY-MM or YYYY-MM-DD.")
    ] = ""
    until: Annotated[str, Meta(max_length=10, description="Released by then.")] = ""
    verdicts: Annotated[
        list[Verdict], Meta(max_length=5, description="Only what may be used commercially so.")
    ] = []
    limit: Annotated[
        int, Meta(ge=1, le=1000, description="Most ancestors and descendants, the nearest first.")
    ] = 20


class PlannedModel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A model that does not exist yet: what it is to be made from."""

    bases: Annotated[list[Name], Meta(max_length=20, description="Models it derives from.")] = []
    relation: Annotated[
        str, Meta(max_length=40, description="finetune, adapter, merge, quantized, distill …")
    ] = ""
    data: Annotated[list[Name], Meta(max_length=20, description="Datasets it is trained on.")] = []
    outputs_of: Annotated[
        list[Name], Meta(max_length=20, description="Models that write training data for it.")
    ] = []
    license: Annotated[str, Meta(max_length=300, description="License it is to carry.")] = ""
    card: Annotated[
        str,
        Meta(max_length=MOST_CARD, description="A model card (README.md) instead of all these."),
    ] = ""


class LicenseAsked(_Asked, frozen=True, kw_only=True):
    """Arguments of `license`."""

    id: Annotated[
        Name | None, Meta(description="What is asked about; leave out for a planned model.")
    ] = None
    planned: PlannedModel | None = None
    use: Purpose = "commercial"
    profile: Who = None
    detail: Detail = "brief"


class CompareAsked(_Asked, frozen=True, kw_only=True):
    """Arguments of `compare`."""

    ids: Annotated[list[Name], Meta(min_length=2, max_length=6)]
    use: Purpose = "commercial"
    profile: Who = None
    detail: Detail = "brief"


class QueryAsked(_Asked, frozen=True, kw_only=True):
    """Arguments of `query`."""

    query: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=MAX_QUERY,
            description="SPARQL: SELECT, ASK, CONSTRUCT or DESCRIBE.",
        ),
    ]
    limit: Annotated[int, Meta(ge=1, le=1000, description="Most rows, or lines of a graph.")] = 30
    offset: Annotated[int, Meta(ge=0, le=1_000_000, description="Rows to pass over.")] = 0
    timeout: Annotated[float, Meta(gt=0, le=600, description="Seconds it may run.")] | None = None


class ScanAsked(_Asked, frozen=True, kw_only=True):
    """Arguments of `scan`."""

    text: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=MOST_TEXT,
            description="The text of one file: code, settings, a Dockerfile, a notebook, a list.",
        ),
    ]
    name: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=200,
            description="Name of the file, which decides how it is read: app.py, compose.yaml, notebook.ipynb.",
        ),
    ] = "text.txt"
    use: Purpose = "commercial"
    profile: Who = None
    detail: Detail = "brief"


class ChangesAsked(_Asked, frozen=True, kw_only=True):
    """Arguments of `changes`."""

    only: Annotated[
        Literal["", "entities", "facts", "ranking", "verdicts", "disputes"],
        Meta(description="Only changes of this sort."),
    ] = ""
    kind: Annotated[
        str, Meta(max_length=40, description="Only entities of this kind, such as model.")
    ] = ""
    limit: Annotated[int, Meta(ge=1, le=500, description="Most entities.")] = 10
    offset: Annotated[int, Meta(ge=0, le=1_000_000, description="Entities to pass over.")] = 0


assert {"", *GROUPS} == {"", "entities", "facts", "ranking", "verdicts", "disputes"}
