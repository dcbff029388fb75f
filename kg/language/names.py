"""Names of models, families, organizations and datasets taken apart, to tell whether two are one name.

A name is words, numbers and sizes: `Llama-2-7b-chat-hf` is llama chat hf, 2 and 7B. Two names of one
thing differ in spaces, case, spelling or script, or by words that tell nothing; names that differ by
a number, a size or a word such as `chat` name two things.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein

from kg.language.folding import SIZE, read_sizes
from kg.language.sounds import romanized, skeleton

# Words that tell nothing apart, by kind; the words of a maker's name are added by who compares.
FILLERS = {
    "model": frozenset(
        "the model llm lm language hf huggingface weights checkpoint ver version and "
        "ai params parameters parameter billion released original official series".split()
    ),
    "family": frozenset("the model models llm lm family series language and ai".split()),
    "org": frozenset(
        "the inc corp corporation co ltd llc gmbh company ai labs lab laboratory laboratories org organization "
        "community team group technologies technology of and for 주식회사 주 연구소 팀 커뮤니티".split()
    ),
    "dataset": frozenset(
        "the dataset data set corpus collection and ver version 데이터셋 데이터".split()
    ),
}
_NONE: frozenset[str] = frozenset()

# A step of training or a form of storage: with such a word a name means another model.
VARIANTS = frozenset(
    "chat instruct instruction it inst sft dpo rlhf ppo base pretrained pt lora qlora adapter delta gguf "
    "ggml gptq awq exl2 int4 int8 fp8 fp16 bf16 4bit 8bit bnb code coder math vision vl audio vlm reward "
    "rm embedding mini small medium large xl xxl xlarge tiny nano micro pro plus max ultra turbo lite "
    "flash light preview thinking reasoning distill distilled distil long moe en zh ko de fr ja multilingual "
    "research guard api cased uncased zero dev edge omni sparse dense turbo next air preview".split()
)
_WEAK = frozenset(("university", "대학교", "대학"))
_FIRST = frozenset(("0", "1", "0.1"))  # a first version often goes without its number
_WORD = re.compile(r"[가-힣]+|[^\W\d_가-힣]+|\d+(?:\.\d+)*")
_PLUS = re.compile(r"(?<=[a-z\d])\+(?![a-z\d])")  # Command R+, CodeT5+-16B
_DAY = re.compile(r"(20\d\d)[-.](\d\d)[-.](\d\d)(?!\d)")
_VERSION = re.compile(r"(?<![^\W\d_])v[.\s]?(?=\d)")
_DECIMAL = re.compile(r"(?<=\d)[-_](?=\d(?!\d))")  # claude-3-5-sonnet
_ROUND = re.compile(r"(\.0)+$")
_LEGAL = re.compile(r"\((주|유|재|사)\)|㈜|주식회사")


class ParsedName(NamedTuple):
    """A name taken apart."""

    words: tuple[str, ...]  # small letters, in order, numbers left out
    numbers: tuple[str, ...]
    sizes: tuple[int, ...]  # parameters; experts times size for 8x7B
    joined: str  # words and numbers in order, without what parts them

    @property
    def hangul(self) -> bool:
        """Whether it is written in Hangul."""
        return bool(re.search("[가-힣]", self.joined))


def spellings(text: str, kind: str = "model") -> list[str]:
    """The names in a text: the words in parentheses may be the name again, in another script or short.

    >>> spellings("Mi:dm (믿:음)"), spellings("(주)퀀텀아이"), spellings("Open Assistant (Pythia)")
    (['Mi:dm', '믿:음'], ['퀀텀아이'], ['Open Assistant (Pythia)'])
    >>> spellings("Technology Innovation Institute (TII)", "org")
    ['Technology Innovation Institute', 'TII']
    """
    text = _LEGAL.sub(" ", unicodedata.normalize("NFKC", text)).strip()
    if "(" not in text and "/" not in text:  # most
        return [text]
    match = re.fullmatch(r"([^()]+?)\s*(?:\(([^()]+)\)|\s/\s([^()/]+))\s*", text)
    if not match:
        return [text]
    parts = [match[1], (match[2] or match[3]).strip()]
    scripts = {bool(re.search("[가-힣]", part)) for part in parts}
    return parts if len(scripts) > 1 or kind in ("org", "dataset") else [text]


def read_name(text: str, kind: str = "model") -> ParsedName:
    """Take a name apart.

    Args:
        text: the name, or the last part of a Hub id.
        kind: whose name it is; only models and families have sizes.

    >>> read_name("Llama-2-7b-chat-hf")
    ParsedName(words=('llama', 'chat'), numbers=('2',), sizes=(7000000000,), joined='llama2chat')
    >>> read_name("dolly v2.0 12B").joined, read_name("dlite-v2-1_5b").sizes
    ('dolly2', (1500000000,))
    >>> read_name("Eleuther AI", "org").joined, read_name("The Pile", "dataset").joined
    ('eleuther', 'pile')
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = _PLUS.sub(" plus ", folded)
    sizes: tuple[int, ...] = ()
    if kind in ("model", "family"):
        sizes = read_sizes(folded)
        folded = SIZE.sub(" ", folded)
    folded = _DAY.sub(r"\1\2\3", folded.replace("'s", "").replace(":", ""))
    folded = _DECIMAL.sub(".", _VERSION.sub(" ", folded))
    parts = _WORD.findall(folded)
    fillers = FILLERS.get(kind, _NONE)
    kept = [
        _ROUND.sub("", part) if part.endswith(".0") else part
        for part in parts
        if part not in fillers
    ] or parts
    words = tuple(part for part in kept if not part[0].isdigit())
    numbers = tuple(part for part in kept if part[0].isdigit())
    return ParsedName(words, numbers, sizes, "".join(kept))


def without(name: ParsedName, words: frozenset[str]) -> ParsedName:
    """A name without words that tell nothing here, such as its maker's; itself if nothing is left.

    >>> without(read_name("Stanford Alpaca"), frozenset({"stanford"})).joined
    'alpaca'
    """
    kept = tuple(word for word in name.words if word not in words)
    if not kept or len(kept) == len(name.words):
        return name
    joined = name.joined
    for word in name.words:
        if word in words:
            joined = joined.replace(word, "", 1)
    return name._replace(words=kept, joined=joined)


def undated(name: ParsedName, date: str) -> ParsedName:
    """A name without the day of its first version, as in `gpt-4o-2024-05-13`, if that is near a date.

    >>> undated(read_name("gpt-4o-2024-05-13"), "2024-05-13").joined
    'gpt4o'
    >>> undated(read_name("gpt-4o-2024-08-06"), "2024-05-13").joined
    'gpt4o20240806'
    """
    day = next((n for n in name.numbers if len(n) == 8 and _days_apart(n, date) <= 31), "")
    if not day:
        return name
    numbers = tuple(number for number in name.numbers if number != day)
    return name._replace(numbers=numbers, joined=name.joined.replace(day, "", 1))


def _days_apart(day: str, date: str) -> int:
    try:
        return abs((dt.date.fromisoformat(day) - dt.date.fromisoformat(date)).days)
    except ValueError:  # a number that is no day, or a date without one
        return 10**6


def likeness(left: ParsedName, right: ParsedName) -> tuple[float, str]:
    """How alike two names are from 0 to 1, sizes aside, and in what.

    >>> likeness(read_name("GPT-NeoX-20B"), read_name("gpt neox"))
    (1.0, 'the same name')
    >>> likeness(read_name("알파카"), read_name("Alpaca"))[0] > 0.8
    True
    >>> likeness(read_name("Llama 2"), read_name("Llama 3"))
    (0.0, 'one says 2, the other 3')
    >>> likeness(read_name("Vicuna"), read_name("Vicuna chat"))[1]
    'only one says chat'
    """
    if left.joined == right.joined:
        return 1.0, "the same name"
    if set(left.words) == set(right.words) and sorted(left.numbers) == sorted(right.numbers):
        return 0.95, "the same words"
    if left.hangul != right.hangul:
        return _sounds_alike(left, right)
    odd = set(left.numbers) ^ set(right.numbers)
    if odd:
        return _numbered(left, right)
    return _worded(left, right)


def _sounds_alike(left: ParsedName, right: ParsedName) -> tuple[float, str]:
    heard = skeleton("".join(left.words)), skeleton("".join(right.words))
    if heard[0] != heard[1] or len(heard[0]) < 2 or set(left.numbers) != set(right.numbers):
        return 0.0, "names in two scripts that do not sound alike"
    close = fuzz.ratio(romanized(left.joined), romanized(right.joined)) / 100
    return round(0.25 + 0.75 * close, 3), "names in two scripts that sound alike"


def _numbered(left: ParsedName, right: ParsedName) -> tuple[float, str]:
    mine, theirs = set(left.numbers) - set(right.numbers), set(right.numbers) - set(left.numbers)
    if mine and theirs:
        return 0.0, f"one says {' '.join(sorted(mine))}, the other {' '.join(sorted(theirs))}"
    odd = mine | theirs
    text = f"only one says {' '.join(sorted(odd))}"
    if set(left.words) != set(right.words):
        return 0.0, text
    return (0.75 if odd <= _FIRST else 0.35), text


def _worded(left: ParsedName, right: ParsedName) -> tuple[float, str]:
    mine, theirs = set(left.words) - set(right.words), set(right.words) - set(left.words)
    odd = mine | theirs
    if mine and theirs:
        text = f"one says {' '.join(sorted(mine))}, the other {' '.join(sorted(theirs))}"
        slip = not odd & VARIANTS and _slip(left.joined, right.joined)
        return (0.8 if slip else 0.1), text
    text = f"only one says {' '.join(sorted(odd))}"
    if odd & VARIANTS:
        return 0.25, text
    if odd <= _WEAK:
        return 0.85, text
    return round(0.6 * (1 - len(odd) / len({*left.words, *right.words})), 3), text


def _slip(left: str, right: str) -> bool:
    """Whether two long words differ by one letter inside, as RMKV and RWKV in KoRWKV do."""
    inside = left[:2] == right[:2] and left[-1] == right[-1] and min(len(left), len(right)) > 5
    return inside and DamerauLevenshtein.distance(left, right) == 1
