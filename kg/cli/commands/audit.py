"""`gyebo audit`."""

from __future__ import annotations

from pathlib import Path

import click

from kg.answers.contract import to_json
from kg.answers.gaps.answer import SUBSTANCE, AuditRequest
from kg.answers.gaps.audit import audit
from kg.cli._audit_text import audit_text
from kg.cli._options import json_option, lang_option, with_snapshot
from kg.errors import InputError
from kg.export.audit import audit_table
from kg.export.table_files import write_csv
from kg.files.output import write_file
from kg.licenses.verdicts import GAPS, Gap
from kg.messages.message import Message
from kg.snapshot.snapshot import Snapshot

_ROWS = 20  # of a printed list


@click.command("audit")
@click.argument("ids", nargs=-1, metavar="[ID]…")
@click.option("--family", default="", help="Only its members and what comes from them.")
@click.option("--maker", default="", help="Only what this organization or person made.")
@click.option(
    "--license", default="", help="Only where this is the tag, or governs beside the tag."
)
@click.option(
    "--gap",
    "gaps",
    multiple=True,
    type=click.Choice(GAPS),
    default=SUBSTANCE,
    show_default=True,
    help="How the tag stands to the ancestry; may be repeated.",
)
@click.option(
    "--assumed",
    is_flag=True,
    help="Also what has a gap only if a guessed or disputed parent is right.",
)
@click.option(
    "--limit", type=click.IntRange(0), help=f"Most rows (default {_ROWS}; --json and --csv: all)."
)
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, a line for each missing clause.")
@lang_option
@json_option
@with_snapshot
def audit_command(
    snapshot: Snapshot,
    ids: tuple[str, ...],
    family: str,
    maker: str,
    license: str,
    gaps: tuple[Gap, ...],
    assumed: bool,
    limit: int | None,
    as_csv: bool,
    lang: str,
    as_json: bool,
) -> None:
    """List models whose stated license says less than what they come from, with the clauses it lacks.

    A row says what the tag says and what the ancestry carries, with the path of each clause. What its
    licensor has licensed anew is not listed. Not legal advice.
    """
    if as_csv and as_json:
        raise InputError(Message("--csv and --json are two forms of one list: give one of them"))
    wanted = AuditRequest(
        ids=ids, family=family, maker=maker, license=license, gaps=gaps, assumed=assumed
    )
    most = _ROWS if limit is None and not (as_csv or as_json) else limit
    answer = audit(snapshot, wanted, most=most, lang=lang)
    if as_json:
        click.echo(to_json(answer), nl=False)
    elif as_csv:
        write_file(Path("-"), lambda out: write_csv(audit_table(answer), out))
    else:
        click.echo(audit_text(snapshot, answer, wanted, lang))
