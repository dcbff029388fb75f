"""What clauses say, as people write it in either language.

The sentences stand in data/licenses/kinds.yaml, each with `{value}` where the value of a clause goes;
Korean for short English phrases stands in data/licenses/phrases.yaml.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from babel import Locale
from babel.numbers import get_currency_name

from kg.files.yaml import catalog
from kg.language.numbers import large, number
from kg.licenses.terms import Clause, ClauseKind, Reading, Use
from kg.messages.message import Message, mark, particles, translate
from kg.model.claim import is_id
from kg.paths import DATA

Named = Callable[[str], str]  # the name of an entity, by its id

PHRASES = DATA / "licenses" / "phrases.yaml"
_TARGETS = {
    "any": mark("any other model"),
    "llm": mark("other language models"),
    "competing": mark("competing models"),
}
# As they are said after a number; the CLDR has them with their country, 일본 엔화.
_CURRENCIES = {"USD": "달러", "EUR": "유로", "JPY": "엔", "CNY": "위안", "KRW": "원"}
_MEASURED = {
    "release": mark("counted on the release date"),
    "current": mark("counted now"),
}
_PERIODS = {"year": mark("a year"), "month": mark("a month")}


def phrases(part: str = "uses") -> Mapping[str, str]:
    """Korean by English: `uses` that are barred, or `places` in a text."""
    return catalog(PHRASES).get(part, {})


def place_words(section: str, lang: str) -> str:
    """Where in a license a sentence stands.

    >>> place_words("2(a)(1)", "ko")
    '§ 2(a)(1)'
    """
    if section[:1].isdigit():
        return f"§ {section}"
    return phrases("places").get(section, section) if lang == "ko" else section


@cache
def territory(code: str, lang: str) -> str:
    """The name of a country or the European Union, or "" if the code is none.

    >>> territory("KR", "en"), territory("EU", "ko"), territory("weapons", "en")
    ('South Korea', '유럽 연합', '')
    """
    return Locale.parse(lang).territories.get(code, "") if len(code) == 2 else ""


def spoken(kind: ClauseKind, value: Any, lang: str, name: Named = str) -> list[str]:
    """The parts of a clause's value as people say them.

    Args:
        kind: of the clause.
        value: its value.
        lang: en or ko.
        name: gives the name of an entity the value mentions.
    """
    if value is None or kind.value == "none":
        return []
    match kind.value:
        case "limit":
            return [_amount(kind, _limit(value), lang)]
        case "targets":
            words = translate(_TARGETS[str(value["targets"])], lang=lang)
            if value.get("except") == "family":
                words = Message("%(models)s, except its own family", models=words).text(lang)
            return [words]
        case "list":
            return [name(one) if is_id(one) else part_words(one, lang) for one in map(str, value)]
    return [str(value)]


def value_text(kind: ClauseKind, value: Any, lang: str) -> str | None:
    """A clause's value in one text, a list as the data has it; None if there is none."""
    parts = map(str, value) if kind.value == "list" and value else spoken(kind, value, lang)
    said, measured = ", ".join(parts), _counted(kind, value, lang)
    return (f"{said}{_bracketed(measured, lang)}" if measured else said) or None


def _bracketed(text: str, lang: str) -> str:
    """What stands in brackets behind something; in Korean no space parts them."""
    return f"({text})" if lang == "ko" else f" ({text})"


def left_out(kind: ClauseKind, value: Any) -> list[str]:
    """The parts of a clause's value that its sentence does not hold, as the data has them."""
    if value is None or kind.value == "none" or "{value}" in kind.why["en"]:
        return []
    return [str(one) for one in (value if kind.value == "list" else [value])]


def _measured(kind: ClauseKind, value: Any, lang: str) -> str:
    """When what a limit is on is counted."""
    said = _limit(value).get("measured") if kind.value == "limit" and value is not None else None
    return translate(_MEASURED[said], lang=lang) if said else ""


def _counted(kind: ClauseKind, value: Any, lang: str) -> str:
    """How what a limit is on is counted, where it is not said with the number."""
    if kind.value == "limit" and isinstance(value, dict) and "per" in value:
        return _period(value, lang)
    return _measured(kind, value, lang)


def part_words(text: str, lang: str) -> str:
    """A part of a value as people say it: the name of a place, the Korean of a phrase."""
    return territory(text, lang) or (phrases().get(text, text) if lang == "ko" else text)


def _limit(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {"over": value}


def _period(value: Any, lang: str) -> str:
    """What the sums are counted over that a limit is on."""
    return translate(_PERIODS[_limit(value).get("per", "year")], lang=lang)


def _amount(kind: ClauseKind, limit: Mapping[str, Any], lang: str) -> str:
    over = int(limit["over"])
    written = large(over, lang) if lang == "ko" else number(over, lang)
    if not (kind.asks and kind.asks.field == "revenue"):
        return written
    currency = limit.get("currency", "USD")
    if lang == "ko":
        return f"{written} {_CURRENCIES.get(currency) or get_currency_name(currency, locale='ko')}"
    return f"US${written}" if currency == "USD" else f"{currency} {written}"


def why(kind: ClauseKind, clause: Clause, lang: str, name: Named = str) -> str:
    """What a clause asks, in one sentence; `name` as in `spoken`."""
    return _filled(kind.why, kind, clause, lang, name)


def change(
    kind: ClauseKind, clause: Clause, lang: str, name: Named = str, use: Use = "commercial"
) -> str | None:
    """What would change the answer on a use, if anything would; `name` as in `spoken`."""
    texts = kind.changes.get(use, kind.change)
    return _filled(texts, kind, clause, lang, name) if texts else None


def duty(kind: ClauseKind, clause: Clause, lang: str, name: Named = str) -> str:
    """What a clause asks to be done, as a line of a checklist; "" if it asks nothing of that kind."""
    texts = (clause.pass_on and kind.duty_passed_on) or kind.duty
    return _filled(texts, kind, clause, lang, name) if texts else ""


def gap(kind: ClauseKind, things: str, lang: str) -> str:
    """What is not known of some things, in one sentence.

    Args:
        kind: of the group `unknown`.
        things: their names, or how many they are.
        lang: en or ko.
    """
    texts = kind.gap or kind.why
    text = texts.get(lang, texts["en"]).replace("{things}", things)
    return particles(text) if lang == "ko" else text


def _filled(
    texts: Mapping[str, str], kind: ClauseKind, clause: Clause, lang: str, name: Named
) -> str:
    text = texts.get(lang, texts["en"])
    if "{value}" not in text:
        return text
    value = ", ".join(spoken(kind, clause.value, lang, name))
    if "가" <= value[-1:] <= "힣":  # 7억 명, but 5,000명
        text = text.replace("{value}명", "{value} 명")
    sentence = text.replace("{value}", value)
    if "{period}" in sentence:
        sentence = sentence.replace("{period}", _period(clause.value, lang))
    if measured := _measured(kind, clause.value, lang):
        end = "." * sentence.endswith(".")
        sentence = f"{sentence.removesuffix('.')}{_bracketed(measured, lang)}{end}"
    return particles(sentence) if lang == "ko" else sentence


MARKS = {"allowed": "✓", "conditional": "~", "unknown": "?", "contested": "!", "prohibited": "✗"}


_WORDS = {
    "commercial": mark("commercial use"),
    "redistribute": mark("redistribution"),
    "train-on-outputs": mark("training on its outputs"),
    "relicense": mark("relicensing"),
    "allowed": mark("allowed"),
    "conditional": mark("allowed with conditions"),
    "unknown": mark("not known"),
    "contested": mark("contested"),
    "prohibited": mark("prohibited"),
    "weights": mark("weights"),
    "data": mark("data"),
    "file": mark("adapter file alone"),
    "1": mark("the text says so"),
    "2": mark("conservative reading"),
    "3": mark("unsettled law"),
    "texts": mark("license texts"),
    "read-full": mark("read in full"),
    "read-part": mark("read only in part"),
    "read-summary": mark("only a summary of the text was read"),
    "read-label": mark("only the name is known"),
    "consistent": mark("carries all that was inherited"),
    "adds": mark("adds restrictions"),
    "drops-paperwork": mark("drops paperwork"),
    "drops-substance": mark("drops terms of substance"),
    "unsatisfiable": mark("no license can satisfy all parents"),
    "undeclared": mark("none is declared"),
    "cannot-tell": mark("cannot be compared"),
    "declared": mark("declared license"),
    "drops": mark("not carried"),
    "satisfy": mark("would satisfy"),
    "change": mark("what would change the answer"),
    "duties": mark("what you must do:"),
    "duties-if": mark("what you must do in any use that is allowed:"),
    "unknown-things": mark("what is not known:"),
    "paperwork": mark("paperwork"),
    "sets": mark("if one claim held"),
    "overruled": mark("overruled by a better source; if it held all the same"),
    "differs": mark("what differs:"),
    "same": mark("Nothing differs."),
    "clash": mark("cannot all be kept"),
    "disputed": mark("rests on a claim that others contradict"),
    "without": mark("without"),
    "uncounted": mark("not counted"),
    "guessed": mark("from a parent that only a rule infers"),
    "without-guess": mark("without the parent that a rule infers"),
    "advice": mark("This is not legal advice."),
}


@cache
def words_in(lang: str) -> Mapping[str, str]:
    """All of these words in a language."""
    return {name: translate(word, lang=lang) for name, word in _WORDS.items()}


def sure_words(tier: int, read: Reading | None, lang: str) -> str:
    """How sure a clause is: by its tier; of a text that was not read in full, how it was read.

    >>> sure_words(1, "full", "en"), sure_words(2, "part", "en"), sure_words(3, "part", "en")
    ('the text says so', 'read only in part', 'unsettled law')
    """
    unread = read in ("part", "summary", "label") and tier < 3
    return words_in(lang)[f"read-{read}" if unread else str(tier)]


def verdict_word(name: str, lang: str = "en") -> str:
    """A verdict or a use in words.

    >>> verdict_word("prohibited"), verdict_word("prohibited", "ko")
    ('prohibited', '금지')
    """
    return words_in(lang)[name]
