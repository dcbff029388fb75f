"""The verdicts on many entities at once: as the build found them, or for a profile, each judged anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kg.answers.license_parents import read_ancestry
from kg.licenses.agreement import judge_ancestry
from kg.licenses.ancestry import Ancestry
from kg.licenses.doubts import doubt_bits, doubts_of, find_doubts
from kg.licenses.profile import NOBODY, Profile
from kg.licenses.rules import USES, Facts
from kg.licenses.states import LICENSED, names_of
from kg.licenses.terms import Use
from kg.snapshot.judged import JudgedEntities, VerdictRow
from kg.snapshot.snapshot import Snapshot


def list_verdicts(
    snapshot: Snapshot,
    uses: Sequence[Use] = USES,
    profile: Profile = NOBODY,
    ids: Iterable[str] | None = None,
) -> Iterator[VerdictRow]:
    """The verdicts on entities, a row for each use.

    Where nothing is said of who asks, they are those that the build found; for a profile each ancestry is judged anew,
    which takes about 2 ms an entity.

    Args:
        snapshot: an open snapshot.
        uses: what they are to be used for.
        profile: what is known of who asks.
        ids: as users name them; None = all that have a license.

    Raises:
        UnknownId: there is no such entity.
        InputError: licenses make no sense for its kind.
    """
    held = JudgedEntities(snapshot.folder, snapshot.lines)
    for id in _ids(snapshot, ids):
        yield from held.of(id, uses) if profile == NOBODY else _judged(snapshot, id, uses, profile)


def _ids(snapshot: Snapshot, ids: Iterable[str] | None) -> Iterator[str]:
    if ids is None:
        for kind in sorted(LICENSED):
            yield from map(snapshot.id_at, range(*snapshot.kind_range(kind)))
    else:
        yield from (read_ancestry(snapshot, id).entity.id for id in ids)


def _judged(
    snapshot: Snapshot, id: str, uses: Sequence[Use], profile: Profile
) -> Iterator[VerdictRow]:
    asked, states = read_ancestry(snapshot, id), snapshot.states
    ancestry = Ancestry(asked.nodes, asked.root, states)
    facts = Facts(names_of(asked.entity), profile, states.engine.families(ancestry.terms))

    def names(node: int) -> tuple[str, ...]:
        return names_of(snapshot.entity_at(node)) if node < len(snapshot.lines) else ()

    for use in uses:
        verdict, _ = judge_ancestry(ancestry, states, use, facts, names)
        own = states.engine.verdict(ancestry.terms, use, facts)
        found = (
            find_doubts(states.engine, ancestry.terms, use, facts, own)
            if own == verdict
            else doubt_bits(["members"])
        )
        yield VerdictRow(id, use, verdict, doubts_of(found))
