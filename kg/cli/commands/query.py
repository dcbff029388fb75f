"""`gyebo query`."""

from __future__ import annotations

import sys
from typing import IO

import click

from kg.answers import sparql as ask
from kg.cli._options import json_option, read_text, with_snapshot
from kg.config import Config
from kg.messages.message import environment_language
from kg.model.media import RDF_FORMATS, RESULT_FORMATS
from kg.snapshot.snapshot import Snapshot
from kg.sparql.terms import unknown_terms


@click.command()
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option(
    "--format",
    "format",
    type=click.Choice([*RESULT_FORMATS, *RDF_FORMATS]),
    help="Of the result; default json, or turtle for a graph.",
)
@json_option
@with_snapshot
def query(snapshot: Snapshot, file: IO[str], format: str | None, as_json: bool) -> None:
    """Run a SPARQL query from FILE, or from standard input with -."""
    config: Config = click.get_current_context().obj
    results = format if format in RESULT_FORMATS else "json" if as_json or format else "tsv"
    graph = format if format in RDF_FORMATS else "jsonld" if as_json else "turtle"
    text = read_text(file)
    result = ask.query(snapshot, text, results, graph, ask.limits_of(config))
    for term in unknown_terms(text):
        click.echo(term.told.text(environment_language()), err=True)
    body = result.body
    sys.stdout.buffer.write(body + b"\n" * (body[-1:] != b"\n"))
