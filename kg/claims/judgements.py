"""data/judgements.yaml: which ids are the same thing, or are not, as a person decided.

One line a judgement, so that a wrong one is undone by deleting its line, or by a later line on the
same two ids: of two judgements on a pair the later one holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

from kg.claims.linking import JUDGED, Linker, Tie
from kg.errors import DataError
from kg.files.durable import folder_lock
from kg.files.output import write_file
from kg.files.yaml import Yaml, read_yaml
from kg.messages.message import Message
from kg.model.claim import Judgement, is_id, kind_of
from kg.model.values import is_date

FILE = "judgements.yaml"
HEAD = """\
# Which ids are the same thing, or are not: one line a judgement; `gyebo judge` adds them.
# Delete a line to undo it. Of two lines on the same two ids the later one holds.
"""
_FIELDS = {"left", "right", "same", "author", "date", "reason"}


def read_judgements(path: Path) -> list[Judgement]:
    """Read data/judgements.yaml; a missing file holds none.

    Raises:
        DataError: a judgement is incomplete or unclear; with file and line.
    """
    if not path.exists():
        return []
    file = read_yaml(path, f"{path.parent.name}/{path.name}")
    items = file.data or []
    if not isinstance(items, list):
        raise DataError(Message("must be a list of judgements"), file.name, 1)
    return [_judgement(file, i, item) for i, item in enumerate(items)]


def _judgement(file: Yaml, index: int, item: Any) -> Judgement:
    line = file.line((index,))
    if not isinstance(item, dict) or item.keys() != _FIELDS:
        raise DataError(
            Message("a judgement has the fields %(names)s", names=sorted(_FIELDS)), file.name, line
        )
    if not isinstance(item["same"], bool):
        raise DataError(Message("same must be true or false"), file.name, line)
    for side in ("left", "right"):
        if not isinstance(item[side], str) or not is_id(item[side]):
            raise DataError(
                Message("%(side)s must be an id such as model/alpaca-7b", side=side),
                file.name,
                line,
            )
    left, right = item["left"], item["right"]
    if left == right:
        raise DataError(
            Message("%(left)s is the same as itself; judge two ids", left=left), file.name, line
        )
    if item["same"] and kind_of(left) != kind_of(right):
        raise DataError(
            Message(
                "a %(left)s and a %(right)s are never the same; judge two ids of one kind",
                left=kind_of(left),
                right=kind_of(right),
            ),
            file.name,
            line,
        )
    author, date, reason = (str(item[field]) for field in ("author", "date", "reason"))
    return Judgement(
        left=left,
        right=right,
        same=item["same"],
        author=author,
        date=date,
        reason=reason,
        origin=f"{file.name}:{line}",
    )


def in_force(judgements: Iterable[Judgement]) -> list[Judgement]:
    """The judgements without those that a later one on the same two ids replaced."""
    return list({frozenset((j.left, j.right)): j for j in judgements}.values())


def linker(
    judgements: Iterable[Judgement],
    ties: Iterable[Tie],
    outdated: Collection[str] = (),
    curated: Collection[str] = (),
) -> Linker:
    """Judgements and ties that were found, as one mapping; `outdated` are old names, `curated` ids of data/.

    Raises:
        DataError: judgements contradict each other; with the lines that do.
    """
    held = in_force(judgements)
    apart = {(j.left, j.right): j for j in held if not j.same}
    judged = [Tie(j.left, j.right, JUDGED, j.origin) for j in held if j.same]
    made = Linker([*judged, *ties], apart, outdated, curated)
    for dropped in made.dropped:
        if dropped.tie.strength == JUDGED:
            no = apart.get(dropped.apart) or apart[dropped.apart[::-1]]
            raise DataError(
                Message(
                    "the judgements in %(lines)s say that %(dropped)s, but %(origin)s says "
                    "that %(left)s is not %(right)s; delete one of these lines",
                    lines=[tie.why for tie in dropped.chain],
                    dropped=str(dropped),
                    origin=no.origin,
                    left=no.left,
                    right=no.right,
                )
            )
    return made


def line_of(judgement: Judgement) -> str:
    """A judgement as one line of the file.

    >>> apart = Judgement(
    ...     left="org/a", right="org/b", same=False, author="me", date="2026-11-21", reason="two: firms"
    ... )
    >>> line_of(apart)
    "- {left: org/a, right: org/b, same: false, author: me, date: 2026-11-21, reason: 'two: firms'}"
    """
    fields = ("left", "right", "author", "date", "reason")
    said = {name: _scalar(getattr(judgement, name)) for name in fields}
    same = "true" if judgement.same else "false"
    return (
        f"- {{left: {said['left']}, right: {said['right']}, same: {same}, "
        f"author: {said['author']}, date: {said['date']}, reason: {said['reason']}}}"
    )


def _scalar(text: str) -> str:
    """A text as it can stand in a flow mapping, without a line break."""
    plain = " ".join(text.split())
    if _is_plain(plain):
        return plain
    dumped: str = yaml.safe_dump([plain], default_flow_style=True, allow_unicode=True, width=10**6)
    return dumped.strip()[1:-1]


def _is_plain(text: str) -> bool:
    """Whether a text needs no quotes: an id, or a date, which YAML 1.2 reads as text."""
    return is_date(text) or (is_id(text) and not set("[]{},:#&*'%@") & set(text))


def append(path: Path, judgements: Sequence[Judgement]) -> None:
    """Add judgements at the end of the file; what stands there stays as it is.

    Raises:
        DataError: with them the file could not be read; nothing was written.
        InputError: the file cannot be written.
    """
    with folder_lock(path.parent):
        before = path.read_text(encoding="utf-8") if path.exists() else HEAD
        lines = "".join(line_of(j) + "\n" for j in judgements)
        text = before + "\n" * (not before.endswith("\n")) + lines
        part = path.with_name(path.name + ".part")
        try:
            write_file(part, lambda out: out.write(text.encode()))
            linker(read_judgements(part), ())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
