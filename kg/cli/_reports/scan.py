"""A scan in each of its formats, written to the terminal or to files."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import click

from kg.answers.contract import to_json
from kg.cli._options import read_text
from kg.cli._reports.scan_ci import scan_code_quality, scan_junit, scan_sarif
from kg.cli._reports.scan_markdown import scan_markdown
from kg.cli._scan_text import scan_table
from kg.errors import InputError
from kg.export.bom.used import used_bom
from kg.files.output import write_file
from kg.messages.message import Message, reason_of
from kg.scan.changes import read_report
from kg.scan.finding import readable
from kg.scan.report import ScanReport
from kg.snapshot.snapshot import Snapshot

SCAN_FORMATS = ("table", "json", "sarif", "junit", "cyclonedx", "markdown", "codequality")
STDOUT = Path("-")


class ScanStyle(NamedTuple):
    """How a report is told, whatever its format."""

    fail_on: str
    lang: str
    all: bool = False


class ScanOutput(NamedTuple):
    """A report that is wanted, and where it goes."""

    format: str  # of SCAN_FORMATS
    path: Path  # - is standard output


def wanted_files(formats: Sequence[str], paths: Sequence[Path]) -> list[ScanOutput]:
    """Which report goes where: formats and files belong together in their order.

    Raises:
        InputError: several reports, and not a file for each; or two for the same.
    """
    formats = formats or ["table"]
    paths = paths or [STDOUT] if len(formats) == 1 else paths
    if len(paths) != len(formats):
        raise InputError(
            Message(
                "%(formats)s times --format, but %(paths)s times -o: give a file for each (- is standard output)",
                formats=len(formats),
                paths=len(paths),
            )
        )
    if len(set(paths)) != len(paths):
        raise InputError(Message("two reports cannot be written to the same file"))
    return [ScanOutput(*pair) for pair in zip(formats, paths, strict=True)]


def write_scan(
    snapshot: Snapshot, report: ScanReport, path: Path, wanted: ScanOutput, style: ScanStyle
) -> None:
    """Write one report.

    Args:
        snapshot: the one that judged it.
        report: what to tell.
        path: what was scanned.
        wanted: which format, and where it goes.
        style: how it is told.

    Raises:
        InputError: the file cannot be written.
    """
    text = _told(snapshot, report, path, wanted.format, style).rstrip("\n") + "\n"
    if wanted.path == STDOUT:
        click.echo(text, nl=False)
    else:
        write_file(wanted.path, lambda out: out.write(text.encode()))


def _told(snapshot: Snapshot, report: ScanReport, path: Path, format: str, style: ScanStyle) -> str:
    above = path_in_repository(path)
    match format:
        case "json":
            return to_json(report).decode()
        case "sarif":
            return scan_sarif(report, style.lang, above)
        case "junit":
            return scan_junit(report, style.fail_on)
        case "cyclonedx":
            now = datetime.datetime.now(tz=datetime.UTC)
            return used_bom(
                snapshot, report, readable(path.resolve().name) or "project", now, above
            )
        case "markdown":
            return scan_markdown(report, style.lang, above)
        case "codequality":
            return scan_code_quality(report, above)
    return scan_table(report, style.lang, all=style.all)


def path_in_repository(path: Path) -> str:
    """Where what is scanned stands in its git repository: "" at the top or outside of one, else with / at its end."""
    folder = (path if path.is_dir() else path.parent).resolve()
    for top in (folder, *folder.parents):
        if (top / ".git").exists():
            return "" if top == folder else readable(folder.relative_to(top).as_posix()) + "/"
    return ""


def read_earlier(path: Path) -> ScanReport:
    """The report of an earlier scan, from a file.

    Raises:
        InputError: it cannot be read, or is none.
    """
    try:
        with path.open(encoding="utf-8") as file:
            return read_report(read_text(file), str(path))
    except OSError as error:
        raise InputError(
            Message("%(path)s cannot be read: %(why)s", path=path, why=reason_of(error))
        ) from error
