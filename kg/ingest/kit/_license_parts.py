"""One license field that says which license holds for which part, as in `X (model weights), Y (code)`."""

from __future__ import annotations

import re

from kg.ingest.kit._words import outside_brackets

_QUALIFIED = re.compile(r"(?P<name>.+?)\s*\((?P<part>[^()]*)\)\.?", re.DOTALL)
_PROPERTIES = (("weights", "license"), ("code", "codeLicense"), ("data", "dataLicense"))


def license_parts(text: str) -> list[tuple[str, str]]:
    """The licenses of a field, each with the property it belongs to.

    Fields whose every part is not qualified so are left whole: whether `A, B` means both or either
    the field does not say.

    >>> license_parts("none (model weights), BSD-3-Clause (code)")
    [('none', 'license'), ('BSD-3-Clause', 'codeLicense')]
    >>> license_parts("Apache 2.0 (model weights only)")
    [('Apache 2.0', 'license')]
    >>> license_parts("Mistral Research License (MRL), Mistral Commercial License")
    [('Mistral Research License (MRL), Mistral Commercial License', 'license')]
    """
    parts = [_part(part) for part in outside_brackets(text)]
    found = [part for part in parts if part]
    return found if found and len(found) == len(parts) else [(text, "license")]


def _part(text: str) -> tuple[str, str] | None:
    match = _QUALIFIED.fullmatch(text.strip())
    if not match:
        return None
    words = re.findall(r"\w+", match["part"].casefold())
    for word, property in _PROPERTIES:
        if word in words:
            return match["name"], property
    return None
