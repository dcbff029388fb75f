"""The JSON contract: what command line, pages and their twins answer; fields may be added, never renamed."""

from __future__ import annotations

from typing import Literal

import msgspec

from kg.answers.tree.unresolved import UnresolvedAnswer
from kg.licenses.conflicts import ConflictAnswer
from kg.licenses.profile import Profile
from kg.licenses.terms import Consistency, Group, Reading, TextRead, Use, Verdict
from kg.model.claim import Value

Direction = Literal["up", "down", "both"]
EdgeChoice = Literal["weights", "data", "all"]
Role = Literal["root", "member", "ancestor", "descendant"]


class Ref(msgspec.Struct, frozen=True):
    """An entity as a value."""

    id: str
    label: str


Shown = Value | Ref


class ClaimAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What one source says."""

    value: Shown
    source: str
    locator: str
    rank: str
    reason: str | None
    url: str | None
    retrieved: str | None
    note: str | None
    inferred: bool
    origin: str | None  # file:line in data/ where it can be corrected
    lang: str | None = None  # of a text value


class FactAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One property: the resolved value, and all that was said."""

    property: str
    value: Shown | list[Shown]
    disputed: bool
    claims: list[ClaimAnswer]
    inferred: bool = False  # derived by this program
    rule: Ref | None = None  # that inferred it from a name; None where a source states it
    doubtful: bool = False  # the rule is not right often enough to decide a license answer


class FamilyFactAnswer(msgspec.Struct, frozen=True):
    """What is said of a family, and of a member only through it: no claim on the member."""

    property: str
    value: Shown | list[Shown]
    family: Ref


class ShowAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Everything known of an entity."""

    id: str
    kind: str
    labels: dict[str, list[str]]
    facts: list[FactAnswer]
    names: list[ClaimAnswer]  # who uses which name; "common usage" is the editors' word
    from_family: list[FamilyFactAnswer] = []  # properties that `facts` say nothing of
    lookalike: str = ""  # that a name holds letters of another script, and which


class HitAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One search hit."""

    id: str
    kind: str
    label: str
    score: float
    snippet: str
    copies: dict[str, int] = {}  # its copies by relation, which `copy-of:ID relation:…` lists
    lookalike: str = ""  # that a name holds letters of another script, and which


class MissingAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A name in a query that nothing in the data bears."""

    wanted: str  # the name as it was typed
    date: str  # of the data, ISO; "" if no source says when it was read
    closest: Ref | None  # the family or model named most alike
    license: Ref | None  # one called after the name, else that of the closest
    how: Literal["ingest-hub", "ingest"]  # ingest-hub: `command` reads the name as a Hub id
    command: str  # that gets it, or lists the sources there are
    text: str  # all this in a few sentences


class UnderstoodAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Words of a search that were understood as a filter."""

    words: str  # as they were typed
    field: str  # of the filter, `name` for what is called so
    value: str
    negated: bool
    filter: str  # the same for the search box, as -org:meta; "" where it has none
    applied: bool  # False: nothing would be left, so it was left out


class SearchAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Search hits, best first; `total` counts all of them, as facets do unless they are `estimated`.

    Where words are asked for, copies of a model stand behind it: they are no hits, unless the query names them
    or asks for copies, or the request for all; `hidden` counts those that match.
    """

    total: int
    hits: list[HitAnswer]
    facets: dict[str, dict[str, int]]
    suggestion: str | None
    notes: list[str] = []  # what of the query was not understood
    next: str | None = None  # cursor of the hits that follow
    hidden: int = 0  # copies that match and are no hits
    estimated: bool = False  # the numbers of facets, from a part of more than 100,000 hits
    missing: MissingAnswer | None = None  # then the hits are for the rest of the query
    understood: list[UnderstoodAnswer] = []  # words that were understood as filters
    left_out: list[str] = []  # words that were not searched, as they say nothing of what is meant


class Suggested(msgspec.Struct, frozen=True):
    """What a name that is being typed may become."""

    id: str
    kind: str
    label: str
    name: str  # the name that begins so


class SuggestAnswer(msgspec.Struct, frozen=True):
    """Suggestions, the most popular first."""

    suggestions: list[Suggested]


class NodeAnswer(msgspec.Struct, frozen=True):
    """One node of a family tree."""

    id: str
    label: str
    kind: str
    depth: int
    role: Role


class EdgeAnswer(msgspec.Struct, frozen=True):
    """One edge of a family tree."""

    child: str
    parent: str
    relation: str
    rule: str | None = None  # id of the rule that inferred it; None where a source states it


class LineageAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A family tree; `total` counts all ancestor and descendant models, shown or not."""

    root: str
    total: int
    nodes: list[NodeAnswer]
    edges: list[EdgeAnswer]
    counts: dict[str, int] = {}  # all descendant models, by how they derive
    unresolved: list[UnresolvedAnswer] = []  # of root and ancestors


class ComparedFact(msgspec.Struct, frozen=True):
    """One property of several models, in their order; None where nothing is said of it."""

    property: str
    result: Literal["same", "differs", "unknown"]  # unknown: fewer than two values are known
    facts: list[FactAnswer | None]
    from_family: list[FamilyFactAnswer | None] = []  # in the same order; they count for the result


class CommonAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An ancestor that some of the models share."""

    id: str
    label: str
    kind: str
    models: list[str]  # that share it
    steps: list[int]  # from each of these; 0 = it is the ancestor itself
    paths: list[list[list[EdgeAnswer]]]  # of each of these the ways up, the shortest first


class CompareAnswer(msgspec.Struct, frozen=True):
    """Models side by side."""

    models: list[Ref]
    facts: list[ComparedFact]
    common: list[CommonAnswer]  # the nearest by weights; of pairs, if all share none
    common_data: list[CommonAnswer]  # further ones, by training data and distillation as well


class Citation(msgspec.Struct, frozen=True):
    """The sentence something rests on."""

    section: str
    url: str | None
    date: str | None
    quote: str | None = None


class FindingAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One clause that reaches the entity asked about, and how it came there."""

    clause: str  # kind of data/licenses/kinds.yaml, or a conflict of edges.yaml
    license: str | None  # None where no license is stated
    path: list[str]  # ids, from the entity asked about to the origin
    edges: list[str]  # relations along the path
    tier: int  # 1 the text, 2 the literature's reading, 3 unsettled
    effect: Verdict  # on the use asked about
    why: str
    citation: Citation
    group: Group
    label: str  # of the clause's kind
    way: str  # held, learned, material, generated or trained; see data/licenses/edges.yaml
    license_label: str | None
    value: str | None = None
    items: list[Shown] = []  # of the value, where `why` does not hold it
    notes: list[str] = []  # of the clause, and on what is unsettled about the way it came
    notes_citations: list[Citation] = []
    change: str | None = None  # what would change this finding
    disputed: bool = False  # rests on a claim that others contradict
    doubtful: bool = False  # came along an edge that a rule guessed and nobody states
    weighs: bool = True  # false for training data of unknown license: shown, not counted
    read: Reading | None = None  # how its license's text was read; None where there is no license
    paths: list[list[str]] = []  # every path, the shortest first
    lines: list[str] = []  # ready to paste, that keep the clause


class DecisiveAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The clause that makes a verdict, or the terms that cannot all be kept."""

    clause: str  # as in FindingAnswer, or the name of a conflict
    licenses: list[Ref]
    why: str
    citation: Citation | None  # None of a conflict
    path: list[str] = []
    edges: list[str] = []
    tier: int | None = None  # as in FindingAnswer
    read: Reading | None = None
    disputed: bool = False
    doubtful: bool = False


class DutyAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that must be done where the thing is used or passed on."""

    duty: str  # kind of data/licenses/kinds.yaml
    when: str  # use, redistribute, modify, name or serve: what calls for it
    text: str
    licenses: list[Ref]  # that ask for it
    citations: list[Citation]  # of each of them
    lines: list[str] = []  # ready to paste
    sure: bool = True  # false: unsettled, disputed or guessed, so that it may not bind
    broken: bool = False  # what is said of who asks does not keep it


class GapAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What is not known, of all things alike."""

    clause: str  # of the group `unknown` in data/licenses/kinds.yaml
    text: str
    ids: list[str]
    weighs: bool  # whether it counts in the verdict


class ClaimSetAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What the verdict would be if one of several contradicting claims held."""

    subject: str
    property: str
    value: str | None  # None: if the claimed edge were not there
    verdict: Verdict
    doubtful: bool = False  # only a rule infers the edge
    overruled: bool = False  # a better claim stands against it: a footnote


class LicenseAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What one may do with an entity, and why."""

    id: str
    use: Use
    verdict: Verdict
    parts: dict[str, Verdict]  # weights (of a dataset: itself) and data
    file_alone: Verdict | None  # of an adapter
    declared: list[str]  # license ids, the resolved one first
    consistency: Consistency
    would_satisfy: list[str]
    findings: list[FindingAnswer]  # what weighs most first
    label: str = ""
    conflicts: list[ConflictAnswer] = []
    dropped: list[str] = []  # inherited, not carried by the declared license, as license#kind
    claim_sets: list[ClaimSetAnswer] = []
    unknowns: list[str] = []  # what is not known and not in the verdict
    changes: list[str] = []  # what would change the verdict
    profile: Profile = Profile()
    texts: list[TextRead] = []  # of the licenses that it rests on, the least read first
    agreeing: int = 0  # members of a family that are all judged alike, where that decides
    sentence: str = ""  # the verdict with the clause that decides
    decisive: DecisiveAnswer | None = None  # None where nothing stands against the use
    lookalike: str = ""  # that a name of it holds letters of another script, and which
    checklist: list[DutyAnswer] = []  # what must be done, what is sure first
    gaps: list[GapAnswer] = []  # what is not known, grouped
    # Licenses that its maker wrote and no longer asks for: it licensed it anew
    anew: list[Ref] = []


def to_json(answer: msgspec.Struct) -> bytes:
    """An answer as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(answer), indent=2) + b"\n"
