"""Claims to facts: rank before trust before date; nothing said is lost."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.claims.precision import agrees, conflict, refined
from kg.claims.resolve import Standing, resolve_entity, resolve_fact
from kg.model.claim import Claim, Said
from kg.model.vocabulary import load_vocabulary

STANDINGS = {
    "source/paper": Standing(level=1, date="2023-02"),
    "source/survey": Standing(level=4, date="2023-05", bulk=True),
    "source/new-survey": Standing(level=4, date="2024-03", bulk=True),
}
VOCABULARY = load_vocabulary()
KNOWN = VOCABULARY.properties
B = 10**9


def fact(name, *said):  # type: ignore[no-untyped-def]
    return resolve_fact(
        KNOWN[name],
        [Said(**dict(zip(Said.__struct_fields__, s, strict=False))) for s in said],
        STANDINGS,
    )


def test_the_more_trusted_source_wins() -> None:
    found = fact("parameterCount", (7, "source/survey"), (6, "source/paper"))
    assert (found.values, found.disputed) == ((6,), True)


def test_within_a_level_the_newer_source_wins() -> None:
    assert fact("parameterCount", (7, "source/survey"), (6, "source/new-survey")).values == (6,)


def test_of_a_past_day_a_newer_table_knows_no_more_than_who_looked_it_up() -> None:
    by_hand = STANDINGS | {"source/looked-up": Standing(level=4, date="2023-01")}
    said = [
        Said(value="2025-02-17", source="source/new-survey"),
        Said(value="2025-01-20", source="source/looked-up"),
    ]
    found = resolve_fact(KNOWN["releaseDate"], said, by_hand)
    assert (found.values, found.disputed) == (("2025-01-20",), True)
    counts = [msgspec.structs.replace(s, value=int(str(s.value)[:4])) for s in said]
    newest = msgspec.structs.replace(counts[1], value=7)
    assert resolve_fact(KNOWN["downloads"], [counts[0], newest], by_hand).values == (2025,)


def test_a_preferred_claim_beats_a_trusted_source() -> None:
    found = fact("parameterCount", (6, "source/paper"), (7, "source/survey", "", "preferred", "r"))
    assert found.values == (7,)


def test_a_rejected_claim_stays_visible() -> None:
    found = fact(
        "developer", ("org/a", "source/survey", "1", "rejected", "r"), ("org/b", "source/paper")
    )
    assert (found.values, found.disputed, len(found.claims)) == (("org/b",), True, 2)


def test_only_rejected_or_unknown_means_unknown() -> None:
    assert fact("parameterCount", (7, "source/survey", "", "rejected", "r")).values == ()
    assert fact("parameterCount", (None, "source/survey")).values == ()


def test_a_preferred_unknown_holds_against_estimates() -> None:
    said = [("source/paper", None, "preferred"), ("source/survey", 7, "normal")]
    found = fact("parameterCount", *((v, s, "", rank, "r") for s, v, rank in said))
    assert (found.values, len(found.claims)) == ((), 2)


def test_on_a_license_an_overview_gives_way_to_the_makers_word() -> None:
    card = ("license/mit", "source/paper")
    overview = ("license/apache-2.0", "source/survey")
    found = fact("license", overview, card)
    assert found.values == ("license/mit",) and found.disputed
    assert {s.value: s.outranked for s in found.claims} == {
        "license/mit": False,
        "license/apache-2.0": True,
    }
    rivals = fact("license", overview, ("license/mit", "source/new-survey"))
    assert not any(s.outranked for s in rivals.claims)


def test_many_values_hold_where_many_may() -> None:
    found = fact("language", ("language/ko", "source/survey"), ("language/en", "source/paper"))
    assert (set(found.values), found.disputed) == ({"language/ko", "language/en"}, False)


def test_a_less_precise_date_agrees_with_a_more_precise_one() -> None:
    found = fact("releaseDate", ("2023-03", "source/paper"), ("2023-03-13", "source/survey"))
    assert (found.values, found.disputed) == (("2023-03-13",), False)
    assert fact(
        "releaseDate", ("2023-03", "source/paper"), ("2023-04-01", "source/survey")
    ).disputed


def test_a_rounded_number_agrees_with_a_more_precise_one() -> None:
    said = ((7 * B, "source/paper"), (6_738_415_616, "source/survey"), (6_700_000_000, "source/x"))
    found = fact("parameterCount", *said)
    assert (found.values, found.disputed, len(found.claims)) == ((6_738_415_616,), False, 3)


@pytest.mark.parametrize("rough, exact", [(12, 12.8), (1, 1.4), (7, 7.615_616_512), (60, 68)])
def test_a_number_that_rounds_to_another_is_a_dispute(rough: float, exact: float) -> None:
    said = ((int(rough * B), "source/paper"), (int(exact * B), "source/survey"))
    found = fact("parameterCount", *said)
    assert (found.values, found.disputed) == ((int(rough * B),), True)


def test_a_broad_code_gives_way_to_a_more_exact_one() -> None:
    found = fact("access", ("open-weights", "source/paper"), ("on-request", "source/survey"))
    assert (found.values, found.disputed) == (("on-request",), False)
    found = fact("access", ("api-only", "source/paper"), ("open-weights", "source/survey"))
    assert (found.values, found.disputed) == (("api-only",), True)


def test_counts_that_nobody_rounds_agree_only_with_themselves() -> None:
    assert fact("vocabularySize", (32_000, "source/paper"), (32_001, "source/survey")).disputed


def test_a_preferred_number_is_not_refined_by_one_of_lower_rank() -> None:
    said = ((7 * B, "source/paper", "", "preferred", "r"), (6_700_000_000, "source/survey"))
    found = fact("parameterCount", *said)
    assert (found.values, found.disputed) == ((7 * B,), False)


def test_of_two_exact_numbers_the_more_trusted_refines_a_rough_one() -> None:
    said = ((6_900_000_000, "source/survey"), (7 * B, "source/paper"), (7_200_000_000, "source/x"))
    found = fact("parameterCount", *said)
    assert (found.values, found.disputed) == ((6_900_000_000,), True)


def test_a_member_refines_its_family_as_parent() -> None:
    said = [
        Said(value="family/f", source="source/survey"),
        Said(value="model/m", source="source/survey"),
    ]
    families = {"model/m": frozenset({"family/f"})}
    assert resolve_fact(KNOWN["fineTunedFrom"], said, STANDINGS, families).values == ("model/m",)


ranks = st.sampled_from(["preferred", "normal", "rejected"])
saids = st.lists(
    st.builds(
        Said,
        value=st.integers(0, 3),
        source=st.sampled_from(sorted(STANDINGS)),
        locator=st.just(""),
        rank=ranks,
    ),
    min_size=1,
    max_size=6,
)


@given(saids, st.sampled_from(["parameterCount", "itemCount"]))
def test_resolving_loses_no_claim_and_invents_no_value(said: list[Said], name: str) -> None:
    found = resolve_fact(KNOWN[name], said, STANDINGS)
    kept = sorted((repr(s.value), s.source) for s in found.claims)  # a correction may change a rank
    assert kept == sorted((repr(s.value), s.source) for s in said)
    assert set(found.values) <= {s.value for s in said if s.rank != "rejected"}
    assert len(found.values) <= 1 or not KNOWN[name].single


MACHINE = STANDINGS | {"source/list": Standing(level=4, date="2025", bulk=True)}


def test_what_a_person_rejected_is_rejected_whichever_machine_read_it() -> None:
    said = [
        Said(value="model/b", source="source/list", locator="README.md:3"),
        Said(value="model/c", source="source/list"),
        Said(
            value="model/b",
            source="source/gyebo",
            rank="rejected",
            reason="its code, not its weights",
        ),
    ]
    found = resolve_fact(KNOWN["derivedFrom"], said, MACHINE)
    assert found.values == ("model/c",)
    read = next(s for s in found.claims if s.locator)
    assert (read.rank, read.reason) == ("rejected", "its code, not its weights")


def test_a_correction_of_what_nobody_says_is_not_shown() -> None:
    said = [
        Said(value="model/b", source="source/gyebo", rank="rejected", reason="r"),
        Said(value="model/c", source="source/paper"),
    ]
    found = resolve_fact(KNOWN["derivedFrom"], said, MACHINE)
    assert (found.values, found.disputed, len(found.claims)) == (("model/c",), False, 1)


def test_a_list_does_not_say_again_what_is_known_better() -> None:
    claims = [
        Claim("model/a", "derivedFrom", Said(value="family/f", source="source/list")),
        Claim("model/a", "derivedFrom", Said(value="model/x", source="source/list")),
        Claim("model/a", "fineTunedFrom", Said(value="model/b", source="source/paper")),
    ]
    families = {"model/b": frozenset({"family/f"})}
    entity = resolve_entity("model/a", claims, load_vocabulary(), MACHINE, families)
    assert entity.values("derivedFrom") == ("model/x",)
    assert entity.values("fineTunedFrom") == ("model/b",)


graded = st.one_of(
    st.lists(
        st.builds(lambda n, zeros: n * 10**zeros, st.integers(0, 9999), st.integers(0, 9)),
        min_size=1,
        max_size=5,
    ),
    st.lists(
        st.sampled_from(["2023", "2023-03", "2023-03-13", "2023-03-14", "2024"]),
        min_size=1,
        max_size=5,
    ),
)


@given(graded, st.randoms())
def test_whether_values_agree_does_not_depend_on_their_order(values, random) -> None:  # type: ignore[no-untyped-def]
    shuffled = list(values)
    random.shuffle(shuffled)
    assert conflict(values) == conflict(shuffled)


@given(graded)
def test_what_agrees_resolves_to_the_most_precise(values) -> None:  # type: ignore[no-untyped-def]
    chosen = refined(values[0], values)
    assert chosen in values
    assert not conflict([values[0], chosen])
    if not conflict(values):
        assert {refined(value, values) for value in values} == {chosen}


@given(st.integers(1, 10**12), st.integers(1, 3))
def test_a_number_agrees_with_what_it_is_rounded_to_unless_little_is_left(
    n: int, digits: int
) -> None:
    rough = int(float(f"{n:.{digits - 1}e}"))
    assert agrees(rough, n) == (10 * abs(n - rough) <= rough)
    assert not conflict({rough, n}) or not agrees(rough, n)


GUESSING = STANDINGS | {
    "source/rule-x": Standing(level=6, bulk=True, guesses=True, decides=False),
    "source/rule-sure": Standing(level=6, bulk=True, guesses=True),
}


def parents(*said: tuple[str, str, str | None]) -> dict[str, tuple[tuple[object, ...], bool]]:
    """The edges of a model by property: values, whether they are doubtful."""
    claims = [
        Claim("model/c", name, Said(value=value, source=f"source/{source}"))
        for name, source, value in said
    ]
    entity = resolve_entity("model/c", claims, VOCABULARY, GUESSING)
    return {fact.property: (fact.values, fact.doubtful) for fact in entity.facts}


def test_a_guess_holds_alone_and_is_doubtful() -> None:
    assert parents(("quantizedFrom", "rule-x", "model/p")) == {
        "quantizedFrom": (("model/p",), True)
    }
    assert parents(("quantizedFrom", "rule-sure", "model/p")) == {
        "quantizedFrom": (("model/p",), False)
    }
    both = parents(
        ("quantizedFrom", "rule-x", "model/p"), ("quantizedFrom", "rule-sure", "model/p")
    )
    assert both == {"quantizedFrom": (("model/p",), False)}


@pytest.mark.parametrize("relation", sorted(VOCABULARY.edges("weights")))
def test_a_guess_goes_where_any_parent_is_stated(relation: str) -> None:
    stated = (relation, "survey", "model/q")
    assert parents(("quantizedFrom", "rule-x", "model/p"), stated) == {
        relation: (("model/q",), False)
    }


def test_a_guess_stays_beside_data_and_what_is_not_known() -> None:
    found = parents(
        ("fineTunedFrom", "rule-x", "model/p"),
        ("fineTunedFrom", "survey", None),
        ("trainedOn", "survey", "dataset/d"),
    )
    assert found["fineTunedFrom"] == (("model/p",), True)
    assert found["trainedOn"] == (("dataset/d",), False)


def test_a_person_rejects_a_guess() -> None:
    claims = [
        Claim(
            "model/c", "quantizedFrom", Said(value="model/p", source="source/rule-x", inferred=True)
        ),
        Claim(
            "model/c",
            "quantizedFrom",
            Said(value="model/p", source="source/paper", rank="rejected", reason="another"),
        ),
    ]
    fact = resolve_entity("model/c", claims, VOCABULARY, GUESSING).fact("quantizedFrom")
    assert fact is not None and fact.values == () and not fact.doubtful


# ---- what the editors named

STRANGER = "source/bom/strangers"
EDITED = STANDINGS | {
    "source/gyebo": Standing(level=5),
    STRANGER: Standing(level=6, date="2026-01", bulk=True, tells_only=True),
}


def resolved(*said: tuple[str, object, str, str], named: bool = True):  # type: ignore[no-untyped-def]
    """An entity of which these are said, each as property, value, source and language; named by the editors or not."""
    claims = [Claim("model/a", p, Said(value=v, source=s, lang=lang)) for p, v, s, lang in said]  # type: ignore[arg-type]
    if named:
        name = Said(value="A", source="source/gyebo", lang="en", rank="preferred", reason="name")
        claims.append(Claim("model/a", "label", name))
    return resolve_entity("model/a", claims, VOCABULARY, EDITED)


@pytest.mark.parametrize("known", [("license/apache-2.0",), ()])
def test_a_strangers_bom_changes_nothing_of_what_the_editors_named(known: tuple[str, ...]) -> None:
    stated = [("license", value, "source/survey", "") for value in known]
    found = resolved(
        *stated,
        ("license", "license/mit", STRANGER, ""),
        ("label", "B", STRANGER, "en"),
        ("label", "비", STRANGER, "ko"),
        ("derivedFrom", "model/b", STRANGER, ""),
        ("unresolvedParent", "derivedFrom", "source/survey", ""),
    )
    assert found.labels == {"en": ("A",)}
    license = found.fact("license")
    assert license and license.values == known
    assert [s.outranked for s in license.claims] == [False] * len(known) + [True]
    assert found.values("derivedFrom") == () and found.fact("derivedFrom")  # told, and not held
    assert found.values("unresolvedParent") == ("derivedFrom",)  # nor does it explain a parent


def test_a_strangers_bom_tells_of_what_nobody_named() -> None:
    found = resolved(
        ("license", "license/mit", STRANGER, ""),
        ("label", "B", STRANGER, "en"),
        ("derivedFrom", "model/b", STRANGER, ""),
        named=False,
    )
    assert found.labels == {"en": ("B",)} and found.values("license") == ("license/mit",)
    assert found.values("derivedFrom") == ("model/b",)
    found = resolved(
        ("license", "license/mit", STRANGER, ""),
        ("license", "license/apache-2.0", "source/survey", ""),
        named=False,
    )
    assert found.values("license") == ("license/apache-2.0",)
