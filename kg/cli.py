"""The command line: each command is one call, printed for people or, with --json, for programs.

Exit codes: 0 done · 2 bad input · 1 failure (a failed check or build, a timeout); `license` adds 3
and 4. Only the module of the command that is asked for is loaded: all of them take seconds.
"""

from __future__ import annotations

import sys
from difflib import get_close_matches
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from kg.config import load_config
from kg.errors import InputError, KGError

# Where each command stands in kg/commands, as module:name.
COMMANDS = {
    "build": "build:build",
    "changes": "changes:changes_command",
    "check": "build:check",
    "export": "export:export",
    "ingest": "ingest:ingest_command",
    "judge": "judge:judge_command",
    "license": "license:license",
    "lineage": "lineage:lineage",
    "query": "query:query",
    "runs": "ingest:runs_command",
    "search": "search:search",
    "serve": "serve:serve",
    "show": "show:show",
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
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"kg.commands.{module}"), name)
        return command

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
            click.echo(f"gyebo: {error}", err=True)
            ctx.exit(2 if isinstance(error, InputError) else 1)
        except BrokenPipeError:  # the reader, such as `head`, has seen enough
            sys.stderr.close()
            ctx.exit(0)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("gyebo"), prog_name="gyebo")
@click.option("--home", type=click.Path(path_type=Path), help="Folder for runs and snapshots.")
@click.option("--base", help="Start of every entity IRI, used by build.")
@click.pass_context
def main(ctx: click.Context, home: Path | None, base: str | None) -> None:
    """Gyebo (계보): what a language model is, where it comes from, what you may do with it."""
    ctx.obj = load_config(home=home, base=base)


if __name__ == "__main__":
    main()
