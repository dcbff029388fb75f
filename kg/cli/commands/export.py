"""`gyebo export`."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import click

from kg.answers.sparql import limits_of
from kg.cli.options import read_text, with_snapshot
from kg.config import Config
from kg.errors import InputError
from kg.export.bom.formats import LANGUAGES, MODEL_FORMATS
from kg.export.formats import RDF_FORMATS
from kg.export.graph_export import EXPORTS
from kg.export.graph_export import export as write_graph_file
from kg.export.tables import TABLES
from kg.export.vocabularies import OURS, VOCABULARIES
from kg.snapshot.snapshot import Snapshot


@click.command()
@click.argument("format")
@click.option("--model", help="Only this model and its ancestors and descendants.")
@click.option("--family", help="Only this family, its members and their descendants.")
@click.option(
    "--query",
    type=click.File("r", encoding="utf-8"),
    metavar="FILE",
    help="Only what this SPARQL query finds (- reads standard input): the entities that "
    "a SELECT names, or the graph that a CONSTRUCT or DESCRIBE makes.",
)
@click.option(
    "--table", default="edges", show_default=True, help=f"For csv and parquet: {', '.join(TABLES)}."
)
@click.option(
    "--vocabulary",
    default=OURS,
    show_default=True,
    type=click.Choice(VOCABULARIES),
    help="For RDF: our own terms, or those of schema.org, FAIR4ML, MLDCAT-AP or DCAT.",
)
@click.option(
    "--lang",
    type=click.Choice(["en", "ko"]),
    default="en",
    show_default=True,
    help=f"For {' and '.join(sorted(LANGUAGES))}.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    required=True,
    help="File to write; - for standard output.",
)
@with_snapshot
def export(
    snapshot: Snapshot,
    format: str,
    model: str | None,
    family: str | None,
    query: IO[str] | None,
    table: str,
    vocabulary: str,
    lang: str,
    output: Path,
) -> None:
    """Write the graph, or part of it, in a standard format.

    FORMAT is turtle, ntriples, nquads, trig, jsonld, rdfxml; graphml, gexf, dot, cytoscape, nodelink;
    csv or parquet; and of a --model with its ancestry cyclonedx, spdx, card or badge.
    """
    if sum(part is not None for part in (model, family, query)) > 1:
        raise InputError("--model, --family and --query each say what to export: give one of them")
    if vocabulary != OURS and format in EXPORTS and format not in RDF_FORMATS:
        raise InputError(f"--vocabulary is for RDF: {', '.join(RDF_FORMATS)}; {format} is not")
    if format in MODEL_FORMATS and (family or query):
        raise InputError(f"{format} is of one model with its ancestry: name it with --model ID")
    config: Config = click.get_current_context().obj
    write_graph_file(
        snapshot,
        format,
        output,
        root=model or family or "",
        query=read_text(query) if query else "",
        table=table,
        vocabulary=vocabulary,
        lang=lang,
        limits=limits_of(config),
    )
