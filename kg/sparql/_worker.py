"""The query process: `python -m kg.sparql._worker DESCRIPTOR MEMORY_MB NICE STORE`, one query after another.

It imports little, so that a new one is ready quickly. Whatever a query does happens here: it is
screened, parsed, run and serialized behind a closed network (kg/sparql/_sandbox.py), and may crash.
"""

from __future__ import annotations

import contextlib
import gc
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from itertools import islice
from typing import IO, Any, TypeAlias, cast

import pyoxigraph as ox

from kg.errors import QueryError, UpdateRefused
from kg.messages.message import Message, pack_message, reason_of
from kg.model.media import RDF_FORMATS, RESULT_FORMATS
from kg.model.vocabulary import PREFIXES
from kg.sparql._memory import has_held
from kg.sparql._protocol import WireMessage, receive, send
from kg.sparql._result import ResultBuffer, TooLarge, rows_of
from kg.sparql._rewrite import MAX_GRAPHS, expand_graphs, name_columns
from kg.sparql._sandbox import confine, quiet, stop_after
from kg.sparql._syntax import engine_message, syntax_error
from kg.sparql.screen import Screened, screen

STACK = 512 * 2**20  # bytes; the parser goes a level deeper with every operator of a chain
_GRACE = 2.0  # seconds the caller has to stop a late query before it stops itself


# Runs a screened query: given the store of the release, what was asked, what the screen saw; gives what Oxigraph
# gives for a query, or reads from the results of another engine.
Run: TypeAlias = Callable[[ox.Store, WireMessage, Screened], Any]
Answer: TypeAlias = Callable[[ox.Store, WireMessage], WireMessage]


def answer_here(store: ox.Store, received: WireMessage) -> WireMessage:
    """Run one query on the store, and serialize what it gives."""
    return answer_request(store, received, _run)


def answer_request(store: ox.Store, received: WireMessage, run: Run) -> WireMessage:
    """Screen and run one query, and serialize what it gives.

    Args:
        store: of the release.
        received: what was asked.
        run: runs it; a SyntaxError of it is one of the query.

    Raises:
        SyntaxError: what `run` gave turned out to be no results, as they were read.
    """
    request = received.head
    try:
        screened = screen(request["query"])
        format = request["graph" if screened.kind == "graph" else "results"]
        if screened.kind and not format:
            return WireMessage({"error": "unacceptable", "kind": screened.kind})
        try:
            found = run(store, received, screened)
        except SyntaxError as error:
            return _wrong(syntax_error(str(error.msg or error), request["query"], _parse))
        return serialize(found, request, screened.volatile)
    except UpdateRefused as error:
        return WireMessage(
            {
                "error": "update",
                "keyword": error.keyword,
                "line": error.line,
                "column": error.column,
            }
        )
    except QueryError as error:
        return _wrong(error)
    except TooLarge as error:
        return WireMessage({"error": "large", "limit": error.limit, "unit": error.unit})
    except RuntimeError as error:  # of evaluation: an unknown function
        return _wrong(QueryError(engine_message(str(error))))
    except (OSError, ValueError) as error:
        return _failed(reason_of(error))


def _parse(text: str) -> str:
    """What Oxigraph says of a text; it holds no data that could answer it."""
    try:
        ox.Store().query(text, prefixes=PREFIXES, base_iri="http://example.org/")
    except SyntaxError as error:
        return str(error.msg or error)
    return ""


def _failed(why: Message) -> WireMessage:
    return WireMessage({"error": "failed", "message": pack_message(why)})


def _wrong(error: QueryError) -> WireMessage:
    return WireMessage(
        {
            "error": "query",
            "message": pack_message(error.what),
            "line": error.line,
            "column": error.column,
        }
    )


def _run(store: ox.Store, received: WireMessage, screened: Screened) -> Any:
    query, options = received.head["query"], engine_options(received.head)
    if screened.star or screened.scopes:
        planned: Any = ox.Store().query(query, **options)  # of no data: tells columns and mistakes
    if screened.star:
        query = name_columns(query, {variable.value for variable in planned.variables})
    if screened.scopes:
        with contextlib.suppress(SyntaxError):  # then as it is written
            return store.query(expand_graphs(query, graph_names(store, options)), **options)
    return store.query(query, **options)


def graph_names(store: ox.Store, options: dict[str, Any]) -> list[str]:
    """IRIs of the named graphs of a query's dataset, one more than are looked at if there are more."""
    graphs = options["named_graphs"] if "named_graphs" in options else store.named_graphs()
    return [g.value for g in islice(graphs, MAX_GRAPHS + 1) if isinstance(g, ox.NamedNode)]


def engine_options(request: dict[str, Any]) -> dict[str, Any]:
    """How Oxigraph is asked: prefixes, base and the dataset of the protocol.

    Raises:
        QueryError: a graph has no absolute IRI.
    """
    options: dict[str, Any] = {"prefixes": PREFIXES, "base_iri": request["base"] or None}
    default, named = request["default_graphs"], request["named_graphs"]
    if default or named:  # the protocol's dataset stands before the query's own
        options |= {"default_graph": _names(default), "named_graphs": _names(named)}
    return options


def _names(iris: list[str]) -> list[ox.NamedNode]:
    try:
        return [ox.NamedNode(iri) for iri in iris]
    except ValueError as error:
        raise QueryError(
            Message("a graph is named by an absolute IRI: %(error)s", error=error)
        ) from error


def serialize(found: Any, request: dict[str, Any], volatile: bool = False) -> WireMessage:
    """What a query gave, in the form and within the limits that were asked for.

    Args:
        found: what Oxigraph gave.
        request: what was asked.
        volatile: whether it may be another answer when it is asked again.

    Raises:
        TooLarge: it is longer.
    """
    kind, caps = kind_of(found), (request["bytes"], request["rows"])
    if kind == "graph":
        format, spool = request["graph"], ResultBuffer(caps[0])
        _write_graph(found, spool, format, caps[1])
    else:
        format = request["results"]
        spool = ResultBuffer(*caps, rows_of(format)) if kind == "select" else ResultBuffer(caps[0])
        engine = getattr(ox.QueryResultsFormat, RESULT_FORMATS[format].engine)
        found.serialize(_out(spool), engine)
    head = {"kind": kind, "format": format, "volatile": volatile}
    if kind == "select" and "server" in request:  # which may give so many at most
        head["rows"] = spool.rows
    return _message(head, spool, request["gzip"])


def kind_of(found: Any) -> str:
    """select, ask or graph, by what a query gave."""
    if isinstance(found, ox.QuerySolutions):
        return "select"
    return "ask" if isinstance(found, ox.QueryBoolean) else "graph"


def _write_graph(found: Any, spool: ResultBuffer, format: str, most: int) -> None:
    known = RDF_FORMATS[format]
    engine: ox.RdfFormat = getattr(ox.RdfFormat, known.engine)
    prefixes = PREFIXES if known.prefixes else None
    ox.serialize(islice(found, most), _out(spool), engine, prefixes=prefixes)
    if next(found, None) is not None:
        raise TooLarge(most, "triples")


def _out(spool: ResultBuffer) -> IO[bytes]:
    return cast(IO[bytes], spool)  # Oxigraph only writes


def _message(head: dict[str, Any], spool: ResultBuffer, gzip: bool) -> WireMessage:
    sent = spool.zipped() if gzip else spool
    data, file = sent.content()
    return WireMessage(head | {"gzip": sent is not spool, "size": sent.size}, data, file)


def serve(caller: socket.socket, memory_mb: int, path: str, answer: Answer) -> None:
    """Answer until the other side hangs up, or until too much memory was taken to go on."""
    stores: dict[str, ox.Store] = {}
    with contextlib.suppress(OSError):  # gone since: the first query names another
        stores[path] = ox.Store.read_only(path)
    with contextlib.suppress(EOFError, ConnectionError):
        send(caller, WireMessage({"ready": True}))
        while True:
            received = receive(caller)
            stop_after(received.head["seconds"] + _GRACE)
            message = _answered(stores, received, answer)
            stop_after(0)
            full = has_held(memory_mb / 2)
            send(caller, message._replace(head=message.head | {"last": full}))
            if message.file:
                message.file.close()
            if full:
                return


def _answered(stores: dict[str, ox.Store], received: WireMessage, answer: Answer) -> WireMessage:
    path = received.head["store"]
    try:
        if path not in stores:
            stores.clear()
            stores[path] = ox.Store.read_only(path)
    except OSError as error:
        return _failed(Message("the store cannot be read: %(why)s", why=reason_of(error)))
    return answer(stores[path], received)


def main(arguments: Sequence[str], answer: Answer) -> None:
    """Answer queries that come over an inherited socket.

    Args:
        arguments: as WorkerProcess gives them.
        answer: answers one.
    """
    descriptor, memory_mb, nice = map(int, arguments[:3])
    confine(memory_mb)
    quiet(nice)
    caller = socket.socket(fileno=descriptor)
    gc.freeze()  # what is loaded stays
    threading.stack_size(STACK)
    thread = threading.Thread(target=serve, args=(caller, memory_mb, arguments[3], answer))
    thread.start()
    thread.join()


if __name__ == "__main__":
    main(sys.argv[1:], answer_here)
