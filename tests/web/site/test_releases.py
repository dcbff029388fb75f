"""A release has an address that says what it said: whole, as briefs, or that it is not kept."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from tests.conftest import Corner, serving

TEXT = """
model/oak:
  label: {{en: Oak}}
  claims:
    license: [{{value: license/{license}, from: gyebo}}]
    layerCount: [{{value: {layers}, from: gyebo}}]
license/apache-2.0: {{label: {{en: Apache 2.0}}}}
license/mit: {{label: {{en: MIT}}}}
"""


class Built:
    """A site with four releases, of which the first two are kept as briefs."""

    def __init__(self, corner: Corner) -> None:
        self.versions = []
        for layers, license in ((10, "mit"), (20, "mit"), (30, "apache-2.0"), (40, "apache-2.0")):
            corner.write(TEXT.format(layers=layers, license=license))
            self.versions.append(corner.build().manifest.version)
            corner.opened.pop().close()


@pytest.fixture
def built(corner: Corner) -> Built:
    return Built(corner)


@pytest.fixture
def site(corner: Corner, built: Built) -> Iterator[FlaskClient]:
    with serving(corner.config) as app:
        yield app.test_client()


def layers(client: FlaskClient, version: str) -> object:
    facts = client.get(f"/release/{version}/model/oak.json").get_json()["facts"]
    return next(fact["value"] for fact in facts if fact["property"] == "layerCount")


def test_what_stands_whole_says_what_it_said(site: FlaskClient, built: Built) -> None:
    assert [layers(site, version) for version in built.versions[2:]] == [30, 40]
    past = site.get(f"/release/{built.versions[2]}/model/oak.ttl")
    graph = ox.Store()
    graph.load(past.data, format=ox.RdfFormat.TURTLE, base_iri="http://a/")
    assert any(quad.object.value == "30" for quad in graph if isinstance(quad.object, ox.Literal))
    assert (
        past.headers["Memento-Datetime"].endswith("GMT")
        and "latest-version" in past.headers["Link"]
    )
    page = site.get(f"/release/{built.versions[2]}/model/oak", headers={"Accept": "text/html"})
    assert "<td>30</td>" in page.get_data(as_text=True)
    license = site.get(f"/release/{built.versions[2]}/model/oak/license.json")
    assert license.get_json()["declared"] == ["license/apache-2.0"]


def test_what_was_deleted_says_what_is_left(site: FlaskClient, built: Built) -> None:
    gone = site.get(f"/release/{built.versions[0]}/model/oak.json")
    assert gone.status_code == 410 and "gyebo dump" in gone.get_json()["detail"]
    kept = site.get(f"/release/{built.versions[0]}/model/oak/license.json").get_json()
    assert [one["id"] for one in kept["license"]] == ["license/mit"]
    assert kept["release"] == built.versions[0]


def test_the_list_and_each_release(site: FlaskClient, built: Built) -> None:
    told = site.get("/release.json").get_json()["releases"]
    assert [one["version"] for one in told] == built.versions[::-1]
    assert [one["whole"] for one in told] == [True, True, False, False]
    for version in built.versions:
        assert site.get(f"/release/{version}", headers={"Accept": "text/html"}).status_code == 200
    near = site.get(f"/release/{built.versions[2][:6]}/model/oak.json?lang=ko")
    assert near.status_code == 302 and near.location.endswith("/model/oak.json?lang=ko")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/release/ffffffffffff/model/oak", 404),
        ("/release/..", 404),
        ("/release/current/model/elm", 404),
        ("/release/current/model/oak/license.json?use=eat", 400),
    ],
)
def test_what_is_not_there(site: FlaskClient, path: str, status: int) -> None:
    assert site.get(path, follow_redirects=True).status_code == status


def test_a_reference_leads_to_the_release_that_was_read(site: FlaskClient, built: Built) -> None:
    text = site.get("/cite.txt?of=/model/oak").get_data(as_text=True)
    assert f"/release/{built.versions[3]}/model/oak" in text
    old = site.get(f"/cite.txt?of=/release/{built.versions[1]}/model/oak").get_data(as_text=True)
    assert (
        f"/release/{built.versions[1]}/model/oak" in old and f"version {built.versions[1]}" in old
    )


def test_the_changes_of_a_model_and_of_its_license(site: FlaskClient, built: Built) -> None:
    steps = site.get("/model/oak/changes.json").get_json()["steps"]
    assert [step["version"] for step in steps] == built.versions[:0:-1]
    moved = site.get("/license/apache-2.0/changes.json").get_json()["steps"]
    came = [step for step in moved if step["changed"]["id"] == "model/oak"]
    assert [step["version"] for step in came] == [built.versions[2]]
    page = site.get("/model/oak/changes", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert f'/release/{built.versions[3]}"' in page
