"""Formats that are of one model with its whole ancestry, by name: one table for command and site."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import IO, TypeAlias

from kg.errors import InputError, UnknownFormat
from kg.export.bom import _card as modelcard
from kg.export.bom import _cyclonedx as cyclonedx
from kg.export.bom import _spdx as spdx
from kg.export.bom._bom import Bom, bom
from kg.export.bom.badge import badge, badge_svg
from kg.messages.message import Message
from kg.model.media import SVG, WrittenFormat, by_name
from kg.snapshot.snapshot import Snapshot

# Writes a model of a snapshot as text, in a language.
WriteModel: TypeAlias = Callable[[Snapshot, Bom, str], str]


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _card(snapshot: Snapshot, known: Bom, lang: str) -> str:
    licenses = snapshot.states.engine.terms.licenses.values()
    return modelcard.card(known, {one.id: one.hub[0] for one in licenses if one.hub}, lang)


# The suffix is what follows the model's id in an address.
MODEL_FORMATS: Mapping[str, WrittenFormat[WriteModel]] = by_name(
    WrittenFormat(
        name="cyclonedx",
        suffix="bom.cdx.json",
        media_type=cyclonedx.MEDIA_TYPE,
        label="CycloneDX",
        write=lambda _, known, lang: _json(cyclonedx.cyclonedx(known)),
    ),
    WrittenFormat(
        name="spdx",
        suffix="bom.spdx.json",
        media_type=spdx.MEDIA_TYPE,
        label="SPDX",
        write=lambda _, known, lang: _json(spdx.spdx(known)),
    ),
    WrittenFormat(
        name="card",
        suffix="card.md",
        media_type=modelcard.MEDIA_TYPE,
        label="model card",
        translated=True,
        write=_card,
    ),
    WrittenFormat(
        name="badge",
        suffix="badge.svg",
        media_type=SVG.media_type,
        label="badge",
        translated=True,
        write=lambda _, known, lang: badge_svg(badge(known, lang), lang),
    ),
)


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
    written = MODEL_FORMATS[format]
    known = bom(snapshot, id, lang if written.translated else "en", whole=format != "badge")
    return written.write(snapshot, known, lang)


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
