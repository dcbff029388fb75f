"""`gyebo ingest`: the terminal's side of kg/ingest/ingest.py."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import click
import msgspec
from click.shell_completion import CompletionItem

from kg.answers.local import LocalAnswer, local_answers
from kg.claims.runs import Run
from kg.cli._local_text import MANY, local_summary, local_text
from kg.cli._options import checked_date, json_option, lang_option, print_answer
from kg.cli._progress import progress_bars
from kg.cli._run_text import frequent_reasons, read_issues, run_text
from kg.config import Config
from kg.errors import InputError, SnapshotError
from kg.ingest.ingest import IngestRequest, ingest
from kg.ingest.kit.parents import classify
from kg.ingest.kit.source_record import SourceRecord, SourceRequest
from kg.ingest.origin import is_handed_in
from kg.ingest.registry import find_sources, load_source
from kg.messages.message import Message
from kg.snapshot.layout import Layout
from kg.snapshot.snapshot import Snapshot
from kg.work.workers import Start, count_processes, start_processes


def complete_sources(
    ctx: click.Context, param: click.Parameter, start: str
) -> list[CompletionItem]:
    """The sources that begin so."""
    return [
        CompletionItem(id, help=module.SOURCE.description["en"])
        for id, module in find_sources().items()
        if id.startswith(start)
    ]


@click.command("ingest")
@click.argument("source", required=False, shell_complete=complete_sources)
@click.argument("where", metavar="[PATH|URL|ID]…", nargs=-1)
@click.option("--name", default="", help="Of the run; default by source and path.")
@click.option(
    "--retrieved",
    metavar="DATE",
    default="",
    callback=checked_date,
    help="When the source said this, for old copies; default today.",
)
@click.option(
    "--author", default="", help="Of the Hub: only what this organization or user published."
)
@click.option("--limit", type=click.IntRange(1), help="Of the Hub: at most so many models.")
@click.option(
    "--all", "show_all", is_flag=True, help=f"Of more than {MANY} models show each, not a summary."
)
@click.option(
    "--vouch",
    is_flag=True,
    help="You vouch for the file or address: what it says counts as its source's own word.",
)
@click.option(
    "--scheduler",
    metavar="tcp://HOST:PORT",
    default="",
    help="Of the Hub: a Dask cluster that takes its files apart (docs/cluster.md).",
)
@click.option("--list", "listed", is_flag=True, help="List the sources and end.")
@lang_option
@json_option
@click.pass_obj
def ingest_command(
    config: Config,
    source: str | None,
    where: tuple[str, ...],
    name: str,
    retrieved: str,
    author: str,
    limit: int | None,
    show_all: bool,
    vouch: bool,
    scheduler: str,
    listed: bool,
    lang: str,
    as_json: bool,
) -> None:
    """Read a source and store what it says as a claim run; `gyebo build` takes it up.

    SOURCE is one of the names that --list shows. Without PATH or URL it is fetched from its home;
    only this and `gyebo update` ask another machine for anything. The source `hub` takes ids of
    models as well. `folder` and `card` show each model's family and what may be done with it, or a
    summary where there are many. A file or address is the word of whoever made it: what it says of a
    model that Gyebo's editors named is shown and changes nothing, unless you --vouch for it.
    """
    if listed:
        click.echo(_list(lang))
        return
    if not source:
        raise InputError(Message("name a source; `gyebo ingest --list` shows those there are"))
    record = load_source(source).SOURCE
    asked = _asked(record, where, SourceRequest((), author, limit or 0))._replace(
        name=name, retrieved=retrieved
    )
    with _sharing(config, scheduler) as (shared, start), progress_bars(plain=False) as bars:
        run = ingest(
            config.home,
            asked,
            watch=bars.watch_bytes,
            vouched=vouch,
            processes=count_processes(shared.build_workers),
            start=start,
        )
    if record.own_models:
        _print_local(config, run, lang, as_json=as_json, show_all=show_all)
    else:
        folder = Layout(config.home).runs / run.name
        print_answer(run, as_json, lambda: run_text(run, folder, lang) + _handed_text(run, lang))


@contextmanager
def _sharing(config: Config, scheduler: str) -> Iterator[tuple[Config, Start]]:
    """Who takes pieces apart: processes of this machine, or a cluster that was asked for by its address."""
    if not scheduler:
        yield config, start_processes
        return
    from kg.build.cluster import open_sharing  # loads what no other ingest needs

    with open_sharing(replace(config, scheduler=scheduler)) as sharing:
        yield sharing


def _handed_text(run: Run, lang: str) -> str:
    """What a run that was handed in does not do; "" of any other."""
    if not is_handed_in(run):
        return ""
    told = Message(
        "a file or address is the word of whoever made it: of what the editors named it is shown and changes "
        "nothing; --vouch lets it count as its source"
    )
    return f"\n{told.text(lang)}"


def _asked(source: SourceRecord, where: tuple[str, ...], wanted: SourceRequest) -> IngestRequest:
    """What the arguments ask for: of a source that is asked itself, what is no path is an id."""
    if wanted != SourceRequest() and (where or not source.live):
        raise InputError(Message("--author and --limit go with `gyebo ingest hub`, without a path"))
    ids = tuple(filter(None, map(_hub_id, where))) if source.live else ()
    if ids and len(ids) == len(where):
        return IngestRequest(source.id, wanted=wanted._replace(ids=ids))
    if len(where) > 1:
        raise InputError(Message("give one path or address at a time"))
    return IngestRequest(source.id, where[0] if where else "", wanted=wanted)


def _hub_id(text: str) -> str:
    """The Hub id that an argument is; "" if it is a path or the address of a file."""
    parent = classify(text)
    is_file = Path(text).exists() or text.endswith((".json", ".jsonl", ".gz", ".parquet"))
    return parent.value if parent.sort == "hub" and not is_file else ""


class LocalRun(Run, frozen=True):
    """A run on a user's own models, with what the current snapshot says of them."""

    models: list[LocalAnswer] = []
    note: str = ""


def _print_local(config: Config, run: Run, lang: str, *, as_json: bool, show_all: bool) -> None:
    fields = msgspec.structs.asdict(run)
    folder = Layout(config.home).runs / run.name
    try:
        snapshot = Snapshot.current(config.home)
    except SnapshotError as error:
        note = Message(
            "no family and no verdict: %(why)s, then ingest again", why=error.message
        ).text(lang)
        print_answer(
            LocalRun(**fields, note=note),
            as_json,
            lambda: f"{run_text(run, folder, lang)}\n\n{note}",
        )
        return
    with closing(snapshot):
        answers = local_answers(snapshot, folder / "claims.jsonl", lang)

        def text() -> str:
            if len(answers) > MANY and not show_all:
                reasons = frequent_reasons(read_issues(folder))
                return local_summary(answers, reasons, lang)
            return local_text(snapshot, answers, lang)

        print_answer(
            LocalRun(**fields, models=answers),
            as_json,
            lambda: f"{run_text(run, folder, lang)}\n\n{text()}",
        )


def _list(lang: str) -> str:
    known = find_sources()
    width = max(map(len, known))
    return "\n".join(
        f"{id:<{width}}  {m.SOURCE.description.get(lang) or m.SOURCE.description['en']}"
        for id, m in known.items()
    )
