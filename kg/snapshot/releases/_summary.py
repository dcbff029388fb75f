"""What is told of all changes of a release together."""

from __future__ import annotations

import msgspec

FOLDER = "changes"  # of a snapshot, in which they stand


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """How much changed, from which release to which."""

    version: str
    built: str  # when, ISO 8601 in UTC
    before: str | None  # version of the release before; None = there is none to compare with
    entities: int  # on which something changed
    whats: dict[str, int]  # changes by what they are
    kinds: dict[str, int]  # changed entities by their kind
