"""Text into search terms, the same way for documents and queries, Korean and English.

Each term keeps where it stands in the text, for highlighting. A Latin word also gives its parts
(KoAlpaca → ko, alpaca; 12.8b stays whole) and, with a version behind it, the two as one (llama 2 →
llama2). A Hangul word gives its stem without particles and its two-syllable pieces, which still
match when the stem is unknown.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from kg.language.folding import dotted
from kg.language.forms import plain, plain_places
from kg.language.numerals import said_sizes


class TextToken(NamedTuple):
    """A term and the part of the text it comes from."""

    term: str
    start: int
    end: int


RUN = re.compile(
    r"(?P<latin>[a-z0-9]+(?:\.[0-9]+[a-z]*)*)|(?P<hangul>[가-힣ㄱ-ㅎㅏ-ㅣ]+)|(?P<other>[^\W_]+?(?=[a-z0-9가-힣]|\W|_|$))",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"[A-Z]+(?=[A-Z][a-z]{2})|[A-Z]?[a-z]+|[A-Z]{2,}|[0-9.]+[A-Za-z]*")
_PART = re.compile(r"[a-z]+|[0-9]+(?:\.[0-9]+)*[a-z]*")
# Qwen-1_8B; in gemma_2_9b an underscore parts words
_UNDERSCORED = re.compile(r"(?<![0-9._])([0-9]+)_(?=[0-9]+[bB](?![A-Za-z0-9]))")
_SIZE = re.compile(r"[0-9]++(?:\.[0-9]++)?(?:b|m|k|bit)")
_VERSION = re.compile(r"[0-9]++(?:\.[0-9]++)*+[a-z]?")

# Particles and common endings, longest first; a stem keeps at least two syllables.
PARTICLES = sorted(
    "은 는 이 가 을 를 의 에 에서 에게 께 로 으로 와 과 도 만 부터 까지 보다 처럼 마다 이나 나 이란 란 "
    "이라 라 이라는 라는 이랑 랑 하고 한테 에는 에도 에서는 에서의 으로는 로는 으로의 로의 과의 와의 이며 며 이고 "
    "하는 한 할 하여 해서 했다 했던 하기 하면 된 되는 된다 되어 입니다 이다 인 들 들이 들을 들은 들의 "
    "용 적 적인 인가 인가요 나요 까요".split(),
    key=len,
    reverse=True,
)


# Words that say little of what is meant; a query may go without them. They still count in names.
FILLERS = frozenset(
    "a an the of for on in to with that by from is are was be and or it its this which who what how can "
    "used made about into any some "
    "만든 만드는 있는 있나 없는 쓰는 쓸 쓴 못 수 된 되는 하는 하기 위한 위해 대한 대해 중 중에 가장 제일 것 뭐 "
    "뭐야 무엇 어떤 어디 어디서 어떻게 왜 누가 차이 모든 여러 다른 그 이 저 및 등 좀 알려줘 찾아줘".split()
)

PIECE = "~"  # starts the term of two syllables of a longer word, which is no word itself
CONCEPT = "@"  # starts the term of a glossary entry, which any of its words gives
LONGEST = 4  # words of a glossary entry
REMEMBERED = 100_000  # words; most texts use the same few


def key(word: str) -> str:
    """A word without case, spaces and hyphens.

    >>> key("Fine-tuning") == key("fine tuning")
    True
    """
    shown = word if word.isascii() else plain(word)
    lower = shown.lower()
    return lower if shown.isalnum() else "".join(lower.replace("-", " ").split())


def tokens(text: str, glossary: Mapping[str, str] = MappingProxyType({})) -> list[TextToken]:
    """The terms of a text, in order; several may stand at one place.

    Args:
        text: any text.
        glossary: words that mean the same, written without spaces, to the name of what they mean.

    >>> [t.term for t in tokens("KoAlpaca는")]
    ['koalpaca', 'ko', 'alpaca']
    >>> [t.term for t in tokens("Llama 2")]
    ['llama', 'llama2', '2']
    >>> [t.term for t in tokens("137 billion")]
    ['137', '137b', 'billion']
    >>> [t.term for t in tokens("미세 조정을", {"미세조정": "finetuning"})][:2]
    ['미세', '@finetuning']
    """
    shown, places = plain_places(text)
    found = _terms(list(_words(shown)), glossary)
    if not places:
        return list(found)
    return [TextToken(t, places[start][0], places[end - 1][1]) for t, start, end in found]


def _terms(words: list[list[TextToken]], glossary: Mapping[str, str]) -> Iterator[TextToken]:
    if not glossary:
        yield from itertools.chain.from_iterable(words)
        return
    words = [part for word in words for part in _parts(word, glossary)]
    wholes = [whole_word(word) for word in words]
    for i in range(len(words)):
        yield from _with_concept(words, wholes, i, glossary)


def is_size(term: str) -> bool:
    """Whether a term is a number of parameters, or of bits.

    >>> [is_size(term) for term in ("7b", "12.8b", "v3", "4")]
    [True, True, False, False]
    """
    return _SIZE.fullmatch(term) is not None


def standard(text: str, glossary: Mapping[str, str]) -> str:
    """A text in one word, with what it says in Hangul as the glossary calls it, the longest first.

    >>> standard("큐원3 8B 베이스", {"큐원3": "qwen3", "큐원": "qwen", "베이스": "base"})
    'qwen38bbase'
    """
    words = list(_words(plain(text)))
    wholes = [whole_word(word) for word in words]
    parts: list[str] = []
    at = 0
    while at < len(words):
        ends = range(min(at + LONGEST, len(words)), at, -1) if wholes[at] >= "가" else ()
        end = next((end for end in ends if "".join(wholes[at:end]) in glossary), at + 1)
        joined = "".join(wholes[at:end])
        parts.append(glossary.get(joined, joined) if ends else joined)
        at = end
    return "".join(parts)


def is_version(term: str) -> bool:
    """Whether a term is a number as of versions, and none of sizes or years.

    >>> [is_version(term) for term in ("4", "3.1", "4o", "7b", "2024", "v3")]
    [True, True, True, False, False, False]
    """
    whole = len(term.partition(".")[0].rstrip("abcdefghijklmnopqrstuvwxyz")) < 3
    return bool(whole and _VERSION.fullmatch(term) and not _SIZE.fullmatch(term))


def may_follow_name(term: str) -> bool:
    """Whether a term behind a name is its version or its year: the 2 of Llama 2, and no size.

    >>> [may_follow_name(term) for term in ("2", "3.1", "2024", "7b", "chat")]
    [True, True, True, False, False]
    """
    return bool(_VERSION.fullmatch(term) and not _SIZE.fullmatch(term))


def by_word(found: Iterable[TextToken]) -> list[list[TextToken]]:
    """Terms by where their word begins, its stem first.

    >>> [[t.term for t in word] for word in by_word(tokens("Llama 2"))]
    [['llama', 'llama2'], ['2']]
    """
    return [[*word] for _, word in itertools.groupby(found, key=lambda token: token.start)]


def whole_word(word: Sequence[TextToken]) -> str:
    """A word with its particles, as `by_word` gives its terms; the size that it says is none of it.

    >>> [whole_word(word) for word in by_word(tokens("비쿠나를 Llama 백억"))]
    ['비쿠나를', 'llama', '백억']
    """
    stem = word[0]
    if stem.term < "가":  # has no particles
        return stem.term
    return max((t.term for t in word if t.end == stem.end and t.term >= "가"), key=len)


def _parts(word: list[TextToken], glossary: Mapping[str, str]) -> Iterator[list[TextToken]]:
    """A Hangul compound as two words, where the glossary knows its head: 한국어모델 → 한국어 모델."""
    stem, *_ = word
    said = whole_word(word)
    size = head_of_compound(stem.term, said, glossary)
    if not size:
        yield word
        return
    middle = stem.start + size
    yield [TextToken(t, stem.start, middle) for t in hangul_terms(said[:size])]
    yield [TextToken(t, middle, stem.end) for t in hangul_terms(said[size:])]


def head_of_compound(stem: str, whole: str, glossary: Mapping[str, str]) -> int:
    """The length of the head of a Hangul compound that the glossary knows, 0 if the word is one.

    >>> head_of_compound("한국어모델", "한국어모델", {"한국어": "korean"})
    3
    """
    if stem < "가" or stem in glossary or whole in glossary:
        return 0
    return next((size for size in range(len(whole) - 2, 1, -1) if whole[:size] in glossary), 0)


def _with_concept(
    words: Sequence[Sequence[TextToken]], wholes: Sequence[str], i: int, glossary: Mapping[str, str]
) -> Iterator[TextToken]:
    """A word's own terms and, behind the first, what the entries that begin here mean.

    A name within a name counts as well: 알파카 7B is alpaca7b and, of its first word, alpaca.
    """
    first, *rest = words[i]
    yield first
    found: list[tuple[int, str]] = []
    start = ""
    for last in range(i, min(i + LONGEST, len(words))):
        stem = words[last][0].term
        # not its pieces: KoAlpaca ≠ Alpaca
        if name := glossary.get(start + stem) or glossary.get(start + wholes[last]):
            found.append((last, name))
        start += stem
    for last, name in reversed(found):
        yield TextToken(CONCEPT + name, first.start, words[last][0].end)
        yield from _versions(words[last + 1 :], name, words[last][0])
    yield from rest


def _versions(
    after: Sequence[Sequence[TextToken]], name: str, last: TextToken
) -> Iterator[TextToken]:
    """라마 before 2 gives llama2, as llama before 2 does."""
    if after and after[0][0].start - last.end <= 1 and last.term > "가":
        number = after[0][0]
        if may_follow_name(number.term):
            yield TextToken(name + number.term, last.start, number.end)


def _words(text: str) -> Iterator[list[TextToken]]:
    text = pointed(text)
    sizes = {start: TextToken(size, start, end) for size, start, end in said_sizes(text)}
    return _with_sizes(_spelled(text), sizes) if sizes else _spelled(text)


def _with_sizes(
    words: Iterable[list[TextToken]], sizes: Mapping[int, TextToken]
) -> Iterator[list[TextToken]]:
    for word in words:
        yield [*word, sizes[word[0].start]] if word[0].start in sizes else word


def pointed(text: str) -> str:
    """A text with points in its numbers, which names write otherwise; every letter keeps its place.

    >>> pointed("claude-opus-4-5"), pointed("Qwen-1_8B"), pointed("gpt_4_32k")
    ('claude-opus-4.5', 'Qwen-1.8B', 'gpt_4_32k')
    >>> pointed("gemma_2_9b"), pointed("llama_3_2_1b")
    ('gemma_2_9b', 'llama_3.2_1b')
    """
    text = dotted(text)
    return _UNDERSCORED.sub(r"\1.", text) if "_" in text else text


def _spelled(text: str) -> Iterator[list[TextToken]]:
    runs = list(RUN.finditer(lower_form(text)))
    for i, run in enumerate(runs):
        start, end = run.span()
        if run["latin"]:
            word = [TextToken(t, start, end) for t in latin_terms(text[start:end])]
            if joined := joined_version(runs, i):
                word.append(TextToken(joined, start, runs[i + 1].end()))
            yield word
        elif run["hangul"]:
            glued = i > 0 and runs[i - 1].end() == start and run["hangul"] in PARTICLES
            if not glued:
                yield [TextToken(t, start, end) for t in hangul_terms(run["hangul"])]
        else:
            yield [TextToken(run.group(), start, end)]


def lower_form(text: str) -> str:
    """A text in small letters, where that keeps every place in it."""
    lower = text.lower()
    return lower if len(lower) == len(text) else text


def split_latin(word: str) -> tuple[str, ...]:
    """The terms of a word in Latin letters or of a number, the whole first.

    >>> split_latin("KoAlpaca"), split_latin("syn18"), split_latin("12.8b")
    (('koalpaca', 'ko', 'alpaca'), ('syn18', 'syn', '18'), ('12.8b',))
    """
    lower = word.lower()
    if lower[0].isdigit() and (_SIZE.fullmatch(lower) or _VERSION.fullmatch(lower)):
        return (lower,)
    if word == lower and word.isascii() and word.isalpha():
        return (word,)
    terms = [lower]
    if word != lower or "." in word:  # else its pieces are its parts
        pieces = _CAMEL.findall(word)
        if "".join(pieces) == word and len(pieces) > 1 and all(len(p) > 1 for p in pieces):
            terms += (p.lower() for p in pieces)
    parts = _PART.findall(lower)
    if len(parts) > 1:
        terms += parts
    return tuple(dict.fromkeys(terms))


latin_terms = lru_cache(REMEMBERED)(split_latin)


def joined_version(runs: list[re.Match[str]], i: int) -> str:
    """`llama` before `2` as one term; a size such as 7b is no version."""
    if i + 1 >= len(runs) or not runs[i + 1]["latin"] or not runs[i].group().isalpha():
        return ""
    nxt = runs[i + 1].group()
    near = runs[i + 1].start() - runs[i].end() <= 1
    return runs[i].group() + nxt if near and may_follow_name(nxt) else ""


@lru_cache(REMEMBERED)
def hangul_terms(word: str) -> tuple[str, ...]:
    """The terms of a word in Hangul, its stem first."""
    stem = next(
        (word[: -len(p)] for p in PARTICLES if word.endswith(p) and len(word) - len(p) >= 2), word
    )
    pieces = (PIECE + word[i : i + 2] for i in range(len(word) - 1))
    return tuple(dict.fromkeys([stem, word, *pieces]))
