"""What is said where nothing goes by a name; the search that finds it is loaded only then."""

from __future__ import annotations

from kg.errors import UnknownId
from kg.snapshot.snapshot import Snapshot


def tell_missing(snapshot: Snapshot, error: UnknownId, lang: str = "en") -> UnknownId:
    """The error that nothing goes by a name, with what is not there and what is closest, if that is known.

    Args:
        snapshot: an open snapshot.
        error: as the snapshot raised it, or as this function gave it.
        lang: language of labels and sentences.
    """
    from kg.answers.missing import without_known  # loads the search, which no answer needs

    return without_known(snapshot, error, lang)
