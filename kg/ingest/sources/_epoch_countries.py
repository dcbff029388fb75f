"""Where the organizations of Epoch AI's tables are: a column beside them, with a country for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kg.ingest.kit.kit import Found, Kit
from kg.language.countries import EUROPE, find_country

_SEVERAL = "Multinational"  # stands where a country should; it is none


def read_countries(
    rows: Iterable[tuple[Sequence[str], Sequence[str], str]], kit: Kit
) -> Iterator[Found]:
    """The countries of organizations, each once with the row that says it first.

    Args:
        rows: organizations, countries as written, and where the row stands. A row that names fewer
            countries than organizations does not say which is whose, and counts for none.
        kit: of the source.
    """
    said: set[tuple[str, str]] = set()
    for orgs, written, at in rows:
        owners = [*orgs] * len(written) if len(orgs) == 1 else orgs
        if len(owners) != len(written):
            continue
        for pair in zip(owners, written, strict=True):
            if pair not in said and not any(map(kit.group, pair)):
                said.add(pair)
                yield from _country(*pair, at, kit)


def _country(org: str, written: str, at: str, kit: Kit) -> Iterator[Found]:
    id = kit.id("org", org)
    code = find_country(written)
    if code and code != EUROPE:
        yield kit.say(id, "country", code, at)
    elif written != _SEVERAL:
        told = "no country of this name is known"
        yield kit.issue("country", id, told, written, at, "country")
