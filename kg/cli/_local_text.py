"""Models that are in no snapshot yet, with family and verdict, as text for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kg.answers.contract import EdgeAnswer
from kg.answers.local import LocalAnswer
from kg.answers.tree.unresolved import unresolved_line
from kg.cli._license.text import license_line, license_text
from kg.licenses.rules import SEVERITY, USES
from kg.licenses.wording import words_in
from kg.messages.message import Message, translate
from kg.snapshot.snapshot import Snapshot

MANY = 20  # models; of more there is a summary
_LINES = 60  # of a printed family


def local_text(snapshot: Snapshot, answers: Iterable[LocalAnswer], lang: str = "en") -> str:
    """Families and verdicts, for a terminal."""
    return "\n\n".join("\n".join(_lines(snapshot, one, lang)) for one in answers)


def local_summary(
    answers: Sequence[LocalAnswer], reasons: Mapping[str, int], lang: str = "en"
) -> str:
    """How many models may be used for what, and why parents cannot be found, for a terminal.

    Args:
        answers: of the models.
        reasons: why parents cannot be found, with how often; of the most frequent.
        lang: language of the words around it.
    """
    words = words_in(lang)
    lines = [Message("%(num)s models", num=len(answers)).text(lang)]
    for use in USES:
        verdicts = Counter(
            one.verdict for model in answers for one in model.licenses if one.use == use
        )
        told = [f"{words[v]} {verdicts[v]:,}" for v in SEVERITY if verdicts[v]]
        lines.append(f"  {words[use]}: {' · '.join(told)}")
    orphans = sum(bool(model.missing) for model in answers)
    if orphans:
        lines.append(
            "  "
            + Message("name a parent that is not in the snapshot: %(num)s", num=orphans).text(lang)
        )
    if reasons:
        lines.append(Message("why parents cannot be found, the most frequent first:").text(lang))
        lines += [f"  {num:,} × {translate(why, lang=lang)}" for why, num in reasons.items()]
    lines.append(Message("--all shows each model; --json has all").text(lang))
    return "\n".join([*lines, words["advice"]])


def _lines(snapshot: Snapshot, answer: LocalAnswer, lang: str) -> Iterator[str]:
    yield f"{answer.label} ({answer.id})"
    yield from _family(snapshot, answer, lang)
    commercial, *others = answer.licenses
    yield ""
    yield license_text(commercial, lang)
    yield ""
    yield from (license_line(one, lang) for one in others)


def _family(snapshot: Snapshot, answer: LocalAnswer, lang: str) -> Iterator[str]:
    """The ancestors as an indented list, each parent below its child."""
    labels = {node.id: node.label for node in answer.lineage.nodes}
    above: dict[str, list[EdgeAnswer]] = {}
    for edge in answer.lineage.edges:
        above.setdefault(edge.child, []).append(edge)
    lost = dict.fromkeys(unresolved_line(one).text(lang) for one in answer.lineage.unresolved)
    yield from (f"   ? {line}" for line in lost)
    if not above and not lost:
        yield "   " + Message("no parent is declared").text(lang)
    stack = [(edge, 1) for edge in reversed(above.get(answer.id, ()))]
    told = {answer.id}
    for _ in range(_LINES):
        if not stack:
            return
        edge, depth = stack.pop()
        word = snapshot.vocabulary.properties[edge.relation].term.labels.get(lang, edge.relation)
        missing = edge.parent in answer.missing
        mark = "  " + Message("(not in the snapshot)").text(lang) if missing else ""
        yield f"{'   ' * depth}└─ {word}: {labels.get(edge.parent, edge.parent)}  {edge.parent}{mark}"
        if edge.parent not in told:
            told.add(edge.parent)
            stack += [(e, depth + 1) for e in reversed(above.get(edge.parent, ()))]
    if stack:
        more = Message("… %(num)s more; --json has all", num=len(stack))
        yield f"   {more.text(lang)}"
