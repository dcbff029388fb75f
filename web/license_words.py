"""What a clause says, as a page shows it: kg/license_words.py in the language of the page, with links."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

from kg import license_words
from kg.model import is_id
from kg.reader import Snapshot
from kg.terms import Clause, Kind
from web.context import lang
from web.facts import web_address
from web.i18n import mark

TIERS: Mapping[int, str] = {
    1: mark("the text says so"),
    2: mark("read conservatively, the text is silent"),
    3: mark("unsettled law"),
}


class Item(NamedTuple):
    """A value of a clause: plain, or a link to an entity or an address."""

    text: str
    id: str = ""
    url: str = ""
    lang: str = ""  # of the text, where it is not that of the page


def place(section: str) -> str:
    """Where in a license a sentence stands."""
    return license_words.place(section, lang())


def territory(code: str) -> str:
    """The name of a country or the European Union, or "" if the code is none."""
    return license_words.territory(code, lang())


def items(snapshot: Snapshot, kind: Kind, clause: Clause) -> tuple[Item, ...]:
    """The parts of a clause's value that its sentence does not hold, with links where they lead."""
    name = partial(snapshot.label, lang=lang())
    said = license_words.left_out(kind, clause.value, lang(), name)
    values = clause.value if isinstance(clause.value, list) else [clause.value]
    if len(values) != len(said):
        return tuple(map(Item, said))
    return tuple(
        _item(snapshot, str(value), text) for value, text in zip(values, said, strict=True)
    )


def _item(snapshot: Snapshot, value: str, text: str) -> Item:
    known = is_id(value) and snapshot.lines.find(value) is not None
    address = web_address(value)
    english = text == value and lang() == "ko" and not address
    return Item(text, value if known else "", address, "en" if english else "")
