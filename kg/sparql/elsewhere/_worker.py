"""The query process of a server elsewhere: `python -m kg.sparql.elsewhere._worker`, as kg/sparql/_worker.py.

A query is screened and parsed here as one of the store is, so that the same queries are taken and refused, with the
same places. What is sent says all of its names; what comes back is read and written anew in the form that was asked
for, under the same caps.
"""

from __future__ import annotations

import contextlib
import sys
from contextlib import closing
from functools import partial
from typing import Any

import msgspec
import pyoxigraph as ox

from kg.messages.message import Message, pack_message
from kg.sparql._protocol import WireMessage
from kg.sparql._rewrite import expand_graphs, name_columns
from kg.sparql._tokens import tokens
from kg.sparql._worker import answer_request, engine_options, graph_names, kind_of, main
from kg.sparql.elsewhere._link import ServerFailed, ServerLink, no_results
from kg.sparql.elsewhere._portable import portable
from kg.sparql.elsewhere.endpoint import Endpoint, ServerDataset
from kg.sparql.screen import Screened

NO_GRAPH = "urn:x-gyebo:none"  # there is no such graph


def answer_elsewhere(store: ox.Store, received: WireMessage) -> WireMessage:
    """Screen one query, put it to the server, and write what that answers.

    Args:
        store: of the release; its graphs are those of the server.
        received: what was asked, with a connection to the server.
    """
    assert received.file, "a query for a server elsewhere comes with a connection"
    server = msgspec.convert(received.head["server"], Endpoint)
    with received.file, closing(ServerLink(received.file, server)) as link:
        try:
            answer = answer_request(store, received, partial(_run, link, server))
        except ServerFailed as error:
            return _failed(error)
        except SyntaxError as error:  # of what the server sent
            return _failed(no_results(error))
    if link.most and answer.head.get("rows", 0) >= link.most:
        return WireMessage({"error": "large", "limit": link.most, "unit": "rows"})
    return answer


def _failed(error: ServerFailed) -> WireMessage:
    if error.wait:
        away = Message("the SPARQL server behind this site did not answer: %(why)s", why=error.why)
        return WireMessage({"error": "server", "message": pack_message(away), "wait": error.wait})
    told = Message("the SPARQL server did not finish: %(why)s", why=error.why)
    return WireMessage({"error": "failed", "message": pack_message(told)})


def _run(
    link: ServerLink,
    server: Endpoint,
    store: ox.Store,
    received: WireMessage,
    screened: Screened,
) -> Any:
    query, options = received.head["query"], engine_options(received.head)
    planned: Any = ox.Store().query(query, **options)  # of no data: tells columns and mistakes
    if screened.star:
        query = name_columns(query, {variable.value for variable in planned.variables})
    if screened.scopes:
        with contextlib.suppress(SyntaxError):  # then as it is written
            longer = expand_graphs(query, graph_names(store, options))
            ox.Store().query(longer, **options)
            query = longer
    sent = portable(query, received.head["base"])
    dataset = _dataset(server, store, received.head, query, screened)
    return link.ask(server.form(sent, dataset), screened.kind or kind_of(planned))


def _dataset(
    server: Endpoint, store: ox.Store, request: dict[str, Any], query: str, screened: Screened
) -> ServerDataset | None:
    """The graphs of a query: those of the request, else of the query, else the release's.

    A server that is told which graph is the default graph has no named graphs unless they are named too.
    """
    default, named = request["default_graphs"], request["named_graphs"]
    if default or named:
        return ServerDataset(default, named or _none(server))
    if any(token.upper == "FROM" for token in tokens(query)):
        return ServerDataset()
    if not server.default_graphs or server.names_graphs or not screened.scopes:
        return None  # as its address says
    graphs = [g.value for g in store.named_graphs() if isinstance(g, ox.NamedNode)]
    return ServerDataset(server.default_graphs, graphs or _none(server))


def _none(server: Endpoint) -> list[str]:
    """What says that no named graph is meant: to Virtuoso, where none is named, all are."""
    return [NO_GRAPH] if server.default_graphs else []


if __name__ == "__main__":
    main(sys.argv[1:], answer_elsewhere)
