"""Pages of entities, their twins in other formats, and where other names for them lead."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any, get_args
from urllib.parse import quote

from flask import (
    Blueprint,
    Response,
    abort,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from kg.answers import show as answers
from kg.answers.contract import Direction, EdgeChoice, to_json
from kg.errors import InputError, UnknownId
from kg.export.formats import Exporter
from kg.export.quads import Writer, iri
from kg.files.lines import line_file
from kg.model.claim import Entity, is_id, kind_of, label_lang, main_label
from web.app.context import lang, snapshot
from web.app.negotiate import JSON, choose, negotiate
from web.app.params import whole_number
from web.app.proxy import path_here
from web.app.representations import ALL, SAFE, SUFFIXES, link, link_twins, media_type
from web.entity import card as cards
from web.entity import charts as entity_charts
from web.entity import claims as said
from web.entity import files as model_files
from web.entity import incoming
from web.entity.related import LISTS, related
from web.entity.scores import scores
from web.license import box as license_box
from web.license import pages as license_pages
from web.license.text import sheet
from web.tree import files as tree_files
from web.tree.section import section
from web.ui.addresses import canonical
from web.ui.facts import FactTable
from web.ui.links import href
from web.ui.schemaorg import thing

bp = Blueprint("entities", __name__)

_PAGES = 1_000_000
_LINEAGE = "/lineage.json"
_CLAIMS = "/claims.json"
_LICENSE = "/license.json"
# Who answers for which files of one entity.
_FILES: tuple[tuple[tuple[str, ...], Callable[[str, str], ResponseReturnValue]], ...] = (
    (tree_files.ENDINGS, tree_files.answer),
    (model_files.ENDINGS, model_files.answer),
    (entity_charts.ENDINGS, entity_charts.answer),
    (cards.ENDINGS, cards.answer),
)


@bp.get("/<path:name>")
def entity(name: str) -> ResponseReturnValue:
    """An entity, by id, id and suffix, or any other name it goes by."""
    if _exists(name):  # an exact id wins over a suffix
        return _entity(name, negotiate(ALL), negotiated=True)
    stem, _, suffix = name.rpartition(".")
    g.form = SUFFIXES.get(suffix) or choose(ALL, request.accept_mimetypes)
    if suffix in SUFFIXES and _exists(stem):
        return _entity(stem, SUFFIXES[suffix])
    contract = name.endswith(_LINEAGE) and "scope" not in request.args
    if contract and _exists(name.removesuffix(_LINEAGE)):
        return lineage(name.removesuffix(_LINEAGE))
    if name.endswith(_LICENSE) and _exists(name.removesuffix(_LICENSE)):
        return license_pages.answer_json(name.removesuffix(_LICENSE), data_lang())
    if _is_claims(name):
        return said.answer_json(name.removesuffix(_CLAIMS), data_lang())
    for endings, answer in _FILES:
        id, ending = tree_files.split(name, endings)
        if ending and _exists(id):
            return answer(id, ending)
    return _elsewhere(name)


def _exists(id: str) -> bool:
    return is_id(id) and snapshot().lines.find(id) is not None


def _is_claims(name: str) -> bool:
    """Whether an address asks for all claims of a source."""
    id = name.removesuffix(_CLAIMS)
    return id != name and _exists(id) and kind_of(id) == "source"


def _entity(id: str, format: str, *, negotiated: bool = False) -> Response:
    """An entity in a format, with links to its other forms."""
    address = url_for("entities.entity", name=id)
    if format == "html":
        response = make_response(page(id))
    elif format == "json":
        response = _json(to_json(answers.show(snapshot(), id, data_lang())))
    else:
        response = _rdf(id, format)
    address_of_page = canonical() if format == "html" else iri(snapshot().manifest.base, id)
    link(response, "canonical", address_of_page)
    link_twins(response, address)
    model_files.link_files(response, id)
    if negotiated and format != "html":
        suffix = next(s for s, f in SUFFIXES.items() if f == format)
        response.headers["Content-Location"] = f"{address}.{suffix}"
    return response


def _json(body: bytes) -> Response:
    return Response(body, content_type=JSON)


def data_lang() -> str:
    """The language of labels in data: what the address says, and nothing else, so that it repeats."""
    return lang() if request.args.get("lang") else "en"


def _rdf(id: str, format: str) -> Response:
    """What is said of an entity, and a page of what points at it."""
    held = snapshot()
    number = whole_number("page", 1, 1, _PAGES)
    part = incoming.part(id, number or 1)
    if part.number > 1 and not part.found:
        abort(404, f"{id} has no page {part.number}; begin without ?page=")
    known = [held.entity(id)] if part.number == 1 else []
    writer = Writer(held.manifest.base, held.vocabulary)
    lines = [*(line for entity in known for line in writer.lines(entity)), *part.lines()]
    out = io.BytesIO()
    Exporter(lambda: known, lambda: line_file(lines), held.vocabulary).write(format, out)
    response = Response(out.getvalue(), content_type=media_type(format))
    for relation, number in part.neighbours():
        link(response, relation, f"{quote(path_here(), safe=SAFE)}?page={number}")
    return response


def page(id: str) -> tuple[str, int]:
    """The page of an entity, with `part=tree` its family tree only; and its status.

    It is 400 if the question on licenses cannot be understood.
    """
    held = snapshot()
    tree = section(id)
    if tree and request.args.get("part") == "tree":
        return render_template("tree/_tree.html", tree=tree, tree_href=href), 200
    box = license_box.box(held, id)
    shown = answers.show(held, id, lang())
    table = FactTable(held, license_box.without_terms(shown) if box else shown)
    ranked = scores(id, table)
    text = render_template(
        "entity/entity.html",
        **_names(held.entity(id)),
        **_other_forms(held.entity(id)),
        **license_pages.words(),
        table=table,
        box=box,
        sheet=sheet(held, id),
        tree=tree,
        tree_href=href,
        scores=ranked,
        plots=entity_charts.plots(id, ranked),
        mix=entity_charts.license_mix(id),
        said=said.section(id),
        related=related(id),
        listed=kind_of(id) in {*LISTS} - {"model", "license"},
    )
    return text, 400 if box and box.asked.errors else 200


def _names(known: Entity) -> dict[str, Any]:
    """What a page calls its entity."""
    return {
        "id": known.id,
        "kind": snapshot().vocabulary.kinds[kind_of(known.id)],
        "title": main_label(known, lang()),
        "title_lang": label_lang(known, lang()),
        "other": _other_label(known.labels),
        "aliases": [(name, code) for code, names in known.labels.items() for name in names[1:]],
    }


def _other_forms(known: Entity) -> dict[str, Any]:
    """The same as data, as files and as a picture."""
    twins = [
        (s, url_for("entities.entity", name=f"{known.id}.{s}"), media_type(f))
        for s, f in SUFFIXES.items()
    ]
    return {
        "twins": twins,
        "schema": thing(snapshot(), known),
        "files": model_files.links(known.id),
        "badge": model_files.shown(known),
        "card": cards.address(known.id, lang()),
    }


def _other_label(labels: dict[str, tuple[str, ...]]) -> tuple[str, str] | None:
    """The main label of the other language, with that language, if it is another name."""
    mine = labels.get(lang(), ("",))[0]
    return next(
        (
            (names[0], code)
            for code, names in labels.items()
            if code != lang() and names and mine and names[0] != mine
        ),
        None,
    )


def lineage(id: str) -> Response:
    """The family tree as JSON."""
    direction: Direction = _choice("direction", "both", get_args(Direction))
    edges: EdgeChoice = _choice("edges", "weights", get_args(EdgeChoice))
    limit = whole_number("limit", None, 0, 1_000_000)
    return _json(to_json(answers.lineage(snapshot(), id, direction, edges, limit, data_lang())))


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
    if suffix in SUFFIXES:
        yield stem, f".{suffix}"
    files = chain.from_iterable(endings for endings, _ in _FILES)
    for part in (*files, _CLAIMS, _LICENSE):
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
