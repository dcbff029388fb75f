"""Options of `gyebo license`: who asks, and a model that does not exist yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import IO, Any

import click
import msgspec

from kg.answers.advice.proposal import Proposal
from kg.cli._options import read_text
from kg.errors import InputError
from kg.licenses.profile import NOBODY, Profile, checked
from kg.licenses.profile_file import read_profile
from kg.messages.message import Message

Command = Callable[..., Any]


def profile_options(command: Command) -> Command:
    """Give a command the options that say who asks, handed on as `who`: profiles by their names."""

    @click.option(
        "--profile",
        "paths",
        multiple=True,
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Who asks, as a TOML, JSON or YAML file; the options below win over it. Several: side by side.",
    )
    @click.option("--mau", type=click.IntRange(0), help="Monthly active users.")
    @click.option("--dau", type=click.IntRange(0), help="Daily active users.")
    @click.option("--revenue", type=click.FloatRange(0), help="US dollars a year.")
    @click.option(
        "--country",
        "countries",
        multiple=True,
        help="By name or two letters: Korea, 한국, KR, EU. Several: side by side.",
    )
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
        paths: tuple[Path, ...],
        mau: int | None,
        dau: int | None,
        revenue: float | None,
        countries: tuple[str, ...],
        competitor_of: tuple[str, ...],
        name: str | None,
        **kwargs: Any,
    ) -> Any:
        orgs = (
            tuple((o if "/" in o else f"org/{o}") for o in competitor_of if o != "nobody")
            if competitor_of
            else None
        )
        given = {
            "mau": mau,
            "dau": dau,
            "revenue": revenue,
            "competitor_of": orgs,
            "name": name,
        }
        known = {key: value for key, value in given.items() if value is not None}
        return command(*args, who=_profiles(paths, countries, known), **kwargs)

    return run


def _profiles(
    paths: tuple[Path, ...], countries: tuple[str, ...], known: Mapping[str, Any]
) -> dict[str, Profile]:
    """Who asks: one, or one a country, or one a file.

    Raises:
        InputError: several of both.
    """
    if len(paths) > 1 and len(countries) > 1:
        raise InputError(Message("give several countries or several profiles, not both"))
    bases = {str(path): read_profile(path) for path in paths} or {"": NOBODY}
    found = {}
    for label, base in bases.items():
        for country in countries or (None,):
            more = {**known, "country": country} if country else known
            profile = checked(msgspec.structs.replace(base, **more))
            found[profile.country or "" if len(countries) > 1 else label] = profile
    return found


def what_if_options(command: Command) -> Command:
    """Give a command the options that describe a planned model, handed on as `proposal`; None without any."""

    @click.option(
        "--base",
        "bases",
        multiple=True,
        metavar="ID",
        help="What if: a model that a planned one is to derive from; an id, a name or an address on the Hub.",
    )
    @click.option(
        "--relation",
        default="",
        metavar="WORD",
        help="How it derives from --base: finetune, adapter, merge, quantized, distill …",
    )
    @click.option(
        "--data",
        "data",
        multiple=True,
        metavar="ID",
        help="What if: a dataset it is trained on.",
    )
    @click.option(
        "--outputs-of",
        multiple=True,
        metavar="ID",
        help="What if: a model that writes training data for it.",
    )
    @click.option(
        "--license",
        default="",
        metavar="LICENSE",
        help="What if: the license it is to carry, as an id or as the Hub writes it.",
    )
    @click.option(
        "--card",
        type=click.File(encoding="utf-8"),
        help="What if: a model card, README.md, instead of all these; - reads standard input.",
    )
    @wraps(command)
    def run(
        *args: Any,
        bases: tuple[str, ...],
        relation: str,
        data: tuple[str, ...],
        outputs_of: tuple[str, ...],
        license: str,
        card: IO[str] | None,
        **kwargs: Any,
    ) -> Any:
        proposal = Proposal(
            bases=bases,
            relation=relation,
            data=data,
            outputs_of=outputs_of,
            license=license,
            card=_card(card) if card else "",
        )
        return command(*args, proposal=None if proposal == Proposal() else proposal, **kwargs)

    return run


def _card(file: IO[str]) -> str:
    text = read_text(file)
    if not text.strip():
        raise InputError(Message("the card is empty"))
    return text
