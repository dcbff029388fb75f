"""The catalog of messages: what the code and the templates say, collected into kg/messages/translations/ko.po.

python -m tests.genmessages        writes it anew: new messages without Korean, none that is no longer said

`make messages` runs it. tests/messages/test_messages.py says what is missing.
"""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
KOREAN = ROOT / "kg" / "messages" / "translations" / "ko.po"

KEYWORDS: dict[str, tuple[int, ...] | None] = {
    **dict.fromkeys(("Message", "mark", "_", "gettext")),
    **dict.fromkeys(("counted", "mark_plural", "ngettext"), (1, 2)),
}
METHODS = [
    ("**.py", "python"),
    ("**/templates/**.html", "jinja2"),
    ("**/templates/**.xml", "jinja2"),
]
_HEADER = (
    "# Korean messages. Which word for which thing, and how sentences are written: docs/korean.md. "
    "Kinds and properties are named in ontology/kg.ttl, clauses in data/licenses."
)


def extracted() -> Catalog:
    """All that kg and web say, with the files that say it."""
    found = Catalog()
    for package in ("kg", "web"):
        for name, _, message, comments, context in extract_from_dir(
            ROOT / package, METHODS, keywords=KEYWORDS, directory_filter=_is_read
        ):
            place = (f"{package}/{Path(name).as_posix()}", 0)
            found.add(message, locations=[place], auto_comments=comments, context=context)
    return found


def _is_read(folder: str) -> bool:
    """Private packages are read as well; by default those that begin with _ are not."""
    return Path(folder).name != "__pycache__"


def known() -> Catalog:
    """The catalog as it stands."""
    with KOREAN.open("rb") as file:
        return read_po(file, locale="ko")


def updated() -> bytes:
    """The catalog with what is said now: Korean kept where it is known, nothing guessed."""
    catalog = known()
    catalog.update(extracted(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.header_comment, catalog.fuzzy = _HEADER, False
    for message in catalog:
        message.locations = sorted(set(message.locations))
    out = io.BytesIO()
    write_po(out, catalog, width=0, sort_output=True, include_lineno=False, omit_header=True)
    head = _HEADER + "\n" + _FIELDS
    return head.encode() + b"\n" + out.getvalue().lstrip(b"\n")


_FIELDS = """msgid ""
msgstr ""
"Language: ko\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""


if __name__ == "__main__":
    KOREAN.write_bytes(updated())
    missing = [message.id for message in known() if message.id and not message.string]
    print(f"{KOREAN.relative_to(ROOT)}: {len(known())} messages, {len(missing)} without Korean")
