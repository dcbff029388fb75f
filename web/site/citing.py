"""`/cite`: how to cite a page of this site, with the version of the data, a permanent address and the day of access.

The day of access is that of the request, so nothing here is kept or has a tag.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import NamedTuple

from flask import Blueprint, Response, current_app, render_template, request, url_for
from werkzeug.exceptions import HTTPException

from kg.errors import InputError
from kg.export.references import Reference, bibtex, csl_json, plain
from kg.messages.message import Message
from kg.model.iri import iri
from kg.snapshot.layout import Layout
from kg.snapshot.releases.past import find_release
from web.app.caching import untagged
from web.app.context import snapshot
from web.app.i18n import gettext, mark
from web.ui.features import Feature, site_page
from web.ui.sections import find_subject

bp = Blueprint("citing", __name__)
FEATURE = Feature(blueprint=bp)

_LONGEST = 1_000  # characters of the address of a page
_OF_ENTITIES = "entities.entity"  # the route of all addresses that no other route takes
_NO_PAGE = mark("%(of)r is no page of this site; give a path such as /model/alpaca-7b")


class CitedForm(NamedTuple):
    """A form of a reference."""

    label: str
    media_type: str
    write: Callable[[Reference], str]


FORMS: Mapping[str, CitedForm] = {
    "bib": CitedForm("BibTeX", "application/x-bibtex", bibtex),
    "json": CitedForm("CSL-JSON", "application/vnd.citationstyles.csl+json", csl_json),
    "txt": CitedForm(mark("Plain text"), "text/plain", plain),
}


@bp.get("/cite")
@site_page(parameters=("of",), cite="/cite?of=/model/alpaca-7b")
def page() -> str:
    """The reference to a page in every form."""
    of = _asked()
    told = _reference(of)
    untagged()
    return render_template(
        "site/cite.html",
        told=told,
        of=of,
        forms=[
            (gettext(form.label), form.write(told), url_for("citing.file", suffix=s, of=of))
            for s, form in FORMS.items()
        ],
    )


@bp.get("/cite.<any(bib, json, txt):suffix>")
def file(suffix: str) -> Response:
    """The reference in one form."""
    form = FORMS[suffix]
    body = form.write(_reference(_asked()))
    untagged()
    response = Response(body, content_type=f"{form.media_type}; charset=utf-8")
    if suffix != "txt":
        response.headers["Content-Disposition"] = f'attachment; filename="gyebo.{suffix}"'
    return response


def _asked() -> str:
    """The page that is cited, as the path of an address.

    Raises:
        InputError: it is none of this site.
    """
    of = request.args.get("of", "/").strip() or "/"
    plain = of.isprintable() and "\\" not in of and len(of) <= _LONGEST
    if not of.startswith("/") or of.startswith("//") or not plain:
        raise InputError(Message(_NO_PAGE, of=of[:80]))
    return of


def _is_page(path: str) -> bool:
    """Whether a path is of a page that is no entity's own, or below that of an entity."""
    rules = current_app.create_url_adapter(request)
    try:
        endpoint = rules.match(f"/{path}", "GET")[0] if rules else ""
    except HTTPException:
        return False
    parts = path.split("/")
    above = ("/".join(parts[:count]) for count in range(2, len(parts)))
    return endpoint != _OF_ENTITIES or any(find_subject(id) for id in above)


def _reference(of: str) -> Reference:
    """The reference to a page: to an entity in the release that is shown, so that the same can be read again."""
    held = snapshot()
    base, version, built = held.manifest.base, held.manifest.version, held.history.summary.built
    path = of[1:]
    first, _, rest = path.partition("/")
    wanted, _, name = rest.partition("/")
    if first == "release" and wanted:
        past = find_release(Layout(held.folder.parent.parent), wanted)
        version, built, path = past.version, past.built, name
    id, title = _named(path)
    if not id and not _is_page(path.partition("?")[0]):
        raise InputError(Message(_NO_PAGE, of=f"/{path}"[:80]))
    url = f"{iri(f'{base}release/{version}/', id)}" if id else base + of[1:]
    return Reference(
        title=title,
        url=url,
        version=version,
        published=built[:10],
        accessed=dt.datetime.now(dt.UTC).date().isoformat(),
    )


def _named(path: str) -> tuple[str, str]:
    """The entity that a path is of, and what the page is called; "" of the data as a whole."""
    name = path.partition("?")[0]
    if subject := find_subject(name):
        return subject.id, subject.label
    for ending in ("/lineage", "/changes"):
        if subject := find_subject(name.removesuffix(ending)):
            return "", f"{subject.label} ({ending[1:]})"
    words = name.strip("/").replace("/", ": ").replace("-", " ")
    return "", words
