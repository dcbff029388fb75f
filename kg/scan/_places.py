"""A text that is scanned: its lines, and findings made at places in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cached_property

from kg.scan._names import ScannedName, read_name
from kg.scan._rules import Accept, find_key
from kg.scan.finding import FindingKind, Host, ScanCandidate, ScanFinding, ScanPlace, Sure

_MOST_LISTED = 100  # names in one value, with commas between
_FOLDED = 200  # lines of a text that is one value
_IGNORE = re.compile(r"gyebo:\s*ignore(?:\[(?P<reason>[^\]]*)\])?")

# A quoted text first, so that a mark within it begins no comment; quotes end with their line, ` and the triple ones do not.
# What nothing ends goes on to the end of the text, and a quoted text has a longest, so that no text takes long.
_QUOTED = r""""(?:\\.|[^"\\\n]){0,200}+"|'(?:\\.|[^'\\\n]){0,200}+'"""
_TRIPLE = r"""\"{3}(?s:.)*?(?:"{3}|\Z)|'{3}(?s:.)*?(?:'{3}|\Z)"""
_PATTERNS: Mapping[str, re.Pattern[str]] = {
    "#": re.compile(rf"{_QUOTED}|(?P<comment>(?<![^\s;])#[^\n]*)"),
    "python": re.compile(rf"{_TRIPLE}|{_QUOTED}|(?P<comment>\#[^\n]*)"),
    "//": re.compile(
        rf"{_QUOTED}|`[^`]*(?:`|\Z)"
        r"|(?P<comment>(?<!:)//[^\n]*|/\*(?s:.)*?(?:\*/|\Z)|<!--(?s:.)*?(?:-->|\Z))"
    ),
    "<!--": re.compile(r"(?P<comment><!--(?s:.)*?(?:-->|\Z))"),
    "--": re.compile(rf"{_QUOTED}|(?P<comment>--[^\n]*)"),
    ";": re.compile(rf"{_QUOTED}|(?P<comment>(?<!\S);[^\n]*)"),
}
_NO_BREAK = re.compile(r"[^\n]")
_TAG = re.compile(r"(?<![^\s\[{,])![^\s,\]}]*")
_LAST_COMMA = re.compile(r'(?P<quoted>"(?:\\.|[^"\\])*+(?:"|\Z))|,(?=\s*+[}\]])', re.DOTALL)
_SLASHES = (
    *(".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".vue", ".svelte", ".go", ".rs", ".java"),
    *(".kt", ".kts", ".scala", ".cs", ".php", ".swift", ".dart", ".cpp", ".cc", ".c", ".h"),
    *(".hpp", ".groovy", ".astro", ".jsonnet", ".m", ".zig", ".jsonc", ".json5"),
)
_STYLES = {
    **dict.fromkeys(_SLASHES, "//"),
    **dict.fromkeys((".lua", ".hs", ".sql"), "--"),
    **dict.fromkeys((".clj", ".ini"), ";"),
    **dict.fromkeys((".html", ".htm", ".xml"), "<!--"),
    **dict.fromkeys((".py", ".pyi", ".pyw"), "python"),
    **dict.fromkeys((".md", ".mdx", ".txt", ".rst", ".adoc", ".json", ".ipynb"), ""),
}


class ScannedText:
    """A text, and what is found in it.

    Args:
        text: as it stands in the file, or a part of it.
        name: path of the file below what is scanned, with /.
        lines: where each line of the text stands in the file, if not as here.
        cells: of a notebook, for each line.
        style: how comments are written in it, if not as its name says.
    """

    def __init__(
        self,
        text: str,
        name: str,
        lines: Sequence[int] | None = None,
        cells: Sequence[int] = (),
        style: str | None = None,
    ) -> None:
        self.text, self.name, self.cells = text, name, cells
        self.silent = set[int]()  # lines that are no code: docstrings
        self.file = name.rpartition("/")[2]
        self.lines = text.split("\n")
        self._numbers = lines
        self._ignores: dict[int, str | None] = {}  # the reasons of lines, as far as they were asked
        self.found: list[ScanCandidate] = []
        self.dynamic: list[ScanPlace] = []
        self.unread = False
        self.style = style_of(self.file) if style is None else style

    @cached_property
    def _starts(self) -> list[int]:
        starts, at = [], 0
        for line in self.lines:
            starts.append(at)
            at += len(line) + 1
        return starts

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both 1-based."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    @cached_property
    def _comments(self) -> list[tuple[int, int]]:
        return comments_of("\n".join(self.lines), self.style)

    def is_commented(self, line: int, column: int) -> bool:
        """Whether a place, both 1-based, is in a comment or a docstring."""
        if line in self.silent:
            return True
        if not self.style:
            return False
        offset = self._starts[line - 1] + column - 1
        at = bisect_right(self._comments, (offset, len(self.text) + 1)) - 1
        return at >= 0 and self._comments[at][0] <= offset < self._comments[at][1]

    def number(self, line: int) -> int:
        """The line of the file that a line of this text is."""
        if not self._numbers:
            return line
        return self._numbers[min(line, len(self._numbers)) - 1]

    def column(self, line: int, text: str, after: int = 0) -> int:
        """Where a text stands in a line, 1-based; after this many characters, else anywhere, else there."""
        here = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        at = here.find(text, after)
        at = at if at >= 0 else here.find(text)
        return (at if at >= 0 else min(after, len(here))) + 1

    def add(
        self, thing: ScannedName, line: int, column: int, use: str, sure: Sure, revision: str = ""
    ) -> None:
        """Note a finding; what only a comment says is none."""
        if sure in ("text", "key") and self.is_commented(line, column):
            return
        finding = ScanFinding(
            file=self.name,
            line=self.number(line),
            column=column,
            what=thing.what,
            kind=thing.kind,
            host=thing.host,
            use=use,
            sure=sure,
            cell=self.cells[min(line, len(self.cells)) - 1] if self.cells else 0,
            revision=revision or thing.revision,
            ignored=self._ignored(line),
        )
        self.found.append(ScanCandidate(finding, thing.needs_known))

    def name_at(
        self,
        text: str,
        line: int,
        use: str,
        sure: Sure,
        *,
        kind: FindingKind = "model",
        host: Host = "hub",
        accept: Accept = "any",
        after: int = 0,
        revision: str = "",
        below: bool = True,
    ) -> bool:
        """Note what a value names, if it names anything.

        Args:
            text: the value.
            line: where it stands in this text.
            use: what names it.
            sure: how sure that is.
            kind: what it would be.
            host: where its name would belong.
            accept: what it may be.
            after: column before which it does not stand.
            revision: where it is given beside it.
            below: whether it may stand in a line below, as in a text that a parser folded.
        """
        if any(one in text for one in ",;=") and accept in ("id", "plain"):
            found = [
                self.name_at(
                    part, line, use, sure, kind=kind, host=host, accept=accept, after=after
                )
                for part in self._listed(text)
            ]
            return any(found)
        thing = read_name(text, kind, host, accept)
        if thing:
            line = min(max(line, 1), len(self.lines))
            here = self.lines[line - 1]
            if below and here.find(thing.what, after) < 0 and thing.what not in here:
                ahead = range(line + 1, min(line + _FOLDED, len(self.lines) + 1))
                line = next((at for at in ahead if self._says(at, thing.what)), line)
            self.add(thing, line, self.column(line, thing.what, after), use, sure, revision)
        return thing is not None

    def _listed(self, text: str) -> list[str]:
        """The names in `one,two`, in `one;two` and in `pretrained=one,dtype=auto`; none in what is written for people."""
        named = []
        if "=" not in text and re.search(r"\w \w", text):
            return []
        for part in re.split("[,;]", text)[:_MOST_LISTED]:
            key, given, value = part.strip().partition("=")
            rule = find_key(key, self.file) if given else None
            if not given or (rule and rule.kind != "none"):
                named.append(value if given else key)
        return [part for part in named if "=" not in part]

    def _says(self, line: int, text: str) -> bool:
        """Whether a line holds a text outside of its comment."""
        at = self.lines[line - 1].find(text)
        return at >= 0 and not self.is_commented(line, at + 1)

    def _ignored(self, line: int) -> str | None:
        if line not in self._ignores:
            here = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
            found = _IGNORE.search(here)
            self._ignores[line] = ((found["reason"] or "").strip() or None) if found else None
        return self._ignores[line]

    def first_line(self, value: str, line: int) -> int:
        """The line on which a block of text begins that a key on a line has: below the key, or beside it."""
        first = next((one.strip() for one in value.split("\n") if one.strip()), "")
        for at in range(line, min(line + 4, len(self.lines)) + 1):
            if first and first in self.lines[at - 1]:
                return at
        return line

    def unreasoned(self) -> list[ScanPlace]:
        """Comments that ignore what stands on their line and give no reason."""
        if "gyebo:" not in self.text:
            return []
        return [
            ScanPlace(self.name, self.number(number))
            for number, line in enumerate(self.lines, 1)
            if (found := _IGNORE.search(line)) and not (found["reason"] or "").strip()
        ]


def style_of(file: str) -> str:
    """How comments are written in a file of this name; "" where there are none."""
    suffix = file[file.rfind(".") :].casefold() if "." in file else ""
    return _STYLES.get(suffix, "#")


def comments_of(text: str, style: str) -> list[tuple[int, int]]:
    """Where the comments of a text begin and end, in their order.

    Args:
        text: code or settings.
        style: as `style_of` gives it.

    >>> comments_of("a = '#1' # one", "#")
    [(9, 14)]
    """
    pattern = _PATTERNS.get(style)
    if pattern is None:
        return []
    return [found.span() for found in pattern.finditer(text) if found["comment"]]


def without_comments(text: str) -> str:
    """JSON as settings of editors are written, with spaces for comments and for commas that nothing follows.

    >>> without_comments('{"a//b": 1, /* c */}')
    '{"a//b": 1         }'
    """
    kept, at = list[str](), 0
    for start, end in comments_of(text, "//"):
        kept += [text[at:start], _NO_BREAK.sub(" ", text[start:end])]
        at = end
    plain = "".join([*kept, text[at:]])
    return _LAST_COMMA.sub(lambda found: found["quoted"] or " ", plain)


def without_tags(text: str) -> str:
    """YAML with spaces for tags of its own, such as those of CloudFormation and HyperPyYAML, which only dress a value.

    >>> without_tags("a: !Ref b")
    'a:      b'
    """
    return _TAG.sub(lambda found: " " * len(found[0]), text)


def find_next(text: str, part: str, start: int) -> int:
    """Where a part stands at or after a place, else where it stands first; 0 if nowhere.

    >>> find_next("a b a", "a", 1), find_next("a b a", "b", 4), find_next("a b a", "c", 0)
    (4, 2, 0)
    """
    found = text.find(part, start)
    return found if found >= 0 else max(text.find(part), 0)
