"""What a model card says that somebody pasted: claims of a model that no run holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kg.errors import DataError
from kg.ingest.kit._words import read_words
from kg.ingest.kit.kit import Found, Kit
from kg.ingest.sources._card_parents import CardPlace
from kg.ingest.sources._front_matter import read_fields
from kg.ingest.sources.card import WholeCard, front_matter, whole_card_claims
from kg.ingest.sources.heads._card_body import card_blocks
from kg.licenses.naming.names import LicenseNames
from kg.messages.message import Message
from kg.paths import DATA


def pasted_kit(source: str, names: LicenseNames, data: Path = DATA) -> Kit:
    """What it takes to read fields that are not of a source.

    Args:
        source: id to say them under.
        names: known spellings of licenses.
        data: the data folder, whose words for a missing value are read.
    """
    return Kit(source=source, prefix="pasted", words=read_words(data), licenses=names)


def read_pasted(text: str, subject: str, kit: Kit) -> Iterator[Found]:
    """What a pasted card says: the fields at its head, and merges in its text.

    Args:
        text: a README.md, or only its fields in YAML.
        subject: id of the model it is of.
        kit: of `pasted_kit`.

    Raises:
        DataError: the fields are not YAML, or no mapping.
    """
    fields = front_matter(text, "card")
    if not fields and not fields.broken:
        fields = read_fields(_bare(text), "card")
    if fields.broken and not fields:
        first = fields.broken[0]
        raise DataError(Message("not YAML: %(error)s", error=first.why), "card", first.line)
    card = WholeCard(fields, card_blocks(text, "card"))
    yield from whole_card_claims(card, CardPlace(subject, "", kit.source, "card"), kit)


def _bare(text: str) -> str:
    """Fields that were pasted without the lines around them; nothing where prose begins at once."""
    head = text.lstrip().removeprefix("---").lstrip("\n")
    first = head.partition("\n")[0]
    return head if ":" in first and not first.startswith("#") else ""
