"""The release and its exports, as files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from flask import Blueprint, Response, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from kg.answers.contract import to_json
from kg.export.dataset import ABOUT, TITLE
from kg.messages.message import Message, translate_all
from web.app.context import lang, snapshot
from web.app.i18n import Refusal, gettext, mark
from web.app.negotiate import JSON, negotiate
from web.app.representations import ALL, RDF_SUFFIXES, media_type
from web.ui.schemaorg import release

bp = Blueprint("downloads", __name__)

_FILES: Mapping[str, str] = {
    "exports/gyebo.ttl.gz": mark("Resolved facts in Turtle"),
    "exports/gyebo.nt.gz": mark("Resolved facts in N-Triples"),
    "exports/gyebo.rdf.gz": mark("Resolved facts in RDF/XML"),
    "exports/gyebo.nq.gz": mark("All graphs, with who says what, in N-Quads"),
    "exports/gyebo.trig.gz": mark("All graphs, with who says what, in TriG"),
    "exports/gyebo.jsonld.gz": mark("All graphs, with who says what, in JSON-LD"),
    "exports/gyebo.graphml.gz": mark("Models and derivations for network tools, in GraphML"),
    "exports/gyebo.cyjs.gz": mark("Models and derivations for Cytoscape and Cytoscape.js, in JSON"),
    "exports/gyebo.nodelink.json.gz": mark(
        "Models and derivations as node-link JSON, for networkx"
    ),
    "exports/gyebo.csv.gz": mark("Derivations as a table of child, parent, relation and source"),
    "exports/edges.parquet": mark("Derivations as a Parquet table"),
    "exports/nodes.parquet": mark("Models and families as a Parquet table, with names and dates"),
    "exports/models.parquet": mark("Models with their resolved values as a Parquet table"),
    "exports/claims.parquet": mark(
        "Everything that sources say, claim by claim, as a Parquet table"
    ),
    "exports/gyebo-schema.ttl.gz": mark("Resolved facts in the words of schema.org, in Turtle"),
    "exports/gyebo-fair4ml.ttl.gz": mark("Resolved facts in the words of FAIR4ML, in Turtle"),
    "exports/gyebo-mldcat.ttl.gz": mark("A catalog of models in MLDCAT-AP 3.1, in Turtle"),
    "exports/gyebo-dcat.ttl.gz": mark("A catalog of models and datasets in DCAT 3, in Turtle"),
    "graph.nq": mark("The release as N-Quads: what the other files are made from"),
    "entities.jsonl": mark("The release as JSON, one entity a line, facts with their claims"),
    "redirects.json": mark("Ids that go by another id"),
    "issues.jsonl": mark("What the build found wrong"),
    "terms.json": mark("What the licenses say, clause by clause, as this data was judged by"),
    "verdicts.npy": mark("What may be done with each entity, by its line in entities.jsonl"),
    "statistics.json": mark("What the graph holds, counted by graph, class and property"),
    "trends.json": mark("Parameter counts and context lengths over time, as the charts show them"),
}


class File(NamedTuple):
    """A file to download."""

    name: str
    about: str
    bytes: int
    sha256: str


def titles() -> dict[str, dict[str, str]]:
    """What each file holds, by language."""
    return {name: dict(translate_all(text)) for name, text in _FILES.items()}


@bp.get("/data")
def data() -> ResponseReturnValue:
    """The list of files as a page, or as JSON where that is asked for."""
    format = negotiate(ALL)
    if format == "json":
        return data_json()
    if format != "html":
        return redirect(url_for("wellknown.void"), 303)
    manifest = snapshot().manifest
    order = [*_FILES, *sorted(manifest.files.keys() - _FILES.keys())]
    files = [
        File(name, gettext(_FILES[name]) if name in _FILES else "", known.bytes, known.sha256)
        for name in order
        if (known := manifest.files.get(name))
    ]
    about = {"name": TITLE[lang()], "description": ABOUT[lang()]}
    schema = release(snapshot(), about, {file.name: file.about for file in files})
    return render_template(
        "data/data.html",
        manifest=manifest,
        files=files,
        schema=schema,
        rdf=RDF_SUFFIXES,
        media_type=media_type,
    )


@bp.get("/data.json")
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
    path = snapshot().folder / "release" / name
    return send_file(path, as_attachment=True, etag=known.sha256, conditional=True)
