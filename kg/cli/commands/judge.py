"""`gyebo judge`: candidates listed, asked about one by one, or judged outright.

Judgements are lines of data/judgements.yaml in a checkout, where a review sees them; the next build
takes them up.
"""

from __future__ import annotations

import datetime as dt
import getpass
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import click
import msgspec

from kg.answers.contract import Ref, to_json
from kg.answers.judging import KINDS, waiting
from kg.answers.show import show
from kg.claims.candidates import Candidate
from kg.claims.judgements import FILE, append, in_force, line_of, read_judgements
from kg.cli._options import data_option, json_option, with_snapshot
from kg.cli._text import brief
from kg.errors import DataError, InputError
from kg.messages.message import Message, environment_language
from kg.model.claim import Judgement, is_id
from kg.paths import CHECKOUT, DATA
from kg.snapshot.snapshot import Snapshot

SHOWN = (
    "inFamily",
    "developer",
    "parameterCount",
    "releaseDate",
    "repositoryCreated",
    "revisionDate",
    "license",
    "derivedFrom",
    "fineTunedFrom",
    "hubId",
    "url",
    "description",
)


class Weighed(msgspec.Struct, frozen=True):
    """What speaks for or against a pair."""

    points: float
    text: str


class Pair(msgspec.Struct, frozen=True):
    """Two ids that may be the same."""

    score: float
    left: Ref
    right: Ref
    reasons: list[Weighed]


class Pairs(msgspec.Struct, frozen=True):
    """The answer of `gyebo judge --json`."""

    total: int
    candidates: list[Pair]


class Desk(NamedTuple):
    """Where judgements are written, and by whom."""

    file: Path
    author: str

    def write(self, left: str, right: str, same: bool, reason: str) -> Judgement:
        """Append one judgement."""
        date = dt.date.today().isoformat()
        judged = Judgement(
            left=left, right=right, same=same, author=self.author, date=date, reason=reason
        )
        append(self.file, [judged])
        return judged


@click.command("judge")
@click.argument("ids", nargs=-1, metavar="[ID ID]")
@click.option("--same/--different", "same", default=None, help="What ID and ID are.")
@click.option("--reason", help="Why; other people will read it.")
@click.option("--author", help="Who judges; default git's user.name, else the login name.")
@click.option("--ask", is_flag=True, help="Ask about each candidate on the terminal.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1))
@click.option(
    "--min-score",
    "floor",
    default=0.5,
    show_default=True,
    type=click.FloatRange(0, 1),
    help="Least score; from 0.6 on about nine in ten are the same.",
)
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(KINDS),
    help="Only this kind; may be repeated.",
)
@data_option
@json_option
@with_snapshot
def judge_command(
    snapshot: Snapshot,
    ids: tuple[str, ...],
    same: bool | None,
    reason: str | None,
    author: str | None,
    ask: bool,
    limit: int,
    floor: float,
    kinds: tuple[str, ...],
    data: Path | None,
    as_json: bool,
) -> None:
    """List ids that may name the same thing, and say whether they do.

    Without ids: the pairs of the snapshot that no judgement decides, best first. With two:

        gyebo judge model/alpaca-7b model/opening-up-chatgpt/stanford-alpaca --same --reason "…"

    A judgement is one line of data/judgements.yaml; delete the line to undo it, or judge the pair
    again. `gyebo build` takes it up.
    """
    folder = data or DATA
    if ids or ask:
        desk = Desk(_file(data), author or _author(folder))
    if ids:
        click.echo(_judge(snapshot, desk, ids, same, reason))
        return
    if same is not None or reason:
        raise InputError(
            Message("name the two ids that --same, --different and --reason are about")
        )
    judgements = read_judgements(folder / FILE)
    found = waiting(snapshot, judgements, kinds or KINDS, floor, None if ask else limit)
    if ask:
        _ask(snapshot, desk, found.candidates)
    elif as_json:
        pairs = [_pair(snapshot, candidate) for candidate in found.candidates]
        click.echo(to_json(Pairs(found.total, pairs)), nl=False)
    else:
        click.echo("\n".join(_listed(snapshot, found.candidates, found.total)))


def _file(data: Path | None) -> Path:
    if not data and not CHECKOUT:
        raise InputError(
            Message(
                "judgements are kept in a checkout: clone Gyebo's repository and run "
                "`gyebo judge` there, or name a data folder with --data"
            )
        )
    return (data or DATA) / FILE


def _author(folder: Path) -> str:
    """Git's user.name, else the login name."""
    command = ["git", "-C", str(folder), "config", "user.name"]
    try:
        name = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
        return name or getpass.getuser()
    except (OSError, KeyError) as error:
        raise InputError(Message("say who judges, with --author NAME")) from error


def _judge(
    snapshot: Snapshot, desk: Desk, ids: Sequence[str], same: bool | None, reason: str | None
) -> str:
    if len(ids) != 2:
        raise InputError(
            Message("judge two ids: gyebo judge ID ID --same|--different --reason TEXT")
        )
    if same is None or not (reason and reason.strip()):
        raise InputError(Message("say --same or --different, and why with --reason TEXT"))
    left, right = (_known(snapshot, id) for id in ids)
    before = {frozenset((j.left, j.right)): j for j in in_force(read_judgements(desk.file))}
    old = before.get(frozenset((left, right)))
    if old and old.same == same:
        raise InputError(
            Message("%(origin)s says so already: %(reason)s", origin=old.origin, reason=old.reason)
        )
    written = line_of(desk.write(left, right, same, reason))
    return "\n".join([written, f"written to {desk.file}; run `gyebo build` to take it up"])


def _known(snapshot: Snapshot, id: str) -> str:
    """An id as it stands, or that of what a user typed; an id that goes by another stays itself.

    Raises:
        UnknownId: the snapshot knows none.
    """
    if is_id(id) and (snapshot.lines.find(id) is not None or id in snapshot.redirects):
        return id
    return snapshot.find(id)


def _ask(snapshot: Snapshot, desk: Desk, candidates: Sequence[Candidate]) -> None:
    if not sys.stdin.isatty():
        raise InputError(
            Message("--ask needs a terminal; judge with --same or --different instead")
        )
    for number, candidate in enumerate(candidates, 1):
        click.echo(f"\n{number} of {len(candidates)}  score {candidate.score:.2f}")
        click.echo("\n".join(_sides(snapshot, candidate)))
        answer = click.prompt(
            "the same? yes, no, skip, quit", type=click.Choice(["y", "n", "s", "q"])
        )
        if answer == "q":
            break
        if answer != "s":
            _decide(desk, candidate, same=answer == "y")
    click.echo("run `gyebo build` to take the judgements up")


def _decide(desk: Desk, candidate: Candidate, same: bool) -> None:
    reason = click.prompt("why", default="; ".join(r.text for r in candidate.reasons))
    try:
        click.echo(line_of(desk.write(candidate.left, candidate.right, same, reason)))
    except DataError as error:  # it contradicts judgements of before: the next pair may not
        click.echo(error.message.text(environment_language()), err=True)


def _sides(snapshot: Snapshot, candidate: Candidate) -> Iterator[str]:
    for reason in candidate.reasons:
        yield f"  {reason.points:+.2f} {reason.text}"
    for id in (candidate.left, candidate.right):
        yield ""
        yield brief(show(snapshot, id), snapshot.vocabulary, SHOWN)


def _pair(snapshot: Snapshot, candidate: Candidate) -> Pair:
    left, right = (Ref(id, snapshot.label(id)) for id in (candidate.left, candidate.right))
    reasons = [Weighed(reason.points, reason.text) for reason in candidate.reasons]
    return Pair(candidate.score, left, right, reasons)


def _listed(snapshot: Snapshot, candidates: Sequence[Candidate], total: int) -> Iterator[str]:
    for one in candidates:
        names = " = ".join(snapshot.label(id) for id in (one.left, one.right))
        yield f"{one.score:.2f}  {one.left}  {one.right}\n      {names}: " + "; ".join(
            reason.text for reason in one.reasons
        )
    if not total:
        yield "nothing waits to be judged; --min-score 0.3 shows more"
    elif total > len(candidates):
        yield f"… and {total - len(candidates):,} more; --limit N shows them"
