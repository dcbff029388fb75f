"""Claims to facts: rank before trust before date; nothing said is lost."""

from hypothesis import given
from hypothesis import strategies as st

from kg.model import Claim, Said
from kg.resolve import Standing, resolve_entity, resolve_fact
from kg.vocab import load_vocabulary

STANDINGS = {
    "source/paper": Standing(1, "2023-02"),
    "source/survey": Standing(4, "2023-05"),
    "source/new-survey": Standing(4, "2024-03"),
}
KNOWN = load_vocabulary().properties


def fact(name, *said):  # type: ignore[no-untyped-def]
    return resolve_fact(KNOWN[name], [Said(*s) for s in said], STANDINGS)


def test_the_more_trusted_source_wins() -> None:
    found = fact("parameterCount", (7, "source/survey"), (6, "source/paper"))
    assert (found.values, found.disputed) == ((6,), True)


def test_within_a_level_the_newer_source_wins() -> None:
    assert fact("parameterCount", (7, "source/survey"), (6, "source/new-survey")).values == (6,)


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


def test_many_values_hold_where_many_may() -> None:
    found = fact("language", ("language/ko", "source/survey"), ("language/en", "source/paper"))
    assert (set(found.values), found.disputed) == ({"language/ko", "language/en"}, False)


def test_a_less_precise_date_agrees_with_a_more_precise_one() -> None:
    found = fact("releaseDate", ("2023-03", "source/paper"), ("2023-03-13", "source/survey"))
    assert (found.values, found.disputed) == (("2023-03-13",), False)
    assert fact(
        "releaseDate", ("2023-03", "source/paper"), ("2023-04-01", "source/survey")
    ).disputed


def test_a_member_refines_its_family_as_parent() -> None:
    said = [Said("family/f", "source/survey"), Said("model/m", "source/survey")]
    families = {"model/m": frozenset({"family/f"})}
    assert resolve_fact(KNOWN["fineTunedFrom"], said, STANDINGS, families).values == ("model/m",)


ranks = st.sampled_from(["preferred", "normal", "rejected"])
saids = st.lists(st.builds(Said, st.integers(0, 3), st.sampled_from(sorted(STANDINGS)),
                           st.just(""), ranks), min_size=1, max_size=6)  # fmt: skip


@given(saids, st.sampled_from(["parameterCount", "itemCount"]))
def test_resolving_loses_no_claim_and_invents_no_value(said: list[Said], name: str) -> None:
    found = resolve_fact(KNOWN[name], said, STANDINGS)
    assert sorted(map(repr, found.claims)) == sorted(map(repr, said))
    assert set(found.values) <= {s.value for s in said if s.rank != "rejected"}
    assert len(found.values) <= 1 or not KNOWN[name].single


MACHINE = STANDINGS | {"source/list": Standing(4, "2025", bulk=True)}


def test_what_a_person_rejected_is_rejected_whichever_machine_read_it() -> None:
    said = [Said("model/b", "source/list", "README.md:3"), Said("model/c", "source/list"),
            Said("model/b", "source/gyebo", rank="rejected", reason="its code, not its weights")]  # fmt: skip
    found = resolve_fact(KNOWN["derivedFrom"], said, MACHINE)
    assert found.values == ("model/c",)
    read = next(s for s in found.claims if s.locator)
    assert (read.rank, read.reason) == ("rejected", "its code, not its weights")


def test_a_correction_of_what_nobody_says_is_not_shown() -> None:
    said = [Said("model/b", "source/gyebo", rank="rejected", reason="r"),
            Said("model/c", "source/paper")]  # fmt: skip
    found = resolve_fact(KNOWN["derivedFrom"], said, MACHINE)
    assert (found.values, found.disputed, len(found.claims)) == (("model/c",), False, 1)


def test_a_list_does_not_say_again_what_is_known_better() -> None:
    claims = [
        Claim("model/a", "derivedFrom", Said("family/f", "source/list")),
        Claim("model/a", "derivedFrom", Said("model/x", "source/list")),
        Claim("model/a", "fineTunedFrom", Said("model/b", "source/paper")),
    ]
    families = {"model/b": frozenset({"family/f"})}
    entity = resolve_entity("model/a", claims, load_vocabulary(), MACHINE, families)
    assert entity.values("derivedFrom") == ("model/x",)
    assert entity.values("fineTunedFrom") == ("model/b",)
