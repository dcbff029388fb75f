"""The saved queries of ontology/examples: a title in each language, keywords, the query."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from kg.model.vocabulary import PREFIXES
from kg.paths import ONTOLOGY

_HEAD = re.compile(r"^#\s*(en|ko|keywords):\s*(.+)$", re.MULTILINE)
_FORM = re.compile(r"^\s*(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.MULTILINE | re.IGNORECASE)
Form = Literal["select", "ask", "construct", "describe"]


class Example(NamedTuple):
    """A saved query."""

    name: str
    titles: dict[str, str]  # by language
    keywords: tuple[str, ...]
    query: str

    @property
    def form(self) -> Form:
        """Its query form."""
        found = _FORM.search(self.query)
        assert found, f"{self.name} is no query"
        return found[1].lower()  # type: ignore[return-value]

    def titled(self, lang: str) -> str:
        """The query below its title in one language."""
        return f"# {self.titles[lang]}\n{_HEAD.sub('', self.query).lstrip()}"

    def portable(self, base: str) -> str:
        """The query with its base and prefixes written out, as clients elsewhere need it."""
        used = [p for p in PREFIXES if re.search(rf"(?<![\w<]){p}:", self.query)]
        head = [f"PREFIX {p}: <{PREFIXES[p]}>" for p in used]
        return "\n".join([f"BASE <{base}>", *head, self.query])


@cache
def examples(folder: Path = ONTOLOGY / "examples") -> tuple[Example, ...]:
    """All saved queries, by file name."""
    return tuple(_read(path) for path in sorted(folder.glob("*.rq")))


def _read(path: Path) -> Example:
    query = path.read_text(encoding="utf-8")
    head = dict(_HEAD.findall(query))
    keywords = tuple(word.strip() for word in head.pop("keywords", "").split(",") if word.strip())
    return Example(path.stem, head, keywords, query)
