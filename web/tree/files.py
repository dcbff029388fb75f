"""`/model/<id>/lineage` and its files: the tree as a page of its own, as pictures and as data.

A picture can be embedded in a README: what it shows follows from its address and the data alone.
"""

from __future__ import annotations

import msgspec
from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from kg.answers.tree.tree import Tree, family_tree
from kg.errors import InputError
from kg.export.quads import iri
from kg.export.trees import EVERYTHING, TREE_FORMATS, tree_file
from kg.messages.message import Message
from kg.model.claim import label_lang
from web.app.caching import fixed
from web.app.context import lang, snapshot
from web.app.i18n import LANGS, Refusal
from web.app.negotiate import JSON
from web.app.params import whole_number
from web.charts.pictures import PICTURES, PLAIN, THEMES, WIDTHS, Look, picture, style_hash
from web.tree import map as treemap
from web.tree.section import KINDS, LIMIT, asked, grove, section
from web.ui.links import href

PAGE = "/lineage"
SCOPES = ("shown", "family")
ENDINGS = (
    PAGE,
    f"{PAGE}.map.json",
    f"{PAGE}.names.json",
    *(f"{PAGE}.{format}" for format in (*PICTURES, *TREE_FORMATS)),
)
DRAWN, LISTED = 2_000, 50_000  # most nodes of a family in one picture or file over the net
CACHE = "public, max-age=3600, stale-while-revalidate=86400"


def split(name: str, endings: tuple[str, ...] = ENDINGS) -> tuple[str, str]:
    """An address as an id and what of it is wanted; the latter "" if it is none of ours.

    >>> split("model/hf/org/name-1.5/lineage.svg"), split("model/hf/org/lineage.exe")
    (('model/hf/org/name-1.5', '/lineage.svg'), ('model/hf/org/lineage.exe', ''))
    """
    ending = next((e for e in endings if name.endswith(e)), "")
    return name.removesuffix(ending), ending


def answer(id: str, ending: str) -> ResponseReturnValue:
    """The tree of an entity.

    Args:
        id: a canonical id.
        ending: one of ENDINGS.
    """
    if id.partition("/")[0] not in KINDS:
        raise Refusal(
            404,
            Message("only models and families have a family tree, and %(id)s is neither", id=id),
        )
    if ending == PAGE:
        return page(id)
    format = ending.removeprefix(f"{PAGE}.")
    fixed(CACHE)
    if format in ("map.json", "names.json"):
        _same_data()
        return _json(_map(id) if format == "map.json" else _names(id))
    return file(id, format)


def _same_data() -> None:
    """Places on a map hold for the data it was drawn from."""
    if request.args.get("v") not in (None, snapshot().manifest.version):
        raise Refusal(
            409, Message("the data has changed since this map was drawn: load the page anew")
        )


def _map(id: str) -> treemap.Overview:
    return treemap.overview(snapshot(), grove(snapshot()), id, _lang())


def page(id: str) -> str:
    """The page of a tree; with `part=tree` the tree only, for a page that is open already."""
    tree = section(id, base=href(id) + PAGE, alone=True)
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


def _names(id: str) -> treemap.Names:
    wanted = request.args.get("of", "").split(",")[: treemap.NAMED]
    if not all(text.isdecimal() and len(text) < 9 for text in wanted):
        raise InputError(Message("of must be places on the map: whole numbers with commas between"))
    return treemap.names(snapshot(), grove(snapshot()), id, [*map(int, wanted)], _lang(), href)


def _lang() -> str:
    """The language the address names; nothing else counts, so that an answer repeats."""
    return code if (code := request.args.get("lang", "en")) in LANGS else "en"


def file(id: str, format: str) -> Response:
    """A tree as a file: what is shown, or the whole family."""
    if (format in PICTURES) and request.args.get("lang", "en") not in LANGS:
        raise InputError(
            Message("%(name)s cannot be that; known are: %(known)s", name="lang", known=LANGS)
        )
    tree = _tree(id, format)
    if format not in PICTURES:
        body, media = tree_file(tree, format), TREE_FORMATS[format]
    else:
        look = _look()
        body, media = picture(tree, format, snapshot().manifest.base, look), PICTURES[format]
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
    scope = _choice("scope", "shown" if format in PICTURES else "family", SCOPES)
    if scope == "family":
        most = DRAWN if format in PICTURES else LISTED
        size = len(grove(snapshot()).forest(snapshot().number(id)).edges)
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
        return family_tree(snapshot(), id, _lang(), EVERYTHING, wish, grove(snapshot()))
    limit = whole_number("limit", LIMIT, 1, 400) or LIMIT
    wish = wish._replace(depth=whole_number("depth", None, 0, 100))
    return family_tree(snapshot(), id, _lang(), limit, wish, grove(snapshot()))


def _look() -> Look:
    width = whole_number("width", PLAIN.width, WIDTHS[0], WIDTHS[-1]) or PLAIN.width
    return Look(_lang(), width, _choice("theme", "auto", THEMES), asked().color)


def _choice(name: str, default: str, known: tuple[str, ...]) -> str:
    text = request.args.get(name, default)
    if text not in known:
        raise InputError(
            Message(
                "%(name)s cannot be %(value)r; known are: %(known)s",
                name=name,
                value=text[:40],
                known=known,
            )
        )
    return text


def embed(id: str) -> str:
    """The line of Markdown that shows a tree in a README, at the address the data was built for."""
    page, picture = (iri(snapshot().manifest.base, name) for name in (id, f"{id}{PAGE}.svg"))
    return f"[![{snapshot().label(id, lang())}]({picture}?depth=2)]({page})"
