"""`/changes`: the page, its twin and the feed, on two releases that differ in every way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import html5rdf
import pytest
from flask.testing import FlaskClient

import web.site.changes
from kg.answers.changes import WHAT_WORDS
from kg.snapshot.releases.changes import WHATS
from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner, serving
from tests.snapshot.test_changes import ONE, TWO
from tests.web.app.test_web import browse

ATOM = "{http://www.w3.org/2005/Atom}"
PAGE = "/changes"
NOT_XML = '\x01 <script>alert(1)</script> ]]> &amp; \u202e"\x0b'


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    corner = Corner(tmp_path_factory.mktemp("two"))
    corner.write(ONE)
    corner.build()
    corner.write(TWO)
    corner.build()
    with serving(corner.config) as app:
        yield app.test_client()
    for snapshot in corner.opened:
        snapshot.close()


def main(text: str) -> str:
    return text.partition("<main")[2].partition("</main>")[0]


def test_the_first_release_says_so_and_where_to_go(client: FlaskClient) -> None:
    text = main(browse(client, PAGE).text)
    assert "This is the first release here" in text and 'href="/data"' in text
    assert "첫 배포본" in browse(client, PAGE, "ko").text
    found = client.get("/changes.json").get_json()
    assert found["before"] is None and found["entities"] == []


def test_changes_stand_by_entity_with_both_values_and_why(site: FlaskClient) -> None:
    text = main(browse(site, PAGE).text)
    first = text.partition('href="/model/a"')[2].partition("</section>")[0]
    assert re.search(r"<s>.*?7</s> .*?<b>8</b>", first, re.DOTALL)
    assert "A claim was preferred: <span>counted anew</span>" in first
    assert 'href="/source/gyebo"' in first and "sources disagree now" in first
    assert re.search(r"<h2>O <small>", text), "what is gone has no page to lead to"
    korean = main(browse(site, PAGE, "ko").text)
    assert "값 변경" in korean and "파라미터 수" in korean and "새로 추가" in korean


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("only=entities", ["/model/c", ">O <"], ["/model/a"]),
        ("only=ranking", ["/model/a"], ["/model/c", "disagree now"]),
        ("kind=org", [">O <"], ["/model/a", "/model/c"]),
        ("only=ranking&kind=org", ["Nothing of that sort"], ["/model/a", ">O <"]),
    ],
)
def test_filters(site: FlaskClient, query: str, shown: list[str], hidden: list[str]) -> None:
    text = main(browse(site, f"{PAGE}?{query}").text)
    assert all(part in text for part in shown) and not any(part in text for part in hidden)
    assert text.count('aria-current="true"') == 2


def test_filters_count_and_refuse_what_they_do_not_know(site: FlaskClient) -> None:
    text = main(browse(site, PAGE).text)
    assert re.search(r'only=disputes">Disputes <span>1</span>', text)
    assert re.search(r'kind=model">Model <span>2</span>', text)
    for query in ("only=x", "kind=x", "page=x", "page=" + "9" * 5000):
        assert browse(site, f"{PAGE}?{query}").status_code == 400
        assert site.get(f"/changes.json?{query}").mimetype == "application/problem+json"
    for page in ("-1", "0", "999999999999"):
        assert browse(site, f"{PAGE}?page={page}").status_code == 200
        assert site.get(f"/changes.json?page={page}").status_code == 200


def test_page_by_page(site: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web.site.changes, "PAGE_SIZE", 1)
    texts = [main(browse(site, f"{PAGE}?page={n}").text) for n in (1, 2, 3)]
    assert [text.count('<section class="said">') for text in texts] == [1, 1, 1]
    assert 'rel="next"' in texts[0] and 'rel="next"' not in texts[2]
    first = site.get("/changes.json?limit=2")
    assert len(first.get_json()["entities"]) == 2 and first.get_json()["total"] == 3
    following = re.search(r'<([^>]+)>; rel="next"', first.headers["Link"])
    assert following and len(site.get(following[1]).get_json()["entities"]) == 1


def test_nothing_changed_says_so(corner: Corner) -> None:
    corner.write(ONE)
    corner.build()
    corner.write(ONE + "# only a remark\n")
    corner.build()
    with serving(corner.config) as app:
        # the same release again: still the first
        assert "first release" in browse(app.test_client(), PAGE).text
        corner.write(ONE.replace("label: {en: O}", "label: {en: O, ko: 오}"))
        corner.build()
        app.extensions["gyebo"].holder.look()
        assert "오" in main(browse(app.test_client(), PAGE).text)


# ---- the feed, by the rules of RFC 4287 ----


def feed(client: FlaskClient, query: str = "") -> ET.Element:
    answer = client.get(f"/changes.atom{query}")
    assert (answer.status_code, answer.mimetype) == (200, "application/atom+xml")
    return ET.fromstring(answer.data)


def check_entry_or_feed(node: ET.Element) -> None:
    """Section 4.1: what a feed and an entry must have exactly once, and of which shape."""
    for name in ("id", "title", "updated"):
        assert len(node.findall(ATOM + name)) == 1, name
    assert urlsplit(node.findtext(ATOM + "id") or "").scheme in ("http", "https")
    updated = node.findtext(ATOM + "updated") or ""
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", updated)
    assert datetime.fromisoformat(updated).tzinfo
    links = node.findall(ATOM + "link")
    assert all(urlsplit(link.get("href", "")).scheme for link in links)
    alternates = [(x.get("type"), x.get("hreflang")) for x in links if x.get("rel") == "alternate"]
    assert len(alternates) == len(set(alternates)) >= 1
    for name in ("title", "content", "subtitle"):
        for text in node.findall(ATOM + name):
            assert text.get("type", "text") == "text" and not len(text), (
                "plain text holds no markup"
            )


def check_feed(root: ET.Element) -> list[ET.Element]:
    assert root.tag == ATOM + "feed"
    check_entry_or_feed(root)
    assert root.find(f"{ATOM}author/{ATOM}name") is not None  # so entries need none
    assert [x.get("type") for x in root.findall(ATOM + "link") if x.get("rel") == "self"] == [
        "application/atom+xml"
    ]
    entries = root.findall(ATOM + "entry")
    for entry in entries:
        check_entry_or_feed(entry)
        assert entry.find(ATOM + "content") is not None
        assert all(c.get("term") for c in entry.findall(ATOM + "category"))
    ids = [entry.findtext(ATOM + "id") for entry in entries]
    assert len(ids) == len(set(ids))
    known = {
        "author",
        "category",
        "contributor",
        "generator",
        "icon",
        "id",
        "link",
        "logo",
        "rights",
        "subtitle",
        "title",
        "updated",
        "entry",
    }
    assert {child.tag.removeprefix(ATOM) for child in root} <= known
    return entries


def test_the_feed_is_valid_and_says_what_the_page_says(site: FlaskClient) -> None:
    entries = check_feed(feed(site))
    assert [e.findtext(ATOM + "title") for e in entries] == [
        "A: 2 changes",
        "C: 1 change",
        "O: 1 change",
    ]
    text = entries[0].findtext(ATOM + "content") or ""
    assert "7 → 8 (A claim was preferred: counted anew)" in text
    korean = feed(site, "?lang=ko")
    assert korean.get("{http://www.w3.org/XML/1998/namespace}lang") == "ko"
    assert "변경 2건" in (korean.findtext(f"{ATOM}entry/{ATOM}title") or "")


def test_the_feed_of_a_first_release_is_valid_and_empty(client: FlaskClient) -> None:
    assert check_feed(feed(client)) == []


def test_the_feed_is_linked_and_negotiated(site: FlaskClient) -> None:
    head = browse(site, "/about").text.partition("</head>")[0]
    assert re.search(
        r'<link rel="alternate" type="application/atom\+xml"[^>]* href="/changes.atom\?lang=en">',
        head,
    )
    assert (
        site.get(PAGE, headers={"Accept": "application/atom+xml"}).mimetype
        == "application/atom+xml"
    )
    assert site.get(PAGE, headers={"Accept": "application/json"}).is_json
    assert site.get(PAGE, headers={"Accept": "image/png"}).status_code == 406


def test_a_reader_that_polls_gets_it_once(site: FlaskClient) -> None:
    tag = site.get("/changes.atom").headers["ETag"]
    again = site.get("/changes.atom", headers={"If-None-Match": tag})
    assert again.status_code == 304 and not again.data


def test_hostile_names_in_page_and_feed(corner: Corner) -> None:
    corner.write("model/z: {label: {en: Z}}")
    corner.build()
    name = (
        NOT_XML.replace("\\", "\\\\")
        .replace('"', '\\"')
        .replace("\x01", "\\x01")
        .replace("\x0b", "\\v")
    )
    corner.write(f'model/z: {{label: {{en: "{name}"}}, alias: {{en: ["{"x" * 10_000}"]}}}}')
    corner.build()
    with serving(corner.config) as app:
        client = app.test_client()
        text = browse(client, PAGE).text
        entries = check_feed(feed(client))
    assert "<script>alert" not in text and len(text) < 30_000
    assert "<script>alert(1)</script> ]]> &amp;" in (entries[0].findtext(ATOM + "title") or "")


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_page_is_html(site: FlaskClient, lang: str) -> None:
    parser = html5rdf.HTMLParser(strict=False)
    parser.parse(browse(site, PAGE, lang).text)
    assert parser.errors == []


def test_every_change_has_words(snapshot: Snapshot) -> None:
    assert set(WHAT_WORDS) == set(WHATS)
    assert set(web.site.changes.TABS) - {""} == set(web.site.changes.GROUPS)
