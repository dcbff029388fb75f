"""What holds for every kind of page: its size, its words, its frame."""

from __future__ import annotations

import gzip
import re
from urllib.parse import urlsplit

import html5rdf
import pytest
from flask.testing import FlaskClient

from tests.pages import PAGES, STATUS, in_language

HTML = {"Accept": "text/html"}
BUDGET = 100_000  # bytes of a page with all it loads, compressed
LOADED = re.compile(
    r'<(?:link rel="stylesheet" href|script type="module" src|img[^>]* src)="([^"]+)"'
)
IMPORTED = re.compile(r'^import .*?"\./([^"]+)"', re.MULTILINE)

# Parts whose words are not ours: code, names, quotations, and what is marked as English.
SKIPPED = {
    "code",
    "pre",
    "script",
    "style",
    "textarea",
    "svg",
    "q",
    "cite",
    "blockquote",
    "kbd",
    "option",
}
WORDS = re.compile(r"(?:[A-Za-z][A-Za-z'’-]*,? ){3,}[A-Za-z][A-Za-z'’-]*")
GLUE = re.compile(
    r"\b(?:an|and|are|as|be|by|for|from|in|is|it|not|of|on|that|the|this|to|was|with)\b"
)


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_weighs_little(client: FlaskClient, path: str) -> None:
    answer = client.get(in_language(path, "ko"), headers=HTML)
    assert answer.status_code == STATUS.get(path, 200)
    loaded, sizes = LOADED.findall(answer.text), {"": len(gzip.compress(answer.data))}
    while loaded:
        address = loaded.pop()
        if address not in sizes:
            with client.get(address) as got:
                assert got.status_code == 200
                sizes[address] = len(gzip.compress(got.data))
                folder = urlsplit(address).path.rpartition("/")[0]
                if got.mimetype == "text/javascript":
                    assert len(got.data) < 10_000
                    loaded += [f"{folder}/{name}" for name in IMPORTED.findall(got.text)]
    assert sum(sizes.values()) <= BUDGET, sizes


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_no_english_sentence_in_korean_pages(client: FlaskClient, path: str) -> None:
    text = client.get(in_language(path, "ko"), headers=HTML).text
    assert sentences(html5rdf.parse(text, namespaceHTMLElements=False)) == []


def sentences(page: object) -> list[str]:
    """What looks like an English sentence among texts that should be Korean: not names, not lists."""
    runs = [run for part in korean(page) for run in WORDS.findall(part)]
    return [run for run in runs if GLUE.search(run)]


def korean(element: object, lang: str = "ko") -> list[str]:
    """The texts of a page that are said to be Korean, and so should be; a link's text is a name."""
    here = element.get("lang", lang) if hasattr(element, "get") else lang  # type: ignore[attr-defined]
    if not isinstance(element.tag, str) or element.tag in SKIPPED:  # type: ignore[attr-defined]
        return []
    own = [element.text or ""] if here == "ko" else []  # type: ignore[attr-defined]
    for child in element:  # type: ignore[attr-defined]
        own += korean(child, here)
        own += [child.tail or ""] if here == "ko" else []
    return own


def test_the_search_for_english_finds_it() -> None:
    page = html5rdf.parse(
        "<html lang=ko><p>한국어</p><p>this is an English sentence</p>"
        "<p lang=en>this is marked as English</p>",
        namespaceHTMLElements=False,
    )
    assert sentences(page) == ["this is an English sentence"]
