"""What databases of openness share: makers, and a judgement with address and remark for each part of a model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kg.files.parsing import listed
from kg.ingest.kit._names import split_names
from kg.ingest.kit.kit import Found, Kit

JOINED = re.compile(r"\s+[&+]\s+")
_REMARK = 300  # characters of a remark


def text(fields: Any, name: str) -> str:
    """A field as one line of text; "" without it."""
    value = fields.get(name) if isinstance(fields, dict) else None
    return "" if value is None else " ".join(str(value).split())


def addresses(fields: Any) -> list[str]:
    """The addresses of a part: one, several or none."""
    given = listed(fields.get("link")) if isinstance(fields, dict) else []
    return [one.strip() for one in given if isinstance(one, str) and "://" in one]


def org_names(fields: Mapping[str, Any], kit: Kit) -> list[str]:
    """The makers that a file names."""
    names = split_names(text(fields.get("org"), "name"), kit.words)
    return [part for name in names for part in JOINED.split(name)]


def judgements(
    subject: str, fields: Mapping[str, Any], parts: Mapping[str, str], at: str, kit: Kit
) -> Iterator[Found]:
    """How open each part of a model is.

    Args:
        subject: the model.
        fields: of its file.
        parts: what the file calls each part, with its name.
        at: the place.
        kit: speaks for the source.
    """
    for key, label in parts.items():
        body = fields.get(key)
        if not (judged := text(body, "class")):
            yield kit.issue("shape", subject, f"no class is given for {key}", body, at)
            continue
        url, note = next(iter(addresses(body)), ""), text(body, "notes")[:_REMARK]
        yield kit.say(subject, "openness", f"{label}: {judged}", at, note=note, url=url)
