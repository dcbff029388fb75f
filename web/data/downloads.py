"""The release and its exports, as files."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from kg.answers.contract import to_json
from kg.export.describing.dataset import ABOUT, TITLE
from kg.export.formats import FORMATS
from kg.messages.message import Message, translate_all
from kg.model.media import with_charset
from kg.snapshot.layout import GRAPH, HELD, Manifest, ReleaseFile
from kg.snapshot.seal import check_file
from web.app.context import lang, snapshot
from web.app.encoding import accepts_gzip
from web.app.i18n import Refusal, gettext, mark
from web.app.negotiate import JSON, names_rdf, negotiate
from web.app.representations import ALL, RDF_SUFFIXES, media_type
from web.data._files import STARTS, FileGroup, file_groups
from web.data.dumps import RECIPES, dump_files, release_date
from web.ui.features import Feature, MenuEntry, site_page
from web.ui.operations import operation
from web.ui.schemaorg import release

bp = Blueprint("downloads", __name__)
FEATURE = Feature(blueprint=bp)

GZIP, OCTETS = "application/gzip", "application/octet-stream"
_PIECE = 1 << 18
_LINES = 100  # of entities, sent at once
_TYPES: Mapping[str, str] = {"json": JSON, "jsonl": "application/jsonl", "npy": OCTETS}


class DownloadFile(NamedTuple):
    """A file to download."""

    name: str
    about: str
    bytes: int


def titles() -> dict[str, dict[str, str]]:
    """What each file holds, by language."""
    return {
        name: dict(translate_all(text))
        for group in file_groups()
        for name, text in group.titles.items()
    }


@bp.get("/data")
@site_page(menu=(MenuEntry(mark("Data"), 50),), in_sitemap=True, data="/data")
def data() -> ResponseReturnValue:
    """The list of files as a page, or as JSON where that is asked for."""
    format = negotiate(ALL)
    if format == "json":
        return data_json()
    if format != "html":
        return redirect(url_for("wellknown.void"), 303)
    manifest = snapshot().manifest
    files = _listed(manifest)
    about = {"name": TITLE[lang()], "description": ABOUT[lang()]}
    schema = release(snapshot(), about, {one.name: one.about for _, held in files for one in held})
    return render_template(
        "data/data.html",
        manifest=manifest,
        files=files,
        starts=[(one, manifest.files[one.file]) for one in STARTS if one.file in manifest.files],
        sums=[f"{file.sha256}  {name}" for name, file in sorted(manifest.files.items())],
        dump=dump_files(snapshot()),
        recipes=RECIPES,
        schema=schema,
        rdf=RDF_SUFFIXES,
        media_type=media_type,
        endings=_endings,
    )


def _listed(manifest: Manifest) -> list[tuple[FileGroup, list[DownloadFile]]]:
    """The files that a release has, by what they are for; what no group names is in the last."""
    *groups, last = file_groups()
    known = {name for group in (*groups, last) for name in group.titles}
    unnamed = dict.fromkeys(sorted(manifest.files.keys() - known), "")
    return [
        (
            group,
            [
                DownloadFile(name, gettext(title) if title else "", file.bytes)
                for name, title in group.titles.items()
                if (file := manifest.files.get(name))
            ],
        )
        for group in (*groups, last._replace(titles={**last.titles, **unnamed}))
    ]


def _endings(suffixes: Iterable[str]) -> str:
    """What can stand behind an address.

    >>> _endings(["json", "ttl"])
    '.json, .ttl'
    """
    return ", ".join(f".{suffix}" for suffix in suffixes)


@bp.get("/data.json")
@operation(
    "release",
    "/data.json",
    mark("The release: version, counts, and every file with its checksum."),
    Manifest,
    example="/data.json",
)
def data_json() -> Response:
    """The manifest."""
    return Response(to_json(snapshot().manifest), content_type=JSON)


@bp.get("/data/<path:name>")
def file(name: str) -> Response:
    """One file of the release; only names the manifest lists exist."""
    known = snapshot().manifest.files.get(name)
    if known is None:
        raise Refusal(
            404,
            Message(
                "the release holds no file %(name)r; /data lists those there are",
                name=name[:80],
            ),
        )
    check_file(snapshot().folder, f"release/{HELD.get(name, name)}")
    if name in HELD:
        return _held(name, known)
    path = snapshot().folder / "release" / name
    packed, inner = path.suffix == ".gz", _type_of(name.removesuffix(".gz"))
    if packed and names_rdf():
        return _for_parser(path, inner, known.sha256)
    response = send_file(
        path,
        mimetype=GZIP if packed else inner,
        as_attachment=True,
        etag=known.sha256,
        last_modified=release_date(),
        conditional=True,
    )
    if packed:
        response.vary.update(("Accept", "Accept-Encoding"))
    return response


def _held(name: str, known: ReleaseFile) -> Response:
    """A file that the release holds only compressed, as it is when it is unpacked."""
    response = _graph(known.sha256) if name == "graph.nq" else _entities(known.sha256)
    if "Content-Encoding" not in response.headers:
        response.content_length = known.bytes
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _graph(sha256: str) -> Response:
    """The N-Quads; to whoever takes gzip as they are held, with a weak tag as all that is compressed on the way."""
    path, type = snapshot().folder / "release" / GRAPH, _type_of("graph.nq")
    coded = accepts_gzip()
    if coded:
        response = send_file(
            path, mimetype=type, etag=False, last_modified=release_date(), conditional=False
        )
        response.content_encoding = "gzip"
    else:
        response = Response(_unpacked(path), content_type=with_charset(type))
    response.set_etag(sha256, weak=coded)
    response.vary.add("Accept-Encoding")
    response.make_conditional(request)
    return response


def _entities(sha256: str) -> Response:
    type = with_charset(_type_of("entities.jsonl"))
    response = Response(_joined(snapshot().lines), content_type=type, direct_passthrough=True)
    response.set_etag(sha256)
    response.make_conditional(request)
    return response


def _joined(lines: Iterable[bytes]) -> Iterator[bytes]:
    rest = iter(lines)
    while piece := b"".join(islice(rest, _LINES)):
        yield piece


def _type_of(name: str) -> str:
    """The media type of a file, by the formats that we write."""
    suffix = name.rpartition(".")[2]
    known = {f.suffix: f.media_type for f in FORMATS.values()}
    return known.get(suffix) or _TYPES.get(suffix) or OCTETS


def _for_parser(path: Path, media_type: str, sha256: str) -> Response:
    """A compressed export for who names a format of RDF, and so parses what comes: compression is its encoding.

    Others, who store it, get the file as it is. It is told by the Accept header, because parsers that
    cannot unpack (rdflib) and tools that store (wget) say the same of encodings.
    """
    if accepts_gzip():
        response = send_file(
            path,
            mimetype=media_type,
            etag=f"{sha256}-coded",
            last_modified=release_date(),
            conditional=True,
        )
        response.content_encoding = "gzip"
    else:
        response = Response(_unpacked(path), content_type=with_charset(media_type))
        response.set_etag(f"{sha256}-plain")
        response.make_conditional(request)
    response.vary.update(("Accept", "Accept-Encoding"))
    return response


def _unpacked(path: Path) -> Iterator[bytes]:
    with gzip.open(path) as file:
        while piece := file.read(_PIECE):
            yield piece
