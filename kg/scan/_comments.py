"""Where the comments of a text stand: what only a comment names, a project does not use."""

from __future__ import annotations

import re
from collections.abc import Mapping

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
