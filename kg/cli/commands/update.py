"""`gyebo update`: the sources read again, then a build; the terminal's side of kg/ingest/update.py."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from kg.answers.contract import to_json
from kg.build.build import Built
from kg.cli import _text as display
from kg.cli._building import build_shown
from kg.cli._options import data_option, json_option, lang_option
from kg.cli._progress import progress_bars
from kg.cli.commands.ingest import complete_sources
from kg.config import Config
from kg.errors import KGError
from kg.ingest.curated.licenses import read_terms
from kg.ingest.update import UpdateTask, failed, plan_update, read_again
from kg.language.numbers import number
from kg.licenses.terms import Terms
from kg.licenses.wording import why
from kg.messages.message import Message
from kg.paths import DATA
from kg.work.workers import count_processes

SOME_FAILED = 3  # exit code: the rest was read, and the build was made


class UpdatedSource(msgspec.Struct, frozen=True, kw_only=True):
    """One run of an update."""

    run: str
    source: str
    where: str
    state: str
    last: str  # ISO date it was last read; "" = never
    shipped: str  # ISO date of what comes with the program as long as it is not read; "" = nothing
    license: str  # id; "" = it names none
    note: str  # what the license asks
    bytes: int  # of what was fetched last; 0 = not known
    counts: dict[str, int]
    why: str  # it is left out, or it failed


class UpdateAnswer(msgspec.Struct, frozen=True):
    """The answer of `gyebo update --json`."""

    sources: list[UpdatedSource]
    snapshot: str = ""  # version of the snapshot that was built or is up to date
    built: bool = False


@click.command("update")
@click.argument("names", metavar="[SOURCE]…", nargs=-1, shell_complete=complete_sources)
@click.option("--list", "listed", is_flag=True, help="Say what would be read, and end.")
@click.option("--no-build", is_flag=True, help="Leave the build to `gyebo build`.")
@data_option
@lang_option
@json_option
@click.pass_context
def update_command(
    ctx: click.Context,
    names: tuple[str, ...],
    listed: bool,
    no_build: bool,
    data: Path | None,
    lang: str,
    as_json: bool,
) -> None:
    """Read the sources again, each with its license told, and build.

    What was ingested is read again from where it came, and what has an address and a license is
    fetched even if it never was; SOURCE is the name of a source or of a run. What has not changed
    is not fetched again, what failed keeps the run it had.

    Exit codes: 0 done, 3 some sources failed and the rest was built, 1 all failed.
    """
    config: Config = ctx.obj
    folder = data or DATA
    tasks = plan_update(config.home, names, folder)
    terms = read_terms(folder)
    if listed:
        answer = UpdateAnswer([_answer(task, terms, lang) for task in tasks])
        click.echo(to_json(answer) if as_json else _list(tasks, terms, lang), nl=not as_json)
        return
    done = _read_all(config, tasks, folder, terms, lang, as_json)
    bad = failed(done)
    nothing = bool(bad) and not any(task.state in ("read", "unchanged") for task in done)
    try:
        built = None if nothing or no_build else build_shown(config, folder)
    except KGError:  # told after what failed before it
        if not as_json:
            _tell(done, None, lang)
        raise
    if as_json:
        click.echo(to_json(_whole_answer(done, built, terms, lang)), nl=False)
    else:
        _tell(done, built, lang)
    ctx.exit(1 if nothing else SOME_FAILED if bad else 0)


def _read_all(
    config: Config, tasks: Sequence[UpdateTask], data: Path, terms: Terms, lang: str, quiet: bool
) -> list[UpdateTask]:
    """Do the tasks one by one; each is told with its license before it is read."""
    done = []
    for task in tasks:
        if task.state == "waiting" and not quiet:
            click.echo(_head(task, terms, lang))
        with progress_bars(plain=False) as bars:
            processes = count_processes(config.build_workers)
            done.append(read_again(config.home, task, data, bars.watch_bytes, processes=processes))
        if not quiet and done[-1].state in ("read", "unchanged"):
            click.echo("  " + _outcome(done[-1], lang))
    return done


def _head(task: UpdateTask, terms: Terms, lang: str) -> str:
    return ": ".join(filter(None, (task.run, license_note(task, terms, lang))))


def license_note(task: UpdateTask, terms: Terms, lang: str) -> str:
    """Under which license a source's data is, and what that asks of who passes it on; "" of own files."""
    if task.origin.path:
        return ""
    if not task.license:
        return Message("its data names no license").text(lang)
    license = terms.license(task.license)
    clauses = [(terms.kinds[clause.kind], clause) for clause in license.clauses]
    asks = [why(kind, clause, lang) for kind, clause in clauses if kind.group == "paperwork"]
    named = license.label.get(lang) or license.label.get("en") or license.key
    return " ".join(
        (Message("data under %(license)s.", license=named).text(lang), *dict.fromkeys(asks))
    )


def _outcome(task: UpdateTask, lang: str) -> str:
    claims = task.counts["claims"]
    if task.state == "unchanged":
        return Message("unchanged: %(num)s claims", num=claims).text(lang)
    return Message("read: %(num)s claims", num=claims).text(lang)


def _tell(done: Sequence[UpdateTask], built: Built | None, lang: str) -> None:
    """What was left out, what the build made, and at the end what failed, a line each."""
    for task in done:
        if task.state == "left-out":
            line = Message("%(run)s is left out: %(why)s", run=task.run, why=task.why)
            click.echo(line.text(lang))
    if built:
        click.echo(display.built(built))
    for task in failed(done):
        line = Message("%(run)s failed: %(why)s", run=task.run, why=task.why)
        if task.last:
            line = Message("%(line)s; the run of %(date)s stays", line=line, date=task.last)
        elif task.shipped:
            line = Message("%(line)s; what comes with Gyebo stays", line=line)
        click.echo(" ".join(line.text(lang).split()), err=True)


def _list(tasks: Sequence[UpdateTask], terms: Terms, lang: str) -> str:
    """A block for each task: when it was read last, from where, how large it is, its license."""
    lines = []
    for task in tasks:
        read = Message("never read")
        if task.last:
            read = Message("read %(date)s", date=task.last)
        elif task.shipped:
            read = Message("comes with Gyebo, as of %(date)s", date=task.shipped)
        size = f"{number(round(task.size / 1e6, 1), lang)} MB" if task.size else ""
        lines.append("  ".join(filter(None, (task.run, read.text(lang), task.where, size))))
        note = task.why.text(lang) if task.why else license_note(task, terms, lang)
        lines += [f"    {note}"] if note else []
    return "\n".join(lines)


def _whole_answer(
    done: Sequence[UpdateTask], built: Built | None, terms: Terms, lang: str
) -> UpdateAnswer:
    sources = [_answer(task, terms, lang) for task in done]
    if built is None:
        return UpdateAnswer(sources)
    return UpdateAnswer(sources, built.manifest.version, bool(built.seconds))


def _answer(task: UpdateTask, terms: Terms, lang: str) -> UpdatedSource:
    return UpdatedSource(
        run=task.run,
        source=task.source,
        where=task.where,
        state=task.state,
        last=task.last,
        shipped=task.shipped,
        license=task.license,
        note=license_note(task, terms, lang),
        bytes=task.size,
        counts=task.counts,
        why=task.why.text(lang) if task.why else "",
    )
