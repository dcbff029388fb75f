"""The command line: each command is one call, printed for people or, with --json, for programs.

Exit codes: 0 done · 2 bad input · 1 failure (a failed check or build, a timeout); `license` and `scan` add 3
and 4, `watch` 4 (something changed), `update` 3 (some sources failed, the rest was built). Only the module of the command that is asked for is loaded: all of them take seconds.
"""

from __future__ import annotations

import sys
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import click
from click.shell_completion import CompletionItem

from kg.config import load_config
from kg.errors import InputError, KGError
from kg.messages.message import VARIABLE, Message, environment_language, reason_of
from kg.version import __version__


class Known(NamedTuple):
    """A command that is not loaded yet."""

    place: str  # in kg/cli/commands, as module:name
    help: str  # in the list of commands


COMMANDS = {
    "audit": Known(
        "audit:audit_command", "List models whose license says less than their ancestry."
    ),
    "backup": Known("backup:backup", "Write all that you made into one file."),
    "build": Known("build:build", "Build a snapshot from data and claim runs, and publish it."),
    "catalog": Known(
        "catalog:catalog_command", "List the facts that come with Gyebo, or make them anew."
    ),
    "changes": Known("changes:changes_command", "Say what changed since the release before."),
    "check": Known("build:check", "Check the data as a build does, without publishing."),
    "doctor": Known("doctor:doctor", "Say what is wrong with this installation, and what to do."),
    "document": Known(
        "document:document_command", "Draft a document that a law asks for, with what is known."
    ),
    "dump": Known("dump:dump", "Write the release as files to hand on, with what they are."),
    "export": Known("export:export", "Write the graph, or part of it, in a standard format."),
    "ingest": Known(
        "ingest:ingest_command", "Read a source and store what it says as a claim run."
    ),
    "judge": Known("judge:judge_command", "List ids that may name the same thing, and judge them."),
    "license": Known("license:license", "Say what may be done with a model, and why."),
    "lineage": Known("lineage:lineage", "Show the family tree of a model, family or dataset."),
    "mcp": Known("mcp:mcp", "Answer agents over the Model Context Protocol."),
    "notice": Known("notice:notice", "Write the NOTICE file of a model with its ancestry."),
    "prune": Known("prune:prune", "Delete from a storage what only older releases need."),
    "publish": Known(
        "publish:publish", "Send the current release to a storage or a SPARQL server."
    ),
    "pull": Known("pull:pull", "Take the release that a storage offers."),
    "query": Known("query:query", "Run a SPARQL query."),
    "restore": Known("backup:restore", "Put back what `gyebo backup` wrote."),
    "rollback": Known("verify:rollback", "Go back to the snapshot before."),
    "runs": Known("runs:runs_command", "List the claim runs that the next build will read."),
    "scan": Known("scan:scan_command", "Say which models a project uses, and what is allowed."),
    "search": Known("search:search", "Find models, families, datasets … in Korean or English."),
    "serve": Known("serve:serve", "Serve the site; build first if need be."),
    "show": Known("show:show", "Show everything known of an entity, and who says it."),
    "update": Known("update:update_command", "Read the sources again, and build."),
    "verify": Known("verify:verify", "Say whether the snapshot is whole, byte for byte."),
    "watch": Known("watch:watch_command", "Say what changed for the models that you use."),
}


class Commands(click.Group):
    """Loads a command when it is asked for; turns errors of ours into a line and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One command, by its name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].place.partition(":")
        command: click.Command = getattr(import_module(f"kg.cli.commands.{module}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, none of them loaded."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, known.help) for name, known in COMMANDS.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Commands and options that begin so, none of them loaded."""
        found = [
            CompletionItem(name, help=known.help)
            for name, known in COMMANDS.items()
            if name.startswith(incomplete)
        ]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """The command of some arguments; one that there is not is told with the nearest."""
        near = get_close_matches(args[0], COMMANDS, 1) if args[0] not in COMMANDS else []
        if near:
            ctx.fail(f"No such command {args[0]!r}; did you mean {near[0]!r}?")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except KGError as error:
            click.echo(f"gyebo: {error.message.text(_language(ctx))}", err=True)
            ctx.exit(2 if isinstance(error, InputError) else 1)
        except BrokenPipeError:  # the reader, such as `head`, has seen enough
            sys.stderr.close()
            ctx.exit(0)
        except OSError as error:  # a disk that is full, a folder that may not be written
            click.echo(f"gyebo: {_of_system(error).text(_language(ctx))}", err=True)
            ctx.exit(1)


def _of_system(error: OSError) -> Message:
    """What the system refused, and where."""
    why = reason_of(error)
    if error.filename is None:
        return why
    return Message("%(path)s: %(why)s", path=error.filename, why=why)


def _language(ctx: click.Context) -> str:
    """The language of errors: that of --lang where the command has it, else of the variable GYEBO_LANG."""
    return str(ctx.meta.get(VARIABLE) or environment_language())


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="gyebo")
@click.option("--home", type=click.Path(path_type=Path), help="Folder for runs and snapshots.")
@click.option("--base", help="Start of every entity IRI, used by build.")
@click.pass_context
def main(ctx: click.Context, home: Path | None, base: str | None) -> None:
    """Gyebo (계보): what a language model is, where it comes from, what you may do with it."""
    ctx.obj = load_config(home=home, base=base)
