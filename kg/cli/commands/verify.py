"""`gyebo verify` and `gyebo rollback`."""

from __future__ import annotations

import click

from kg.cli._options import json_option, print_answer
from kg.cli._progress import progress_bars
from kg.config import Config
from kg.messages.message import Message, environment_language
from kg.snapshot.layout import Layout
from kg.snapshot.rollback import roll_back
from kg.snapshot.verify import VerifyAnswer, verify_snapshot


@click.command()
@click.option("--quick", is_flag=True, help="Compare sizes only, which takes no time.")
@json_option
@click.pass_context
def verify(ctx: click.Context, quick: bool, as_json: bool) -> None:
    """Compare every byte of the current snapshot with what its build wrote (exit code 1: damaged)."""
    config: Config = ctx.obj
    lang = environment_language()
    with progress_bars(plain=False) as bars:
        answer = verify_snapshot(
            config.home, quick=quick, lang=lang, watch=lambda size: bars.watch_bytes("verify", size)
        )
    print_answer(answer, as_json, lambda: _text(answer, lang))
    ctx.exit(1 if answer.damaged else 0)


def _text(answer: VerifyAnswer, lang: str) -> str:
    if not answer.damaged:
        return _whole(answer).text(lang)
    what = Message("snapshot %(name)s is damaged", name=answer.snapshot)
    advice = Message(
        "%(what)s; run `gyebo build`, or `gyebo rollback` for the one before", what=what
    )
    return "\n".join([*(f"{one.file}: {one.why}" for one in answer.damaged), advice.text(lang)])


def _whole(answer: VerifyAnswer) -> Message:
    if answer.quick:
        return Message(
            "snapshot %(name)s: all %(files)s files have their size; their bytes were not compared",
            name=answer.snapshot,
            files=answer.files,
        )
    return Message(
        "snapshot %(name)s: %(files)s files, %(bytes)s bytes, all as they were written",
        name=answer.snapshot,
        files=answer.files,
        bytes=answer.bytes,
    )


@click.command()
@click.pass_obj
def rollback(config: Config) -> None:
    """Go back to the snapshot before; it stays until the next build."""
    folder = roll_back(Layout(config.home))
    told = Message(
        "snapshot %(name)s is served from now on, until the next build", name=folder.name
    )
    click.echo(told.text(environment_language()))
