"""What a clause says, as a page shows it: kg/licenses/wording.py in the language of the page, with links."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kg.answers.contract import Ref, Shown
from kg.language.writing import language_of
from kg.licenses import wording as license_words
from kg.licenses.terms import Reading
from kg.snapshot.snapshot import Snapshot
from web.app.context import lang
from web.app.i18n import gettext, mark
from web.ui.facts import web_address

TIERS: Mapping[int, str] = {
    1: mark("the text says so"),
    2: mark("read conservatively, the text is silent"),
    3: mark("unsettled law"),
}


def sure_words(tier: int, read: Reading | None) -> str:
    """How sure a clause is; of a text that was not read in full, how it was read."""
    if read in (None, "full") or tier == 3:
        return gettext(TIERS[tier])
    return license_words.sure_words(tier, read, lang())


class ValueItem(NamedTuple):
    """A value of a clause: plain, or a link to an entity or an address."""

    text: str
    id: str = ""
    url: str = ""
    lang: str = ""  # of the text, where it is not that of the page


def value_place(section: str) -> str:
    """Where in a license a sentence stands."""
    return license_words.place_words(section, lang())


def territory(code: str) -> str:
    """The name of a country or the European Union, or "" if the code is none."""
    return license_words.territory(code, lang())


def item(snapshot: Snapshot, shown: Shown) -> ValueItem:
    """A part of a clause's value, a link where it leads somewhere."""
    if isinstance(shown, Ref):
        known = snapshot.lines.find(shown.id) is not None
        return ValueItem(shown.label, shown.id if known else "")
    text = str(shown)
    address, language = web_address(text), language_of(text)
    foreign = language not in ("", lang()) and not address
    return ValueItem(text, "", address, language if foreign else "")
