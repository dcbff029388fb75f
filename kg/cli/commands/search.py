"""`gyebo search`."""

from __future__ import annotations

from typing import get_args

import click

from kg.answers import search as search_answer
from kg.cli import _text as display
from kg.cli._options import json_option, known_kinds, lang_option, print_answer, with_snapshot
from kg.search.clauses import Order
from kg.snapshot.snapshot import Snapshot


@click.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--limit", default=10, show_default=True, type=click.IntRange(0, 1000))
@click.option(
    "--filter",
    "filters",
    multiple=True,
    metavar="FIELD:VALUE",
    help="As in the search box: org:meta, params:7b..13b; may be repeated.",
)
@click.option(
    "--word",
    "as_words",
    multiple=True,
    metavar="WORDS",
    help="Search these as words, though they may mean a filter; may be repeated.",
)
@click.option("--kind", "kinds", multiple=True, help="Only this kind; may be repeated.")
@click.option(
    "--sort",
    "order",
    default="relevance",
    show_default=True,
    type=click.Choice(get_args(Order)),
    help="The greatest or newest first.",
)
@click.option("--cursor", default="", help="`next` of the answer before, for the hits that follow.")
@click.option("--ungrouped", is_flag=True, help="List copies (quantizations, mirrors …) as hits.")
@lang_option
@json_option
@with_snapshot
def search(
    snapshot: Snapshot,
    text: tuple[str, ...],
    limit: int,
    filters: tuple[str, ...],
    as_words: tuple[str, ...],
    kinds: tuple[str, ...],
    order: Order,
    cursor: str,
    ungrouped: bool,
    lang: str,
    as_json: bool,
) -> None:
    """Find models, families, datasets, organizations … by words, Korean or English.

    TEXT may hold "phrases", -words, a OR b, and filters such as org:meta, access:open-weights or params:7b..13b.
    Words that mean a filter, such as "commercial", "7B 이하" or "라마 말고", are one; the answer says which.
    """
    known_kinds(snapshot, kinds)
    answer = search_answer.search(
        snapshot,
        " ".join((*text, *filters)),
        limit,
        kinds=kinds,
        lang=lang,
        order=order,
        cursor=cursor,
        group=not ungrouped,
        as_words=as_words,
    )
    print_answer(answer, as_json, lambda: display.hits(answer, lang))
