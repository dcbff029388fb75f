"""Claim files: sorting keeps every claim and forgets the order they came in."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.claims.claim_files import by_subject, decode_lines, encode, read_claims, sort_claims
from kg.errors import DataError
from kg.model.claim import Claim, Said

slugs = st.text("abc-.5\ud55c가", min_size=1, max_size=4)
claims = st.builds(
    Claim,
    st.builds("model/{}".format, slugs),
    st.sampled_from(["developer", "license", "parameterCount"]),
    st.builds(
        Said,
        value=st.one_of(st.text(max_size=5), st.integers(-9, 9), st.none()),
        source=st.just("source/s"),
        locator=slugs,
    ),
)


@given(st.lists(claims, max_size=30), st.integers(1, 7))
def test_sorting_is_independent_of_order_and_chunks(
    tmp_path_factory: pytest.TempPathFactory, some: list[Claim], chunk: int
) -> None:
    scratch = tmp_path_factory.mktemp("sort")
    in_memory = list(sort_claims(some, scratch, 1000))
    assert list(sort_claims(reversed(some), scratch, chunk)) == in_memory
    assert {encode(c) for c in some} == {encode(c) for c in in_memory}


@given(st.lists(claims, max_size=30))
def test_each_subject_comes_once_and_in_order_of_ids(
    tmp_path_factory: pytest.TempPathFactory, some: list[Claim]
) -> None:
    subjects = [s for s, _ in by_subject(sort_claims(some, tmp_path_factory.mktemp("sort")))]
    assert subjects == sorted(set(subjects), key=lambda s: s.encode() + b'"')


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "claims.jsonl"
    path.write_bytes(
        encode(Claim("model/a", "license", Said(value=None, source="source/s")))
        + b'{"subject":1}\n'
    )
    with pytest.raises(DataError, match=r"claims.jsonl:2: not a claim"):
        list(read_claims(path))


def test_only_wanted_subjects_are_read_however_a_line_is_written(tmp_path: Path) -> None:
    path = tmp_path / "claims.jsonl"
    claims = [
        Claim(f"model/{id}", "license", Said(value=None, source="source/s")) for id in "aabba"
    ]
    foreign = b'{"property": "license", "subject": "model/%s", "said": {"value": 1, "source": "source/s"}}\n'
    escaped = b'{"subject":"model\\u002fa","property":"p","said":{"value":2,"source":"source/s"}}\n'
    lines = [
        *map(encode, claims),
        foreign % b"a",
        foreign % b"b",
        escaped,
        b'{"subject":"model/b"!\n',
    ]
    path.write_bytes(b"".join(lines))
    read = [*read_claims(path, lambda id: id == "model/a")]
    assert [claim.said.value for claim in read] == [None, None, None, 1, 2]
    assert [*decode_lines(b"".join(lines), lambda id: id == "model/a")] == read
