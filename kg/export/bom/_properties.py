"""What Gyebo knows of a part beyond what a format has fields for, as named values.

CycloneDX takes them as properties; SPDX as its extension for CycloneDX properties, so that both say
the same. docs/decisions/0022-what-a-bom-holds.md lists the names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.export.bom._parts import Bom, BomLicense, BomLink, BomPart
from kg.model.claim import Fact, kind_of
from kg.model.dating import DATED_BY
from kg.model.vocabulary import DEVELOPER, RESEMBLES, load_vocabulary

PREFIX = "gyebo:"
NOASSERTION = "NOASSERTION"
ID, RELATION, LICENSE_ID = f"{PREFIX}id", f"{PREFIX}relation", f"{PREFIX}license"
DISPUTED, VIA = f"{PREFIX}disputed", f"{PREFIX}said-of"
REF, MAKER = f"{PREFIX}ref", f"{PREFIX}developer"
UNRESOLVED, RESEMBLED = f"{PREFIX}unresolved-parent", f"{PREFIX}{RESEMBLES}"
READ = f"{LICENSE_ID}:read"  # how its text was read: full, part, summary or label
INFERRED_BY, DOUBTFUL = f"{PREFIX}inferred-by", f"{PREFIX}doubtful"
_MAKERS = (DEVELOPER, "publisher", "collectedBy")
_NUMBERS = ("integer", "decimal")

Named = tuple[str, str]


def makers(part: BomPart) -> tuple[str, ...]:
    """Ids of those who made a part, as the first of developer, publisher, collector says."""
    return next((tuple(map(str, v)) for name in _MAKERS if (v := part.entity.values(name))), ())


def of_part(part: BomPart) -> Iterator[Named]:
    """Everything about a part."""
    yield ID, part.id
    yield f"{PREFIX}kind", kind_of(part.id)
    if not part.known:
        yield f"{PREFIX}described", "false"
    if part.member_count:
        yield f"{PREFIX}members", str(part.member_count)
    for lang, names in part.entity.labels.items():
        yield from ((f"{PREFIX}label:{lang}", name) for name in names[:1])
    for fact in numbers(part):
        yield from ((f"{PREFIX}{fact.property}", str(value)) for value in fact.values)
    for name in DATED_BY:
        yield from ((f"{PREFIX}{name}", str(v)) for v in part.entity.values(name))
    yield from ((MAKER, id) for id in makers(part))
    for one in part.unresolved:
        if one.looks_like:
            yield RESEMBLED, f"{one.looks_like}; {one.note}" if one.note else one.looks_like
        else:
            yield f"{UNRESOLVED}:{one.relation}", one.note or NOASSERTION
    yield from _licenses(part)
    yield from ((f"{PREFIX}verdict:{use}", verdict) for use, verdict in part.verdicts.items())
    yield from (
        (f"{DISPUTED}:{f.property}", said_against(f)) for f in part.entity.facts if f.disputed
    )


def numbers(part: BomPart) -> Iterator[Fact]:
    """The facts on a part whose values are numbers: parameters, layers, training tokens …"""
    known = load_vocabulary().properties
    return (f for f in part.entity.facts if f.values and known[f.property].type in _NUMBERS)


def _licenses(part: BomPart) -> Iterator[Named]:
    yield f"{LICENSE_ID}:declared", part.declared.key if part.declared else NOASSERTION
    yield f"{LICENSE_ID}:concluded", expression(part.concluded)
    if part.held.licenses and not part.held.certain:
        yield f"{LICENSE_ID}:known-part", expression(part.held.licenses)
    yield from ((f"{LICENSE_ID}:by-data", one.key) for one in part.held.by_data)
    yield from ((f"{LICENSE_ID}:by-guess", one.key) for one in part.held.by_guess)
    named = (*filter(None, [part.declared]), *part.held.licenses, *part.held.by_data)
    told = {one.key: one.read for one in (*named, *part.held.by_guess)}
    yield from ((f"{READ}:{key}", read) for key, read in told.items())


def expression(licenses: Iterable[BomLicense] | None) -> str:
    """Licenses that hold together as a license expression.

    >>> one, other = (BomLicense(key=key) for key in ("MIT", "Apache-2.0"))
    >>> expression([one, other]), expression([]), expression(None)
    ('MIT AND Apache-2.0', 'NOASSERTION', 'NOASSERTION')
    """
    return " AND ".join(one.key for one in licenses or ()) or NOASSERTION


def said_against(fact: Fact) -> str:
    """What each source says of a property on which they disagree."""
    return "; ".join(
        f"{said.value} ({said.source}{', ' + said.locator if said.locator else ''}"
        f"{', ' + said.rank if said.rank != 'normal' else ''})"
        for said in fact.claims
    )


def of_link(link: BomLink) -> Iterator[Named]:
    """How a part comes from another."""
    yield RELATION, link.relation
    if link.disputed:
        yield DISPUTED, "true"
    if link.via:
        yield VIA, link.via
    if link.rule:
        yield INFERRED_BY, link.rule
    if link.doubtful:
        yield DOUBTFUL, "true"


def of_bom(bom: Bom) -> Iterator[Named]:
    """What a whole bill of materials rests on."""
    yield f"{PREFIX}snapshot", bom.version
    yield f"{PREFIX}base", bom.base
