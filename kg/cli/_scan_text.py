"""The report on a scan as a table for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from kg.licenses.rules import SEVERITY
from kg.licenses.wording import MARKS, words_in
from kg.messages.message import Message, counted, mark
from kg.scan.changes import ComparedScan, ScanChanges
from kg.scan.finding import ScanFinding, ScanPlace, readable
from kg.scan.report import IgnoredFinding, ScannedModel, ScanReport

_PLACES = 5  # of one model, unless all are asked for
_SKIPPED = {
    "vendored": mark("folders of others' code"),
    "gitignore": mark("ignored by git"),
    "link": mark("links"),
    "binary": mark("binary"),
    "minified": mark("minified"),
    "large": mark("too large"),
    "list": mark("locks and lists"),
    "device": mark("pipes and devices"),
    "unreadable": mark("unreadable"),
    "beyond": mark("beyond the most that is read"),
}


def scan_table(report: ScanReport, lang: str = "en", *, all: bool = False) -> str:
    """The models and data sets of a project, the worst verdict first, with where each is named.

    Args:
        report: what to tell.
        lang: language of the words.
        all: with every place, every ignored finding and every call that names its model when it runs.
    """
    return "\n".join(readable(line) for line in _lines(report, lang, all))


def _lines(report: ScanReport, lang: str, all: bool) -> Iterator[str]:
    words = words_in(lang)
    for model in report.models:
        yield from _model(model, lang, all)
    counts = {v: sum(m.verdict == v for m in report.models) for v in reversed(SEVERITY)}
    total = " · ".join(f"{words[verdict]} {n}" for verdict, n in counts.items() if n)
    yield total or Message("No model or data set is named.").text(lang)
    if isinstance(report, ComparedScan):
        yield from _changed(report.changes, lang)
    yield from _rest(report, lang, all)
    yield words["advice"]


def _changed(changes: ScanChanges, lang: str) -> Iterator[str]:
    """What is otherwise than in the earlier scan."""
    words = words_in(lang)
    new, gone = Message("new").text(lang), Message("gone").text(lang)
    yield from (f"{new}: {one.what} ({words[one.verdict]})" for one in changes.new)
    yield from (f"{gone}: {one.what}" for one in changes.gone)
    for one in changes.changed:
        yield f"{one.model.what}: {words[one.before]} → {words[one.model.verdict]}"
    if not (changes.new or changes.gone or changes.changed):
        yield Message("No model and no verdict is otherwise than before.").text(lang)


def _model(model: ScannedModel, lang: str, all: bool) -> Iterator[str]:
    words = words_in(lang)
    known = f"  ({model.id})" if model.id and not model.id.endswith(f"/{model.what}") else ""
    yield f"{MARKS[model.verdict]} {words[model.verdict]}  {model.what}{known}"
    if model.verdict != "allowed":
        yield f"    {model.sentence}"
    shown = model.places if all else model.places[:_PLACES]
    yield from (f"    {_place(one)}" for one in shown)
    if more := len(model.places) - len(shown):
        yield "    " + counted("… %(num)s place more", "… %(num)s places more", more).text(lang)


def _place(one: ScanFinding) -> str:
    cell = f" [{one.cell}]" if one.cell else ""
    return f"{one.file}:{one.line}:{one.column}{cell}  {one.use} ({one.sure})"


def _rest(report: ScanReport, lang: str, all: bool) -> Iterator[str]:
    skipped = ", ".join(
        f"{Message(_SKIPPED[why]).text(lang)} {n}" for why, n in report.skipped.items()
    )
    read = counted("%(num)s file read", "%(num)s files read", report.files).text(lang)
    yield f"{read}; " + Message("not read: %(what)s", what=skipped).text(lang) if skipped else read
    for file in report.unread:
        yield Message("%(file)s cannot be parsed; it was searched as text", file=file).text(lang)
    for one in report.expired:
        yield Message(
            "%(place)s: the entry that ignored it ended on %(until)s (%(reason)s); it counts again",
            place=_at(one),
            until=one.until,
            reason=one.reason,
        ).text(lang)
    for place in report.unreasoned:
        yield Message(
            "%(file)s:%(line)s: a comment ignores a finding without a reason, so it counts: gyebo: ignore[reason]",
            file=place.file,
            line=place.line,
        ).text(lang)
    if report.ignored:
        yield counted(
            "%(num)s finding ignored", "%(num)s findings ignored", len(report.ignored)
        ).text(lang)
        if all:
            yield from (
                f"    {_at(one)}  {one.finding.what}: {one.reason}" for one in report.ignored
            )
    if report.dynamic:
        yield from _dynamic(report.dynamic, lang, all)


def _dynamic(places: list[ScanPlace], lang: str, all: bool) -> Iterator[str]:
    yield counted(
        "%(num)s call names its model only when it runs, and is not judged",
        "%(num)s calls name their model only when they run, and are not judged",
        len(places),
    ).text(lang)
    if all:
        yield from (f"    {place.file}:{place.line}" for place in places)


def _at(one: IgnoredFinding) -> str:
    return f"{one.finding.file}:{one.finding.line}"
