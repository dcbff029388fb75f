"""What the search says of a query, in the language of the page."""

from __future__ import annotations

import re

from web.app.i18n import gettext, mark

# As kg/search/query.py, kg/search/index.py, kg/answers/search.py and web/search/page.py write them.
_NOTES = (
    mark("there is no field %(field)s; fields are: %(fields)s"),
    mark("%(field)s takes a value or a range such as %(example)s, not %(value)s"),
    mark("nothing has the %(field)s %(value)s"),
    mark("the data has changed since the page before; these are the first hits"),
    mark("only the first %(number)s characters were read"),
)
_PATTERNS = {
    note: re.compile(re.sub(r"%\\?\((\w+)\\?\)s", r"(?P<\1>.+)", re.escape(note)), re.DOTALL)
    for note in _NOTES
}


def note(said: str) -> str:
    """A note of the search in the language of the request; as it is if it is none of these."""
    for message, pattern in _PATTERNS.items():
        if match := pattern.fullmatch(said):
            return gettext(message) % match.groupdict()
    return said
