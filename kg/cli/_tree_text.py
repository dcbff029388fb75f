"""A family tree as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TextIO

import click
from wcwidth import wcswidth

from kg.answers.genealogy import Genealogy
from kg.cli._branches import Branches, BranchLine, number_of
from kg.messages.message import Message

_WIDEST = 72  # cells of branches and labels before the other columns give way


def has_colors(out: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether to color what is written: on a terminal, unless NO_COLOR (no-color.org) is set."""
    return out.isatty() and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"


def tree(
    drawn: Branches, found: Genealogy, words: Mapping[str, str], color: bool, lang: str = "en"
) -> str:
    """A family tree: branches and labels, then how each derives, its date and id in columns.

    Args:
        drawn: its lines.
        found: what it was drawn from, for the counts.
        words: for relations.
        color: whether the terminal shows colors; they only repeat what the words say.
        lang: of the counts.
    """
    nodes = [line for line in drawn.lines if line.part != "stub"]
    left = min(_WIDEST, max(wcswidth(line.branch + line.label) for line in nodes))
    middle = max(wcswidth(line.word) for line in nodes)
    last = max(len(line.date) for line in nodes)
    lines = [_line(line, (left, middle, last), color) for line in drawn.lines]
    return "\n".join([*lines, "", *_totals(drawn, found, words, lang)])


def _line(line: BranchLine, widths: tuple[int, int, int], color: bool) -> str:
    def styled(text: str, **style: Any) -> str:
        return click.style(text, **style) if color and text else text

    if line.part == "stub":
        return styled(line.branch, dim=True) + styled(line.label, fg="yellow")
    here = line.part == "here"
    label = _pad(line.branch + line.label, widths[0]).removeprefix(line.branch)
    cells = [
        styled(line.branch, dim=True) + styled(label, bold=here),
        styled(_pad(line.word, widths[1]), fg="cyan"),
        *([_pad(line.date, widths[2])] if widths[2] else ()),
        styled(line.id, dim=True),
    ]
    notes = ["◀"] * here + [styled(f"({note})", fg="magenta") for note in line.notes]
    return "  ".join([*cells, *notes])


def _pad(text: str, width: int) -> str:
    """Fill a text up to a width in cells: a Korean letter takes two.

    >>> _pad("폴리글롯", 10), _pad("Polyglot", 10)
    ('폴리글롯  ', 'Polyglot  ')
    """
    return text + " " * (width - wcswidth(text))


def _totals(
    drawn: Branches, found: Genealogy, words: Mapping[str, str], lang: str
) -> Iterator[str]:
    below = sum(found.counts.values())
    kinds = [number_of(n, words.get(r, r)) for r, n in found.counts.items()]
    above = found.total - below
    parts = [Message("%(num)s above", num=above)] * bool(above)
    parts += [Message("%(num)s below (%(kinds)s)", num=below, kinds=kinds)] * bool(below)
    models = " · ".join(part.text(lang) for part in parts)
    yield Message("models: %(models)s", models=models or 0).text(lang)
    if drawn.shown < drawn.nodes:
        more = Message(
            "%(shown)s of %(total)s shown; --limit shows more", shown=drawn.shown, total=drawn.nodes
        )
        yield more.text(lang)
