"""Atom feeds of an entity and of a list, by the rules of RFC 4287, over four releases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from kg.config import load_config
from tests.conftest import serving
from tests.watch.releases import Releases, make_releases
from tests.web.app.test_web import browse
from tests.web.site.test_web_changes import ATOM, check_feed

CHILD = "/model/child/changes.atom"


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Releases:
    return make_releases(tmp_path_factory.mktemp("feeds"))


@pytest.fixture(scope="module")
def site(releases: Releases) -> Iterator[FlaskClient]:
    with serving(load_config(home=releases.home, page_cache_mb=0)) as app:
        yield app.test_client()


def feed(client: FlaskClient, address: str) -> ET.Element:
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "application/atom+xml"), answer.text
    return ET.fromstring(answer.data)


def ids(entries: list[ET.Element]) -> list[str]:
    return [(entry.findtext(ATOM + "id") or "").rpartition("/")[2] for entry in entries]


def test_the_feed_of_a_model_goes_through_all_releases(
    site: FlaskClient, releases: Releases
) -> None:
    root = feed(site, CHILD)
    entries = check_feed(root)
    assert ids(entries) == [f"child#changed-{releases.versions[2]}"]
    text = entries[0].findtext(ATOM + "content") or ""
    assert ("Other" in text and "api-only" not in text) or "API" in text
    assert root.findtext(ATOM + "updated") == entries[0].findtext(ATOM + "updated")
    assert (root.findtext(ATOM + "id") or "").endswith(CHILD)
    assert root.findtext(ATOM + "title") == "Gyebo: changes of Child"


def test_what_a_deleted_snapshot_said_stays_in_the_feed(
    site: FlaskClient, releases: Releases
) -> None:
    entries = check_feed(feed(site, "/org/o/changes.atom"))
    assert ids(entries) == [f"o#changed-{version}" for version in reversed(releases.versions[1:])]
    dates = [entry.findtext(ATOM + "updated") or "" for entry in entries]
    assert dates == sorted(dates, reverse=True)


def test_a_feed_in_which_nothing_changed_keeps_its_date(
    site: FlaskClient, releases: Releases
) -> None:
    root = feed(site, "/model/base/changes.atom")
    entries = check_feed(root)
    whole = feed(site, "/changes.atom")
    assert not entries or root.findtext(ATOM + "updated") != whole.findtext(ATOM + "updated")


def test_a_list_tells_what_left_it_and_what_it_does_not_know(site: FlaskClient) -> None:
    names = "model/child,leaves,model/leaves,old-name,model/old-name,acme/private"
    root = feed(site, f"/changes.atom?ids={names}")
    entries = check_feed(root)
    found = {one.partition("#")[0] for one in ids(entries)}
    assert {"child", "leaves", "new-name"} <= found
    subtitle = root.findtext(ATOM + "subtitle") or ""
    assert "Not known here:" in subtitle and "acme/private" in subtitle
    gone = next(e for e in entries if "leaves" in (e.findtext(ATOM + "id") or ""))
    link = gone.find(ATOM + "link")
    assert link is not None and link.get("href", "").endswith("/changes"), "it has no page"


def test_a_list_is_one_feed_however_it_is_written(site: FlaskClient) -> None:
    one = feed(site, "/changes.atom?ids=model/child,model/base")
    other = feed(site, "/changes.atom?ids=base,%20model/child,base")
    assert one.findtext(ATOM + "id") == other.findtext(ATOM + "id")


def test_feeds_in_korean_have_the_same_ids(site: FlaskClient) -> None:
    english, korean = (feed(site, f"{CHILD}?lang={code}") for code in ("en", "ko"))
    assert korean.get("{http://www.w3.org/XML/1998/namespace}lang") == "ko"
    assert korean.findtext(ATOM + "title") == "계보: Child의 변경 사항"
    assert ids(check_feed(english)) == ids(check_feed(korean))
    assert english.findtext(ATOM + "id") == korean.findtext(ATOM + "id")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("ids=", 400),
        ("ids=,,,", 400),
        ("ids=nothing/like-it", 400),
        ("ids=" + ",".join(f"x{n}" for n in range(101)), 400),
        ("ids=%01%3Cscript%3E%22,model/child", 200),
        ("ids=model/child%26x%3D1,model/child", 200),
    ],
)
def test_bad_lists(site: FlaskClient, query: str, status: int) -> None:
    answer = site.get(f"/changes.atom?{query}")
    assert answer.status_code == status
    if status == 200:
        root = ET.fromstring(answer.data)
        check_feed(root)
        assert re.fullmatch(r"[!-~]+", root.findtext(ATOM + "id") or "")


def test_pages_lead_to_their_feeds(site: FlaskClient) -> None:
    head = browse(site, "/model/child", "ko").text.partition("</head>")[0]
    found = re.findall(
        r'<link rel="alternate" type="application/atom\+xml"[^>]* href="([^"]+)">', head
    )
    assert found == ["/changes.atom?lang=ko", f"{CHILD}?lang=ko"]
    assert f"<{CHILD}>" in ", ".join(site.get("/model/child").headers.getlist("Link"))
    compared = browse(site, "/compare?id=model/child&id=model/base").text.partition("</head>")[0]
    assert "changes.atom?ids=model/child,model/base" in compared.replace("%2C", ",").replace(
        "%2F", "/"
    )


def test_old_names_lead_to_the_feed_and_unknown_ones_nowhere(site: FlaskClient) -> None:
    moved = site.get("/model/old-name/changes.atom?lang=ko")
    assert moved.status_code == 308
    assert moved.headers["Location"].endswith("/model/new-name/changes.atom?lang=ko")
    assert site.get("/model/none/changes.atom").status_code == 404


def test_a_reader_that_polls_gets_it_once(site: FlaskClient) -> None:
    for address in (CHILD, "/changes.atom?ids=model/child,model/base"):
        tag = site.get(address).headers["ETag"]
        again = site.get(address, headers={"If-None-Match": tag})
        assert again.status_code == 304 and not again.data
