"""`/release/<version>/…`: permanent addresses of what a release said, as long as it is kept here.

The current release and those that stand whole answer with pages, JSON, RDF, license answers and memos of their own; of one
whose snapshot was deleted the license answer says what was kept of it, and everything else that it is gone (410).
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import format_datetime

import msgspec
from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kg.answers.contract import ShowAnswer, to_json
from kg.answers.license import license_answer
from kg.answers.show import show
from kg.errors import InputError, UnknownId
from kg.export.formats import Exporter
from kg.export.quads import Writer
from kg.files.lines import line_file
from kg.licenses.rules import USES
from kg.licenses.terms import Use
from kg.messages.message import Message
from kg.model.iri import iri
from kg.snapshot.layout import Layout
from kg.snapshot.releases.past import PastRelease, find_release, past_releases
from kg.snapshot.snapshot import Snapshot
from kg.watch.since import past_verdict
from web.app.context import lang, snapshot
from web.app.i18n import Refusal, mark
from web.app.negotiate import JSON, PAGE_OR_JSON, negotiate
from web.app.params import data_lang, unknown_choice
from web.app.representations import ALL, SUFFIXES, link, rdf_response
from web.license.memo import ENDING, memo_response
from web.ui.facts import FactTable
from web.ui.features import Feature, site_page
from web.ui.operations import LANGUAGE, SOME_TEXT, Parameter, among, id_parts, operation

bp = Blueprint("releases", __name__)
FEATURE = Feature(blueprint=bp)

_LICENSE = "/license.json"
_VERSION = Parameter(
    "version", mark("version of a release, or the beginning of it"), SOME_TEXT, True, "path"
)


class ReleaseAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A release that was published here."""

    version: str
    built: str
    as_of: str  # the last day on which a source of it was read; "" if none says so
    current: bool
    whole: bool  # false: only verdicts and changes were kept
    address: str


class ReleasesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The releases that are known here, the latest first."""

    releases: list[ReleaseAnswer]


def _layout() -> Layout:
    return Layout(snapshot().folder.parent.parent)


def _told(release: PastRelease) -> ReleaseAnswer:
    held = snapshot()
    return ReleaseAnswer(
        version=release.version,
        built=release.built,
        as_of=release.as_of,
        current=release.version == held.manifest.version,
        whole=release.is_whole,
        address=f"{held.manifest.base}release/{release.version}",
    )


@bp.get("/release")
@site_page(in_sitemap=True, releases="/release")
def page() -> ResponseReturnValue:
    """The releases that are known here."""
    if negotiate(PAGE_OR_JSON) == "json":
        return releases_json()
    return render_template(
        "site/releases.html", found=_all(), twin=url_for("releases.releases_json")
    )


@bp.get("/release.json")
@operation(
    "releases",
    "/release.json",
    mark("The releases that are known here, and which of them stand whole."),
    ReleasesAnswer,
    example="/release.json",
)
def releases_json() -> Response:
    """The releases as data."""
    return Response(to_json(_all()), content_type=JSON)


def _all() -> ReleasesAnswer:
    return ReleasesAnswer(releases=[_told(one) for one in reversed(past_releases(_layout()))])


@bp.get("/release/<version>")
def one(version: str) -> ResponseReturnValue:
    """One release: what is kept of it, and where."""
    release = _find(version)
    if release.version != version:
        return redirect(url_for("releases.one", version=release.version), 302)
    told = _told(release)
    if negotiate(PAGE_OR_JSON) == "json":
        return Response(to_json(told), content_type=JSON)
    return render_template("site/release.html", told=told)


@bp.get("/release/<version>/<path:name>")
@operation(
    "releasedEntity",
    "/release/{version}/{kind}/{slug}.json",
    mark("Everything that a release said of an entity: also as .ttl, .jsonld and /license.json."),
    ShowAnswer,
    example="/release/current/model/alpaca-7b.json",
    parameters=(
        _VERSION,
        *id_parts(),
        Parameter("use", mark("of /license.json: what it is to be used for"), among(USES)),
        LANGUAGE,
    ),
    leads=True,
)
def thing(version: str, name: str) -> ResponseReturnValue:
    """What a release said of an entity: a page, JSON, RDF, or the license answer."""
    release = _find(version)
    if release.version != version:
        query = request.query_string.decode("ascii", "replace")
        address = url_for("releases.thing", version=release.version, name=name)
        return redirect(f"{address}?{query}" if query else address, 302)
    licensed = name.endswith(_LICENSE)
    if not release.is_whole:
        return _dated(_kept(release, name.removesuffix(_LICENSE), licensed), release)
    with _opened(release) as held:
        if licensed:
            return _dated(_license(held, name.removesuffix(_LICENSE)), release)
        for ending in (ENDING, f"{ENDING}.json"):
            if name.endswith(ending) and held.lines.find(name) is None:
                id = held.find(name.removesuffix(ending))
                return _dated(memo_response(held, id, ending, release.version), release)
        id, format = _read(held, name)
        return _dated(_form(held, release, id, format), release, id)


def _find(version: str) -> PastRelease:
    """A release by its version, the beginning of it, or `current`; a 404 that says what is kept and what helps else."""
    wanted = snapshot().manifest.version if version == "current" else version
    try:
        return find_release(_layout(), wanted)
    except InputError as error:
        raise Refusal(
            404,
            Message(
                "%(why)s. Whoever cited it may hold its dump, which `gyebo dump` writes; /release lists what is here",
                why=error.message,
            ),
        ) from error


@contextmanager
def _opened(release: PastRelease) -> Iterator[Snapshot]:
    """The snapshot of a release; the one that is open, where it is that."""
    held = snapshot()
    if release.version == held.manifest.version:
        yield held
        return
    with Snapshot(release.folder) as past:
        yield past


def _kept(release: PastRelease, name: str, licensed: bool) -> Response:
    """What was kept of a release whose snapshot is gone: verdicts."""
    if not licensed:
        raise Refusal(
            410,
            Message(
                "release %(version)s of %(day)s is not kept whole here any more: of models /license.json says "
                "the verdict then; all of it is in its dump, which `gyebo dump` writes while a release stands",
                version=release.version,
                day=release.day,
            ),
        )
    told = past_verdict(snapshot(), release, name, _use(), data_lang())
    return Response(to_json(told), content_type=JSON)


def _use() -> Use:
    asked = request.args.get("use", USES[0])
    for use in USES:
        if asked == use:
            return use
    raise unknown_choice("use", asked, USES)


def _license(held: Snapshot, name: str) -> Response:
    found = license_answer(held, held.find(name), _use(), lang=data_lang())
    return Response(to_json(found), content_type=JSON)


def _read(held: Snapshot, name: str) -> tuple[str, str]:
    """The id that a path names in a release, and the form it asks for."""
    stem, _, suffix = name.rpartition(".")
    if suffix in SUFFIXES and held.lines.find(name) is None:
        return held.find(stem), SUFFIXES[suffix]
    try:
        return held.find(name), negotiate(ALL)
    except UnknownId:
        raise UnknownId(name, held.near(name)) from None


def _form(held: Snapshot, release: PastRelease, id: str, format: str) -> Response:
    if format == "json":
        return Response(to_json(show(held, id, data_lang())), content_type=JSON)
    if format == "html":
        return Response(_page(held, release, id), content_type="text/html; charset=utf-8")
    entity = held.entity(id)
    lines = list(Writer(held.manifest.base, held.vocabulary).lines(entity))
    out = io.BytesIO()
    Exporter(lambda: [entity], lambda: line_file(lines), held.vocabulary).write(format, out)
    return rdf_response(out.getvalue(), format)


def _page(held: Snapshot, release: PastRelease, id: str) -> str:
    table = FactTable(held, show(held, id, lang()))
    return render_template(
        "site/released.html",
        id=id,
        label=held.label(id, lang()),
        table=table,
        told=_told(release),
        twins=[
            (s, url_for("releases.thing", version=release.version, name=f"{id}.{s}"))
            for s in SUFFIXES
        ],
    )


def _dated(response: Response, release: PastRelease, id: str = "") -> Response:
    """With the day of what it says (RFC 7089), where the latest stands, and that search engines keep that one."""
    built = dt.datetime.fromisoformat(release.built).astimezone(dt.UTC)
    response.headers["Memento-Datetime"] = format_datetime(built, usegmt=True)
    response.headers["X-Robots-Tag"] = "noindex"
    if id:
        link(response, "original latest-version", iri(snapshot().manifest.base, id))
    return response
