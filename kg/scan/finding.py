"""What a scan finds: a model or data set that a file names, where, and how sure that is."""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

FindingKind = Literal["model", "dataset", "adapter", "weights"]
# Where a name belongs: any = it is not said; the Hugging Face Hub, ModelScope, an API, the libraries of Ollama and Docker, what a package
# of Python brings (whisper, spacy, timm, torch, flair); a file of the project itself.
Host = Literal[
    "any",
    "hub",
    "modelscope",
    "api",
    "ollama",
    "docker",
    "whisper",
    "spacy",
    "timm",
    "torch",
    "flair",
    "file",
]
# An argument of a call that loads or asks a model; a word of a command that does; a setting whose key says what
# its value is; weights that lie in the project; a mark in a text.
Sure = Literal["call", "command", "key", "file", "text"]
SURE: tuple[Sure, ...] = ("call", "command", "key", "file", "text")  # the surest first


class ScanFinding(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """A model or data set that a file names."""

    file: str  # path below what was scanned, with /
    line: int  # 1-based, where the name is written
    column: int  # 1-based
    what: str  # the name as it is written
    kind: FindingKind
    host: Host
    use: str  # library and call, key or command
    sure: Sure
    cell: int = 0  # 1-based, of a notebook
    revision: str = ""  # branch, tag or commit, where it is given
    ignored: str | None = None  # the reason, where a comment on the line says to ignore it


class ScanCandidate(NamedTuple):
    """A finding, or what is one only if somebody knows a thing of this name."""

    finding: ScanFinding
    needs_known: bool = False


class ScanPlace(msgspec.Struct, frozen=True, order=True):
    """A place in a file."""

    file: str
    line: int


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in a project, and what was not read."""

    root: str  # as the user named it
    findings: list[ScanFinding]  # by file, line and column
    files: int  # that were read
    skipped: dict[str, int]  # why files or folders were not read, and how many
    unread: list[str]  # files that could not be read as what they are, and were searched as text
    dynamic: list[ScanPlace]  # calls whose model is only known when they run
    unreasoned: list[ScanPlace] = []  # comments that ignore a finding and give no reason


def readable(path: str) -> str:
    r"""A path as text that can be written on one line: what is not UTF-8, cannot be seen or turns others around becomes a mark.

    >>> readable("b\udcff.py"), readable("a\nb\x1b.py")
    ('b�.py', 'a�b�.py')
    """
    text = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return text if text.isprintable() else "".join(map(_seen, text))


def _seen(sign: str) -> str:
    return sign if sign.isprintable() or sign == "\u3000" else "\ufffd"
