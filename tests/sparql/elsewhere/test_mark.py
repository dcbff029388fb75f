"""The mark: what a server says it holds."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.sparql.elsewhere._mark import ReleaseMark, mark_query, read_mark
from kg.sparql.elsewhere.load import new_mark

BASE = "http://x/"


def told(*lines: str) -> bytes:
    store = ox.Store()
    for line in lines:
        store.load(line, ox.RdfFormat.N_QUADS)
    found = store.query(mark_query(BASE))
    return found.serialize(format=ox.QueryResultsFormat.JSON) or b""  # type: ignore[union-attr]


def test_a_mark_is_read_back_and_no_two_loads_are_alike() -> None:
    mark = new_mark("8bdee09ab123")
    assert read_mark(told(mark.line(BASE))) == mark
    assert mark.version == "8bdee09ab123" and new_mark("8bdee09ab123") != mark


def test_what_is_not_one_mark_is_none() -> None:
    one, other = (ReleaseMark("8bdee09a", load).line(BASE) for load in ("aaaa", "bbbb"))
    assert read_mark(told()) is None
    assert read_mark(told(one, other)) is None
    assert read_mark(told(one.replace("release", "edition"))) is None
    assert read_mark(told(one.replace('"release', '"Release'), one)) is None


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"boolean": true}', b'{"head": {}', b"\xff"])
def test_what_is_no_answer_is_said(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_mark(body)
    assert read_mark(b'{"head":{"vars":["other"]},"results":{"bindings":[{}]}}') is None
