"""Language codes and English names of languages to ids, by Unicode CLDR as Babel carries it.

The id is `language/` and the English name, as in curated data: language/english, language/korean.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from babel import Locale
from babel.core import get_global
from babel.localedata import locale_identifiers

from kg.language.memo import remembered

_NONE = frozenset({"mul", "und", "zxx", "root"})  # not a language: ISO 639-2 says so


class Language(NamedTuple):
    """A language: its id and its names."""

    id: str
    names: Mapping[str, str]  # by language: en, ko
    exact: bool  # whether the text named no region or script besides


@remembered
def find_language(text: str) -> Language | None:
    """The language that a code, a tag or an English name stands for; None if none is known.

    >>> find_language("ko").id, find_language("no").id, find_language("pt-BR").id
    ('language/korean', 'language/norwegian', 'language/portuguese')
    >>> find_language("Korean").id, find_language("한국어").id, find_language("kor").id
    ('language/korean', 'language/korean', 'language/korean')
    >>> find_language("code"), find_language("multilingual"), find_language("Deutsch").id
    (None, None, 'language/german')
    """
    code = text.strip().casefold().replace("_", "-")
    known = _by_name().get(code) or _known(code) or _named_by_itself(code)
    if known:
        return _language(known, exact=True)
    base = re.match(r"([a-z]{2,3})-[a-z0-9-]+", code)
    found = _known(base[1]) if base else ""
    return _language(found, exact=False) if found else None


def _known(code: str) -> str:
    code = get_global("language_aliases").get(code, code)
    return code if code in _names("en") and code not in _NONE else ""


def _language(code: str, exact: bool) -> Language:
    name = _names("en")[code]
    korean = _names("ko").get(code)
    names = {"en": name} | ({"ko": korean} if korean else {})
    slug = re.sub(r"[^\w]+", "-", name.casefold()).strip("-")
    return Language(f"language/{slug}", names, exact)


@cache
def _names(lang: str) -> Mapping[str, str]:
    return {code: str(name) for code, name in Locale(lang).languages.items() if "_" not in code}


@cache
def _by_name() -> Mapping[str, str]:
    """English and Korean names."""
    return {
        name.casefold(): code
        for lang in ("ko", "en")
        for code, name in _names(lang).items()
        if code not in _NONE
    }


def _named_by_itself(text: str) -> str:
    return _own_names().get(text, "") if len(text) > 1 and not text.isdecimal() else ""


@cache
def _own_names() -> Mapping[str, str]:
    """What languages are called in themselves, of those whose name no other language has."""
    codes = [code for code in locale_identifiers() if "_" not in code and code in _names("en")]
    named = [(str(Locale(code).languages.get(code, "")).casefold(), code) for code in codes]
    counts = Counter(name for name, _ in named)
    return {name: code for name, code in named if name and counts[name] == 1}


def split_languages(text: str) -> list[str]:
    """The languages of one text, parted by commas, slashes and words for `and`.

    >>> split_languages("ko, en"), split_languages("한국어/영어"), split_languages("pt-BR")
    (['ko', 'en'], ['한국어', '영어'], ['pt-BR'])
    """
    parts = re.split(r"\s*[,;/|、·+&]\s*|\s+(?:and|및|와|과)\s+", text.strip())
    return [part for part in parts if part]
