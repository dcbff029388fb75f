"""One spelling for names that differ by case, hyphens, spaces or how a number is written.

It is stricter than the terms of a search: "Command R+" is not "Command R", and 3.3 is not 33.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

_POINT = re.compile(r"[-_](?<=\d.)(?=\d(?![\da-zA-Z]))")
SIZE = re.compile(  # of parameters, in small letters
    r"(?<![a-z\d.])(?:(\d+)\s*x\s*)?(\d+\.\d+|(?<!_)\d+_\d+|\d+)\s?-?(bn|billion|[kmbt])(?![a-z가-힣])"
)
_SCALE = {"k": 10**3, "m": 10**6, "b": 10**9, "bn": 10**9, "billion": 10**9, "t": 10**12}
_KEPT = re.compile(r"[^\W_]|(?<=\d)\.(?=\d)")


def dotted(name: str) -> str:
    """A name with the numbers of versions as people write them.

    >>> dotted("claude-opus-4-5-20251101"), dotted("Llama-3_3-Nemotron-Super-49B-v1_5")
    ('claude-opus-4.5-20251101', 'Llama-3.3-Nemotron-Super-49B-v1.5')
    >>> dotted("gemma-3-1b-it"), dotted("gpt-4o-2024-08-06")
    ('gemma-3-1b-it', 'gpt-4o-2024-08-06')
    """
    return _POINT.sub(".", name)


def fold(name: str) -> str:
    """What is left of a name without case, spaces, hyphens and other marks between its parts.

    >>> fold("Qwen3 8B") == fold("qwen3-8b"), fold("Claude Opus 4.5") == fold("claude-opus-4-5")
    (True, True)
    >>> fold("Command R+") == fold("command-r-plus"), fold("Command R+") == fold("Command R")
    (True, False)
    >>> fold("믿:음 2.0"), fold("Phi-3.5") == fold("Phi-35")
    ('믿음2.0', False)
    """
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(_KEPT.findall(dotted(plain).replace("+", "plus")))


def read_sizes(name: str) -> tuple[int, ...]:
    """The numbers of parameters in a name in small letters; of experts times their size.

    >>> read_sizes("qwen3-8b"), read_sizes("mixtral 8x7b"), read_sizes("dlite-v2-1_5b")
    ((8000000000,), (56000000000,), (1500000000,))
    >>> read_sizes("gemma_2_9b"), read_sizes("llama_3_1_8b")  # here underscores part words
    ((9000000000,), (8000000000,))
    """
    return tuple(_count(match) for match in SIZE.finditer(name))


def _count(match: re.Match[str]) -> int:
    amount = Decimal(match[2].replace("_", ".")) * _SCALE[match[3]]
    return int(amount) * int(match[1] or 1)
