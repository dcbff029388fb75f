"""The first look at claims: which ids of the Hub they speak of, what is not on it, and where work on them may be cut."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from zlib import crc32

import msgspec

from kg.claims.accounts import Accounts, renamed_ids
from kg.claims.claim_files import decode_lines, start_of
from kg.claims.runs import IdentityLink
from kg.claims.spellings import spelled_ids
from kg.claims.twins import is_off_hub
from kg.model.claim import Claim


class Noted(msgspec.Struct, frozen=True, kw_only=True):
    """What a first look at some claims tells."""

    spelled: dict[str, int]  # as of `spelled_ids`
    renamed: list[IdentityLink]
    starts: list[str]  # subjects before which work is cut
    off_hub: bool  # whether any subject is a model or an organization that is not on the Hub


def begins_range(id: str, part: int) -> bool:
    """Whether a range of subjects begins with an id: one of about so many does, whatever other ids there are."""
    return crc32(id.encode()) % part == 0


def note_claims(claims: Sequence[Claim], accounts: Accounts, part: int) -> Noted:
    """Look at claims.

    Args:
        claims: in their own ids.
        accounts: which of them were renamed.
        part: about so many subjects make a range.
    """
    subjects = dict.fromkeys(claim.subject for claim in claims)
    spelled = spelled_ids(claims)
    return Noted(
        spelled=spelled,
        renamed=[*renamed_ids(spelled, accounts)],
        starts=[id for id in subjects if begins_range(id, part)],
        off_hub=any(map(is_off_hub, subjects)),
    )


@contextmanager
def open_noting(path: Path, accounts: Accounts, part: int) -> Iterator[Callable[[range], Noted]]:
    """Open a claim file, and give what looks at the claims in a range of its bytes.

    What is given raises msgspec.DecodeError or UnicodeDecodeError where a line is no claim.
    """
    with path.open("rb") as file:

        def note(lines: range) -> Noted:
            file.seek(lines.start)
            return note_claims(decode_lines(file.read(len(lines))), accounts, part)

        yield note


def cut_at(starts: Iterable[str], part: int, redirects: Mapping[str, str]) -> list[str]:
    """The ids before which sorted claims are cut, in their order.

    Args:
        starts: subjects that were noted.
        part: about so many subjects make a range.
        redirects: ids that go by another.
    """
    ids = {redirects.get(id, id) for id in starts}.union(redirects.values())
    return sorted((id for id in ids if begins_range(id, part)), key=start_of)
