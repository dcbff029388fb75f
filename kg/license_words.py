"""Values of clauses as people read them."""

from __future__ import annotations

from typing import Any

from kg.terms import Clause, Kind

_TARGETS = {
    "any": {"en": "any other model", "ko": "다른 모든 모델"},
    "llm": {"en": "other language models", "ko": "다른 언어 모델"},
    "competing": {"en": "competing models", "ko": "경쟁 모델"},
}
_EXCEPT = {"en": "except its own family", "ko": "같은 계열 제외"}
_MEASURED = {
    "release": {"en": "on the release date", "ko": "출시일 기준"},
    "current": {"en": "now", "ko": "현재 기준"},
}


def value_text(kind: Kind, value: Any, lang: str) -> str | None:
    """A clause's value in words, None if it has none."""
    if value is None:
        return None
    match kind.value:
        case "limit":
            return _limit(kind, value, lang)
        case "targets":
            words = _TARGETS[str(value["targets"])][lang]
            return words + (f", {_EXCEPT[lang]}" if value.get("except") == "family" else "")
        case "list":
            return ", ".join(map(str, value))
    return str(value)


def _limit(kind: Kind, value: Any, lang: str) -> str:
    given = value if isinstance(value, dict) else {"over": value}
    number = f"{given['over']:,}"
    if kind.asks and kind.asks.field == "revenue":
        currency = given.get("currency", "USD")
        number = f"US${number}" if currency == "USD" else f"{currency} {number}"
    measured = _MEASURED.get(given.get("measured", ""), {}).get(lang)
    return f"{number} ({measured})" if measured else number


def why(kind: Kind, clause: Clause, lang: str) -> str:
    """What a clause asks, in one sentence."""
    return _filled(kind.why, kind, clause, lang)


def change(kind: Kind, clause: Clause, lang: str) -> str | None:
    """What would change the answer, if anything would."""
    return _filled(kind.change, kind, clause, lang) if kind.change else None


def _filled(text: dict[str, str], kind: Kind, clause: Clause, lang: str) -> str:
    value = value_text(kind, clause.value, lang) or ""
    return text.get(lang, text["en"]).replace("{value}", value)
