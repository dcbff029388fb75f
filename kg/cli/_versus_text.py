"""Who may do what, side by side, as a table for a terminal or in Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from wcwidth import wcswidth as display_width

from kg.answers.advice.versus import VersusAnswer
from kg.licenses.wording import MARKS, words_in


def versus_text(answer: VersusAnswer, lang: str = "en") -> str:
    """A table of verdicts by use, then what differs, for a terminal."""
    words = words_in(lang)
    rows = [["", *answer.names], *_rows(answer, lang)]
    widths = [max(display_width(row[i]) for row in rows) for i in range(len(rows[0]))]
    table = [
        "  ".join(_padded(cell, w) for cell, w in zip(row, widths, strict=True)) for row in rows
    ]
    lines = [f"{answer.label} ({answer.id})", *(line.rstrip() for line in table), ""]
    return "\n".join([*lines, *_differences(answer, lang, "  "), words["advice"]])


def versus_markdown(answer: VersusAnswer, lang: str = "en") -> str:
    """The same in Markdown."""
    words = words_in(lang)
    head = f"| |{'|'.join(f' {name} ' for name in answer.names)}|"
    rule = f"|---|{'|'.join('---' for _ in answer.names)}|"
    rows = [f"| {' | '.join(row)} |" for row in _rows(answer, lang)]
    lines = [f"## {answer.label} (`{answer.id}`)", "", head, rule, *rows, ""]
    return "\n".join([*lines, *_differences(answer, lang, "- "), "", words["advice"]])


def _rows(answer: VersusAnswer, lang: str) -> Iterator[list[str]]:
    words = words_in(lang)
    for one in answer.uses:
        yield [words[one.use], *(f"{MARKS[v]} {words[v]}" for v in one.verdicts)]


def _differences(answer: VersusAnswer, lang: str, mark: str) -> Iterator[str]:
    words = words_in(lang)
    differing = [one for one in answer.uses if one.differs]
    yield words["differs" if differing else "same"]
    for one in differing:
        for name, verdict, sentence in zip(answer.names, one.verdicts, one.sentences, strict=True):
            yield f"{mark}{name}: {MARKS[verdict]} {sentence}"


def _padded(text: str, width: int) -> str:
    return text + " " * (width - display_width(text))
