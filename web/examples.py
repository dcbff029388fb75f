"""The example queries of ontology/examples: a title in each language, then the query."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from kg.paths import ONTOLOGY
from web.context import lang

_TITLE = re.compile(r"^#\s*(en|ko):\s*(.+)$", re.MULTILINE)


class Example(NamedTuple):
    """An example query."""

    name: str
    titles: dict[str, str]
    query: str

    @property
    def title(self) -> str:
        """Its title in the language of the request."""
        return self.titles.get(lang()) or self.titles.get("en") or self.name


@cache
def examples(folder: Path = ONTOLOGY / "examples") -> tuple[Example, ...]:
    """All examples, by file name."""
    return tuple(_read(path) for path in sorted(folder.glob("*.rq")))


def _read(path: Path) -> Example:
    query = path.read_text(encoding="utf-8")
    return Example(path.stem, dict(_TITLE.findall(query)), query)
