"""`gyebo publish`."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli._options import json_option, lang_option, print_answer, with_snapshot
from kg.cli._progress import progress_bars
from kg.errors import InputError
from kg.messages.message import Message
from kg.snapshot.graph_file import open_graph
from kg.snapshot.snapshot import Snapshot


@click.command()
@click.option(
    "--sparql",
    "server",
    metavar="BASE-URL",
    envvar="GYEBO_PUBLISH_SPARQL",
    show_envvar=True,
    help="Load the release into a SPARQL server; a user and password may stand in the address.",
)
@click.option(
    "--bulk",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write N-Quads with the mark of the release for a server's own loader (.nq or .nq.gz).",
)
@lang_option
@json_option
@with_snapshot
def publish(
    snapshot: Snapshot, server: str | None, bulk: Path | None, lang: str, as_json: bool
) -> None:
    """Hand the release on: load it into a SPARQL server, for GYEBO_SPARQL_URL.

    The server's graphs of a release before are replaced, one after the other, and counted; the mark of the release comes
    last, and until then sites that ask this server say that it does not hold it yet. Oxigraph, Apache Jena Fuseki and
    Virtuoso are known by their addresses; --bulk is for the loaders of all others, and for large releases.

        gyebo publish --sparql http://127.0.0.1:7878

        gyebo publish --bulk gyebo.nq.gz

    Exit codes: 0 done, 1 the server did not take it, 2 what is said cannot be used.
    """
    if bool(server) == bool(bulk):
        raise InputError(
            Message("say where to: --sparql http://127.0.0.1:7878, or --bulk gyebo.nq.gz")
        )
    # Loads a client of HTTP, which no other command needs.
    from kg.sparql.elsewhere.endpoint import read_endpoint
    from kg.sparql.elsewhere.load import ReleaseFacts, load_release, write_bulk

    manifest = snapshot.manifest
    told = ReleaseFacts(base=manifest.base, version=manifest.version)
    if bulk:
        with open_graph(snapshot.folder) as nquads:
            written = write_bulk(nquads, told, bulk)
        wrote = Message(
            "%(path)s: release %(version)s, %(quads)s triples of all graphs and the mark",
            path=bulk,
            version=written.version,
            quads=written.quads,
        )
        print_answer(written, as_json, lambda: wrote.text(lang))
        return
    address = read_endpoint(server or "")
    with open_graph(snapshot.folder) as nquads, progress_bars(not as_json) as bars:
        size = manifest.files["graph.nq"].bytes
        watch = bars.watch_bytes(address.shown, size)
        answer = load_release(nquads, told, address, watch)
    done = Message(
        "%(server)s holds release %(version)s: %(quads)s triples, %(graphs)s graphs beside the default graph\n"
        "GYEBO_SPARQL_URL=%(url)s",
        server=answer.server,
        version=answer.version,
        quads=answer.quads,
        graphs=answer.graphs,
        url=answer.sparql_url,
    )
    print_answer(answer, as_json, lambda: done.text(lang))
