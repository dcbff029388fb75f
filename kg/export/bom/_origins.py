"""Which family a model is of, and which families its weights come from."""

from __future__ import annotations

from kg.export.bom._bom import Bom, BomLink, BomPart
from kg.lineage.reach import walk_up
from kg.model.claim import kind_of
from kg.model.vocabulary import IN_FAMILY, load_vocabulary


def weight_links(part: BomPart) -> tuple[BomLink, ...]:
    """The parents a part took its weights from."""
    edges = load_vocabulary().edges("weights")
    return tuple(link for link in part.links if link.relation in edges)


def family_of(part: BomPart) -> str:
    """The family of a part; itself if it is one or no family is recorded."""
    named = part.entity.values(IN_FAMILY) if kind_of(part.id) == "model" else ()
    return str(next(iter(named), part.id))


def base_families(bom: Bom) -> tuple[tuple[str, ...], str]:
    """The families of the base models that a model's weights come from, and its own family.

    The parts of a bill of materials are searched, not the lineage: their parents may be unknown to it.

    Returns:
        The ids of the families of the base models, without the model's own; and the id of its own,
        the model itself if no family is recorded.
    """
    root = bom.parts[bom.root]
    own = family_of(root)
    ancestors = walk_up(
        [bom.root], lambda id: [link.parent for link in weight_links(bom.parts[id])]
    )
    bases = (bom.parts[id] for id in ancestors if id != bom.root)
    families = {family_of(part) for part in bases if not weight_links(part)}
    return tuple(sorted(families - {own})), own


def base_families_text(bom: Bom, most: int = 2) -> str:
    """The families as text, from where to where: `LLaMA → Alpaca`."""
    bases, own = base_families(bom)
    names = [bom.label(id) for id in bases]
    shown = [*names[:most], *(["…"] if len(names) > most else [])]
    return " → ".join(filter(None, (", ".join(shown), bom.label(own))))
