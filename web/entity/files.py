"""`/model/<id>/bom.cdx.json`, `bom.spdx.json`, `card.md` and `badge.svg`: a model for other tools.

What a file says follows from its address and the data alone; only cards and badges have a language.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from flask import Response, request

from kg.answers.genealogy import find_genealogy
from kg.export.bom.badge import markdown
from kg.export.bom.formats import MODEL_FORMATS, model_file
from kg.messages.message import Message
from kg.model.claim import main_label, slug_of
from web.app.caching import fixed
from web.app.context import snapshot
from web.app.i18n import LANGS, Refusal
from web.app.params import unknown_choice
from web.tree.files import CACHE, ascii_name
from web.ui.features import Feature
from web.ui.sections import Context, Draft, EntityFile, Section, Subject

_BY_ENDING = {f"/{known.suffix}": name for name, known in MODEL_FORMATS.items()}
MOST = 2_000  # parts of a bill of materials over the net


class ShownBadge(NamedTuple):
    """A badge as the page of its model shows it."""

    address: str
    code: str  # Markdown


def _answer(subject: Subject, ending: str) -> Response:
    """A file of an entity."""
    id = subject.id
    if subject.kind.name != "model":
        raise Refusal(
            404,
            Message(
                "only models have %(format)s, and %(id)s is a %(kind)s",
                format=ending[1:],
                id=id,
                kind=subject.kind.name,
            ),
        )
    format = _BY_ENDING[ending]
    if format != "badge":
        refuse_large(id, f"gyebo export {format} --model {id} -o FILE")
    fixed(CACHE)
    known = MODEL_FORMATS[format]
    media = f"{known.media_type}{'; charset=utf-8' if known.translated else ''}"
    response = Response(model_file(snapshot(), id, format, asked_lang()), content_type=media)
    name = f"{ascii_name(slug_of(id))}.{known.suffix}"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    if known.media_type == "image/svg+xml":
        response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response


def refuse_large(id: str, command: str) -> None:
    """Refuse to make a file of a model whose ancestry is long.

    Args:
        id: of the model.
        command: what makes the file on the machine of whoever asks.

    Raises:
        Refusal: more ancestors than MOST.
    """
    size = len(find_genealogy(snapshot(), id, "up", "all").ancestors)
    if size > MOST:
        raise Refusal(
            413,
            Message(
                "this model has %(size)s ancestors; over the net a file holds %(most)s: use the command %(command)s",
                size=size,
                most=MOST,
                command=command,
            ),
        )


def asked_lang() -> str:
    """The language that the address asks for; English by default."""
    text = request.args.get("lang", "en")
    if text not in LANGS:
        raise unknown_choice("lang", text, LANGS)
    return text


def _build_badge(draft: Draft) -> Context:
    subject = draft.subject
    label, base = main_label(subject.entity, subject.lang), subject.snapshot.manifest.base
    code = markdown(base, subject.id, label, subject.lang)
    return {"badge": ShownBadge(f"{subject.address('/badge.svg')}?lang={subject.lang}", code)}


def _files() -> Iterator[EntityFile]:
    """The badge apart, pages list them and Link headers lead to them."""
    for ending, name in _BY_ENDING.items():
        listed = name != "badge"
        yield EntityFile(
            ending=ending,
            media_type=MODEL_FORMATS[name].media_type,
            answer=_answer,
            listed=listed,
            relation="describedby" if listed else "",
        )


FEATURE = Feature(
    sections=(
        Section(
            name="model-files",
            place="forms",
            template="entity/_model_files.html",
            kinds=("model",),
            build=lambda draft: {},
            files=tuple(_files()),
        ),
        Section(
            name="badge",
            place="card",
            template="entity/_badge.html",
            kinds=("model",),
            build=_build_badge,
        ),
    ),
)
