"""`gyebo scan`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import get_args

import click

from kg.cli._license.options import profile_options
from kg.cli._license.report import FAIL_ON, exit_code
from kg.cli._options import build_option, json_option, lang_option, with_snapshot
from kg.cli._reports.scan import SCAN_FORMATS, ScanStyle, read_earlier, wanted_files, write_scan
from kg.errors import InputError
from kg.licenses.profile import Profile
from kg.licenses.terms import Use
from kg.messages.message import Message
from kg.scan.changes import compare_scans
from kg.scan.identity import known_in
from kg.scan.ignores import read_ignores
from kg.scan.report import ScanRequest, judge_scan
from kg.scan.scan import scan_project
from kg.snapshot.snapshot import Snapshot


@click.command("scan")
@click.argument("path", default=".", type=click.Path(path_type=Path))
@click.option("--use", type=click.Choice(get_args(Use)), default="commercial", show_default=True)
@profile_options
@click.option("--vendored", is_flag=True, help="Also folders such as node_modules and .venv.")
@click.option("--jobs", type=click.IntRange(1), help="Processes (default: one a core).")
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(SCAN_FORMATS),
    help="How it is told (default: table); may be repeated, with -o for each.",
)
@click.option(
    "-o",
    "outputs",
    multiple=True,
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to a file instead of standard output (-).",
)
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What `gyebo scan --json` printed before: tell what is new, gone or judged otherwise.",
)
@click.option("--all", "all", is_flag=True, help="Every place, and what is ignored.")
@click.option(
    "--fail-on",
    type=click.Choice(FAIL_ON),
    default="conditional",
    show_default=True,
    help="The mildest verdict that ends with 3 (prohibited) or 4 (any other).",
)
@build_option
@lang_option
@json_option
@with_snapshot
def scan_command(
    snapshot: Snapshot,
    path: Path,
    use: Use,
    who: Mapping[str, Profile],
    vendored: bool,
    jobs: int | None,
    formats: tuple[str, ...],
    outputs: tuple[Path, ...],
    against: Path | None,
    all: bool,
    fail_on: str,
    lang: str,
    as_json: bool,
) -> None:
    """Say which models and data sets a project uses, where, and what may be done with each.

    PATH is a folder or a file; no code of it runs and nothing is asked of the net. What is not known here
    counts as unknown. A comment `gyebo: ignore[reason]` leaves out its line, an entry [[scan.ignore]] of
    gyebo.toml ids or paths, with a reason and an `until` date.

    gyebo scan src --use commercial --country KR

    gyebo scan --format sarif -o scan.sarif --format markdown -o comment.md --against before.json

    Exit codes: 0 allowed or nothing found, 3 prohibited, 4 conditional, unknown or contested. Not legal advice.
    """
    if len(who) > 1:
        raise InputError(
            Message("a scan is judged for one who asks: give one profile and one country")
        )
    (profile,) = who.values()
    files = wanted_files(("json",) if as_json else formats, outputs)
    earlier = read_earlier(against) if against else None
    ignores = read_ignores(path)
    found = scan_project(path, known=known_in(snapshot), vendored=vendored, jobs=jobs)
    report = judge_scan(
        snapshot, found, ScanRequest(use=use, profile=profile, lang=lang, ignores=ignores)
    )
    if earlier:
        report = compare_scans(earlier, report)
    for file in files:
        write_scan(snapshot, report, path, file, ScanStyle(fail_on, lang, all))
    verdicts = [model.verdict for model in report.models] or ["allowed"]
    click.get_current_context().exit(exit_code(verdicts, fail_on))
