"""The charts: their geometry, their colors, and that table, page and file say the same."""

from __future__ import annotations

import csv
import gzip
import io
import re
import xml.etree.ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from msgspec.structs import replace

from kg.answers.boards.mixes import find_data_mix, find_whole_mix
from kg.answers.license_mix import Period, find_license_mix
from kg.language.width import text_width
from kg.snapshot.snapshot import Snapshot
from kg.snapshot.trends import POINTS, Crowd
from tests.conftest import Corner, serving
from web.app.i18n import translator
from web.charts import dots, plot, scatter, stacks
from web.charts.org_colors import OWN, PALE
from web.charts.pictures import style
from web.charts.plot import Canvas, Rectangle
from web.charts.scatter import Dot, day_of
from web.paths import STATIC
from web.ui.figure import FORMATS
from web.ui.mix import TILES, verdict_columns, verdict_parts
from web.ui.verdicts import LOOKS

SVG = "{http://www.w3.org/2000/svg}"
LANGS = ("en", "ko")
WIDTHS = (350.0, 510.0, 1040.0)
NAMES = st.sampled_from(["LLaMA 7B", "코알파카 폴리글랏 12.8B", "a" * 30, "라마", "GPT-2"])


def canvas(width: float = 1040, lang: str = "en") -> Canvas:
    return Canvas(lang, translator(lang), width)


def some_dots(count: int, name: str = "Model") -> list[Dot]:
    return [
        Dot(
            id=f"model/{i}",
            label=f"{name} {i}",
            day=738_000 + i * 37 % 900,
            date="2022-01-01",
            value=10.0 ** (6 + i * 7 % 60 / 10),
            org=f"org/{i % 11}",
            maker=f"Org {i % 11}",
            weight=i,
        )
        for i in range(count)
    ]


def draw(found: list[Dot], crowds: list[Crowd], on: Canvas) -> ET.Element:
    looks = scatter.series(found)
    return ET.fromstring(scatter.draw(found, crowds, looks, "t", lambda v: f"{v:g}", on))


def dated(*years: int) -> list[Dot]:
    return [
        replace(dot, date=f"{year}-01-01")
        for dot, year in zip(some_dots(len(years)), years, strict=True)
    ]


def test_a_beginning_in_which_few_models_stand_is_not_drawn() -> None:
    found = dated(1958, 2014, *[2017 + i % 10 for i in range(70)])
    part = scatter.recent_part(found, [Crowd(1990, 1, 4, 1), Crowd(2025, 1, 60, 30)])
    assert (part.since, part.earlier) == (2017, 3)
    assert part.crowded == 30 and len(part.dots) == 70 and part.crowds == [Crowd(2025, 1, 60, 30)]


@pytest.mark.parametrize("years", [(2024,), (2016, 2025), (1958, 1960, 2026)])
def test_ten_years_and_a_beginning_of_many_are_drawn(years: tuple[int, ...]) -> None:
    part = scatter.recent_part(dated(*years), [])
    assert part.since == years[0] and not part.earlier and len(part.dots) == len(years)


def boxes(svg: ET.Element, size: float = plot.SIZE) -> list[Rectangle]:
    """Where the words beside the points stand."""
    group = next(g for g in svg.iter(f"{SVG}g") if g.get("class") == "words")
    return [
        Rectangle(
            x := float(t.get("x", "")),
            float(t.get("y", "")) - size * 0.9,
            x + text_width(t.text or "", size),
            float(t.get("y", "")) + size * 0.2,
        )
        for t in group
    ]


# ---- what the charts share ----


@given(st.lists(st.tuples(st.floats(0, 400), st.floats(0, 300), NAMES), max_size=40))
def test_labels_never_meet_and_stay_inside(points: list[tuple[float, float, str]]) -> None:
    frame = Rectangle(0, 0, 400, 300)
    placed = plot.labels(points, [], frame)
    for i, label in enumerate(placed):
        assert label.box.within(frame)
        assert not any(label.box.meets(other.box) for other in placed[i + 1 :])


def test_the_first_label_wins_and_points_are_left_free() -> None:
    frame = Rectangle(0, 0, 400, 60)
    point = Rectangle(104, 24, 116, 36)
    placed = plot.labels([(50, 30, "first"), (50, 30, "second")], [point], frame)
    assert placed[0].text == "first" and not any(p.box.meets(point) for p in placed)


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.integers(2, 6))
def test_steps_cover_what_they_are_for(low: float, more: float, about: int) -> None:
    steps = plot.round_steps(low, low + more, about)
    slack = 1e-6 * max(1.0, abs(low), more)
    assert steps[0] <= low + slack and steps[-1] >= low + more - slack
    assert steps == sorted(set(steps)) and 2 <= len(steps) <= about + 3


@given(st.lists(st.floats(1, 1e13), min_size=1))
def test_a_logarithmic_scale_keeps_order_and_bounds(values: list[float]) -> None:
    scale = plot.Log(values, 300, 20)
    places = [scale.at(value) for value in sorted(values)]
    assert places == sorted(places, reverse=True) and all(20 <= p <= 300 for p in places)


# ---- trends ----


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_scatter_stays_inside_and_no_words_meet(width: float, lang: str) -> None:
    svg = draw(some_dots(60, "모델" if lang == "ko" else "Model"), [], canvas(width, lang))
    height = float(svg.get("height", ""))
    marks = [
        g
        for g in svg.iter(f"{SVG}g")
        if "mark" in g.get("class", "").split() and g.get("transform")
    ]
    assert len(marks) == 60
    for mark in marks:
        x, y = map(float, re.findall(r"[\d.]+", mark.get("transform", "")))
        assert 0 < x < width and 0 < y < height
        assert (mark.find(f"{SVG}title") is not None) == (width > 600)
    words = boxes(svg)
    assert words and all(b.left >= 0 and b.right <= width for b in words)
    assert not any(a.meets(b) for i, a in enumerate(words) for b in words[i + 1 :])


def test_series_differ_in_shape_and_color_and_the_rest_is_gray() -> None:
    looks = scatter.series(some_dots(60))
    assert (
        len(looks) == len({s.shape for s in looks}) == len({s.css for s in looks}) == scatter.SERIES
    )
    svg = str(scatter.draw(some_dots(60), [], looks, "t", str, canvas()))
    assert 'class="mark c0"' in svg and "other or unknown organization" in svg


def test_crowds_are_larger_for_more() -> None:
    svg = draw(some_dots(5), [Crowd(2022, 1, 60, 3), Crowd(2022, 3, 60, 3000)], canvas())
    group = next(g for g in svg.iter(f"{SVG}g") if g.get("class") == "crowd")
    small, large = (float(rect.get("width", "")) for rect in group)
    assert small < large


def test_the_largest_chart_is_small() -> None:
    found, looks = some_dots(POINTS), scatter.series(some_dots(POINTS))
    crowds = [Crowd(2016 + i % 8, i % 4 + 1, 40 + i // 32, i + 1) for i in range(1000)]
    drawn = [scatter.draw(found, crowds, looks, "t", str, canvas(width)) for width in WIDTHS]
    assert len(gzip.compress("".join(drawn).encode())) < 35_000


def test_one_model_is_enough(app: Flask) -> None:
    one = [
        Dot(
            id="model/a",
            label="<b>",
            day=day_of("2023") or 0,
            date="2023",
            value=7e9,
            org="",
            maker="",
            weight=0,
        )
    ]
    svg = draw(one, [], canvas(350))
    assert any("<b>" in (t.text or "") for t in svg.iter(f"{SVG}text"))


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_shows_every_point_as_a_row(
    client: FlaskClient, snapshot: Snapshot, lang: str
) -> None:
    text = client.get(f"/trends?lang={lang}", headers={"Accept": "text/html"}).text
    rows = sum(len(t.points) for t in snapshot.trends.values())
    rows += len(find_whole_mix(snapshot)) + len(find_data_mix(snapshot))
    assert text.count("<tbody>") == 4 and len(re.findall(r'<tr><th scope="row">', text)) == rows
    assert text.count('class="plot"') == 12  # two charts, each for three widths
    if lang == "ko":
        assert "억" in text and "만" in text


@pytest.mark.parametrize("name", ["parameters", "context"])
def test_files_of_a_trend_agree(client: FlaskClient, name: str) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get(f"/trends/{name}.csv").text)))
    data = client.get(f"/trends/{name}.json").json
    svg = client.get(f"/trends/{name}.svg?lang=ko&theme=dark&width=700")
    assert data and [r["id"] for r in rows] == [r["id"] for r in data["rows"]]
    assert ET.fromstring(svg.text).get("width") == "700"
    assert "var(" not in svg.text and "light-dark" not in svg.text
    assert "style-src 'sha256-" in svg.headers["Content-Security-Policy"]
    assert (
        client.get(
            f"/trends/{name}.svg", headers={"If-None-Match": svg.headers["ETag"]}
        ).status_code
        == 200
    )
    again = client.get(
        f"/trends/{name}.svg?lang=ko&theme=dark&width=700",
        headers={"If-None-Match": svg.headers["ETag"]},
    )
    assert again.status_code == 304


def test_trends_of_data_that_states_none(corner: Corner) -> None:
    corner.write("model/a: {label: {en: A}}")
    corner.build()
    with serving(corner.config) as app:
        client = app.test_client()
        assert client.get("/trends.json").json == {"chart": "trends", "rows": []}
        assert client.get("/trends").status_code == 200
        assert client.get("/trends/parameters.svg").status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/trends/nothing.svg", 404),
        ("/trends/parameters.svg?lang=xx", 400),
        ("/trends/parameters.svg?theme=pink", 400),
        ("/trends/parameters.svg?width=x", 400),
        ("/family/llama/license-mix.svg?lang=xx", 400),
        ("/model/llama-7b/license-mix.svg", 404),
        ("/benchmark/mmlu/scores.svg?ranking=999", 404),
        ("/model/llama-7b/scores.csv", 404),
    ],
)
def test_bad_addresses_say_so(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_no_cell_is_a_formula(client: FlaskClient) -> None:
    for path in (
        "/trends/parameters.csv",
        "/family/llama/license-mix.csv",
        "/benchmark/mmlu/scores.csv",
    ):
        for row in csv.reader(io.StringIO(client.get(path).text)):
            assert not any(cell.startswith(("=", "@")) for cell in row)


# ---- license mix ----


@given(
    st.lists(st.lists(st.integers(0, 4000), min_size=5, max_size=5), min_size=1, max_size=13),
    st.sampled_from(WIDTHS),
    st.sampled_from(LANGS),
)
def test_columns_stand_inside_and_add_up(counts: list[list[int]], width: float, lang: str) -> None:
    periods = [
        Period(2023 + i // 4, i % 4 + 1, dict(zip(LOOKS, row, strict=True)))
        for i, row in enumerate(counts)
    ]
    if not any(p.total for p in periods):
        return
    on = canvas(width, lang)
    columns = verdict_columns(periods, lang, "-")
    svg = ET.fromstring(stacks.draw(columns, verdict_parts(periods, on.gettext), "t", on))
    height = float(svg.get("height", ""))
    for rect in svg.iter(f"{SVG}rect"):
        if rect.get("class") == "part" and float(rect.get("x", "")) > 0:
            assert float(rect.get("x", "")) + float(rect.get("width", "")) <= width
            assert 0 <= float(rect.get("y", "")) <= height
    totals = [t.text for t in svg.iter(f"{SVG}text") if t.get("class") == "total"]
    assert [int((t or "").replace(",", "")) for t in totals] == [
        p.total for p in periods if p.total
    ]


def test_every_verdict_has_a_pattern_of_its_own() -> None:
    assert TILES.keys() == LOOKS.keys() and len(set(TILES.values())) == len(LOOKS)


def test_the_mix_counts_the_family(client: FlaskClient, snapshot: Snapshot) -> None:
    number = snapshot.number("family/llama")
    periods = find_license_mix(snapshot, number)
    whole = {*snapshot.families.members(number), *snapshot.families.descendants(number).models}
    assert sum(p.total for p in periods) == len(whole)
    rows = list(csv.DictReader(io.StringIO(client.get("/family/llama/license-mix.csv").text)))
    assert [r["period"] for r in rows] == [p.name("en", "unknown") for p in periods]
    text = client.get("/family/llama", headers={"Accept": "text/html"}).text
    assert 'id="license-mix"' in text and "license-mix.svg" in text
    assert 'id="license-mix"' not in client.get("/org/meta", headers={"Accept": "text/html"}).text


# ---- dot plots ----


@given(
    st.lists(st.tuples(NAMES, st.floats(-5, 1000)), min_size=2, max_size=30),
    st.sampled_from(WIDTHS),
)
def test_dots_stand_inside_from_left_to_right(rows: list[tuple[str, float]], width: float) -> None:
    ranked = sorted(rows, key=lambda row: -row[1])
    found = [
        dots.ScoreRow(i, name, value, f"{value:.1f}%") for i, (name, value) in enumerate(ranked, 1)
    ]
    svg = ET.fromstring(dots.draw(found, "t", canvas(width)))
    marks = [g for g in svg if g.get("class", "").startswith("mark")]
    places = [float((g.get("transform") or "").split("(")[1].split()[0]) for g in marks]
    assert len(marks) == min(len(rows), dots.MOST) and places == sorted(places, reverse=True)
    assert all(0 < x < width for x in places)
    for text in svg.iter(f"{SVG}text"):
        x, wide = float(text.get("x", "")), text_width(text.text or "", plot.SIZE)
        left = {"end": x - wide, "middle": x - wide / 2}.get(text.get("text-anchor", ""), x)
        assert left >= -1 and left + wide <= width + 1


def test_a_benchmark_shows_its_rankings_drawn(client: FlaskClient) -> None:
    text = client.get("/benchmark/mmlu", headers={"Accept": "text/html"}).text
    assert 'id="plots"' in text and "Claude 3 Opus" in text
    rows = list(csv.DictReader(io.StringIO(client.get("/benchmark/mmlu/scores.csv").text)))
    assert rows[0]["rank"] == "1" and rows[0]["id"].startswith("model/")
    for format in FORMATS:
        assert client.get(f"/benchmark/mmlu/scores.{format}?ranking=2").status_code == 200


# ---- colors ----


def luminance(color: str) -> float:
    digits = color.lstrip("#")
    full = "".join(c * 2 for c in digits) if len(digits) == 3 else digits
    parts = [int(full[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_marks_stand_out_in_both_themes(theme: str) -> None:
    text = style(theme, ("charts/charts.css",))
    paper = re.search(r"\.paper\{fill: (#\w+)\}", text)
    colors = re.findall(r"\.plot \.(?:[cop]\d+|v-\w+)\{color: (#\w+)\}", text)
    assert paper and len(colors) == 2 + OWN + PALE + 5
    for color in colors:
        light, dark = sorted((luminance(color), luminance(paper[1])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 3, color


def test_charts_use_no_variables_of_their_own() -> None:
    sheet = (STATIC / "charts/charts.css").read_text(encoding="utf-8")
    known = set(
        re.findall(r"(--lk-[\w-]+):", (STATIC / "tree/lineage.css").read_text(encoding="utf-8"))
    )
    assert set(re.findall(r"var\((--[\w-]+)\)", sheet)) <= known


def test_a_title_with_markup_is_escaped() -> None:
    svg = dots.draw(
        [dots.ScoreRow(1, '"><script>', 2.0, "2"), dots.ScoreRow(2, "b", 1.0, "1")], "<t>", canvas()
    )
    assert "<script>" not in svg and isinstance(svg, Markup)
    ET.fromstring(svg)
