"""No traceback and no permission by ignorance for cards made of odd fragments, some with bytes changed.

A card that declares a parent in any dress of tests/ingest/parents.txt is answered green only if that parent is one that
is described and free. The cards are files, read by the source `card`; what follows is worked out as in
test_no_false_permission.py.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import pytest

from kg.claims.resolve import resolve_entity
from kg.ingest.kit.kit import Place, Record
from kg.ingest.sources import card
from kg.model.claim import Claim, Said
from tests.ingest.test_parents import rows
from tests.licenses.test_no_false_permission import NOT_FREE, VOCABULARY, one_by_one, permitted
from tests.reading import kit_of

DESCRIBED = {"a/Free-7B": "license/mit", "a/Bound-7B": NOT_FREE}
FREE = ("a/Free-7B", "`a/Free-7B`", "https://huggingface.co/a/Free-7B", "hf.co/a/Free-7B:Q4_K_M")
# A comment declares nothing, nor does a word for nothing; the name of the model itself is not known to a card.
SAYS_NOTHING = ("placeholder None", "placeholder none", "placeholder N/A", "placeholder null")
DRESSES = [
    text
    for text, right in rows()
    if right not in (*SAYS_NOTHING, "placeholder 없음") and not right.startswith("self")
]
KEYS = ("base_model", "base_models", "base-model", "Base_Model", "basemodel")
SHAPES = ("{}", "[{}]", "\n- {}", "\n  name: {}", "\n- name: {}\n  revision: main")
ODD = (
    "tags: [a]\ntags: [b]",
    "widget:\n- text: Hi: there",
    "{% if x %}",
    "{{ card }}: {{ text }}",
    "2024-05-01: x",
    "NaN: .nan",
    "model-index:\n\t- name: [",
    "title: My model: the best",
    "language: [한국어, ko, en]",
    "name: 'open",
    "? [a, b]\n: c",
    "datasets:\n- a/b\n- {x: y}",
    "library_name: transformers",
    "x: *nowhere",
    "just words",
)
FENCES = (("---\n", "\n---\n"),) * 4 + (
    ("---\n", "\n----\n"),
    ("\ufeff---\n", "\n---"),
    ("<!-- c -->\n---\n", "\n---\n"),
    ("---\n", "\n"),
    ("---\n", "\n...\n"),
)
LICENSES = ("mit", "apache-2.0", "[mit, apache-2.0]", "MIT/Apache-2.0", "apache2", "{name: MIT}")


class Card(NamedTuple):
    """A card, and what it declares."""

    data: bytes
    is_bound: bool  # it declares a parent that is not described, or not free
    is_plain: bool  # nothing is odd about it, so its answer is known


def cards(count: int, seed: int) -> Iterator[Card]:
    dice = random.Random(seed)
    for _ in range(count):
        bound, odd, changed = dice.random() < 0.6, dice.random() < 0.6, dice.random() < 0.3
        text = dice.choice([*DRESSES, "a/Bound-7B"]) if bound else dice.choice(FREE)
        raw = dice.random() < 0.5 and "\n" not in text and "#" not in text and bound
        value = text if raw else json.dumps(text, ensure_ascii=False)
        base = f"{dice.choice(KEYS)}: {dice.choice(SHAPES).format(value)}"
        lines = [base, f"license: {dice.choice(LICENSES)}"]
        lines += dice.sample(ODD, dice.randint(1, 4)) if odd else []
        dice.shuffle(lines)
        start, end = dice.choice(FENCES)
        data = (start + "\n".join(lines) + end + "\n# A model\n\nWords: here.\n").encode()
        if dice.random() < 0.1:
            data = data.replace(b"\n", dice.choice([b"\r\n", b"\r"]))
        if changed:
            data = _changed(data, base.partition(":")[0].encode(), dice)
        yield Card(data, bound, not (bound or odd or changed))


def _changed(data: bytes, key: bytes, dice: random.Random) -> bytes:
    """One to three bytes changed, outside the key; never to the mark of a comment."""
    held = bytearray(data)
    start = data.index(key)
    for _ in range(dice.randint(1, 3)):
        place = dice.choice([n for n in range(len(held)) if not start <= n < start + len(key)])
        held[place] = dice.choice([byte for byte in range(256) if byte != ord("#")])
    return bytes(held)


def green(folder: Path, made: list[Card]) -> list[bool]:
    """Whether each card is answered with a permission."""
    for number, one in enumerate(made):
        place = folder / f"m{number:05}"
        place.mkdir()
        (place / "README.md").write_bytes(one.data)
    kit = kit_of("card")
    records = [one for one in card.fetch(Place(folder)) if isinstance(one, Record)]
    found = [claim for claim in card.claims(records, kit) if isinstance(claim, Claim)]
    found += [
        Claim(f"model/hf/{id}", "license", Said(value=license, source="source/one"))
        for id, license in DESCRIBED.items()
    ]
    found.sort(key=lambda claim: claim.subject)
    said = {id: list(claims) for id, claims in groupby(found, key=lambda claim: claim.subject)}
    entities = [
        resolve_entity(id, claims, VOCABULARY, {})
        for id, claims in said.items()
        if id.startswith("model/")
    ]
    states = dict(zip((entity.id for entity in entities), one_by_one(entities), strict=True))
    ids = [kit.id("model", f"m{number:05}") for number in range(len(made))]
    return [id in states and permitted(states[id], "commercial") for id in ids]


def check(folder: Path, count: int, seed: int) -> None:
    made = list(cards(count, seed))
    answers = green(folder, made)
    wrong = [
        one.data for one, is_green in zip(made, answers, strict=True) if is_green and one.is_bound
    ]
    assert not wrong, f"{len(wrong)} of {count}, the first: {wrong[0].decode(errors='replace')}"
    plain = [is_green for one, is_green in zip(made, answers, strict=True) if one.is_plain]
    assert plain and all(plain)


def test_mutated_cards_permit_nothing_by_ignorance(tmp_path: Path) -> None:
    check(tmp_path, 300, 17)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_2000_mutated_cards_permit_nothing_by_ignorance(tmp_path: Path, seed: int) -> None:
    check(tmp_path, 2_000, seed)
