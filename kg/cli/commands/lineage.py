"""`gyebo lineage`: a family tree on the terminal, as JSON or as a file."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import get_args

import click

from kg.answers import lineage as lineage_answer
from kg.answers.contract import Direction, EdgeChoice, to_json
from kg.answers.genealogy import Where, find_genealogy
from kg.answers.tree.unresolved import unresolved_among, unresolved_line
from kg.cli import _tree_text as tree_text
from kg.cli._branches import branches
from kg.cli._options import checked_date, json_option, known_kinds, lang_option, with_snapshot
from kg.errors import InputError
from kg.export.trees import TREE_FILES, family_file, suffix_of
from kg.files.output import write_file
from kg.licenses.terms import Verdict
from kg.licenses.verdicts import code_of
from kg.messages.message import Message
from kg.snapshot.snapshot import Snapshot

_LINES = 100  # nodes of a printed tree


@click.command()
@click.argument("id")
@click.option(
    "--direction",
    type=click.Choice(get_args(Direction)),
    default="both",
    show_default=True,
    help="Ancestors, descendants or both.",
)
@click.option(
    "--edges",
    type=click.Choice(get_args(EdgeChoice)),
    default="weights",
    show_default=True,
    help="Who took whose weights; who learned from whose text "
    "(training data and distillation); or all of that.",
)
@click.option("--depth", type=click.IntRange(0), help="Most steps from ID.")
@click.option("--kind", "kinds", multiple=True, help="Only this kind; may be repeated.")
@click.option(
    "--since",
    metavar="DATE",
    default="",
    callback=checked_date,
    help="Only what was released then or later: 2023, 2023-03 or 2023-03-13.",
)
@click.option(
    "--until",
    metavar="DATE",
    default="",
    callback=checked_date,
    help="Only what was released by then.",
)
@click.option(
    "--verdict",
    "verdicts",
    multiple=True,
    type=click.Choice(get_args(Verdict)),
    help="Only what may be used commercially so; may be repeated.",
)
@click.option(
    "--limit",
    type=click.IntRange(0),
    help=f"Most nodes: with --json the nearest (default all), else the largest branches "
    f"(default {_LINES}).",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the family, with all it comes from and all that comes from those, to a "
    f"file instead: .{' .'.join(TREE_FILES)}. Pictures show the largest branches (default "
    "60), the others all of it.",
)
@lang_option
@json_option
@with_snapshot
def lineage(
    snapshot: Snapshot,
    id: str,
    direction: Direction,
    edges: EdgeChoice,
    depth: int | None,
    kinds: tuple[str, ...],
    since: str,
    until: str,
    verdicts: tuple[Verdict, ...],
    limit: int | None,
    output: Path | None,
    lang: str,
    as_json: bool,
) -> None:
    """Show the family tree of a model, family or dataset; of an organization, of its models.

    Which models learned from text that OpenAI's models wrote?

        gyebo lineage org/openai --edges data --direction down
    """
    known_kinds(snapshot, kinds)
    id, where = (
        snapshot.find(id),
        Where(depth, frozenset(kinds), since, until, frozenset(map(code_of, verdicts))),
    )
    if output:
        if direction != "both" or where != Where(depth):
            raise InputError(
                Message("-o writes a whole family: only --depth, --limit and --edges narrow it")
            )
        body = family_file(
            snapshot, id, suffix_of(output.name), lang, limit, depth, edges != "weights"
        )
        write_file(output, lambda out: out.write(body))
        return
    if as_json:
        answer = lineage_answer.lineage(snapshot, id, direction, edges, limit, lang, where)
        click.echo(to_json(answer), nl=False)
        return
    found = find_genealogy(snapshot, id, direction, edges, where)
    drawn = branches(snapshot, found, _LINES if limit is None else limit, lang)
    words = {p.name: p.words.get(lang, p.name) for p in snapshot.vocabulary.properties.values()}
    click.echo(
        tree_text.tree(drawn, found, words, tree_text.has_colors(sys.stdout, os.environ), lang)
    )
    above = () if edges == "data" else (found.root, *found.ancestors)
    lost = unresolved_among(snapshot, above, lang)
    for line in dict.fromkeys(unresolved_line(one).text(lang) for one in lost):
        click.echo(f"? {line}")
