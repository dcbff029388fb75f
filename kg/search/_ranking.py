"""Words of a query as clauses, and the weights they use: pure functions."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Mapping, Sequence
from math import log

import msgspec

from kg.language.numerals import size_of
from kg.language.tokens import (
    CONCEPT,
    FILLERS,
    RUN,
    TextToken,
    by_word,
    is_version,
    pointed,
    tokens,
    whole_word,
)
from kg.search.clauses import (
    FILTER,
    KEYS,
    PLAIN,
    TEXT,
    Best,
    Clause,
    Every,
    Flat,
    Phrase,
    SearchPlan,
    Some,
    TermClause,
    Within,
)
from kg.search.query import NEAR

# Tuned on the open queries of tests/search/judged.yaml (make eval-search). A name says what a thing is;
# what it is made from, by whom and of which kind come next; a description mentions many other things.
WEIGHTS = {
    "name": 4.0,
    "alias": 3.0,
    "family": 2.0,
    "org": 2.0,
    "kin": 1.0,
    "kind": 2.0,
    "about": 2.0,
}
EXACT = 50.0  # points of a name that is the whole query
WHOLE = 10.0  # points of what matches every word, where some is enough
SHARE = 50.0  # points of the share of the query that matches, where some is enough
POWER = 1.7  # of the rarity of a word, when its share is reckoned
LITTLE = 0.2  # of the rarity of a word that says little
PIECES = 0.2  # weight of a word found only by its pieces
# Share of the query, by rarity of its words, that a hit must match where some is enough
LEAST = 0.25
SPELLED = 1.15  # weight of what a word means as a word itself: 알파카 finds KoAlpaca by its alpaca
SIZE = 0.5  # points of a model that has as many parameters as a size says, whatever it is called
MOST_WORDS = 32
NAMED = 1000.0  # points of a word that tells a copy from its original: whoever says it means copies
CHOSEN_FROM = 8  # the rarest words, whose subsets are asked for

_IN_NAMES = ("name", "alias")

Frequency = Callable[[str, str], int]  # of a term in a field


def exact_keys(name: str) -> set[str]:
    """A name as people type it, with and without particles: no case, spaces or hyphens.

    >>> exact_keys("LLaMA-2 7B") & exact_keys("llama2 7b"), exact_keys("비쿠나를") & exact_keys("비쿠나")
    ({'llama27b'}, {'비쿠나'})
    """
    if name.isascii():  # which has no particles
        words = RUN.findall(pointed(name))
        return {"".join([latin for latin, *_ in words]).lower()} - {""}
    words = by_word(tokens(name))
    stems = "".join(word[0].term for word in words)
    return {stems, "".join(map(whole_word, words))} - {""}


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """A word of a query, or an entry of the glossary."""

    text: str
    clause: Clause
    often: int  # documents that hold it, about
    known: bool  # as a whole, not only by its pieces
    stem: str  # without its particles
    terms: tuple[str, ...] = ()  # itself, and what it means
    filler: bool = False  # says little

    @property
    def in_names(self) -> Clause:
        """What is called by it."""
        parts = self.clause.parts if isinstance(self.clause, Best) else ()
        named = (p for p in parts if isinstance(p, TermClause) and p.field in _IN_NAMES)
        return Best(tuple(named))

    @property
    def held(self) -> bool:
        """Whether any document has it or its pieces."""
        return self.clause != Best(())


def weigh_words(text: str, glossary: Mapping[str, str], frequency: Frequency) -> list[Word]:
    """One clause a word: the best of its terms over all fields.

    What an entry of several words means stands for each of them, so that both what is called so and
    what has some of the words is found.

    Args:
        text: words.
        glossary: words that mean the same.
        frequency: of a term in a field; what no document holds is left out.
    """
    groups = by_word(tokens(text, glossary))
    found: list[Word] = []
    concepts: list[TextToken] = []
    for group in groups[:MOST_WORDS]:
        concepts += [t for t in group if t.term.startswith(CONCEPT)]
        concepts = [t for t in concepts if t.end > group[0].start]
        own = [t for t in group if not t.term.startswith(CONCEPT)]
        if own:  # a name within a longer name that ends in a number is told after it, alone
            found.append(_word(text[own[0].start : own[0].end], own, concepts, frequency))
    return [_carried(i, found, frequency) for i in range(len(found))]


def _carried(i: int, words: Sequence[Word], frequency: Frequency) -> Word:
    """A word as it is, unless it is a letter or a number as of versions, which says nothing alone.

    Such a one counts as part of a name: right behind another word of the query, as `llama 4` in a
    name, or in one name with another word. So `llama 4` does not find C4, which Llama was trained on.
    """
    word = words[i]
    is_number = is_version(word.stem)
    if not is_number and (len(word.stem) > 1 or not word.stem.isascii()):
        return word
    others = [
        w for w in words if w is not word and (len(w.stem) > 1 or is_number) and w.stem != word.stem
    ]
    others = [w for w in others if not is_version(w.stem)] or others
    joined = [t.removeprefix(CONCEPT) + word.stem for w in others for t in w.terms if is_number]
    parts: list[Clause] = [
        TermClause(field, term, weight)
        for term in joined
        for field, weight in WEIGHTS.items()
        if frequency(field, term)
    ]
    for field in _IN_NAMES if others else ():
        beside = [TermClause(field, t) for w in others for t in w.terms if frequency(field, t)]
        if beside and frequency(field, word.stem):
            own = TermClause(field, word.stem, WEIGHTS[field])
            parts.append(Every((own, Flat(Some(tuple(beside)), 0.0))))
    parts += _row(i, words, frequency)
    return msgspec.structs.replace(word, clause=Best(tuple(parts)))


def _row(i: int, words: Sequence[Word], frequency: Frequency) -> list[Clause]:
    """Single letters in a row, as A and X of A.X, are a name."""
    pairs = [words[max(0, i - 1) : i + 1], words[i : i + 2]]
    rows = [tuple(w.stem for w in pair) for pair in pairs if len(pair) == 2]
    return [
        Phrase(field, row, WEIGHTS[field])
        for row in rows
        for field in _IN_NAMES
        if all(len(term) == 1 and frequency(field, term) for term in row)
    ]


def _word(
    text: str, own: Sequence[TextToken], concepts: Sequence[TextToken], frequency: Frequency
) -> Word:
    worth = {t.term.removeprefix(CONCEPT): SPELLED for t in concepts}
    worth |= dict.fromkeys((own[0].term, *(t.term for t in concepts)), 1.0)
    held = {
        (field, term): n for term in worth for field in WEIGHTS if (n := frequency(field, term))
    }
    clauses: list[Clause] = [TermClause(f, term, WEIGHTS[f] * worth[term]) for f, term in held]
    pieces = [token.term for token in own[1:]]
    for field, weight in WEIGHTS.items() if pieces else ():
        if all(frequency(field, piece) for piece in pieces):
            clauses.append(Every(tuple(TermClause(field, p) for p in pieces), PIECES * weight))
    often = max(held.values(), default=1)
    known = bool(held) or any(frequency(field, text.lower()) for field in WEIGHTS)
    filler = not FILLERS.isdisjoint((text.lower(), own[0].term))
    return Word(
        text=text,
        clause=_sized(own[0].term, Best(tuple(clauses))),
        often=often,
        known=known,
        stem=own[0].term,
        terms=(own[0].term, *dict.fromkeys(t.term for t in concepts)),
        filler=filler,
    )


def _sized(term: str, clause: Clause) -> Clause:
    """What says a size, and the models that have it, whatever they are called."""
    count = size_of(term)
    if not count or clause == Best(()):
        return clause
    near = Within("params", count * (1 - NEAR), count * (1 + NEAR))
    models = Every((near, TermClause(FILTER, "kind=model")))
    return Some((clause, Flat(models, SIZE)))


def phrase(text: str, glossary: Mapping[str, str], frequency: Frequency) -> Clause:
    """A phrase as written, in any field that keeps the order of words."""
    firsts = [word[0].term for word in by_word(tokens(text))]
    if len(firsts) < 2:
        return Every(tuple(word.clause for word in weigh_words(text, glossary, frequency)))
    ordered = [field for field in TEXT if field not in PLAIN]
    return Best(tuple(Phrase(field, tuple(firsts), WEIGHTS[field]) for field in ordered))


def every(
    asked: Sequence[Word], called: Sequence[Clause], copies: Sequence[Clause] = ()
) -> SearchPlan:
    """What matches all words, or bears the whole query as its name.

    Args:
        asked: the words.
        called: what bears the whole query as its name, as `named` says it.
        copies: what of it tells copies from originals.
    """
    whole = Every(tuple(word.clause for word in asked))
    return SearchPlan(Some((_first(whole, copies), *called)))


def _first(clause: Clause, copies: Sequence[Clause]) -> Clause:
    """What matches, the copies that are named before all others."""
    return Some((clause, *(Flat(Every((clause, copy)), NAMED) for copy in copies)))


def enough(
    asked: Sequence[Word],
    called: Sequence[Clause],
    documents: int,
    least: float,
    copies: Sequence[Clause] = (),
) -> SearchPlan:
    """What matches enough of the words, rare ones counting more.

    Args:
        asked: the words.
        called: what bears the whole query as its name, as `named` says it.
        documents: how many there are.
        least: share of the words, by rarity, that a hit must match.
        copies: what of it tells copies from originals.
    """
    rarity = {
        i: log(1 + documents / word.often) ** POWER * (LITTLE if word.filler else 1.0)
        for i, word in enumerate(asked)
    }
    rarest = sorted(rarity, key=lambda i: -rarity[i])[:CHOSEN_FROM]
    total = sum(rarity.values())
    sets: list[frozenset[int]] = []
    for size in range(1, len(rarest) + 1):
        for chosen in map(frozenset, itertools.combinations(rarest, size)):
            if sum(rarity[i] for i in chosen) >= least * total and not any(
                s <= chosen for s in sets
            ):
                sets.append(chosen)
    required = Some(tuple(Every(tuple(asked[i].clause for i in sorted(s))) for s in sets))
    clauses = tuple(word.clause for word in asked)
    shares = [Flat(word.clause, SHARE * rarity[i] / total) for i, word in enumerate(asked)]
    said = [Flat(copy, NAMED) for copy in copies]
    return SearchPlan(
        Some((*clauses, *shares, Flat(Every(clauses), WHOLE), *said, *called)), (required,)
    )


def named(keys: Collection[str]) -> tuple[Clause, ...]:
    """What bears a name, as the clauses of which one asks for it: none of a name without letters.

    Args:
        keys: the name as `exact_keys` writes it.
    """
    if not keys:
        return ()
    return (Flat(Some(tuple(TermClause(KEYS, key) for key in sorted(keys))), EXACT),)
