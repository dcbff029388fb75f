"""`/model/<id>/bom.cdx.json`, `bom.spdx.json`, `card.md` and `badge.svg`: a model for other tools.

What a file says follows from its address and the data alone; only cards and badges have a language.
"""

from __future__ import annotations

from typing import NamedTuple

from flask import Response, request, url_for

from kg.answers.lineage import kin
from kg.errors import InputError
from kg.export.bom.badge import markdown
from kg.export.bom.formats import LANGUAGES, MODEL_FORMATS, model_file
from kg.messages.message import Message
from kg.model.claim import Entity, kind_of, main_label, slug_of
from web.app.caching import fixed
from web.app.context import lang, snapshot
from web.app.i18n import LANGS, Refusal
from web.app.representations import link
from web.tree.files import CACHE, ascii_name

_BY_ENDING = {f"/{known.file}": name for name, known in MODEL_FORMATS.items()}
ENDINGS = tuple(_BY_ENDING)
MOST = 2_000  # parts of a bill of materials over the net


class Shown(NamedTuple):
    """A badge as the page of its model shows it."""

    address: str
    code: str  # Markdown


def answer(id: str, ending: str) -> Response:
    """A file of an entity.

    Args:
        id: a canonical id.
        ending: one of ENDINGS.
    """
    if kind_of(id) != "model":
        raise Refusal(
            404,
            Message(
                "only models have %(format)s, and %(id)s is a %(kind)s",
                format=ending[1:],
                id=id,
                kind=kind_of(id),
            ),
        )
    format = _BY_ENDING[ending]
    if format != "badge":
        _small_enough(id, format)
    fixed(CACHE)
    known = MODEL_FORMATS[format]
    media = f"{known.media_type}{'; charset=utf-8' if format in LANGUAGES else ''}"
    response = Response(model_file(snapshot(), id, format, _lang()), content_type=media)
    name = f"{ascii_name(slug_of(id))}.{known.file}"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    if known.media_type == "image/svg+xml":
        response.headers["Content-Security-Policy"] = "default-src 'none'"
    else:
        response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _small_enough(id: str, format: str) -> None:
    size = len(kin(snapshot(), id, "up", "all").up)
    if size > MOST:
        raise Refusal(
            413,
            Message(
                "this model has %(size)s ancestors; over the net a file holds %(most)s: use the command gyebo export %(format)s --model %(id)s -o FILE",
                size=size,
                most=MOST,
                format=format,
                id=id,
            ),
        )


def _lang() -> str:
    text = request.args.get("lang", "en")
    if text not in LANGS:
        raise InputError(
            Message(
                "%(name)s cannot be %(value)r; known are: %(known)s",
                name="lang",
                value=text[:40],
                known=LANGS,
            )
        )
    return text


def links(id: str) -> list[tuple[str, str]]:
    """Name and address of each file of a model, the badge apart."""
    if kind_of(id) != "model":
        return []
    return [
        (MODEL_FORMATS[name].file, url_for("entities.entity", name=id + ending))
        for ending, name in _BY_ENDING.items()
        if name != "badge"
    ]


def link_files(response: Response, id: str) -> None:
    """Say in Link headers where the bills of materials of a model stand."""
    for file, address in links(id):
        media = next(f.media_type for f in MODEL_FORMATS.values() if f.file == file)
        link(response, "describedby", address, media)


def shown(entity: Entity) -> Shown | None:
    """The badge of a model, for its page; None of anything else."""
    if kind_of(entity.id) != "model":
        return None
    file = url_for("entities.entity", name=f"{entity.id}/badge.svg")
    label, base = main_label(entity, lang()), snapshot().manifest.base
    return Shown(f"{file}?lang={lang()}", markdown(base, entity.id, label, lang()))
