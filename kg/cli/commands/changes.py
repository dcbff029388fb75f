"""`gyebo changes`: what changed since the release before, for a terminal or as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

import click

from kg.answers.changes import (
    GROUPS,
    WHAT_WORDS,
    WHY_WORDS,
    ChangeAnswer,
    ChangedAnswer,
    ChangesAnswer,
    changes,
)
from kg.answers.contract import Ref, Shown
from kg.cli._options import json_option, known_kinds, lang_option, print_answer, with_snapshot
from kg.language.remarks import remark
from kg.messages.message import Message, counted, translate
from kg.model.vocabulary import Vocabulary
from kg.snapshot.layout import Layout
from kg.snapshot.releases.changes import What
from kg.snapshot.releases.past import find_release
from kg.snapshot.snapshot import Snapshot


@click.command("changes")
@click.option(
    "--only",
    "group",
    type=click.Choice(list(GROUPS)),
    default=None,
    help="Only changes of this sort; `ranking`: another value is preferred.",
)
@click.option("--kind", default="", help="Only entities of this kind.")
@click.option(
    "--limit", type=click.IntRange(0), help="Most entities; with --json default all, else 100."
)
@click.option(
    "--since",
    default="",
    metavar="RELEASE",
    help="Since this release: its version, or a day as YYYY-MM-DD; by default the one before.",
)
@lang_option
@json_option
@with_snapshot
def changes_command(
    snapshot: Snapshot,
    group: str | None,
    kind: str,
    limit: int | None,
    since: str,
    lang: str,
    as_json: bool,
) -> None:
    """Say what changed since the release before: facts added, removed or re-ranked, verdicts, disputes.

    Since an earlier one: gyebo changes --since 2026-11-01. Of a release whose snapshot was deleted licenses, bases,
    access, end of service and verdicts are compared, and the answer says so.
    """
    known_kinds(snapshot, [kind] if kind else [])
    most = limit if as_json or limit is not None else 100
    if since:
        from kg.watch.since import changes_since  # reads what the usual answer does without

        release = find_release(Layout(snapshot.folder.parent.parent), since)
        answer = changes_since(
            snapshot, release, group=group or "", kind=kind, most=most, lang=lang
        )
    else:
        answer = changes(snapshot, group=group or "", kind=kind, most=most, lang=lang)
    print_answer(answer, as_json, lambda: _text(answer, snapshot.vocabulary, lang))


def _text(answer: ChangesAnswer, vocabulary: Vocabulary, lang: str) -> str:
    if answer.before is None:
        first = Message(
            "%(version)s is the first release here; there is none to compare it with",
            version=answer.version,
        )
        return first.text(lang)
    head = Message(
        "%(before)s → %(version)s, built %(date)s",
        before=answer.before,
        version=answer.version,
        date=answer.built,
    )
    lines = [line for changed in answer.entities for line in _lines(changed, vocabulary, lang)]
    left = answer.total - len(answer.entities)
    more = [Message("… and %(num)s more; --limit shows them", num=left).text(lang)] if left else []
    figures = ", ".join(f"{_what(what, lang)} {n:,}" for what, n in sorted(answer.whats.items()))
    told = figures or Message("nothing changed").text(lang)
    if answer.briefs_only:
        part = Message(
            "Of that release only licenses, bases, access, end of service and verdicts are left to compare with."
        )
        told = f"{part.text(lang)}\n{told}"
    return "\n".join([head.text(lang), told, *lines, *more])


def _what(what: str, lang: str) -> str:
    return translate(WHAT_WORDS[cast(What, what)], lang=lang)


def _lines(changed: ChangedAnswer, vocabulary: Vocabulary, lang: str) -> Iterable[str]:
    yield f"{changed.id}  {changed.label}"
    for change in changed.changes:
        yield f"    {_line(change, vocabulary, lang)}"


def _line(change: ChangeAnswer, vocabulary: Vocabulary, lang: str) -> str:
    known = vocabulary.properties.get(change.property or "")
    name = known.term.labels.get(lang, known.name) if known else change.property
    why = translate(WHY_WORDS[change.why], lang=lang) if change.why else ""
    why = "; ".join(filter(None, [why, remark(change.reason or "", lang)]))
    values = " → ".join(filter(None, map(_joined, (change.before, change.after))))
    facts = ""
    if change.facts is not None:
        facts = counted("%(num)s fact", "%(num)s facts", change.facts).text(lang)
    told = " ".join(filter(None, [name, values, facts]))
    text = ": ".join(filter(None, [_what(change.what, lang), told]))
    return f"{text} ({why})" if why else text


def _joined(values: Sequence[Shown]) -> str:
    return ", ".join(v.label if isinstance(v, Ref) else str(v) for v in values)
