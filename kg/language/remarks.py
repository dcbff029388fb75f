"""Notes and reasons of claims in Korean; beside the claims they stand in English.

data/remarks.yaml has them: `whole` texts, and `patterns` with `{}` for what is taken over, for the notes
that importers write.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from kg.paths import DATA

REMARKS = DATA / "remarks.yaml"


def remarks(part: str) -> Mapping[str, str]:
    """Korean by English: `whole` texts or `patterns`."""
    from kg.files.yaml import catalog

    return catalog(REMARKS).get(part, {})


@lru_cache(4096)
def remark(text: str, lang: str) -> str:
    """A note or a reason in a language, as it was written where that is not known.

    >>> remark("as written: 6.7 (B); from the name", "ko")
    '원문 표기: 6.7 (B); 이름을 근거로 함'
    >>> remark("as written: 6.7 (B)", "en")
    'as written: 6.7 (B)'
    """
    if lang != "ko" or not text:
        return text
    whole = remarks("whole")
    return whole.get(text) or "; ".join(
        whole.get(part) or _filled(part) for part in text.split("; ")
    )


def _filled(part: str) -> str:
    for pattern, korean in _patterns():
        if found := pattern.fullmatch(part):
            return korean.format(*found.groups())
    return part


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    return [
        (re.compile("(.+)".join(map(re.escape, english.split("{}")))), korean)
        for english, korean in remarks("patterns").items()
    ]
