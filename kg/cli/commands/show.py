"""`gyebo show`."""

from __future__ import annotations

import click

from kg.answers import show as answers
from kg.cli._options import json_option, lang_option, print_answer, with_snapshot
from kg.cli._text import entity
from kg.snapshot.snapshot import Snapshot


@click.command()
@click.argument("id")
@lang_option
@json_option
@with_snapshot
def show(snapshot: Snapshot, id: str, lang: str, as_json: bool) -> None:
    """Show everything known of an entity: facts, who says what, where they disagree."""
    answer = answers.show(snapshot, id, lang)
    print_answer(answer, as_json, lambda: entity(answer, snapshot.vocabulary, lang))
