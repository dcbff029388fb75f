"""Formats that are of one model with its whole ancestry, by name: one table for command and site."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import IO, NamedTuple

from kg.errors import InputError, UnknownFormat
from kg.export.bom import card as modelcard
from kg.export.bom import cyclonedx, spdx
from kg.export.bom.badge import MEDIA_TYPE as SVG
from kg.export.bom.badge import badge, badge_svg
from kg.export.bom.bom import Bom, bom
from kg.messages.message import Message
from kg.snapshot.snapshot import Snapshot


class ModelFormat(NamedTuple):
    """A format of one model."""

    file: str  # what follows the id in an address
    media_type: str
    write: Callable[[Snapshot, Bom, str], str]  # to text, in a language


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _card(snapshot: Snapshot, known: Bom, lang: str) -> str:
    licenses = snapshot.states.engine.terms.licenses.values()
    return modelcard.card(known, {one.id: one.hub[0] for one in licenses if one.hub}, lang)


MODEL_FORMATS: Mapping[str, ModelFormat] = {
    "cyclonedx": ModelFormat(
        "bom.cdx.json",
        cyclonedx.MEDIA_TYPE,
        lambda _, known, lang: _json(cyclonedx.cyclonedx(known)),
    ),
    "spdx": ModelFormat(
        "bom.spdx.json", spdx.MEDIA_TYPE, lambda _, known, lang: _json(spdx.spdx(known))
    ),
    "card": ModelFormat("card.md", modelcard.MEDIA_TYPE, _card),
    "badge": ModelFormat(
        "badge.svg", SVG, lambda _, known, lang: badge_svg(badge(known, lang), lang)
    ),
}
LANGUAGES = {"card", "badge"}  # written in the language that is asked for, the others in English


def model_file(snapshot: Snapshot, id: str, format: str, lang: str = "en") -> str:
    """One model in a format of MODEL_FORMATS.

    Args:
        snapshot: an open snapshot.
        id: canonical id of a model.
        format: a name in MODEL_FORMATS.
        lang: en or ko, for cards and badges.

    Raises:
        InputError: it is not a model.
        UnknownFormat: no such format; carries the known ones.
    """
    if format not in MODEL_FORMATS:
        raise UnknownFormat(format, [*MODEL_FORMATS])
    known = bom(snapshot, id, lang if format in LANGUAGES else "en", whole=format != "badge")
    return MODEL_FORMATS[format].write(snapshot, known, lang)


def write_model(
    snapshot: Snapshot, format: str, model: str | None, out: IO[bytes], lang: str = "en"
) -> None:
    """Write one model, named as a user names it.

    Args:
        snapshot: an open snapshot.
        format: a name in MODEL_FORMATS.
        model: id, slug or Hub id of a model.
        out: where to write.
        lang: en or ko, for cards and badges.

    Raises:
        InputError: no model is named, or what is named is not a model.
    """
    if not model:
        raise InputError(
            Message(
                "%(format)s is of one model with its ancestry: name it with --model ID",
                format=format,
            )
        )
    out.write(model_file(snapshot, snapshot.find(model), format, lang).encode())
