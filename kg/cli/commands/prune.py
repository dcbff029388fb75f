"""`gyebo prune`."""

from __future__ import annotations

import click

from kg.cli._options import json_option, lang_option, print_answer
from kg.messages.message import Message, counted
from kg.travel.prune import GRACE, PruneAnswer, prune_releases
from kg.travel.storage import open_storage


@click.command()
@click.argument("url")
@click.option("--keep", type=click.IntRange(1), required=True, help="Releases that stay.")
@click.option(
    "--grace",
    type=click.FloatRange(0),
    default=GRACE,
    show_default=True,
    help="Hours that something must have been there.",
)
@click.option("--dry-run", is_flag=True, help="Delete nothing; say what would be.")
@lang_option
@json_option
def prune(url: str, keep: int, grace: float, dry_run: bool, lang: str, as_json: bool) -> None:
    """Delete from a storage what only older releases need.

    The release that is offered stays, and what was sent within --grace, for it may belong to a release on its way.

    gyebo prune s3://example/gyebo --keep 3
    """
    answer = prune_releases(open_storage(url), keep, grace=grace, dry_run=dry_run)
    print_answer(answer, as_json, lambda: _pruned(answer).text(lang))


def _pruned(answer: PruneAnswer) -> Message:
    removed = counted("%(num)s release", "%(num)s releases", len(answer.removed))
    kept = counted("%(num)s release stays", "%(num)s releases stay", len(answer.kept))
    if answer.tried:
        return Message(
            "%(removed)s and %(objects)s parts of files, %(bytes)s bytes, would be deleted; %(kept)s",
            removed=removed,
            objects=answer.objects,
            bytes=answer.bytes,
            kept=kept,
        )
    return Message(
        "%(removed)s and %(objects)s parts of files, %(bytes)s bytes, were deleted; %(kept)s",
        removed=removed,
        objects=answer.objects,
        bytes=answer.bytes,
        kept=kept,
    )
