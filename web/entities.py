"""Pages of entities, their twins in other formats, and where other names for them lead."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any, get_args

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kg import answers
from kg.contract import Direction, EdgeChoice, to_json
from kg.errors import InputError, UnknownId
from kg.export import RDF_FORMATS, Exporter, line_file
from kg.model import is_id, kind_of, label_lang
from kg.rdf import Writer
from web import said, tree_files
from web.context import lang, snapshot
from web.facts import FactTable
from web.negotiate import JSON, PAGE, Offer, negotiate
from web.params import whole_number
from web.related import related
from web.scores import scores
from web.trees import href, section

bp = Blueprint("entities", __name__)

_SUFFIXES = {"json": "json", "ttl": "turtle", "nt": "ntriples", "jsonld": "jsonld", "rdf": "rdfxml"}
_OFFERS = (
    PAGE,
    Offer("json", (JSON,)),
    *(Offer(name, (RDF_FORMATS[name][0].media_type,))
      for name in ("turtle", "jsonld", "rdfxml", "ntriples")),
)  # fmt: skip
_LINEAGE = "/lineage.json"
_CLAIMS = "/claims.json"


@bp.get("/<path:name>")
def entity(name: str) -> ResponseReturnValue:
    """An entity, by id, id and suffix, or any other name it goes by."""
    if _exists(name):  # an exact id wins over a suffix
        return _entity(name, negotiate(_OFFERS))
    stem, _, suffix = name.rpartition(".")
    if suffix in _SUFFIXES and _exists(stem):
        return _entity(stem, _SUFFIXES[suffix])
    contract = name.endswith(_LINEAGE) and "scope" not in request.args
    if contract and _exists(name.removesuffix(_LINEAGE)):
        return lineage(name.removesuffix(_LINEAGE))
    if _is_claims(name):
        return _json(to_json(said.answer(name.removesuffix(_CLAIMS), data_lang())))
    id, ending = tree_files.split(name)
    if ending and _exists(id):
        return tree_files.answer(id, ending)
    return _elsewhere(name)


def _exists(id: str) -> bool:
    return is_id(id) and snapshot().lines.find(id) is not None


def _is_claims(name: str) -> bool:
    """Whether an address asks for all claims of a source."""
    id = name.removesuffix(_CLAIMS)
    return id != name and _exists(id) and kind_of(id) == "source"


def _entity(id: str, format: str) -> ResponseReturnValue:
    if format == "html":
        return page(id)
    if format == "json":
        return _json(to_json(answers.show(snapshot(), id, data_lang())))
    return _rdf(id, format)


def _json(body: bytes) -> Response:
    return Response(body, content_type=JSON)


def data_lang() -> str:
    """The language of labels in data: what the address says, and nothing else, so that it repeats."""
    return lang() if request.args.get("lang") else "en"


def _rdf(id: str, format: str) -> Response:
    held = snapshot()
    known = held.entity(id)
    writer = Writer(held.manifest.base, held.vocabulary)
    out = io.BytesIO()
    exporter = Exporter(lambda: [known], lambda: line_file(writer.lines(known)), held.vocabulary)
    exporter.write(format, out)
    return Response(out.getvalue(), content_type=RDF_FORMATS[format][0].media_type)


def page(id: str) -> str:
    """The page of an entity; with `part=tree` its family tree only."""
    held = snapshot()
    tree = section(id)
    if tree and request.args.get("part") == "tree":
        return render_template("_tree.html", tree=tree, tree_href=href)
    known = held.entity(id)
    table = FactTable(held, answers.show(held, id, lang()))
    return render_template(
        "entity.html",
        tree_href=href,
        id=id,
        kind=held.vocabulary.kinds[kind_of(id)],
        title=held.label(id, lang()),
        title_lang=label_lang(known, lang()),
        other=_other_label(known.labels),
        aliases=[(name, code) for code, names in known.labels.items() for name in names[1:]],
        table=table,
        scores=scores(id, table),
        said=said.section(id),
        related=related(id),
        tree=tree,
        twins=[(s, url_for("entities.entity", name=f"{id}.{s}"), RDF_FORMATS[f][0].media_type
                if f in RDF_FORMATS else JSON) for s, f in _SUFFIXES.items()],
    )  # fmt: skip


def _other_label(labels: dict[str, tuple[str, ...]]) -> tuple[str, str] | None:
    """The main label of the other language, with that language, if it is another name."""
    mine = labels.get(lang(), ("",))[0]
    return next(((names[0], code) for code, names in labels.items()
                 if code != lang() and names and mine and names[0] != mine), None)  # fmt: skip


def lineage(id: str) -> Response:
    """The family tree as JSON."""
    direction: Direction = _choice("direction", "both", get_args(Direction))
    edges: EdgeChoice = _choice("edges", "weights", get_args(EdgeChoice))
    limit = whole_number("limit", None, 0, 1_000_000)
    return _json(to_json(
        answers.lineage(snapshot(), id, direction, edges, limit, data_lang())))  # fmt: skip


def _choice(name: str, default: str, known: Sequence[str]) -> Any:
    text = request.args.get(name, default)
    if text not in known:
        raise InputError(f"{name} cannot be {text!r}; known are: {', '.join(known)}")
    return text


def _elsewhere(name: str) -> ResponseReturnValue:
    """Send other names to the canonical address: old ids, Hub paths, bare slugs, kinds."""
    bare = name.strip("/")
    if bare in snapshot().vocabulary.kinds:
        return redirect(url_for("search.search", kind=bare))
    for text, rest in _readings(bare):
        found = _find(text)
        if found and found + rest != name:
            query = request.query_string.decode("ascii", "replace")
            address = url_for("entities.entity", name=found + rest)
            return redirect(f"{address}?{query}" if query else address, 308)
    raise UnknownId(bare, _near(bare))


def _readings(name: str) -> Iterator[tuple[str, str]]:
    """A name as a whole, then without what may be its format."""
    yield name, ""
    stem, _, suffix = name.rpartition(".")
    if suffix in _SUFFIXES:
        yield stem, f".{suffix}"
    for part in (*tree_files.ENDINGS, _CLAIMS):
        if name.endswith(part):
            yield name.removesuffix(part), part


def _find(name: str) -> str | None:
    try:
        return snapshot().find(name)
    except InputError:  # unknown, or the name of several things
        return None


def _near(name: str) -> list[str]:
    """The ids that share a bare slug, else those that look like a name."""
    same = [id for kind in snapshot().vocabulary.kinds if _exists(id := f"{kind}/{name}")]
    return same or snapshot().near(name)
