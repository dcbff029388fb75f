"""How the drawings show what a node is: a shape and a word for each kind and relation.

Never colour alone: line style, shape and word say the same.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask
from markupsafe import Markup

from kg.answers.tree.tree import BASE, FAMILY
from web.ui.relations import kind_word

_CIRCLE = Markup('<circle class="solid" r="5.5"/>')
_SHAPES: Mapping[str, Markup] = {
    FAMILY: Markup(
        '<rect class="ring" x="-7" y="-7" width="14" height="14" rx="4"/>'
        '<rect class="core" x="-3.2" y="-3.2" width="6.4" height="6.4" rx="1.6"/>'
    ),
    BASE: Markup('<circle class="ring" r="7"/><circle class="core" r="4"/>'),
    "continuedFrom": Markup(
        '<rect class="solid" x="-7.2" y="-4.6" width="14.4" height="9.2" rx="4.6"/>'
    ),
    "adapterOf": Markup('<path class="solid" d="M0-6.8 6.8 0 0 6.8-6.8 0z"/>'),
    "quantizedFrom": Markup('<path class="solid" d="M-4.8-4.8h9.6v9.6h-9.6z"/>'),
    "mergedFrom": Markup('<path class="solid" d="M0-6.8 6.4 4.8H-6.4z"/>'),
    "convertedFrom": Markup('<path class="solid" d="M-6.2 0-3.1-5.4H3.1L6.2 0 3.1 5.4H-3.1z"/>'),
    "mirrorOf": Markup('<path class="solid" d="M-5.8-5 5.8 5V-5L-5.8 5z"/>'),
    "distilledFrom": Markup('<path class="solid" d="M0 6.8 6.4-4.8H-6.4z"/>'),
}

# The same shapes, by name, for what draws without SVG (static/tree/map/shapes.js).
DRAWN_AS: Mapping[str, str] = {
    FAMILY: "ring",
    BASE: "ring",
    "continuedFrom": "bar",
    "adapterOf": "diamond",
    "quantizedFrom": "square",
    "mergedFrom": "triangle",
    "convertedFrom": "hexagon",
    "mirrorOf": "bow",
    "distilledFrom": "funnel",
}


def shape(kind: str) -> Markup:
    """The shape of a kind of node, around 0,0 and within 7.8 of it."""
    return _SHAPES.get(kind, _CIRCLE)


def register(app: Flask) -> None:
    """Give templates the shapes and words of kinds."""
    app.jinja_env.globals.update(kind_shape=shape, kind_word=kind_word)
