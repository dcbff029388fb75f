"""Pages and files of family trees over HTTP: what is open, pictures, the map, sizes."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import re
import struct
from collections.abc import Mapping
from html import unescape
from xml.etree import ElementTree as ET

import msgspec
import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from kg.answers.tree.selection import Wish
from kg.answers.tree.tree import family_tree
from kg.errors import InputError
from kg.export.trees import EVERYTHING
from kg.model.claim import Entity
from kg.snapshot.layout import FORMAT, Manifest, ReleaseFile
from kg.snapshot.snapshot import Snapshot
from tests.answers.test_tree import Lines, Small
from tests.large import ROOT, claims
from tests.web.app.test_web import browse
from tests.web.tree.test_drawing import FOLDER
from web.app.context import speak
from web.charts import pictures
from web.charts.org_colors import org_color
from web.charts.pictures import style
from web.tree import _map as treemap
from web.tree import files as tree_files
from web.tree.pictures import picture
from web.tree.section import State, state, tree_section
from web.ui.relations import kind_word

LLAMA = "/family/llama/lineage"
MODULES = [
    f"tree/map/{path.name}" for path in sorted((FOLDER / "static" / "tree" / "map").glob("*.js"))
]
SVG = "{http://www.w3.org/2000/svg}"


def links(text: str, pattern: str) -> list[str]:
    return [unescape(href) for href in re.findall(pattern, text)]


def test_what_is_open_stands_in_the_address() -> None:
    now = state(
        {"view": "outline", "find": " vicuna ", "data": "1"}, ["model/a", "7.adapterOf.model/b"]
    )
    assert now.query() == [
        ("view", "outline"),
        ("find", "vicuna"),
        ("data", "1"),
        ("open", "model/a"),
        ("open", "7.adapterOf.model/b"),
    ]
    again = now.opening("model/a")
    assert again.query()[3] == ("open", "50.model/a") and again.opened[1:] == now.opened[1:]
    assert state({"view": "pie", "color": "mood", "data": "yes"}, ["", "x"]) == State()


@pytest.mark.parametrize("query", ["", "lang=ko&find=a%26b", "open=model/llama-7b&view=outline"])
def test_the_address_that_opens_more_is_that_of_the_state(app: Flask, query: str) -> None:
    """It is put together from parts, and is the address of the changed state all the same."""
    with app.test_request_context(f"{LLAMA}?{query}"):
        section = tree_section("family/llama", limit=8)
        assert section
        for node in section.tree.nodes:
            for relation in ("", "fineTunedFrom"):
                opened = section.state.opening(node.id, relation).opened
                assert section.more(node, relation) == section.url(opened=opened)


def test_links_of_a_tree_lead_to_its_other_states(client: FlaskClient) -> None:
    text = browse(client, f"{LLAMA}?find=vicuna&view=timeline").text
    stubs = links(text, r'class="stub" href="([^"]+)"')
    assert stubs and all(
        href.startswith(f"{LLAMA}?view=timeline&find=vicuna&open=") for href in stubs
    )
    fewer, more = (
        browse(client, href).text for href in (f"{LLAMA}?find=vicuna&view=timeline", stubs[0])
    )
    assert more.count("data-id=") > fewer.count("data-id=")
    assert '<input id="tree-find" type="search" name="find" value="vicuna"' in text
    assert '<input type="hidden" name="view" value="timeline">' in text


def test_a_search_says_what_it_found(client: FlaskClient) -> None:
    named = re.search(
        r"names (\d+) models of this family", browse(client, f"{LLAMA}?find=vicuna").text
    )
    assert named and int(named[1]) >= 6
    assert (
        "Nothing in this family goes by “polyglot”."
        in browse(client, f"{LLAMA}?find=polyglot").text
    )
    assert (
        "“비쿠나”에 해당하는 모델이 이 계열에" in browse(client, f"{LLAMA}?find=비쿠나", "ko").text
    )


def test_data_is_a_switch(client: FlaskClient) -> None:
    assert "written by" not in browse(client, LLAMA).text
    shown = browse(client, f"{LLAMA}?data=1&view=outline").text
    assert "written by" in shown and "Hide data" in shown and 'class="also data"' in shown
    assert 'class="datum"' in browse(client, f"{LLAMA}?data=1&view=timeline").text


def test_a_part_of_a_page_is_the_tree_alone(client: FlaskClient) -> None:
    for path in (LLAMA, "/family/llama"):
        text = browse(client, f"{path}?part=tree&view=outline").text
        assert text.startswith('\n<section class="block tree"') or text.startswith("<section")
        assert text.rstrip().endswith("</section>") and f'href="{path}?view=timeline#' in text


def test_a_model_without_relatives_has_a_tree_of_its_own(client: FlaskClient) -> None:
    text = browse(client, "/model/chinchilla/lineage").text
    assert text.count('<a class="node ') == 1
    assert "data-tree" not in browse(client, "/model/chinchilla?view=outline").text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/license/mit/lineage", 404),
        ("/license/mit/lineage.svg", 404),
        ("/org/meta/lineage.png", 404),
        ("/model/none/lineage.svg", 404),
        ("/family/llama/lineage.svg?width=wide", 400),
        ("/family/llama/lineage.svg?theme=pink", 400),
        ("/family/llama/lineage.svg?lang=xx", 400),
        ("/family/llama/lineage.gexf?scope=all", 400),
        ("/family/llama/lineage.names.json?of=a", 400),
        ("/family/llama/lineage.names.json?of=99", 400),
        ("/family/llama/lineage.map.json?v=old", 409),
    ],
)
def test_what_cannot_be_answered_says_why(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status and answer.get_json()["detail"]
    assert "no-cache" in answer.headers["Cache-Control"]


# ---- pictures ----


def test_a_picture_stands_alone(client: FlaskClient) -> None:
    answer = client.get("/model/alpaca-7b/lineage.svg?width=700&depth=1&lang=ko")
    root = ET.fromstring(answer.text)
    assert answer.content_type == "image/svg+xml; charset=utf-8" and root.get("width") == "700"
    assert [root.find(f"{SVG}{name}") is not None for name in ("title", "desc", "style")] == [
        True
    ] * 3
    assert "var(" not in answer.text and "light-dark" not in answer.text
    assert "prefers-color-scheme:dark" in answer.text
    nodes = [a for a in root.iter(f"{SVG}a") if "node" in (a.get("class") or "")]
    assert {a.get("href") for a in nodes} == {
        "http://127.0.0.1:8000/model/llama-7b",
        "http://127.0.0.1:8000/model/alpaca-7b",
    }
    assert "라마 7B → 알파카 7B" in answer.text


def test_a_picture_may_be_kept_and_is_the_same_for_all(client: FlaskClient) -> None:
    path = "/model/alpaca-7b/lineage.svg"
    plain = client.get(path)
    other = client.get(
        path, headers={"Accept-Language": "ko", "Cookie": "lang=ko", "Accept": "*/*"}
    )
    assert plain.data == other.data and plain.headers["ETag"] == other.headers["ETag"]
    assert {*plain.vary} == {"Accept-Encoding"} and "max-age=3600" in plain.headers["Cache-Control"]
    again = client.get(path, headers={"If-None-Match": plain.headers["ETag"], "Accept": "image/*"})
    assert again.status_code == 304 and "Content-Security-Policy" not in again.headers
    style_source = re.search(
        r"style-src ('sha256-[^']+')", plain.headers["Content-Security-Policy"]
    )
    assert style_source and style_source[1] == pictures.style_hash("auto")


def test_pages_still_vary(client: FlaskClient) -> None:
    headers = browse(client, LLAMA).headers
    assert "Cookie" in headers["Vary"] and headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("theme", pictures.THEMES)
def test_styles_are_whole_and_plain(theme: str) -> None:
    text = style(theme)
    assert "--lk" not in text and "light-dark" not in text and text.count("{") == text.count("}")
    assert ("@media" in text) == (theme == "auto")
    assert ("#161b19" in text) == (theme != "dark") and ("#e9ede9" in text) == (theme != "light")


def test_a_png_is_drawn_with_the_font_in_the_package(client: FlaskClient) -> None:
    pytest.importorskip("resvg_py")
    korean, english = (
        client.get(f"/model/alpaca-7b/lineage.png?depth=1&width=700&lang={lang}")
        for lang in ("ko", "en")
    )
    assert korean.content_type == "image/png" and korean.data != english.data
    width, height = struct.unpack(">II", korean.data[16:24])
    assert width == 1400 and height > 200
    assert all(
        (FOLDER / "charts" / "fonts" / name).is_file()
        for name in ("OFL.txt", "NotoSansKR-Bold.otf")
    )


def test_without_the_extra_a_png_says_what_to_install(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "resvg_py", None)
    answer = client.get("/model/alpaca-7b/lineage.png")
    assert answer.status_code == 501 and "pip install 'gyebo[png]'" in answer.get_json()["detail"]


@pytest.mark.parametrize("scope", ["shown", "family"])
@pytest.mark.parametrize("format", ["svg", "graphml", "gexf", "dot", "json", "csv"])
def test_files_hold_what_is_shown_or_all(client: FlaskClient, format: str, scope: str) -> None:
    answer = client.get(f"/family/llama/lineage.{format}?find=koalpaca&scope={scope}")
    assert answer.status_code == 200
    assert (b"model/vicuna-33b" in answer.data) == (scope == "family")
    assert b"koalpaca" in answer.data


def test_a_tree_in_the_contract_is_as_it_was(client: FlaskClient) -> None:
    assert client.get("/model/alpaca-7b/lineage.json").get_json().keys() >= {
        "root",
        "nodes",
        "edges",
    }
    assert "shown" in client.get("/model/alpaca-7b/lineage.json?scope=family").get_json()


def test_other_names_lead_to_the_file_of_the_canonical_one(client: FlaskClient) -> None:
    answer = client.get("/alpaca-7b/lineage.svg?width=500")
    assert answer.status_code == 308
    assert answer.headers["Location"].endswith("/model/alpaca-7b/lineage.svg?width=500")


# ---- the map ----


def test_the_map_holds_every_model_under_its_parent(
    client: FlaskClient, snapshot: Snapshot
) -> None:
    found = client.get("/family/llama/lineage.map.json?lang=ko").get_json()
    columns = [found[name] for name in ("depths", "days", "kinds", "verdicts", "orgs")]
    assert len({len(column) for column in columns}) == 1
    assert found["depths"][0] == 0 and found["here"] == 0 and found["start"] == "2023-02-24"
    places = ",".join(map(str, range(len(found["depths"]))))
    named = client.get(f"/family/llama/lineage.names.json?of={places}&lang=ko").get_json()["names"]
    assert named[0] == {"at": 0, "label": "라마", "url": "/family/llama"} == found["top"][0]
    assert len({name["url"] for name in named}) == len(found["depths"])
    tree = family_tree(snapshot, "family/llama", "ko", 400)
    day, last, way = 0, dt.date.fromisoformat(found["start"]), [""]
    for at, name in enumerate(named):
        node = tree.by_id[name["url"][1:]]
        way[found["depths"][at] :] = [node.id]
        assert node.depth == found["depths"][at]
        assert node.parent == (way[-2] if len(way) > 1 else None)
        assert found["makers"][found["orgs"][at]] == (node.org or "")
        kind = found["kind_words"][ord(found["kinds"][at]) - 97]
        assert (kind["css"], kind["word"]) == (f"k-{node.kind}", kind_word(node.kind, "ko"))
        verdict = found["verdict_words"][ord(found["verdicts"][at]) - 97]["css"]
        assert verdict == f"v-{node.verdict or 'unknown'}"
        step = found["days"][at]
        assert (step is None) == (node.date is None)
        day += step or 0
        if node.date and len(node.date) == 10:
            assert last + dt.timedelta(day) == dt.date.fromisoformat(node.date)
    meta = found["makers"].index(snapshot.label("org/meta", "ko"))
    assert found["hues"][str(meta)] == org_color("org/meta")


def test_the_map_finds_as_the_search_box_does(client: FlaskClient) -> None:
    found = client.get("/family/llama/lineage.found.json?find=비쿠나&lang=ko").get_json()
    assert found["total"] == len(found["places"]) == len(found["names"]) >= 3
    assert {name["at"] for name in found["names"]} == set(found["places"])
    assert all("비쿠나" in name["label"] for name in found["names"])
    empty = {"total": 0, "places": [], "names": []}
    assert client.get("/family/llama/lineage.found.json?find=zzz").get_json() == empty
    assert client.get("/family/llama/lineage.found.json").get_json() == empty
    assert client.get("/family/llama/lineage.found.json?find=vicuna&v=old").status_code == 409


def test_the_map_has_a_list_and_words_of_its_own(client: FlaskClient) -> None:
    for lang, word in (("en", "of {count}"), ("ko", "전체 {count}개")):
        text = browse(client, f"/family/llama/lineage?view=map&lang={lang}").text
        words = re.search(r'data-words="([^"]*)"', text)
        assert words and json.loads(unescape(words[1]))["all"] == word
        assert 'class="outline"' in text and "/model/vicuna-13b" in text  # the same without script
        assert 'data-color="relation"' in text and 'role="application"' in text


# ---- size ----


class Quick(Lines):
    """Lines of a large snapshot in memory."""

    def __init__(self, all: Mapping[str, Entity]) -> None:
        super().__init__(sorted(all))
        self.all, self.places = all, {id: place for place, id in enumerate(self.ids)}

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, number: int) -> bytes:
        return msgspec.json.encode(self.all[self.ids[number]])

    def find(self, id: str) -> int | None:
        return self.places.get(id)


class Large(Small):
    """The made-up family in memory."""

    def __init__(self, size: int) -> None:
        edges: dict[str, list[tuple[str, str]]] = {}
        about: dict[str, list[str]] = {}
        for claim in claims(size):
            name, value = claim.property, str(claim.said.value)
            if name == "label":
                about.setdefault(claim.subject, ["", ""])[0] = value
                edges.setdefault(claim.subject, [])
            elif name == "releaseDate":
                about[claim.subject][1] = value
            elif name != "developer":
                edges[claim.subject].append((name, value))
        super().__init__(edges, {id: (label, date) for id, (label, date) in about.items()})
        self.lines = Quick(self.all)  # type: ignore[assignment]
        self.manifest = Manifest(
            format=FORMAT,
            gyebo="",
            base="http://127.0.0.1:8000/",
            counts={},
            files={"graph.nq": ReleaseFile(1, "0" * 64)},
        )

    def entity(self, id: str) -> Entity:
        return self.all[id]

    def id_at(self, number: int) -> str:
        return self.ids[number]


def test_a_page_of_20_000_models_is_small(app: Flask) -> None:
    """Whole pages, compressed: HTML with the style sheets and scripts it loads, and the map."""
    large = Large(20_000)
    static = [
        (FOLDER / "static" / name).read_bytes()
        for name in (
            "app/site.css",
            "tree/lineage.css",
            "tree/tree.css",
            "tree/tree.js",
            *MODULES,
            "app/favicon.svg",
        )
    ]
    loaded = sum(len(gzip.compress(body)) for body in static)
    asked = [
        "",
        "view=outline",
        "view=map",
        "data=1&view=timeline",
        f"open=9999.{ROOT}&view=timeline",
        f"open=9999.{ROOT}&view=outline",
    ]
    for query in asked:
        with app.test_request_context(f"/{ROOT}/lineage?{query}"):
            g.snapshot = large
            speak("ko")
            text = tree_files.lineage_page(ROOT)
            size = loaded + len(gzip.compress(text.encode()))
            if "map" in query:
                body = tree_files._json(treemap.overview(large, ROOT)).data
                size += len(gzip.compress(body))
            g.pop("snapshot")
        assert size < 100_000, query
        assert "20,000" in text


def test_modules_are_small_and_load_nothing_else() -> None:
    for path in (FOLDER / "static" / "tree").rglob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert path.stat().st_size < 10_000 and text.count("\n") <= 300, path.name
        loaded = re.findall(r'(?:^import .* from |\bimport\()"([^"]*)"', text, re.MULTILINE)
        assert all(re.fullmatch(r"\./(map/)?\w+\.js", name) for name in loaded), path.name
        assert all((path.parent / name).exists() for name in loaded), path.name
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg\")|\beval\(", text), path.name


def test_a_whole_family_is_one_svg_but_too_tall_for_a_png() -> None:
    tree = family_tree(Large(2_000), ROOT, limit=EVERYTHING, wish=Wish(most=EVERYTHING))
    svg = ET.fromstring(picture(tree, "svg", "http://x/"))
    assert sum(a.get("class", "").startswith("node") for a in svg.iter(f"{SVG}a")) == 2_000
    heights = [float(t.get("y", "0")) for t in svg.iter(f"{SVG}text")]
    assert max(heights) > 64_000 and float(svg.get("height", "0")) > max(heights)
    with pytest.raises(InputError, match="too tall"):
        picture(tree, "png", "http://x/")


def test_the_net_carries_no_more_than_it_says(app: Flask) -> None:
    large = Large(tree_files.DRAWN + 1)
    with app.test_request_context(f"/{ROOT}/lineage.svg?scope=family"):
        g.snapshot = large
        with pytest.raises(HTTPException, match=r"gyebo lineage .* -o family.svg") as refused:
            tree_files.file(ROOT, "svg")
        g.pop("snapshot")
    assert refused.value.code == 413
