"""Documents of strangers: every way to break them ends in a DataError with file and place."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import DataError
from kg.files import parsing
from kg.files.intake import IntakeFile
from kg.files.yaml import parse_documents

DEEP = 200_000


def file(body: bytes, name: str = "x") -> IntakeFile:
    return IntakeFile(name, len(body), lambda: io.BytesIO(body))


READERS: dict[str, Callable[[IntakeFile], Any]] = {
    "text": parsing.text,
    "json": parsing.json_document,
    "lines": lambda f: [parsing.json_text(line, f.name, n) for n, line in parsing.lines(f)],
    "csv": lambda f: list(parsing.csv_rows(f)),
    "yaml": parsing.yaml_document,
    "yamls": lambda f: parse_documents(parsing.text(f), f.name),
    "toml": parsing.toml_document,
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_that_say_what_they_are(encoding: str) -> None:
    assert parsing.text(file("계보\n".encode(encoding))) == "계보\n"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "cp949", "utf-32"])
@pytest.mark.parametrize("reader", READERS)
def test_encodings_that_do_not(encoding: str, reader: str) -> None:
    body = '{"이름": "계보"}\n{"이름": "모델"}\n'.encode(encoding)
    with pytest.raises(DataError) as caught:
        READERS[reader](file(body))
    assert caught.value.file == "x"


@pytest.mark.parametrize(
    ("reader", "body", "says"),
    [
        ("json", b'{"a": [1, 2', "not JSON"),
        ("json", b"", "not JSON"),
        ("json", b'{"a": 1}\x00', "NUL"),
        ("json", b"[" * DEEP, "not JSON"),
        ("json", b'{"a":' * DEEP, "not JSON"),
        ("lines", b'{"a": 1}\n{"a": ', "x:2: not JSON"),
        ("lines", b"[" * DEEP, "not JSON"),
        ("yaml", b"a: [1, 2", "x:"),
        ("yaml", b"a: !!python/object/apply:os.system [id]", "tag .* is refused"),
        ("yaml", b"a: !include /etc/passwd", "tag .* is refused"),
        ("yaml", b"[" * DEEP, "nested deeper than 100"),
        ("yaml", b"{a: " * DEEP, "nested deeper than 100"),
        ("yaml", b"- " * DEEP, "nested deeper than 100"),
        ("yaml", b"a: &a [*a]", "expand"),
        ("yaml", b"a: 1\na: 2", "stands twice"),
        ("yaml", b"? [a, b]\n: 1", "plain text"),
        ("yaml", b"a: \x07", "cannot be read|control|special"),
        ("toml", b"a = [1, 2", "not TOML"),
        ("toml", b"a = " + b"[" * DEEP, "not TOML"),
        ("toml", b"a = " + b"9" * 5000, "not TOML"),
        ("csv", b"a,b\n1,2,3\n", "more cells"),
        ("csv", b'a,b\n"1,2\n', "not a table"),
        ("csv", b"a,b\n1,\x002\n", "NUL"),
    ],
)
def test_broken_documents(reader: str, body: bytes, says: str) -> None:
    with pytest.raises(DataError, match=says):
        READERS[reader](file(body))


def test_an_anchor_bomb() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    with pytest.raises(DataError, match="anchors expand"):
        parsing.yaml_document(file("\n".join(lines).encode()))


def test_long_numbers_are_text() -> None:
    assert parsing.yaml_document(file(b"a: " + b"9" * 5000)).data == {"a": "9" * 5000}


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "DOCUMENT", 100)
    monkeypatch.setattr(parsing, "LINE", 50)
    with pytest.raises(DataError, match="larger than"):
        parsing.text(file(b"x" * 101))
    with pytest.raises(DataError, match="x:2: a line of more"):
        list(parsing.lines(file(b'{"a": 1}\n"' + b"x" * 60 + b'"\n')))
    with pytest.raises(DataError, match=r"a line of more|not a table"):
        list(parsing.csv_rows(file(b'a\n"' + b"x\n" * 60 + b'"\n')))


def test_tables() -> None:
    body = '\ufeffa,b\n1,\n2\n"x\ny",z\n'.encode()
    rows = list(parsing.csv_rows(file(body)))
    assert [row for _, row in rows] == [
        {"a": "1", "b": ""},
        {"a": "2", "b": ""},
        {"a": "x\ny", "b": "z"},
    ]
    assert [line for line, _ in rows] == [2, 3, 5]


@pytest.mark.parametrize("reader", READERS)
@given(body=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(reader: str, body: bytes) -> None:
    try:
        READERS[reader](file(body))
    except DataError as error:
        assert str(error).startswith("x")


def test_documents_of_yaml() -> None:
    with pytest.raises(DataError, match="one document is expected") as caught:
        parsing.yaml_document(file(b"a: 1\n---\nb: 2\n"))
    assert caught.value.line == 3
    assert parsing.yaml_document(file(b"---\na: 1\n---\n")).data == {"a": 1}
    several = parse_documents("a: 1\n---\nb: 2\n", "x")
    assert [(one.data, one.line(tuple(one.data))) for one in several] == [
        ({"a": 1}, 1),
        ({"b": 2}, 3),
    ]
    assert [one.data for one in parse_documents("", "x")] == [None]
