"""What an ingest read and what it could not read, as text for a terminal."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from kg.claims.runs import Run
from kg.messages.message import Message, mark, translate
from kg.model.issues import Issue

_NAMED = 4  # files that a line names
_REASONS = 3  # kinds of trouble that are told, the most frequent first
_COUNTED = {
    "records": mark("%(num)s records"),
    "claims": mark("%(num)s claims"),
    "edges": mark("%(num)s edges"),
    "links": mark("%(num)s links"),
    "issues": mark("%(num)s issues"),
}
_UNREAD = "unreadable"
# Rules whose issues are told by their files
_FILES = {
    "no-model-card": mark("no model cards: %(files)s"),
    "no-model-config": mark("configurations of no model: %(files)s"),
    "foreign-package": mark("folders of other people's packages, not read: %(files)s"),
}


def read_issues(folder: Path) -> list[Issue]:
    """The issues of a run.

    Args:
        folder: of the run.
    """
    with (folder / "issues.jsonl").open("rb") as lines:
        return [msgspec.json.decode(line, type=Issue) for line in lines]


def run_text(run: Run, folder: Path, lang: str = "en") -> str:
    """What an ingest did, with the files that it passed over or could not read.

    Args:
        run: what was stored.
        folder: where it is stored.
        lang: language of the words around it.
    """
    counts = [Message(_COUNTED[name], num=count).text(lang) for name, count in run.counts.items()]
    lines = [f"{run.name}: {', '.join(counts)}"]
    issues = read_issues(folder) if {_UNREAD, *_FILES} & run.issues.keys() else []
    for rule, count in run.issues.items():
        if rule in _FILES:
            files = _few([one.origin for one in issues if one.rule == rule], lang)
            lines.append(f"  {count:,} × {Message(_FILES[rule], files=files).text(lang)}")
        elif rule != _UNREAD:
            lines.append(f"  {count:,} × {rule}")
    lines += _unread([one for one in issues if one.rule == _UNREAD], lang)
    if run.issues:
        written = Message("written to %(path)s", path=folder / "issues.jsonl")
        lines.append(f"  {written.text(lang)}")
    return "\n".join([*lines, Message("run `gyebo build` to take it up").text(lang)])


def _unread(issues: Sequence[Issue], lang: str) -> Iterator[str]:
    """What could not be read, each reason with its files, the most frequent first."""
    files: dict[str, list[str]] = {}
    for one in issues:
        place, reason = _placed(one)
        files.setdefault(reason, []).append(place)
    by_count = sorted(files.items(), key=lambda item: -len(item[1]))
    for reason, places in by_count[:_REASONS]:
        told = Message(
            "cannot be read: %(files)s: %(why)s",
            files=_few(places, lang),
            why=translate(reason, lang=lang),
        )
        yield f"  {len(places):,} × {told.text(lang)}"
    if left := sum(len(places) for _, places in by_count[_REASONS:]):
        more = Message("cannot be read for other reasons")
        yield f"  {left:,} × {more.text(lang)}"


def _placed(issue: Issue) -> tuple[str, str]:
    """The file, with its line, and what is wrong with it."""
    found = re.match(rf"({re.escape(issue.origin)}(?::\d+)?): (.*)", issue.message, re.DOTALL)
    return (found[1], found[2]) if found else (issue.origin, issue.message)


def _few(names: Sequence[str], lang: str) -> str:
    """Some names, and how many more there are."""
    told = ", ".join(dict.fromkeys(names[:_NAMED]))
    if len(names) <= _NAMED:
        return told
    return Message("%(names)s and %(num)s more", names=told, num=len(names) - _NAMED).text(lang)


def frequent_reasons(issues: Sequence[Issue]) -> Mapping[str, int]:
    """Why parents cannot be found, the most frequent reasons first."""
    found = Counter(
        one.message
        for one in issues
        if one.rule.startswith("parent-") and one.rule not in ("parent-hint", "parent-self")
    )
    return dict(found.most_common(_REASONS))
