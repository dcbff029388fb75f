"""What documents are filtered by and counted by that many have alike, whoever they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import get_args

from babel import Locale

from kg.build.documents._neighbors import Neighbors
from kg.licenses.terms import Verdict
from kg.model.claim import Value
from kg.model.vocabulary import ACCESS, Vocabulary
from kg.search.analyzer import Common, Texts, filter_term
from kg.search.clauses import IS_COPY, OWN

_CODES = {name: code for code, name in Locale("en").languages.items()}  # Korean: ko, as CLDR has it
_REMEMBERED = 20_000  # that have the same said of them
_YES, _NO = (("yes",),), (("no",),)
# Size bands as people speak of them, by the parameters below which each ends.
BANDS = [
    (1e9, "..1b"),
    (4e9, "1b..4b"),
    (9e9, "4b..9b"),
    (16e9, "9b..16b"),
    (40e9, "16b..40b"),
    (1e11, "40b..100b"),
]
OVER = "100b.."


class CommonFilters:
    """Finds them, once for all that have the same said of them.

    Args:
        vocabulary: kinds and codes.
        neighbors: names the entities that are values.
    """

    def __init__(self, vocabulary: Vocabulary, neighbors: Neighbors) -> None:
        self._vocabulary, self._neighbors = vocabulary, neighbors
        self.find = lru_cache(_REMEMBERED)(self._find)

    def _find(
        self,
        kind: str,
        licenses: Sequence[Value],
        languages: Sequence[Value],
        access: Sequence[Value],
        verdict: Sequence[str],
        relations: Sequence[str],
        bands: Sequence[tuple[str, str]],
        is_copy: bool,
        is_own: bool,
    ) -> Common:
        """What is filtered by and counted of all that have the same said of them."""
        named = (kind, *self._vocabulary.kinds[kind].term.labels.values())
        access_terms = self._vocabulary.properties[ACCESS].codes
        named_access = {code: term.labels.values() for code, term in access_terms.items()}
        filters: dict[str, Texts] = {
            "license": self._neighbors.values(licenses),
            "lang": [self._tongue(language) for language in languages if language is not None],
            "access": [(value, *named_access.get(value, ())) for value in _texts(access)],
            "kind": [named],
            "verdict": [(value,) for value in verdict],
            "relation": [(name, *_short(name)) for name in relations],
            **{name: [(value,)] for name, value in bands},
            IS_COPY: _YES if is_copy else _NO,
            OWN: _YES if is_own else (),
        }
        facets = {
            "license": [str(license) for license in licenses if license],
            "lang": [str(language) for language in languages if language],
            "kind": [kind],
            "relation": [*relations],
            "access": _texts(access),
            "verdict": [*verdict],
            **{name: [value] for name, value in bands},
        }
        return Common(
            {name: values for name, values in filters.items() if values},
            {name: values for name, values in facets.items() if values},
        )

    def _tongue(self, id: Value) -> tuple[str, ...]:
        """A language as the value of a filter, with its code."""
        named = self._neighbors.value(str(id))
        return (*named, *(_CODES[name] for name in named[1:] if name in _CODES))


def meaningful_filters(vocabulary: Vocabulary) -> Iterator[str]:
    """Filters that mean something, whether any document passes them or not."""
    for relation in vocabulary.edges("weights", "distillation"):
        yield from (filter_term("relation", name) for name in (relation, *_short(relation)))
    yield from (filter_term("kind", kind) for kind in vocabulary.kinds)
    yield from (filter_term("verdict", verdict) for verdict in get_args(Verdict))
    for code, term in vocabulary.properties[ACCESS].codes.items():
        yield from (filter_term("access", name) for name in (code, *term.labels.values()))


def copy_filters(vocabulary: Vocabulary) -> Iterator[str]:
    """Filters by a relation that makes copies."""
    for relation in vocabulary.copies:
        yield from (filter_term("relation", name) for name in (relation, *_short(relation)))


def _texts(values: Iterable[Value]) -> list[str]:
    return [str(value) for value in values if value is not None]


def _short(relation: str) -> list[str]:
    """The short words for a relation: adapterOf is adapter, quantizedFrom quantized and quantize.

    >>> _short("fineTunedFrom")
    ['fineTuned', 'fineTune']
    """
    word = relation.removesuffix("From").removesuffix("Of")
    return list(dict.fromkeys((word, word.removesuffix("d"))))


def bands(numbers: Mapping[str, float]) -> Iterator[tuple[str, str]]:
    """The band of its size, and its year."""
    if "params" in numbers:
        yield "size", next((name for end, name in BANDS if numbers["params"] < end), OVER)
    if "released" in numbers:
        yield "year", str(int(numbers["released"] // 10_000))
