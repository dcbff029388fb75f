"""Versions as people write and say them, as names have them: llama31, 라마쓰리 and 라마 삼점일.

A number is read as a version only where something is called by the name before it and that version;
what is called as it was typed stays, so that 큐원 (Qwen) ends in no 원 (one).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from kg.language.numerals import SPOKEN, read_version
from kg.language.ordinary import is_word
from kg.language.tokens import key

# Case is left aside in the Latin parts alone: a class of Hangul without case takes a millisecond to compile.
_NAME = r"(?<![A-Za-z0-9가-힣])(?P<name>[A-Za-z]{2,}|[가-힣]{2,}?)"
_SPOKEN = rf"(?i:{SPOKEN})"
_PARTICLE = r"(?=$|[^가-힣]|(?:은|는|이|가|을|를|의|로|도|와|과|에|보다|랑|하고)(?![가-힣]))"
_TWO_DIGITS = re.compile(
    rf"{_NAME}(?P<gap>[ _-]?)(?P<whole>[1-9])(?P<part>[0-9])(?![.,:]?[0-9A-Za-z])"
)
_WORDED = re.compile(rf"{_NAME}(?P<gap>[ _-])(?P<said>{_SPOKEN}){_PARTICLE}")
_JOINED = re.compile(rf"{_NAME}(?P<gap>)(?P<said>{_SPOKEN}){_PARTICLE}")
_LABELED = re.compile(
    rf"{_NAME}(?P<gap>[ _-]?)(?i:버전|버젼|브이|version|ver\.?)[ _]?(?P<said>\d+(?:\.\d+)*|{_SPOKEN})"
    rf"{_PARTICLE}"
)
_GLUED = re.compile(r"([A-Za-z]{2,})([0-9]+(?:\.[0-9]+)*[A-Za-z]?)")
_OFTENER = 10  # times that things are called 2.5 for 25 to mean it
_RUN = re.compile("[가-힣]+")
_IS_PARTICLE = ("이", "일")  # 이 behind a word marks it as the subject, 일 is a day or work


class Versions:
    """Reads versions by what one index calls things.

    Args:
        glossary: words that mean the same.
        frequency: of a term in a field.
    """

    def __init__(self, glossary: Mapping[str, str], frequency: Callable[[str, str], int]) -> None:
        self._glossary, self._frequency = glossary, frequency

    def spelled(self, text: str) -> str:
        """A text with its versions as names have them."""
        for pattern, read in (
            (_LABELED, self._labeled),
            (_WORDED, self._worded),
            (_JOINED, self._worded),
            (_TWO_DIGITS, self._pointed),
            (_GLUED, self._loosened),
        ):
            text = pattern.sub(read, text)
        return text

    def _labeled(self, match: re.Match[str]) -> str:
        """라마 버전 2 as 라마 2."""
        said = match["said"]
        version = read_version(said) or said
        return self._told(match, version)

    def _worded(self, match: re.Match[str]) -> str:
        """라마 투 and 라마쓰리 as 라마 2 and 라마 3."""
        said, glued = match["said"], not match["gap"]
        if said in _IS_PARTICLE and (glued or match.end() < len(match.string)):
            return match[0]
        run = _RUN.match(match.string, match.start("said"))
        if run and run[0] != said and is_word(run[0]):
            return match[0]  # 사과 is an apple, no 4 with a particle
        if glued and (match["name"].isascii() or self._is_name(match[0])):
            return match[0]
        version = read_version(said)
        if "." in version and not glued:
            return f"{match['name']} {version}"  # 삼점오 is 3.5 whatever is before it
        return self._told(match, version)

    def _pointed(self, match: re.Match[str]) -> str:
        """llama31 as llama 3.1, where next to nothing is called 31."""
        whole, pointed = match["whole"] + match["part"], f"{match['whole']}.{match['part']}"
        if self._often(match["name"], whole) * _OFTENER > self._often(match["name"], pointed):
            return match[0]
        return self._told(match, pointed)

    def _loosened(self, match: re.Match[str]) -> str:
        """gemma5 as gemma 5 where nothing is called gemma5 and something gemma."""
        if self._called(match[0].lower()) or not self._frequency("name", match[1].lower()):
            return match[0]
        return f"{match[1]} {match[2]}"

    def _told(self, match: re.Match[str], version: str) -> str:
        has = version and self._often(match["name"], version)
        return f"{match['name']} {version}" if has else match[0]

    def _often(self, name: str, version: str) -> int:
        """How many things are called by a name with a version behind it."""
        word = key(name)
        forms = {word, self._glossary.get(word, word)}
        return max(self._called(f"{form}{version}") for form in forms)

    def _is_name(self, text: str) -> bool:
        return key(text) in self._glossary or self._called(text.lower()) > 0

    def _called(self, term: str) -> int:
        return max(self._frequency(field, term) for field in ("name", "alias"))
