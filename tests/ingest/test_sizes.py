"""Sizes as the sources write them (spellings of ecosystem-graphs, epoch, lists)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.ingest.kit._sizes import Size, parse_size

B, M = 10**9, 10**6


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("7B parameters (dense)", Size(7 * B)),
        ("61B parameters (sparse); 6.6B active parameters", Size(61 * B, 6_600_000_000)),
        ("306M parameters", Size(306 * M)),
        ("1.3T parameters", Size(1300 * B)),
        ("70 billion parameters", Size(70 * B)),
        ("6.7b", Size(6_700_000_000)),
        ("110M", Size(110 * M)),
        ("1,729,000,000 parameters", Size(1_729_000_000)),
        ("12.8B", Size(12_800_000_000)),
        ("130억 파라미터", Size(None)),
        ("8x7B", Size(None, mixture=True)),
        ("5.5B (text, image) pairs", Size(None)),
        ("1.3 trillion tokens", Size(None)),
        ("300 GB", Size(None)),
        ("2024-05-29", Size(None)),
        ("ㅇ", Size(None)),
        ("unknown", Size(None)),
        ("", Size(None)),
    ],
)
def test_spellings(text: str, size: Size) -> None:
    assert parse_size(text) == size


def test_an_amount_without_what_it_counts() -> None:
    assert parse_size("7B", bare=False) == Size(None)
    assert parse_size("7B parameters", bare=False) == Size(7 * B)


numbers = st.from_regex(r"[0-9][0-9.,xX× ]{0,40}(B|M|k|T|bn| billion)?( parameters)?")


@given(st.one_of(st.text(), numbers, st.integers(1, 9000).map(lambda n: "9" * n + "B")))
def test_anything_is_read(text: str) -> None:
    found = parse_size(text)
    assert found.parameters is None or isinstance(found.parameters, int)


@given(st.integers(1, 999), st.sampled_from(["B", "M", "b", "m", " billion", " million"]))
def test_what_is_written_is_read(number: int, unit: str) -> None:
    scale = B if unit.strip().lower().startswith("b") else M
    assert parse_size(f"{number}{unit}").parameters == number * scale
