"""What the commands share: options and the open snapshot."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import IO, Any

import click

from kg.answers.contract import to_json
from kg.answers.show import tell_missing
from kg.config import Config
from kg.errors import InputError, UnknownId
from kg.messages.message import LANGUAGES, VARIABLE, Message, environment_language
from kg.paths import DATA
from kg.snapshot.layout import Layout
from kg.snapshot.snapshot import Snapshot

Command = Callable[..., Any]
_LONGEST_TEXT = 16 << 20  # characters of a query, a card, a list of models
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


def json_option(command: Command) -> Command:
    """Add --json."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, as in kg/README.md.")(
        command
    )


def lang_option(command: Command, help: str = "Language of labels and messages.") -> Command:
    """Add --lang; its default is what the variable GYEBO_LANG says, else English."""
    return click.option(
        "--lang",
        type=click.Choice([*LANGUAGES]),
        default="en",
        show_default=True,
        envvar=VARIABLE,
        show_envvar=True,
        callback=_remember_language,
        help=help,
    )(command)


def _remember_language(ctx: click.Context, param: click.Parameter, lang: str) -> str:
    ctx.meta[VARIABLE] = lang  # shared with the contexts around it, which tell errors
    return lang


def data_option(command: Command) -> Command:
    """Add --data, by default the folder of this program."""
    folder = click.Path(exists=True, file_okay=False, path_type=Path)
    return click.option("--data", type=folder, help="Another data folder.")(command)


def build_option(command: Command) -> Command:
    """Add --build: the data that come with the program are built first, where they are not yet."""
    return click.option(
        "--build",
        is_flag=True,
        expose_value=False,
        callback=_build_first,
        help="Build first what comes with the program, if it is not built (as a hook on a new machine).",
    )(command)


def _build_first(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:
    if not wanted:
        return
    from kg.cli._building import build_shown  # loads what no answer needs

    config = ctx.find_object(Config)
    assert config is not None
    if not Layout(config.home).current.exists():
        first = Message("the first build takes about a minute; later ones only follow a change")
        click.echo(first.text(environment_language()), err=True)
    build_shown(config, DATA)


def with_snapshot(command: Command) -> Any:
    """Hand a command the current snapshot, and close it afterwards."""

    @click.pass_obj
    @wraps(command)
    def run(config: Config, *args: Any, **kwargs: Any) -> Any:
        with Snapshot.current(config.home) as snapshot:
            try:
                command(snapshot, *args, **kwargs)
            except UnknownId as error:
                raise tell_missing(snapshot, error, kwargs.get("lang", "en")) from error

    return run


def print_answer(answer: Any, as_json: bool, text: Callable[[], str]) -> None:
    """Print an answer as JSON or as text."""
    click.echo(to_json(answer).decode() if as_json else text(), nl=not as_json)


def known_kinds(snapshot: Snapshot, kinds: Iterable[str]) -> None:
    """Refuse a kind that there is not."""
    for kind in kinds:
        if kind not in snapshot.vocabulary.kinds:
            raise InputError(
                Message(
                    "unknown kind %(kind)r; known: %(known)s",
                    kind=kind,
                    known=snapshot.vocabulary.kinds,
                )
            )


def checked_date(ctx: click.Context, param: click.Parameter, text: str) -> str:
    """Refuse what is no date."""
    if text and not _DATE.fullmatch(text):
        raise click.BadParameter(f"{text!r} is not YYYY, YYYY-MM or YYYY-MM-DD")
    return text


def read_text(file: IO[str]) -> str:
    """The text of a file, without the mark that editors of Windows put before it.

    Raises:
        InputError: it is not UTF-8, or does not end within what a text of this kind can have.
    """
    try:
        text = file.read(_LONGEST_TEXT + 1)
    except UnicodeDecodeError as error:
        raise InputError(
            Message("%(name)s is not UTF-8 text: %(error)s", name=file.name, error=error)
        ) from error
    if len(text) > _LONGEST_TEXT:
        raise InputError(
            Message(
                "%(name)s has more than %(most)s characters: not read",
                name=file.name,
                most=f"{_LONGEST_TEXT:,}",
            )
        )
    return text.removeprefix("\ufeff")
