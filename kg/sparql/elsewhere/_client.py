"""Short queries of our own put to a SPARQL server elsewhere: for its mark, and how much it holds."""

from __future__ import annotations

from contextlib import closing

import pyoxigraph as ox
import urllib3

from kg.files.patience import PatientPool, read_within
from kg.sparql.elsewhere._mark import ReleaseMark, mark_query, read_mark
from kg.sparql.elsewhere.endpoint import FORM, Endpoint, ServerDataset

CONNECT = 3.0  # seconds a connection may take
_MARK_SECONDS = 5.0
_MARK_BYTES = 65_536
_ROWS_SECONDS = 600.0  # to count a large graph takes long
_ROWS_BYTES = 64 << 20
_ACCEPT = "application/sparql-results+json"


class ServerClient:
    """Asks one server; safe to use from several threads.

    Args:
        server: its address.
        connections: how many may stay open.
    """

    def __init__(self, server: Endpoint, connections: int = 1) -> None:
        self._server = server
        self._http = PatientPool(retries=False, maxsize=connections)

    def ask(
        self, query: str, seconds: float, most: int, dataset: ServerDataset | None = None
    ) -> bytes:
        """The answer to a query, in JSON.

        Args:
            query: SPARQL, with all of its names.
            seconds: that the server may say nothing, and that its answer may take.
            most: bytes that an answer may have.
            dataset: the graphs it runs on; None = those of the server's address.

        Raises:
            ConnectionError: it did not answer, or with something else.
        """
        headers = {"Content-Type": FORM, "Accept": _ACCEPT, **self._server.headers}
        try:
            response = self._http.request(
                "POST",
                self._server.address,
                body=self._server.form(query, dataset),
                headers=headers,
                timeout=urllib3.Timeout(connect=CONNECT, read=seconds),
                redirect=False,
                preload_content=False,
            )
            with closing(response):  # of one that was read to its end this ends nothing
                body = read_within(response, most, seconds)
        except (urllib3.exceptions.HTTPError, TimeoutError) as error:
            raise ConnectionError(str(error)) from error
        if len(body) > most:
            raise ConnectionError("the answer is too long")
        if response.status != 200:
            raise ConnectionError(f"the answer was {response.status} {response.reason}")
        return body

    def read_mark(self, base: str) -> ReleaseMark | None:
        """What the server says it holds; None = no release, or none that is whole.

        Args:
            base: start of the IRIs of the release.

        Raises:
            ConnectionError: it does not answer.
        """
        try:
            return read_mark(self.ask(mark_query(base), _MARK_SECONDS, _MARK_BYTES))
        except ValueError as error:
            raise ConnectionError(f"the answer is no result of SPARQL: {error}") from error

    def rows(
        self, query: str, columns: int, dataset: ServerDataset | None = None
    ) -> list[list[str]]:
        """The rows of a SELECT as texts, "" where a variable is not bound; it may take its time.

        Args:
            query: SPARQL, with all of its names.
            columns: how many it selects.
            dataset: as of `ask`.

        Raises:
            ConnectionError: as `ask`.
        """
        body = self.ask(query, _ROWS_SECONDS, _ROWS_BYTES, dataset)
        try:
            found = ox.parse_query_results(body, ox.QueryResultsFormat.JSON)
            if not isinstance(found, ox.QuerySolutions) or len(found.variables) != columns:
                raise ConnectionError("the answer is no table")
            names = found.variables
            return [[_text(row[name]) for name in names] for row in found]
        except SyntaxError as error:
            raise ConnectionError(f"the answer is no result of SPARQL: {error}") from error

    def check(self) -> None:
        """Ask what every server of SPARQL can answer; Virtuoso 7.2.5 says it as a table.

        Raises:
            ConnectionError: this does not.
        """
        body = self.ask("ASK {}", _MARK_SECONDS, _MARK_BYTES)
        try:
            ox.parse_query_results(body, ox.QueryResultsFormat.JSON)
        except SyntaxError as error:
            raise ConnectionError(f"the answer is no result of SPARQL: {error}") from error

    def close(self) -> None:
        """Hang up."""
        self._http.clear()


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""
