"""Names of GGUF files: the model, its encoding, the part of a split file, and files that are no model.

The naming convention stands in docs/gguf.md of ggml-org/ggml; names in the wild keep it loosely.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_ENCODING = (
    r"(?:(?:UD|i1|imat|imatrix)[-.])?"
    r"(?:I?Q[1-8](?:_[0-9A-Z]+)*|TQ[12]_0|MXFP4(?:_MOE)?|NVFP4|BF16|FP?(?:16|32))"
    r"(?:[-._](?:imat|imatrix))?"
)
_NAME = re.compile(
    rf"(?P<base>.*?)(?:(?:^|[-._])(?P<encoding>{_ENCODING}))?(?:-(?P<type>LoRA|vocab))?"
    r"(?:-(?P<part>\d{5})-of-(?P<parts>\d{5}))?\.gguf",
    re.IGNORECASE | re.DOTALL,
)
_SIDECAR = re.compile(r"(?:.*[-._])?(?:mmproj|mtp|imatrix)(?:[-._].*)?", re.IGNORECASE)
_COMMON = frozenset({"", "ggml", "ggml-model", "model", "ggml-adapter", "ggml-adapter-model"})


class GgufName(NamedTuple):
    """What the name of a GGUF file says."""

    base: str  # of the model; "" if the name is one that converters give to any model
    encoding: str = ""  # such as Q4_K_M
    parts: int = 1  # of a split file
    part: int = 1  # which of them this is
    beside: bool = False  # it goes with a model and is none: a projector, a vocabulary


def parse_gguf_name(name: str) -> GgufName:
    """Read the name of a file that ends in .gguf.

    >>> parse_gguf_name("my-7b.Q4_K_M.gguf")[:2], parse_gguf_name("model-f16.gguf")[:2]
    (('my-7b', 'Q4_K_M'), ('', 'F16'))
    >>> parse_gguf_name("Grok-100B-v1.0-Q4_0-00003-of-00009.gguf")
    GgufName(base='Grok-100B-v1.0', encoding='Q4_0', parts=9, part=3, beside=False)
    >>> parse_gguf_name("mmproj-Qwen2-VL-7B-v1.0-F16.gguf").beside
    True
    """
    found = _NAME.fullmatch(name)
    if not found:
        return GgufName("")
    base = found["base"].strip("-._ ")
    encoding = re.sub(r"(?i)[-._]?\b(UD|i1|imat|imatrix)\b[-._]?", "", found["encoding"] or "")
    vocabulary = (found["type"] or "").casefold() == "vocab" or base.casefold().endswith("-vocab")
    return GgufName(
        "" if base.casefold() in _COMMON else base,
        re.sub(r"(?i)^fp(?=\d)", "F", encoding).upper(),
        int(found["parts"] or 1),
        int(found["part"] or 1),
        vocabulary or bool(_SIDECAR.fullmatch(base)),
    )


def is_encoding(folder: str) -> bool:
    """Whether the name of a folder is only an encoding, as in `Q4_K_M/model-00001-of-00002.gguf`.

    >>> is_encoding("UD-Q4_K_XL"), is_encoding("BF16"), is_encoding("my-model")
    (True, True, False)
    """
    return bool(re.fullmatch(_ENCODING, folder, re.IGNORECASE))
