"""`/model/<id>/lineage` and its files: the tree as a page of its own, as pictures and as data.

A picture can be embedded in a README: what it shows follows from its address and the data alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, get_args

import msgspec
from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from kg.answers.contract import Direction, EdgeChoice, LineageAnswer, to_json
from kg.answers.lineage import lineage
from kg.answers.tree.forest import find_forest
from kg.answers.tree.tree import Tree, family_tree
from kg.errors import InputError
from kg.export.trees import EVERYTHING, TREE_FILES, TREE_FORMATS, tree_file
from kg.messages.message import Message
from kg.model.claim import label_lang
from kg.model.iri import iri
from kg.model.media import PICTURE_FORMATS
from web.app.caching import fixed
from web.app.context import lang, snapshot
from web.app.i18n import LANGS, Refusal, mark
from web.app.negotiate import HTML, JSON
from web.app.params import data_lang, unknown_choice, whole_number
from web.charts.pictures import THEMES, WIDTHS, style_hash
from web.tree import outputs
from web.tree._map import NAMED, MapFound, MapNames, Overview, found, names, overview
from web.tree.pictures import PLAIN, PictureLook, picture
from web.tree.section import ANCHOR, KINDS, LIMIT, State, asked, tree_section
from web.ui.features import Feature
from web.ui.links import href
from web.ui.operations import LANGUAGE, Operation, Parameter, id_parts, one_of, whole
from web.ui.sections import Context, Draft, EntityFile, Section, Subject

PAGE = "/lineage"
SCOPES = ("shown", "family")
FIRST = 24  # models of a family that are shown on its page, above all that is said of it
# What a drawn tree and its files read of an address; `lang` everywhere.
_PARAMETERS = (
    *("view", "open", "find", "data", "color", "scope", "direction", "edges", "depth", "limit"),
    *("width", "theme", "of"),
)
_MOST_NODES = 1_000_000  # that may be asked for
DRAWN, LISTED = 2_000, 50_000  # most nodes of a family in one picture or file over the net
CACHE = "public, max-age=3600, stale-while-revalidate=86400"


def _answer(subject: Subject, ending: str) -> ResponseReturnValue:
    """The tree of an entity."""
    id = subject.id
    if subject.kind.name in outputs.KINDS and ending in (PAGE, f"{PAGE}.svg"):
        return outputs.flow_page(id) if ending == PAGE else _flow_picture(id)
    if subject.kind.name not in KINDS:
        raise Refusal(
            404,
            Message("only models and families have a family tree, and %(id)s is neither", id=id),
        )
    if ending == PAGE:
        return lineage_page(id)
    format = ending.removeprefix(f"{PAGE}.")
    fixed(CACHE)
    if format in MAP_FILES:
        _same_data()
        return _json(MAP_FILES[format](id))
    return file(id, format)


def _flow_picture(id: str) -> Response:
    fixed(CACHE)
    return outputs.flow_picture(id, _lang(), _choice("theme", "auto", THEMES))


def _answer_json(subject: Subject, ending: str) -> ResponseReturnValue:
    """Ancestors and descendants as the API says them; with `scope`, the tree as a file."""
    if "scope" in request.args:
        return _answer(subject, ending)
    direction: Direction = _choice("direction", "both", get_args(Direction))
    edges: EdgeChoice = _choice("edges", "weights", get_args(EdgeChoice))
    limit = whole_number("limit", None, 0, _MOST_NODES)
    answer = lineage(subject.snapshot, subject.id, direction, edges, limit, data_lang())
    return Response(to_json(answer), content_type=JSON)


def _same_data() -> None:
    """Places on a map hold for the data it was drawn from."""
    if request.args.get("v") not in (None, snapshot().manifest.version):
        raise Refusal(
            409, Message("the data has changed since this map was drawn: load the page anew")
        )


def lineage_page(id: str) -> str:
    """The page of a tree; with `part=tree` the tree only, for a page that is open already."""
    tree = tree_section(id, base=href(id) + PAGE, alone=True)
    assert tree
    if request.args.get("part") == "tree":
        return render_template("tree/_tree.html", tree=tree, tree_href=href)
    known = snapshot().entity(id)
    return render_template(
        "tree/lineage.html",
        id=id,
        tree=tree,
        tree_href=href,
        title=tree.tree.label,
        title_lang=label_lang(known, lang()),
        embed=embed(id),
    )


def _json(answer: msgspec.Struct) -> Response:
    return Response(msgspec.json.encode(answer), content_type=JSON)


def _names(id: str) -> MapNames:
    wanted = request.args.get("of", "").split(",")[:NAMED]
    if not all(text.isdecimal() and len(text) < 9 for text in wanted):
        raise InputError(Message("of must be places on the map: whole numbers with commas between"))
    return names(snapshot(), id, [*map(int, wanted)], _lang(), href)


def _overview(id: str) -> Overview:
    return overview(snapshot(), id, _lang(), href)


def _found(id: str) -> MapFound:
    return found(snapshot(), id, request.args.get("find", "")[:200], _lang(), href)


MAP_FILES: Mapping[str, Callable[[str], msgspec.Struct]] = {
    "map.json": _overview,
    "names.json": _names,
    "found.json": _found,
}


def _lang() -> str:
    """The language the address names; nothing else counts, so that an answer repeats."""
    return code if (code := request.args.get("lang", "en")) in LANGS else "en"


def file(id: str, format: str) -> Response:
    """A tree as a file: what is shown, or the whole family."""
    if format in PICTURE_FORMATS and request.args.get("lang", "en") not in LANGS:
        raise InputError(
            Message("%(name)s cannot be that; known are: %(known)s", name="lang", known=LANGS)
        )
    tree = _tree(id, format)
    media = TREE_FILES[format].media_type
    if format in TREE_FORMATS:
        body = tree_file(tree, format)
    else:
        look = _look()
        body = picture(tree, format, snapshot().manifest.base, look)
    response = Response(body, content_type=f"{media}; charset=utf-8" if format != "png" else media)
    name = id.replace("/", "-")
    response.headers["Content-Disposition"] = f'inline; filename="{ascii_name(name)}.{format}"'
    if format == "svg":
        response.headers["Content-Security-Policy"] = (
            f"default-src 'none'; style-src {style_hash(look.theme)}"
        )
    return response


def ascii_name(name: str) -> str:
    """A name of a file that every system takes."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "-" for c in name)


def _tree(id: str, format: str) -> Tree:
    """The tree a file holds."""
    wish = asked().wish()
    scope = _choice("scope", "shown" if format in PICTURE_FORMATS else "family", SCOPES)
    if scope == "family":
        most = DRAWN if format in PICTURE_FORMATS else LISTED
        size = len(find_forest(snapshot(), snapshot().number(id)).edges)
        if size > most:
            raise Refusal(
                413,
                Message(
                    "this family has %(size)s members; over the net a file holds %(most)s: use the command gyebo lineage %(id)s -o family.%(format)s",
                    size=size,
                    most=most,
                    id=id,
                    format=format,
                ),
            )
        wish = wish._replace(opened=(), find="", most=EVERYTHING)
        return family_tree(snapshot(), id, _lang(), EVERYTHING, wish)
    limit = whole_number("limit", LIMIT, 1, 400) or LIMIT
    wish = wish._replace(depth=whole_number("depth", None, 0, 100))
    return family_tree(snapshot(), id, _lang(), limit, wish)


def _look() -> PictureLook:
    width = whole_number("width", PLAIN.width, WIDTHS[0], WIDTHS[-1]) or PLAIN.width
    return PictureLook(_lang(), width, _choice("theme", "auto", THEMES), asked().fill)


def _choice(name: str, default: str, known: tuple[str, ...]) -> Any:
    text = request.args.get(name, default)
    if text not in known:
        raise unknown_choice(name, text, known)
    return text


def embed(id: str) -> str:
    """The line of Markdown that shows a tree in a README, at the address the data was built for."""
    page, picture = (iri(snapshot().manifest.base, name) for name in (id, f"{id}{PAGE}.svg"))
    return f"[![{snapshot().label(id, lang())}]({picture}?depth=2)]({page})"


# ---- what the page of an entity offers ----


def _build(draft: Draft) -> Context | None:
    """The whole tree: of a family always, of a model where the address asks for something of it."""
    if draft.subject.kind.name == "model" and asked() == State() and "part" not in request.args:
        return None
    tree = tree_section(draft.subject.id, FIRST)
    return {"tree": tree, "tree_href": href} if tree else None


def _files() -> Iterator[EntityFile]:
    yield EntityFile(ending=PAGE, media_type=HTML, answer=_answer)
    for name in MAP_FILES:
        yield EntityFile(ending=f"{PAGE}.{name}", media_type=JSON, answer=_answer)
    for suffix, format in TREE_FILES.items():
        if suffix != "json":
            media_type = format.media_type
            yield EntityFile(ending=f"{PAGE}.{suffix}", media_type=media_type, answer=_answer)
    yield EntityFile(
        ending=f"{PAGE}.json",
        media_type=JSON,
        answer=_answer_json,
        operation=Operation(
            name="lineage",
            path="/{kind}/{slug}/lineage.json",
            about=mark(
                "Ancestors and descendants of a model or family, with the edges between them."
            ),
            answer=LineageAnswer,
            example="/model/alpaca-7b/lineage.json?direction=up",
            parameters=(
                *id_parts("model", "family", "dataset", "org"),
                Parameter("direction", mark("which way to follow"), one_of(Direction, "both")),
                Parameter("edges", mark("which edges to follow"), one_of(EdgeChoice, "weights")),
                Parameter(
                    "limit",
                    mark("most nodes beside the first, the nearest"),
                    whole(0, _MOST_NODES),
                ),
                LANGUAGE,
            ),
        ),
    )


FEATURE = Feature(
    sections=(
        Section(
            name="tree",
            place="below",
            template="tree/_tree.html",
            kinds=KINDS,
            leads=("family",),
            build=_build,
            anchor=ANCHOR,
            heading=mark("Family tree"),
            long=True,
            alone=True,
            files=tuple(_files()),
            parameters=_PARAMETERS,
        ),
    ),
)
