"""Claim files: what is written is read again, and only what is wanted."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.claims.claim_files import decode_lines, encode, encode_lines, read_claims, start_of
from kg.errors import DataError
from kg.model.claim import Claim, Said
from tests.strategies import claims_on

claims = claims_on(st.text("abc-.5\ud55c가", min_size=1, max_size=4))


@given(st.lists(claims, max_size=30))
def test_many_lines_are_those_of_one_after_the_other(some: list[Claim]) -> None:
    lines = encode_lines(some)
    assert lines == [encode(claim) for claim in some]
    assert all(c.startswith(start_of(claim.subject)) for c, claim in zip(lines, some, strict=True))
    assert decode_lines(b"".join(lines)) == some


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "claims.jsonl"
    path.write_bytes(
        encode(Claim("model/a", "license", Said(value=None, source="source/s")))
        + b'{"subject":1}\n'
    )
    with pytest.raises(DataError, match=r"claims.jsonl:2: not a claim"):
        list(read_claims(path))


def test_only_wanted_subjects_are_read_however_a_line_is_written() -> None:
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
    last = encode(claims[0]).rstrip()  # a file may end without the end of its last line
    read = decode_lines(b"".join([*lines, last]), lambda id: id == "model/a")
    assert [claim.said.value for claim in read] == [None, None, None, 1, 2, None]
