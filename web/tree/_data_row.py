"""The row of a drawn family tree that names the data a model was made with."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from markupsafe import Markup

from kg.answers.tree.node import Datum, TreeNode
from kg.language.width import clean, text_width
from web.charts.svg import Pattern, joined, short
from web.tree._labels import SMALL, Words

_GAP = 14.0
_PAGE = Pattern('<path class="page" d="M{x} {y}h6l4 4v8h-10z"/>')


def row(
    node: TreeNode,
    href: Callable[[str], str],
    gettext: Words,
    trunk: float,
    start: float,
    y: float,
    width: float,
) -> Markup:
    """Draw the data of a node: by relation, each a link, as many as there is room for.

    Args:
        node: a node with data.
        href: the address of an id.
        gettext: translates a word of the interface.
        trunk: where the line comes down from the node.
        start, y: where the row begins.
        width: of the whole drawing.
    """
    line = Pattern('<path class="link data" d="M{x} {up}V{y}H{start}"/>').format(
        x=short(trunk), up=short(y - 22), y=short(y), start=short(start)
    )
    return line + Pattern('<g class="data">{}</g>').format(
        joined(_parts(node, href, gettext, start + 2, y, width - 8))
    )


def _parts(
    node: TreeNode, href: Callable[[str], str], gettext: Words, x: float, y: float, edge: float
) -> Iterator[Markup]:
    yield _PAGE.format(x=short(x), y=short(y - 6))
    x += 17
    word = ""
    for place, datum in enumerate(node.data):
        lead = "" if datum.word == word else datum.word
        text = describe_datum(datum, gettext)
        wide = text_width(text, SMALL) + (text_width(lead, SMALL) + 6 if lead else 0)
        rest = len(node.data) - place
        if x + wide > edge - (40 if rest > 1 else 0):
            yield Pattern(
                '<a class="datum" href="{}" aria-label="+{} {}"><text x="{}" y="{}">+{}</text></a>'
            ).format(href(node.id), rest, clean(node.label), short(x), short(y + 4.5), rest)
            return
        if lead:
            yield Pattern('<text x="{}" y="{}">{}</text>').format(short(x), short(y + 4.5), lead)
            x += text_width(lead, SMALL) + 6
            word = lead
        yield Pattern('<a class="datum" href="{}"><text x="{}" y="{}">{}</text></a>').format(
            href(datum.id), short(x), short(y + 4.5), text
        )
        x += text_width(text, SMALL) + _GAP


def describe_datum(datum: Datum, gettext: Words) -> str:
    """The name of the data, and what wrote it.

    >>> from kg.answers.tree.node import FurtherParent
    >>> gpt = FurtherParent("model/gpt-3", "GPT-3", "generatedWith", False)
    >>> describe_datum(Datum("dataset/a", "Alpaca data", "trainedOn", "trained on", (gpt,)), str)
    'Alpaca data (written by GPT-3)'
    """
    if not datum.writers:
        return clean(datum.label)
    names = ", ".join(clean(writer.label) for writer in datum.writers[:2])
    return f"{clean(datum.label)} ({gettext('written by %(names)s') % {'names': names}})"
