"""`gyebo catalog`: the facts that travel with the program, and how they are made anew."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import click
import msgspec

from kg.claims.runs import read_runs
from kg.cli._options import data_option, json_option, lang_option, print_answer
from kg.cli._progress import progress_bars
from kg.config import Config
from kg.ingest.catalog.catalog import make_catalog
from kg.ingest.catalog.catalog_files import CatalogHead, catalog_files
from kg.ingest.registry import load_source
from kg.messages.message import Message
from kg.paths import DATA
from kg.snapshot.layout import Layout


class CatalogSource(msgspec.Struct, frozen=True, kw_only=True):
    """One file of the catalog, for programs."""

    id: str
    license: str
    origin: str
    retrieved: str
    records: int
    kept: dict[str, int]
    left_out: dict[str, int]
    issues: dict[str, int]
    replaced: bool  # whether a stored claim run takes its place in the next build


@click.command("catalog")
@click.option(
    "--make",
    "raw",
    metavar="FOLDER",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    multiple=True,
    help="Make the files anew from the raw files of the sources in this folder; may be repeated.",
)
@data_option
@lang_option
@json_option
@click.pass_obj
def catalog_command(
    config: Config, raw: tuple[Path, ...], data: Path | None, lang: str, as_json: bool
) -> None:
    """List the sources whose facts travel with the program, or make their files anew.

    A claim run of the same name, which `gyebo ingest` or `gyebo update` stored, takes the place of a
    file in the next build.
    """
    folder = data or DATA
    if raw:
        with progress_bars(plain=False) as bars:
            make_catalog(raw, folder, watch=bars.watch_bytes)
    stored = {run.name for run in read_runs(Layout(config.home).runs)}
    found = [_source(file.name, file.head, stored) for file in catalog_files(folder)]
    print_answer(found, as_json, lambda: _text(found, lang))


def _source(name: str, head: CatalogHead, stored: Collection[str]) -> CatalogSource:
    return CatalogSource(
        id=name,
        license=load_source(name).SOURCE.license,
        origin=head.origin,
        retrieved=head.retrieved,
        records=head.records,
        kept=head.kept,
        left_out=head.left_out,
        issues=head.issues,
        replaced=name in stored,
    )


def _text(found: Sequence[CatalogSource], lang: str) -> str:
    lines = [line for one in found for line in _lines(one, lang)]
    return "\n".join(lines) or Message("this data folder has no catalog").text(lang)


def _lines(one: CatalogSource, lang: str) -> list[str]:
    models = Message(
        "%(models)s models of %(records)s records, %(issues)s issues",
        models=one.kept.get("model", 0),
        records=one.records,
        issues=sum(one.issues.values()),
    )
    lines = [f"{one.id}  {one.retrieved}  {models.text(lang)}", f"    {one.origin} ({one.license})"]
    if one.replaced:
        run = Message("the stored claim run %(name)s takes its place", name=one.id)
        lines.append(f"    {run.text(lang)}")
    return lines
