"""Answers as text for a terminal."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

import click
from wcwidth import wcswidth

from kg.answers.contract import FactAnswer, Ref, SearchAnswer, ShowAnswer, Shown
from kg.answers.lineage import Kin
from kg.cli.branches import Branches, Line, number_of
from kg.language.remarks import remark
from kg.messages.message import Message, mark, translate
from kg.model.vocabulary import Vocabulary

if TYPE_CHECKING:  # a build needs much that no answer needs
    from kg.build.build import Built, Checked

_RANKS = {"preferred": mark("preferred"), "rejected": mark("rejected")}
_WIDEST = 72  # cells of branches and labels before the other columns give way


@contextmanager
def stages(out: TextIO) -> Iterator[Callable[[str], None]]:
    """Report the stages of long work: one line that moves on a terminal, else a line each."""
    start = time.monotonic()
    on_tty = out.isatty()

    def stage(name: str) -> None:
        seconds = time.monotonic() - start
        out.write(f"\r\x1b[K{name} … {seconds:.0f} s" if on_tty else f"{name} …\n")
        out.flush()

    yield stage
    if on_tty:
        out.write("\r\x1b[K")


def built(done: Built) -> str:
    """What a build made."""
    counts = done.manifest.counts
    head = f"snapshot {done.folder.name} ({done.manifest.version})"
    if not done.seconds:
        return f"{head} is up to date"
    seconds = sum(done.seconds.values())
    return (
        f"{head}: {counts['entities']:,} entities, {counts['claims']:,} claims, "
        f"{counts['quads']:,} quads, {counts['warnings']:,} warnings, {seconds:.1f} s"
    )


def checked(done: Checked) -> str:
    """What a check found; errors are raised, so these are warnings."""
    counts = done.counts
    head = f"{counts['entities']:,} entities, {counts['claims']:,} claims: no errors"
    return "\n".join([f"{head}, {counts['warnings']:,} warnings", *map(str, done.warnings)])


def hits(answer: SearchAnswer, lang: str = "en") -> str:
    """Search hits, one a line."""
    if not answer.hits:
        nothing = Message("nothing found")
        if answer.suggestion:
            nothing = Message("nothing found; did you mean %(text)s?", text=answer.suggestion)
        return "\n".join([nothing.text(lang), *answer.notes])
    width = max(len(hit.id) for hit in answer.hits)
    lines = [f"{hit.id:<{width}}  {hit.label}  {hit.snippet}".rstrip() for hit in answer.hits]
    counts = Message("%(shown)s of %(total)s", shown=len(answer.hits), total=answer.total)
    return "\n".join([*lines, counts.text(lang), *answer.notes])


def entity(answer: ShowAnswer, vocabulary: Vocabulary, lang: str) -> str:
    """An entity: names, then its facts with their sources."""
    names = " · ".join(name for group in answer.labels.values() for name in group)
    lines = [answer.id, f"  {names}"]
    for fact in answer.facts:
        labels = vocabulary.properties[fact.property].term.labels
        disagree = Message("sources disagree").text(lang)
        mark = f"  ({disagree})" if fact.disputed else ""
        lines.append(f"{labels.get(lang, fact.property)}: {_values(fact, lang)}{mark}")
        lines += [f"    {line}" for line in _claims(fact, lang)]
    return "\n".join(lines)


def brief(answer: ShowAnswer, vocabulary: Vocabulary, properties: Collection[str]) -> str:
    """An entity in a few lines: names, then some of its facts, each with who says it."""
    lines = [answer.id, "  " + " · ".join(n for group in answer.labels.values() for n in group)]
    for fact in answer.facts:
        if fact.property in properties:
            label = vocabulary.properties[fact.property].term.labels.get("en", fact.property)
            sources = ", ".join(dict.fromkeys(claim.source for claim in fact.claims))
            lines.append(f"  {label}: {_values(fact, 'en')}  [{sources}]")
    return "\n".join(lines)


def _values(fact: FactAnswer, lang: str) -> str:
    values = fact.value if isinstance(fact.value, list) else [fact.value]
    return ", ".join(_text(value, lang) for value in values)


def _text(value: Shown, lang: str) -> str:
    if isinstance(value, Ref):
        return f"{value.label} ({value.id})"
    if value is None:
        return Message("unknown").text(lang)
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _claims(fact: FactAnswer, lang: str) -> Iterator[str]:
    for claim in fact.claims:
        place = f"{claim.source}:{claim.locator}" if claim.locator else claim.source
        rank = ""
        if claim.rank in _RANKS:
            rank = (
                f"  {translate(_RANKS[claim.rank], lang=lang)}: {remark(claim.reason or '', lang)}"
            )
        said = f"{_text(claim.value, lang)}  " if fact.disputed else ""
        yield f"{said}[{place}]{rank}" + (f"  {remark(claim.note, lang)}" if claim.note else "")


def has_colors(out: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether to color what is written: on a terminal, unless NO_COLOR (no-color.org) is set."""
    return out.isatty() and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"


def tree(
    drawn: Branches, found: Kin, words: Mapping[str, str], color: bool, lang: str = "en"
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


def _line(line: Line, widths: tuple[int, int, int], color: bool) -> str:
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


def _totals(drawn: Branches, found: Kin, words: Mapping[str, str], lang: str) -> Iterator[str]:
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
