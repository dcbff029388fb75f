"""`gyebo notice`."""

from __future__ import annotations

from pathlib import Path

import click

from kg.answers.advice.notice import notice_answer
from kg.answers.contract import to_json
from kg.cli._options import json_option, lang_option, with_snapshot
from kg.errors import InputError
from kg.files.output import write_file
from kg.licenses.wording import MARKS, words_in
from kg.messages.message import Message
from kg.snapshot.snapshot import Snapshot


@click.command("notice")
@click.argument("id")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("-"),
    help="Write this file instead of printing.",
)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.option("--name", default="", help="Of what you release, if it is called otherwise.")
@lang_option
@json_option
@with_snapshot
def notice(
    snapshot: Snapshot,
    id: str,
    output: Path,
    force: bool,
    name: str,
    lang: str,
    as_json: bool,
) -> None:
    """Write the NOTICE file of a model: the works it comes from, the texts they stand under with their
    addresses, copyright lines, badges and statements of changes of the whole ancestry.

    Whether it may be passed on at all, and what is not known, is told on standard error.
    """
    if output.exists() and not force and str(output) != "-":
        raise InputError(Message("%(path)s is there already; --force writes over it", path=output))
    answer = notice_answer(snapshot, id, lang, name)
    text = to_json(answer) if as_json else answer.text.encode()
    write_file(output, lambda out: out.write(text))
    click.echo(f"{MARKS[answer.verdict]} {answer.sentence} {words_in(lang)['advice']}", err=True)
