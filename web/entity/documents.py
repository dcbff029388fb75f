"""`/model/<id>/document/<form>.md` and `.json`: documents that laws and guides ask for, drafted for a model.

What a file says follows from its address and the data alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from flask import Response

from kg.answers.contract import to_json
from kg.documents.contract import DocumentAnswer
from kg.documents.document import draft_document
from kg.documents.form import forms
from kg.documents.markdown import document_markdown
from kg.model.claim import slug_of
from web.app.caching import fixed
from web.app.context import snapshot
from web.app.i18n import mark
from web.entity.files import asked_lang, refuse_large
from web.tree.files import CACHE, ascii_name
from web.ui.features import Feature
from web.ui.operations import LANGUAGE, Operation, id_parts
from web.ui.sections import Context, Draft, EntityFile, Section, Subject

_START = "/document/"
_TYPES = {"md": "text/markdown; charset=utf-8", "json": "application/json"}


class DocumentLink(NamedTuple):
    """A form, as the page of a model offers it."""

    address: str
    title: str


def _answer(subject: Subject, ending: str) -> Response:
    """A document about a model."""
    form, _, suffix = ending.removeprefix(_START).rpartition(".")
    id = subject.id
    refuse_large(id, f"gyebo document {form} --model {id} -o FILE")
    lang = asked_lang()
    fixed(CACHE)
    document = draft_document(snapshot(), form, id, lang)
    body = document_markdown(document, lang) if suffix == "md" else to_json(document)
    response = Response(body, content_type=_TYPES[suffix])
    name = f"{ascii_name(slug_of(id))}.{form}.{suffix}"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _build(draft: Draft) -> Context:
    """The forms with their addresses for a model, in the language of the page."""
    subject = draft.subject
    links = [
        DocumentLink(
            f"{subject.address(f'{_START}{name}.md')}?lang={subject.lang}",
            form.title.in_language(subject.lang),
        )
        for name, form in forms().items()
    ]
    return {"documents": links}


def _operation(form: str) -> Operation:
    return Operation(
        name=f"document {form}",
        path=f"/model/{{slug}}{_START}{form}.json",
        about=mark(
            "A document that a law or guide asks for, drafted: each line with what it rests on."
        ),
        answer=DocumentAnswer,
        example=f"/model/alpaca-7b{_START}{form}.json",
        parameters=(id_parts("model")[1], LANGUAGE),
    )


def _files() -> Iterator[EntityFile]:
    for name in forms():
        for suffix, media_type in _TYPES.items():
            yield EntityFile(
                ending=f"{_START}{name}.{suffix}",
                media_type=media_type.partition(";")[0],
                answer=_answer,
                kinds=("model",),
                operation=_operation(name) if suffix == "json" else None,
            )


FEATURE = Feature(
    sections=(
        Section(
            name="documents",
            place="forms",
            template="entity/_documents.html",
            kinds=("model",),
            build=_build,
            files=tuple(_files()),
        ),
    ),
)
