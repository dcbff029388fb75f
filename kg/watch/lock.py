"""The lock: what was true of each model of a list on the day it was chosen, one line a model.

    {"gyebo-lock": 1, "use": "commercial", "profile": {}}
    {"model": "meta-llama/Llama-2-7b-hf", "id": "model/llama-2-7b", "verdict": "conditional", "license": [...], ...}

Lines of JSON, sorted by what the list calls a model, with their fields always in one order and without those that
are empty: each stands alone, so a change of one model changes one line, two branches seldom touch the same, and any
program reads them. (A table of TOML takes as many lines as it has keys.) Every line names the release it was written
by, and stays as it is until what it says is otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec

from kg.errors import InputError
from kg.files.output import write_file
from kg.licenses.profile import NOBODY, Profile, checked
from kg.licenses.terms import Use, Verdict
from kg.messages.message import Message, reason_of

LOCK_FILE = "gyebo.lock"
LOCK_FORMAT = 1
_MARK = b'{"gyebo-lock":'
_MOST = 32 << 20  # bytes of a lock that are read

_T = TypeVar("_T")


class Question(NamedTuple):
    """What the verdicts of a lock are about."""

    use: Use = "commercial"
    profile: Profile = NOBODY


class Listed(NamedTuple):
    """A model of a list, as somebody else understood it."""

    model: str  # as it is written there
    revision: str = ""
    id: str = ""  # "" = nothing here goes by it
    note: str = ""  # why


class LockLine(
    msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True
):
    """What was true of a model in one release."""

    model: str  # as the list writes it, without a revision
    revision: str = ""  # of the weights, where the list names one
    id: str = ""  # "" = nothing goes by this name in that release
    verdict: Verdict
    license: tuple[str, ...] = ()
    terms: dict[str, str] = {}  # license in force -> date and checksum of what it says
    base: tuple[str, ...] = ()  # "relation parent"
    access: str = ""
    retired: str = ""
    superseded: tuple[str, ...] = ()
    release: str  # version of the release that says so
    as_of: str = ""  # the last day on which a source of that release was read


class Lock(NamedTuple):
    """A lock that was read, or is to be written."""

    question: Question
    held: Mapping[str, LockLine]  # by what the list calls the model


class _Head(msgspec.Struct, frozen=True, kw_only=True):
    format: int = msgspec.field(name="gyebo-lock")
    use: Use = "commercial"
    profile: Profile = NOBODY


class _Format(msgspec.Struct, frozen=True):
    format: int = msgspec.field(name="gyebo-lock")


def is_lock(path: Path) -> bool:
    """Whether a file begins as a lock does; false if it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(len(_MARK) + 2).replace(b" ", b"").startswith(_MARK)
    except OSError:
        return False


def read_lock(path: Path) -> Lock:
    """Read a lock.

    Raises:
        InputError: it cannot be read, a newer program wrote it, or a line of it is damaged; with its number.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MOST + 1)
    except OSError as error:
        raise InputError(
            Message("%(path)s cannot be read: %(why)s", path=path, why=reason_of(error))
        ) from error
    if len(content) > _MOST:
        raise InputError(Message("%(path)s is larger than a lock can be: not read", path=path))
    head, *lines = content.split(b"\n")
    question = _read_head(path, head)
    held: dict[str, LockLine] = {}
    for number, line in enumerate(lines, 2):
        if not line.strip():
            continue
        one = _decoded(path, number, line, LockLine)
        if one.model in held:
            raise InputError(
                Message(
                    "%(path)s:%(line)d: %(model)r stands in the lock twice; delete one of the lines",
                    path=path,
                    line=number,
                    model=one.model,
                )
            )
        held[one.model] = one
    return Lock(question, held)


def _read_head(path: Path, line: bytes) -> Question:
    found = _decoded(path, 1, line, _Format).format
    if found > LOCK_FORMAT:
        raise InputError(
            Message(
                "%(path)s is a lock of format %(found)d; this program reads up to %(known)d: install a newer one",
                path=path,
                found=found,
                known=LOCK_FORMAT,
            )
        )
    head = _decoded(path, 1, line, _Head)
    return Question(head.use, checked(head.profile))


def _decoded(path: Path, number: int, line: bytes, type: type[_T]) -> _T:
    try:
        return msgspec.json.decode(line, type=type)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InputError(
            Message(
                "%(path)s:%(line)d is no line of a lock (%(why)s); mend it, or delete the file to write it anew",
                path=path,
                line=number,
                why=error,
            )
        ) from error


def write_lock(path: Path, lock: Lock) -> None:
    """Write a lock, whole or not at all.

    Raises:
        InputError: it cannot be written there.
    """
    use, profile = lock.question
    told = {k: v for k, v in msgspec.to_builtins(profile).items() if v is not None}
    head = {"gyebo-lock": LOCK_FORMAT, "use": use, "profile": told}
    lines = [head, *(msgspec.to_builtins(one) for _, one in sorted(lock.held.items()))]
    write_file(path, lambda out: out.write(_text(lines)))


def _text(lines: Iterable[Mapping[str, Any]]) -> bytes:
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()
