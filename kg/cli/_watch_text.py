"""What changed for the models of a list, for a terminal and as a comment in Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from kg.language.width import clean
from kg.licenses.wording import MARKS, verdict_word, words_in
from kg.messages.message import Message, counted, mark, translate
from kg.watch.compare import Difference, Differs
from kg.watch.watch import State, WatchAnswer, WatchedModel

_WHAT: Mapping[Difference, str] = {
    "known": mark("known here now"),
    "gone": mark("not known here any more"),
    "renamed": mark("goes by another id"),
    "another": mark("the name means another one now"),
    "revision": mark("revision"),
    "verdict": mark("verdict"),
    "license": mark("license"),
    "terms": mark("what the license says"),
    "base": mark("base"),
    "access": mark("access"),
    "retired": mark("end of service"),
    "superseded": mark("followed by"),
}
_STATES: Mapping[State, str] = {
    "same": mark("as before"),
    "changed": mark("changed"),
    "new": mark("new"),
    "dropped": mark("dropped"),
}
_TOLD_STATES: Mapping[State, str] = {
    "new": mark("new in the list"),
    "dropped": mark("no longer in the list"),
}


def watch_text(answer: WatchAnswer, lang: str = "en") -> str:
    """The models on which something is otherwise, each with what that is; the others are counted."""
    lines = [_head(answer, lang)]
    for model in answer.models:
        if model.state == "same" and not model.note:
            continue
        state = f"{translate(_STATES[model.state], lang=lang)}  " if answer.compared else ""
        verdict = verdict_word(model.verdict, lang)
        lines.append(f"{MARKS[model.verdict]} {state}{_name(model)}: {verdict}")
        lines += [f"    {_what(one, lang)}: {_values(one, lang)}" for one in model.changes]
        if model.note:
            lines.append(f"    {clean(model.note)}")
    return "\n".join([*lines, *_foot(answer, lang), words_in(lang)["advice"]])


def watch_markdown(answer: WatchAnswer, lang: str = "en") -> str:
    """A comment: a row for each thing that is otherwise."""
    lines = [f"### {_escaped(_head(answer, lang))}"]
    rows = [row for model in answer.models for row in _rows(model, lang)]
    if rows:
        titles = (
            mark("Model"),
            mark("Verdict"),
            mark("What is otherwise"),
            mark("Before"),
            mark("Now"),
        )
        told = [translate(title, lang=lang) for title in titles]
        lines += ["", _row(told), _row(["---"] * len(told)), *map(_row, rows)]
    return "\n".join([*lines, "", *_foot(answer, lang), "", words_in(lang)["advice"]])


def _rows(model: WatchedModel, lang: str) -> Iterator[Sequence[str]]:
    verdict = f"{MARKS[model.verdict]} {verdict_word(model.verdict, lang)}"
    first = (f"`{clean(model.model).replace('`', ' ')}`".replace("|", "\\|"), verdict)
    if model.state in _TOLD_STATES:
        told = translate(_TOLD_STATES[model.state], lang=lang)
        yield *first, told, "", _escaped(model.note)
    for one in model.changes:
        sides = (", ".join(map(_told(one, lang), side)) for side in (one.before, one.after))
        yield *first, _what(one, lang), *map(_escaped, sides)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    """A text that Markdown shows as it is, on one line."""
    kept = clean(text)
    return "".join(f"\\{c}" if c in "\\`*_[]<>|#" else c for c in kept)


def _head(answer: WatchAnswer, lang: str) -> str:
    count = counted("%(num)s model", "%(num)s models", len(answer.models))
    release = Message(
        "release %(release)s, sources read by %(as_of)s",
        release=answer.release,
        as_of=answer.as_of or "?",
    )
    if answer.since:
        told = Message(
            "%(count)s beside release %(since)s of %(day)s",
            count=count,
            since=answer.since,
            day=(answer.since_built or "")[:10],
        )
    else:
        told = Message("%(count)s beside %(lock)s", count=count, lock=answer.lock)
    if answer.written and not answer.compared:
        told = Message("%(count)s written to %(lock)s", count=count, lock=answer.lock)
    return f"{clean(told.text(lang))} ({release.text(lang)})"


def _foot(answer: WatchAnswer, lang: str) -> Iterator[str]:
    if answer.unwatched:
        yield counted(
            "%(num)s call names a model only when it runs: it is not watched.",
            "%(num)s calls name a model only when they run: they are not watched.",
            answer.unwatched,
        ).text(lang)
    if not answer.compared:
        return
    if answer.uncompared:
        yield Message(
            "Of that release only what is kept of every release is left: verdicts under a profile are not compared."
        ).text(lang)
    if not answer.changed:
        yield Message("Nothing changed for these models.").text(lang)
    else:
        yield counted(
            "%(num)s model is otherwise.", "%(num)s models are otherwise.", answer.changed
        ).text(lang)
    if answer.written:
        yield Message("%(lock)s was written anew.", lock=answer.lock).text(lang)
    elif answer.lock and (answer.changed or any(m.state == "dropped" for m in answer.models)):
        yield Message("--update accepts what is, and writes the lock anew.").text(lang)


def _name(model: WatchedModel) -> str:
    written = clean(model.model)
    label = clean(model.label)
    return f"{written} ({label})" if label and label != written else written


def _what(one: Differs, lang: str) -> str:
    return translate(_WHAT[one.what], lang=lang)


def _values(one: Differs, lang: str) -> str:
    told = _told(one, lang)
    sides = (", ".join(map(told, side)) or "–" for side in (one.before, one.after))
    return " → ".join(sides)


def _told(one: Differs, lang: str) -> Callable[[str], str]:
    return (lambda v: verdict_word(v, lang)) if one.what == "verdict" else clean
