"""`gyebo doctor`."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from kg.build.doctor import Finding, Level, examine
from kg.cli._options import data_option, json_option, lang_option, print_answer
from kg.config import Config
from kg.paths import DATA

_MARKS = {"good": "✓", "note": "·", "wrong": "✗"}


class FindingAnswer(msgspec.Struct, frozen=True):
    """A finding in the language that was asked for."""

    level: Level
    about: str
    text: str


@click.command()
@data_option
@lang_option
@json_option
@click.pass_context
def doctor(ctx: click.Context, data: Path | None, lang: str, as_json: bool) -> None:
    """Say what is wrong with this installation, and what to do (exit code 1: something is)."""
    config: Config = ctx.obj
    found = [_told(one, lang) for one in examine(config, data or DATA)]
    print_answer(
        found, as_json, lambda: "\n".join(f"{_MARKS[o.level]} {o.about}: {o.text}" for o in found)
    )
    ctx.exit(1 if any(one.level == "wrong" for one in found) else 0)


def _told(finding: Finding, lang: str) -> FindingAnswer:
    return FindingAnswer(finding.level, finding.about, finding.told.text(lang))
