"""Files of strangers as plain data, each kind with a limit on what it may hold in memory."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Iterator
from typing import IO, Any

import msgspec

from kg.errors import DataError
from kg.files.intake import IntakeFile
from kg.files.yaml import Yaml, parse_yaml
from kg.messages.message import Message

DOCUMENT = 64 << 20  # bytes of a file that is read whole
LINE = 16 << 20  # bytes of one line, of one cell

_NUL = Message(
    "holds NUL characters, as UTF-16 without a byte order mark does; convert it to UTF-8"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def text(file: IntakeFile, strict: bool = True) -> str:
    """A whole file as text: UTF-8, with or without a byte order mark, or UTF-16 with one.

    Args:
        file: what to read.
        strict: whether bytes that are no text are refused; else they are read as U+FFFD.

    Raises:
        DataError: larger than DOCUMENT, or in another encoding.
    """
    with file.open() as stream:
        data = stream.read(DOCUMENT + 1)
    if len(data) > DOCUMENT:
        raise DataError(
            Message(
                "larger than %(most)s MB; give it as JSON lines or CSV, which are read piece by piece",
                most=DOCUMENT >> 20,
            ),
            file.name,
        )
    decoded = _decoded(data, file.name, strict)
    if "\0" in decoded and (strict or decoded.count("\0") > len(decoded) // 4):
        raise DataError(_NUL, file.name, decoded.count("\n", 0, decoded.index("\0")) + 1)
    return decoded if strict else _CONTROL.sub("\ufffd", decoded)


def _decoded(data: bytes, name: str, strict: bool = True) -> str:
    try:
        return data.decode(
            _MARKS.get(data[:2], "utf-8-sig"), errors="strict" if strict else "replace"
        )
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise DataError(
            Message("not UTF-8 text: %(reason)s; convert it", reason=error.reason), name, line
        ) from error


def json_document(file: IntakeFile) -> Any:
    """A JSON document.

    Raises:
        DataError: not JSON, cut short, nested too deep, too large.
    """
    return json_text(text(file), file.name)


def json_text(data: bytes | str, name: str, line: int = 0) -> Any:
    """A JSON document from memory; file and line are for messages.

    Raises:
        DataError: not JSON, cut short, nested too deep.
    """
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DataError(Message("not JSON: %(error)s", error=error), name, line) from error


def lines(file: IntakeFile) -> Iterator[tuple[int, bytes]]:
    """The lines of a file that are not empty, each with its number from 1.

    Raises:
        DataError: a line is longer than LINE.
    """
    with file.open() as stream:
        number = 0
        while line := stream.readline(LINE + 1):
            number += 1
            if len(line) > LINE:
                raise DataError(
                    Message("a line of more than %(most)s MB", most=LINE >> 20), file.name, number
                )
            if line.strip():
                yield number, line


def csv_rows(file: IntakeFile, delimiter: str = ",") -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a table with a head line, each with the line it ends on.

    Raises:
        DataError: not UTF-8, a cell too large, or a row with more cells than the head.
    """
    csv.field_size_limit(LINE)
    with file.open() as stream:
        reader = csv.DictReader(_text_lines(stream, file.name), delimiter=delimiter, strict=True)
        try:
            for row in reader:
                if None in row:
                    raise DataError(
                        Message("more cells than the head line has"), file.name, reader.line_num
                    )
                if any("\0" in cell for cell in row.values() if cell):
                    raise DataError(_NUL, file.name, reader.line_num)
                yield reader.line_num, {k: v or "" for k, v in row.items()}
        except csv.Error as error:
            raise DataError(
                Message("not a table: %(error)s", error=error), file.name, reader.line_num
            ) from error


def _text_lines(stream: IO[bytes], name: str) -> Iterator[str]:
    number = 0
    with io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as wrapped:
        try:
            while line := wrapped.readline(LINE + 1):
                number += 1
                if len(line) > LINE:
                    raise DataError(
                        Message("a line of more than %(most)s MB", most=LINE >> 20), name, number
                    )
                yield line
        except UnicodeDecodeError as error:
            why = Message("not UTF-8 text: %(reason)s; convert it", reason=error.reason)
            raise DataError(why, name, number + 1) from error


def yaml_document(file: IntakeFile) -> Yaml:
    """A YAML document with the lines of its parts.

    Raises:
        DataError: not YAML, too deep, too large, a key given twice.
    """
    return parse_yaml(text(file), file.name)


def toml_document(file: IntakeFile) -> dict[str, Any]:
    """A TOML document.

    Raises:
        DataError: not TOML, or too large.
    """
    try:
        return tomllib.loads(text(file))
    except (ValueError, RecursionError) as error:  # tomllib's own error, and numbers beyond measure
        raise DataError(Message("not TOML: %(error)s", error=error), file.name) from error


def listed(value: Any) -> list[Any]:
    """A value that may be a list, one thing, or nothing, as a list.

    >>> listed(["a", "b"]), listed("a"), listed(None)
    (['a', 'b'], ['a'], [])
    """
    return value if isinstance(value, list) else [] if value is None else [value]
