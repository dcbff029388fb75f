"""One license field that says which license holds for which part, as in `X (model weights), Y (code)`."""

from __future__ import annotations

import re

from kg.ingest.kit._words import outside_brackets
from kg.language.memo import remembered

_QUALIFIED = re.compile(r"(?P<name>.+?)\s*\((?P<part>[^()]*)\)\.?", re.DOTALL)
_LABELED = re.compile(r"(?P<part>[\w ]+?)\s*:\s*(?P<name>[^:]+)", re.DOTALL)
_FOR = re.compile(r"(?P<name>.+?)\s+for\s+(?:the\s+)?(?P<part>[\w ]+)", re.IGNORECASE | re.DOTALL)
_PROPERTIES = {
    "license": {
        "weights",
        "weight",
        "model",
        "models",
        "checkpoint",
        "checkpoints",
        "가중치",
        "모델",
    },
    "codeLicense": {"code", "source", "software", "코드", "소스"},
    "dataLicense": {"data", "dataset", "datasets", "데이터", "데이터셋"},
}
# What may stand beside the name of a part. Any other word, as in `MIT (research use of the model)`, may bound the license.
_BESIDE = frozenset(
    {
        *("the", "this", "these", "our", "all", "of", "and", "only", "itself", "및"),
        *(
            "pretrained",
            "pre",
            "trained",
            "fine",
            "tuned",
            "base",
            "chat",
            "instruct",
            "file",
            "files",
        ),
        *("training", "inference", "evaluation", "repo", "repository", "github", "학습", "추론"),
    }
)


@remembered
def license_parts(text: str) -> tuple[tuple[str, str], ...]:
    """The licenses of a field, each with the property it belongs to.

    Fields whose every part is not qualified so are left whole: whether `A, B` means both or either
    the field does not say.

    >>> license_parts("none (model weights), BSD-3-Clause (code)")
    (('none', 'license'), ('BSD-3-Clause', 'codeLicense'))
    >>> license_parts("Apache 2.0 (model weights only)")
    (('Apache 2.0', 'license'),)
    >>> license_parts("MIT (non-commercial use of the model)")
    (('MIT (non-commercial use of the model)', 'license'),)
    >>> license_parts("code: MIT; weights: llama2")
    (('MIT', 'codeLicense'), ('llama2', 'license'))
    >>> license_parts("Mistral Research License (MRL), Mistral Commercial License")
    (('Mistral Research License (MRL), Mistral Commercial License', 'license'),)
    """
    cut = re.sub(r"[;\n]|\s+and\s+(?=[^,;]+(?:\bfor\b|\())", ",", text)
    parts = [_part(part) for part in outside_brackets(cut) if part]
    found = tuple(part for part in parts if part)
    return found if found and len(found) == len(parts) else ((text, "license"),)


def _part(text: str) -> tuple[str, str] | None:
    text = text.strip()
    match = _QUALIFIED.fullmatch(text) or _LABELED.fullmatch(text) or _FOR.fullmatch(text)
    words = set(re.findall(r"\w+", match["part"].casefold())) if match else set()
    if words - _BESIDE - frozenset().union(*_PROPERTIES.values()):
        return None
    for property, known in _PROPERTIES.items():
        if match and words & known:
            return match["name"].strip(), property
    return None
