"""`gyebo license`."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click

from kg.cli._license_gate import REPORTS, ask, profile_options, report
from kg.cli._license_report import FAIL_ON, exit_code
from kg.cli._options import json_option, lang_option, with_snapshot
from kg.licenses.profile import Profile
from kg.licenses.terms import Use
from kg.snapshot.snapshot import Snapshot


@click.command("license")
@click.argument("id", required=False)
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Many at once: a file with one id a line.",
)
@click.option("--use", type=click.Choice(get_args(Use)), default="commercial", show_default=True)
@profile_options
@click.option("--format", "format", type=click.Choice(REPORTS), default="table", show_default=True)
@click.option(
    "--fail-on",
    type=click.Choice(FAIL_ON),
    default="conditional",
    show_default=True,
    help="The mildest verdict that ends with 3 (prohibited) or 4 (any other).",
)
@lang_option
@json_option
@with_snapshot
def license(
    snapshot: Snapshot,
    id: str | None,
    file: Path | None,
    use: Use,
    profile: Profile,
    format: str,
    fail_on: str,
    lang: str,
    as_json: bool,
) -> None:
    """Say what may be done with a model, with the clauses, the paths they came by, and the doubts.

    Exit codes: 0 allowed, 3 prohibited, 4 conditional, unknown or contested. Not legal advice.
    """
    asked = ask(snapshot, id, file, use, profile, lang)
    click.echo(report(asked, "json" if as_json else format, file, fail_on, lang))
    click.get_current_context().exit(exit_code([one.answer for one in asked], fail_on))
