"""`gyebo publish` and `gyebo prune`."""

from __future__ import annotations

import click

from kg.cli._options import json_option, lang_option, print_answer
from kg.cli._progress import progress_bars
from kg.config import Config
from kg.messages.message import Message, counted
from kg.travel.prune import GRACE, PruneAnswer, prune_releases
from kg.travel.publish import PublishAnswer, publish_release
from kg.travel.storage import open_storage


@click.command()
@click.argument("url")
@click.option("--again", is_flag=True, help="Send also what is there already, to mend it.")
@lang_option
@json_option
@click.pass_obj
def publish(config: Config, url: str, again: bool, lang: str, as_json: bool) -> None:
    """Send the current release to a storage, from which other machines take it.

    URL is a folder, https://host/folder (by WebDAV), s3://bucket/folder, or what else fsspec knows; docs/travel.md
    has them. Only what is not there yet is sent, and what breaks off goes on when it is called again. Passwords and
    tokens come from the environment.

    gyebo publish s3://example/gyebo
    """
    storage = open_storage(url)
    with progress_bars(plain=False) as bars:
        answer = publish_release(
            config.home, storage, again=again, watch=lambda size: bars.watch_bytes("publish", size)
        )
    print_answer(answer, as_json, lambda: _published(answer).text(lang))


def _published(answer: PublishAnswer) -> Message:
    told = Message(
        "release %(version)s: %(files)s files, %(bytes)s bytes, of which %(sent)s bytes were sent",
        version=answer.version,
        files=answer.files,
        bytes=answer.bytes,
        sent=answer.sent_bytes,
    )
    if answer.switched:
        return Message("%(what)s; %(place)s offers it now", what=told, place=answer.place)
    return Message("%(what)s; %(place)s offered it already", what=told, place=answer.place)


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
@click.pass_obj
def prune(
    config: Config, url: str, keep: int, grace: float, dry_run: bool, lang: str, as_json: bool
) -> None:
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
