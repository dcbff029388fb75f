"""Queries as they come from elsewhere: pasted with what nobody sees, or naming what does not exist."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from kg.answers.sparql import query
from kg.cli.main import main
from kg.errors import QueryError
from kg.snapshot.snapshot import Snapshot
from kg.sparql.pasted import plain_query
from kg.sparql.terms import unknown_terms


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffASK { ?s a kg:Model }",
        "ASK\u00a0{ ?s\u00a0a\u3000kg:Model }",
        "ASK {\u200b ?s a\u200b kg:Model }\u2060",
        "\u200eASK { ?s a kg:Model\u200f }\u202c",
        "ASK\u2003{ ?s a kg:Model FILTER(\u201cx\u201d = \u2018x\u2019) }",
        "ASK { ?s a kg:Model }\u2028# \u201cno end",
    ],
)
def test_what_was_pasted_means_what_it_looks_like(snapshot: Snapshot, text: str) -> None:
    assert b"true" in query(snapshot, text).body


@pytest.mark.parametrize(
    "inside", ["'\u00a0'", '"\u201c\ufeff"', "'''\u200b\u2019'''", "<a:\u00a0>", "# \u00a0\u201c"]
)
def test_strings_iris_and_comments_stay(inside: str) -> None:
    assert plain_query(f"{inside}\n\u00a0") == f"{inside}\n "


@pytest.mark.parametrize(
    ("text", "character"),
    [
        ("SELECT ?mo\u200bdel { ?mo\u200bdel a kg:Model }", "\u200b"),
        ("ASK { ?s a kg:Model FILTER(?s = \u201cx) }", "\u201c"),
        ("ASK { ?s a kg:Model \u2013 }", "\u2013"),
        ("ASK \uff5b ?s a kg:Model }", "\uff5b"),
    ],
)
def test_what_cannot_be_meant_is_named(snapshot: Snapshot, text: str, character: str) -> None:
    with pytest.raises(QueryError) as told:
        query(snapshot, text)
    assert f"U+{ord(character):04X} ({unicodedata.name(character)})" in str(told.value)
    assert (told.value.line, told.value.column) == (1, text.index(character) + 1)


@given(st.text(st.sampled_from("\ufeff\u00a0\u200b\u201c\u201d\u2018\u2019'\"\\<>#\n ?aASK{}")))
def test_no_character_is_lost_or_added(text: str) -> None:
    assert len(plain_query(text)) == len(text)


def test_a_call_does_not_hide_in_curly_quotes(snapshot: Snapshot) -> None:
    for text in (
        "ASK { ?s ?p \u201c\u201d SERVICE <http://example.org/> { ?a ?b ?c } }",
        "ASK { ?s ?p '\u201c' } SERVICE <http://example.org/> { ?a ?b \u201d }",
    ):
        with pytest.raises(QueryError, match="SERVICE"):
            query(snapshot, text)


# ---- terms that do not exist ----


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("SELECT ?m { ?m kg:licence ?l }", [("kg:licence", "kg:license")]),
        ("SELECT ?m { ?m kg:derivedfrom ?l }", [("kg:derivedfrom", "kg:derivedFrom")]),
        (
            "SELECT ?m { ?m kg:derivesFrom/kg:licence ?l }",
            [("kg:derivesFrom", "kg:derivedFrom"), ("kg:licence", "kg:license")],
        ),
        ("SELECT ?m { ?m a <https://w3id.org/gyebo/ns#Modell> }", [("kg:Modell", "kg:Model")]),
        (
            "PREFIX g: <https://w3id.org/gyebo/ns#> SELECT ?m { ?m g:qqqzzz ?l }",
            [("kg:qqqzzz", "")],
        ),
        ("PREFIX kg: <http://example.org/> SELECT ?m { ?m kg:licence ?l }", []),
        ("SELECT ?m { ?m kg:license 'kg:licence' } # kg:licence", []),
        ("SELECT ?m { SERVICE kg:search { ?m kg:query 'a' ; kg:limit 3 ; kg:score ?s } }", []),
        ("SELECT ?m { ?m schema:licence ?l }", []),
    ],
)
def test_terms_that_do_not_exist(text: str, told: list[tuple[str, str]]) -> None:
    assert [tuple(term) for term in unknown_terms(text)] == told


def test_no_saved_query_and_no_term_of_the_ontology_is_unknown(client: FlaskClient) -> None:
    from kg.sparql.examples import examples

    assert not [term for e in examples() for term in unknown_terms(e.query)]
    terms = [t["term"] for t in client.get("/ontology/terms.json").json["terms"]]
    assert not unknown_terms(" ".join(t for t in terms if t.startswith("kg:")))


def test_a_hint_goes_to_people_and_programs(
    client: FlaskClient, snapshot_home: Path, tmp_path: Path
) -> None:
    asked = {"query": "SELECT ?m { ?m kg:licence ?l }"}
    page = client.get("/sparql", query_string=asked, headers={"Accept": "text/html"}).text
    assert "kg:licence is no term of the ontology; did you mean kg:license?" in page
    korean = client.get(
        "/sparql", query_string=asked | {"lang": "ko"}, headers={"Accept": "text/html"}
    ).text
    assert "온톨로지에 없는 용어" in korean
    answer = client.get("/sparql", query_string=asked, headers={"Accept": "text/csv"})
    (link,) = answer.headers.getlist("Link")
    assert link.startswith(
        "</ontology#license>; rel=\"help\"; title*=UTF-8''kg%3Alicence%20is%20no"
    )
    good = client.get("/sparql", query_string={"query": "SELECT ?m { ?m kg:license ?l }"})
    assert "help" not in str(good.headers.getlist("Link"))
    path = tmp_path / "q.rq"
    path.write_text("\ufeff" + asked["query"], encoding="utf-8")
    done = CliRunner().invoke(
        main, ["--home", str(snapshot_home), "query", str(path)], env={"GYEBO_LANG": "en"}
    )
    assert done.exit_code == 0 and "did you mean kg:license?" in done.stderr
