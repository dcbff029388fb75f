"""`gyebo publish`."""

from __future__ import annotations

from pathlib import Path

import click
from click.core import ParameterSource

from kg.cli._options import json_option, lang_option, print_answer
from kg.cli._progress import progress_bars
from kg.config import Config
from kg.errors import InputError
from kg.files.progress import counted_lines
from kg.messages.message import Message
from kg.paths import DATA
from kg.snapshot.graph_file import open_graph
from kg.snapshot.snapshot import Snapshot


@click.command()
@click.argument("url", required=False)
@click.option("--again", is_flag=True, help="Send also what is there already, to mend it.")
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
@click.option(
    "--search",
    "cluster",
    metavar="URL",
    envvar="GYEBO_PUBLISH_SEARCH",
    show_envvar=True,
    help="Load the search index into an OpenSearch cluster; a user and password may stand in the address.",
)
@click.option(
    "--shards",
    default=1,
    show_default=True,
    type=click.IntRange(1, 1024),
    help="With --search: parts of the index that machines share.",
)
@click.option(
    "--copies",
    default=0,
    show_default=True,
    type=click.IntRange(0, 100),
    help="With --search: further copies of each part.",
)
@lang_option
@json_option
@click.pass_context
def publish(
    ctx: click.Context,
    *,
    url: str | None,
    again: bool,
    server: str | None,
    bulk: Path | None,
    cluster: str | None,
    shards: int,
    copies: int,
    lang: str,
    as_json: bool,
) -> None:
    """Hand the current release on: to a storage, from which other machines take it, or to a server that answers
    queries or searches.

    URL is a folder, https://host/folder (by WebDAV), s3://bucket/folder, or what else fsspec knows; docs/travel.md
    has them. Only what is not there yet is sent, and what breaks off goes on when it is called again. Passwords and
    tokens come from the environment.

    With --sparql the server's graphs of a release before are replaced, one after the other, and counted; the mark of
    the release comes last, and until then sites that ask this server (GYEBO_SPARQL_URL) say that it does not hold it
    yet. Oxigraph, Apache Jena Fuseki and Virtuoso are known by their addresses; --bulk is for the loaders of all
    others, and for large releases.

    gyebo publish s3://example/gyebo

    gyebo publish --sparql http://127.0.0.1:7878

    gyebo publish --bulk gyebo.nq.gz
    gyebo publish --search http://127.0.0.1:9200 --shards 4

    Exit codes: 0 done, 1 it was not taken, 2 what is said cannot be used.
    """
    said = [name for name in ("url", "server", "bulk", "cluster") if _is_said(ctx, name)]
    if said:  # what the environment says is for a call that says nothing
        server = server if "server" in said else None
        cluster = cluster if "cluster" in said else None
    if sum(map(bool, (url, server, bulk, cluster))) != 1:
        raise InputError(
            Message(
                "say one place: a storage such as s3://example/gyebo, --sparql http://127.0.0.1:7878, "
                "--bulk gyebo.nq.gz or --search http://127.0.0.1:9200"
            )
        )
    if again and not url:
        raise InputError(Message("--again is of a storage"))
    config: Config = ctx.obj
    if url:
        _send(config, url, again, lang, as_json)
        return
    with Snapshot.current(config.home) as snapshot:
        if bulk:
            _write_bulk(snapshot, bulk, lang, as_json)
        elif server:
            _load(snapshot, server, lang, as_json)
        elif cluster:
            _load_search(snapshot, cluster, (shards, copies), lang, as_json)


def _is_said(ctx: click.Context, name: str) -> bool:
    """Whether somebody wrote it into this call."""
    return ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE


def _send(config: Config, url: str, again: bool, lang: str, as_json: bool) -> None:
    # Loads a client of HTTP, as do the others here: each only when it is asked for.
    from kg.travel.publish import PublishAnswer, publish_release
    from kg.travel.storage import open_storage

    def told(answer: PublishAnswer) -> str:
        what = Message(
            "release %(version)s: %(files)s files, %(bytes)s bytes, of which %(sent)s bytes were sent",
            version=answer.version,
            files=answer.files,
            bytes=answer.bytes,
            sent=answer.sent_bytes,
        )
        if answer.switched:
            now = Message("%(what)s; %(place)s offers it now", what=what, place=answer.place)
            return now.text(lang)
        before = Message("%(what)s; %(place)s offered it already", what=what, place=answer.place)
        return before.text(lang)

    storage = open_storage(url)
    with progress_bars(plain=False) as bars:
        answer = publish_release(
            config.home,
            storage,
            again=again,
            watch=lambda size: bars.watch_bytes("publish", size),
            signing=config.signing_key,
        )
    print_answer(answer, as_json, lambda: told(answer))


def _write_bulk(snapshot: Snapshot, bulk: Path, lang: str, as_json: bool) -> None:
    from kg.sparql.elsewhere.load import ReleaseFacts, write_bulk

    manifest = snapshot.manifest
    facts = ReleaseFacts(base=manifest.base, version=manifest.version)
    with (
        progress_bars(not as_json) as bars,
        counted_lines(
            open_graph(snapshot.folder), bars.stage, "write", manifest.counts["quads"]
        ) as nquads,
    ):
        written = write_bulk(nquads, facts, bulk)
    wrote = Message(
        "%(path)s: release %(version)s, %(quads)s triples of all graphs and the mark",
        path=bulk,
        version=written.version,
        quads=written.quads,
    )
    print_answer(written, as_json, lambda: wrote.text(lang))


def _load(snapshot: Snapshot, server: str, lang: str, as_json: bool) -> None:
    from kg.sparql.elsewhere.endpoint import read_endpoint
    from kg.sparql.elsewhere.load import ReleaseFacts, load_release

    manifest, address = snapshot.manifest, read_endpoint(server)
    facts = ReleaseFacts(base=manifest.base, version=manifest.version)
    with open_graph(snapshot.folder) as nquads, progress_bars(not as_json) as bars:
        watch = bars.watch_bytes(address.shown, manifest.files["graph.nq"].bytes)
        answer = load_release(nquads, facts, address, watch)
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


def _load_search(
    snapshot: Snapshot, cluster: str, spread: tuple[int, int], lang: str, as_json: bool
) -> None:
    from kg.build.build import analyze_snapshot
    from kg.claims.accounts import read_accounts
    from kg.search.engines.elsewhere import LoadedIndex, index_name, load_index
    from kg.search.glossary import read_glossary

    name = index_name(snapshot.folder / "search", snapshot.manifest.version)
    shards, copies = spread
    with progress_bars(not as_json) as bars:
        glossary, accounts = read_glossary(DATA / "glossary.yaml"), read_accounts(DATA)
        parts, _ = analyze_snapshot(snapshot, glossary, accounts, bars.stage)
        docs = (doc for part in parts for doc in part.docs)
        held = load_index(docs, cluster, name, shards=shards, copies=copies)
    answer = LoadedIndex(version=snapshot.manifest.version, index=name, documents=held)
    done = Message(
        "index %(index)s of release %(version)s: %(documents)s documents",
        index=answer.index,
        version=answer.version,
        documents=answer.documents,
    )
    print_answer(answer, as_json, lambda: done.text(lang))
