"""The words search treats as one: the glossary, and the names of what the graph knows by several.

A name stands for its entity's English name: 라마 for llama, GPT-40 for gpt4o. Only names that people
curated count; a bulk source's names are what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from kg.language.tokens import key
from kg.model.claim import Entity, kind_of, main_label
from kg.search.glossary import Glossary

_BITS = re.compile(r"\db[\s-]+it\b", re.IGNORECASE)  # Gemma 3 4B IT, in one word, is 4bit
# Whose name a word is when several have it: a family before its members, a model before a product.
_KINDS = (
    "family",
    "org",
    "model",
    "product",
    "dataset",
    "technique",
    "toolkit",
    "license",
    "person",
)


def lexicon(entities: Iterable[Entity], glossary: Glossary) -> Mapping[str, str]:
    """Every word that has others, to the word that stands for them all.

    Args:
        entities: whose names to take; those of no use are passed over.
        glossary: goes before names.
    """
    words: dict[str, str] = {}
    for kind in _KINDS:
        words |= {k: v for k, v in _names(entities, kind) if k not in words}
    return dict(sorted((words | dict(glossary)).items()))


def _names(entities: Iterable[Entity], kind: str) -> Iterable[tuple[str, str]]:
    for entity in entities:
        if kind_of(entity.id) == kind and entity.names:
            standard = key(main_label(entity))
            for said in entity.names:
                if said.rank != "rejected" and not _BITS.search(str(said.value)):
                    yield key(str(said.value)), standard
