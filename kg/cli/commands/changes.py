"""`gyebo changes`: what changed since the release before, for a terminal or as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import click

from kg.answers.changes import GROUPS, ChangeAnswer, ChangedAnswer, ChangesAnswer, changes
from kg.answers.contract import Ref, Shown
from kg.cli.options import json_option, known_kinds, lang_option, print_answer, with_snapshot
from kg.model.vocabulary import Vocabulary
from kg.snapshot.snapshot import Snapshot

_WHY = {
    "preferred": "a claim was preferred",
    "rejected": "the claim was rejected",
    "withdrawn": "no source says it any more",
    "outranked": "a new source outranks it",
    "reranked": "the sources rank otherwise now",
}


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
@lang_option
@json_option
@with_snapshot
def changes_command(
    snapshot: Snapshot, group: str | None, kind: str, limit: int | None, lang: str, as_json: bool
) -> None:
    """Say what changed since the release before: facts added, removed or re-ranked, verdicts, disputes."""
    known_kinds(snapshot, [kind] if kind else [])
    most = limit if as_json or limit is not None else 100
    answer = changes(snapshot, group=group or "", kind=kind, most=most, lang=lang)
    print_answer(answer, as_json, lambda: _text(answer, snapshot.vocabulary, lang))


def _text(answer: ChangesAnswer, vocabulary: Vocabulary, lang: str) -> str:
    if answer.before is None:
        return f"{answer.version} is the first release here; there is none to compare it with"
    head = f"{answer.before} → {answer.version}, built {answer.built}"
    lines = [line for changed in answer.entities for line in _lines(changed, vocabulary, lang)]
    left = answer.total - len(answer.entities)
    more = [f"… and {left:,} more; --limit shows them"] if left else []
    figures = ", ".join(f"{what} {n:,}" for what, n in sorted(answer.whats.items()))
    return "\n".join([head, figures or "nothing changed", *lines, *more])


def _lines(changed: ChangedAnswer, vocabulary: Vocabulary, lang: str) -> Iterable[str]:
    yield f"{changed.id}  {changed.label}"
    for change in changed.changes:
        yield f"    {_line(change, vocabulary, lang)}"


def _line(change: ChangeAnswer, vocabulary: Vocabulary, lang: str) -> str:
    known = vocabulary.properties.get(change.property or "")
    name = known.term.labels.get(lang, known.name) if known else change.property
    why = "; ".join(filter(None, [_WHY.get(change.why), change.reason]))
    values = " → ".join(filter(None, map(_joined, (change.before, change.after))))
    facts = f"{change.facts:,} facts" if change.facts is not None else ""
    text = " ".join(filter(None, [change.what, name, values, facts]))
    return f"{text} ({why})" if why else text


def _joined(values: Sequence[Shown]) -> str:
    return ", ".join(v.label if isinstance(v, Ref) else str(v) for v in values)
