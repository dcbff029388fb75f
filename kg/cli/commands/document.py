"""`gyebo document`: documents that laws and guides ask for, drafted from the graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import click
import msgspec

from kg.answers.contract import to_json
from kg.cli._options import json_option, lang_option, with_snapshot
from kg.documents.contract import DocumentAnswer, FormAnswer
from kg.documents.document import draft_document, list_forms
from kg.documents.docx import word_document
from kg.documents.markdown import count_line, document_markdown
from kg.errors import InputError
from kg.files.output import write_file
from kg.messages.message import Message
from kg.snapshot.snapshot import Snapshot

_STDOUT = "-"
# By the ending of the file that is written.
_WRITERS: Mapping[str, Callable[[DocumentAnswer, str], bytes]] = {
    ".md": lambda document, lang: document_markdown(document, lang).encode(),
    ".docx": lambda document, lang: word_document(document_markdown(document, lang)),
    ".json": lambda document, lang: to_json(document),
}


@click.command("document")
@click.argument("form", required=False)
@click.option("--model", metavar="ID", help="The model, by its id, its name or its id of the Hub.")
@click.option("--list", "listing", is_flag=True, help="List the forms that there are.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path(_STDOUT),
    help=f"Write this file instead of printing: {', '.join(_WRITERS)} (.docx by pandoc).",
)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@lang_option
@json_option
def document_command(
    form: str | None,
    model: str | None,
    listing: bool,
    output: Path,
    force: bool,
    lang: str,
    as_json: bool,
) -> None:
    """Draft a document that a law or a guide asks for, such as Annex XI of the EU AI Act.

    Each line names the claims that it rests on; what is not known is marked (?), what is said only of a
    base model is told as such. The draft is to be completed by whoever provides the model. Not legal advice.

    gyebo document eu-annex-xi --model alpaca-7b -o annex-xi.md

    gyebo document kr-ai-basic-act --model koalpaca-polyglot-12.8b --lang ko -o sheet.docx
    """
    if listing:
        known = list_forms(lang)
        text = msgspec.json.format(msgspec.json.encode(known), indent=2).decode()
        click.echo(text if as_json else "\n".join(map(_form_line, known)))
        return
    if not form or not model:
        raise InputError(
            Message(
                "name a form and a model: gyebo document FORM --model ID; --list lists the forms"
            )
        )
    writer = _writer(output, as_json)
    if output.exists() and not force and str(output) != _STDOUT:
        raise InputError(Message("%(path)s is there already; --force writes over it", path=output))
    _write(form=form, model=model, output=output, writer=writer, lang=lang)


def _form_line(form: FormAnswer) -> str:
    basis = form.basis
    return (
        f"{form.form:<20} {form.title}\n{'':<20} {basis.name}, {basis.place}\n{'':<20} {basis.url}"
    )


def _writer(output: Path, as_json: bool) -> Callable[[DocumentAnswer, str], bytes]:
    """What writes the document, by the ending of its file."""
    if str(output) == _STDOUT:
        return _WRITERS[".json" if as_json else ".md"]
    ending = output.suffix.lower()
    if as_json and ending != ".json":
        raise InputError(Message("--json is written into a file that ends in .json"))
    if ending not in _WRITERS:
        raise InputError(
            Message("%(path)s: a document is written as %(known)s", path=output, known=[*_WRITERS])
        )
    return _WRITERS[ending]


@with_snapshot
def _write(
    snapshot: Snapshot,
    *,
    form: str,
    model: str,
    output: Path,
    writer: Callable[[DocumentAnswer, str], bytes],
    lang: str,
) -> None:
    document = draft_document(snapshot, form, model, lang)
    content = writer(document, lang)
    write_file(output, lambda out: out.write(content))
    if str(output) != _STDOUT:
        click.echo(count_line(document).text(lang), err=True)
