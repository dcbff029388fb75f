"""What a clause says, in words: numbers, places and phrases as people of either language write them.

The sentences stand in data/licenses/kinds.yaml with the bare value of the clause in them; here the value
is put in as it is read aloud. Korean for short phrases stands in data/licenses/phrases.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from babel import Locale
from babel.numbers import get_currency_name

from kg.license_words import value_text
from kg.model import is_id
from kg.paths import DATA
from kg.reader import Snapshot
from kg.terms import Clause, Kind
from kg.yamlfile import read_yaml
from web.context import lang
from web.facts import web_address
from web.i18n import gettext, mark
from web.words import brief, number

PHRASES = DATA / "licenses" / "phrases.yaml"

TIERS: Mapping[int, str] = {
    1: mark("the text says so"),
    2: mark("read conservatively, the text is silent"),
    3: mark("unsettled law"),
}
_MEASURED: Mapping[str, str] = {
    "release": mark("counted on the release date"),
    "current": mark("counted now"),
}


class Item(NamedTuple):
    """A value of a clause: plain, or a link to an entity or an address."""

    text: str
    id: str = ""
    url: str = ""
    lang: str = ""  # of the text, where it is not that of the page


class Wording(NamedTuple):
    """A clause in words."""

    why: str
    change: str
    items: tuple[Item, ...]  # what the sentence leaves out


@cache
def phrases(part: str = "uses") -> Mapping[str, str]:
    """Korean by English: `uses` that are barred, or `places` in a text."""
    found: Mapping[str, str] = read_yaml(PHRASES).data[part] if PHRASES.exists() else {}
    return found


def place(section: str) -> str:
    """Where in a license a sentence stands."""
    if section[:1].isdigit():
        return f"§ {section}"
    return phrases("places").get(section, section) if lang() == "ko" else section


def wording(snapshot: Snapshot, kind: Kind, clause: Clause, why: str, change: str = "") -> Wording:
    """A clause in words.

    Args:
        snapshot: where the names of what it mentions are from.
        kind: its kind.
        clause: the clause.
        why: its sentence as the engine gives it, in the language of the page.
        change: likewise, what would change its effect.
    """
    items = tuple(_items(snapshot, kind, clause.value))
    bare = value_text(kind, clause.value, lang()) or ""
    spoken = ", ".join(item.text for item in items[:1] if kind.value == "limit") or ", ".join(
        item.text for item in items)  # fmt: skip
    inside = bool(bare) and bare in why
    left = items[1:] if kind.value == "limit" else () if inside else items
    return Wording(_put(why, bare, spoken), _put(change, bare, spoken), left)


def _put(sentence: str, bare: str, spoken: str) -> str:
    if not bare:
        return sentence
    people = sentence.replace(f"{bare}명", f"{spoken} 명")  # 7억 명, but 700,000,000명
    return particles(people.replace(bare, spoken))


def _items(snapshot: Snapshot, kind: Kind, value: Any) -> list[Item]:
    if value is None:
        return []
    match kind.value:
        case "limit":
            return _limit(kind, value if isinstance(value, dict) else {"over": value})
        case "list":
            return [_item(snapshot, str(one)) for one in value]
        case "targets":
            return [Item(value_text(kind, value, lang()) or "")]
    text = str(value)
    return [Item(text, url=web_address(text))]


def _limit(kind: Kind, value: Mapping[str, Any]) -> list[Item]:
    over = int(value["over"])
    written = brief(over, "ko") if lang() == "ko" else number(over, "en")
    if kind.asks and kind.asks.field == "revenue":
        written = _money(written, over, value.get("currency", "USD"))
    measured = _MEASURED.get(value.get("measured", ""))
    return [Item(written), *([Item(gettext(measured))] if measured else [])]


def _money(written: str, amount: int, currency: str) -> str:
    if lang() == "ko":
        name = "달러" if currency == "USD" else get_currency_name(currency, locale="ko")
        return f"{written} {name}"
    return f"US${written}" if currency == "USD" else f"{currency} {number(amount, 'en')}"


def _item(snapshot: Snapshot, text: str) -> Item:
    if is_id(text):
        known = snapshot.lines.find(text) is not None
        return Item(snapshot.label(text, lang()), id=text if known else "")
    if country := territory(text):
        return Item(country)
    if lang() == "ko":
        korean = phrases().get(text)
        return Item(korean) if korean else Item(text, lang="en")
    return Item(text)


def territory(code: str) -> str:
    """The name of a country or the European Union, or "" if the code is none.

    >>> from flask import Flask
    >>> with Flask("x").app_context(): territory("KR"), territory("weapons")
    ('South Korea', '')
    """
    names: Mapping[str, str] = Locale.parse(lang()).territories
    return names.get(code, "") if len(code) == 2 else ""


# Particles that depend on the last sound: written for both, the one after a consonant first.
_PARTICLE = re.compile(r"([가-힣])([”\"’)]?)(\(으\)로|을\(를\)|와\(과\)|이\(가\)|은\(는\))")
_CHOICE = {"(으)로": ("으로", "로"), "을(를)": ("을", "를"), "와(과)": ("과", "와"),
           "이(가)": ("이", "가"), "은(는)": ("은", "는")}  # fmt: skip


def particles(sentence: str) -> str:
    """A Korean sentence with each particle in the form that suits the Hangul before it.

    >>> particles("네이버와(과) 경쟁, 10억 엔을(를) 넘으면, “라마”(으)로 시작")
    '네이버와 경쟁, 10억 엔을 넘으면, “라마”로 시작'
    """
    return _PARTICLE.sub(_chosen, sentence)


def _chosen(match: re.Match[str]) -> str:
    before, quote, particle = match.groups()
    final = (ord(before) - 0xAC00) % 28
    after_consonant, after_vowel = _CHOICE[particle]
    vowel = final == 0 or (particle == "(으)로" and final == 8)  # 로 follows ㄹ too
    return before + quote + (after_vowel if vowel else after_consonant)
