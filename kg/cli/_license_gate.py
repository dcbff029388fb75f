"""`gyebo license` without the terminal: which models are asked about, by whom, and the report on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

import click
import msgspec

from kg.answers.contract import to_json
from kg.answers.license import license_answer
from kg.cli._license_report import ListedAnswer, junit, read_models, sarif
from kg.cli._license_text import license_table, license_text
from kg.errors import InputError, UnknownId
from kg.licenses.profile import NOBODY, Profile, checked
from kg.licenses.profile_file import read_profile
from kg.licenses.terms import Use
from kg.messages.message import Message
from kg.snapshot.snapshot import Snapshot
from kg.version import __version__

REPORTS = ("table", "json", "sarif", "junit")
Command = Callable[..., Any]


def profile_options(command: Command) -> Command:
    """Give a command the options that say who asks, handed on as one `profile`."""

    @click.option(
        "--profile",
        "path",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Who asks, as a TOML, JSON or YAML file; the options below win over it.",
    )
    @click.option("--mau", type=click.IntRange(0), help="Monthly active users.")
    @click.option("--dau", type=click.IntRange(0), help="Daily active users.")
    @click.option("--revenue", type=click.FloatRange(0), help="US dollars a year.")
    @click.option("--country", help="Two letters, such as KR.")
    @click.option(
        "--competitor-of",
        multiple=True,
        metavar="ORG",
        help="You compete with this organization (its id, or `nobody`); may be repeated.",
    )
    @click.option("--name", help="Name under which the model is to be released.")
    @wraps(command)
    def run(
        *args: Any,
        path: Path | None,
        mau: int | None,
        dau: int | None,
        revenue: float | None,
        country: str | None,
        competitor_of: tuple[str, ...],
        name: str | None,
        **kwargs: Any,
    ) -> Any:
        base = read_profile(path) if path else NOBODY
        orgs = (
            tuple((o if "/" in o else f"org/{o}") for o in competitor_of if o != "nobody")
            if competitor_of
            else None
        )
        given = {
            "mau": mau,
            "dau": dau,
            "revenue": revenue,
            "country": country,
            "competitor_of": orgs,
            "name": name,
        }
        known = {key: value for key, value in given.items() if value is not None}
        return command(*args, profile=checked(msgspec.structs.replace(base, **known)), **kwargs)

    return run


def ask(
    snapshot: Snapshot, id: str | None, file: Path | None, use: Use, profile: Profile, lang: str
) -> list[ListedAnswer]:
    """Ask about one model or about every line of a file.

    Raises:
        InputError: neither or both are given, or something in the file is no model.
    """
    if (id is None) == (file is None):
        raise InputError(Message("give the id of a model, or --file with one id a line"))
    if file is None:
        return [
            ListedAnswer(1, license_answer(snapshot, snapshot.find(id or ""), use, profile, lang))
        ]
    asked = []
    for line, text in read_models(file):
        try:
            found = license_answer(snapshot, snapshot.find(text), use, profile, lang)
        except (UnknownId, InputError) as error:
            raise InputError(
                Message("%(file)s:%(line)d: %(what)s", file=file, line=line, what=error)
            ) from error
        asked.append(ListedAnswer(line, found))
    return asked


def report(
    asked: Sequence[ListedAnswer], format: str, file: Path | None, fail_on: str, lang: str
) -> str:
    """The answers in a format of REPORTS; one model as text or one JSON object, many as a list."""
    answers = [one.answer for one in asked]
    match format:
        case "json" if file is None:
            return to_json(answers[0]).decode().rstrip()
        case "json":
            return msgspec.json.format(msgspec.json.encode(answers), indent=2).decode()
        case "sarif":
            return sarif(asked, str(file or "models"), __version__)
        case "junit":
            return junit(asked, fail_on, lang)
    return license_text(answers[0], lang) if file is None else license_table(answers, lang)
