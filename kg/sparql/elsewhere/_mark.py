"""By what a server elsewhere is known to hold a release: one triple in its default graph, set when all is loaded.

`<{base}data> owl:versionInfo "release VERSION load LOAD"`: the version is that of the release
(kg/snapshot/layout.py), the load another each time, so that who saw the same mark before and after a query knows
that nothing was loaded meanwhile. Loading takes the mark away first and sets it last (kg/sparql/elsewhere/load.py).
"""

from __future__ import annotations

import re
from typing import NamedTuple

import pyoxigraph as ox

_OWL_VERSION = "http://www.w3.org/2002/07/owl#versionInfo"
_MARK = re.compile(r"release ([0-9a-f]{4,64}) load ([0-9a-f]{4,64})")


class ReleaseMark(NamedTuple):
    """What a server says it holds."""

    version: str
    load: str

    def line(self, base: str) -> str:
        """The triple, as a line of N-Triples or N-Quads.

        >>> ReleaseMark("8bdee09a", "4f1c").line("http://x/")
        '<http://x/data> <http://www.w3.org/2002/07/owl#versionInfo> "release 8bdee09a load 4f1c" .\\n'
        """
        said = f"release {self.version} load {self.load}"
        return f'<{base}data> <{_OWL_VERSION}> "{said}" .\n'


def mark_query(base: str) -> str:
    """What a server is asked for its mark."""
    return f"SELECT ?mark {{ <{base}data> <{_OWL_VERSION}> ?mark }} LIMIT 9"


def read_mark(answer: bytes) -> ReleaseMark | None:
    """The mark in a server's answer, which is SPARQL results in JSON; None if it says none, or two.

    Raises:
        ValueError: it is no such answer.

    >>> read_mark(b'{"head": {"vars": ["mark"]}, "results": {"bindings": []}}')
    """
    try:
        found = ox.parse_query_results(answer, ox.QueryResultsFormat.JSON)
    except SyntaxError as error:
        raise ValueError(str(error)) from error
    if not isinstance(found, ox.QuerySolutions):
        raise ValueError("no solutions")
    try:
        told = [row["mark"] for row in found]
    except (SyntaxError, KeyError) as error:
        raise ValueError(str(error)) from error
    marks = [
        ReleaseMark(*matched.groups())
        for term in told
        if isinstance(term, ox.Literal) and (matched := _MARK.fullmatch(term.value))
    ]
    return marks[0] if len(marks) == 1 == len(told) else None
