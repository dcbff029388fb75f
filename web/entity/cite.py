"""How a page is cited: BibTeX with the year and the version of the data; as a file also the day it was looked at."""

from __future__ import annotations

import datetime
import re

from flask import Response

from kg.model.claim import main_label
from web.app.caching import untagged
from web.app.i18n import mark
from web.ui.features import Feature
from web.ui.sections import Context, Draft, EntityFile, Section, Subject

_SPECIAL = re.compile(r"[&%$#_{}]")
_OTHERS = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


def bibtex(subject: Subject, accessed: str = "") -> str:
    """The entry of a page: the same for the same data.

    Args:
        subject: what the page is about.
        accessed: the day it was looked at, ISO.
    """
    manifest = subject.snapshot.manifest
    of = f" of {manifest.as_of}" if manifest.as_of else ""
    fields = {
        "title": f"{{{escape_tex(main_label(subject.entity, 'en'))}}}",
        "author": "{The Gyebo editors}",
        "year": manifest.as_of[:4],
        "howpublished": f"\\url{{{subject.iri}}}",
        "note": f"Gyebo, data version {manifest.version}{of}",
        "urldate": accessed,
    }
    key = re.sub(r"[^a-z0-9]+", "-", f"gyebo-{subject.id}".lower()).strip("-")
    lines = [f"  {name:<12} = {{{value}}}" for name, value in fields.items() if value]
    return f"@misc{{{key},\n" + ",\n".join(lines) + "\n}"


def escape_tex(text: str) -> str:
    r"""A text as TeX reads it.

    >>> escape_tex("A_B & 100%")
    'A\\_B \\& 100\\%'
    >>> escape_tex("x^2\\")
    'x\\textasciicircum{}2\\textbackslash{}'
    """
    return "".join(
        _OTHERS.get(c) or (f"\\{c}" if _SPECIAL.match(c) else c) for c in text if c.isprintable()
    )


def _answer(subject: Subject, ending: str) -> Response:
    """The entry with the day of today, so that it does not follow from the data alone."""
    untagged()
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    response = Response(
        bibtex(subject, today) + "\n", content_type="application/x-bibtex; charset=utf-8"
    )
    name = subject.id.replace("/", "-")
    if name.isascii():
        response.headers["Content-Disposition"] = f'attachment; filename="{name}.bib"'
    return response


def _build(draft: Draft) -> Context:
    return {"bibtex": bibtex(draft.subject), "bib_file": draft.subject.address("/cite.bib")}


FEATURE = Feature(
    sections=(
        Section(
            name="cite",
            place="ends",
            template="entity/_cite.html",
            build=_build,
            anchor="cite",
            heading=mark("Cite this page"),
            files=(
                EntityFile(ending="/cite.bib", media_type="application/x-bibtex", answer=_answer),
            ),
        ),
    ),
)
