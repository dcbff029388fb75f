"""`gyebo export`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import IO

import click

from kg.answers.sparql import limits_of
from kg.cli._options import lang_option, read_text, with_snapshot
from kg.cli._progress import progress_bars
from kg.config import Config
from kg.errors import InputError
from kg.export.bom.formats import MODEL_FORMATS
from kg.export.columns import TABLES
from kg.export.export import EXPORTS
from kg.export.export import export as write_graph_file
from kg.export.graphs import GRAPH_FORMATS
from kg.export.mappings import OURS, VOCABULARIES
from kg.export.table_files import TABLE_FORMATS
from kg.messages.message import Message
from kg.model.media import RDF_FORMATS
from kg.snapshot.snapshot import Snapshot


def _either(names: Iterable[str]) -> str:
    """Names of which one is meant.

    >>> _either(["csv", "parquet"])
    'csv or parquet'
    """
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last


_HELP = f"""Write the graph, or part of it, in a standard format.

FORMAT is {", ".join(RDF_FORMATS)}; {", ".join(GRAPH_FORMATS)}; {_either(TABLE_FORMATS)}; and of a
--model with its ancestry {_either(MODEL_FORMATS)}.
"""


@click.command(help=_HELP)
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
    "--table",
    default="edges",
    show_default=True,
    help=f"For {' and '.join(TABLE_FORMATS)}: {', '.join(TABLES)}.",
)
@click.option(
    "--vocabulary",
    default=OURS,
    show_default=True,
    type=click.Choice(VOCABULARIES),
    help="For RDF: our own terms, or those of schema.org, FAIR4ML, MLDCAT-AP or DCAT.",
)
@click.option(
    "--bom", is_flag=True, help="For csv: begin with a byte order mark, by which Excel knows UTF-8."
)
@partial(
    lang_option,
    help=f"Of messages, and of {' and '.join(sorted(f.name for f in MODEL_FORMATS.values() if f.translated))}.",
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
    bom: bool,
    lang: str,
    output: Path,
) -> None:
    """Write the graph, or part of it, in a standard format."""
    if sum(part is not None for part in (model, family, query)) > 1:
        raise InputError(
            Message("--model, --family and --query each say what to export: give one of them")
        )
    if vocabulary != OURS and format in EXPORTS and format not in RDF_FORMATS:
        raise InputError(
            Message(
                "--vocabulary is for RDF: %(names)s; %(format)s is not",
                names=RDF_FORMATS,
                format=format,
            )
        )
    if format in MODEL_FORMATS and (family or query):
        raise InputError(
            Message(
                "%(format)s is of one model with its ancestry: name it with --model ID",
                format=format,
            )
        )
    config: Config = click.get_current_context().obj
    with progress_bars(plain=False) as bars:
        write_graph_file(
            snapshot,
            format,
            output,
            root=model or family or "",
            query=read_text(query) if query else "",
            table=table,
            vocabulary=vocabulary,
            lang=lang,
            bom=bom,
            limits=limits_of(config),
            stage=bars.stage,
        )
