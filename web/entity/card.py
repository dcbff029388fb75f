"""The picture of a page for those who share it: `…/card.png`, 1200 by 630, and the same as SVG.

It names the thing, says what it is, and shows a few models of its family: never more than FEW, however
large the family is. What it shows follows from its address and the data alone, so its ETag lasts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

import msgspec
from flask import Blueprint, Response
from markupsafe import Markup

from kg.answers.show import describe
from kg.answers.tree.node import TreeNode
from kg.answers.tree.tree import Tree, family_tree
from kg.language.width import text_width
from kg.model.claim import main_label
from kg.model.media import PICTURE_FORMATS
from web.app.caching import fixed
from web.app.context import snapshot
from web.app.i18n import mark, translator
from web.charts import pictures
from web.charts.pictures import style
from web.charts.svg import Pattern, fitted
from web.charts.svg import short as n
from web.tree.drawing import Scene, timeline_parts
from web.tree.section import KINDS
from web.ui.addresses import card_address
from web.ui.features import Feature
from web.ui.figure import language
from web.ui.highlights import families
from web.ui.sections import Context, Draft, EntityFile, Section, Subject

bp = Blueprint("cards", __name__)

WIDTH, HEIGHT = 1200, 630
FEW, MOST = 8, 12  # models shown of a family: those most came from, and with the way up to them
HEADING = mark("Where does a language model come from, and what may you do with it?")
_LEFT = 64.0  # margin
_CACHE = "public, max-age=86400, stale-while-revalidate=604800"
_LOGO = (
    '<g transform="translate(58 44) scale(1.55)" fill="none" stroke="#0b6b52" stroke-width="2.6" '
    'stroke-linecap="round"><path d="M7 7v11a7 7 0 0 0 7 7h4M7 12a4 4 0 0 0 4 4h8"/>'
    '<g fill="#0b6b52" stroke="none"><circle cx="7" cy="6" r="3.2"/><circle cx="23" cy="16" r="3.2"/>'
    '<circle cx="22" cy="25" r="3.2"/></g></g>'
)


@bp.get("/card.<any(png, svg):format>")
def home(format: str) -> Response:
    """The picture of the start page and of every page that is about no entity."""
    code = language()
    first = families(snapshot(), code)[:1]
    gettext = translator(code)
    return _response(
        card(gettext("Model genealogy"), gettext(HEADING), "", first[0].id if first else "", code),
        format,
    )


def _answer(subject: Subject, ending: str) -> Response:
    """The picture of an entity."""
    code, entity, kind = language(), subject.entity, subject.kind
    about, tree = describe(entity, code), subject.id if kind.name in KINDS else ""
    svg = card(kind.term.labels[code], main_label(entity, code), about, tree, code)
    return _response(svg, ending.rpartition(".")[2])


def _response(svg: str, format: str) -> Response:
    fixed(_CACHE)
    body = _drawn(svg) if format == "png" else svg.encode()
    response = Response(body, content_type=PICTURE_FORMATS[format].media_type)
    if format == "svg":
        response.headers["Content-Security-Policy"] = (
            f"default-src 'none'; style-src {pictures.style_hash('light')}"
        )
    return response


@lru_cache(32)
def _drawn(svg: str) -> bytes:
    return pictures.png(svg, 1.0)


def card(kind: str, title: str, about: str, tree: str, lang: str) -> str:
    """Draw a card.

    Args:
        kind: what the thing is, in a word.
        title: its name.
        about: what is said of it.
        tree: the id whose family is shown, or "".
        lang: language of the words.
    """
    parts, y = [Markup(_LOGO)], 190.0
    parts.append(_text("Gyebo", 116, 82, 34, "#161b19", bold=True))
    parts.append(_text(kind, WIDTH - _LEFT, 82, 28, "#525b56", end=True))
    size = 58.0 if text_width(title, 58) <= WIDTH - 2 * _LEFT else 46.0
    for line in _lines(title, size, 2):
        parts.append(_text(line, _LEFT, y, size, "#161b19", bold=True))
        y += size * 1.22
    y += 2
    for line in _lines(about, 27, 1 if tree else 5):
        parts.append(_text(line, _LEFT, y, 27, "#525b56"))
        y += 40
    if tree:
        parts.append(_family(tree, lang, y - 8))
    return str(
        Pattern(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" lang="{lang}" '
            'font-family="Pretendard, Noto Sans CJK KR, sans-serif"><style>{style}</style>'
            '<rect width="{w}" height="{h}" fill="#fff"/><rect width="{w}" height="10" fill="#0b6b52"/>{body}</svg>\n'
        ).format(
            w=WIDTH, h=HEIGHT, lang=lang, style=Markup(style("light")), body=Markup("").join(parts)
        )
    )


def _text(
    text: str, x: float, y: float, size: float, fill: str, bold: bool = False, end: bool = False
) -> Markup:
    return Pattern('<text x="{}" y="{}" font-size="{}" fill="{}"{}{}>{}</text>').format(
        n(x),
        n(y),
        n(size),
        fill,
        Markup(' font-weight="700"') if bold else "",
        Markup(' text-anchor="end"') if end else "",
        text,
    )


def _lines(text: str, size: float, most: int) -> list[str]:
    """A text in lines, broken between words; what does not fit is cut."""
    room = WIDTH - 2 * _LEFT
    lines = list(_broken(text.split(), room, size))
    if len(lines) > most:
        lines[most - 1 :] = [fitted(" ".join(lines[most - 1 :]), room, size)]
    return [fitted(line, room, size) for line in lines]


def _broken(words: Sequence[str], room: float, size: float) -> Iterator[str]:
    line = ""
    for word in words:
        longer = f"{line} {word}".strip()
        if line and text_width(longer, size) > room:
            yield line
            longer = word
        line = longer
    if line:
        yield line


def _family(id: str, lang: str, top: float) -> Markup:
    """A few models of a family, as wide as there is room for, without the legend and the counts."""
    held = snapshot()
    tree = family_tree(held, id, lang, FEW)
    tree = _pruned(tree)
    rows = 44.0 + 32.0 * len(tree.rows) + 8
    scale = min((HEIGHT - 20 - top) / rows, 1.5)
    laid = round((WIDTH - 2 * _LEFT) / scale)
    scene = Scene(
        lang=lang, gettext=translator(lang), href=str, more=lambda node: node.id, width=laid
    )
    return Pattern(
        '<svg class="lineage" x="{}" y="{}" width="{}" height="{}" viewBox="0 0 {} {}">{}</svg>'
    ).format(
        *(n(_LEFT), n(top), n(laid * scale), n(rows * scale), laid, n(rows)),
        timeline_parts(tree, scene).body,
    )


def _pruned(tree: Tree) -> Tree:
    """At most MOST nodes: the model itself, its way up, then others; no counts of what is hidden."""
    node = next((n for n in tree.nodes if n.here or n.member), tree.nodes[0])
    kept = {node.id}
    while node.parent and len(kept) < MOST:
        node = tree.by_id[node.parent]
        kept.add(node.id)
    top = node.id
    for other in tree.nodes:
        if len(kept) < MOST and other.parent in kept:
            kept.add(other.id)
    nodes = (_cut(node, kept, node.id == top) for node in tree.nodes if node.id in kept)
    return replace(tree, nodes=tuple(nodes))


def _cut(node: TreeNode, kept: Collection[str], top: bool) -> TreeNode:
    """A node that names no other but those that are kept."""
    cut = msgspec.structs.replace(
        node,
        hidden=(),
        children=tuple(c for c in node.children if c in kept),
        others=tuple(o for o in node.others if o.id in kept),
    )
    return msgspec.structs.replace(cut, parent=None, relation=None) if top else cut


def _build(draft: Draft) -> Context:
    return {"card": card_address(draft.subject.lang, draft.subject.id)}


FEATURE = Feature(
    blueprint=bp,
    sections=(
        Section(
            name="card",
            place="head",
            build=_build,
            files=tuple(
                EntityFile(ending=f"/card.{f.suffix}", media_type=f.media_type, answer=_answer)
                for f in PICTURE_FORMATS.values()
            ),
        ),
    ),
)
