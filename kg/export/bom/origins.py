"""Which family a model is of, and which families its weights come from."""

from __future__ import annotations

from collections.abc import Iterator

from kg.export.bom.bom import Bom, Link, Part
from kg.model.claim import kind_of
from kg.model.vocabulary import IN_FAMILY, load_vocabulary


def weights(part: Part) -> tuple[Link, ...]:
    """The parents a part took its weights from."""
    edges = load_vocabulary().edges("weights")
    return tuple(link for link in part.links if link.relation in edges)


def family(part: Part) -> str:
    """The family of a part; itself if it is one or no family is recorded."""
    named = part.entity.values(IN_FAMILY) if kind_of(part.id) == "model" else ()
    return str(next(iter(named), part.id))


def descent(bom: Bom) -> tuple[tuple[str, ...], str]:
    """The families a model's weights began in, and its own.

    Returns:
        The ids of the families at the top, without the model's own; and the id of its own, the
        model itself if no family is recorded.
    """
    root = bom.parts[bom.root]
    own = family(root)
    above = dict.fromkeys(family(part) for part in _beginnings(bom) if part.id != root.id)
    return tuple(sorted(one for one in above if one != own)), own


def _beginnings(bom: Bom) -> Iterator[Part]:
    """Parts the weights come from of which no parent is recorded."""
    ahead, seen = [bom.root], {bom.root}
    while ahead:
        part = bom.parts[ahead.pop()]
        parents = dict.fromkeys(link.parent for link in weights(part))
        if not parents:
            yield part
        ahead += [parent for parent in parents if parent not in seen]
        seen |= parents.keys()


def descent_words(bom: Bom, most: int = 2) -> str:
    """The families as text, from where to where: `LLaMA → Alpaca`."""
    above, own = descent(bom)
    names = [bom.label(id) for id in above]
    shown = [*names[:most], *(["…"] if len(names) > most else [])]
    return " → ".join(filter(None, (", ".join(shown), bom.label(own))))
