"""The drawing of today's families: a row each, named as in the language of the page, readable without sight."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from flask.testing import FlaskClient

from kg.answers.boards.today import families_today
from kg.snapshot.snapshot import Snapshot
from tests.pages import in_language

_SVG = "{http://www.w3.org/2000/svg}"


def drawing(client: FlaskClient, lang: str) -> tuple[ET.Element, str]:
    page = client.get(in_language("/", lang), headers={"Accept": "text/html"}).text
    found = re.search(r'<svg xmlns[^>]*class="lineage today".*?</svg>', page, re.DOTALL)
    assert found
    return ET.fromstring(found[0]), page


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_every_family_is_a_link_in_a_row_of_its_own(
    client: FlaskClient, snapshot: Snapshot, lang: str
) -> None:
    svg, page = drawing(client, lang)
    families = families_today(snapshot, lang)
    links = svg.findall(f"{_SVG}a")
    assert [link.get("href") for link in links] == [f"/{one.id}" for one in families]
    assert [link.findtext(f"{_SVG}text") for link in links] == [one.label for one in families]
    for link, one in zip(links, families, strict=True):
        told = link.get("aria-label", "")
        assert told.startswith(one.label) and one.org_label in told and f"{one.models:,}" in told
    heights = [float(circle.get("cy", "")) for circle in svg.iter(f"{_SVG}circle")]
    assert heights == sorted(set(heights))
    assert svg.get("aria-label") and f'id="{svg.get("aria-describedby")}"' in page


def test_a_line_leads_to_each_that_comes_from_another(
    client: FlaskClient, snapshot: Snapshot
) -> None:
    svg, _ = drawing(client, "en")
    lines = [path for path in svg.iter(f"{_SVG}path") if "tie" in path.get("class", "")]
    families = families_today(snapshot)
    assert len(lines) == sum(bool(one.parent) + len(one.further) for one in families)
    width = float(svg.get("width", ""))
    assert all(0 < float(circle.get("cx", "")) < width for circle in svg.iter(f"{_SVG}circle"))


def test_larger_families_have_larger_dots(client: FlaskClient, snapshot: Snapshot) -> None:
    svg, _ = drawing(client, "en")
    radii = [float(circle.get("r", "")) for circle in svg.iter(f"{_SVG}circle")]
    sizes = [one.models for one in families_today(snapshot)]
    assert [r for _, r in sorted(zip(sizes, radii, strict=True))] == sorted(radii)
