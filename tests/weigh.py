"""What each kind of page weighs, compressed: the page, the stylesheet and every script it loads.

python -m tests.weigh          needs a snapshot in GYEBO_HOME; prints a line a page, in bytes

It ends with 1 where one weighs more than MOST or is not served compressed. tests/web/app/test_pages.py asks the same of
the cut of the data that tests build.
"""

from __future__ import annotations

import gzip
import re
import sys
from pathlib import PurePosixPath

from flask.testing import FlaskClient

from tests.pages import LANGS, PAGES
from web import create_app

MOST = 100_000  # bytes of a page with all it loads
_LOADED = re.compile(
    r'<(?:link rel="stylesheet"|script [^>]*src|link rel="icon")[^>]*?(?:href|src)="([^"]+)"|<script [^>]*src="([^"]+)"'
)
_IMPORT = re.compile(r'(?:from|import) "(\./[^"]+)"|import\("(\./[^"]+)"\)')


def size(body: bytes) -> int:
    """Bytes of a body when compressed."""
    return len(gzip.compress(body, 9))


def parts(client: FlaskClient, path: str, lang: str = "en") -> dict[str, int]:
    """What a page loads, itself first, each with its compressed size."""
    page = client.get(path, headers={"Accept": "text/html", "Accept-Language": lang})
    waiting = [a or b for a, b in _LOADED.findall(page.text)]
    found = {path: size(page.data)}
    while waiting:
        address = waiting.pop().partition("?")[0]
        if address in found:
            continue
        with client.get(address) as answer:
            found[address] = size(answer.data)
            if address.endswith(".js"):
                folder = PurePosixPath(address).parent
                waiting += [str(folder / (a or b)[2:]) for a, b in _IMPORT.findall(answer.text)]
    return found


def is_packed(client: FlaskClient, path: str) -> bool:
    """Whether a page is sent compressed to who takes that."""
    page = client.get(path, headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
    return page.headers.get("Content-Encoding") == "gzip"


def main() -> None:
    """Weigh every kind of page in both languages."""
    client = create_app().test_client()
    heavy = 0
    for path in PAGES.values():
        for lang in LANGS:
            weighed = parts(client, path, lang)
            whole, packed = sum(weighed.values()), is_packed(client, path)
            heavy += whole > MOST or not packed
            told = "" if packed else "  NOT COMPRESSED"
            print(f"{whole:7,} {lang} {path}  (page {weighed[path]:,}){told}")
    sys.exit(heavy > 0)


if __name__ == "__main__":
    main()
