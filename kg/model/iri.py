"""IRIs of entities, and numbers as RDF writes them."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import unquote

from kg.model.claim import is_id

_IRI = str.maketrans({c: f"%{ord(c):02X}" for c in "%#?[]"})


def iri(base: str, id: str) -> str:
    """The IRI of an entity.

    >>> iri("http://127.0.0.1:8000/", "model/alpaca-7b")
    'http://127.0.0.1:8000/model/alpaca-7b'
    """
    # These are looked for first, as few ids have any
    if "%" in id or "#" in id or "?" in id or "[" in id or "]" in id:
        return base + id.translate(_IRI)
    return base + id


def id_of(base: str, iri: str) -> str | None:
    """The id an IRI stands for, or None if it is not one of ours."""
    id = unquote(iri[len(base) :]) if iri.startswith(base) else ""
    return id if is_id(id) else None


def decimal(value: float) -> str:
    """A number without an exponent, as xsd:decimal wants it.

    >>> decimal(1.5e-4), decimal(300.0)
    ('0.00015', '300')
    """
    text = format(Decimal(repr(value)), "f")
    return text.removesuffix(".0")
