"""What is said of a family and reaches its members: found, compared, shown and counted, never their own claim."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from kg.answers.compare import compare
from kg.answers.contract import FactAnswer, FamilyFactAnswer, Ref
from kg.answers.license_mix import find_license_mix
from kg.answers.search import search
from kg.answers.show import show
from kg.cli.main import main
from kg.export.export import export
from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner, serving
from tests.released import released
from tests.web.app.test_web import browse

DATA = """
org/oak: {label: {en: Oak, ko: 참나무}}
org/elm: {label: {en: Elm}}
language/korean: {label: {en: Korean, ko: 한국어}}
license/l: {label: {en: License L}}
family/outer:
  label: {en: Outer, ko: 바깥}
  claims:
    developer: [{value: org/oak, from: gyebo}]
    access: [{value: api-only, from: gyebo}]
    language: [{value: language/korean, from: gyebo}]
    license: [{value: license/l, from: gyebo}]
    releaseDate: [{value: 2020-01-01, from: gyebo}]
    contextLength: [{value: 512, from: gyebo}]
family/inner:
  label: {en: Inner, ko: 안}
  claims:
    inFamily: [{value: family/outer, from: gyebo}]
    releaseDate: [{value: 2024-05, from: gyebo}]
    contextLength: [{value: 4096, from: gyebo}]
    parameterCount: [{value: 7000000000, from: gyebo}]
    access:
      - {value: open-weights, from: gyebo}
family/other:
  label: {en: Other}
  claims:
    contextLength: [{value: 8192, from: gyebo}]
family/doubt:
  label: {en: Doubt}
  claims:
    inFamily: [{value: family/outer, from: gyebo}]
    license: [{value: null, from: gyebo}]
    access:
      - {value: open-weights, from: gyebo}
      - {value: unreleased, from: gyebo}
model/a:
  label: {en: A}
  claims:
    inFamily: [{value: family/inner, from: gyebo}]
    parameterCount: [{value: 1000000000, from: gyebo}]
model/b:
  label: {en: B}
  claims:
    inFamily: [{value: family/inner, from: gyebo}]
    access: [{value: on-request, from: gyebo}]
    releaseDate: [{value: null, from: gyebo}]
    developer: [{value: org/elm, from: gyebo, rank: rejected, reason: it only hosts it}]
model/c:
  label: {en: C}
  claims:
    inFamily: [{value: family/inner, from: gyebo}]
model/two:
  label: {en: Two}
  claims:
    inFamily: [{value: family/inner, from: gyebo}, {value: family/other, from: gyebo}]
model/unsure:
  label: {en: Unsure}
  claims:
    inFamily: [{value: family/doubt, from: gyebo}]
model/alone: {label: {en: Alone}}
"""


@pytest.fixture
def built(corner: Corner) -> Snapshot:
    corner.write(DATA)
    return corner.build()


def reached(snapshot: Snapshot, id: str) -> dict[str, tuple[object, str]]:
    """What reaches an entity, with the family it is from."""
    found = snapshot.inheritance.of(snapshot.entity(id))
    return {f.fact.property: (f.fact.values[0], f.family) for f in found}


def test_the_nearest_family_that_says_it_decides(built: Snapshot) -> None:
    assert reached(built, "model/a") == {
        "developer": ("org/oak", "family/outer"),
        "releaseDate": ("2024-05", "family/inner"),
        "license": ("license/l", "family/outer"),
        "access": ("open-weights", "family/inner"),
        "language": ("language/korean", "family/outer"),
        "contextLength": (4096, "family/inner"),
    }


def test_what_is_said_of_a_member_is_never_replaced(built: Snapshot) -> None:
    """Not even where it is said to be unknown, or where all that is said was rejected."""
    assert reached(built, "model/b").keys() == {"license", "language", "contextLength"}


def test_dates_and_lengths_reach_the_models_of_a_family_and_no_further(built: Snapshot) -> None:
    assert reached(built, "family/inner").keys() == {"developer", "license", "language"}
    assert "releaseDate" not in reached(built, "model/unsure")


def test_what_cannot_be_true_of_all_reaches_nobody(built: Snapshot) -> None:
    assert "parameterCount" not in reached(built, "model/b")


def test_in_doubt_nothing_is_said(built: Snapshot) -> None:
    assert reached(built, "model/unsure").keys() == {"developer", "language"}
    assert "contextLength" not in reached(built, "model/two")  # two families differ
    assert reached(built, "model/two")["access"] == ("open-weights", "family/inner")
    assert reached(built, "model/alone") == {}


def test_it_is_shown_as_the_familys(built: Snapshot) -> None:
    answer = show(built, "model/a", "ko")
    assert {fact.property for fact in answer.facts if not fact.inferred} == {
        "inFamily",
        "parameterCount",
    }
    inner = Ref("family/inner", "안")
    assert FamilyFactAnswer("access", "open-weights", inner) in answer.from_family
    oak = FamilyFactAnswer("developer", Ref("org/oak", "참나무"), Ref("family/outer", "바깥"))
    assert answer.from_family[0] == oak


def test_it_is_found_and_counted_by(built: Snapshot) -> None:
    def ids(text: str) -> set[str]:
        return {hit.id for hit in search(built, text).hits}

    assert ids("kind:model access:open-weights") == {"model/a", "model/c", "model/two"}
    assert ids('kind:model access:"신청 후 제공"') == {"model/b"}
    assert ids("kind:model org:oak") == {"model/a", "model/c", "model/two", "model/unsure"}
    assert ids("kind:model released:2024") == {"model/a", "model/c", "model/two"}
    facets = search(built, "kind:model").facets
    assert facets["access"] == {"open-weights": 3, "on-request": 1}
    assert facets["lang"] == {"language/korean": 5}


def test_access_is_found_by_its_words(built: Snapshot) -> None:
    assert search(built, "API only").hits[0].id == "family/outer"
    assert search(built, "API 전용").hits[0].id == "family/outer"


def test_compared_with_what_the_other_says_itself(built: Snapshot) -> None:
    rows = {row.property: row for row in compare(built, ["model/a", "model/b"]).facts}
    access = rows["access"]
    assert access.facts[0] is None and isinstance(access.facts[1], FactAnswer)
    assert isinstance(access.from_family[0], FamilyFactAnswer) and access.from_family[1] is None
    assert (access.result, rows["language"].result) == ("differs", "same")
    assert rows["releaseDate"].result == "unknown"  # of one it is said to be unknown


def test_the_table_of_models_names_what_is_the_familys(built: Snapshot, corner: Corner) -> None:
    path = corner.config.home / "models.csv"
    export(built, "csv", path, table="models")
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(path.read_text("utf-8")))}
    assert rows["model/a"]["access"] == "open-weights"
    assert rows["model/a"]["from_family"] == "releaseDate license access contextLength"
    assert (rows["model/b"]["access"], rows["model/b"]["releaseDate"]) == ("on-request", "")


def test_charts_take_the_dates_of_families(built: Snapshot) -> None:
    assert [p.id for p in built.trends["parameterCount"].points] == ["model/a"]
    assert [p.id for p in built.trends["contextLength"].points] == [
        "family/outer",
        "family/inner",
        "model/a",
        "model/c",
    ]
    (period,) = find_license_mix(built, built.number("family/inner"))[:1]
    assert (period.year, period.quarter, period.total) == (2024, 2, 3)


def test_it_is_no_claim_on_the_member(built: Snapshot, corner: Corner) -> None:
    graph = released(built.folder, "graph.nq")
    own = [line for line in graph.splitlines() if "model/a> <https://w3id.org/gyebo" in line]
    assert own and not [line for line in own if "#access" in line or "#developer" in line]
    out = corner.config.home / "out"
    export(built, "csv", out, table="claims")
    said = list(csv.DictReader(io.StringIO(out.read_text("utf-8"))))
    own_claims = {row["property"] for row in said if row["subject"] == "model/a"}
    assert own_claims == {"inFamily", "parameterCount"}
    for format in ("cyclonedx", "spdx", "card"):
        export(built, format, out, root="model/a")
        assert "Oak" not in out.read_text("utf-8")


def test_the_command_line_says_where_it_is_from(built: Snapshot, corner: Corner) -> None:
    home = {"GYEBO_HOME": str(corner.config.home)}
    shown = CliRunner().invoke(main, ["show", "model/a", "--lang", "ko"], env=home).output
    assert "공개 방식: 가중치 공개  (안 (family/inner) 계열에서)" in shown
    shown = CliRunner().invoke(main, ["show", "model/a", "--lang", "en"], env=home).output
    assert "access: open weights  (from the family Inner (family/inner))" in shown


@pytest.fixture
def site(corner: Corner) -> Iterator[FlaskClient]:
    corner.write(DATA)
    corner.build()
    with serving(corner.config) as app:
        yield app.test_client()


@pytest.mark.parametrize(
    ("lang", "word", "family"),
    [("en", "open weights", "from the family Inner"), ("ko", "가중치 공개", "안 계열에서")],
)
def test_pages_mark_it_and_lead_to_the_family(
    site: FlaskClient, lang: str, word: str, family: str
) -> None:
    page = browse(site, "/model/a", lang).text
    row = page[page.index('id="access"') :].partition("</div>")[0]
    assert word in row and f">{family}</a>" in row and 'href="/family/inner#access"' in row
    assert 'class="src"' not in row and "<details" not in row
    strip = page.partition('<dl class="strip">')[2].partition("</dl>")[0]
    assert word in strip and '<a class="tag" href="/family/inner#access">' in strip
    side = browse(site, "/compare?id=model/a&id=model/b", lang).text
    row = side[side.index("#access") :].partition("</tr>")[0]
    assert word in row and family in row
    hits = browse(site, "/search?q=A&kind=model", lang).text
    assert word in hits and 'id="f-access"' in hits
