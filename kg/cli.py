"""The command line: each command is one call, printed for people or, with --json, for programs.

Exit codes: 0 done · 2 bad input · 1 failure (a failed check or build, a timeout); `license` adds 3
and 4.
"""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import IO, get_args

import click

from kg import answers, display, search_answer
from kg.ask import ask, lone_pool
from kg.branches import branches
from kg.build import build as run_build
from kg.build import check as run_check
from kg.changes_display import command as changes
from kg.clauses import Order
from kg.config import Config, load_config
from kg.contract import Direction, EdgeChoice, to_json
from kg.errors import InputError, NoSnapshot, WrongFormat
from kg.export_command import export
from kg.ingest_command import ingest_command, runs_command
from kg.judge_command import judge_command
from kg.kinship import Where, kin
from kg.license_gate import REPORTS, profile_options, report
from kg.license_gate import ask as ask_license
from kg.license_report import FAIL_ON, exit_code
from kg.options import (
    Commands,
    checked_date,
    json_option,
    known_kinds,
    lang_option,
    print_answer,
    read_text,
    with_snapshot,
)
from kg.outfile import write_file
from kg.profile import Profile
from kg.reader import Snapshot
from kg.sparql import GRAPHS, RESULTS
from kg.terms import Use, Verdict
from kg.treefiles import FILES, family_file
from kg.verdicts import code_of

_LINES = 100  # nodes of a printed tree


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("gyebo"), prog_name="gyebo")
@click.option("--home", type=click.Path(path_type=Path), help="Folder for runs and snapshots.")
@click.option("--base", help="Start of every entity IRI, used by build.")
@click.pass_context
def main(ctx: click.Context, home: Path | None, base: str | None) -> None:
    """Gyebo (계보): what a language model is, where it comes from, what you may do with it."""
    ctx.obj = load_config(home=home, base=base)


main.add_command(changes)


@main.command()
@click.option("--force", is_flag=True, help="Build even if nothing has changed.")
@click.option("--no-wait", is_flag=True, help="Fail if another build is running.")
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="Another data folder.")  # fmt: skip
@json_option
@click.pass_obj
def build(config: Config, force: bool, no_wait: bool, data: Path | None, as_json: bool) -> None:
    """Build a snapshot from data and claim runs, and publish it."""
    options = {"data": data} if data else {}
    with display.stages(sys.stderr) as stage:
        done = run_build(config, force=force, wait=not no_wait, stage=stage, **options)
    print_answer(done.manifest, as_json, lambda: display.built(done))


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", type=click.IntRange(1), help="Server processes.")
@click.pass_context
def serve(ctx: click.Context, host: str, port: int, workers: int | None) -> None:
    """Serve the site; build first if there is no snapshot this program can read."""
    config: Config = ctx.obj
    try:
        Snapshot.current(config.home).close()
    except (NoSnapshot, WrongFormat):
        ctx.invoke(build)
    environ = os.environ | {"GYEBO_HOME": str(config.home), "GYEBO_BASE": config.base}
    threads = config.sparql_workers + config.sparql_queue + 4  # waiting queries leave some free
    command = [sys.executable, "-m", "gunicorn", "--bind", f"{host}:{port}",
               "--workers", str(workers or config.workers), "--threads", str(threads),
               "--worker-class", "web.server.Worker", "--no-control-socket",
               "--forwarded-allow-ips", "", "--logger-class", "web.log.Logger",  # see web/proxy.py
               *(("--access-logfile", "-") if config.log == "json" else ()),
               "web:create_app()"]  # fmt: skip
    under = config.prefix if config.prefix.startswith("/") else ""
    click.echo(f"Gyebo is on http://{host}:{port}{under}/ (stop with Ctrl-C)", err=True)
    os.execve(sys.executable, command, environ)  # so that signals reach the server itself


@main.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--limit", default=10, show_default=True, type=click.IntRange(0, 1000))
@click.option("--filter", "filters", multiple=True, metavar="FIELD:VALUE",
              help="As in the search box: org:meta, params:7b..13b; may be repeated.")  # fmt: skip
@click.option("--kind", "kinds", multiple=True, help="Only this kind; may be repeated.")
@click.option("--sort", "order", default="relevance", show_default=True,
              type=click.Choice(get_args(Order)), help="The greatest or newest first.")  # fmt: skip
@click.option("--cursor", default="", help="`next` of the answer before, for the hits that follow.")
@lang_option
@json_option
@with_snapshot
def search(snapshot: Snapshot, text: tuple[str, ...], limit: int, filters: tuple[str, ...],
           kinds: tuple[str, ...], order: Order, cursor: str, lang: str, as_json: bool
           ) -> None:  # fmt: skip
    """Find models, families, datasets, organizations … by words, Korean or English.

    TEXT may hold "phrases", -words, a OR b, and filters such as org:meta or params:7b..13b.
    """
    known_kinds(snapshot, kinds)
    answer = search_answer.search(snapshot, " ".join((*text, *filters)), limit, kinds=kinds,
                                  lang=lang, order=order, cursor=cursor)  # fmt: skip
    print_answer(answer, as_json, lambda: display.hits(answer))


@main.command()
@click.argument("id")
@lang_option
@json_option
@with_snapshot
def show(snapshot: Snapshot, id: str, lang: str, as_json: bool) -> None:
    """Show everything known of an entity: facts, who says what, where they disagree."""
    answer = answers.show(snapshot, snapshot.find(id), lang)
    print_answer(answer, as_json, lambda: display.entity(answer, snapshot.vocabulary, lang))


@main.command()
@click.argument("id")
@click.option("--direction", type=click.Choice(get_args(Direction)), default="both",
              show_default=True, help="Ancestors, descendants or both.")  # fmt: skip
@click.option("--edges", type=click.Choice(get_args(EdgeChoice)), default="weights",
              show_default=True, help="Who took whose weights; who learned from whose text "
              "(training data and distillation); or all of that.")  # fmt: skip
@click.option("--depth", type=click.IntRange(0), help="Most steps from ID.")
@click.option("--kind", "kinds", multiple=True, help="Only this kind; may be repeated.")
@click.option("--since", metavar="DATE", default="", callback=checked_date,
              help="Only what was released then or later: 2023, 2023-03 or 2023-03-13.")  # fmt: skip
@click.option("--until", metavar="DATE", default="", callback=checked_date,
              help="Only what was released by then.")  # fmt: skip
@click.option("--verdict", "verdicts", multiple=True, type=click.Choice(get_args(Verdict)),
              help="Only what may be used commercially so; may be repeated.")  # fmt: skip
@click.option("--limit", type=click.IntRange(0),
              help=f"Most nodes: with --json the nearest (default all), else the largest branches "
              f"(default {_LINES}).")  # fmt: skip
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Write the family, with all it comes from and all that comes from those, to a "
              f"file instead: .{' .'.join(FILES)}. Pictures show the largest branches (default "
              "60), the others all of it.")  # fmt: skip
@lang_option
@json_option
@with_snapshot
def lineage(snapshot: Snapshot, id: str, direction: Direction, edges: EdgeChoice,
            depth: int | None, kinds: tuple[str, ...], since: str, until: str,
            verdicts: tuple[Verdict, ...], limit: int | None,
            output: Path | None, lang: str, as_json: bool) -> None:  # fmt: skip
    """Show the family tree of a model, family or dataset; of an organization, of its models.

    Which models learned from text that OpenAI's models wrote?

        gyebo lineage org/openai --edges data --direction down
    """
    known_kinds(snapshot, kinds)
    id, where = (
        snapshot.find(id),
        Where(depth, frozenset(kinds), since, until, frozenset(map(code_of, verdicts))),
    )
    if output:
        if direction != "both" or where != Where(depth):
            raise InputError(
                "-o writes a whole family: only --depth, --limit and --edges narrow it"
            )
        body = family_file(snapshot, id, output.suffix, lang, limit, depth, edges != "weights")
        write_file(output, lambda out: out.write(body))
        return
    if as_json:
        answer = answers.lineage(snapshot, id, direction, edges, limit, lang, where)
        click.echo(to_json(answer), nl=False)
        return
    found = kin(snapshot, id, direction, edges, where)
    drawn = branches(snapshot, found, _LINES if limit is None else limit, lang)
    words = {p.name: p.words.get(lang, p.name) for p in snapshot.vocabulary.properties.values()}
    click.echo(display.tree(drawn, found, words, display.has_colors(sys.stdout, os.environ)))


@main.command("license")
@click.argument("id", required=False)
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Many at once: a file with one id a line.",
)
@click.option("--use", type=click.Choice(get_args(Use)), default="commercial", show_default=True)
@profile_options
@click.option("--format", "format", type=click.Choice(REPORTS), default="table", show_default=True)
@click.option("--fail-on", type=click.Choice(FAIL_ON), default="conditional", show_default=True,
              help="The mildest verdict that ends with 3 (prohibited) or 4 (any other).")  # fmt: skip
@lang_option
@json_option
@with_snapshot
def license_(snapshot: Snapshot, id: str | None, file: Path | None, use: Use, profile: Profile,
             format: str, fail_on: str, lang: str, as_json: bool) -> None:  # fmt: skip
    """Say what may be done with a model, with the clauses, the paths they came by, and the doubts.

    Exit codes: 0 allowed, 3 prohibited, 4 conditional, unknown or contested. Not legal advice.
    """
    asked = ask_license(snapshot, id, file, use, profile, lang)
    click.echo(report(asked, "json" if as_json else format, file, fail_on, lang))
    click.get_current_context().exit(exit_code([one.answer for one in asked], fail_on))


@main.command()
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option("--format", "format", type=click.Choice([*RESULTS, *GRAPHS]),
              help="Of the result; default json, or turtle for a graph.")  # fmt: skip
@json_option
@with_snapshot
def query(snapshot: Snapshot, file: IO[str], format: str | None, as_json: bool) -> None:
    """Run a SPARQL query from FILE, or from standard input with -."""
    config: Config = click.get_current_context().obj
    results = format if format in RESULTS else "json" if as_json or format else "tsv"
    graph = format if format in GRAPHS else "jsonld" if as_json else "turtle"
    with lone_pool(config) as pool:
        result = ask(pool, snapshot, read_text(file), results, graph)
    body = result.body
    _stdout().write(body + b"\n" * (body[-1:] != b"\n"))


def _stdout() -> IO[bytes]:
    return sys.stdout.buffer


@main.command()
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="Another data folder.")  # fmt: skip
@click.pass_obj
def check(config: Config, data: Path | None) -> None:
    """Check the data as a build does, without publishing anything."""
    options = {"data": data} if data else {}
    with display.stages(sys.stderr) as stage:
        checked = run_check(config, stage=stage, **options)
    click.echo(display.checked(checked))


main.add_command(export)
main.add_command(ingest_command)
main.add_command(runs_command)
main.add_command(judge_command)

if __name__ == "__main__":
    main()
