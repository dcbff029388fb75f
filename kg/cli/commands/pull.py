"""`gyebo pull`."""

from __future__ import annotations

import click

from kg.cli._options import json_option, lang_option, print_answer
from kg.cli._progress import progress_bars
from kg.config import FOLLOWED, Config
from kg.messages.message import Message
from kg.travel.pull import PullAnswer, pull_release
from kg.travel.storage import open_storage


@click.command()
@click.argument("url", envvar=FOLLOWED)
@lang_option
@json_option
@click.pass_obj
def pull(config: Config, url: str, lang: str, as_json: bool) -> None:
    """Take the release that a storage offers, and make it the current one.

    URL is where `gyebo publish` sent it; without one, what GYEBO_FROM says. Every byte is compared with its checksum as
    it comes; what breaks off goes on when it is called again, and until all is there what was current stays so.

    gyebo pull https://example.org/gyebo
    """
    storage = open_storage(url)
    with progress_bars(plain=False) as bars:
        answer = pull_release(
            config.home,
            storage,
            watch=lambda size: bars.watch_bytes("pull", size),
            wait=lambda told: click.echo(f"gyebo: {told.text(lang)}", err=True),
            trusted=config.trusted_key,
        )
    print_answer(answer, as_json, lambda: _pulled(answer).text(lang))


def _pulled(answer: PullAnswer) -> Message:
    if not answer.switched and not answer.fetched:
        return Message(
            "release %(version)s of %(place)s is here already, whole, as snapshot %(name)s",
            version=answer.version,
            place=answer.place,
            name=answer.snapshot,
        )
    return Message(
        "release %(version)s of %(place)s is snapshot %(name)s: %(fetched)s bytes came, %(kept)s were here",
        version=answer.version,
        place=answer.place,
        name=answer.snapshot,
        fetched=answer.fetched_bytes,
        kept=answer.kept_bytes,
    )
