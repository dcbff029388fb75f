"""What each kind of page weighs, compressed: the page, the stylesheet and every script it loads.

python -m tests.weigh          needs a snapshot in GYEBO_HOME; prints a line a page, in bytes
"""

from __future__ import annotations

import gzip
import re
from pathlib import PurePosixPath

from flask.testing import FlaskClient

from web import create_app

MOST = 100_000  # bytes of a page with all it loads
PAGES = (
    "/",
    "/search?q=alpaca",
    "/search?kind=model",
    "/model/llama-7b",
    "/family/llama",
    "/family/llama/lineage",
    "/org/meta",
    "/dataset/alpaca-52k",
    "/license/llama-2-license",
    "/benchmark/mmlu",
    "/source/survey-000",
    "/source/survey-004",
    "/compare?id=model/llama-7b&id=model/alpaca-7b",
    "/sparql",
    "/sparql?example=licenses",
    "/data",
    "/ontology",
    "/about",
    "/about/licenses",
    "/check",
    "/trends",
    "/no/such/thing",
)
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


def main() -> None:
    """Weigh every kind of page in both languages."""
    client = create_app().test_client()
    for path in PAGES:
        for lang in ("en", "ko"):
            weighed = parts(client, path, lang)
            print(f"{sum(weighed.values()):7,} {lang} {path}  (page {weighed[path]:,})")


if __name__ == "__main__":
    main()
