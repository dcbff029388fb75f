"""What of a query tells copies from their originals: a word such as GGUF, an account, a whole name.

Search hides copies behind their original unless they are named, so that a model comes first and not the
twenty repositories that hold it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kg.language.tokens import is_size
from kg.search._ranking import Frequency, Word
from kg.search.analyzer import filter_term
from kg.search.clauses import APART, FILTER, IS_COPY, Clause, Some, TermClause

MOST_JOINED = 3  # words of the name of an account


def copy_words(words: Sequence[Word], keys: Iterable[str], frequency: Frequency) -> list[Clause]:
    """What of a query tells copies from their originals, as clauses.

    Args:
        words: of the query.
        keys: the whole query, as whole names are written.
        frequency: of a term in a field.
    """
    spelled = [word.text for word in words]
    runs = (
        "".join(spelled[i : i + size])
        for size in range(1, MOST_JOINED + 1)
        for i in range(len(spelled) - size + 1)
    )
    joined = (run for run in runs if run in spelled or not is_size(run))  # 4B IT is not 4bit
    terms = [*_formats(words, frequency), *joined, *keys]
    filters = dict.fromkeys(filter_term(APART, term) for term in terms)
    return [TermClause(FILTER, term) for term in filters if frequency(FILTER, term)]


def _formats(words: Sequence[Word], frequency: Frequency) -> Iterator[str]:
    """Words by which mostly copies are called."""
    for word in words:
        called = frequency("name", word.stem)
        for term in word.terms:
            copies = frequency(FILTER, filter_term(APART, term))
            if 2 * copies >= max(called, frequency("name", term), 1):
                yield term


def are_all(words: Sequence[Word], copies: Sequence[Clause]) -> bool:
    """Whether a query says nothing but what copies are called, as 양자화, which is a subject as well."""
    terms = {clause.text for clause in copies if isinstance(clause, TermClause)}
    said = [word for word in words if not word.filler]
    return all(any(filter_term(APART, term) in terms for term in word.terms) for word in said)


def grouped(copies: Sequence[Clause]) -> Clause:
    """Keeps what is no copy, and the copies that are named."""
    return Some((TermClause(FILTER, filter_term(IS_COPY, "no")), *copies))
