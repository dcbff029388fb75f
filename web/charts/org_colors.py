"""One color per organization, the same in every drawing: a table for those met most, for the rest by name.

A color is a class of static/tree/lineage.css (`o1` to `o12` of the table, `p1` to `p24` of the
rest), so that SVG and canvas have the same one in both themes. It follows from the id alone: neither
the drawing, nor its language, nor what else stands in it can change it.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Mapping

OTHER = "c0"  # gray
OWN, PALE = 12, 24  # colors of the table, and of the rest
LISTED = 12  # organizations a legend names; the rest are gray there

# The order is that of the hues in the sheet: neighbors in the table are far apart in color.
_TABLE: Mapping[str, int] = {
    id: place
    for place, id in enumerate(
        (
            "org/meta",
            "org/google",
            "org/openai",
            "org/mistral-ai",
            "org/alibaba",
            "org/deepseek",
            "org/naver",
            "org/lg-ai-research",
            "org/upstage",
            "org/kakao",
            "org/sk-telecom",
            "org/eleutherai",
        ),
        1,
    )
}


def org_color(id: str | None) -> str:
    """The class that colors an organization.

    Args:
        id: a canonical id; None or "" where no organization is known.

    >>> org_color("org/meta"), org_color("org/beomi") == org_color("org/beomi"), org_color(None)
    ('o1', True, 'c0')
    """
    if not id:
        return OTHER
    if id in _TABLE:
        return f"o{_TABLE[id]}"
    return f"p{1 + zlib.crc32(id.encode()) % PALE}"


def listed(orgs: Iterable[str | None], most: int = LISTED) -> dict[str, str]:
    """The organizations a legend names, those met most first, each with its class.

    Args:
        orgs: one for each thing that is drawn.
        most: organizations to name.
    """
    counted = Counter(org for org in orgs if org)
    ranked = sorted(counted, key=lambda org: (-counted[org], org))[:most]
    return {org: org_color(org) for org in ranked}
