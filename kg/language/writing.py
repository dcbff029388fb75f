"""How names and texts are written: the order people expect, their form in an id, their language."""

from __future__ import annotations

import re
import unicodedata

_HANGUL = re.compile("[가-힣]")
_LATIN = re.compile("[A-Za-z]{2}")


def natural(text: str) -> list[tuple[int, str]]:
    """A key that sorts 7B before 13B.

    >>> sorted(["LLaMA 13B", "LLaMA 7B"], key=natural)
    ['LLaMA 7B', 'LLaMA 13B']
    """
    parts = re.split(r"(\d{1,9})", text.casefold())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def slug(name: str) -> str:
    """A name as part of an id; names that differ only by case or punctuation share it.

    >>> slug("Llama 2 (7B)"), slug("(주)퀀텀아이"), slug("Command R+")
    ('llama-2-7b', '주-퀀텀아이', 'command-r-plus')
    """
    text = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[^\w.]+", "-", text.replace("+", "-plus-")).strip("-._")[:120] or "unnamed"


def language_of(text: str) -> str:
    """The language a text of unknown language is written in, or "" for a mere name or number.

    >>> language_of("알파카 모델"), language_of("fine-tuned"), language_of("52")
    ('ko', 'en', '')
    """
    return "ko" if _HANGUL.search(text) else "en" if _LATIN.search(text) else ""
