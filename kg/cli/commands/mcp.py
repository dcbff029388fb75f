"""`gyebo mcp`: the answers as tools for agents."""

from __future__ import annotations

import click

from kg.cli._options import lang_option
from kg.config import Config
from kg.errors import InputError, NotInstalled
from kg.messages.message import Message


@click.command("mcp")
@click.option(
    "--http",
    metavar="HOST:PORT",
    help="Serve streamable HTTP there instead of standard input and output; a port alone is one of this machine.",
)
@click.option(
    "--allow-host",
    "names",
    multiple=True,
    metavar="NAME",
    help="With --http: a further name by which clients reach this machine; may be repeated.",
)
@lang_option
@click.pass_obj
def mcp(config: Config, http: str | None, names: tuple[str, ...], lang: str) -> None:
    """Answer agents over the Model Context Protocol: search, show, lineage, license, compare,
    query, scan, changes.

    It only reads. An agent starts it itself, by standard input and output; docs/mcp.md has the settings of common
    clients. Over HTTP it listens to this machine, unless told otherwise:

        gyebo mcp --http 127.0.0.1:8765
    """
    if names and not http:
        raise InputError(Message("--allow-host is of --http"))
    try:
        from kg.agents import serving  # brings a server of its own, which no other command needs
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith(("mcp", "uvicorn", "starlette", "anyio")):
            raise
        raise NotInstalled(Message("tools for agents"), "mcp") from error
    if http is None:
        serving.serve_stdio(config, lang)
        return
    at = serving.read_listening(http)
    told = Message(
        "Gyebo's tools are on %(address)s (stop with Ctrl-C)",
        address=f"http://{at.address}:{at.port}{serving.PATH}",
    )
    serving.serve_http(config, lang, at, names, lambda: click.echo(told.text(lang), err=True))
