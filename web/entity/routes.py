"""Addresses of entities: their forms, their files, and where other names for them lead."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from kg.answers.contract import ShowAnswer
from kg.errors import InputError, UnknownId
from kg.model.purl import is_purl
from web.app.context import snapshot
from web.app.i18n import mark
from web.app.negotiate import accepted, choose, negotiate
from web.app.representations import ALL, SUFFIXES
from web.entity._forms import answer_entity
from web.ui.features import Feature, registry, site_page
from web.ui.operations import LANGUAGE, id_parts, operation
from web.ui.sections import find_subject

bp = Blueprint("entities", __name__)
FEATURE = Feature(blueprint=bp)


@bp.get("/<path:name>")
@site_page(
    parameters=("show", "page"),
    further=("part",),
    model="/model/llama-65b",
    model_dolly="/model/dolly-2",
    family="/family/llama",
    dataset="/dataset/alpaca-52k",
    organization="/org/meta",
    license="/license/llama-2-license",
    benchmark="/benchmark/kobest-copa",
    benchmark_unscored="/benchmark/kobest",
    source="/source/survey-004",
    product="/product/chatgpt",
)
@operation(
    "show",
    "/{kind}/{slug}.json",
    mark("Everything known of an entity: facts, who says what, where sources disagree."),
    ShowAnswer,
    example="/model/alpaca-7b.json",
    parameters=(*id_parts(), LANGUAGE),
)
def entity(name: str) -> ResponseReturnValue:
    """An entity, by id, id and suffix, or any other name it goes by; or a file of one."""
    if subject := find_subject(name):  # an exact id wins over a suffix
        return answer_entity(subject, negotiate(ALL), negotiated=True)
    stem, _, suffix = name.rpartition(".")
    g.form = SUFFIXES.get(suffix) or choose(ALL, accepted())
    if suffix in SUFFIXES and (subject := find_subject(stem)):
        return answer_entity(subject, SUFFIXES[suffix])
    for file in registry().files:
        if name.endswith(file.ending):
            subject = find_subject(name.removesuffix(file.ending))
            if subject and file.is_of(subject):
                return file.answer(subject, file.ending)
    return _elsewhere(name)


def _elsewhere(name: str) -> ResponseReturnValue:
    """Send other names to the canonical address: old ids, Hub paths, bare slugs, kinds."""
    bare = name.strip("/")
    if name.endswith("/") and (address := _without_slash()):
        return redirect(address, 308)
    if bare in snapshot().vocabulary.kinds:
        return redirect(url_for("search.search", kind=bare))
    for text, rest in _readings(bare):
        found = _find(text)
        if found and found + rest != name:
            query = request.query_string.decode("ascii", "replace")
            address = url_for("entities.entity", name=found + rest)
            return redirect(f"{address}?{query}" if query else address, 308)
    if is_purl(bare):
        snapshot().find(bare)  # says what is wrong with it
    raise UnknownId(bare, _near(bare))


def _without_slash() -> str:
    """Where a page of ours stands, if this is its address with a slash too much; "" = nowhere."""
    adapter = current_app.create_url_adapter(request)
    assert adapter
    endpoint, values = adapter.match(request.path.rstrip("/") or "/", method="GET")
    if endpoint == request.endpoint:
        return ""
    query = request.query_string.decode("ascii", "replace")
    return url_for(endpoint, **values) + (f"?{query}" if query else "")


def _readings(name: str) -> Iterator[tuple[str, str]]:
    """A name as a whole, then without what may be its format or its file."""
    yield name, ""
    stem, _, suffix = name.rpartition(".")
    if suffix in SUFFIXES:
        yield stem, f".{suffix}"
    for file in registry().files:
        if name.endswith(file.ending):
            yield name.removesuffix(file.ending), file.ending


def _find(name: str) -> str | None:
    try:
        return snapshot().identify(name)
    except InputError:  # the name of several things
        return None


def _near(name: str) -> list[str]:
    """The ids that share a bare slug, else those that look like a name."""
    same = [id for kind in snapshot().vocabulary.kinds if find_subject(id := f"{kind}/{name}")]
    return same or snapshot().near(name)
