"""What the files of a release hold and what they are for: the groups of the page of downloads, and a start in each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from kg.export.columns import TABLES
from kg.export.formats import FORMATS
from kg.export.graphs import GRAPH_FORMATS
from kg.export.release_files import file_in, file_of, file_of_table
from kg.model.media import RDF_FORMATS, MediaFormat
from kg.snapshot.layout import DICTIONARY, ENTITIES
from web.app.i18n import mark


class FileGroup(NamedTuple):
    """Files that serve the same end."""

    name: str
    heading: str
    titles: Mapping[str, str]  # what each file holds, in English
    folded: bool = False


class Start(NamedTuple):
    """One file to begin with, and lines that read it where it was saved."""

    heading: str
    file: str
    about: str
    code: str


_VOCABULARIES: Mapping[str, str] = {
    file_in("schema"): mark("Resolved facts in the words of schema.org, in Turtle"),
    file_in("fair4ml"): mark("Resolved facts in the words of FAIR4ML, in Turtle"),
    file_in("mldcat"): mark("A catalog of models in MLDCAT-AP 3.1, in Turtle"),
    file_in("dcat"): mark("A catalog of models and datasets in DCAT 3, in Turtle"),
}
_RELEASE: Mapping[str, str] = {
    "graph.nq": mark("The release as N-Quads: what the other files are made from"),
    "entities.jsonl": mark("The release as JSON, one entity a line, facts with their claims"),
    ENTITIES: mark("entities.jsonl in zstd, each line compressed by itself"),
    DICTIONARY: mark("The zstd dictionary that entities.jsonl.zst is unpacked with"),
    "redirects.json": mark("Ids that go by another id"),
    "issues.jsonl": mark("What the build found wrong"),
    "terms.json": mark("What the licenses say, clause by clause, as this data was judged by"),
    "consistency.npy": mark(
        "How the license of each entity stands to what it inherited, by its line in entities.jsonl"
    ),
    "verdicts.npy": mark("What may be done with each entity, by its line in entities.jsonl"),
    "doubts.npy": mark("What is not sure about each verdict, by its line in entities.jsonl"),
    "statistics.json": mark("What the graph holds, counted by graph, class and property"),
    "trends.json": mark("Parameter counts and context lengths over time, as the charts show them"),
}

STARTS: Sequence[Start] = (
    Start(
        mark("As tables"),
        file_of_table("models"),
        mark("A row for each model, for pandas, DuckDB, Polars or R."),
        'import pandas as pd\nmodels = pd.read_parquet("models.parquet")\n'
        'models.nlargest(10, "descendantCount")[["id", "license"]]',
    ),
    Start(
        mark("As a network"),
        file_of(GRAPH_FORMATS["graphml"]),
        mark("Models and derivations, for networkx; unpacked also for Gephi, Cytoscape and yEd."),
        'import networkx as nx\ngraph = nx.read_graphml("gyebo.graphml.gz")\n'
        'len(nx.descendants(graph, "family/llama"))',
    ),
    Start(
        mark("As RDF"),
        file_of(RDF_FORMATS["nquads"]),
        mark("All facts and all claims with their sources, for any store of RDF."),
        "import gzip, pyoxigraph as ox\nstore = ox.Store()\n"
        'store.bulk_load(gzip.open("gyebo.nq.gz"), ox.RdfFormat.N_QUADS)',
    ),
)


def _titles(formats: Iterable[MediaFormat]) -> dict[str, str]:
    return {file_of(format): format.file_title for format in formats if format.file_title}


def file_groups() -> Sequence[FileGroup]:
    """The files of a release by what they are for; of RDF first the facts, then all graphs."""
    rdf = sorted(RDF_FORMATS.values(), key=lambda format: format.named_graphs)
    graphs = (f for f in GRAPH_FORMATS.values() if f.name not in RDF_FORMATS)
    others = (f for f in FORMATS.values() if f.name not in (*RDF_FORMATS, *GRAPH_FORMATS))
    tables = {file_of_table(name): title for name, title in TABLES.items()}
    return (
        FileGroup("tables", mark("Tables"), {**tables, **_titles(others)}),
        FileGroup("networks", mark("Networks"), _titles(graphs)),
        FileGroup("rdf", mark("RDF"), {**_titles(rdf), **_VOCABULARIES}),
        FileGroup("rest", mark("What the release consists of"), _RELEASE, folded=True),
    )
