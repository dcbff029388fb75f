"""Drawings of family trees: well-formed, complete, legible, named and without inline style."""

from __future__ import annotations

import itertools
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.answers.tree.tree import VERDICT, Tree, family_tree
from kg.language.width import text_width
from kg.model.claim import Entity, Fact
from kg.model.vocabulary import DEVELOPER
from kg.snapshot.snapshot import Snapshot
from tests.answers.test_tree import Small, drawn, lineages, of
from web.charts.org_colors import LISTED, OTHER, OWN, PALE, org_color
from web.charts.timescale import span, ticks
from web.paths import WEB
from web.tree._colors import choices, coloring
from web.tree._layout import plan
from web.tree._outline import OutlineScene
from web.tree._outline import outline as write_outline
from web.tree.drawing import Scene, timeline_svg
from web.tree.shapes import shape
from web.ui.relations import KINDS, kind_word, parent_phrase
from web.ui.verdicts import WORDS

SVG = "{http://www.w3.org/2000/svg}"
FOLDER = WEB


def draw(tree: Tree, lang: str = "en", width: int = 1040, color: str = "org") -> ET.Element:
    scene = Scene(
        lang=lang,
        gettext=str,
        href="/{}".format,
        more=lambda node: f"/?open={node.id}",
        width=width,
        color=color,
    )
    text = timeline_svg(tree, scene)
    assert " style=" not in text and "<script" not in text
    return ET.fromstring(text)


def nodes(svg: ET.Element) -> list[ET.Element]:
    return [a for a in svg.iter(f"{SVG}a") if "node" in a.get("class", "").split()]


def visible(link: ET.Element) -> str:
    return " ".join("".join(t.itertext()) for t in link.iter(f"{SVG}text"))


def height_of(link: ET.Element) -> float:
    return float(next(link.iter(f"{SVG}text")).get("y", "0"))


def outline(tree: Tree) -> str:
    scene = OutlineScene(
        lang="en",
        gettext=str,
        href="/{}".format,
        more=lambda node, relation: f"/?open={relation}.{node.id}",
        colors=coloring(tree, "org", str).classes,
    )
    return write_outline(tree, scene)


PAGES = ["family/llama", "model/koalpaca-polyglot-12.8b", "family/koalpaca", "model/pythia-12b"]


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("id", PAGES)
def test_every_model_has_one_row_and_one_link(snapshot: Snapshot, id: str, lang: str) -> None:
    tree = family_tree(snapshot, id, lang)
    links = nodes(draw(tree, lang))
    assert [link.get("data-id") for link in links] == [node.id for node in tree.nodes]
    assert [link.get("href") for link in links] == [f"/{node.id}" for node in tree.nodes]
    heights = [height_of(link) for link in links]
    assert all(b - a >= 20 for a, b in itertools.pairwise(heights))


@pytest.mark.parametrize("id", PAGES)
def test_names_of_links_begin_with_what_is_seen(snapshot: Snapshot, id: str) -> None:
    for link in nodes(draw(family_tree(snapshot, id, "ko"), "ko")):
        name = link.get("aria-label", "")
        assert name.startswith(visible(link).rstrip("…, "))
        assert "20" in name or "date unknown" in name


def test_a_link_says_relation_and_date(snapshot: Snapshot) -> None:
    links = {a.get("data-id"): a for a in nodes(draw(family_tree(snapshot, "family/koalpaca")))}
    name = links["model/koalpaca-polyglot-12.8b"].get("aria-label", "")
    assert "fine-tuned from Polyglot-Ko 12.8B" in name and "Apr 20, 2023" in name


def test_the_page_is_marked_once(snapshot: Snapshot) -> None:
    current = [
        a for a in nodes(draw(family_tree(snapshot, "model/pythia-12b"))) if a.get("aria-current")
    ]
    assert [a.get("data-id") for a in current] == ["model/pythia-12b"]
    assert "here" in current[0].get("class", "").split()


def test_dates_are_translated(snapshot: Snapshot) -> None:
    svg = draw(family_tree(snapshot, "family/llama", "ko"), "ko")
    assert "2023년 2월" in {text.text for text in svg.iter(f"{SVG}text")}


def small(dates: dict[str, str], edges: dict[str, list[tuple[str, str]]]) -> Tree:
    about = {id: (id, dates.get(id, "")) for id in edges}
    return family_tree(Small(edges, about), next(iter(edges)))


def place(tree: Tree, width: float = 1000.0):  # type: ignore[no-untyped-def]
    return plan(tree, {node.id: 80.0 for node in tree.nodes}, width)


def test_the_axis_is_true_to_the_days() -> None:
    edges = {**of("a"), **of("b", "a"), **of("c", "a"), **of("d", "a")}
    dates = {
        "model/a": "2023-01-01",
        "model/b": "2023-03",
        "model/c": "2023",
        "model/d": "2023-12-31",
    }
    found = place(small(dates, edges))
    first, last = found.spots["model/a"].x, found.spots["model/d"].x
    month, year = found.spots["model/b"], found.spots["model/c"]
    assert month.x - first == pytest.approx((last - first) * 74.5 / 364, abs=0.5)
    assert month.bar and month.bar[1] - month.bar[0] == pytest.approx(
        (last - first) * 31 / 364, abs=0.5
    )
    assert year.bar and year.bar[0] < year.x < year.bar[1]


def test_what_nothing_dates_stands_in_the_lane() -> None:
    edges = {**of("a"), **of("b", "a"), **of("c", "b"), **of("d", "b")}
    found = place(small({"model/a": "2023-01-01", "model/c": "2023-05-01"}, edges))
    assert {id: spot.lane for id, spot in found.spots.items()} == {
        "model/a": False,
        "model/b": False,
        "model/c": False,
        "model/d": True,
    }
    assert not found.spots["model/b"].dated
    assert found.spots["model/a"].x < found.spots["model/b"].x < found.spots["model/c"].x
    assert found.lane is not None and found.spots["model/d"].x > found.lane


def test_without_any_date_there_is_no_axis() -> None:
    tree = small({}, {**of("a"), **of("b", "a")})
    svg = draw(tree)
    assert place(tree).scale is None
    assert next(t.text for t in svg.iter(f"{SVG}text")) == "date unknown"


def test_a_family_stands_before_its_first_member() -> None:
    edges = {
        "family/f": [],
        "model/a": [("inFamily", "family/f")],
        "model/b": [("inFamily", "family/f")],
    }
    found = place(small({"model/a": "2023-05-01", "model/b": "2023-02-01"}, edges))
    assert found.spots["family/f"].x < found.spots["model/b"].x < found.spots["model/a"].x


def test_steps_from_parent_to_child_add_up() -> None:
    edges = of("m0")
    for i in range(1, 9):
        edges |= of(f"m{i}", f"m{i - 1}")
    dates = {f"model/m{i}": f"2023-01-{i + 10}" for i in range(9)} | {"model/m0": "2020"}
    xs = [spot.x for spot in place(small(dates, edges)).spots.values()]
    assert all(b - a > 10 for a, b in itertools.pairwise(xs))


def test_a_model_dated_before_its_parent_stands_before_it() -> None:
    tree = small({"model/a": "2023-06-01", "model/b": "2023-02-01"}, {**of("a"), **of("b", "a")})
    spots = place(tree).spots
    assert spots["model/b"].x < spots["model/a"].x


def test_ticks_keep_their_distance() -> None:
    for last in ("2023-02-01", "2023-09-01", "2026-01-01", "2099-01-01"):
        tree = small({"model/a": "2023-01-01", "model/b": last}, {**of("a"), **of("b", "a")})
        scale = place(tree).scale
        assert scale is not None
        _, marks = ticks(scale, 70)
        assert marks and all(b.x - a.x >= 70 for a, b in itertools.pairwise(marks))


def test_spans_of_dates_that_are_none() -> None:
    assert [span(text) for text in (None, "", "soon", "2023-13", "2023-02-30")] == [None] * 5


def test_hangul_is_wider() -> None:
    assert text_width("코알파카", 14) > text_width("KoAl", 14) > text_width("il..", 14)


def test_hidden_models_are_counted_in_a_link_that_opens_them() -> None:
    edges = {**of("a"), **{f"model/q{i}": [("quantizedFrom", "model/a")] for i in range(1500)}}
    svg = draw(family_tree(Small(edges), "model/a", limit=2))
    stub = next(a for a in svg.iter(f"{SVG}a") if a.get("class") == "stub")
    assert stub.get("href") == "/?open=model/a"
    assert visible(stub) == "+ 1,499 more 1,499 quantized"
    assert stub.get("aria-label", "").startswith(visible(stub))


def test_a_name_longer_than_the_drawing_is_cut() -> None:
    tree = family_tree(Small({"model/a": []}, {"model/a": ("long " * 60, "2023")}), "model/a")
    link = nodes(draw(tree))[0]
    assert visible(link).endswith("…") and text_width(visible(link), 14.5) < 1040
    assert link.get("aria-label", "").startswith(visible(link).rstrip("…"))


@settings(max_examples=60, deadline=None)
@given(lineages(), st.data(), st.sampled_from(["en", "ko"]), st.sampled_from([360, 720, 1040]))
def test_any_tree_can_be_drawn(small: Small, data: st.DataObject, lang: str, width: int) -> None:
    tree = family_tree(
        small, data.draw(st.sampled_from(small.ids)), limit=data.draw(st.integers(1, 20))
    )
    svg = draw(tree, lang, width)
    assert [a.get("data-id") for a in nodes(svg)] == [node.id for node in tree.nodes]
    for link in nodes(svg):
        where = re.findall(r"[\d.-]+", next(g for g in link.iter(f"{SVG}g")).get("transform", ""))
        assert 0 <= float(where[0]) <= width
        assert visible(link).rstrip("…, ") in link.get("aria-label", "")
        box = next(rect for rect in link.iter(f"{SVG}rect") if rect.get("class") == "hit")
        left, wide = float(box.get("x", "0")), float(box.get("width", "0"))
        assert left >= -8 and left + wide <= width + 8
    outline(tree)


def test_the_outline_names_every_model_and_nests_them(snapshot: Snapshot) -> None:
    tree = family_tree(snapshot, "model/koalpaca-polyglot-12.8b")
    text = outline(tree)
    root = ET.fromstring(re.sub(r"<details open>", "<details>", text))
    assert [a.get("href") for a in root.iter("a") if a.get("href")] == [
        f"/{n.id}" for n in tree.nodes
    ]
    inner = root.findall("li/details/ul/li/details/ul/li")
    assert len(inner) == len(tree.by_id["family/polyglot-ko"].children)
    assert all(summary.find("a") is None for summary in root.iter("summary"))
    assert " style=" not in text


def test_the_outline_flattens_what_is_too_deep() -> None:
    edges = {**of("m000")}
    for i in range(1, 120):
        edges |= of(f"m{i:03}", f"m{i - 1:03}")
    text = outline(family_tree(Small(edges), "model/m000", limit=200))
    root = ET.fromstring(re.sub(r"<details open>", "<details>", text))
    deepest, level = 0, [root]
    while level:
        deepest, level = deepest + 1, [ul for li in level for ul in li.findall("li/details/ul")]
    assert deepest == 41
    assert '<span class="also">from <a href="/model/m118">' in text


def test_the_outline_tells_of_further_parents_and_hidden_models() -> None:
    edges = {**of("a"), **of("b"), **of("m", "a", "b", relation="mergedFrom")}
    tree = family_tree(Small({**edges, **of("x", "a"), **of("y", "a")}), "model/m", limit=3)
    text = outline(tree)
    assert drawn(tree) == ["a", ".m", ".+2", "b"]
    assert 'also from <a href="/model/b">' in text and "+ 2 fine-tuned" in text
    assert 'href="/?open=fineTunedFrom.model/a"' in text


def judged(verdict: str | None) -> Tree:
    found = Small({**of("a"), **of("b", "a")}, {"model/a": ("A", "2023")})
    if verdict:
        found.all["model/b"] = Entity("model/b", {}, (Fact(VERDICT, (verdict,), ()),))
    return family_tree(found, "model/a")


def test_no_line_lies_over_a_name() -> None:
    """Behind each name stands a ground, which comes after the lines."""
    edges = {**of("a"), **of("b", "a"), **of("c", "b"), **of("m", "a", "c", relation="mergedFrom")}
    svg = draw(family_tree(Small(edges), "model/a"))
    layers = [g.get("class") for g in svg if g.get("class") in ("links", "backs", "bars")]
    assert layers == ["links", "backs", "bars"]
    backs = next(g for g in svg if g.get("class") == "backs")
    found = [
        tuple(float(rect.get(k, "0")) for k in ("x", "y", "width", "height")) for rect in backs
    ]
    names = [next(a.iter(f"{SVG}text")) for a in nodes(svg)]
    for (x, y, width, height), name in zip(found, names, strict=True):
        left, base = float(name.get("x", "0")), float(name.get("y", "0"))
        left -= text_width("".join(name.itertext()), 14.5) if name.get("text-anchor") else 0
        assert x < left and left < x + width and y < base < y + height


def test_what_is_not_shown_stands_in_a_strip_by_month() -> None:
    edges = {**of("a"), **{k: v for i in range(40) for k, v in of(f"m{i:02}", "a").items()}}
    about = {f"model/m{i:02}": ("", f"2023-{i % 4 + 3:02}-13" if i % 5 else "") for i in range(40)}
    tree = family_tree(Small(edges, {"model/a": ("A", "2023-02-24"), **about}), "model/a", limit=5)
    strip = next(g for g in draw(tree) if g.get("class") == "density")
    bars = [rect for rect in strip if rect.tag == f"{SVG}rect"]
    told = [next(bar.iter(f"{SVG}title")).text or "" for bar in bars]
    dated = sum(many for month, many in tree.unseen.items() if month >= 0)
    assert sum(int(words.rpartition(": ")[2]) for words in told) == dated
    assert [float(bar.get("x", "0")) for bar in bars] == sorted(
        float(b.get("x", "0")) for b in bars
    )
    assert f"{dated} models" in strip.get("aria-label", "") and "without a date" in strip.get(
        "aria-label", ""
    )
    whole = draw(family_tree(Small(edges), "model/a", limit=99))
    assert not any(g.get("class") == "density" for g in whole)


def test_the_fill_says_what_a_license_allows_only_where_one_was_judged() -> None:
    assert choices(judged(None)) == ["org"] and choices(judged("prohibited")) == ["org", "license"]
    svg = draw(judged("prohibited"), color="license")
    a, b = nodes(svg)
    assert "v-unknown" in a.get("class", "") and "v-prohibited" in b.get("class", "")
    assert "prohibited" in visible(b) and "prohibited" in b.get("aria-label", "")
    assert {"prohibited", "not known"} <= {text.text for text in svg.iter(f"{SVG}text")}
    assert "v-unknown" not in draw(judged(None), color="license").attrib.values()
    assert "c0" in nodes(draw(judged(None), color="license"))[0].get("class", "")


def makers(*orgs: str) -> Tree:
    """A base model and a model of each organization."""
    found = Small(
        {**of("a"), **{k: v for i in range(len(orgs)) for k, v in of(f"m{i}", "a").items()}}
    )
    for i, org in enumerate(orgs):
        found.all[org] = Entity(org, {"en": (f"Org {org}",), "ko": (f"기관 {org}",)})
        found.all[f"model/m{i}"] = Entity(f"model/m{i}", {}, (Fact(DEVELOPER, (org,), ()),))
    return family_tree(found, "model/a")


def test_an_organization_has_one_color_in_every_drawing() -> None:
    few = coloring(makers("org/meta", "org/o1"), "org", str)
    many = coloring(
        makers(*["org/o1"] * 3, *[f"org/o{i}" for i in range(9)], "org/meta"), "org", str
    )
    assert few.classes["model/m0"] == many.classes["model/m12"] == org_color("org/meta") == "o1"
    assert few.classes["model/m1"] == many.classes["model/m0"] == org_color("org/o1")
    assert [name for _, name in many.legend][:2] == ["Org org/o1", "Org org/meta"]
    # The colors are part of what pages, charts and files look like: a change shows everywhere.
    assert [org_color(f"org/{name}") for name in ("beomi", "lmsys", "tloen")] == ["p10", "p5", "p3"]


def test_a_legend_names_the_largest_organizations_and_grays_the_rest() -> None:
    colors = coloring(makers(*(f"org/o{i % 20}" for i in range(30))), "org", str)
    assert len(colors.legend) == LISTED + 1 and colors.legend[-1][0] == OTHER
    assert set(colors.classes.values()) == {hue for hue, _ in colors.legend}
    assert colors.beside["model/m11"] == "Org org/o11"


def test_merges_are_drawn_by_one_parent_and_name_the_others() -> None:
    edges = {**of("a"), **of("b"), **of("c"), **of("m", "b", "a", "c", relation="mergedFrom")}
    svg = draw(family_tree(Small(edges), "model/m"))
    merge = next(a for a in nodes(svg) if a.get("data-id") == "model/m")
    assert visible(merge) == "m also from b, c"
    lines = [path.get("class", "") for path in svg.iter(f"{SVG}path")]
    # With the legend
    assert lines.count("link k-mergedFrom") == 2 and lines.count("link further") == 3


def test_a_model_that_is_its_own_ancestor_is_drawn_once() -> None:
    svg = draw(family_tree(Small({**of("a", "a", "b"), **of("b", "a")}), "model/a"))
    assert [a.get("data-id") for a in nodes(svg)] == ["model/a", "model/b"]


def test_every_kind_has_its_word_and_shape() -> None:
    assert {kind: (kind_word(kind, "en"), kind_word(kind, "ko")) for kind in KINDS} == {
        "family": ("family", "모델 계열"),
        "base": ("base model", "기반 모델"),
        "fineTunedFrom": ("fine-tuned", "미세조정"),
        "continuedFrom": ("pretraining continued", "추가 사전학습"),
        "adapterOf": ("adapter", "어댑터"),
        "quantizedFrom": ("quantized", "양자화"),
        "mergedFrom": ("merged", "병합"),
        "convertedFrom": ("converted", "변환"),
        "mirrorOf": ("mirror", "재업로드"),
        "distilledFrom": ("distilled", "증류"),
        "derivedFrom": ("derived", "파생"),
        "inFamily": ("member of a family", "계열 소속"),
    }
    alike = {"fineTunedFrom", "derivedFrom", "inFamily"}  # circles; their lines differ
    shapes = [shape(kind) for kind in KINDS if kind not in alike]
    assert len({*shapes, shape("derivedFrom")}) == len(shapes) + 1


def test_a_parent_is_named_in_a_phrase() -> None:
    assert parent_phrase("derivedFrom", "LLaMA", "ko") == "LLaMA에서 파생"
    assert parent_phrase("adapterOf", "{object} & co", "en") == "adapter of {object} & co"


def test_the_style_sheet_knows_every_relation_hue_and_both_themes() -> None:
    text = (FOLDER / "static" / "tree" / "lineage.css").read_text(encoding="utf-8")
    lines = set(KINDS) - {"family", "base"}
    assert all(f".link.k-{kind} " in text for kind in lines)
    hues = [*(f"o{i}" for i in range(1, OWN + 1)), *(f"p{i}" for i in range(1, PALE + 1))]
    assert all(f".lineage .{hue}, .dot.{hue}, .plot .{hue} " in text for hue in hues)
    assert all(f".v-{verdict} " in text for verdict in WORDS)
    used = set(re.findall(r"var\((--[\w-]+)\)", text))
    assert used == set(re.findall(r"^  (--lk-[\w-]+): light-dark\(#", text, re.MULTILINE))
