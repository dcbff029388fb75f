"""The targets, and why those that are missed are missed: the one place where both stand.

They are those of issue 19, and those that benches checked before. A target names the row that decides it. One that
holds at a number of models is met only where it was measured there: a smaller run says so, and never "met".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tests.bench.ground import WHOLE_HUB
from tests.bench.report import COULD_NOT_RUN, FAILED, Measured, Row, Verdict, number

MANY = 100_000  # models
FAMILY = 50_000  # models, among which some family has 10,000


@dataclass(kw_only=True, frozen=True)
class Target:
    """A limit for a row."""

    name: str
    bench: str
    row: str
    limit: float
    least: bool = False  # the value must be so much or more
    models: int = 0  # at which it holds; 0 = at whatever was measured
    shipped: bool = False  # on the data that Gyebo ships
    why: str = ""  # what misses it, if it is missed


_BUSY = "the wall counts here: on a machine that is busy with other work it says more of the machine than of Gyebo"
TARGETS = (
    Target(
        name="a model more, build with index against raw load and raw index",
        bench="build",
        row="a model more: build against raw",
        limit=3,
        why="claims are sorted, resolved and inferred, and search documents made and analyzed, before an engine sees anything",
    ),
    Target(
        name="a model more costs the same at every size, most against least",
        bench="build",
        row="a model more: most against least",
        limit=1.25,
        why="the curve is in the rows “a model more, from …”",
    ),
    Target(
        name="whole Hub: ingest and build, minutes on two cores",
        bench="build",
        row="whole Hub: ingest and build, wall",
        limit=30,
        models=WHOLE_HUB,
        why="the search index is half of it, with the store beside it; " + _BUSY,
    ),
    Target(
        name="whole Hub: peak memory, GB (6 GiB)",
        bench="build",
        row="whole Hub: peak memory",
        limit=6.44,
        models=WHOLE_HUB,
        why="mapped files are in it as far as they are in memory, which the system may drop; what is held besides is a row of its own",
    ),
    Target(
        name="whole Hub: snapshot on disk, GB",
        bench="build",
        row="whole Hub: snapshot on disk",
        limit=9,
        models=WHOLE_HUB,
        why="most of it is Oxigraph's store, which keeps each quad in three to six orders (docs/scale.md)",
    ),
    Target(
        name="default data built, CPU s",
        bench="shipped",
        row="build: CPU",
        limit=40,
        shipped=True,
        why="checks of the ontology by pySHACL and the models of the catalog are most of it",
    ),
    Target(
        name="ten hits, slowest kind of query, p99 ms",
        bench="search",
        row="slowest kind of query, ten hits: CPU p99",
        limit=50,
        models=WHOLE_HUB,
        why="words that stand in very many documents, each in several spellings as Korean ones, are all looked at",
    ),
    Target(
        name="search with facets, slowest kind of query, p99 ms",
        bench="search",
        row="slowest kind of query, with facets: CPU p99",
        limit=150,
        models=WHOLE_HUB,
        why="facets are counted over all hits, or a sample of them",
    ),
    Target(
        name="search against raw tantivy's same tree, every kind of query",
        bench="search",
        row="every kind: most against raw tantivy's same tree",
        models=MANY,
        limit=1.5,
        why="understanding the query costs the same at any size, so that it weighs most where there are few documents",
    ),
    Target(
        name="family: nearest 300 and totals, p99 ms",
        bench="lineage",
        row="nearest 300 and totals: CPU p99",
        limit=5,
        models=WHOLE_HUB,
        why="the 300 are described one by one, in Python",
    ),
    Target(
        name="family: networkx against ours",
        bench="lineage",
        row="networkx against ours",
        limit=10,
        least=True,
        models=FAMILY,
        why="to describe 300 costs the same in any family, so that small ones gain less over networkx, which has all in memory",
    ),
    Target(
        name="family: SPARQL against ours",
        bench="lineage",
        row="SPARQL against ours",
        limit=20,
        least=True,
        models=FAMILY,
        why="as beside networkx: small families gain less",
    ),
    Target(
        name="arrays of 2,500,000 models: CPU s",
        bench="arrays",
        row="collect, arrays and closure: CPU",
        limit=15,
        models=WHOLE_HUB,
    ),
    Target(name="open the arrays, CPU ms", bench="arrays", row="open the arrays: CPU", limit=10),
    Target(
        name="licenses of the whole graph: peak memory, MB",
        bench="licenses",
        row="whole graph: peak memory",
        limit=2048,
        models=WHOLE_HUB,
    ),
    Target(
        name="one license answer with all paths, CPU p95 ms",
        bench="licenses",
        row="one answer with all paths: CPU p95",
        limit=5,
        shipped=True,
        why="models with many ancestors have many paths to tell",
    ),
    Target(
        name="model JSON against a constant route, CPU",
        bench="http",
        row="model JSON: again against the constant",
        limit=1.3,
        why="our server reads requests on one thread and answers on others, writes a line of log and looks whether the release is current",
    ),
    Target(
        name="model JSON, requests a second on two free cores",
        bench="http",
        row="model JSON: requests a second",
        limit=2000,
        least=True,
        why=_BUSY + "; who asks takes a part of the same two cores",
    ),
    Target(
        name="SPARQL point, asked again, against a constant route, CPU",
        bench="http",
        row="SPARQL point: again against the constant",
        limit=1.5,
    ),
    Target(
        name="SPARQL point, new each time, against a constant route, CPU",
        bench="sparql",
        row="point, new each time: against a constant route",
        limit=1.5,
        why="what a request costs around its query: read on one thread and answered on another, screened, counted, logged",
    ),
    *(
        Target(
            name=f"SPARQL {kind} against Oxigraph's server, CPU",
            bench="sparql",
            row=f"{kind}: ours against Oxigraph's server",
            limit=1.1,
            why="what we add to a query costs the same whatever it asks, so that it weighs most where the engine does little",
        )
        for kind in ("path down", "group", "10,000 rows")
    ),
    *(
        Target(
            name=f"100,000 rows of {kind} against pyoxigraph alone, CPU",
            bench="sparql",
            row=f"100,000 rows of {kind}: against pyoxigraph alone",
            limit=1.15,
            why="bytes are handed from process to process",
        )
        for kind in ("json", "csv")
    ),
    *(
        Target(
            name=f"rdflib against pyoxigraph, {kind}",
            bench="sparql",
            row=f"{kind}: rdflib against pyoxigraph",
            limit=20,
            least=True,
            why="Oxigraph's own: nothing of ours runs in it",
        )
        for kind in ("children by parent", "parents of another license", "ancestors")
    ),
    Target(
        name="page made anew, slowest kind, CPU p95 ms, shipped data",
        bench="pages",
        row="slowest kind of page made anew: CPU p95",
        limit=30,
        shipped=True,
        why="the row of its kind says which: families with many scores and members are the longest pages",
    ),
    Target(
        name="page made anew, slowest kind, CPU p95 ms, 100,000 models",
        bench="pages",
        row="slowest kind of page made anew: CPU p95",
        limit=30,
        models=MANY,
        why="who asks first for a family of 20,000 waits until it is put in order",
    ),
    Target(
        name="404 with nearest names, CPU p95 ms",
        bench="pages",
        row="unknown id (404), made up: CPU p95",
        limit=15,
        models=MANY,
        why="one or two searches with words that very many names have",
    ),
    Target(
        name="server ready, s",
        bench="start",
        row="ready: wall from the start of the process",
        limit=1,
        why=_BUSY + "; its CPU is in the rows",
    ),
    Target(
        name="a node and nginx against the node alone, model JSON from memory, CPU",
        bench="nodes",
        row="model JSON: with nginx against without, CPU",
        limit=1.15,
        why="what is answered from memory costs a node a third of a millisecond, so that little counts",
    ),
    Target(
        name="a worker's own memory, MB",
        bench="memory",
        row="a worker's own memory, the largest",
        limit=120,
    ),
    Target(
        name="gyebo show cold, s",
        bench="cli",
        row="gyebo show: wall",
        limit=0.3,
        shipped=True,
        why=_BUSY + "; its CPU is in the rows",
    ),
)


def verdicts(
    rows: Iterable[Row], size: int, targets: Sequence[Target] = TARGETS
) -> Iterator[Verdict]:
    """What became of each target; one whose row is not there is not met.

    Args:
        rows: what was measured.
        size: made-up models of the largest home.
        targets: the table.
    """
    rows = list(rows)
    found = {(row.bench, row.figure.name, bool(row.figure.size)): row.figure for row in rows}
    broken = {
        row.bench: f"its bench {row.figure.name}: {row.figure.note}"
        for row in rows
        if row.figure.name in (FAILED, COULD_NOT_RUN)
    }
    for target in targets:
        sign = "≥" if target.least else "≤"
        figure = found.get((target.bench, target.row, not target.shipped))
        value = figure.value if figure else None
        within = value is not None and (
            value >= target.limit if target.least else value <= target.limit
        )
        small = bool(target.models) and size < target.models
        absent = broken.get(target.bench, "not measured in this run")
        why = _why(target, figure, within, small, size) if figure else absent
        decided = value is not None and not small
        yield Verdict(
            name=target.name,
            value=value,
            target=f"{sign} {number(target.limit)}",
            ok=within and decided,
            decided=decided,
            why=why,
        )


def _why(target: Target, figure: Measured, within: bool, small: bool, size: int) -> str:
    if figure.value is None:
        return figure.note
    at = f"it holds at {target.models:,} models, measured at {size:,}" if small else ""
    at += f" ({figure.note})" if at and figure.note else ""
    return "; ".join(filter(None, (at, "" if within else target.why or "no cause is known yet")))
