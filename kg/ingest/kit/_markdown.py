"""Tables and links in Markdown, as lists of models keep them.

A CommonMark parser ignores the cells beyond the head's; here nothing is dropped, because lists in
the wild put two rows on one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_RULE = re.compile(r"\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?")
_LINK = re.compile(r"\[{1,2}([^\]]*)\]{1,2}\(\s*<?([^)\s>]+)[^)]*\)")
_TAG = re.compile(r"<[^>]*>")


class MarkdownRow(NamedTuple):
    """One row of a table: the line it stands on and its cells by the head's words.

    `extra` holds cells the head has no word for.
    """

    line: int
    head: tuple[str, ...]
    cells: tuple[str, ...]
    extra: tuple[str, ...] = ()

    def cell(self, name: str) -> str:
        """The cell under a word of the head; "" if there is none."""
        return dict(zip(self.head, self.cells, strict=False)).get(name, "")


def rows(text: str) -> Iterator[MarkdownRow]:
    """The rows of all tables of a text.

    >>> [row.cell("b") for row in rows("| a | b |\\n|---|---|\\n| 1 | 2 || 3 | 4 |")]
    ['2', '4']
    """
    head: tuple[str, ...] = ()
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if number < len(lines) and "|" in line and _RULE.fullmatch(lines[number].strip()):
            head = tuple(_cells(line))
        elif not line.strip().startswith("|"):
            head = ()
        elif head and not _RULE.fullmatch(line.strip()):
            yield from _rows(number, head, _cells(line))


def _rows(number: int, head: tuple[str, ...], cells: list[str]) -> Iterator[MarkdownRow]:
    width = len(head)
    while len(cells) > width and cells[width] == "" and len(cells) >= 2 * width + 1:
        yield MarkdownRow(number, head, tuple(cells[:width]))
        cells = cells[width + 1 :]
    yield MarkdownRow(number, head, tuple(cells[:width]), tuple(cells[width:]))


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    inner = re.sub(r"(?<!\\)\|\s*$", "", inner)
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", inner)]


def links(cell: str) -> list[tuple[str, str]]:
    """The links of a cell: text and address.

    >>> links("[T5](https://a.example/t5), [UL2](https://a.example/ul2)")
    [('T5', 'https://a.example/t5'), ('UL2', 'https://a.example/ul2')]
    """
    return [(plain(text), address) for text, address in _LINK.findall(cell)]


def plain(cell: str) -> str:
    """A cell without markup.

    >>> plain("**[T5](https://a.example)** &amp; <br>more")
    'T5 & more'
    """
    text = _TAG.sub(" ", _LINK.sub(r"\1", cell)).replace("&amp;", "&")
    return " ".join(re.sub(r"[*`_]{2,}|[*`]", "", text).split())
