"""A scan in Markdown, as a comment on a change: the answer, what changed, all that is used; never longer than a forge takes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from kg.answers.advice.decisive import cite_place
from kg.cli._reports.markdown import code, link, quiet
from kg.licenses.rules import SEVERITY
from kg.licenses.terms import Verdict
from kg.licenses.wording import MARKS, words_in
from kg.messages.message import Message, counted, mark
from kg.scan.changes import ComparedScan, ScanChanges
from kg.scan.report import ScannedModel, ScanReport

MOST = 60_000  # characters; GitHub takes 65,536 in a comment
_TABLE = 24_000  # of which each of two tables may take
_COLUMNS = (mark("verdict"), mark("model"), mark("where"), mark("why"))
_LISTED = 20  # of each kind of note
_WHERE = 3  # places of one model
_WHY = 400  # characters of a reason


def scan_markdown(report: ScanReport, lang: str = "en", above: str = "") -> str:
    """A comment: its first line is the answer, its last a mark by which it is found again.

    Args:
        report: what to tell, with what changed if it was compared.
        lang: language of the words.
        above: path of what was scanned within the repository, "" or with / at its end.
    """
    lines = [_answer(report, lang), ""]
    if isinstance(report, ComparedScan):
        lines += _changes(report.changes, lang, above)
    lines += _used(report, lang, above)
    lines += _notes(report, lang, above)
    return "\n".join([*lines, "", words_in(lang)["advice"], "", comment_mark(report, above)])


def comment_mark(report: ScanReport, above: str) -> str:
    """A comment of HTML that nobody sees: the same for every scan of one folder for one use."""
    asked = hashlib.sha256(f"{report.use}|{above}".encode("utf-8", "surrogateescape"))
    return f"<!-- gyebo-scan {asked.hexdigest()[:16]} -->"


def _answer(report: ScanReport, lang: str) -> str:
    words = words_in(lang)
    if report.verdict is None:
        return f"**{Message('No model or data set is named.').text(lang)}**"
    counts = {v: sum(m.verdict == v for m in report.models) for v in reversed(SEVERITY)}
    total = " · ".join(f"{words[verdict]} {n}" for verdict, n in counts.items() if n)
    verdict = words[report.verdict]
    return (
        f"{MARKS[report.verdict]} **{words[report.use].capitalize()}: {verdict}** — "
        + counted(
            "%(num)s model or data set is used",
            "%(num)s models and data sets are used",
            len(report.models),
        ).text(lang)
        + f" ({total})"
    )


# ---- tables


def _changes(changes: ScanChanges, lang: str, above: str) -> Iterator[str]:
    """What is otherwise, before all that is."""
    rows = [(_verdict(one, lang), one) for one in changes.new]
    rows = [(f"{Message('new').text(lang)}: {told}", one) for told, one in rows]
    rows += [
        (f"{_words(one.before, lang)} → {_verdict(one.model, lang)}", one.model)
        for one in changes.changed
    ]
    rows += [(Message("gone").text(lang), one) for one in changes.gone]
    yield "### " + Message("What changed").text(lang)
    yield ""
    if not rows:
        yield Message("No model and no verdict is otherwise than before.").text(lang)
        yield ""
        return
    yield from _table([_row(told, one, lang, above) for told, one in rows], lang)


def _used(report: ScanReport, lang: str, above: str) -> Iterator[str]:
    if not report.models:
        return
    title = Message("All that is used").text(lang)
    folded = isinstance(report, ComparedScan)
    rows = [_row(_verdict(one, lang), one, lang, above) for one in report.models]
    yield f"<details><summary>{title}</summary>" if folded else f"### {title}"
    yield ""
    yield from _table(rows, lang)
    if folded:
        yield "</details>"
        yield ""


def _table(rows: Sequence[str], lang: str) -> Iterator[str]:
    """Rows below a head, as many as there is room for, and how many are left out."""
    names = [Message(name).text(lang) for name in _COLUMNS]
    yield f"| {' | '.join(names)} |"
    yield "|---|---|---|---|"
    room, shown = _TABLE, 0
    for row in rows:
        room -= len(row) + 1
        if room < 0:
            break
        shown += 1
        yield row
    yield ""
    if more := len(rows) - shown:
        yield counted("… %(num)s row more", "… %(num)s rows more", more).text(lang)
        yield ""


def _row(verdict: str, model: ScannedModel, lang: str, above: str) -> str:
    return f"| {verdict} | {code(model.what)} | {_where(model, above)} | {_why(model, lang)} |"


def _verdict(model: ScannedModel, lang: str) -> str:
    return f"{MARKS[model.verdict]} {_words(model.verdict, lang)}"


def _words(verdict: Verdict, lang: str) -> str:
    return words_in(lang)[verdict]


def _where(model: ScannedModel, above: str) -> str:
    places = list(dict.fromkeys(f"{above}{one.file}:{one.line}" for one in model.places))
    more = len(places) - _WHERE
    shown = "<br>".join(code(place) for place in places[:_WHERE])
    return f"{shown} +{more}" if more > 0 else shown


def _why(model: ScannedModel, lang: str) -> str:
    """The clause that decides, with a link to where it stands."""
    made = model.decisive
    if model.verdict == "allowed" or made is None:
        return ""
    labels = [ref.label for ref in made.licenses]
    place = " ".join([", ".join(labels), *cite_place(made.citation, lang)]).strip()
    url = made.citation.url if made.citation else None
    why = made.why if len(made.why) <= _WHY else made.why[: _WHY - 1] + "…"
    return " ".join(filter(None, [quiet(why), link(place or (url or ""), url)]))


# ---- notes


def _notes(report: ScanReport, lang: str, above: str) -> Iterator[str]:
    """What limits the answer: what is left out, what could not be read, what is only known when it runs."""
    for title, lines in (
        (
            counted("%(num)s finding ignored", "%(num)s findings ignored", len(report.ignored)),
            [
                f"{code(f'{above}{one.finding.file}:{one.finding.line}')} {code(one.finding.what)}: {quiet(one.reason[:_WHY])}"
                for one in report.ignored
            ],
        ),
        (
            Message("Ignored until a day that is past; these count again"),
            [
                f"{code(f'{above}{one.finding.file}:{one.finding.line}')} {code(one.finding.what)}: {one.until}"
                for one in report.expired
            ],
        ),
        (
            Message("Comments that ignore a finding without a reason, so that it counts"),
            [code(f"{above}{one.file}:{one.line}") for one in report.unreasoned],
        ),
        (
            Message("Files that cannot be parsed, and were searched as text"),
            [code(above + file) for file in report.unread],
        ),
        (
            counted(
                "%(num)s call names its model only when it runs, and is not judged",
                "%(num)s calls name their model only when they run, and are not judged",
                len(report.dynamic),
            ),
            [code(f"{above}{one.file}:{one.line}") for one in report.dynamic],
        ),
    ):
        yield from _listed(title.text(lang), lines, lang)


def _listed(title: str, lines: Sequence[str], lang: str) -> Iterable[str]:
    if not lines:
        return []
    more = len(lines) - _LISTED
    left = counted("… %(num)s more", "… %(num)s more", more)
    rest = [f"- {left.text(lang)}"] if more > 0 else []
    listed = [f"- {line}" for line in lines[:_LISTED]]
    return [f"<details><summary>{title}</summary>", "", *listed, *rest, "", "</details>", ""]
