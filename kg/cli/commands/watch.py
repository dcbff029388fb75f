"""`gyebo watch`: what changed for the models of a list since they were chosen."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import get_args

import click

from kg.answers.contract import to_json
from kg.cli._license.options import profile_options
from kg.cli._options import json_option, lang_option, with_snapshot
from kg.cli._watch_list import read_list
from kg.cli._watch_text import watch_markdown, watch_text
from kg.errors import InputError
from kg.licenses.profile import NOBODY, Profile
from kg.licenses.terms import Use
from kg.messages.message import Message
from kg.snapshot.layout import Layout
from kg.snapshot.releases.past import find_release
from kg.snapshot.snapshot import Snapshot
from kg.watch.lock import LOCK_FILE, Question, is_lock
from kg.watch.watch import WatchAnswer, watch_lock, watch_since

_CHANGED = 4
_FORMATS = ("table", "markdown", "json")


@click.command("watch")
@click.argument("target", metavar="FILE|PATH", type=click.Path(path_type=Path))
@click.option(
    "--lock",
    "lock",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"The lock; by default {LOCK_FILE} beside FILE or in PATH.",
)
@click.option("--update", is_flag=True, help="Accept what is, and write the lock anew.")
@click.option(
    "--since",
    default="",
    metavar="RELEASE",
    help="Compare with a release instead of the lock: its version, or a day as YYYY-MM-DD.",
)
@click.option(
    "--use",
    type=click.Choice(get_args(Use)),
    default=None,
    help="By default that of the lock, else commercial.",
)
@profile_options
@click.option("--format", "format", type=click.Choice(_FORMATS), default="table", show_default=True)
@lang_option
@json_option
@with_snapshot
def watch_command(
    snapshot: Snapshot,
    target: Path,
    lock: Path | None,
    update: bool,
    since: str,
    use: Use | None,
    who: Mapping[str, Profile],
    format: str,
    lang: str,
    as_json: bool,
) -> None:
    """Say what changed for the models of a list: license, terms, verdict, base, access, end of service.

    FILE has one id a line, or is a lock; PATH is a folder, whose models `gyebo scan` finds. The first run writes gyebo.lock, what is true of each model today; commit
    it. Later runs compare with it, and --update accepts what is otherwise. An id may end in @REVISION.

    gyebo watch models.txt --country KR

    gyebo watch . --since 2026-11-01

    Exit codes: 0 nothing changed, or the lock was written; 4 something changed. Not legal advice.
    """
    question = _question(use, who)
    if since and (update or lock):
        raise InputError(Message("--since compares with a release, and reads and writes no lock"))
    models, unwatched = read_list(snapshot, target, lang)
    if since:
        release = find_release(Layout(snapshot.folder.parent.parent), since)
        answer = watch_since(
            snapshot, models, release, question or Question(), unwatched=unwatched, lang=lang
        )
    else:
        path = lock or (target if is_lock(target) else _beside(target))
        answer = watch_lock(
            snapshot, models, path, question, update=update, unwatched=unwatched, lang=lang
        )
    click.echo(_told(answer, "json" if as_json else format, lang))
    done = answer.written or not answer.changed
    click.get_current_context().exit(0 if done else _CHANGED)


def _question(use: Use | None, who: Mapping[str, Profile]) -> Question | None:
    """What is asked for; None = what the lock says."""
    if len(who) > 1:
        raise InputError(Message("a lock is about one who asks: give one country or one profile"))
    (profile,) = who.values()
    if use is None and profile == NOBODY:
        return None
    return Question(use or "commercial", profile)


def _beside(target: Path) -> Path:
    """Where the lock of a list or of a project stands."""
    return target / LOCK_FILE if target.is_dir() else target.with_name(LOCK_FILE)


def _told(answer: WatchAnswer, format: str, lang: str) -> str:
    if format == "json":
        return to_json(answer).decode().rstrip()
    return (watch_markdown if format == "markdown" else watch_text)(answer, lang)
