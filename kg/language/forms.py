"""One form for a text, however a keyboard, a file system or a page on the web wrote it.

macOS hands out Hangul as letters (알 as ᄋ, ᅡ, ᆯ), old terminals write full and half width, pages hide
soft hyphens and spaces of no width in words. Forms follow the Unicode Standard (NFKC, Annex 15), but
for the letters of Hangul that stand alone: ㅇㅍㅋ stays what a keyboard gives for it. Whatever a person
typed goes through `readable`, whatever is searched through `plain_places`, and both end in one form.
"""

from __future__ import annotations

import re
import unicodedata

from kg.language.hangul import JAMO, compose_letters

# Marks and letters that stand behind another: accents, the vowels and tails of decomposed Hangul.
_CLUSTER = re.compile(
    ".[\u0300-\u036f\u1160-\u11ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f]*",
    re.DOTALL,
)
_FILLERS = "\u034f\u115f\u1160\u180b-\u180f\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef"
_HIDDEN = re.compile(f"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff{_FILLERS}]")
_ODD = re.compile(
    f"[{_FILLERS}\u00ad\u200b-\u200f\u2010\u2011\u202a-\u202e\u2060-\u206f\u2212\ufeff]"
)
_HYPHENS = {"\u2010": "-", "\u2011": "-", "\u2212": "-"}
_DASH = re.compile(r"(?<=\w)[\u2013\u2014](?=\w)")
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»「」『』", '"'))
_UNREADABLE = ("Cc", "Cf", "Cn", "Co", "Cs")  # categories of Unicode
_ALONE = {unicodedata.normalize("NFKC", letter): letter for letter in JAMO}
_ALONE |= {
    chr(0x11A8 + i): letter
    for i, letter in enumerate("ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
}


def plain(text: str) -> str:
    """A text in the form that names are compared in.

    >>> plain(unicodedata.normalize("NFD", "알파카")), plain("Ｌｌａｍａ\\u200b２"), plain("ㅇㅍㅋ")
    ('알파카', 'Llama2', 'ㅇㅍㅋ')
    """
    return text if _is_plain(text) else "".join(map(_form, _CLUSTER.findall(text)))


def plain_places(text: str) -> tuple[str, list[tuple[int, int]]]:
    """A text in that form, and for each of its characters where it stands in the text as written.

    The places are empty where both are the same.

    >>> plain_places(unicodedata.normalize("NFD", "라마"))
    ('라마', [(0, 2), (2, 4)])
    """
    if _is_plain(text):
        return text, []
    parts = [(_form(match[0]), match.span()) for match in _CLUSTER.finditer(text)]
    return "".join(form for form, _ in parts), [span for form, span in parts for _ in form]


def readable(text: str) -> str:
    """What a person typed, on one line as engines can take it.

    No half characters, no control or direction marks; letters of Hangul one by one become syllables.

    >>> readable("라마\\u202e\\x00 2"), readable("ㅇㅏㄹㅍㅏㅋㅏ"), readable("“라마” 7B–13B")
    ('라마 2', '알파카', '"라마" 7B-13B')
    """
    if text.isascii() and text.isprintable():
        return text
    whole = plain(text.encode("utf-8", "replace").decode())
    kept = (c for c in whole if c.isspace() or unicodedata.category(c) not in _UNREADABLE)
    line = "".join(" " if c.isspace() else c for c in kept)
    return compose_letters(_DASH.sub("-", line).translate(_QUOTES))


def _is_plain(text: str) -> bool:
    return text.isascii() or (unicodedata.is_normalized("NFKC", text) and not _ODD.search(text))


def _form(cluster: str) -> str:
    if cluster.isascii() or cluster in JAMO:
        return cluster
    shown = _HIDDEN.sub("", cluster)
    form = unicodedata.normalize("NFKC", _HYPHENS.get(shown, shown))
    return "".join(_ALONE.get(letter, letter) for letter in form)
