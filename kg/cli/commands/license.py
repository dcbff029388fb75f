"""`gyebo license`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import get_args

import click

from kg.answers.advice.proposal import Proposal
from kg.cli._license.gate import REPORTS, Asked, ReportStyle, ask, check_asked, compare, report
from kg.cli._license.options import profile_options, what_if_options
from kg.cli._license.past import release_of, report_past, tell_release
from kg.cli._license.report import FAIL_ON, exit_code
from kg.cli._options import json_option, lang_option, with_snapshot
from kg.licenses.profile import Profile
from kg.licenses.terms import Use
from kg.snapshot.snapshot import Snapshot


@click.command("license")
@click.argument("ids", metavar="[ID]…", nargs=-1)
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Many at once: a file with one id a line.",
)
@click.option("--use", type=click.Choice(get_args(Use)), default="commercial", show_default=True)
@profile_options
@what_if_options
@click.option("--format", "format", type=click.Choice(REPORTS), default="table", show_default=True)
@click.option("--all", "all", is_flag=True, help="Every clause, with its sentence and its path.")
@click.option(
    "--since",
    default="",
    metavar="RELEASE",
    help="By the terms of this release: its version, or a day as YYYY-MM-DD.",
)
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
    ids: tuple[str, ...],
    file: Path | None,
    use: Use,
    who: Mapping[str, Profile],
    proposal: Proposal | None,
    format: str,
    all: bool,
    since: str,
    fail_on: str,
    lang: str,
    as_json: bool,
) -> None:
    """Say what may be done with a model: the verdict and the clause that decides, what you must do,
    what would change it, what is not known; --all has every clause and path.

    Several ids, or a file of them, are answered as a list, in which what is not known here counts as
    unknown. Two countries or profiles are set side by side, for every use. --base, --data,
    --outputs-of, --license and --card ask about a model that does not exist yet.

    What held on a day: gyebo license dolly-2 --since 2026-11-01. Of a release whose snapshot was deleted
    the verdict is left, without its reasons and for who says nothing of themselves.

    Exit codes: 0 allowed, 3 prohibited, 4 conditional, unknown or contested. Not legal advice.
    """
    asked = Asked(ids, file, proposal)
    check_asked(asked, who)
    style = ReportStyle("json" if as_json else format, fail_on, lang, all)
    with release_of(snapshot, since) as at:
        if at.release and not at.snapshot:
            told, verdicts = report_past(snapshot, at.release, asked, who, use, style)
        elif len(who) > 1:
            told, verdicts = compare(at.snapshot or snapshot, ids[0], who, use, style)
        else:
            (profile,) = who.values()
            found = ask(at.snapshot or snapshot, asked, use, profile, lang)
            told = report(at.snapshot or snapshot, asked, found, style)
            verdicts = [one.answer.verdict for one in found]
    if at.release:
        click.echo(tell_release(at.release, lang), err=True)
    click.echo(told)
    click.get_current_context().exit(exit_code(verdicts, fail_on))
